package lake

import (
	"context"
	"errors"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/iceberg"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/types"
)

var _ analyzer.Versions = (*Lake)(nil)

// hidden are the columns of Iceberg tables that only their names give, as in
// Athena.
var hidden = []analyzer.ScanColumn{
	{Name: analyzer.PathColumn, Type: types.VarcharUnbounded, OfFile: true},
	{Name: analyzer.FileModifiedColumn, Type: types.TimestampTZType(types.DefaultTimePrecision), OfFile: true},
}

// Version implements analyzer.Versions.
func (l *Lake) Version(ctx context.Context, t *catalog.Table, at analyzer.VersionPointer) (*analyzer.Version, error) {
	if !iceberg.Is(t) {
		return nil, nil
	}
	view, err := l.view(ctx, t, at)
	if err != nil {
		return nil, positioned(err)
	}
	columns, err := view.Columns()
	if err != nil {
		return nil, positioned(err)
	}
	out := &analyzer.Version{State: view}
	for _, c := range columns {
		out.Columns = append(out.Columns, analyzer.Column{Name: c.Name, Type: c.Type})
	}
	for _, h := range hidden {
		if !has(columns, h.Name) {
			out.Hidden = append(out.Hidden, h)
		}
	}
	return out, nil
}

func has(columns []iceberg.Column, name string) bool {
	for _, c := range columns {
		if c.Name == name {
			return true
		}
	}
	return false
}

func (l *Lake) view(ctx context.Context, t *catalog.Table, at analyzer.VersionPointer) (*iceberg.View, error) {
	table, err := l.tables.Load(ctx, t)
	switch {
	case err != nil:
		return nil, err
	case at.Snapshot != nil:
		return table.AtSnapshot(*at.Snapshot)
	case at.Time != nil:
		return table.AtTime(*at.Time, at.Shown)
	case at.Ref != "":
		return table.AtRef(at.Ref)
	}
	return table.Current(), nil
}

// positioned makes an error of a table one of the statement, without a place.
func positioned(err error) error {
	var e *iceberg.Error
	if errors.As(err, &e) {
		return &ast.Error{Name: e.Name, Message: e.Message}
	}
	return err
}
