package athena

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	api "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sqlite"
)

// A stop that comes after the last moment in which it could leave nothing does
// not make CANCELLED of what is committed.
func TestStopAfterTheSeal(t *testing.T) {
	s := newLifeService(t)
	sealed, stopped := make(chan struct{}), make(chan struct{})
	var e *execution
	e = s.begun(t, "q", func(context.Context) error {
		<-sealed
		if err := e.seal(); err != nil {
			return err
		}
		close(stopped)
		<-e.ctx.Done()
		return nil // it is committed
	})
	close(sealed)
	<-stopped
	_, err := s.StopQueryExecution(t.Context(), &athena.StopQueryExecutionInput{QueryExecutionId: aws.String("q")})
	require.NoError(t, err)
	<-e.done
	require.Equal(t, api.QueryExecutionStateSucceeded, stateOf(t, s, "q"))

	e = s.begun(t, "r", func(ctx context.Context) error {
		<-ctx.Done()
		return e.seal()
	})
	_, err = s.StopQueryExecution(t.Context(), &athena.StopQueryExecutionInput{QueryExecutionId: aws.String("r")})
	require.NoError(t, err)
	<-e.done
	require.Equal(t, api.QueryExecutionStateCancelled, stateOf(t, s, "r"), "nothing is committed after a stop")
}

// A process that ends between the commit and the record of the end leaves a
// statement that SUCCEEDED, and one that had not committed FAILED.
func TestCommittedStatementsHaveSucceeded(t *testing.T) {
	ctx := t.Context()
	db, err := sqlite.Open(filepath.Join(t.TempDir(), "catalog.db"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	c, err := catalog.Open(db)
	require.NoError(t, err)
	st, err := openStore(ctx, db)
	require.NoError(t, err)
	for _, id := range []string{"committed", "not"} {
		require.NoError(t, st.put(ctx, &record{ID: QueryID(id), State: api.QueryExecutionStateRunning, Submitted: time.Now(), OutputLocation: "s3://results/" + id}))
		require.NoError(t, c.BeginWrite(ctx, id, ""))
	}
	require.NoError(t, c.CommitWrite(ctx, "committed", catalog.WriteCommit{Rows: 7}))
	require.NoError(t, c.BeginWrite(ctx, "unknown", ""))
	require.NoError(t, c.CommitWrite(ctx, "unknown", catalog.WriteCommit{}))

	s, err := New(ctx, Config{DB: db, Catalog: c, Log: slog.New(slog.DiscardHandler), OutputLocation: "s3://results/"})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close(context.Background())) })
	require.Equal(t, api.QueryExecutionStateSucceeded, stateOf(t, s, "committed"))
	require.Equal(t, api.QueryExecutionStateFailed, stateOf(t, s, "not"))
	results, err := s.GetQueryResults(ctx, &athena.GetQueryResultsInput{QueryExecutionId: aws.String("committed")})
	require.NoError(t, err)
	require.EqualValues(t, 7, aws.ToInt64(results.UpdateCount))
	committed, err := c.CommittedWrites(ctx)
	require.NoError(t, err)
	require.Empty(t, committed)
}
