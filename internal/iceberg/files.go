package iceberg

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"github.com/scopsdb/scops/internal/objects"
)

// read gets a whole object.
func (s *Tables) read(ctx context.Context, uri string) ([]byte, error) {
	bucket, key, err := objects.SplitURI(uri)
	if err != nil {
		return nil, fail(errInvalidMetadata, err, "%v", err)
	}
	body, _, err := s.objects.Get(ctx, bucket, key, 0, -1)
	if err != nil {
		return nil, readError(uri, err)
	}
	defer body.Close()
	data, err := io.ReadAll(body)
	if err != nil {
		return nil, readError(uri, err)
	}
	return data, nil
}

func readError(uri string, err error) error {
	if errors.Is(err, objects.ErrNoSuchKey) || errors.Is(err, objects.ErrNoSuchBucket) {
		return fail(errMissingMetadata, err, "Metadata not found in metadata location: %s", uri)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fail(errFilesystem, err, "Failed to read %s: %v", uri, err)
}

// put stores an object and returns when it is durable.
func (s *Tables) put(ctx context.Context, uri string, data []byte, contentType string) error {
	return s.putFrom(ctx, uri, bytes.NewReader(data), int64(len(data)), contentType)
}

func (s *Tables) putFrom(ctx context.Context, uri string, body io.Reader, size int64, contentType string) error {
	bucket, key, err := objects.SplitURI(uri)
	if err != nil {
		return fail(errFilesystem, err, "%v", err)
	}
	if _, err := s.objects.Put(ctx, bucket, key, body, size, objects.PutOptions{ContentType: contentType}); err != nil {
		return fail(errFilesystem, err, "Failed to write %s: %v", uri, err)
	}
	return nil
}

// remove deletes objects that no snapshot names. What fails stays behind, for
// VACUUM to find.
func (s *Tables) remove(ctx context.Context, uris []string) {
	ctx = context.WithoutCancel(ctx)
	for _, uri := range uris {
		if bucket, key, err := objects.SplitURI(uri); err == nil {
			_ = s.objects.Delete(ctx, bucket, key) // VACUUM removes it otherwise
		}
	}
}

// folder is a location without the slash at its end.
func folder(location string) string { return strings.TrimRight(location, "/") }
