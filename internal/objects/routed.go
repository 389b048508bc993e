package objects

import (
	"context"
	"io"
)

// Routed is a Store that keeps some buckets in other stores and all the rest in
// Home.
type Routed struct {
	Home   Store
	Remote map[string]Store // by bucket
}

func (r *Routed) of(bucket string) Store {
	if s, ok := r.Remote[bucket]; ok {
		return s
	}
	return r.Home
}

// CreateBucket makes a bucket in the store that it belongs to.
func (r *Routed) CreateBucket(ctx context.Context, bucket string) error {
	return r.of(bucket).CreateBucket(ctx, bucket)
}

// BucketExists tells whether the bucket exists.
func (r *Routed) BucketExists(ctx context.Context, bucket string) (bool, error) {
	return r.of(bucket).BucketExists(ctx, bucket)
}

// Put stores an object; see Store.
func (r *Routed) Put(ctx context.Context, bucket, key string, body io.Reader, size int64, opts PutOptions) (Info, error) {
	return r.of(bucket).Put(ctx, bucket, key, body, size, opts)
}

// Get reads a range of an object; see Store.
func (r *Routed) Get(ctx context.Context, bucket, key string, off, n int64) (io.ReadCloser, Info, error) {
	return r.of(bucket).Get(ctx, bucket, key, off, n)
}

// Head describes an object.
func (r *Routed) Head(ctx context.Context, bucket, key string) (Info, error) {
	return r.of(bucket).Head(ctx, bucket, key)
}

// List returns objects in key order; see Store.
func (r *Routed) List(ctx context.Context, bucket, prefix, startAfter string, max int) ([]Info, bool, error) {
	return r.of(bucket).List(ctx, bucket, prefix, startAfter, max)
}

// Delete removes an object; a missing one is no error.
func (r *Routed) Delete(ctx context.Context, bucket, key string) error {
	return r.of(bucket).Delete(ctx, bucket, key)
}

// LocalPath returns the file that holds the object; see Store.
func (r *Routed) LocalPath(bucket, key string) (string, bool) {
	return r.of(bucket).LocalPath(bucket, key)
}
