package objects

import (
	"context"
	"crypto/sha256"
	"fmt"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/s3response"
)

// uploadDir is where the posix backend keeps the parts of an upload, relative
// to the bucket.
func uploadDir(key, uploadID string) string {
	return filepath.Join(posix.MetaTmpMultipartDir, fmt.Sprintf("%x", sha256.Sum256([]byte(key))), uploadID)
}

func (b *durableBackend) CreateMultipartUpload(ctx context.Context, in s3response.CreateMultipartUploadInput) (s3response.InitiateMultipartUploadResult, error) {
	b.removal.RLock()
	defer b.removal.RUnlock()
	dir, err := b.target(in.Bucket, in.Key)
	if err != nil {
		return s3response.InitiateMultipartUploadResult{}, err
	}
	bucket := *in.Bucket
	in.Bucket = &dir
	out, err := b.posix.CreateMultipartUpload(context.WithoutCancel(ctx), in)
	if err == nil {
		err = b.synced(dir, uploadDir(*in.Key, out.UploadId))
	}
	out.Bucket = bucket
	return out, b.s3Error(dir, *in.Key, err)
}

func (b *durableBackend) CompleteMultipartUpload(ctx context.Context, in *s3.CompleteMultipartUploadInput) (s3response.CompleteMultipartUploadResult, string, error) {
	b.removal.RLock()
	defer b.removal.RUnlock()
	dir, err := b.target(in.Bucket, in.Key)
	if err != nil {
		return s3response.CompleteMultipartUploadResult{}, "", err
	}
	call := *in
	call.Bucket = &dir
	out, version, err := b.posix.CompleteMultipartUpload(context.WithoutCancel(ctx), &call)
	if err == nil {
		err = b.synced(dir, *in.Key)
	}
	if err == nil {
		b.wrote(dir, *in.Key)
	}
	out.Bucket = in.Bucket
	return out, version, b.s3Error(dir, *in.Key, err)
}

func (b *durableBackend) AbortMultipartUpload(ctx context.Context, in *s3.AbortMultipartUploadInput) error {
	dir, err := b.existing(deref(in.Bucket))
	if err != nil {
		return err
	}
	call := *in
	call.Bucket = &dir
	return b.s3Error(dir, deref(in.Key), b.posix.AbortMultipartUpload(ctx, &call))
}

func (b *durableBackend) ListMultipartUploads(ctx context.Context, in *s3.ListMultipartUploadsInput) (s3response.ListMultipartUploadsResult, error) {
	dir, err := b.existing(deref(in.Bucket))
	if err != nil {
		return s3response.ListMultipartUploadsResult{}, err
	}
	call := *in
	call.Bucket = &dir
	out, err := b.posix.ListMultipartUploads(ctx, &call)
	out.Bucket = *in.Bucket
	return out, b.s3Error(dir, "", err)
}

func (b *durableBackend) ListParts(ctx context.Context, in *s3.ListPartsInput) (s3response.ListPartsResult, error) {
	dir, err := b.existing(deref(in.Bucket))
	if err != nil {
		return s3response.ListPartsResult{}, err
	}
	call := *in
	call.Bucket = &dir
	out, err := b.posix.ListParts(ctx, &call)
	out.Bucket = *in.Bucket
	return out, b.s3Error(dir, deref(in.Key), err)
}

func (b *durableBackend) UploadPart(ctx context.Context, in *s3.UploadPartInput) (*s3.UploadPartOutput, error) {
	b.removal.RLock()
	defer b.removal.RUnlock()
	dir, err := b.target(in.Bucket, in.Key)
	if err != nil {
		return nil, err
	}
	return b.putPart(ctx, dir, in)
}

func (b *durableBackend) putPart(ctx context.Context, dir string, in *s3.UploadPartInput) (*s3.UploadPartOutput, error) {
	call := *in
	call.Bucket = &dir
	if _, ok := in.Body.(interface{ Checksum() string }); !ok && in.Body != nil && in.ContentLength != nil {
		call.Body = &exactReader{r: in.Body, left: *in.ContentLength}
	}
	out, err := b.posix.UploadPart(context.WithoutCancel(ctx), &call)
	if err == nil {
		err = b.synced(dir, filepath.Join(uploadDir(*in.Key, *in.UploadId), partName(in)))
	}
	return out, b.s3Error(dir, *in.Key, err)
}

// partName is the name of the file of a part.
func partName(in *s3.UploadPartInput) string { return fmt.Sprint(*in.PartNumber) }
