package e2e

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"
)

// TestOnWrite writes objects by every operation of S3 that does, and kills scops
// while others are written: every partition whose object was acknowledged is
// there.
func TestOnWrite(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, "buckets: [{name: lake}]"), context.Background()
	a := s.athena()
	values(t, a, "SELECT 1")
	for _, sql := range []string{
		"CREATE DATABASE shop",
		"CREATE EXTERNAL TABLE shop.seen (n int) PARTITIONED BY (day date) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/t/' TBLPROPERTIES ('scops.crawl'='on-write')",
		"CREATE EXTERNAL TABLE shop.unseen (n int) PARTITIONED BY (day date) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/t/'",
	} {
		rows(t, a, sql)
	}
	line := []byte("{\"n\":1}\n")
	s.put("lake", "t/day=2021-02-01/put", line)
	c := s.s3()
	_, err := c.CopyObject(ctx, &s3.CopyObjectInput{Bucket: aws.String("lake"), Key: aws.String("t/day=2021-02-02/copy"), CopySource: aws.String("lake/t/day=2021-02-01/put")})
	require.NoError(t, err)
	key := aws.String("t/day=2021-02-03/parts")
	up, err := c.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: aws.String("lake"), Key: key})
	require.NoError(t, err)
	part, err := c.UploadPart(ctx, &s3.UploadPartInput{Bucket: aws.String("lake"), Key: key, UploadId: up.UploadId, PartNumber: aws.Int32(1), Body: bytes.NewReader(line)})
	require.NoError(t, err)
	_, err = c.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
		Bucket: aws.String("lake"), Key: key, UploadId: up.UploadId,
		MultipartUpload: &types.CompletedMultipartUpload{Parts: []types.CompletedPart{{ETag: part.ETag, PartNumber: aws.Int32(1)}}},
	})
	require.NoError(t, err)
	days := func() (out []string) {
		for _, row := range values(t, s.athena(), "SELECT day FROM shop.seen WHERE n = 1 GROUP BY day ORDER BY day") {
			out = append(out, row[0])
		}
		return out
	}
	awaitDays := func(want []string) {
		require.Eventually(t, func() bool { return slices.Equal(want, days()) }, 60*time.Second, 10*time.Millisecond)
	}
	want := []string{"2021-02-01", "2021-02-02", "2021-02-03"}
	awaitDays(want)
	require.Equal(t, [][]string{{"0"}}, values(t, a, "SELECT count(*) FROM shop.unseen"), "a table that does not ask sees nothing, as on AWS")

	var mu sync.Mutex
	var acknowledged []string
	var writers sync.WaitGroup
	enough := make(chan struct{})
	for w := range 4 {
		writers.Go(func() {
			for i := 0; ; i++ {
				day := fmt.Sprintf("2022-%02d-%02d", 1+(4*i+w)/28%12, 1+(4*i+w)%28)
				_, err := c.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("lake"), Key: aws.String("t/day=" + day + "/x"), Body: bytes.NewReader(line)},
					func(o *s3.Options) { o.RetryMaxAttempts = 1 })
				if err != nil {
					return // killed
				}
				mu.Lock()
				if acknowledged = append(acknowledged, day); len(acknowledged) == 40 {
					close(enough)
				}
				mu.Unlock()
			}
		})
	}
	<-enough
	s.kill()
	writers.Wait()
	s.run()
	// An object that is there and was not acknowledged may be among the days.
	require.Eventually(t, func() bool {
		got := days()
		return !slices.ContainsFunc(append(acknowledged, want...), func(day string) bool { return !slices.Contains(got, day) })
	}, 60*time.Second, 10*time.Millisecond)
}
