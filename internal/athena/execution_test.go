package athena

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	api "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/sqlite"
	"github.com/stretchr/testify/require"
)

// newLifeService is a service with everything that an execution's life needs:
// the record and the object store, without an engine.
func newLifeService(t *testing.T) *Service {
	t.Helper()
	dir := t.TempDir()
	db, err := sqlite.Open(filepath.Join(dir, "catalog.db"))
	require.NoError(t, err)
	store, err := objects.OpenLocal(filepath.Join(dir, "objects"), objects.WithSidecar(filepath.Join(dir, "metadata")))
	require.NoError(t, err)
	c, err := catalog.Open(db)
	require.NoError(t, err)
	s, err := New(t.Context(), Config{
		DB: db, Catalog: c, Objects: store, Log: slog.New(slog.DiscardHandler), OutputLocation: "s3://results/", TempDir: dir,
	})
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, s.Close(context.Background()))
		require.NoError(t, store.Close())
		require.NoError(t, db.Close())
	})
	return s
}

func (s *Service) begun(t *testing.T, id string, do func(context.Context) error) *execution {
	t.Helper()
	e, err := s.register(record{ID: QueryID(id), Token: "token of " + id, State: api.QueryExecutionStateQueued, Submitted: s.now()})
	require.NoError(t, err)
	go s.run(e, do)
	return e
}

func stateOf(t *testing.T, s *Service, id string) api.QueryExecutionState {
	t.Helper()
	out, err := s.GetQueryExecution(t.Context(), &athena.GetQueryExecutionInput{QueryExecutionId: &id})
	require.NoError(t, err)
	return out.QueryExecution.Status.State
}

// TestStopWinsOrLoses stops executions at the moment of their end: what a look
// after the stop shows as ended never changes again, and a stop that a running
// query saw leaves it CANCELLED.
func TestStopWinsOrLoses(t *testing.T) {
	s := newLifeService(t)
	for i := range 100 {
		id := fmt.Sprintf("q%d", i)
		e := s.begun(t, id, func(context.Context) error { return nil })
		_, err := s.StopQueryExecution(t.Context(), &athena.StopQueryExecutionInput{QueryExecutionId: &id})
		require.NoError(t, err)
		seen := stateOf(t, s, id)
		<-e.done
		if seen != stateOf(t, s, id) {
			require.Contains(t, []api.QueryExecutionState{api.QueryExecutionStateQueued, api.QueryExecutionStateRunning}, seen)
			require.Equal(t, api.QueryExecutionStateCancelled, stateOf(t, s, id), "it ran after the stop")
		}
		stored, err := s.store.get(t.Context(), QueryID(id))
		require.NoError(t, err)
		require.Equal(t, stateOf(t, s, id), stored.State)
	}
}

func TestStoppedWorkThatSucceedsIsCancelled(t *testing.T) {
	s := newLifeService(t)
	e := s.begun(t, "q", func(ctx context.Context) error {
		<-ctx.Done()
		return nil // its last row came in spite of the stop
	})
	_, err := s.StopQueryExecution(t.Context(), &athena.StopQueryExecutionInput{QueryExecutionId: aws.String("q")})
	require.NoError(t, err)
	<-e.done
	require.Equal(t, api.QueryExecutionStateCancelled, stateOf(t, s, "q"))
}

func TestPanicFailsOneQuery(t *testing.T) {
	s := newLifeService(t)
	e := s.begun(t, "q", func(context.Context) error { panic("a defect") })
	<-e.done
	require.Equal(t, api.QueryExecutionStateFailed, stateOf(t, s, "q"))
	require.Equal(t, "GENERIC_INTERNAL_ERROR: panic: a defect", e.snapshot().Reason)
	require.Empty(t, s.slots, "its place is free again")
}

// TestEndThatCannotBeRecorded: nobody is told SUCCEEDED of what the next start
// will call FAILED, and the execution never turns RUNNING again.
func TestEndThatCannotBeRecorded(t *testing.T) {
	s := newLifeService(t)
	proceed := make(chan struct{})
	e := s.begun(t, "q", func(context.Context) error { <-proceed; return nil })
	require.NoError(t, s.persistOnce(e))
	_, err := s.cfg.DB.Write.Exec(`CREATE TRIGGER full BEFORE UPDATE ON query_executions WHEN NEW.id = 'q' BEGIN SELECT RAISE(ABORT, 'disk full'); END`)
	require.NoError(t, err)
	close(proceed)
	<-e.done
	require.Equal(t, api.QueryExecutionStateFailed, stateOf(t, s, "q"))
	for i := range remembered + 1 {
		<-s.begun(t, fmt.Sprintf("later%d", i), func(context.Context) error { return nil }).done
	}
	require.Equal(t, api.QueryExecutionStateFailed, stateOf(t, s, "q"))
}

