package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/record"
	"github.com/scopsdb/scops/internal/formats/write"
	"github.com/stretchr/testify/require"
)

// fault is what a faulty network does to requests.
type fault int32

const (
	faultNone    fault = iota
	faultError         // answers 503, having done nothing
	faultLost          // does the request and cuts the connection instead of the answer
	faultCutBody       // cuts the connection in the middle of the answer
	faultSlow          // takes its time
)

// network is a reverse proxy to another server that can be made faulty.
type network struct {
	*httptest.Server
	fault atomic.Int32
	hits  [faultSlow + 1]atomic.Int64 // requests, by fault
	bytes atomic.Int64                // of answers
}

func newNetwork(t testing.TB, to string) *network {
	target, err := url.Parse(to)
	require.NoError(t, err)
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host // which is signed
	}}
	n := &network{}
	n.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if fault(n.fault.Load()) == faultError {
			n.hits[faultError].Add(1)
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		answer := httptest.NewRecorder()
		proxy.ServeHTTP(answer, r)
		n.answer(w, answer)
	}))
	n.Config.ErrorLog = nil
	t.Cleanup(n.Close)
	return n
}

// answer hands on what the server said, with the fault of this moment.
func (n *network) answer(w http.ResponseWriter, a *httptest.ResponseRecorder) {
	f := fault(n.fault.Load())
	n.hits[f].Add(1)
	body := a.Body.Bytes()
	n.bytes.Add(int64(len(body)))
	switch f {
	case faultLost:
		panic(http.ErrAbortHandler)
	case faultCutBody:
		body = body[:len(body)/2]
	case faultSlow:
		time.Sleep(300 * time.Millisecond)
	}
	maps.Copy(w.Header(), a.Header())
	w.WriteHeader(a.Code)
	_, _ = w.Write(body)
	if f == faultCutBody {
		panic(http.ErrAbortHandler)
	}
}

// TestRemoteStore delivers to a bucket of another server whose network fails in
// every way, and reads it back: each event is there once, for scops and for who
// lists the bucket.
func TestRemoteStore(t *testing.T) {
	t.Parallel()
	far := start(t, "buckets: [{name: far-lake}]")
	net := newNetwork(t, far.endpoint)
	s := start(t, fmt.Sprintf(`
buckets: [{name: logs}]
stores:
  - {name: far, endpoint: %q, region: %s, buckets: [far-lake], access_key_id: %s, secret_access_key: %q}
queues: [{name: events}]
statements:
  - sql: CREATE DATABASE IF NOT EXISTS shop
  - sql: |
      CREATE EXTERNAL TABLE IF NOT EXISTS shop.events (id bigint, note string)
      PARTITIONED BY (kind string) STORED AS PARQUET LOCATION 's3://far-lake/events/'
deliveries:
  - {name: events, queue: events, table: shop.events, max_wait: 20ms, errors: "s3://logs/errors/"}
compaction: {grace: 1s}
`, net.URL, region, far.keyID, far.secret))
	faults := []fault{faultError, faultLost, faultCutBody, faultSlow, faultNone}
	const each = 40
	next := 0
	for i, f := range faults {
		before := net.hits[f].Load()
		net.fault.Store(int32(f))
		for range each / 10 {
			sendKinds(t, s, next, 10)
			next += 10
		}
		if i < len(faults)-1 { // until the fault has met a request
			require.Eventually(t, func() bool { return net.hits[f].Load() > before }, 30*time.Second, 5*time.Millisecond)
		}
	}
	awaitBooks(t, s, time.Minute, "delivered", func(b books) bool { return delivered(b) && b.inFiles == int64(next) })
	found := countIDs(t, s, "shop.events")
	require.Len(t, found, next)
	for id, n := range found {
		require.Equal(t, 1, n, "event %d", id)
	}
	// Another reader: an external table of the far server over the same folder.
	run(t, far.athena(), "CREATE DATABASE shop")
	run(t, far.athena(), "CREATE EXTERNAL TABLE shop.listed (id bigint, note string) STORED AS PARQUET LOCATION 's3://far-lake/events/'")
	require.Equal(t, found, countIDs(t, far, "shop.listed"))
	require.Empty(t, objectKeysOrNone(t, s, "far-lake"), "nothing of it is stored here")

	for range 9 { // files to be merged
		sendKinds(t, s, next, 2)
		next += 2
		awaitBooks(t, s, time.Minute, "delivered", func(b books) bool { return b.inFiles == int64(next) })
	}
	net.fault.Store(int32(faultLost))
	_, _ = s.client().Compact(t.Context(), "") // it fails, unless it has nothing to merge
	net.fault.Store(int32(faultNone))
	_, err := s.client().Compact(t.Context(), "")
	require.NoError(t, err)
	awaitPublished(t, s, far, "far-lake")
	found = countIDs(t, s, "shop.events")
	require.Len(t, found, next)
	require.Equal(t, found, countIDs(t, far, "shop.listed"))
	repairFar(t, s, far)
	readColumns(t, s, far, net)
	writeFar(t, s, far, net)
}

