package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/scopsdb/scops/internal/delivery"
	"github.com/scopsdb/scops/internal/httpapi"
	"github.com/scopsdb/scops/internal/queue"
	"github.com/stretchr/testify/require"
)

// query runs a statement by the HTTP API and returns its rows as JSON.
func (s *scops) query(t testing.TB, sql string) [][]json.RawMessage {
	t.Helper()
	rows, err := s.client().Query(t.Context(), httpapi.QueryRequest{SQL: sql})
	require.NoError(t, err, sql)
	defer rows.Close()
	var out [][]json.RawMessage
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		require.NoError(t, err, sql)
		out = append(out, row)
	}
}

// texts is query with each row as one line of JSON.
func (s *scops) texts(t testing.TB, sql string) []string {
	t.Helper()
	var out []string
	for _, row := range s.query(t, sql) {
		text, err := json.Marshal(row)
		require.NoError(t, err)
		out = append(out, string(text))
	}
	return out
}

// TestErrorsTable reads rejected events in SQL.
func TestErrorsTable(t *testing.T) {
	t.Parallel()
	s := start(t, eventsPipeline)
	const table = `shop."events$errors"`
	require.Equal(t, []string{"[0]"}, s.texts(t, "SELECT count(*) FROM "+table))
	_, answer := s.postEvents(t, "events", "application/x-ndjson", []byte(`{"id":1}`+"\n"+`{"id":"two","at":"2026-01-02"}`+"\n"+`{"id":3.5}`+"\n"), nil)
	require.Len(t, answer.MessageIDs, 3)
	s.awaitDelivery(t, "events", func(d delivery.Detail) bool { return d.InFiles == 1 && d.Rejected == 2 })
	require.Equal(t, []string{
		fmt.Sprintf(`["{\"id\":\"two\",\"at\":\"2026-01-02\"}","column id: expected bigint, found string \"two\"",6,"%s","events",null,null,null]`, answer.MessageIDs[1]),
		fmt.Sprintf(`["{\"id\":3.5}","column id: expected bigint, found number 3.5 (has a fraction)",6,"%s","events",null,null,null]`, answer.MessageIDs[2]),
	}, s.texts(t, "SELECT body, reason, position, message_id, delivery, body_encoding, resent_at, resent_message_id FROM "+table+" ORDER BY body"))
	require.Equal(t, []string{"[true,true,true,2]"}, s.texts(t, `SELECT min(sent_at) > current_timestamp - interval '5' minute, max(sent_at) <= current_timestamp,
		bool_and(rejected_at >= sent_at), count(DISTINCT "$path" || batch_id || body) FROM `+table))

	// Where an event is, in one query.
	where := `SELECT 'row' FROM shop.events WHERE "$message_id" = '%[1]s' UNION ALL SELECT reason FROM ` + table + ` WHERE message_id = '%[1]s'`
	require.Equal(t, []string{`["row"]`}, s.texts(t, fmt.Sprintf(where, answer.MessageIDs[0])))
	require.Equal(t, []string{`["column id: expected bigint, found number 3.5 (has a fraction)"]`}, s.texts(t, fmt.Sprintf(where, answer.MessageIDs[2])))

	event := func(id string) (answer httpapi.EventAnswer) {
		r, err := http.NewRequest(http.MethodGet, s.endpoint+httpapi.EventsPath+"events/"+id, nil)
		require.NoError(t, err)
		s.signing("scops").sign(t, r, nil)
		status, text := send(t, r)
		require.Equal(t, http.StatusOK, status, text)
		require.NoError(t, json.Unmarshal([]byte(text), &answer))
		require.Len(t, answer.Deliveries, 1)
		return answer
	}
	e := event(answer.MessageIDs[2])
	require.Equal(t, "rejected", e.Deliveries[0].State)
	require.Equal(t, "column id: expected bigint, found number 3.5 (has a fraction)", e.Deliveries[0].Reason)
	require.Contains(t, e.Deliveries[0].File, "s3://logs/errors/events/")
	require.Empty(t, e.InQueue)
	require.Equal(t, "unknown", event("00000000-0000-4000-8000-000000000000").Deliveries[0].State)
	require.Eventually(t, func() bool { return event(answer.MessageIDs[0]).Deliveries[0].State == "in_table" }, 10*time.Second, 10*time.Millisecond)
	s.detail(t, "pause", "events")
	_, later := s.postEvents(t, "events", "application/x-ndjson", []byte(`{"id":10}`+"\n"), nil)
	e = event(later.MessageIDs[0])
	require.Equal(t, "waiting", e.Deliveries[0].State)
	require.Equal(t, queue.PlaceWaiting, e.InQueue)
	s.detail(t, "resume", "events")
	s.awaitDelivery(t, "events", func(d delivery.Detail) bool { return d.InFiles == 2 })

	require.Len(t, s.texts(t, "DESCRIBE shop.`events$errors`"), 11)
	require.Equal(t, []string{`["events"]`, `["listed"]`}, s.texts(t, "SHOW TABLES IN shop"))
	for _, statement := range []string{
		"DROP TABLE shop.`events$errors`", "ALTER TABLE shop.`events$errors` ADD COLUMNS (x int)",
		`SELECT * FROM shop."listed$errors"`, `SELECT * FROM shop."none$errors"`,
		"CREATE EXTERNAL TABLE shop.`x$errors` (a int) LOCATION 's3://lake/x/'",
	} {
		rows, err := s.client().Query(t.Context(), httpapi.QueryRequest{SQL: statement})
		require.Error(t, err, "%s: %v", statement, rows)
	}
	// Sent again: one corrected, one as it was.
	file := filepath.Join(t.TempDir(), "corrected.ndjson")
	require.NoError(t, os.WriteFile(file, []byte(fmt.Sprintf("{\"message_id\":%q,\"event\":{\"id\": 2}}\n", answer.MessageIDs[1])), 0o600))
	out, err := s.delivery(t, "resend", "events", "--edit", file, "--where", "body LIKE '%3.5%' -- the other", "--format", "csv")
	require.NoError(t, err, out)
	require.Len(t, strings.Split(strings.TrimSpace(out), "\n"), 3, out)
	d := s.awaitDelivery(t, "events", func(d delivery.Detail) bool { return d.InFiles == 3 && d.Rejected == 3 })
	require.EqualValues(t, 6, d.Sent)
	require.Equal(t, map[int64]int{1: 1, 2: 1, 10: 1}, countIDs(t, s, "shop.events"))
	require.Equal(t, []string{"[1]"}, s.texts(t, `SELECT count(*) FROM shop.events e JOIN `+table+` r ON e."$message_id" = r.resent_message_id AND r.resent_at <= e."$received_at" + interval '1' second`))
	out, err = s.delivery(t, "resend", "events", "--message-id", answer.MessageIDs[1], "--format", "csv")
	require.NoError(t, err, out)
	require.Equal(t, "message_id,resent_message_id\n", out, "not twice")
	out, err = s.delivery(t, "errors", "events", "--where", "resent_at IS NULL", "--format", "csv")
	require.NoError(t, err, out)
	require.Len(t, strings.Split(strings.TrimSpace(out), "\n"), 2, out)
	for want, args := range map[string][]string{
		"InvalidRequest: where: ":        {"resend", "events", "--where", "nonsense ="},
		"say which events":               {"resend", "events"},
		"DeliveryNotFound":               {"resend", "none", "--where", "true"},
		"--edit: event 1: json: unknown": {"resend", "events", "--edit", wrongFile(t)},
	} {
		out, err := s.delivery(t, args...)
		require.Error(t, err)
		require.Contains(t, out, want)
	}
	require.NoError(t, s.stop())
	s.run()
	require.Equal(t, []string{"[3,2]"}, s.texts(t, "SELECT count(*), count(resent_at) FROM "+table), "over a restart")
}

func wrongFile(t testing.TB) string {
	path := filepath.Join(t.TempDir(), "wrong.ndjson")
	require.NoError(t, os.WriteFile(path, []byte(`{"id": 1}`), 0o600))
	return path
}
