package objects

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/versity/versitygw/backend"
	"github.com/versity/versitygw/s3err"
	"github.com/versity/versitygw/s3response"

	"github.com/scopsdb/scops/internal/fault"
)

func notStored(why string) error {
	return s3err.APIError{Code: "NotImplemented", Description: "This request is not done here: " + why + ".", HTTPStatusCode: http.StatusNotImplemented}
}

func (b *durableBackend) PutObject(ctx context.Context, in s3response.PutObjectInput) (s3response.PutObjectOutput, error) {
	b.removal.RLock()
	defer b.removal.RUnlock()
	dir, err := b.target(in.Bucket, in.Key)
	if err != nil {
		return s3response.PutObjectOutput{}, err
	}
	return b.put(ctx, dir, in)
}

// put stores an object into the bucket's folder; removal is held.
func (b *durableBackend) put(ctx context.Context, dir string, in s3response.PutObjectInput) (s3response.PutObjectOutput, error) {
	key := *in.Key
	in.Bucket = &dir
	if in.Body == nil {
		in.Body = http.NoBody
	}
	if _, ok := in.Body.(interface{ Checksum() string }); !ok && in.ContentLength != nil {
		in.Body = &exactReader{r: fault.Reader("objects.body", in.Body), left: *in.ContentLength}
	}
	fault.Point("objects.put")
	// The server's shutdown ends the contexts of its requests, which are to
	// finish; nothing here waits for others.
	out, err := b.posix.PutObject(context.WithoutCancel(ctx), in)
	if err == nil {
		err = b.synced(dir, key)
	}
	if err == nil {
		b.wrote(dir, key)
	}
	return out, b.s3Error(dir, key, err)
}

// exactReader fails where a body is shorter or longer than announced: the
// posix backend would store what came.
type exactReader struct {
	r    io.Reader
	left int64 // bytes
}

func (e *exactReader) Read(p []byte) (int, error) {
	n, err := e.r.Read(p)
	e.left -= int64(n)
	if e.left < 0 {
		return 0, errIncompleteBody
	}
	if errors.Is(err, io.EOF) && e.left > 0 {
		return n, errIncompleteBody
	}
	return n, err
}

var errIncompleteBody = s3err.APIError{
	Code:           "IncompleteBody",
	Description:    "You did not provide the number of bytes specified by the Content-Length HTTP header.",
	HTTPStatusCode: http.StatusBadRequest,
}

func (b *durableBackend) HeadObject(ctx context.Context, in *s3.HeadObjectInput) (*s3.HeadObjectOutput, error) {
	dir, err := b.object(in.Bucket, in.Key)
	if err != nil {
		return nil, err
	}
	call := *in
	call.Bucket = &dir
	out, err := b.posix.HeadObject(ctx, &call)
	return out, b.s3Error(dir, *in.Key, err)
}

func (b *durableBackend) GetObject(ctx context.Context, in *s3.GetObjectInput) (*s3.GetObjectOutput, error) {
	dir, err := b.object(in.Bucket, in.Key)
	if err != nil {
		return nil, err
	}
	call := *in
	call.Bucket = &dir
	out, err := b.posix.GetObject(ctx, &call)
	return out, b.s3Error(dir, *in.Key, err)
}

func (b *durableBackend) GetObjectAcl(context.Context, *s3.GetObjectAclInput) (*s3.GetObjectAclOutput, error) {
	return nil, s3err.GetAPIError(s3err.ErrNotImplemented)
}

func (b *durableBackend) PutObjectAcl(context.Context, *s3.PutObjectAclInput) error {
	return s3err.GetAPIError(s3err.ErrNotImplemented)
}

func (b *durableBackend) GetObjectAttributes(ctx context.Context, in *s3.GetObjectAttributesInput) (s3response.GetObjectAttributesResponse, error) {
	dir, err := b.object(in.Bucket, in.Key)
	if err != nil {
		return s3response.GetObjectAttributesResponse{}, err
	}
	call := *in
	call.Bucket = &dir
	out, err := b.posix.GetObjectAttributes(ctx, &call)
	return out, b.s3Error(dir, *in.Key, err)
}

func (b *durableBackend) DeleteObject(ctx context.Context, in *s3.DeleteObjectInput) (*s3.DeleteObjectOutput, error) {
	dir, err := b.existing(deref(in.Bucket))
	if err != nil {
		return nil, err
	}
	if checkKey(deref(in.Key)) != nil {
		return &s3.DeleteObjectOutput{}, nil // no such object can exist
	}
	call := *in
	call.Bucket = &dir
	fault.Point("objects.delete")
	out, err := b.posix.DeleteObject(ctx, &call)
	if err == nil {
		err = b.synced(dir, *in.Key)
	}
	return out, b.s3Error(dir, *in.Key, err)
}

// DeleteObjects deletes one by one, as S3 reports the outcome of each.
func (b *durableBackend) DeleteObjects(ctx context.Context, in *s3.DeleteObjectsInput) (s3response.DeleteResult, error) {
	var out s3response.DeleteResult
	for _, o := range in.Delete.Objects {
		res, err := b.DeleteObject(ctx, &s3.DeleteObjectInput{
			Bucket: in.Bucket, Key: o.Key, VersionId: o.VersionId,
			IfMatch: o.ETag, IfMatchLastModifiedTime: o.LastModifiedTime, IfMatchSize: o.Size,
		})
		if err != nil && !isCode(err, "NoSuchKey") {
			out.Error = append(out.Error, deleteError(o, err))
			continue
		}
		deleted := types.DeletedObject{Key: o.Key, VersionId: o.VersionId}
		if res != nil {
			deleted.DeleteMarker = res.DeleteMarker
		}
		out.Deleted = append(out.Deleted, deleted)
	}
	return out, nil
}

