package e2e

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/s3/manager"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"
)

func TestS3Objects(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	c, b := s.s3(), aws.String(s.bucket())
	for _, key := range []string{"plain", "a/b/c.json", "한국/파일 1", "sign+ =&?#%20'()*~;:@,[]", strings.Repeat("k", 200) + "/x"} {
		body := []byte("of " + key)
		put, err := c.PutObject(ctx, &s3.PutObjectInput{Bucket: b, Key: &key, Body: bytes.NewReader(body), ContentType: aws.String("text/plain"), Metadata: map[string]string{"who": "me"}})
		require.NoError(t, err, key)
		require.Equal(t, `"`+md5Of(string(body))+`"`, *put.ETag)
		require.NotEmpty(t, aws.ToString(put.ChecksumCRC32))
		got, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: b, Key: &key, ChecksumMode: types.ChecksumModeEnabled})
		require.NoError(t, err, key)
		text, err := io.ReadAll(got.Body)
		require.NoError(t, err)
		require.Equal(t, body, text)
		require.Equal(t, put.ChecksumCRC32, got.ChecksumCRC32)
		require.Equal(t, map[string]string{"who": "me"}, got.Metadata)
		head, err := c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: b, Key: &key})
		require.NoError(t, err)
		require.Equal(t, int64(len(body)), *head.ContentLength)
		require.Equal(t, "text/plain", *head.ContentType)
		require.WithinDuration(t, time.Now(), *head.LastModified, time.Minute)
	}
	for _, c2 := range []struct{ spec, want, content string }{
		{"bytes=0-3", "0123", "bytes 0-3/10"}, {"bytes=7-", "789", "bytes 7-9/10"}, {"bytes=-2", "89", "bytes 8-9/10"}, {"bytes=8-100", "89", "bytes 8-9/10"},
	} {
		s.put(*b, "digits", []byte("0123456789"))
		got, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: b, Key: aws.String("digits"), Range: &c2.spec})
		require.NoError(t, err)
		text, err := io.ReadAll(got.Body)
		require.NoError(t, err)
		require.Equal(t, c2.want, string(text), c2.spec)
		require.Equal(t, c2.content, *got.ContentRange)
	}
	_, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: b, Key: aws.String("digits"), Range: aws.String("bytes=10-")})
	requireAPI(t, err, "InvalidRange")
	_, err = c.GetObject(ctx, &s3.GetObjectInput{Bucket: b, Key: aws.String("none")})
	var noKey *types.NoSuchKey
	require.ErrorAs(t, err, &noKey)
	_, err = c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: b, Key: aws.String("none")})
	var notFound *types.NotFound
	require.ErrorAs(t, err, &notFound)
	_, err = c.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: aws.String(unique("none-"))})
	var noBucket *types.NoSuchBucket
	require.ErrorAs(t, err, &noBucket)
	_, err = c.PutObject(ctx, &s3.PutObjectInput{Bucket: b, Key: aws.String("digits"), Body: strings.NewReader("x"), IfNoneMatch: aws.String("*")})
	requireAPI(t, err, "PreconditionFailed")
	copied, err := c.CopyObject(ctx, &s3.CopyObjectInput{Bucket: b, Key: aws.String("copy"), CopySource: aws.String(*b + "/a/b/c.json")})
	require.NoError(t, err)
	require.NotNil(t, copied.CopyObjectResult.ETag)
	require.Equal(t, "of a/b/c.json", string(s.get("s3://"+*b+"/copy")))
	_, err = c.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: b})
	requireAPI(t, err, "BucketNotEmpty")
}

func requireAPI(t testing.TB, err error, code string) {
	t.Helper()
	var e smithy.APIError
	require.True(t, errors.As(err, &e), "%v", err)
	require.Equal(t, code, e.ErrorCode())
}

