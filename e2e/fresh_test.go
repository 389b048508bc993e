package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/client"
	"github.com/scopsdb/scops/internal/httpapi"
)

// freshPipeline writes files long after its events are seen, or all the time.
const freshPipeline = `
queues: [{name: patient}, {name: busy}]
buckets: [{name: lake}]
statements:
  - sql: CREATE DATABASE IF NOT EXISTS shop
  - sql: CREATE EXTERNAL TABLE IF NOT EXISTS shop.patient (id bigint, note string) PARTITIONED BY (shop string) STORED AS PARQUET LOCATION 's3://lake/patient/'
  - sql: CREATE EXTERNAL TABLE IF NOT EXISTS shop.busy (id bigint) PARTITIONED BY (dt string) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/busy/'
  - sql: CREATE OR REPLACE VIEW shop.both AS SELECT id FROM shop.patient UNION ALL SELECT id FROM shop.busy
deliveries:
  - {name: patient, queue: patient, table: shop.patient, max_wait: 10m, errors: 's3://logs/errors/'}
  - {name: busy, queue: busy, table: shop.busy, max_wait: 1ms, max_file_wait: 1ms, errors: 's3://logs/errors/'}
`

// ask runs a query of one row in one call.
func ask(ctx context.Context, c *client.Client, q httpapi.QueryRequest) (row []string, s httpapi.Statistics, err error) {
	rows, err := c.Query(ctx, q)
	if err != nil {
		return nil, s, err
	}
	defer rows.Close()
	for {
		values, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return row, rows.Statistics, nil
		}
		if err != nil {
			return nil, s, err
		}
		row = nil
		for _, v := range values {
			var text any
			if err := json.Unmarshal(v, &text); err != nil {
				return nil, s, err
			}
			row = append(row, fmt.Sprint(text))
		}
	}
}

func sendTo(t testing.TB, c *sqs.Client, queue, body string) string {
	sent, err := c.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: aws.String("http://127.0.0.1/000000000000/" + queue), MessageBody: &body})
	require.NoError(t, err)
	return aws.ToString(sent.MessageId)
}

// TestReadYourWrites: a query that waits for a message sees its event, long
// before a file is written, and also after a kill.
func TestReadYourWrites(t *testing.T) {
	t.Parallel()
	s := start(t, freshPipeline)
	q, c := s.sender(), s.client()
	var last string
	for n := 1; n <= 10; n++ {
		before := time.Now()
		last = sendTo(t, q, "patient", fmt.Sprintf(`{"id":%d,"note":"n","shop":"s%d"}`, n, n%3))
		row, stats, err := ask(t.Context(), c, httpapi.QueryRequest{SQL: "SELECT count(*), max(id) FROM shop.patient", WaitFor: last})
		require.NoError(t, err)
		require.Equal(t, []string{fmt.Sprint(n), fmt.Sprint(n)}, row)
		require.Equal(t, n, stats.MemoryRows)
		require.Zero(t, stats.BytesScanned)
		require.Zero(t, stats.Files)
		require.False(t, stats.CompleteUpTo["shop.patient"].Before(before.Truncate(time.Millisecond)), "what was answered before is there")
	}
	row, stats, err := ask(t.Context(), c, httpapi.QueryRequest{SQL: "SELECT count(*) FROM both", Database: "shop", WaitFor: "now"})
	require.NoError(t, err)
	require.Equal(t, []string{"10"}, row)
	require.Len(t, stats.CompleteUpTo, 2)
	require.Equal(t, [][]string{{last, "<NULL>", "<NULL>", "<NULL>", "shop=s1", "s1"}},
		values(t, s.athena(), `SELECT "$message_id", "$path", "$file_size", "$file_modified_time", "$partition", shop FROM shop.patient WHERE id = 10`),
		"it is in no file, and its partition is known")
	row, _, err = ask(t.Context(), c, httpapi.QueryRequest{SQL: "SELECT count(*) FROM shop.patient WHERE shop = 's1'"})
	require.NoError(t, err)
	require.Equal(t, []string{"4"}, row)

	bad := sendTo(t, q, "patient", `{"id":"eleven"}`)
	_, _, err = ask(t.Context(), c, httpapi.QueryRequest{SQL: "SELECT * FROM shop.patient", WaitFor: bad})
	var failed *client.Error
	require.ErrorAs(t, err, &failed)
	require.Equal(t, "EVENT_REJECTED", failed.Code)
	require.Contains(t, failed.Message, "column id")
	_, _, err = ask(t.Context(), c, httpapi.QueryRequest{SQL: "SELECT 1", WaitFor: bad})
	require.ErrorAs(t, err, &failed)
	require.Equal(t, "INVALID_PARAMETER_USAGE", failed.Code)

	stdout, stderr, err := s.command(t.Context(), "query", "--data", s.data, "--wait-for", last, "--format", "csv", "SELECT count(*) AS n FROM shop.patient")
	require.NoError(t, err, stderr)
	require.Equal(t, "n\n10\n", stdout)
	require.Contains(t, stderr, "shop.patient is complete up to 20")

	s.kill()
	s.run()
	row, _, err = ask(t.Context(), s.client(), httpapi.QueryRequest{SQL: "SELECT count(*), count(DISTINCT id) FROM shop.patient", WaitFor: "now"})
	require.NoError(t, err)
	require.Equal(t, []string{"10", "10"}, row)
}

// TestCountsNeverFall counts while events are sent one after the other and
// batches are committed as fast as they can be: every count has all that
// complete_up_to promises, and no event twice.
func TestCountsNeverFall(t *testing.T) {
	t.Parallel()
	const events = 400
	s := start(t, freshPipeline)
	var mu sync.Mutex
	var answered []time.Time
	var sent atomic.Int64
	done := make(chan struct{})
	go func() {
		defer close(done)
		q := s.sender()
		for n := range events {
			sent.Add(1)
			sendTo(t, q, "busy", fmt.Sprintf(`{"id":%d}`, n))
			mu.Lock()
			answered = append(answered, time.Now())
			mu.Unlock()
		}
	}()
	c, last := s.client(), 0
	for counted := 0; counted < events; {
		row, stats, err := ask(t.Context(), c, httpapi.QueryRequest{
			SQL: "SELECT count(*), count(DISTINCT id), (SELECT count(*) FROM shop.busy) FROM shop.busy",
		})
		require.NoError(t, err)
		_, err = fmt.Sscan(row[0], &counted)
		require.NoError(t, err)
		require.Equal(t, row[0], row[1], "no event is there twice")
		require.Equal(t, row[0], row[2], "a query reads one moment")
		promised := 0
		mu.Lock()
		for _, at := range answered {
			if at.Before(stats.CompleteUpTo["shop.busy"]) {
				promised++
			}
		}
		mu.Unlock()
		require.GreaterOrEqual(t, counted, max(last, promised))
		require.LessOrEqual(t, counted, int(sent.Load()))
		last = counted
	}
	<-done
}
