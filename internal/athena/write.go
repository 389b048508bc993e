package athena

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/athena/types"

	"github.com/scopsdb/scops/internal/catalog"
	lakes "github.com/scopsdb/scops/internal/lake"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/tablewriter"
)

// writing finds the statement that an execution writes by, also that of EXECUTE;
// nil where it only reads.
func (s *Service) writing(ctx context.Context, r *record, query ast.Statement) (ast.Statement, analyzer.Options, error) {
	o, err := s.analyzerOptions(r)
	if err != nil {
		return nil, o, err
	}
	switch q := query.(type) {
	case *ast.Execute:
		query, o, err = s.bound(ctx, r, q, o)
	case *ast.ExecuteImmediate:
		query, o.Parameters, o.ExactParameters = q.Statement, q.Parameters, true
	}
	if err != nil || !lakes.Changes(query) && !analyzer.Writes(query) {
		return nil, o, err
	}
	return query, o, nil
}

// executeWrite runs CREATE TABLE AS, INSERT INTO or UNLOAD: the files, their
// manifest and the metadata first, then the commit, which makes all of it
// visible and after which the execution can no longer be stopped.
func (s *Service) executeWrite(ctx context.Context, e *execution, query ast.Statement, o analyzer.Options, sink RowSink) error {
	start := s.now()
	if !analyzer.Writes(query) {
		change, err := s.lake.Prepare(ctx, query, o, string(e.id))
		if err != nil {
			return err
		}
		return s.executeChange(ctx, e, change, start, sink)
	}
	w, err := analyzer.AnalyzeWrite(ctx, query, o)
	if err != nil {
		return err
	}
	if change, err := s.lake.Write(ctx, w, string(e.id)); change != nil || err != nil {
		if err != nil {
			return err
		}
		return s.executeChange(ctx, e, change, start, sink)
	}
	e.change(func(r *record) {
		r.Writes, r.UpdateCount, r.Columns = true, aws.Int64(0), columnInfos([]analyzer.Column{analyzer.RowsColumn})
	})
	r := e.snapshot()
	if err := s.ensureOwnBucket(ctx, bucketOf(r.OutputLocation)); err != nil {
		return &outputError{location: r.OutputLocation, cause: err}
	}
	if w.Exists {
		return s.tellRows(ctx, e, 0, sink)
	}
	plan, err := s.cfg.Writer.Plan(ctx, string(r.ID), w, resultFolder(r))
	if err != nil {
		return err
	}
	p, err := s.planAnalysis(ctx, e, w.Source, start) // before the write begins: it does not read what it writes
	if err != nil {
		return err
	}
	s.warn(ctx, e, p, sink)
	write, err := plan.Begin(ctx)
	if err != nil {
		return err
	}
	if err := s.writeAndCommit(ctx, e, plan, p, write); err != nil {
		write.Abort(ctx)
		return err
	}
	return s.tellRows(ctx, e, *e.snapshot().UpdateCount, sink)
}

func (s *Service) writeAndCommit(ctx context.Context, e *execution, plan *tablewriter.Plan, p *planned, write *tablewriter.Write) error {
	var result tablewriter.Result
	if !plan.NoData() {
		var err error
		if result, err = s.writeRows(ctx, e, p, write); err != nil {
			return err
		}
	}
	if err := s.writeManifest(ctx, e, write, result); err != nil {
		return err
	}
	if err := e.seal(); err != nil {
		return err
	}
	return write.Commit(context.WithoutCancel(ctx))
}

// writeRows runs the query into files.
func (s *Service) writeRows(ctx context.Context, e *execution, p *planned, write *tablewriter.Write) (tablewriter.Result, error) {
	began := s.now()
	rows, err := s.startQuery(ctx, e, p)
	if err != nil {
		return tablewriter.Result{}, err
	}
	result, err := write.Rows(ctx, rows)
	stats := rows.Stats()
	e.change(func(r *record) { // a query that fails or is stopped has scanned too
		r.UpdateCount = aws.Int64(result.Rows)
		r.Stats.BytesScanned, r.Stats.Rows, r.Stats.Engine = stats.BytesScanned, result.Rows, s.now().Sub(began)
	})
	if closed := rows.Close(); err == nil {
		err = closed
	}
	return result, s.reason(ctx, e, p, err)
}

// interrupted is what DuckDB says, now and then, of a query that failed while
// the reader of its rows was slow, in place of why.
const interrupted = "INTERRUPT Error"

