package lake

import (
	"context"
	"maps"
	"slices"
	"time"

	ice "github.com/apache/iceberg-go"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/iceberg"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/types"
)

var (
	instant  = types.TimestampTZType(types.DefaultTimePrecision)
	textMap  = types.MapOf(types.VarcharUnbounded, types.VarcharUnbounded)
	countMap = types.MapOf(types.IntegerType, types.BigIntType)
)

// systemTables are the tables about an Iceberg table, by what follows its name,
// with the columns that Trino's connector gives them.
var systemTables = map[string]struct {
	columns []analyzer.Column
	rows    func(*Lake, context.Context, *iceberg.Table) ([][]any, error)
}{
	"$snapshots": {[]analyzer.Column{
		{Name: "committed_at", Type: instant}, {Name: "snapshot_id", Type: types.BigIntType}, {Name: "parent_id", Type: types.BigIntType},
		{Name: "operation", Type: types.VarcharUnbounded}, {Name: "manifest_list", Type: types.VarcharUnbounded}, {Name: "summary", Type: textMap},
	}, snapshotRows},
	"$history": {[]analyzer.Column{
		{Name: "made_current_at", Type: instant}, {Name: "snapshot_id", Type: types.BigIntType}, {Name: "parent_id", Type: types.BigIntType},
		{Name: "is_current_ancestor", Type: types.BooleanType},
	}, historyRows},
	"$refs": {[]analyzer.Column{
		{Name: "name", Type: types.VarcharUnbounded}, {Name: "type", Type: types.VarcharUnbounded}, {Name: "snapshot_id", Type: types.BigIntType},
		{Name: "max_reference_age_in_ms", Type: types.BigIntType}, {Name: "min_snapshots_to_keep", Type: types.IntegerType}, {Name: "max_snapshot_age_in_ms", Type: types.BigIntType},
	}, refRows},
	"$properties": {[]analyzer.Column{{Name: "key", Type: types.VarcharUnbounded}, {Name: "value", Type: types.VarcharUnbounded}}, propertyRows},
	"$files": {[]analyzer.Column{
		{Name: "content", Type: types.IntegerType}, {Name: "file_path", Type: types.VarcharUnbounded}, {Name: "file_format", Type: types.VarcharUnbounded},
		{Name: "record_count", Type: types.BigIntType}, {Name: "file_size_in_bytes", Type: types.BigIntType}, {Name: "column_sizes", Type: countMap},
		{Name: "value_counts", Type: countMap}, {Name: "null_value_counts", Type: countMap}, {Name: "nan_value_counts", Type: countMap},
	}, fileRows},
}

// System implements analyzer.Versions.
func (l *Lake) System(ctx context.Context, t *catalog.Table, suffix string) ([]analyzer.Column, func() ([][]any, error), error) {
	s, ok := systemTables[suffix]
	if !ok || !iceberg.Is(t) {
		return nil, nil, nil
	}
	table, err := l.tables.Load(ctx, t)
	if err != nil {
		return nil, nil, positioned(err)
	}
	return s.columns, func() ([][]any, error) {
		rows, err := s.rows(l, ctx, table)
		return rows, positioned(err)
	}, nil
}

func milliseconds(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// number is what a pointer points to, or NULL.
func number[N int | int64](n *N) any {
	if n == nil {
		return nil
	}
	return int64(*n)
}

func snapshotRows(_ *Lake, _ context.Context, t *iceberg.Table) ([][]any, error) {
	var rows [][]any
	for _, s := range t.Metadata.Snapshots {
		summary := types.MapValue{}
		for _, k := range slices.Sorted(maps.Keys(s.Summary)) {
			if k != "operation" {
				summary = append(summary, types.MapEntry{Key: k, Value: s.Summary[k]})
			}
		}
		rows = append(rows, []any{milliseconds(s.Timestamp), s.ID, number(s.ParentID), s.Summary["operation"], s.ManifestList, summary})
	}
	return rows, nil
}

func historyRows(_ *Lake, _ context.Context, t *iceberg.Table) ([][]any, error) {
	m := t.Metadata
	ancestors := map[int64]bool{}
	for s := m.Current(); s != nil; {
		ancestors[s.ID] = true
		if s.ParentID == nil {
			break
		}
		s = m.Snapshot(*s.ParentID)
	}
	var rows [][]any
	for _, e := range m.SnapshotLog {
		var parent any
		if s := m.Snapshot(e.SnapshotID); s != nil {
			parent = number(s.ParentID)
		}
		rows = append(rows, []any{milliseconds(e.Timestamp), e.SnapshotID, parent, ancestors[e.SnapshotID]})
	}
	return rows, nil
}

func refRows(_ *Lake, _ context.Context, t *iceberg.Table) ([][]any, error) {
	var rows [][]any
	for _, name := range slices.Sorted(maps.Keys(t.Metadata.Refs)) {
		r := t.Metadata.Refs[name]
		kind := "BRANCH"
		if r.Type == "tag" {
			kind = "TAG"
		}
		rows = append(rows, []any{name, kind, r.SnapshotID, number(r.MaxRefAgeMs), number(r.MinSnapshotsToKeep), number(r.MaxSnapshotAgeMs)})
	}
	return rows, nil
}

func propertyRows(_ *Lake, _ context.Context, t *iceberg.Table) ([][]any, error) {
	var rows [][]any
	for _, k := range slices.Sorted(maps.Keys(t.Metadata.Properties)) {
		rows = append(rows, []any{k, t.Metadata.Properties[k]})
	}
	return rows, nil
}

// fileRows are the data files of the current snapshot, then its delete files.
func fileRows(l *Lake, ctx context.Context, t *iceberg.Table) ([][]any, error) {
	files, err := l.tables.Files(ctx, t.Current())
	if err != nil {
		return nil, err
	}
	var rows [][]any
	for _, f := range files {
		rows = append(rows, []any{int64(f.ContentType()), f.FilePath(), string(f.FileFormat()), f.Count(), f.FileSizeBytes(),
			counts(f, ice.DataFile.ColumnSizes), counts(f, ice.DataFile.ValueCounts), counts(f, ice.DataFile.NullValueCounts), counts(f, ice.DataFile.NaNValueCounts)})
	}
	return rows, nil
}

func counts(f ice.DataFile, of func(ice.DataFile) map[int]int64) any {
	m := of(f)
	if m == nil {
		return nil
	}
	out := types.MapValue{}
	for _, id := range slices.Sorted(maps.Keys(m)) {
		out = append(out, types.MapEntry{Key: int64(id), Value: m[id]})
	}
	return out
}