func TestS3Lists(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	c, b := s.s3(), aws.String(s.bucket())
	for i := range 25 {
		s.put(*b, fmt.Sprintf("p/day=%02d/f%d", i%5, i), []byte("x"))
	}
	s.put(*b, "q", nil)
	var keys []string
	pages := s3.NewListObjectsV2Paginator(c, &s3.ListObjectsV2Input{Bucket: b, Prefix: aws.String("p/"), MaxKeys: aws.Int32(7)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		require.NoError(t, err)
		require.LessOrEqual(t, len(page.Contents), 7)
		for _, o := range page.Contents {
			keys = append(keys, *o.Key)
			require.Equal(t, int64(1), *o.Size)
		}
	}
	require.Len(t, keys, 25)
	require.IsIncreasing(t, keys)
	folders, err := c.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: b, Prefix: aws.String("p/"), Delimiter: aws.String("/"), StartAfter: aws.String("p/day=02")})
	require.NoError(t, err)
	var prefixes []string
	for _, p := range folders.CommonPrefixes {
		prefixes = append(prefixes, *p.Prefix)
	}
	require.Equal(t, []string{"p/day=02/", "p/day=03/", "p/day=04/"}, prefixes)
	old, err := c.ListObjects(ctx, &s3.ListObjectsInput{Bucket: b, Prefix: aws.String("q")})
	require.NoError(t, err)
	require.Len(t, old.Contents, 1)
	buckets, err := c.ListBuckets(ctx, &s3.ListBucketsInput{})
	require.NoError(t, err)
	names := map[string]bool{}
	for _, x := range buckets.Buckets {
		names[*x.Name] = true
	}
	require.True(t, names[*b])
	var ids []types.ObjectIdentifier
	for _, k := range append(keys, "q", "not there") {
		ids = append(ids, types.ObjectIdentifier{Key: &k})
	}
	deleted, err := c.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: b, Delete: &types.Delete{Objects: ids}})
	require.NoError(t, err)
	require.Empty(t, deleted.Errors)
	require.Len(t, deleted.Deleted, 27)
	_, err = c.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: b})
	require.NoError(t, err)
	_, err = c.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: b})
	requireAPI(t, err, "NotFound")
}

func TestS3Multipart(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	c, b, key := s.s3(), aws.String(s.bucket()), aws.String("big/object")
	body := make([]byte, 12<<20)
	_, err := rand.Read(body)
	require.NoError(t, err)
	_, err = manager.NewUploader(c, func(u *manager.Uploader) { u.PartSize = 5 << 20 }).Upload(ctx, &s3.PutObjectInput{Bucket: b, Key: key, Body: bytes.NewReader(body)}) //nolint:staticcheck // what most programs use
	require.NoError(t, err)
	head, err := c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: b, Key: key})
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(*head.ETag, `-3"`), *head.ETag)
	to := manager.NewWriteAtBuffer(nil)
	_, err = manager.NewDownloader(c, func(d *manager.Downloader) { d.PartSize = 5 << 20 }).Download(ctx, to, &s3.GetObjectInput{Bucket: b, Key: key}) //nolint:staticcheck // as above
	require.NoError(t, err)
	require.True(t, bytes.Equal(body, to.Bytes()))

	upload, err := c.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: b, Key: aws.String("given up")})
	require.NoError(t, err)
	_, err = c.UploadPart(ctx, &s3.UploadPartInput{Bucket: b, Key: aws.String("given up"), UploadId: upload.UploadId, PartNumber: aws.Int32(1), Body: strings.NewReader("x")})
	require.NoError(t, err)
	parts, err := c.ListParts(ctx, &s3.ListPartsInput{Bucket: b, Key: aws.String("given up"), UploadId: upload.UploadId})
	require.NoError(t, err)
	require.Len(t, parts.Parts, 1)
	_, err = c.GetObject(ctx, &s3.GetObjectInput{Bucket: b, Key: aws.String("given up")})
	requireAPI(t, err, "NoSuchKey")
	_, err = c.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: b, Key: aws.String("given up"), UploadId: upload.UploadId})
	require.NoError(t, err)
	_, err = c.UploadPart(ctx, &s3.UploadPartInput{Bucket: b, Key: aws.String("given up"), UploadId: upload.UploadId, PartNumber: aws.Int32(2), Body: strings.NewReader("x")})
	requireAPI(t, err, "NoSuchUpload")
	require.Equal(t, []string{"big/object"}, s.keys("s3://"+*b+"/"))
}

