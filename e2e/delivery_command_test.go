package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/scopsdb/scops/internal/delivery"
	"github.com/stretchr/testify/require"
)

// delivery runs `scops delivery …` and returns what it prints.
func (s *scops) delivery(t testing.TB, args ...string) (stdout string, err error) {
	t.Helper()
	out, errOut, err := s.command(t.Context(), append([]string{"delivery", args[0], "--data", s.data}, args[1:]...)...)
	if err != nil {
		return errOut, err
	}
	return out, nil
}

// detail is delivery for commands that answer with one delivery.
func (s *scops) detail(t testing.TB, args ...string) delivery.Detail {
	t.Helper()
	out, err := s.delivery(t, append(args, "--format", "json")...)
	require.NoError(t, err, out)
	var d delivery.Detail
	require.NoError(t, json.Unmarshal([]byte(out), &d), out)
	return d
}

// awaitDelivery waits until the books of a delivery are as wanted.
func (s *scops) awaitDelivery(t testing.TB, name string, wanted func(delivery.Detail) bool) delivery.Detail {
	t.Helper()
	var d delivery.Detail
	require.Eventually(t, func() bool {
		var err error
		d, err = s.client().Delivery(t.Context(), name)
		require.NoError(t, err)
		sum := d.InQueue + d.InFlight + d.InFiles + d.Rejected + d.Filtered + d.Duplicates + d.Elsewhere
		require.Equal(t, d.Sent, sum, "the books balance: %+v", d)
		return wanted(d)
	}, 30*time.Second, 5*time.Millisecond)
	return d
}

// TestDeliveryCommand makes, changes, pauses and ends deliveries while scops
// runs, two of them from one queue, and starts scops again in between.
func TestDeliveryCommand(t *testing.T) {
	t.Parallel()
	s := start(t, eventsPipeline)
	run(t, s.athena(), "CREATE EXTERNAL TABLE shop.copies (id bigint) STORED AS PARQUET LOCATION 's3://lake/copies/'")
	send := func(text string) {
		out, err := s.sendCommand(text, "events")
		require.NoError(t, err, out)
	}
	send(`{"id":1}` + "\n" + `{"id":2}` + "\n")
	s.awaitDelivery(t, "events", func(d delivery.Detail) bool { return d.InFiles == 2 })

	file := filepath.Join(t.TempDir(), "copies.yaml")
	require.NoError(t, os.WriteFile(file, []byte("name: copies\nqueue: events\ntable: shop.copies\nerrors: s3://logs/errors/ # as the other\n"), 0o600))
	d := s.detail(t, "create", file, "--set", "max_wait=50ms")
	require.JSONEq(t, `{"name":"copies","queue":"events","table":"shop.copies","errors":"s3://logs/errors/","max_wait":"50ms"}`, string(d.Definition))
	send(`{"id":3}` + "\n" + `{"id":"three"}` + "\n")
	s.awaitDelivery(t, "copies", func(d delivery.Detail) bool { return d.InFiles == 1 })
	s.awaitDelivery(t, "events", func(d delivery.Detail) bool { return d.InFiles == 3 })

	d = s.detail(t, "pause", "copies", "--reason", "moving house")
	require.Equal(t, delivery.Paused, d.State)
	require.Equal(t, "moving house", d.Reason)
	send(`{"id":4}` + "\n" + `{"id":5}` + "\n")
	s.awaitDelivery(t, "events", func(d delivery.Detail) bool { return d.InFiles == 5 })
	require.NoError(t, s.stop())
	s.run()
	d = s.awaitDelivery(t, "copies", func(d delivery.Detail) bool { return d.InQueue == 2 })
	require.Equal(t, delivery.Paused, d.State, "over a restart")
	require.Equal(t, map[int64]int{3: 1}, countIDs(t, s, "shop.copies"))
	s.detail(t, "resume", "copies")
	s.awaitDelivery(t, "copies", func(d delivery.Detail) bool { return d.InFiles == 3 })
	require.Equal(t, map[int64]int{3: 1, 4: 1, 5: 1}, countIDs(t, s, "shop.copies"))

	d = s.detail(t, "update", "copies", "--set", "max_records=10")
	require.Contains(t, string(d.Definition), `"max_records": 10`)
	require.Contains(t, string(d.Definition), `"max_wait": "50ms"`)
	out, err := s.delivery(t, "list", "--format", "csv")
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	require.Len(t, lines, 3)
	require.True(t, strings.HasPrefix(lines[0], "name,queue,table,state,sent,in_queue,in_flight,in_files,rejected,"), lines[0])
	require.True(t, strings.HasPrefix(lines[1], "copies,events,shop.copies,running,4,0,0,3,1,"), lines[1])
	out, err = s.delivery(t, "show", "copies", "--format", "table")
	require.NoError(t, err)
	require.Contains(t, out, `│ definition       │ {"errors":`)

	for want, args := range map[string][]string{
		`DeliveryNotFound: delivery "none": there is no such delivery`:                       {"show", "none"},
		`DeliveryAlreadyExists: delivery "copies": there is a delivery of this name already`: {"create", file},
		`InvalidDelivery: delivery "copies": max_wait: 1h0m0s is not within 1ms and 15m0s`:   {"update", "copies", "--set", "max_wait=1h"},
		`unknown field "max_weight"`: {"update", "copies", "--set", "max_weight=1"},
		`InvalidDelivery: delivery "copies": table: shop.events is filled by delivery "events"`: {"update", "copies", "--set", "table=shop.events"},
		`InvalidRequest: name: a delivery keeps its name: it is "copies", not "other"`:          {"update", "copies", "--set", "name=other"},
		`InvalidRequest: delivery "x": table: "t" is not of the form database.table`:            {"create", "--set", "name=x", "--set", "table=t"},
		`--set: "max_wait" is not of the form key=value`:                                        {"update", "copies", "--set", "max_wait"},
		`give a file or --set`: {"update", "copies"},
	} {
		out, err := s.delivery(t, args...)
		require.Error(t, err, args)
		require.Contains(t, out, want)
	}

	out, err = s.delivery(t, "delete", "copies")
	require.NoError(t, err, out)
	out, err = s.delivery(t, "show", "copies")
	require.Error(t, err)
	require.Contains(t, out, "DeliveryNotFound")
	require.Equal(t, map[int64]int{3: 1, 4: 1, 5: 1}, countIDs(t, s, "shop.copies"), "the table keeps its rows")
	send(`{"id":6}` + "\n")
	require.NoError(t, s.stop())
	s.run()
	s.awaitDelivery(t, "events", func(d delivery.Detail) bool { return d.InFiles == 6 })
	require.Equal(t, map[int64]int{3: 1, 4: 1, 5: 1}, countIDs(t, s, "shop.copies"))
}
