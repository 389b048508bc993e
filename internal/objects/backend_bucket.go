package objects

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/s3err"
	"github.com/versity/versitygw/s3response"
)

func (b *durableBackend) ListBuckets(_ context.Context, in s3response.ListBucketsInput) (s3response.ListAllMyBucketsResult, error) {
	out := s3response.ListAllMyBucketsResult{Owner: s3response.CanonicalUser{ID: in.Owner}, Prefix: in.Prefix}
	dirs, err := b.bucketDirs()
	if err != nil {
		return out, err
	}
	for _, d := range dirs {
		if !strings.HasPrefix(d.Name(), in.Prefix) || d.Name() <= in.ContinuationToken {
			continue
		}
		if in.MaxBuckets > 0 && len(out.Buckets.Bucket) == int(in.MaxBuckets) {
			out.ContinuationToken = out.Buckets.Bucket[len(out.Buckets.Bucket)-1].Name
			break
		}
		fi, err := d.Info()
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return out, err
		}
		out.Buckets.Bucket = append(out.Buckets.Bucket, s3response.ListAllMyBucketsEntry{Name: d.Name(), CreationDate: fi.ModTime()})
	}
	return out, nil
}

// bucketDirs returns the buckets' folders in name order.
func (b *durableBackend) bucketDirs() ([]os.DirEntry, error) {
	entries, err := os.ReadDir(b.root)
	if err != nil {
		return nil, fmt.Errorf("list buckets: %w", err)
	}
	dirs := entries[:0]
	for _, e := range entries {
		if e.IsDir() && validBucket(e.Name()) {
			dirs = append(dirs, e)
		}
	}
	return dirs, nil
}

func (b *durableBackend) ListBucketsAndOwners(context.Context) ([]s3response.Bucket, error) {
	dirs, err := b.bucketDirs()
	if err != nil {
		return nil, err
	}
	out := make([]s3response.Bucket, len(dirs))
	for i, d := range dirs {
		out[i] = s3response.Bucket{Name: d.Name(), Owner: b.owner}
	}
	return out, nil
}

func (b *durableBackend) HeadBucket(_ context.Context, in *s3.HeadBucketInput) (*s3.HeadBucketOutput, error) {
	if _, err := b.existing(deref(in.Bucket)); err != nil {
		return nil, err
	}
	return &s3.HeadBucketOutput{}, nil
}

// CreateBucket makes the bucket, or completes one that a crash left without
// its attributes.
func (b *durableBackend) CreateBucket(ctx context.Context, in *s3.CreateBucketInput, acl []byte) error {
	bucket := deref(in.Bucket)
	if !validBucket(bucket) {
		return s3err.GetBucketErr(s3err.ErrInvalidBucketName, bucket)
	}
	if in.ObjectLockEnabledForBucket != nil && *in.ObjectLockEnabledForBucket {
		return notStored("object lock needs versioned buckets, which are not kept here")
	}
	b.removal.RLock()
	defer b.removal.RUnlock()
	dir := filepath.Join(b.root, bucket)
	if _, err := b.existing(bucket); err == nil {
		return b.completeBucket(bucket, dir, in.ObjectOwnership, acl)
	}
	call := *in
	call.Bucket = &dir
	if call.CreateBucketConfiguration == nil {
		call.CreateBucketConfiguration = &types.CreateBucketConfiguration{}
	}
	if err := b.posix.CreateBucket(ctx, &call, acl); err != nil {
		return b.s3Error(bucket, "", err)
	}
	return b.finishBucket(bucket, dir)
}

// finishBucket makes the bucket durable, with the folder for uploads under way:
// where it exists, they are nameless files, which a crash cannot leave behind.
func (b *durableBackend) finishBucket(bucket, dir string) error {
	if err := os.Mkdir(filepath.Join(dir, tempDir), 0o755); err != nil && !os.IsExist(err) {
		return b.s3Error(bucket, "", err)
	}
	return b.s3Error(bucket, "", syncFrom(b.root, dir))
}

func (b *durableBackend) completeBucket(bucket, dir string, ownership types.ObjectOwnership, acl []byte) error {
	_, err := b.meta.RetrieveAttribute(nil, dir, "", attrACL)
	if err == nil {
		return s3err.GetBucketErr(s3err.ErrBucketAlreadyOwnedByYou, bucket)
	}
	if !errors.Is(err, meta.ErrNoSuchKey) {
		return b.s3Error(bucket, "", err)
	}
	if err := b.meta.StoreAttribute(nil, dir, "", attrOwnership, []byte(ownership)); err != nil {
		return b.s3Error(bucket, "", err)
	}
	if err := b.meta.StoreAttribute(nil, dir, "", attrACL, acl); err != nil {
		return b.s3Error(bucket, "", err)
	}
	return b.finishBucket(bucket, dir)
}

func (b *durableBackend) DeleteBucket(ctx context.Context, bucket string) error {
	b.removal.Lock()
	defer b.removal.Unlock()
	dir, err := b.existing(bucket)
	if err != nil {
		return err
	}
	if err := b.posix.DeleteBucket(ctx, dir); err != nil {
		return b.s3Error(bucket, "", err)
	}
	return b.s3Error(bucket, "", syncDir(b.root))
}

// changeBucket runs a change of a bucket's attributes and makes it durable.
func (b *durableBackend) changeBucket(bucket string, change func(dir string) error) error {
	dir, err := b.existing(bucket)
	if err != nil {
		return err
	}
	if err := change(dir); err != nil {
		return b.s3Error(bucket, "", err)
	}
	return b.s3Error(bucket, "", syncDir(dir))
}

