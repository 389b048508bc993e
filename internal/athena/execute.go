package athena

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/ddl"
	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/lint"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/parser"
	"github.com/scopsdb/scops/internal/sql/types"
)

// RowSink takes the rows of a query as they come. Values have the Go forms of
// package types and are valid during the call only.
type RowSink interface {
	// Warn tells what to know about the result. It comes before Begin, and only
	// if there is something.
	Warn(warnings []lint.Warning)
	Begin(id QueryID, columns []analyzer.Column) error
	Row(values []any) error
}

// defaultDatabase is the database of a request that names none.
const defaultDatabase = "default"

// catalogNames are the names of the one data catalog, lower-case.
var catalogNames = map[string]bool{"": true, "awsdatacatalog": true}

// execute runs a statement and writes its result. sink may be nil.
func (s *Service) execute(ctx context.Context, e *execution, stmt *sql.Statement, sink RowSink) error {
	r := e.snapshot()
	if !catalogNames[r.Catalog] {
		return &ast.Error{Name: "CATALOG_NOT_FOUND", Line: 1, Column: 1, Message: "Catalog '" + r.Catalog + "' not found"}
	}
	if stmt.DDL != nil {
		return s.executeDDL(ctx, e, stmt, sink)
	}
	switch q := stmt.Query.(type) {
	case *ast.CreateView:
		return s.createView(ctx, e, stmt, q, sink)
	case *ast.DropView:
		return s.dropView(ctx, e, stmt, q, sink)
	case *ast.Prepare:
		return s.prepareStatement(ctx, e, stmt, q, sink)
	case *ast.Deallocate:
		return s.deallocate(ctx, e, stmt, q, sink)
	}
	defer s.cfg.Catalog.BeginRead()() // the files that it plans stay until it ends
	return s.executeQuery(ctx, e, stmt, sink)
}

// database is the default schema of an execution; awswrangler sends it in back
// quotes.
func (r *record) database() string {
	name := strings.ToLower(strings.Trim(r.Database, "`\""))
	if name == "" {
		return defaultDatabase
	}
	return name
}

func (s *Service) executeQuery(ctx context.Context, e *execution, stmt *sql.Statement, sink RowSink) error {
	if w, o, err := s.writing(ctx, e.snapshot(), stmt.Query); err != nil || w != nil {
		if err != nil {
			return err
		}
		return s.executeWrite(ctx, e, w, o, sink)
	}
	if q, ok := stmt.Query.(*ast.Explain); ok && q.Analyze {
		return s.explainAnalyze(ctx, e, stmt, q, sink)
	}
	p, err := s.planQuery(ctx, e, stmt.Query)
	if err != nil {
		return err
	}
	e.change(func(r *record) { r.Columns = columnInfos(p.analysis.Columns) })
	s.warn(ctx, e, p, sink)
	key := reuseKey(e.snapshot(), stmt, p)
	if previous := s.reusable(ctx, e.reuse, key, p.analysis, sink != nil); previous != nil {
		return s.answerAgain(ctx, e, previous, p.analysis.Columns, sink)
	}
	began := s.now()
	rows, err := s.startQuery(ctx, e, p)
	if err != nil {
		return err
	}
	e.change(func(r *record) { r.ReuseKey = key })
	defer rows.Close()
	return s.drain(ctx, e, stmt, rows, began, sink)
}

// warn notes what to know about the result of a planned query.
func (s *Service) warn(ctx context.Context, e *execution, p *planned, sink RowSink) {
	warnings := s.lint.Check(ctx, p.analysis.Scans, p.scans)
	if len(warnings) == 0 {
		return
	}
	e.change(func(r *record) { r.Stats.Warnings = warnings })
	if sink != nil {
		sink.Warn(warnings)
	}
}

// planned is a checked query with the files that it reads.
type planned struct {
	analysis            *analyzer.Analysis
	scans               []planner.Scan
	prepared            string // the statement that EXECUTE names
	analyzing, planning time.Duration
}

// planQuery checks a query and finds its files. It notes the figures.
func (s *Service) planQuery(ctx context.Context, e *execution, query ast.Statement) (*planned, error) {
	start, r := s.now(), e.snapshot()
	analysis, err := s.analyze(ctx, r, query)
	if err != nil {
		return nil, err
	}
	p, err := s.planAnalysis(ctx, e, analysis, start)
	if err != nil {
		return nil, err
	}
	p.prepared = r.prepared
	return p, nil
}

