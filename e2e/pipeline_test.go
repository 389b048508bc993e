package e2e

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/scopsdb/scops/internal/httpapi"
	"github.com/stretchr/testify/require"
)

// eventsPipeline is a configuration with one delivery of small batches: queue
// events → table shop.events. Table shop.listed lies over the same folder, for
// readers that list the bucket instead of asking the catalog.
const eventsPipeline = `
queues:
  - name: events
buckets:
  - name: lake
statements:
  - sql: CREATE DATABASE IF NOT EXISTS shop
  - sql: |
      CREATE EXTERNAL TABLE IF NOT EXISTS shop.events (id bigint, sender int, at timestamp)
      PARTITIONED BY (year string, month string, day string)
      STORED AS PARQUET LOCATION 's3://lake/events/'
  - sql: |
      CREATE EXTERNAL TABLE IF NOT EXISTS shop.listed (id bigint, sender int, at timestamp)
      STORED AS PARQUET LOCATION 's3://lake/events/'
deliveries:
  - name: events
    queue: events
    table: shop.events
    event_time: at
    max_wait: 50ms
    max_file_wait: 50ms
    errors: s3://logs/errors/
`

// sender is an SQS client that never sends twice: an event without an answer
// is one whose fate nobody knows.
func (s *scops) sender() *sqs.Client {
	return sqs.New(sqs.Options{BaseEndpoint: &s.endpoint, Region: region, Credentials: s.provider(), Retryer: aws.NopRetryer{}})
}

// eventsQueue is the URL of queue events. Only its path matters.
const eventsQueue = "http://127.0.0.1/000000000000/events"

// books are the numbers of a delivery.
type books struct {
	state, reason                                         string
	sent, inQueue, inFlight, inFiles, rejected, elsewhere int64
	filtered, duplicates                                  int64
}

func (b books) waiting() int64 { return b.inQueue + b.inFlight }

// readBooks asks for the books of the one delivery; they must balance.
func (s *scops) readBooks(ctx context.Context) (books, error) {
	list, err := s.client().Deliveries(ctx)
	if err != nil {
		return books{}, err
	}
	if len(list) != 1 {
		return books{}, fmt.Errorf("%d deliveries, expected one", len(list))
	}
	d := list[0]
	b := books{string(d.State), d.Reason, d.Sent, d.InQueue, d.InFlight, d.InFiles, d.Rejected, d.Elsewhere, d.Filtered, d.Duplicates}
	if b.sent != b.inQueue+b.inFlight+b.inFiles+b.rejected+b.filtered+b.duplicates+b.elsewhere || b.elsewhere != 0 ||
		min(b.inQueue, b.inFlight, b.inFiles, b.rejected) < 0 {
		return b, fmt.Errorf("%w: %+v", errUnbalanced, b)
	}
	return b, nil
}

var errUnbalanced = errors.New("the books do not balance")

// awaitBooks waits until the books are as wanted.
func awaitBooks(t testing.TB, s *scops, within time.Duration, what string, wanted func(books) bool) books {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(within); ; <-tick.C {
		b, err := s.readBooks(t.Context())
		require.NoError(t, err)
		if wanted(b) {
			return b
		}
		require.True(t, time.Now().Before(deadline), "not %s within %s: %+v", what, within, b)
	}
}

func delivered(b books) bool { return b.waiting() == 0 }

// countIDs returns how often each id is in a table.
func countIDs(t testing.TB, s *scops, table string) map[int64]int {
	t.Helper()
	rows, err := s.client().Query(t.Context(), httpapi.QueryRequest{SQL: "SELECT id FROM " + table})
	require.NoError(t, err)
	defer rows.Close()
	found := map[int64]int{}
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return found
		}
		require.NoError(t, err)
		var n json.Number
		require.NoError(t, json.Unmarshal(row[0], &n))
		id, err := n.Int64()
		require.NoError(t, err)
		found[id]++
	}
}

// objectKeys lists a bucket with the S3 API.
func objectKeys(t testing.TB, s *scops, bucket, prefix string) (keys []string) {
	t.Helper()
	pages := s3.NewListObjectsV2Paginator(s.s3(), &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		require.NoError(t, err)
		for _, o := range page.Contents {
			keys = append(keys, *o.Key)
		}
	}
	return keys
}

// errorRecord is a line of the error location.
type errorRecord struct {
	Reason       string `json:"reason"`
	MessageID    string `json:"message_id"`
	SentAt       string `json:"sent_at"`
	Delivery     string `json:"delivery"`
	BatchID      string `json:"batch_id"`
	Body         string `json:"body"`
	BodyEncoding string `json:"body_encoding"`
}

// errorRecords reads the whole error location with the S3 API.
func errorRecords(t testing.TB, s *scops) (records []errorRecord) {
	t.Helper()
	for _, key := range objectKeys(t, s, "logs", "errors/") {
		out, err := s.s3().GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("logs"), Key: &key})
		require.NoError(t, err)
		z, err := gzip.NewReader(out.Body)
		require.NoError(t, err, key)
		for lines := json.NewDecoder(z); ; {
			var r errorRecord
			err := lines.Decode(&r)
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err, key)
			records = append(records, r)
		}
		require.NoError(t, out.Body.Close())
	}
	return records
}
