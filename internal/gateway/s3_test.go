package gateway_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/feature/s3/manager"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/scopsdb/scops/internal/credentials"
	"github.com/stretchr/testify/require"
)

func read(t *testing.T, body io.ReadCloser) string {
	t.Helper()
	defer body.Close()
	b, err := io.ReadAll(body)
	require.NoError(t, err)
	return string(b)
}

// Every region works, over http and https (where the SDK sends chunks with a
// trailing checksum).
func TestS3Objects(t *testing.T) {
	s := start(t)
	ctx := t.Context()
	for i, region := range []string{"ap-northeast-2", "us-east-1", "eu-central-1"} {
		for j, endpoint := range []string{s.url, s.httpsURL} {
			c := s.s3(region, func(o *s3.Options) { o.BaseEndpoint = &endpoint })
			bucket := aws.String(fmt.Sprintf("bucket-%d-%d", i, j))
			in := &s3.CreateBucketInput{Bucket: bucket}
			if region != "us-east-1" {
				in.CreateBucketConfiguration = &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(region)}
			}
			_, err := c.CreateBucket(ctx, in)
			require.NoError(t, err)
			key := aws.String("dir/한국 a+b&c=d.txt")
			put, err := c.PutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: key, Body: strings.NewReader("hello world"), ContentType: aws.String("text/x"), Metadata: map[string]string{"m": "v"}})
			require.NoError(t, err)
			require.Equal(t, `"5eb63bbbe01eeed093cb22bb8f5acdc3"`, *put.ETag)
			require.NotNil(t, cmp(put.ChecksumCRC32, put.ChecksumCRC64NVME), "the checksum comes back")
			get, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: key, Range: aws.String("bytes=6-8")})
			require.NoError(t, err)
			require.Equal(t, "bytes 6-8/11", *get.ContentRange)
			require.Equal(t, "wor", read(t, get.Body))
			require.Equal(t, map[string]string{"m": "v"}, get.Metadata)
			require.Equal(t, "text/x", *get.ContentType)

			path, ok := s.objects.LocalPath(*bucket, *key)
			require.True(t, ok)
			onDisk, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, "hello world", string(onDisk))

			list, err := c.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: bucket, Delimiter: aws.String("/")})
			require.NoError(t, err)
			require.Equal(t, "dir/", *list.CommonPrefixes[0].Prefix)
			require.Equal(t, *bucket, *list.Name)
			copied := aws.String("copy")
			_, err = c.CopyObject(ctx, &s3.CopyObjectInput{Bucket: bucket, Key: copied, CopySource: aws.String(*bucket + "/" + strings.ReplaceAll(url.QueryEscape(*key), "+", "%20"))})
			require.NoError(t, err)
			del, err := c.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: bucket, Delete: &types.Delete{Objects: []types.ObjectIdentifier{{Key: key}, {Key: copied}, {Key: aws.String("none")}}}})
			require.NoError(t, err)
			require.Len(t, del.Deleted, 3)
			_, err = c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: bucket, Key: key})
			requireCode(t, "NotFound", err)
			_, err = c.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: bucket})
			require.NoError(t, err)
		}
	}
}

// Keys with characters that mean something in URLs keep them.
func TestS3Keys(t *testing.T) {
	s := start(t)
	ctx := t.Context()
	require.NoError(t, s.objects.CreateBucket(ctx, "data"))
	hosted := "http://localhost" + s.url[strings.LastIndexByte(s.url, ':'):]
	for i, key := range []string{"100%", "a%20b", "q?x=1", "h#x", "p+q", "a&b;c=d", "day=2026-01-01/part-0.parquet", "~!$'()*,:@", "back\\slash", "서울/강남구", "e\u0301", "\"quote\""} {
		c := s.s3("us-east-1", func(o *s3.Options) {
			if i%2 == 0 {
				o.BaseEndpoint = &hosted
			}
		})
		_, err := c.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("data"), Key: &key, Body: strings.NewReader(key)})
		require.NoError(t, err, "%q", key)
		path, ok := s.objects.LocalPath("data", key)
		require.True(t, ok)
		got, err := os.ReadFile(path)
		require.NoError(t, err, "%q", key)
		require.Equal(t, key, string(got))
		get, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("data"), Key: &key})
		require.NoError(t, err)
		require.Equal(t, key, read(t, get.Body))
		list, err := c.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: aws.String("data"), Prefix: &key, EncodingType: types.EncodingTypeUrl})
		require.NoError(t, err)
		require.Len(t, list.Contents, 1, "%q", key)
		_, err = c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String("data"), Key: &key})
		require.NoError(t, err)
	}
}