// writeFar writes tables in the far bucket by SQL. A statement that the network
// breaks leaves no row, and after a start no object.
func writeFar(t *testing.T, s, far *scops, net *network) {
	t.Helper()
	a := s.athena()
	run(t, a, "CREATE TABLE shop.made WITH (external_location = 's3://far-lake/made/', partitioned_by = ARRAY['p']) AS SELECT n, n % 3 AS p FROM UNNEST(sequence(1, 30)) AS t (n)")
	run(t, a, "INSERT INTO shop.made SELECT n + 100, p FROM shop.made")
	sum := func() [][]string { return values(t, s.athena(), "SELECT count(*), sum(n) FROM shop.made") }
	require.Equal(t, [][]string{{"60", "3930"}}, sum())
	before := far.listed("far-lake", "made/")
	net.fault.Store(int32(faultLost))
	requireFailed(t, execute(t, a, "INSERT INTO shop.made VALUES (1, 0)"), "")
	net.fault.Store(int32(faultNone))
	require.Equal(t, [][]string{{"60", "3930"}}, sum(), "whatever is left of it is hidden")
	s.kill()
	s.run()
	require.Equal(t, before, far.listed("far-lake", "made/"))
	require.Equal(t, [][]string{{"60", "3930"}}, sum())
}

// readColumns reads columns of a wide Parquet object in the far bucket: only
// their bytes come over the network, and they do so once.
func readColumns(t *testing.T, s, far *scops, net *network) {
	t.Helper()
	const columns, rows = 20, 20_000
	var list []record.Column
	var ddl []string
	for i := range columns {
		column, err := record.NewColumn(fmt.Sprintf("c%d", i), "bigint")
		require.NoError(t, err)
		list = append(list, column)
		ddl = append(ddl, fmt.Sprintf("c%d bigint", i))
	}
	w, err := write.New(formats.Format{Kind: formats.Parquet, Compression: "NONE"}, list)
	require.NoError(t, err)
	var object bytes.Buffer
	w.Reset(&object)
	rng, sums, row := rand.New(rand.NewPCG(1, 1)), make([]int64, columns), make([]record.Value, columns)
	for range rows {
		for i := range row {
			v := rng.Int64N(1 << 40)
			sums[i] += v
			row[i] = record.Value{Valid: true, Int: v}
		}
		require.NoError(t, w.Write(row))
	}
	require.NoError(t, w.Close())
	size := int64(object.Len())
	require.Greater(t, size, int64(columns*rows*5))
	_, err = far.s3().PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("far-lake"), Key: aws.String("wide/a.parquet"), Body: bytes.NewReader(object.Bytes())})
	require.NoError(t, err)
	run(t, s.athena(), "CREATE EXTERNAL TABLE shop.wide ("+strings.Join(ddl, ", ")+") STORED AS PARQUET LOCATION 's3://far-lake/wide/'")

	ask := func(column int) (came int64) {
		t.Helper()
		before := net.bytes.Load()
		sql := fmt.Sprintf("SELECT sum(c%d), count(*) FROM shop.wide", column)
		require.Equal(t, [][]string{{fmt.Sprint(sums[column]), fmt.Sprint(rows)}}, values(t, s.athena(), sql))
		return net.bytes.Load() - before
	}
	require.Less(t, ask(3), size/8, "one column of twenty and the footer")
	require.Less(t, ask(3), int64(4<<10), "it is here")
	require.Less(t, ask(17), size/8)
	s.kill()
	s.run()
	require.Less(t, ask(17), int64(4<<10), "the cache outlives the process")
	require.Less(t, ask(5), size/8)
	require.Equal(t, [][]string{{fmt.Sprint(rows)}}, values(t, s.athena(), "SELECT count(*) FROM shop.wide"))
	all := values(t, s.athena(), "SELECT sum(c0), sum(c1), sum(c2), sum(c3), sum(c4), sum(c5), sum(c6), sum(c7), sum(c8), sum(c9), sum(c10), sum(c11), sum(c12), sum(c13), sum(c14), sum(c15), sum(c16), sum(c17), sum(c18), sum(c19) FROM shop.wide")
	for i, sum := range sums {
		require.Equal(t, fmt.Sprint(sum), all[0][i])
	}
}

