package objects

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"
	"github.com/versity/versitygw/s3response"
)

func TestEveryWayOfWritingIsTold(t *testing.T) {
	l, err := OpenLocal(filepath.Join(t.TempDir(), "objects"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, l.Close()) })
	ctx, b := t.Context(), l.Backend()
	require.NoError(t, l.CreateBucket(ctx, "lake"))
	var told []string
	l.OnWrite(func(bucket, key string) { told = append(told, bucket+"/"+key) })
	body := func() *strings.Reader { return strings.NewReader("x") }
	bucket := aws.String("lake")

	_, err = l.Put(ctx, "lake", "a/put", body(), 1, PutOptions{})
	require.NoError(t, err)
	require.NoError(t, l.Copy(ctx, "lake", "a/put", "b/link"))
	_, err = b.CopyObject(ctx, s3response.CopyObjectInput{Bucket: bucket, Key: aws.String("c/copy"), CopySource: aws.String("lake/a/put")})
	require.NoError(t, err)
	up, err := b.CreateMultipartUpload(ctx, s3response.CreateMultipartUploadInput{Bucket: bucket, Key: aws.String("d/parts")})
	require.NoError(t, err)
	part, err := b.UploadPart(ctx, &s3.UploadPartInput{Bucket: bucket, Key: aws.String("d/parts"), UploadId: &up.UploadId, PartNumber: aws.Int32(1), Body: body(), ContentLength: aws.Int64(1)})
	require.NoError(t, err)
	require.Equal(t, []string{"lake/a/put", "lake/b/link", "lake/c/copy"}, told, "a part is no object")
	_, _, err = b.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
		Bucket: bucket, Key: aws.String("d/parts"), UploadId: &up.UploadId,
		MultipartUpload: &types.CompletedMultipartUpload{Parts: []types.CompletedPart{{ETag: part.ETag, PartNumber: aws.Int32(1)}}},
	})
	require.NoError(t, err)
	_, err = l.Put(ctx, "nowhere", "e", body(), 1, PutOptions{})
	require.Error(t, err)
	require.Equal(t, []string{"lake/a/put", "lake/b/link", "lake/c/copy", "lake/d/parts"}, told)
}
