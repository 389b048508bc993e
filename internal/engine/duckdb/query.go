package duckdb

import (
	"context"
	"errors"

	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	emitter "github.com/scopsdb/scops/internal/sql/duckdb"
)

var _ engine.Engine = (*Engine)(nil)

// Query implements engine.Engine. The planned scans name the files; nothing else
// is read.
func (e *Engine) Query(ctx context.Context, q engine.Query) (engine.Rows, error) {
	admit := func(scanned int64) error {
		if err := within(q.BytesScannedCutoff, scanned); err != nil || q.Admit == nil {
			return err
		}
		return q.Admit(ctx, scanned)
	}
	return e.runAdmitted(ctx, q.Scans, q.Analysis.Scans, q.Analysis.Columns, admit,
		func(relation func(int, *analyzer.TableScan) string) (string, error) {
			return emitter.Emit(q.Analysis, relation)
		})
}

// compiler writes a query in DuckDB SQL; relation gives what to read for the
// scan of each index.
type compiler func(relation func(i int, ts *analyzer.TableScan) string) (string, error)

// within refuses a scan beyond a limit; 0 is none.
func within(cutoff, scanned int64) error {
	if cutoff > 0 && scanned > cutoff {
		return &engine.Error{Name: nameScanLimit, Message: scanLimitReason}
	}
	return nil
}

// runAdmitted plans the sources of a query, asks whether it may scan so much,
// compiles it and starts it.
func (e *Engine) runAdmitted(ctx context.Context, scans []planner.Scan, of []*analyzer.TableScan, columns []analyzer.Column, admit func(scanned int64) error, compile compiler) (engine.Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := e.begin(); err != nil {
		return nil, err
	}
	q := newSources(ctx)
	r, err := e.start(q, scans, of, columns, admit, compile)
	if err != nil {
		e.endQuery(q)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, err
	}
	r.ctx = ctx
	return r, nil
}

func (e *Engine) start(q *sources, scans []planner.Scan, of []*analyzer.TableScan, columns []analyzer.Column, admit func(scanned int64) error, compile compiler) (*rows, error) {
	if len(scans) != len(of) {
		return nil, internalError("%d scans are planned where %d were analyzed", len(scans), len(of))
	}
	texts := make([]string, len(scans))
	var scanned int64
	for i := range scans {
		text, bytes, err := e.relation(q, &scans[i], of[i])
		if err != nil {
			return nil, err
		}
		texts[i] = text
		scanned += bytes
	}
	if err := admit(scanned); err != nil {
		return nil, err
	}
	sql, err := compile(func(i int, _ *analyzer.TableScan) string { return texts[i] })
	if errors.Is(err, emitter.ErrTooLarge) {
		return nil, &engine.Error{Name: "QUERY_TEXT_TOO_LARGE", Message: err.Error()}
	}
	if err != nil {
		return nil, asEngineError(err)
	}
	s, err := e.startStatement(q.ctx, sql)
	if err != nil {
		return nil, e.blame(q.ctx, q.parquet, q.explain(q.ctx, err))
	}
	r, err := newRows(s, columns)
	if err != nil {
		_ = s.close() // the result was never read
		return nil, err
	}
	r.engine, r.sources, r.stats.BytesScanned = e, q, scanned
	return r, nil
}
