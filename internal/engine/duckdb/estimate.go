package duckdb

import (
	"context"
	"slices"

	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/planner"
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
		scan, of := &query.Scans[i], query.Analysis.Scans[i]
		f, err := formatOf(of.Table)
		if err != nil {
			return out, err
		}
		if byFile(f, scan.Files) {
			out.Bytes += bytesOf(scan.Files)
			out.AtMost = out.AtMost || columnar(f)
			continue
		}
		_, bytes, err := e.relation(q, scan, of)
		if err != nil {
			return out, err
		}
		out.Bytes += bytes
	}
	return out, nil
}

// columnar says whether files of a format are read by column.
func columnar(f formats.Format) bool { return f.Kind == formats.Parquet || f.Kind == formats.ORC }

// byFile says whether the sizes of files are all that is looked at: of row
// formats they are what is scanned.
func byFile(f formats.Format, files []planner.File) bool {
	return !columnar(f) || len(files) > estimatedFooters || slices.ContainsFunc(files, func(f planner.File) bool { return f.Remote != nil })
}