// readBucket reads an attribute of a bucket.
func readBucket[T any](b *durableBackend, bucket string, read func(dir string) (T, error)) (T, error) {
	dir, err := b.existing(bucket)
	if err != nil {
		var zero T
		return zero, err
	}
	v, err := read(dir)
	return v, b.s3Error(bucket, "", err)
}

func (b *durableBackend) PutBucketAcl(ctx context.Context, bucket string, data []byte) error {
	return b.changeBucket(bucket, func(dir string) error { return b.posix.PutBucketAcl(ctx, dir, data) })
}

func (b *durableBackend) GetBucketAcl(ctx context.Context, in *s3.GetBucketAclInput) ([]byte, error) {
	return readBucket(b, deref(in.Bucket), func(dir string) ([]byte, error) {
		return b.posix.GetBucketAcl(ctx, &s3.GetBucketAclInput{Bucket: &dir})
	})
}

func (b *durableBackend) PutBucketVersioning(ctx context.Context, bucket string, status types.BucketVersioningStatus) error {
	return b.changeBucket(bucket, func(dir string) error { return b.posix.PutBucketVersioning(ctx, dir, status) })
}

func (b *durableBackend) GetBucketVersioning(ctx context.Context, bucket string) (s3response.GetBucketVersioningOutput, error) {
	return readBucket(b, bucket, func(dir string) (s3response.GetBucketVersioningOutput, error) {
		return b.posix.GetBucketVersioning(ctx, dir)
	})
}

func (b *durableBackend) PutBucketPolicy(ctx context.Context, bucket string, policy []byte) error {
	return b.changeBucket(bucket, func(dir string) error { return b.posix.PutBucketPolicy(ctx, dir, policy) })
}

func (b *durableBackend) GetBucketPolicy(ctx context.Context, bucket string) ([]byte, error) {
	return readBucket(b, bucket, func(dir string) ([]byte, error) { return b.posix.GetBucketPolicy(ctx, dir) })
}

func (b *durableBackend) DeleteBucketPolicy(ctx context.Context, bucket string) error {
	return b.changeBucket(bucket, func(dir string) error { return b.posix.DeleteBucketPolicy(ctx, dir) })
}

func (b *durableBackend) PutBucketOwnershipControls(ctx context.Context, bucket string, ownership types.ObjectOwnership) error {
	return b.changeBucket(bucket, func(dir string) error { return b.posix.PutBucketOwnershipControls(ctx, dir, ownership) })
}

func (b *durableBackend) GetBucketOwnershipControls(ctx context.Context, bucket string) (types.ObjectOwnership, error) {
	return readBucket(b, bucket, func(dir string) (types.ObjectOwnership, error) {
		return b.posix.GetBucketOwnershipControls(ctx, dir)
	})
}

func (b *durableBackend) DeleteBucketOwnershipControls(ctx context.Context, bucket string) error {
	return b.changeBucket(bucket, func(dir string) error { return b.posix.DeleteBucketOwnershipControls(ctx, dir) })
}

func (b *durableBackend) PutBucketCors(ctx context.Context, bucket string, cors []byte) error {
	return b.changeBucket(bucket, func(dir string) error { return b.posix.PutBucketCors(ctx, dir, cors) })
}

func (b *durableBackend) GetBucketCors(ctx context.Context, bucket string) ([]byte, error) {
	return readBucket(b, bucket, func(dir string) ([]byte, error) { return b.posix.GetBucketCors(ctx, dir) })
}

func (b *durableBackend) DeleteBucketCors(ctx context.Context, bucket string) error {
	return b.changeBucket(bucket, func(dir string) error { return b.posix.DeleteBucketCors(ctx, dir) })
}

func (b *durableBackend) PutBucketWebsite(ctx context.Context, bucket string, website []byte) error {
	return b.changeBucket(bucket, func(dir string) error { return b.posix.PutBucketWebsite(ctx, dir, website) })
}

func (b *durableBackend) GetBucketWebsite(ctx context.Context, bucket string) ([]byte, error) {
	return readBucket(b, bucket, func(dir string) ([]byte, error) { return b.posix.GetBucketWebsite(ctx, dir) })
}

func (b *durableBackend) DeleteBucketWebsite(ctx context.Context, bucket string) error {
	return b.changeBucket(bucket, func(dir string) error { return b.posix.DeleteBucketWebsite(ctx, dir) })
}

func (b *durableBackend) GetBucketTagging(ctx context.Context, bucket string) (map[string]string, error) {
	return readBucket(b, bucket, func(dir string) (map[string]string, error) { return b.posix.GetBucketTagging(ctx, dir) })
}

func (b *durableBackend) PutBucketTagging(ctx context.Context, bucket string, tags map[string]string) error {
	return b.changeBucket(bucket, func(dir string) error { return b.posix.PutBucketTagging(ctx, dir, tags) })
}

func (b *durableBackend) DeleteBucketTagging(ctx context.Context, bucket string) error {
	return b.changeBucket(bucket, func(dir string) error { return b.posix.DeleteBucketTagging(ctx, dir) })
}

func (b *durableBackend) PutObjectLockConfiguration(ctx context.Context, bucket string, config []byte) error {
	return b.changeBucket(bucket, func(dir string) error { return b.posix.PutObjectLockConfiguration(ctx, dir, config) })
}

func (b *durableBackend) GetObjectLockConfiguration(ctx context.Context, bucket string) ([]byte, error) {
	return readBucket(b, bucket, func(dir string) ([]byte, error) { return b.posix.GetObjectLockConfiguration(ctx, dir) })
}

// ChangeBucketOwner is of versitygw's admin API, which is not served.
func (b *durableBackend) ChangeBucketOwner(context.Context, string, string) error {
	return s3err.GetAPIError(s3err.ErrNotImplemented)
}
