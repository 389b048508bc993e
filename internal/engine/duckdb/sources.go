package duckdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	driver "github.com/duckdb/duckdb-go/v2"

	"github.com/scopsdb/scops/internal/planner"
)

// sourceFunction is the one table function that emitted scans call: it reads
// what Go provides, found by a number.
const sourceFunction = "scops_source"

// source is what sourceFunction reads.
type source interface {
	driver.ParallelChunkTableSource
	close() error
}

// sources are what one query reads through Go, and the first failure of
// reading.
type sources struct {
	ctx     context.Context // of the query; ends with it
	cancel  context.CancelFunc
	parquet []planner.File // what DuckDB reads itself

	mu       sync.Mutex
	ids      []int64
	open     []source
	releases []func() // of remote objects
	err      error
}

// release calls f when the query has ended.
func (s *sources) release(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.releases = append(s.releases, f)
}

// fail keeps the first failure: DuckDB would give its text alone.
func (s *sources) fail(err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil && err != nil && !errors.Is(err, context.Canceled) {
		s.err = err
	}
	return err
}

func (s *sources) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// scanRegistry finds a source by its number. Numbers are never used twice, and
// only emitted text can name one.
type scanRegistry struct {
	mu   sync.Mutex
	last int64
	byID map[int64]registered
}

// registered makes a source of a query for each place where it is bound.
type registered struct {
	query *sources
	make  func() source
}

// add registers a source for a query and returns the SQL that reads it.
func (r *scanRegistry) add(q *sources, make func() source) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byID == nil {
		r.byID = map[int64]registered{}
	}
	r.last++
	r.byID[r.last] = registered{q, make}
	q.ids = append(q.ids, r.last)
	return fmt.Sprintf("%s(%d)", sourceFunction, r.last)
}

// bind makes the source of a number, which its query closes at its end.
func (r *scanRegistry) bind(id int64) (source, bool) {
	r.mu.Lock()
	found, ok := r.byID[id]
	r.mu.Unlock()
	if !ok {
		return nil, false
	}
	s := found.make()
	found.query.mu.Lock()
	defer found.query.mu.Unlock()
	found.query.open = append(found.query.open, s)
	return s, true
}

func (r *scanRegistry) remove(ids []int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range ids {
		delete(r.byID, id)
	}
}

// register makes the table function of the instance.
func (r *scanRegistry) register(conn *sql.Conn) error {
	id, err := driver.NewTypeInfo(driver.TYPE_BIGINT)
	if err != nil {
		return err
	}
	return driver.RegisterTableUDF(conn, sourceFunction, driver.ParallelChunkTableFunction{
		Config: driver.TableFunctionConfig{Arguments: []driver.TypeInfo{id}},
		BindArguments: func(_ map[string]any, args ...any) (driver.ParallelChunkTableSource, error) {
			n, _ := args[0].(int64)
			s, ok := r.bind(n)
			if !ok {
				return nil, fmt.Errorf("no source %v", args[0])
			}
			return s, nil
		},
	})
}

// newSources begins a query's sources.
func newSources(ctx context.Context) *sources {
	s := &sources{}
	s.ctx, s.cancel = context.WithCancel(ctx)
	return s
}

// endQuery forgets a query's sources once nothing reads them any more.
func (e *Engine) endQuery(q *sources) {
	q.cancel()
	e.scans.remove(q.ids)
	for _, s := range q.open {
		_ = s.close() // files that were only read
	}
	for _, release := range q.releases {
		release()
	}
	e.running.Done()
}