// planAnalysis finds the files of a query whose checking began at start.
func (s *Service) planAnalysis(ctx context.Context, e *execution, analysis *analyzer.Analysis, start time.Time) (*planned, error) {
	if err := s.await(ctx, e, analysis); err != nil {
		return nil, err
	}
	analyzed := s.now()
	scans, err := s.cfg.Planner.PlanAll(ctx, analysis.Scans)
	if err != nil {
		return nil, err
	}
	p := &planned{analysis: analysis, scans: scans, analyzing: analyzed.Sub(start), planning: s.now().Sub(analyzed)}
	e.change(func(r *record) {
		r.UpdateCount = aws.Int64(0)
		r.Stats.PreProcess, r.Stats.Planning = p.analyzing, p.planning
		for _, scan := range scans {
			r.Stats.PartitionsRead += len(scan.Partitions)
			r.Stats.PartitionsTotal += scan.PartitionsTotal
			r.Stats.Files += len(scan.Files)
			r.Stats.MemoryRows += scan.TailRows()
		}
		r.Stats.CompleteUpTo = completeUpTo(scans)
	})
	return p, nil
}

// await waits until the query would see the event that it is to see.
func (s *Service) await(ctx context.Context, e *execution, a *analyzer.Analysis) error {
	if e.waitFor == "" {
		return nil
	}
	if s.cfg.Await == nil {
		return &engine.Error{Name: "NOT_SUPPORTED", Message: "wait_for is not supported: no deliveries run"}
	}
	var tables []*catalog.Table
	for _, scan := range a.Scans {
		tables = append(tables, scan.Table)
	}
	return s.cfg.Await(ctx, e.waitFor, tables)
}

// completeUpTo is the earliest time of each delivered table.
func completeUpTo(scans []planner.Scan) map[string]time.Time {
	out := map[string]time.Time{}
	for _, scan := range scans {
		if scan.CompleteUpTo.IsZero() {
			continue
		}
		name := scan.Table.Database + "." + scan.Table.Name
		if at, ok := out[name]; !ok || scan.CompleteUpTo.Before(at) {
			out[name] = scan.CompleteUpTo.UTC()
		}
	}
	return out
}

// startQuery starts a planned query within its workgroup's limit.
func (s *Service) startQuery(ctx context.Context, e *execution, p *planned) (engine.Rows, error) {
	r := e.snapshot()
	group, err := s.workGroups.get(r.WorkGroup)
	if err != nil {
		return nil, err
	}
	return s.cfg.Engine.Query(ctx, engine.Query{
		ID: string(r.ID), Text: r.Query, Analysis: p.analysis, Scans: p.scans,
		BytesScannedCutoff: aws.ToInt64(group.Configuration.BytesScannedCutoffPerQuery),
		Admit:              s.admitter(e, aws.ToString(group.Name)),
	})
}

func (s *Service) analyze(ctx context.Context, r *record, query ast.Statement) (*analyzer.Analysis, error) {
	o, err := s.analyzerOptions(r)
	if err != nil {
		return nil, err
	}
	if q, ok := query.(*ast.Explain); ok {
		return s.analyzeExplain(ctx, r, q, o)
	}
	switch q := query.(type) {
	case *ast.Execute:
		return s.analyzeExecute(ctx, r, q, o)
	case *ast.DescribeInput:
		prepared, err := s.named(ctx, r, q.Name)
		if err != nil {
			return nil, err
		}
		return analyzer.DescribeInput(ctx, prepared, o)
	case *ast.DescribeOutput:
		prepared, err := s.named(ctx, r, q.Name)
		if err != nil {
			return nil, err
		}
		return analyzer.DescribeOutput(ctx, prepared, o)
	}
	return analyzer.Analyze(ctx, query, o)
}

// analyzerOptions are those of an execution.
func (s *Service) analyzerOptions(r *record) (analyzer.Options, error) {
	parameters, err := parameterExpressions(r.Parameters)
	return analyzer.Options{
		Catalog: s.cfg.Catalog, Versions: s.lake, Database: r.database(), Parameters: parameters, Partitions: s.cfg.Planner.Partitions, Estimate: s.estimate, Now: r.Submitted,
	}, err
}

// parameterExpressions reads ExecutionParameters as Athena does: an expression
// without columns, or where it is none, the text itself.
func parameterExpressions(texts []string) ([]ast.Expression, error) {
	var out []ast.Expression
	for _, text := range texts {
		e, err := parser.ParseExpression(text)
		if err != nil {
			e = &ast.StringLiteral{Value: text}
		}
		out = append(out, e)
	}
	return out, nil
}