// reason asks for the reason of such a failure by another run of the query, whose
// rows are dropped as they come.
func (s *Service) reason(ctx context.Context, e *execution, p *planned, failed error) error {
	if failed == nil || ctx.Err() != nil || !strings.Contains(failed.Error(), interrupted) {
		return failed
	}
	rows, err := s.startQuery(ctx, e, p)
	if err != nil {
		return err
	}
	defer rows.Close()
	if err := skipRows(ctx, rows); err != nil {
		return err
	}
	return failed
}

// writeManifest puts the list of the files that were written and the metadata
// beside where the result would be.
func (s *Service) writeManifest(ctx context.Context, e *execution, write *tablewriter.Write, result tablewriter.Result) error {
	began := s.now()
	r := e.snapshot()
	bucket, key, err := objects.SplitURI(strings.TrimSuffix(r.OutputLocation, ".csv"))
	if err != nil {
		return &outputError{location: r.OutputLocation, cause: err}
	}
	puts := map[string][]byte{key + ".metadata": encodeMetadata(r)}
	manifest := key + "-manifest.csv"
	if len(result.Files) > 0 {
		puts[manifest] = []byte(strings.Join(result.URIs(), "\n") + "\n")
	}
	var names []catalog.FileName
	for key := range puts {
		names = append(names, catalog.FileName{Bucket: bucket, Key: key})
	}
	if err := write.Expect(ctx, names); err != nil {
		return err
	}
	for key, body := range puts {
		_, err := s.cfg.Objects.Put(ctx, bucket, key, bytes.NewReader(body), int64(len(body)), objects.PutOptions{ContentType: "application/octet-stream"})
		if err != nil {
			return &outputError{location: r.OutputLocation, cause: err}
		}
	}
	e.change(func(r *record) {
		if len(result.Files) > 0 {
			r.Manifest = "s3://" + bucket + "/" + manifest
		}
		r.Stats.Service = s.now().Sub(began)
	})
	return nil
}

// tellRows gives a sink the number of rows, as Trino answers such a statement.
// In Athena's results there are none.
func (s *Service) tellRows(_ context.Context, e *execution, n int64, sink RowSink) error {
	if sink == nil {
		return nil
	}
	// What is written is written, whether the client takes the number or not.
	if err := sink.Begin(e.id, []analyzer.Column{analyzer.RowsColumn}); err == nil {
		_ = sink.Row([]any{n})
	}
	return nil
}

// resultFolder is the output location of an execution.
func resultFolder(r *record) string {
	folder := r.OutputLocation[:strings.LastIndexByte(r.OutputLocation, '/')+1]
	if r.Substatement == "CREATE_TABLE_AS_SELECT" {
		return strings.TrimSuffix(folder, "tables/")
	}
	return folder
}

// checkExternalLocation refuses external_location where the workgroup's output
// location is enforced.
func checkExternalLocation(group *api.WorkGroup, query ast.Statement) error {
	s, ok := query.(*ast.CreateTableAs)
	if !ok || !aws.ToBool(group.Configuration.EnforceWorkGroupConfiguration) {
		return nil
	}
	for _, p := range s.Properties {
		if p.Name.Lower() == "external_location" {
			return invalid(codeInvalidInput, "The Create Table As Select query failed because it was submitted with an 'external_location' property to an Athena Workgroup that enforces a centralized output location for all queries. Please remove the 'external_location' property and resubmit the query.")
		}
	}
	return nil
}

// finishCommitted makes the executions SUCCEEDED that had committed what they
// wrote when the process stopped, before it recorded their end.
func finishCommitted(ctx context.Context, st *store, cfg Config) error {
	committed, err := cfg.Catalog.CommittedWrites(ctx)
	if err != nil {
		return err
	}
	var ids []string
	for id, rows := range committed {
		ids = append(ids, id)
		r, err := st.get(ctx, QueryID(id))
		if errors.Is(err, errNoRecord) || err == nil && r.terminal() {
			continue
		}
		if err != nil {
			return err
		}
		r.Writes, r.UpdateCount, r.Columns = true, aws.Int64(rows), columnInfos([]analyzer.Column{analyzer.RowsColumn})
		r.Stats.Rows = rows
		if rows > 0 {
			r.Manifest = strings.TrimSuffix(r.OutputLocation, ".csv") + "-manifest.csv"
		}
		outcome{state: api.QueryExecutionStateSucceeded}.apply(r, cfg.Now())
		if err := st.put(ctx, r); err != nil {
			return fmt.Errorf("record the end of %s: %w", id, err)
		}
	}
	return cfg.Catalog.ForgetWrites(ctx, ids)
}
