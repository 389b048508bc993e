package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scopsdb/scops/internal/delivery"
	"github.com/stretchr/testify/require"
)

// TestMetrics reads the metrics with their token, and holds some of them to what
// was done.
func TestMetrics(t *testing.T) {
	t.Parallel()
	s := start(t, eventsPipeline)
	status, answer := s.postEvents(t, "events", "application/x-ndjson", []byte("{\"id\":1}\n{\"id\":2}\n{\"id\":\"x\"}\n"), nil)
	require.Equal(t, http.StatusOK, status, answer)
	s.awaitDelivery(t, "events", func(d delivery.Detail) bool { return d.InFiles == 2 && d.Rejected == 1 })
	run(t, s.athena(), "SELECT count(*) FROM shop.events")

	token, err := os.ReadFile(filepath.Join(s.data, "metrics-token"))
	require.NoError(t, err)
	info, err := os.Stat(filepath.Join(s.data, "metrics-token"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	get := func(path, authorization string) (int, string) {
		r, err := http.NewRequest(http.MethodGet, s.endpoint+path, nil)
		require.NoError(t, err)
		if authorization != "" {
			r.Header.Set("Authorization", authorization)
		}
		return send(t, r)
	}
	for _, wrong := range []string{"", "Bearer ", "Bearer " + strings.Repeat("A", len(token)-1), string(token)} {
		status, text := get("/_scops/metrics", strings.TrimSpace(wrong))
		require.Equal(t, http.StatusUnauthorized, status, text)
	}
	bearer := "Bearer " + strings.TrimSpace(string(token))
	status, _ = get("/_scops/v1/deliveries", bearer)
	require.Equal(t, http.StatusForbidden, status, "the token opens nothing else")
	status, text := get("/_scops/metrics", bearer)
	require.Equal(t, http.StatusOK, status)
	for _, line := range []string{
		`scops_delivery_rows_total{delivery="events"} 2`,
		`scops_delivery_rejected_events_total{delivery="events"} 1`,
		`scops_delivery_received_events_total{delivery="events"} 3`,
		`scops_delivery_parsed_events_total{delivery="events"} 3`,
		`scops_delivery_running{delivery="events"} 1`,
		`scops_queue_messages{queue="events",state="visible"} 0`,
		`scops_queue_sent_messages_total{queue="events"} 3`,
		`scops_http_requests_total{operation="StartQueryExecution",service="athena",status="200"} 1`,
		`scops_http_requests_total{operation="POST",service="scops",status="200"} 1`,
	} {
		require.Contains(t, text, "\n"+line+"\n")
	}
	for _, prefix := range []string{
		`scops_delivery_stage_seconds_count{delivery="events",stage="commit"} `, `scops_delivery_lag_seconds{delivery="events"} `,
		`scops_query_seconds_bucket{state="SUCCEEDED",le="+Inf"} `, `process_resident_memory_bytes `,
	} {
		require.Contains(t, text, "\n"+prefix)
	}
	r, err := http.NewRequest(http.MethodGet, s.endpoint+"/_scops/metrics", nil)
	require.NoError(t, err)
	s.signing("scops").sign(t, r, nil)
	status, _ = send(t, r)
	require.Equal(t, http.StatusOK, status, "a signed request may read them too")
}