func deleteError(o types.ObjectIdentifier, err error) types.Error {
	code, message := "InternalError", "We encountered an internal error, please try again."
	var se s3err.S3Error
	if errors.As(err, &se) {
		code, message = se.BaseError().Code, se.BaseError().Description
	}
	return types.Error{Key: o.Key, VersionId: o.VersionId, Code: &code, Message: &message}
}

func (b *durableBackend) ListObjects(ctx context.Context, in *s3.ListObjectsInput) (s3response.ListObjectsResult, error) {
	dir, err := b.existing(deref(in.Bucket))
	if err != nil {
		return s3response.ListObjectsResult{}, err
	}
	call := *in
	call.Bucket = &dir
	out, err := b.posix.ListObjectsParametrized(ctx, &call, b.visible)
	out.Name = in.Bucket
	return out, b.s3Error(dir, "", err)
}

func (b *durableBackend) ListObjectsV2(ctx context.Context, in *s3.ListObjectsV2Input) (s3response.ListObjectsV2Result, error) {
	dir, err := b.existing(deref(in.Bucket))
	if err != nil {
		return s3response.ListObjectsV2Result{}, err
	}
	call := *in
	call.Bucket = &dir
	out, err := b.posix.ListObjectsV2Parametrized(ctx, &call, b.visible)
	out.Name = in.Bucket
	return out, b.s3Error(dir, "", err)
}

// visible hides the names that objects have while they replace others.
func (b *durableBackend) visible(dir string, fetchOwner bool) backend.GetObjFunc {
	describe := b.posix.FileToObj(dir, fetchOwner)
	return func(path string, d os.DirEntry) (s3response.Object, error) {
		if isTempName(filepath.Base(path)) {
			return s3response.Object{}, backend.ErrSkipObj
		}
		return describe(path, d)
	}
}

func (b *durableBackend) ListObjectVersions(ctx context.Context, in *s3.ListObjectVersionsInput) (s3response.ListVersionsResult, error) {
	dir, err := b.existing(deref(in.Bucket))
	if err != nil {
		return s3response.ListVersionsResult{}, err
	}
	call := *in
	call.Bucket = &dir
	out, err := b.posix.ListObjectVersions(ctx, &call)
	out.Name = in.Bucket
	return out, b.s3Error(dir, "", err)
}

func (b *durableBackend) RestoreObject(context.Context, *s3.RestoreObjectInput) error {
	return s3err.GetAPIError(s3err.ErrNotImplemented)
}

func (b *durableBackend) SelectObjectContent(ctx context.Context, in *s3.SelectObjectContentInput) func(w *bufio.Writer) {
	return backend.BackendUnsupported{}.SelectObjectContent(ctx, in)
}

// changeObject runs a change of an object's attributes and makes it durable.
func (b *durableBackend) changeObject(bucket, key string, change func(dir string) error) error {
	dir, err := b.object(&bucket, &key)
	if err != nil {
		return err
	}
	if err := change(dir); err != nil {
		return b.s3Error(dir, key, err)
	}
	return b.s3Error(dir, key, b.synced(dir, key))
}

func (b *durableBackend) GetObjectTagging(ctx context.Context, bucket, object, version string) (map[string]string, error) {
	dir, err := b.object(&bucket, &object)
	if err != nil {
		return nil, err
	}
	tags, err := b.posix.GetObjectTagging(ctx, dir, object, version)
	return tags, b.s3Error(dir, object, err)
}

func (b *durableBackend) PutObjectTagging(ctx context.Context, bucket, object, version string, tags map[string]string) error {
	return b.changeObject(bucket, object, func(dir string) error {
		return b.posix.PutObjectTagging(ctx, dir, object, version, tags)
	})
}

func (b *durableBackend) DeleteObjectTagging(ctx context.Context, bucket, object, version string) error {
	return b.changeObject(bucket, object, func(dir string) error {
		return b.posix.DeleteObjectTagging(ctx, dir, object, version)
	})
}

func (b *durableBackend) PutObjectRetention(ctx context.Context, bucket, object, version string, retention []byte) error {
	return b.changeObject(bucket, object, func(dir string) error {
		return b.posix.PutObjectRetention(ctx, dir, object, version, retention)
	})
}

func (b *durableBackend) GetObjectRetention(ctx context.Context, bucket, object, version string) ([]byte, error) {
	dir, err := b.object(&bucket, &object)
	if err != nil {
		return nil, err
	}
	v, err := b.posix.GetObjectRetention(ctx, dir, object, version)
	return v, b.s3Error(dir, object, err)
}

func (b *durableBackend) PutObjectLegalHold(ctx context.Context, bucket, object, version string, status bool) error {
	return b.changeObject(bucket, object, func(dir string) error {
		return b.posix.PutObjectLegalHold(ctx, dir, object, version, status)
	})
}

func (b *durableBackend) GetObjectLegalHold(ctx context.Context, bucket, object, version string) (*bool, error) {
	dir, err := b.object(&bucket, &object)
	if err != nil {
		return nil, err
	}
	v, err := b.posix.GetObjectLegalHold(ctx, dir, object, version)
	return v, b.s3Error(dir, object, err)
}