func TestNeverRecordedExecutionFreesItsToken(t *testing.T) {
	s := newLifeService(t)
	_, err := s.cfg.DB.Write.Exec(`CREATE TRIGGER full BEFORE INSERT ON query_executions BEGIN SELECT RAISE(ABORT, 'disk full'); END`)
	require.NoError(t, err)
	e := s.begun(t, "q", func(context.Context) error { return nil })
	<-e.done
	require.Error(t, s.persistOnce(e), "not acknowledged")
	require.Eventually(t, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return len(s.byID) == 0 && len(s.tokens) == 0
	}, 5*time.Second, time.Millisecond)
}

func TestCloseFailsWhatRuns(t *testing.T) {
	s := newLifeService(t)
	e := s.begun(t, "q", func(ctx context.Context) error { <-ctx.Done(); return context.Cause(ctx) })
	now, cancel := context.WithCancel(t.Context())
	cancel()
	require.NoError(t, s.Close(now))
	stored, err := s.store.get(t.Context(), e.id)
	require.NoError(t, err)
	require.Equal(t, api.QueryExecutionStateFailed, stored.State)
	_, err = s.register(record{ID: "late"})
	require.ErrorIs(t, err, errShutdown)
}

// finished puts a result of the given content and returns its record.
func (s *Service) finished(t *testing.T, id, content string) {
	t.Helper()
	r := &record{ID: QueryID(id), State: api.QueryExecutionStateSucceeded, OutputLocation: "s3://results/" + id + ".csv"}
	out := newSpool(s.cfg.TempDir)
	defer out.close()
	require.NoError(t, out.write([]byte(content)))
	var err error
	r.ResultETag, err = s.writeResult(t.Context(), r, out)
	require.NoError(t, err)
	require.NoError(t, s.store.put(t.Context(), r))
}

func TestReplacedResultIsRefused(t *testing.T) {
	s := newLifeService(t)
	s.finished(t, "q", "\"a\"\n\"1\"\n\"2\"\n")
	in := &athena.GetQueryResultsInput{QueryExecutionId: aws.String("q"), MaxResults: aws.Int32(2)}
	page, err := s.GetQueryResults(t.Context(), in)
	require.NoError(t, err)
	in.NextToken = page.NextToken
	put := func(content string) {
		_, err := s.cfg.Objects.Put(t.Context(), "results", "q.csv", strings.NewReader(content), int64(len(content)), objects.PutOptions{})
		require.NoError(t, err)
	}
	for _, other := range []string{"\"a\"\n", "\"a\"\n\"1\"\n\"3\"\n"} { // shorter: would end the result early
		put(other)
		_, err = s.GetQueryResults(t.Context(), in)
		var refused *awsapi.Error
		require.ErrorAs(t, err, &refused)
		require.Equal(t, codeResultNotFound, refused.Fields["AthenaErrorCode"])
	}
	require.NoError(t, s.cfg.Objects.Delete(t.Context(), "results", "q.csv"))
	_, err = s.GetQueryResults(t.Context(), in)
	require.ErrorContains(t, err, "Could not find results")
}

func TestLongValuesMakeShortPages(t *testing.T) {
	s := newLifeService(t)
	long := `"` + strings.Repeat("x", maxResultBytes/2) + "\"\n"
	s.finished(t, "q", strings.Repeat(long, 5))
	in := &athena.GetQueryResultsInput{QueryExecutionId: aws.String("q")}
	var pages []int
	for {
		page, err := s.GetQueryResults(t.Context(), in)
		require.NoError(t, err)
		pages = append(pages, len(page.ResultSet.Rows))
		if in.NextToken = page.NextToken; in.NextToken == nil {
			break
		}
	}
	require.Equal(t, []int{2, 2, 1}, pages)
}

func TestResultsBucketComesBack(t *testing.T) {
	s := newLifeService(t)
	s.finished(t, "one", "\"a\"\n")
	require.NoError(t, s.cfg.Objects.Delete(t.Context(), "results", "one.csv"))
	require.NoError(t, s.cfg.Objects.(*objects.Local).Backend().DeleteBucket(t.Context(), "results"))
	s.finished(t, "two", "\"a\"\n")
}

// TestTokenStartsOneExecution: retries of one start at the same time are one
// execution, and so are those after a restart.
func TestTokenStartsOneExecution(t *testing.T) {
	s := newLifeService(t)
	token := strings.Repeat("t", minTokenLength)
	start := func(sql string) (string, error) {
		out, err := s.StartQueryExecution(t.Context(), &athena.StartQueryExecutionInput{QueryString: &sql, ClientRequestToken: &token,
			QueryExecutionContext: &api.QueryExecutionContext{Catalog: aws.String("nowhere")}})
		if err != nil {
			return "", err
		}
		return *out.QueryExecutionId, nil
	}
	ids := make([]string, 32)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			var err error
			ids[i], err = start("SELECT 1")
			require.NoError(t, err)
		})
	}
	wg.Wait()
	for _, id := range ids {
		require.Equal(t, ids[0], id)
	}
	again, err := New(t.Context(), s.cfg)
	require.NoError(t, err)
	defer again.Close(t.Context())
	s = again
	id, err := start("SELECT 1")
	require.NoError(t, err)
	require.Equal(t, ids[0], id)
	_, err = start("SELECT 2")
	require.ErrorContains(t, err, "Idempotent parameters do not match")
}
