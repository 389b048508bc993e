package config

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	c, err := Parse([]byte(`
region: eu-west-1
queues:
  - {name: q, visibility_timeout: 45s}
statements:
  - sql: CREATE DATABASE IF NOT EXISTS d
deliveries:
  - name: orders
    queue: q
    table: d.orders
    event_time: at
    timezone: Asia/Seoul
    max_wait: 20ms
    max_bytes: 64MiB
    errors: s3://logs/errors/
compaction: {enabled: false, target_file_size: 64MiB, quiet_after: 1m, grace: 0s, max_bytes_per_second: 1MiB}
athena: {hold: 0s, price_per_tb: 5.5, minimum_bytes: 10MB}
`))
	require.NoError(t, err)
	require.Equal(t, "eu-west-1", c.Region)
	require.Equal(t, Duration(45*time.Second), *c.Queues[0].VisibilityTimeout)
	require.Equal(t, Duration(20*time.Millisecond), c.Deliveries[0].MaxWait)
	require.Equal(t, Bytes(64<<20), c.Deliveries[0].MaxBytes)
	require.False(t, *c.Compaction.Enabled)
	require.Equal(t, Bytes(64<<20), *c.Compaction.TargetFileSize)
	require.Equal(t, Duration(time.Minute), *c.Compaction.QuietAfter)
	require.Equal(t, Duration(0), *c.Compaction.Grace)
	require.Equal(t, Bytes(1<<20), *c.Compaction.MaxBytesPerSecond)
	require.Equal(t, Duration(0), *c.Athena.Hold)
	require.Equal(t, Bytes(10_000_000), *c.Athena.MinimumBytes)
}

func TestEmptyIsGood(t *testing.T) {
	for _, text := range []string{"", "\n", "# nothing\n"} {
		_, err := Parse([]byte(text))
		require.NoError(t, err, "%q", text)
	}
}

func TestErrorsNameThePlace(t *testing.T) {
	for text, want := range map[string]string{
		"queue: []":                                                       `unknown field "queue"`,
		"queues:\n  - nam: q":                                             `unknown field "nam"`,
		"queues:\n  - {}":                                                 "queues[0]: name is missing",
		"deliveries:\n  - {name: a}":                                      "deliveries[0]: queue is missing",
		"athena: {hold: soon}":                                            `"soon" is not a duration`,
		"athena: {minimum_bytes: much}":                                   `"much" is not a size`,
		"statements: [{sql: a, file: b}]":                                 "statements[0]: give either file or sql",
		"queues: [{name: q, visibility_timeout: 13h}]":                    "queues[0]: visibility_timeout: 13h0m0s is not whole seconds within 0s and 12h0m0s",
		"queues: [{name: q, visibility_timeout: 10ms}]":                   "queues[0]: visibility_timeout: 10ms is not whole seconds",
		"queues: [{name: q, retention: 1s}]":                              "queues[0]: retention: 1s is not",
		"page: {table: orders}":                                           `page: table "orders" is not of the form database.table`,
		"page: {table: d.orders, timezone: Seoul}":                        `page: timezone: "Seoul" is not a time zone`,
		"page: {table: d.orders, breakdowns: [{title: By district}]}":     "page: breakdowns[0]: column is missing",
		"queues: [{name: q, source: {url: q}}]":                           `queues[0]: source: url: "q" is not the http or https URL of a queue`,
		"queues: [{name: q, source: {url: \"http://h/q\", pollers: 65}}]": "queues[0]: source: pollers: 65 is not within 1 and 64",
		"stores: [{buckets: [a]}]":                                        "stores[0]: name is missing",
		"stores: [{name: s}]":                                             "stores[0]: buckets: name at least one",
		"stores: [{name: s, buckets: [a, a]}]":                            `stores[0]: buckets: "a" is in store "s" already`,
		"stores: [{name: s, buckets: [a], endpoint: far}]":                `stores[0]: endpoint: "far" is not an http or https URL`,
		"stores: [{name: s, buckets: [a], access_key_id: k}]":             "stores[0]: access_key_id and secret_access_key: give both or none",
		"stores: [{name: s, buckets: [a]}]\nbuckets: [{name: a}]":         `buckets[0]: "a" is in store "s"`,
		"compaction: {quiet_after: soon}":                                 `"soon" is not a duration`,
		"compaction: {quiet_after: 0s}":                                   "compaction: quiet_after: it cannot be 0",
		"compaction: {target_file_size: 0}":                               "compaction: target_file_size: it cannot be 0",
		"compaction: {max_bytes_per_second: 0}":                           "compaction: max_bytes_per_second: it cannot be 0",
		"queues: [":                                                       "[1:",
		"deliveries:\n- {name: a}\n- {name: a}":                           `the name "a" is taken`,
	} {
		_, err := Parse([]byte(text))
		require.ErrorContains(t, err, want, text)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("queues:\n  - {name: q}\n"))
	f.Add([]byte("deliveries: [{max_bytes: 1}]"))
	f.Fuzz(func(_ *testing.T, text []byte) {
		Parse(text) // must not panic
	})
}

func TestDaysAreDurations(t *testing.T) {
	c, err := Parse([]byte("deliveries: [{name: a, queue: q, table: d.t, errors: 's3://e/', late: {older_than: 30d, action: reject}, future: {ahead_of: 90m}}]"))
	require.NoError(t, err)
	require.Equal(t, 720*time.Hour, time.Duration(c.Deliveries[0].Late.OlderThan))
	require.Equal(t, 90*time.Minute, time.Duration(c.Deliveries[0].Future.AheadOf))
	for _, bad := range []string{"1.5d", "-1d", "d", "1D", "99999d", "3w"} {
		_, err := Parse([]byte("deliveries: [{name: a, queue: q, table: d.t, errors: 's3://e/', late: {older_than: " + bad + "}}]"))
		require.ErrorContains(t, err, "is not a duration such as 1s, 20ms or 30d", bad)
	}
}

func TestDedupKeys(t *testing.T) {
	for text, want := range map[string]Names{"order_id": {"order_id"}, "[a, b]": {"a", "b"}, "[a]": {"a"}} {
		c, err := Parse([]byte("deliveries: [{name: a, queue: q, table: d.t, errors: 's3://e/', dedup: {key: " + text + ", window: 1h}}]"))
		require.NoError(t, err)
		require.Equal(t, want, c.Deliveries[0].Dedup.Key)
		document, err := c.Deliveries[0].Document()
		require.NoError(t, err)
		again, err := ParseDelivery(document)
		require.NoError(t, err)
		require.Equal(t, c.Deliveries[0], again)
	}
	_, err := Parse([]byte("deliveries: [{name: a, queue: q, table: d.t, errors: 's3://e/', dedup: {key: {a: b}, window: 1h}}]"))
	require.Error(t, err)
}
