package athena

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/types"
)

// explainAnalyze runs the query that EXPLAIN ANALYZE is of, drops its rows and
// answers with its plan and figures. What it scanned counts as the query's.
func (s *Service) explainAnalyze(ctx context.Context, e *execution, stmt *sql.Statement, q *ast.Explain, sink RowSink) error {
	if err := analyzer.CheckExplainAnalyze(q); err != nil {
		return err
	}
	p, err := s.planQuery(ctx, e, q.Statement)
	if err != nil {
		return err
	}
	plan := &planRows{columns: []analyzer.Column{{Name: analyzer.PlanColumn, Type: types.VarcharUnbounded}}}
	e.change(func(r *record) { r.Columns = columnInfos(plan.columns) })
	began := s.now()
	rows, err := s.startQuery(ctx, e, p)
	if err != nil {
		return err
	}
	err = skipRows(ctx, rows)
	plan.scanned = rows.Stats().BytesScanned
	e.change(func(r *record) { r.Stats.BytesScanned = plan.scanned })
	produced := rows.Stats().Rows
	if err := errors.Join(err, rows.Close()); err != nil {
		return err
	}
	plan.text = p.analysis.ExplainAnalyzed(q, p.figures(s.now().Sub(began), produced, plan.scanned))
	return s.drain(ctx, e, stmt, plan, began, sink)
}

func skipRows(ctx context.Context, rows engine.Rows) error {
	for {
		if _, err := rows.Next(ctx); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// figures are those of a planned query that has run.
func (p *planned) figures(execution time.Duration, rows, scanned int64) analyzer.Figures {
	f := analyzer.Figures{
		Analysis: p.analyzing, Planning: p.planning, Execution: execution,
		Rows: rows, BytesScanned: scanned, Scans: make([]analyzer.ScanFigures, len(p.scans)),
	}
	for i, scan := range p.scans {
		f.Scans[i] = scanFigures(scan)
	}
	return f
}

func scanFigures(scan planner.Scan) analyzer.ScanFigures {
	return analyzer.ScanFigures{
		Partitions: len(scan.Partitions), PartitionsTotal: scan.PartitionsTotal,
		Files: len(scan.Files), Bytes: scan.Bytes(),
	}
}

// planRows is the result of EXPLAIN ANALYZE: one row.
type planRows struct {
	columns []analyzer.Column
	text    string
	scanned int64
	done    bool
}

func (p *planRows) Columns() []analyzer.Column { return p.columns }
func (p *planRows) Stats() engine.Stats        { return engine.Stats{BytesScanned: p.scanned, Rows: 1} }
func (p *planRows) Close() error               { return nil }

func (p *planRows) Next(context.Context) ([]any, error) {
	if p.done {
		return nil, io.EOF
	}
	p.done = true
	return []any{p.text}, nil
}
