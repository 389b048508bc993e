package duckdb

import (
	"context"
	"slices"

	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql/analyzer"
)

// estimatedFooters is in how many files of columns Estimate looks for the sizes
// of their columns.
const estimatedFooters = 1000

// Estimate implements engine.Engine: the bytes that a run would count, which
// follow from the files before any row is read. Files of columns that are many,
// or elsewhere, count as a whole.
func (e *Engine) Estimate(ctx context.Context, query engine.Query) (engine.Estimate, error) {
	var out engine.Estimate
	if err := e.begin(); err != nil {
		return out, err
	}
	q := newSources(ctx)
	defer e.endQuery(q)
	for i := range query.Scans {
		bytes, atMost, err := e.estimateScan(q, &query.Scans[i], query.Analysis.Scans[i])
		if err != nil {
			return out, err
		}
		out.Bytes += bytes
		out.AtMost = out.AtMost || atMost
	}
	return out, nil
}

func (e *Engine) estimateScan(q *sources, scan *planner.Scan, ts *analyzer.TableScan) (bytes int64, atMost bool, err error) {
	files := scan.Files
	if scan.Iceberg != nil {
		files = slices.Clone(files)
		for _, d := range scan.Iceberg.Deletes {
			files = append(files, d.File)
		}
	}
	elsewhere := slices.ContainsFunc(files, func(f planner.File) bool { return f.Remote != nil })
	if !elsewhere && len(files) <= estimatedFooters {
		_, bytes, err = e.relation(q, scan, ts)
		return bytes, false, err
	}
	byColumn, err := mayReadColumns(scan, ts)
	return bytesOf(files), byColumn, err
}

// mayReadColumns says whether some files of a scan may be read by column.
func mayReadColumns(scan *planner.Scan, ts *analyzer.TableScan) (bool, error) {
	if scan.Iceberg != nil {
		return true, nil
	}
	f, err := formatOf(ts.Table)
	if err != nil {
		return false, err
	}
	return columnar(f) || slices.ContainsFunc(scan.Files, func(f planner.File) bool { return ownDescriptor(scan, f) != nil }), nil
}

// columnar says whether files of a format are read by column.
func columnar(f formats.Format) bool { return f.Kind == formats.Parquet || f.Kind == formats.ORC }