// repairFar finds the partitions of an external table in the far bucket by
// their folders.
func repairFar(t *testing.T, s, far *scops) {
	for _, key := range []string{"mended/kind=a/1", "mended/kind=a/2", "mended/kind=b/deep/1"} {
		_, err := far.s3().PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("far-lake"), Key: &key, Body: strings.NewReader("1")})
		require.NoError(t, err)
	}
	a := s.athena()
	run(t, a, "CREATE EXTERNAL TABLE shop.mended (id bigint) PARTITIONED BY (kind string) LOCATION 's3://far-lake/mended/'")
	rows, _ := results(t, a, *execute(t, a, "MSCK REPAIR TABLE shop.mended").QueryExecutionId)
	require.Equal(t, [][]string{
		{"Partitions not in metastore:\tmended:kind=a\tmended:kind=b"},
		{"Repair: Added partition to metastore mended:kind=a"},
		{"Repair: Added partition to metastore mended:kind=b"},
	}, rows)
	rows, _ = results(t, a, *execute(t, a, "SELECT count(*) FROM shop.mended").QueryExecutionId)
	require.Equal(t, "3", rows[len(rows)-1][0])
}

func sendKinds(t testing.TB, s *scops, first, n int) {
	t.Helper()
	entries := make([]types.SendMessageBatchRequestEntry, n)
	for i := range entries {
		body, err := json.Marshal(map[string]any{"id": first + i, "note": "n", "kind": string(rune('a' + i%2))})
		require.NoError(t, err)
		entries[i] = types.SendMessageBatchRequestEntry{Id: aws.String(fmt.Sprint(i)), MessageBody: aws.String(string(body))}
	}
	out, err := s.sqs().SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{QueueUrl: aws.String(eventsQueue), Entries: entries})
	require.NoError(t, err)
	require.Empty(t, out.Failed)
}

// TestRemoteQueue takes the events of another server's queue over a network
// that fails in every way, through a kill of scops: each is in the table once,
// with the id that it had there, and none is left at the source.
func TestRemoteQueue(t *testing.T) {
	t.Parallel()
	far := start(t, "queues: [{name: events}]")
	net := newNetwork(t, far.endpoint)
	yaml := fmt.Sprintf(`
buckets: [{name: lake}]
queues:
  - name: events
    source: {url: %q, endpoint: %q, region: %s, visibility_timeout: 1s, access_key_id: %s, secret_access_key: %q}
statements:
  - sql: CREATE DATABASE IF NOT EXISTS shop
  - sql: |
      CREATE EXTERNAL TABLE IF NOT EXISTS shop.events (id bigint, note string)
      PARTITIONED BY (kind string) STORED AS PARQUET LOCATION 's3://lake/events/'
deliveries:
  - {name: events, queue: events, table: shop.events, max_wait: 20ms, errors: "s3://lake/_errors/"}
`, net.URL+"/000000000000/events", net.URL, region, far.keyID, far.secret)
	s := start(t, yaml)
	next := 0
	for _, f := range []fault{faultLost, faultError, faultCutBody, faultSlow, faultLost} {
		before := net.hits[f].Load()
		net.fault.Store(int32(f))
		sendKinds(t, far, next, 10)
		next += 10
		require.Eventually(t, func() bool { return net.hits[f].Load() > before }, 30*time.Second, time.Millisecond)
	}
	s.kill() // with answers lost on the way
	net.fault.Store(int32(faultNone))
	s.run()
	awaitBooks(t, s, time.Minute, "delivered", func(b books) bool { return delivered(b) && b.inFiles == int64(next) })
	require.Eventually(t, func() bool {
		a, err := far.sqs().GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: aws.String(eventsQueue), AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll}})
		return err == nil && a.Attributes["ApproximateNumberOfMessages"] == "0" && a.Attributes["ApproximateNumberOfMessagesNotVisible"] == "0"
	}, time.Minute, 10*time.Millisecond, "nothing is left at the source")
	found := countIDs(t, s, "shop.events")
	require.Len(t, found, next)
	for id, n := range found {
		require.Equal(t, 1, n, "event %d", id)
	}
}

// objectKeysOrNone lists a bucket that may not exist.
func objectKeysOrNone(t testing.TB, s *scops, bucket string) []string {
	t.Helper()
	_, err := s.s3().HeadBucket(context.Background(), &s3.HeadBucketInput{Bucket: &bucket})
	if err != nil {
		return nil
	}
	return objectKeys(t, s, bucket, "")
}