func TestS3MultipartAndParallelDownload(t *testing.T) { //nolint:staticcheck // the manager is what users have
	s := start(t)
	c := s.s3("us-east-1")
	bucket, key := aws.String("data"), aws.String("big")
	_, err := c.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: bucket})
	require.NoError(t, err)
	body := bytes.Repeat([]byte("0123456789abcdef"), 20<<20/16)
	_, err = manager.NewUploader(c).Upload(t.Context(), &s3.PutObjectInput{Bucket: bucket, Key: key, Body: bytes.NewReader(body)})
	require.NoError(t, err)
	got := manager.NewWriteAtBuffer(nil)
	_, err = manager.NewDownloader(c).Download(t.Context(), got, &s3.GetObjectInput{Bucket: bucket, Key: key})
	require.NoError(t, err)
	require.True(t, bytes.Equal(body, got.Bytes()))

	// A part copied from an object.
	part := aws.String("from-parts")
	up, err := c.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: bucket, Key: part, ChecksumAlgorithm: types.ChecksumAlgorithmCrc32})
	require.NoError(t, err)
	out, err := c.UploadPartCopy(t.Context(), &s3.UploadPartCopyInput{Bucket: bucket, Key: part, UploadId: up.UploadId, PartNumber: aws.Int32(1), CopySource: aws.String("data/big"), CopySourceRange: aws.String("bytes=16-31")})
	require.NoError(t, err)
	_, err = c.CompleteMultipartUpload(t.Context(), &s3.CompleteMultipartUploadInput{Bucket: bucket, Key: part, UploadId: up.UploadId, MultipartUpload: &types.CompletedMultipartUpload{
		Parts: []types.CompletedPart{{PartNumber: aws.Int32(1), ETag: out.CopyPartResult.ETag, ChecksumCRC32: out.CopyPartResult.ChecksumCRC32}}}})
	require.NoError(t, err)
	get, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: bucket, Key: part})
	require.NoError(t, err)
	require.Equal(t, "0123456789abcdef", read(t, get.Body))
}

func TestS3Errors(t *testing.T) {
	s := start(t)
	ctx := t.Context()
	_, err := s.s3("us-east-1").GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("none"), Key: aws.String("k")})
	requireCode(t, "NoSuchBucket", err)
	wrong := s3.NewFromConfig(s.config(credentials.Pair{AccessKeyID: root.AccessKeyID, SecretAccessKey: "x"}, "", "eu-west-3"))
	_, err = wrong.ListBuckets(ctx, nil)
	requireCode(t, "SignatureDoesNotMatch", err)
	unknown := s3.NewFromConfig(s.config(credentials.Pair{AccessKeyID: "AKIAOTHER", SecretAccessKey: "x"}, "", "eu-west-3"))
	_, err = unknown.ListBuckets(ctx, nil)
	requireCode(t, "InvalidAccessKeyId", err)
	for _, name := range []string{"_under", "Upper", "a"} {
		_, err = s.s3("us-east-1").CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &name})
		require.Error(t, err)
	}
	require.NoError(t, s.objects.CreateBucket(ctx, "data"))
	for _, key := range []string{"a//b", "a/../b", "a/./b", "/a", "../../b", ".sgwtmp/x"} {
		_, err = s.s3("us-east-1").PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("data"), Key: &key, Body: strings.NewReader("x")})
		require.Error(t, err, "%q must not be stored under another name", key)
	}
	infos, _, err := s.objects.List(ctx, "data", "", "", 10)
	require.NoError(t, err)
	require.Empty(t, infos)

	// versitygw's admin API is not there.
	req, err := http.NewRequest(http.MethodPatch, s.url+"/list-users", nil)
	require.NoError(t, err)
	resp, err := s.client.Do(req)
	require.NoError(t, err)
	require.NotEqual(t, 200, resp.StatusCode)
	require.Equal(t, "scops", resp.Header.Get("Server"))
	require.NoError(t, resp.Body.Close())
}

