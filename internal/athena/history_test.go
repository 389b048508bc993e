package athena

import (
	"path/filepath"
	"testing"
	"time"

	api "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/scopsdb/scops/internal/sqlite"
	"github.com/stretchr/testify/require"
)

func TestOldExecutionsAreForgotten(t *testing.T) {
	db, err := sqlite.Open(filepath.Join(t.TempDir(), "catalog.db"))
	require.NoError(t, err)
	defer db.Close()
	s, err := openStore(t.Context(), db)
	require.NoError(t, err)
	now := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	old := now.Add(-historyLifetime - time.Second)
	for _, r := range []record{
		{ID: "old", Submitted: old, State: api.QueryExecutionStateSucceeded, WorkGroup: primary},
		{ID: "running", Submitted: old, State: api.QueryExecutionStateRunning, WorkGroup: primary},
		{ID: "new", Submitted: now.Add(-historyLifetime + time.Second), State: api.QueryExecutionStateFailed, WorkGroup: primary},
	} {
		require.NoError(t, s.put(t.Context(), &r))
	}
	require.NoError(t, s.expire(t.Context(), now.Add(-historyLifetime)))
	_, err = s.get(t.Context(), "old")
	require.ErrorIs(t, err, errNoRecord)
	for _, id := range []QueryID{"running", "new"} {
		_, err = s.get(t.Context(), id)
		require.NoError(t, err, id)
	}
}