func TestS3Checksums(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	c, b := s.s3(), aws.String(s.bucket())
	for _, algorithm := range []types.ChecksumAlgorithm{types.ChecksumAlgorithmCrc32, types.ChecksumAlgorithmCrc32c, types.ChecksumAlgorithmSha1, types.ChecksumAlgorithmSha256, types.ChecksumAlgorithmCrc64nvme} {
		key := aws.String(string(algorithm))
		_, err := c.PutObject(ctx, &s3.PutObjectInput{Bucket: b, Key: key, Body: strings.NewReader("hello"), ChecksumAlgorithm: algorithm})
		require.NoError(t, err, algorithm)
		got, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: b, Key: key, ChecksumMode: types.ChecksumModeEnabled})
		require.NoError(t, err)
		_, err = io.ReadAll(got.Body) // the SDK compares
		require.NoError(t, err, algorithm)
	}
	_, err := c.PutObject(ctx, &s3.PutObjectInput{Bucket: b, Key: aws.String("bad"), Body: strings.NewReader("hello"), ChecksumCRC32: aws.String("AAAAAA==")})
	requireAPI(t, err, "BadDigest")
	_, err = c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: b, Key: aws.String("bad")})
	requireAPI(t, err, "NotFound")
}

func TestS3Presigned(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	b, p := aws.String(s.bucket()), s3.NewPresignClient(s.s3())
	put, err := p.PresignPutObject(ctx, &s3.PutObjectInput{Bucket: b, Key: aws.String("a/한 글"), ContentType: aws.String("text/plain")})
	require.NoError(t, err)
	r, err := http.NewRequest(put.Method, put.URL, strings.NewReader("by link"))
	require.NoError(t, err)
	for k, v := range put.SignedHeader {
		if k != "Host" && k != "Content-Length" {
			r.Header[k] = v
		}
	}
	status, text := send(t, r)
	require.Equal(t, 200, status, text)
	get, err := p.PresignGetObject(ctx, &s3.GetObjectInput{Bucket: b, Key: aws.String("a/한 글")}, s3.WithPresignExpires(time.Minute))
	require.NoError(t, err)
	fetch := func(url string) (int, string) {
		r, err := http.NewRequest(http.MethodGet, url, nil)
		require.NoError(t, err)
		return send(t, r)
	}
	status, text = fetch(get.URL)
	require.Equal(t, 200, status)
	require.Equal(t, "by link", text)
	status, text = fetch(strings.Replace(get.URL, "X-Amz-Signature=", "X-Amz-Signature=0", 1))
	require.Equal(t, 403, status)
	require.Contains(t, text, "<Code>SignatureDoesNotMatch</Code>")
	status, text = fetch(strings.Replace(get.URL, "X-Amz-Expires=60", "X-Amz-Expires=6000", 1))
	require.Equal(t, 403, status, "the expiry is signed")
	require.Contains(t, text, "<Code>")
	status, _ = fetch(s.endpoint + "/" + *b + "/a/x")
	require.Equal(t, 403, status, "nothing is public")
}

// TestS3VirtualHost names the bucket in the host, as SDKs do for endpoints with
// a DNS name.
func TestS3VirtualHost(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	address := strings.TrimPrefix(s.endpoint, "http://")
	_, port, err := net.SplitHostPort(address)
	require.NoError(t, err)
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}
	for _, host := range []string{"localhost", "s3.scops.test", "s3." + region + ".amazonaws.com"} {
		c := s3.New(s3.Options{
			BaseEndpoint: aws.String("http://" + host + ":" + port), Region: region, Credentials: s.provider(),
			HTTPClient: &http.Client{Transport: &http.Transport{DialContext: dial}},
		})
		b := aws.String(unique("vh-"))
		_, err := c.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: b, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: region}})
		require.NoError(t, err, host)
		_, err = c.PutObject(ctx, &s3.PutObjectInput{Bucket: b, Key: aws.String("x/한"), Body: strings.NewReader(host)})
		require.NoError(t, err, host)
		listed, err := c.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: b})
		require.NoError(t, err)
		require.Len(t, listed.Contents, 1)
		require.Equal(t, host, string(s.get("s3://"+*b+"/x/한")), "the same object by path")
	}
}
