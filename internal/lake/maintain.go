package lake

import (
	"context"

	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/iceberg"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/predicate"
)

// optimize rewrites data files: small ones into larger ones, and those with
// deletes without the rows that are gone. The rows stay the same.
// https://docs.aws.amazon.com/athena/latest/ug/optimize-statement.html
func (l *Lake) optimize(ctx context.Context, m *analyzer.Modify, id string) (*Change, error) {
	view := m.State.(*iceberg.View)
	nothing := &Change{Apply: func(context.Context, engine.Rows, func() error) (int64, error) { return 0, nil }}
	if view.Snapshot == nil {
		return nothing, nil
	}
	var domains map[string]predicate.Domain
	if m.Filter != nil {
		var some bool
		if domains, some = predicate.Domains(m.Filter.Filter); !some {
			return nothing, nil
		}
	}
	rewrite, err := l.tables.Rewrite(ctx, view, domains)
	if err != nil {
		return nil, positioned(err)
	}
	if rewrite == nil {
		return nothing, nil
	}
	return &Change{Source: wholeTable(m, rewrite.View), Apply: func(ctx context.Context, rows engine.Rows, seal func() error) (int64, error) {
		return l.written(ctx, view.Table, id, rows, seal, func(ctx context.Context, files *iceberg.Writer) error {
			return l.tables.Commit(ctx, view.Table, iceberg.Change{
				Operation: iceberg.Replace, Data: files.Data, Removed: rewrite.Removed, DataSequence: rewrite.Sequence,
				Summary: map[string]string{queryID: id},
			})
		})
	}}, nil
}

// wholeTable is a query of all columns and rows of a view.
func wholeTable(m *analyzer.Modify, v *iceberg.View) *analyzer.Analysis {
	scan := &analyzer.TableScan{Table: m.Target, Filter: predicate.And{}, Version: v}
	node := &analyzer.Scan{}
	out := &analyzer.Analysis{Columns: m.Columns, Scans: []*analyzer.TableScan{scan}}
	for i, c := range m.Columns {
		scan.Columns = append(scan.Columns, analyzer.ScanColumn{Name: c.Name, Type: c.Type})
		node.Out = append(node.Out, &analyzer.Symbol{ID: i + 1, Name: c.Name, Type: c.Type})
	}
	out.Root, out.Output = node, node.Out
	return out
}

// vacuum forgets old snapshots and deletes what no snapshot needs.
// https://docs.aws.amazon.com/athena/latest/ug/vacuum-statement.html
func (l *Lake) vacuum(m *analyzer.Modify) *Change {
	view := m.State.(*iceberg.View)
	return &Change{Apply: func(ctx context.Context, _ engine.Rows, seal func() error) (int64, error) {
		if err := seal(); err != nil {
			return 0, err
		}
		return 0, l.tables.Vacuum(context.WithoutCancel(ctx), view.Table)
	}}
}