// Pages of a listing are in key order and leave nothing out.
func TestS3ListingOrder(t *testing.T) {
	s := start(t)
	ctx := t.Context()
	require.NoError(t, s.objects.CreateBucket(ctx, "data"))
	for _, key := range []string{"a", "b-c", "b.txt", "b/1", "b/2/x", "b/2/y", "b/2-x", "b0", "c/d/e/f", "서울/강남구", "Z", "_x", "b/2/x-1", "b/2/x.1"} {
		_, err := s.objects.Put(ctx, "data", key, strings.NewReader("x"), 1, putOptions)
		require.NoError(t, err)
	}
	for _, prefix := range []string{"", "b", "b/", "b/2", "b/2/"} {
		infos, _, err := s.objects.List(ctx, "data", prefix, "", 100)
		require.NoError(t, err)
		var want, got []string
		for _, i := range infos {
			want = append(want, i.Key)
		}
		pages := s3.NewListObjectsV2Paginator(s.s3("us-east-1"), &s3.ListObjectsV2Input{Bucket: aws.String("data"), Prefix: &prefix, MaxKeys: aws.Int32(2)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			require.NoError(t, err)
			for _, o := range page.Contents {
				got = append(got, *o.Key)
			}
		}
		require.Equal(t, want, got, "prefix %q", prefix)
	}
}

// The bucket may be in the host, whatever the host is called.
func TestS3VirtualHosts(t *testing.T) {
	s := start(t)
	ctx := t.Context()
	addr := strings.TrimPrefix(s.url, "http://")
	_, port, err := net.SplitHostPort(addr)
	require.NoError(t, err)
	for i, host := range []string{"localhost", "s3.amazonaws.com", "s3.ap-northeast-2.amazonaws.com", "scops.example.com", "scops"} {
		endpoint := "http://" + host + ":" + port
		c := s3.NewFromConfig(s.config(root, "", "ap-northeast-2"), func(o *s3.Options) {
			o.BaseEndpoint = &endpoint
		})
		bucket, key := aws.String(fmt.Sprintf("host-%d", i)), aws.String("a b/c")
		_, err := c.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: bucket, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: "ap-northeast-2"}})
		require.NoError(t, err, host)
		_, err = c.PutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: key, Body: strings.NewReader(host)})
		require.NoError(t, err, host)
		get, err := s.s3("us-east-1").GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: key})
		require.NoError(t, err)
		require.Equal(t, host, read(t, get.Body))
		list, err := c.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: bucket})
		require.NoError(t, err)
		require.Len(t, list.Contents, 1)
		all, err := c.ListBuckets(ctx, nil)
		require.NoError(t, err)
		require.Len(t, all.Buckets, i+1)
		link, err := s3.NewPresignClient(c).PresignGetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: key})
		require.NoError(t, err)
		resp, err := s.client.Get(link.URL)
		require.NoError(t, err)
		require.Equal(t, host, read(t, resp.Body))
	}
}

func TestS3Presigned(t *testing.T) {
	s := start(t)
	ctx := t.Context()
	require.NoError(t, s.objects.CreateBucket(ctx, "data"))
	p := s3.NewPresignClient(s.s3("eu-west-2"))
	put, err := p.PresignPutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("data"), Key: aws.String("a b")}, s3.WithPresignExpires(time.Minute))
	require.NoError(t, err)
	req, err := http.NewRequest(http.MethodPut, put.URL, strings.NewReader("by link"))
	require.NoError(t, err)
	resp, err := s.client.Do(req)
	require.NoError(t, err)
	require.Equal(t, 200, resp.StatusCode, read(t, resp.Body))
	get, err := p.PresignGetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("data"), Key: aws.String("a b")}, s3.WithPresignExpires(time.Minute))
	require.NoError(t, err)
	resp, err = s.client.Get(get.URL)
	require.NoError(t, err)
	require.Equal(t, "by link", read(t, resp.Body))
	resp, err = s.client.Get(strings.Replace(get.URL, "a%20b", "other", 1))
	require.NoError(t, err)
	require.Contains(t, read(t, resp.Body), "SignatureDoesNotMatch")
}

// boto3 still makes these for us-east-1.
func TestS3PresignedVersion2(t *testing.T) {
	s := start(t)
	ctx := t.Context()
	require.NoError(t, s.objects.CreateBucket(ctx, "data"))
	_, err := s.objects.Put(ctx, "data", "a b/서울", strings.NewReader("two"), 3, putOptions)
	require.NoError(t, err)
	path := (&url.URL{Path: "/data/a b/서울"}).EscapedPath()
	get := func(expires int64, secret, extra string) (int, string) {
		mac := hmac.New(sha1.New, []byte(secret))
		fmt.Fprintf(mac, "GET\n\n\n%d\n%s%s", expires, path, extra)
		sig := url.QueryEscape(base64.StdEncoding.EncodeToString(mac.Sum(nil)))
		u := fmt.Sprintf("%s%s?AWSAccessKeyId=%s&Signature=%s&Expires=%d", s.url, path, root.AccessKeyID, sig, expires)
		if extra != "" {
			u += "&" + strings.TrimPrefix(extra, "?")
		}
		resp, err := s.client.Get(u)
		require.NoError(t, err)
		return resp.StatusCode, read(t, resp.Body)
	}
	soon := time.Now().Add(time.Minute).Unix()
	status, text := get(soon, root.SecretAccessKey, "")
	require.Equal(t, 200, status, text)
	require.Equal(t, "two", text)
	status, text = get(soon, root.SecretAccessKey, "?response-content-type=text/x")
	require.Equal(t, 200, status, text)
	status, text = get(soon, "wrong", "")
	require.Equal(t, 403, status)
	require.Contains(t, text, "SignatureDoesNotMatch")
	status, text = get(time.Now().Add(-time.Second).Unix(), root.SecretAccessKey, "")
	require.Equal(t, 403, status)
	require.Contains(t, text, "Request has expired")
}

