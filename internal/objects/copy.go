package objects

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/versity/versitygw/s3response"
)

// copySource is a bucket and key as S3's x-amz-copy-source has them.
func copySource(bucket, key string) string {
	return bucket + "/" + strings.ReplaceAll(url.PathEscape(key), "%2F", "/")
}

// Copy stores an object under a second key of its bucket. Where files can have
// two names and carry their metadata with them, it is the same file.
func (l *Local) Copy(ctx context.Context, bucket, from, to string) error {
	linked, err := l.backend.link(bucket, from, to)
	if err == nil && !linked {
		source := copySource(bucket, from)
		_, err = l.backend.CopyObject(ctx, s3response.CopyObjectInput{Bucket: &bucket, Key: &to, CopySource: &source})
	}
	return storeError("copy to", bucket, to, err)
}

// link gives a file a second name; false where that cannot be.
func (b *durableBackend) link(bucket, from, to string) (bool, error) {
	m, ok := b.meta.(syncingMeta)
	if _, sidecar := m.MetadataStorer.(sidecarMeta); !ok || sidecar {
		return false, nil
	}
	b.removal.RLock()
	defer b.removal.RUnlock()
	dir, err := b.target(&bucket, &to)
	if err != nil {
		return false, err
	}
	if _, err := b.object(&bucket, &from); err != nil {
		return false, err
	}
	source, target := filepath.Join(dir, from), filepath.Join(dir, to)
	old, err := os.Stat(source)
	if err != nil || !old.Mode().IsRegular() {
		return false, missingKey(err)
	}
	switch there, err := os.Stat(target); {
	case err == nil && os.SameFile(old, there):
		return true, b.synced(dir, to)
	case err == nil:
		return false, nil // a copy replaces it
	}
	if err := makeDirs(filepath.Dir(target)); err != nil {
		return false, err
	}
	if err := os.Link(source, target); err != nil {
		return false, nil // the file system has no links, or a client was faster: a copy tells
	}
	if err := b.synced(dir, to); err != nil {
		return true, err
	}
	b.wrote(dir, to)
	return true, nil
}

// Copy stores an object under a second key of its bucket, within the server.
func (r *Remote) Copy(ctx context.Context, bucket, from, to string) error {
	source := copySource(bucket, from)
	_, err := r.client.CopyObject(ctx, &s3.CopyObjectInput{Bucket: &bucket, Key: &to, CopySource: &source})
	return remoteError("copy to", bucket, to, err)
}

// Copy stores an object under a second key of its bucket.
func (r *Routed) Copy(ctx context.Context, bucket, from, to string) error {
	return r.of(bucket).Copy(ctx, bucket, from, to)
}
