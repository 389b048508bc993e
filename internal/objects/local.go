package objects

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/versity/versitygw/auth"
	"github.com/versity/versitygw/backend"
	"github.com/versity/versitygw/s3response"
)

// Local is a Store over plain files: bucket b is the folder DIR/b, object k of
// it the file DIR/b/k. It is versitygw's posix backend, made durable; Backend
// gives the same backend to the S3 API, so both see the same objects.
//
// Files cannot represent every key that S3 allows: a key may not have an empty,
// "." or ".." segment, nor be both an object and a folder of objects. Such
// puts are refused with an error, never stored under another name.
type Local struct {
	root    string
	backend *durableBackend
}

// LocalOption changes how OpenLocal opens a store.
type LocalOption func(*localConfig)

type localConfig struct {
	owner   string
	sidecar string // folder
	always  bool   // use the folder even where there are attributes
}

// WithOwner sets the access key id that new buckets belong to.
func WithOwner(accessKeyID string) LocalOption {
	return func(c *localConfig) { c.owner = accessKeyID }
}

// WithSidecar keeps object metadata in a folder. Without it, that is done only
// where the file system has no extended attributes, in DIR with the ending
// "-metadata".
func WithSidecar(dir string) LocalOption {
	return func(c *localConfig) { c.sidecar, c.always = dir, true }
}

// OpenLocal opens the store in dir, the folder that holds the buckets, and
// makes the folder where it is missing.
func OpenLocal(dir string, opts ...LocalOption) (*Local, error) {
	root, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("object store %s: %w", dir, err)
	}
	cfg := localConfig{owner: "scops", sidecar: root + "-metadata"}
	for _, o := range opts {
		o(&cfg)
	}
	if cfg.sidecar, err = filepath.Abs(cfg.sidecar); err != nil {
		return nil, fmt.Errorf("object store %s: %w", dir, err)
	}
	if err := makeDirs(root); err != nil {
		return nil, fmt.Errorf("object store %s: %w", dir, err)
	}
	b, err := openBackend(root, cfg)
	if err != nil {
		return nil, fmt.Errorf("object store %s: %w", dir, err)
	}
	return &Local{root: root, backend: b}, nil
}

// Close releases the store. Calls after it fail or are undefined.
func (l *Local) Close() error {
	l.backend.Shutdown()
	return nil
}

// Backend returns the store as versitygw's S3 server wants it.
func (l *Local) Backend() backend.Backend { return l.backend }

// CreateBucket makes a bucket; an existing one is no error.
func (l *Local) CreateBucket(ctx context.Context, bucket string) error {
	acl, err := json.Marshal(auth.ACL{Owner: l.backend.owner})
	if err != nil {
		return fmt.Errorf("create bucket %s: %w", bucket, err)
	}
	err = l.backend.CreateBucket(ctx, &s3.CreateBucketInput{
		Bucket:                    &bucket,
		ObjectOwnership:           types.ObjectOwnershipBucketOwnerEnforced,
		CreateBucketConfiguration: &types.CreateBucketConfiguration{},
	}, acl)
	if isCode(err, "BucketAlreadyOwnedByYou") {
		return nil
	}
	return storeError("create bucket", bucket, "", err)
}

// BucketExists tells whether the bucket exists.
func (l *Local) BucketExists(_ context.Context, bucket string) (bool, error) {
	_, err := l.backend.existing(bucket)
	if isCode(err, "NoSuchBucket") || isCode(err, "InvalidBucketName") {
		return false, nil
	}
	return err == nil, storeError("look for bucket", bucket, "", err)
}