func TestS3WithTemporaryCredentials(t *testing.T) {
	s := start(t)
	ctx := t.Context()
	require.NoError(t, s.objects.CreateBucket(ctx, "data"))
	role, err := s.sts().AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::000000000000:role/reader"), RoleSessionName: aws.String("test"), DurationSeconds: aws.Int32(900)})
	require.NoError(t, err)
	pair := credentials.Pair{AccessKeyID: *role.Credentials.AccessKeyId, SecretAccessKey: *role.Credentials.SecretAccessKey}
	cfg := s.config(pair, *role.Credentials.SessionToken, "us-west-2")
	who, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, nil)
	require.NoError(t, err)
	require.Equal(t, "arn:aws:sts::000000000000:assumed-role/reader/test", *who.Arn)
	c := s3.NewFromConfig(cfg)
	_, err = c.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("data"), Key: aws.String("k"), Body: strings.NewReader("x")})
	require.NoError(t, err)
	list, err := c.ListBuckets(ctx, nil)
	require.NoError(t, err)
	require.Len(t, list.Buckets, 1)
	_, err = s3.NewFromConfig(s.config(pair, "other", "us-west-2")).ListBuckets(ctx, nil)
	requireCode(t, "InvalidToken", err)
	s.keys.Issue("arn", "id", time.Hour)
}

// A client that goes away in the middle of an upload leaves no object.
func TestS3BrokenUpload(t *testing.T) {
	s := start(t)
	ctx := t.Context()
	require.NoError(t, s.objects.CreateBucket(ctx, "data"))
	link, err := s3.NewPresignClient(s.s3("us-east-1")).PresignPutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("data"), Key: aws.String("half")})
	require.NoError(t, err)
	u, err := url.Parse(link.URL)
	require.NoError(t, err)
	conn, err := net.Dial("tcp", u.Host)
	require.NoError(t, err)
	fmt.Fprintf(conn, "PUT %s HTTP/1.1\r\nHost: %s\r\nContent-Length: 100000\r\n\r\n%s", u.RequestURI(), u.Host, strings.Repeat("x", 50_000))
	require.NoError(t, conn.(*net.TCPConn).CloseWrite())
	answer, err := io.ReadAll(conn)
	require.NoError(t, err)
	require.NotContains(t, string(answer), "200 OK")
	_, err = s.objects.Head(ctx, "data", "half")
	require.Error(t, err)
}

// The JavaScript SDK sends chunks of its own inside HTTP's, whose end must be
// read too: the connection goes on.
func TestS3ChunkedUpload(t *testing.T) {
	s := start(t)
	ctx := t.Context()
	require.NoError(t, s.objects.CreateBucket(ctx, "data"))
	send := func(body string) (int, bool) {
		var reused bool
		trace := &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) { reused = i.Reused }}
		r, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace), http.MethodPut, s.url+"/data/js", io.MultiReader(strings.NewReader(body)))
		require.NoError(t, err)
		r.ContentLength = -1
		const payload = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
		for k, v := range map[string]string{"X-Amz-Content-Sha256": payload, "Content-Encoding": "aws-chunked", "X-Amz-Trailer": "x-amz-checksum-crc32", "X-Amz-Decoded-Content-Length": "5"} {
			r.Header.Set(k, v)
		}
		require.NoError(t, v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true }).SignHTTP(ctx,
			aws.Credentials{AccessKeyID: root.AccessKeyID, SecretAccessKey: root.SecretAccessKey}, r, payload, "s3", "us-east-1", time.Now()))
		resp, err := s.client.Do(r)
		require.NoError(t, err)
		t.Log(read(t, resp.Body))
		return resp.StatusCode, reused
	}
	for i := range 4 {
		status, reused := send("5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n")
		require.Equal(t, 200, status)
		require.Equal(t, i > 0, reused)
	}
	status, _ := send("5\r\nhellO\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n")
	require.Equal(t, 400, status, "the checksum is verified")
	r, _, err := s.objects.Get(ctx, "data", "js", 0, -1)
	require.NoError(t, err)
	require.Equal(t, "hello", read(t, r))
}

// cmp returns the first that is there.
func cmp(ps ...*string) *string {
	for _, p := range ps {
		if p != nil {
			return p
		}
	}
	return nil
}
