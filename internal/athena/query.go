package athena

import (
	"context"

	api "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/scopsdb/scops/internal/sql"
)

// QueryInput is a query to run in one call.
type QueryInput struct {
	SQL        string
	Database   string   // "" is default
	Catalog    string   // "" is AwsDataCatalog
	WorkGroup  string   // "" is primary
	Parameters []string // values of ?, as ExecutionParameters
	// WaitFor is an event that the query must see in the delivered tables that
	// it reads: a message id, or "now" for all that were acknowledged before. ""
	// waits for nothing.
	WaitFor string
	// Reuse lets an earlier result answer, of any age, where the query would
	// give the same rows again.
	Reuse bool
}

// QuerySummary is how a one-call query ended.
type QuerySummary struct {
	ID         QueryID
	State      api.QueryExecutionState
	ReusedFrom QueryID // whose result the rows are; "" where they were computed
	Reason     string  // of FAILED and CANCELLED: NAME: line 1:8: message
	Statistics Statistics
}

// Query runs a statement, gives its rows to sink as they come and returns at
// its end. It is recorded as a query execution, with its result in the output
// location, like any other. When ctx ends the query is CANCELLED.
//
// A query that was taken and then failed is no error: its State says so. An
// error means that it was never taken (bad request) or that the sink failed.
func (s *Service) Query(ctx context.Context, in QueryInput, sink RowSink) (QuerySummary, error) {
	var (
		r    record
		stmt *sql.Statement
	)
	err := survive(ctx, func(ctx context.Context) (err error) {
		r, stmt, err = s.prepare(ctx, request{
			sql: in.SQL, database: in.Database, catalog: in.Catalog, workGroup: in.WorkGroup, parameters: in.Parameters,
		})
		return err
	})
	if err != nil {
		return QuerySummary{}, err
	}
	e, err := s.register(r)
	if err != nil {
		return QuerySummary{}, err
	}
	e.waitFor = in.WaitFor
	if in.Reuse {
		e.reuse = reuse{enabled: true}
	}
	stop := context.AfterFunc(ctx, func() { e.cancel(errStopped) })
	defer stop()
	recorder := s.recordIfSlow(e)
	s.run(e, func(ctx context.Context) error { return s.execute(ctx, e, stmt, sink) })
	<-recorder
	end := e.snapshot()
	return QuerySummary{
		ID: end.ID, State: end.State, ReusedFrom: end.ReusedFrom, Reason: end.Reason, Statistics: end.Stats,
	}, nil
}

// recordIfSlow records an execution that runs longer than the hold, so that
// others can see and stop it. A quick one is recorded once, at its end.
func (s *Service) recordIfSlow(e *execution) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		e.await(e.ctx, max(s.cfg.Hold, DefaultHold))
		if err := s.persistOnce(e); err != nil {
			e.cancel(err)
		}
	}()
	return done
}
