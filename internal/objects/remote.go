package objects

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

// Remote is a Store in S3 elsewhere: AWS's own or any server that speaks its
// API. A put is durable once that server has answered.
type Remote struct {
	client *s3.Client
	region string
}

// RemoteOptions say where a Remote is.
type RemoteOptions struct {
	AWS       aws.Config // region, credentials, HTTP client
	Endpoint  string     // "" is AWS's endpoint of the region
	PathStyle bool       // address buckets as ENDPOINT/BUCKET, as servers without DNS need
}

// NewRemote returns the store. It talks to nobody yet.
func NewRemote(o RemoteOptions) *Remote {
	client := s3.NewFromConfig(o.AWS, func(s *s3.Options) {
		s.UsePathStyle = o.PathStyle
		// Never AWS_ENDPOINT_URL: in the environment of scops that is scops.
		if s.BaseEndpoint = nil; o.Endpoint != "" {
			s.BaseEndpoint = aws.String(o.Endpoint)
		}
		// Servers other than AWS's do not all know the newer checksums.
		s.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
		s.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
	})
	return &Remote{client: client, region: o.AWS.Region}
}

// CreateBucket makes a bucket in the store's region; an existing one of this
// account is no error.
func (r *Remote) CreateBucket(ctx context.Context, bucket string) error {
	exists, err := r.BucketExists(ctx, bucket)
	if err != nil || exists {
		return err
	}
	in := &s3.CreateBucketInput{Bucket: &bucket}
	if r.region != "us-east-1" { // which must not be named
		in.CreateBucketConfiguration = &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(r.region)}
	}
	_, err = r.client.CreateBucket(ctx, in)
	if hasCode(err, "BucketAlreadyOwnedByYou") {
		return nil
	}
	return remoteError("create bucket", bucket, "", err)
}

// BucketExists tells whether the bucket exists.
func (r *Remote) BucketExists(ctx context.Context, bucket string) (bool, error) {
	_, err := r.client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &bucket})
	if hasCode(err, "NotFound", "NoSuchBucket") {
		return false, nil
	}
	return err == nil, remoteError("look for bucket", bucket, "", err)
}

// Put stores an object; see Store. A body that cannot seek is read into memory
// first, since the request may have to be sent again.
func (r *Remote) Put(ctx context.Context, bucket, key string, body io.Reader, size int64, opts PutOptions) (Info, error) {
	seeker, ok := body.(io.ReadSeeker)
	if !ok {
		data, err := io.ReadAll(io.LimitReader(body, size+1))
		if err == nil && int64(len(data)) != size {
			err = fmt.Errorf("the body is not of %d bytes", size)
		}
		if err != nil {
			return Info{}, remoteError("put", bucket, key, err)
		}
		seeker = bytes.NewReader(data)
	}
	in := &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: seeker, ContentLength: &size}
	if opts.ContentType != "" {
		in.ContentType = &opts.ContentType
	}
	out, err := r.client.PutObject(ctx, in)
	if err != nil {
		return Info{}, remoteError("put", bucket, key, err)
	}
	return Info{Bucket: bucket, Key: key, Size: size, ETag: aws.ToString(out.ETag)}, nil
}

// Get reads n bytes of an object from offset off; n < 0 means to the end.
func (r *Remote) Get(ctx context.Context, bucket, key string, off, n int64) (io.ReadCloser, Info, error) {
	if n == 0 { // no range of HTTP is empty
		info, err := r.Head(ctx, bucket, key)
		return io.NopCloser(bytes.NewReader(nil)), info, err
	}
	in := &s3.GetObjectInput{Bucket: &bucket, Key: &key}
	switch {
	case n > 0:
		in.Range = aws.String(fmt.Sprintf("bytes=%d-%d", off, off+n-1))
	case off > 0:
		in.Range = aws.String(fmt.Sprintf("bytes=%d-", off))
	}
	out, err := r.client.GetObject(ctx, in)
	if err != nil {
		return nil, Info{}, remoteError("get", bucket, key, err)
	}
	info := Info{Bucket: bucket, Key: key, Size: aws.ToInt64(out.ContentLength), ETag: aws.ToString(out.ETag), LastModified: aws.ToTime(out.LastModified)}
	if total, ok := totalOf(aws.ToString(out.ContentRange)); ok {
		info.Size = total
	}
	return out.Body, info, nil
}

// totalOf reads the whole object's size from "bytes 0-9/100".
func totalOf(contentRange string) (int64, bool) {
	var from, to, total int64
	n, err := fmt.Sscanf(contentRange, "bytes %d-%d/%d", &from, &to, &total)
	return total, err == nil && n == 3
}

// Head describes an object.
func (r *Remote) Head(ctx context.Context, bucket, key string) (Info, error) {
	out, err := r.client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		return Info{}, remoteError("open", bucket, key, err)
	}
	return Info{Bucket: bucket, Key: key, Size: aws.ToInt64(out.ContentLength), ETag: aws.ToString(out.ETag), LastModified: aws.ToTime(out.LastModified)}, nil
}

// remotePage is the most that S3 answers at once.
const remotePage = 1000

// List returns objects in key order; see Store.
func (r *Remote) List(ctx context.Context, bucket, prefix, startAfter string, max int) ([]Info, bool, error) {
	var infos []Info
	for {
		in := &s3.ListObjectsV2Input{Bucket: &bucket, MaxKeys: aws.Int32(int32(min(max-len(infos), remotePage)))}
		if prefix != "" {
			in.Prefix = &prefix
		}
		if startAfter != "" {
			in.StartAfter = &startAfter
		}
		page, err := r.client.ListObjectsV2(ctx, in)
		if err != nil {
			return nil, false, remoteError("list", bucket, prefix, err)
		}
		for _, o := range page.Contents {
			startAfter = aws.ToString(o.Key)
			infos = append(infos, Info{Bucket: bucket, Key: startAfter, Size: aws.ToInt64(o.Size), ETag: aws.ToString(o.ETag), LastModified: aws.ToTime(o.LastModified)})
		}
		more := aws.ToBool(page.IsTruncated) && len(page.Contents) > 0
		if !more || len(infos) >= max {
			return infos, more, nil
		}
	}
}

// Delete removes an object; a missing one is no error.
func (r *Remote) Delete(ctx context.Context, bucket, key string) error {
	_, err := r.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &bucket, Key: &key})
	if hasCode(err, "NoSuchKey") {
		return nil
	}
	return remoteError("delete", bucket, key, err)
}

// LocalPath is false: the objects are elsewhere.
func (r *Remote) LocalPath(string, string) (string, bool) { return "", false }

func hasCode(err error, codes ...string) bool {
	var e smithy.APIError
	if !errors.As(err, &e) {
		return false
	}
	for _, c := range codes {
		if e.ErrorCode() == c {
			return true
		}
	}
	return false
}

// remoteError says what was done to which object and keeps the sentinel errors
// of the package findable. It is nil for a nil err. A HEAD has no body to tell a
// missing bucket from a missing key.
func remoteError(op, bucket, key string, err error) error {
	switch {
	case err == nil:
		return nil
	case hasCode(err, "NoSuchBucket"):
		err = errors.Join(ErrNoSuchBucket, err)
	case hasCode(err, "NoSuchKey", "NotFound"):
		err = errors.Join(ErrNoSuchKey, err)
	}
	return fmt.Errorf("%s s3://%s/%s: %w", op, bucket, key, err)
}
