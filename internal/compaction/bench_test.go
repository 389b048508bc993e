package compaction

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/engine/duckdb"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/parser"
	"github.com/scopsdb/scops/internal/tail"
)

// BenchmarkQuery asks a partition of 1,000 files of 500 rows, and the same after
// compaction.
func BenchmarkQuery(b *testing.B) {
	r := newRig(b, formats.Parquet)
	for range 1000 {
		r.deliver(500)
	}
	e, err := duckdb.Open(duckdb.Options{AllowedDirs: []string{filepath.Join(r.dir, "objects")}})
	require.NoError(b, err)
	defer e.Close()
	p := planner.New(r.catalog, r.objects, tail.New())
	for _, name := range []string{"before", "after"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				r.ask(e, p, "SELECT city, count(*) FROM shop.orders GROUP BY city")
			}
			b.ReportMetric(float64(len(r.files())), "files")
		})
		r.later(DefaultQuietAfter)
	}
}

func (r *rig) ask(e engine.Engine, p *planner.Planner, text string) {
	ctx := context.Background()
	stmt, err := parser.ParseStatement(text)
	require.NoError(r.t, err)
	a, err := analyzer.Analyze(ctx, stmt, analyzer.Options{Catalog: r.catalog})
	require.NoError(r.t, err)
	scans, err := p.PlanAll(ctx, a.Scans)
	require.NoError(r.t, err)
	rows, err := e.Query(ctx, engine.Query{ID: "q", Text: text, Analysis: a, Scans: scans})
	require.NoError(r.t, err)
	defer rows.Close()
	for {
		if _, err := rows.Next(ctx); errors.Is(err, io.EOF) {
			return
		} else {
			require.NoError(r.t, err)
		}
	}
}