// drain reads all rows into the result object, and into the sink.
func (s *Service) drain(ctx context.Context, e *execution, stmt *sql.Statement, rows engine.Rows, began time.Time, sink RowSink) error {
	r := e.snapshot()
	columns := rows.Columns()
	// A query that fails or is stopped has scanned too.
	e.change(func(r *record) { r.Stats.BytesScanned = rows.Stats().BytesScanned })
	out := newSpool(s.cfg.TempDir)
	defer out.close()
	text := newResultText(stmt, columns)
	if err := out.write(text.header()); err != nil {
		return err
	}
	if sink != nil {
		if err := sink.Begin(r.ID, columns); err != nil {
			return &sinkError{cause: err}
		}
	}
	for {
		values, err := rows.Next(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if err := out.write(text.row(values)); err != nil {
			return err
		}
		if sink == nil {
			continue
		}
		if err := sink.Row(values); err != nil {
			return &sinkError{cause: err}
		}
	}
	stats, read := rows.Stats(), s.now()
	etag, err := s.writeResult(ctx, r, out)
	e.change(func(r *record) {
		r.Stats.BytesScanned, r.Stats.Rows = stats.BytesScanned, stats.Rows
		r.Stats.ResultBytes, r.ResultETag = out.size, etag
		r.Stats.Engine, r.Stats.Service = read.Sub(began), s.now().Sub(read)
	})
	return err
}

// executeDDL runs a Hive statement on the catalog. Its result is text.
func (s *Service) executeDDL(ctx context.Context, e *execution, stmt *sql.Statement, sink RowSink) error {
	r := e.snapshot()
	start := s.now()
	result, err := s.cfg.DDL.Execute(ctx, stmt.DDL, ddl.Context{Database: r.database()})
	if err != nil {
		s.writeDDLFailure(ctx, e, err)
		return err
	}
	e.change(func(r *record) { r.Stats.Engine = s.now().Sub(start) })
	return s.writeDDLResult(ctx, e, stmt, result, sink)
}

// writeDDLFailure leaves the words of a failure at the output location, as Athena
// does for Hive's statements alone. Where that cannot be written, the failure
// itself is what counts.
func (s *Service) writeDDLFailure(ctx context.Context, e *execution, err error) {
	var failed *ddl.Error
	if !errors.As(err, &failed) {
		return
	}
	out := newSpool(s.cfg.TempDir)
	defer out.close()
	if err := out.write([]byte(failed.Message)); err != nil {
		return
	}
	if etag, err := s.writeResult(ctx, e.snapshot(), out); err == nil {
		e.change(func(r *record) { r.ResultETag = etag })
	}
}

func (s *Service) writeDDLResult(ctx context.Context, e *execution, stmt *sql.Statement, result ddl.Result, sink RowSink) error {
	out := newSpool(s.cfg.TempDir)
	defer out.close()
	for i, row := range result.Rows {
		line := strings.Join(row, "\t")
		if i > 0 {
			line = "\n" + line
		}
		if err := out.write([]byte(line)); err != nil {
			return err
		}
	}
	e.change(func(r *record) {
		if result.Columns != nil {
			r.Columns = ddlColumnInfos(result.Columns)
		}
		if stmt.Type == "UTILITY" {
			r.UpdateCount = aws.Int64(0)
		}
		r.Stats.Rows, r.Stats.ResultBytes = int64(len(result.Rows)), out.size
	})
	r := e.snapshot()
	if sink != nil {
		if err := sinkDDL(r.ID, result, sink); err != nil {
			return err
		}
	}
	etag, err := s.writeResult(ctx, r, out)
	e.change(func(r *record) { r.ResultETag = etag })
	return err
}

// sinkDDL gives the rows of a statement with columns to a sink, each row's text
// split at its tabs.
func sinkDDL(id QueryID, result ddl.Result, sink RowSink) error {
	columns := make([]analyzer.Column, len(result.Columns))
	for i, c := range result.Columns {
		columns[i] = analyzer.Column{Name: c.Name, Type: types.VarcharType(types.UnboundedLength)}
	}
	if len(columns) == 0 && len(result.Rows) > 0 {
		columns = []analyzer.Column{{Name: "result", Type: types.VarcharType(types.UnboundedLength)}}
	}
	if err := sink.Begin(id, columns); err != nil {
		return &sinkError{cause: err}
	}
	for _, row := range result.Rows {
		values := make([]any, len(columns))
		for i, cell := range strings.SplitN(strings.Join(row, "\t"), "\t", len(columns)) {
			values[i] = strings.TrimRight(cell, " ")
		}
		if err := sink.Row(values); err != nil {
			return &sinkError{cause: err}
		}
	}
	return nil
}
