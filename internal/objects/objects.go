package objects

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// Errors that every Store answers with (test with errors.Is).
var (
	ErrNoSuchBucket = errors.New("bucket does not exist")
	ErrNoSuchKey    = errors.New("object does not exist")
)

// Info describes one object.
type Info struct {
	Bucket       string
	Key          string
	Size         int64 // bytes
	ETag         string
	LastModified time.Time
}

// PutOptions are the optional parts of a put.
type PutOptions struct {
	ContentType string
}

// Store is an object store. Implementations are safe for concurrent use.
type Store interface {
	// CreateBucket makes a bucket; an existing one of this account is no error.
	CreateBucket(ctx context.Context, bucket string) error
	BucketExists(ctx context.Context, bucket string) (bool, error)
	// Put stores an object and returns once it is durable. size is in bytes.
	// An object of the same key is replaced as a whole.
	Put(ctx context.Context, bucket, key string, body io.Reader, size int64, opts PutOptions) (Info, error)
	// Get reads n bytes from offset off; n < 0 means to the end.
	Get(ctx context.Context, bucket, key string, off, n int64) (io.ReadCloser, Info, error)
	Head(ctx context.Context, bucket, key string) (Info, error)
	// List returns at most max objects whose keys begin with prefix and sort
	// after startAfter, in key order, and whether there are more.
	List(ctx context.Context, bucket, prefix, startAfter string, max int) ([]Info, bool, error)
	// Folders returns at most max folders: what keys that begin with prefix have
	// from there to the next slash, with prefix and slash, where that sorts after
	// startAfter, in order, and whether there are more. It looks at no object in
	// them (S3's Delimiter).
	Folders(ctx context.Context, bucket, prefix, startAfter string, max int) ([]string, bool, error)
	// Delete removes an object; a missing one is no error, as in S3.
	Delete(ctx context.Context, bucket, key string) error
	// Copy stores an object under a second key of its bucket and returns once it
	// is durable. Objects do not change: whether the copy shares the memory of
	// the first is the store's affair. An object of the second key is replaced.
	Copy(ctx context.Context, bucket, from, to string) error
	// LocalPath returns the file that holds the object, for an engine that
	// reads in place, and false where there is none (a remote store).
	LocalPath(bucket, key string) (string, bool)
}

// SplitURI parses s3://bucket/key (also s3a:// and s3n://, which Hive tables
// carry). The key may be empty.
func SplitURI(uri string) (bucket, key string, err error) {
	rest, ok := "", false
	for _, scheme := range []string{"s3://", "s3a://", "s3n://"} {
		if rest, ok = strings.CutPrefix(uri, scheme); ok {
			break
		}
	}
	bucket, key, _ = strings.Cut(rest, "/")
	if !ok || bucket == "" {
		return "", "", fmt.Errorf("%q is not an S3 URI of the form s3://bucket/key", uri)
	}
	return bucket, key, nil
}