// Put stores an object; see Store.
func (l *Local) Put(ctx context.Context, bucket, key string, body io.Reader, size int64, opts PutOptions) (Info, error) {
	in := s3response.PutObjectInput{
		Bucket:        &bucket,
		Key:           &key,
		Body:          body,
		ContentLength: &size,
	}
	if opts.ContentType != "" {
		in.ContentType = &opts.ContentType
	}
	if err := ctx.Err(); err != nil {
		return Info{}, storeError("put", bucket, key, err)
	}
	if _, err := l.backend.PutObject(ctx, in); err != nil {
		return Info{}, storeError("put", bucket, key, err)
	}
	return l.Head(ctx, bucket, key)
}

// Get reads n bytes of an object from offset off; n < 0 means to the end.
func (l *Local) Get(_ context.Context, bucket, key string, off, n int64) (io.ReadCloser, Info, error) {
	f, info, err := l.open(bucket, key)
	if err != nil {
		return nil, Info{}, err
	}
	if off < 0 || off > info.Size {
		_ = f.Close()
		return nil, Info{}, fmt.Errorf("get s3://%s/%s: offset %d is outside the object's %d bytes", bucket, key, off, info.Size)
	}
	if n < 0 || off+n > info.Size {
		n = info.Size - off
	}
	return sectionCloser{io.NewSectionReader(f, off, n), f}, info, nil
}

type sectionCloser struct {
	*io.SectionReader
	f *os.File
}

func (s sectionCloser) Close() error { return s.f.Close() }

// Head describes an object.
func (l *Local) Head(_ context.Context, bucket, key string) (Info, error) {
	f, info, err := l.open(bucket, key)
	if err != nil {
		return Info{}, err
	}
	return info, f.Close()
}

func (l *Local) open(bucket, key string) (*os.File, Info, error) {
	dir, err := l.backend.existing(bucket)
	if err != nil {
		return nil, Info{}, storeError("open", bucket, key, err)
	}
	if checkKey(key) != nil {
		return nil, Info{}, storeError("open", bucket, key, ErrNoSuchKey)
	}
	f, err := os.Open(filepath.Join(dir, key))
	if err != nil {
		return nil, Info{}, storeError("open", bucket, key, missingKey(err))
	}
	info, err := l.describe(f, bucket, dir, key)
	if err != nil {
		_ = f.Close()
		return nil, Info{}, storeError("open", bucket, key, err)
	}
	return f, info, nil
}

func (l *Local) describe(f *os.File, bucket, dir, key string) (Info, error) {
	fi, err := f.Stat()
	if err != nil {
		return Info{}, err
	}
	if fi.IsDir() {
		return Info{}, ErrNoSuchKey
	}
	etag, err := l.backend.attribute(f, dir, key, attrETag)
	if err != nil {
		return Info{}, err
	}
	return Info{Bucket: bucket, Key: key, Size: fi.Size(), ETag: etag, LastModified: fi.ModTime()}, nil
}

// Delete removes an object; a missing one is no error.
func (l *Local) Delete(ctx context.Context, bucket, key string) error {
	_, err := l.backend.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &bucket, Key: &key})
	if isCode(err, "NoSuchKey") {
		return nil
	}
	return storeError("delete", bucket, key, err)
}

// LocalPath returns the file that holds the object, whether or not it exists,
// and false for a bucket or key that the store cannot hold.
func (l *Local) LocalPath(bucket, key string) (string, bool) {
	if !validBucket(bucket) || checkKey(key) != nil {
		return "", false
	}
	return filepath.Join(l.root, bucket, key), true
}

// storeError says what was done to which object, keeps the sentinel errors of
// the package findable, and is nil for a nil err.
func storeError(op, bucket, key string, err error) error {
	if err == nil {
		return nil
	}
	switch {
	case isCode(err, "NoSuchBucket"):
		err = ErrNoSuchBucket
	case isCode(err, "NoSuchKey"):
		err = ErrNoSuchKey
	case errors.Is(err, os.ErrNotExist):
		err = ErrNoSuchKey
	case isCode(err, "InsufficientStorage"):
		err = ErrNoSpace
	default:
		err = plain(err)
	}
	return fmt.Errorf("%s s3://%s/%s: %w", op, bucket, key, err)
}
