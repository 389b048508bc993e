package ddl

import (
	"errors"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/iceberg"
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/hive"
	"github.com/scopsdb/scops/internal/sql/types"
)

// createIcebergTable makes an Iceberg table without rows.
// https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-creating-tables.html
func (r *run) createIcebergTable(s *hive.CreateIcebergTable) error {
	if r.Iceberg == nil {
		return notSupported(s, "Iceberg tables are not supported here")
	}
	n := r.resolve(s.Table)
	if err := r.checkLocation(s, s.Location); err != nil {
		return err
	}
	d := iceberg.Definition{
		Database: n.Database, Name: n.Name, Location: s.Location, Properties: s.Properties, Comment: s.Comment,
	}
	seen := map[string]bool{}
	for _, c := range s.Columns {
		if seen[c.Name] {
			return semantic(c, "Duplicate column name: %s", c.Name)
		}
		seen[c.Name] = true
		if err := icebergType(c); err != nil {
			return err
		}
		d.Columns = append(d.Columns, iceberg.NewColumn{Name: c.Name, Type: c.Parsed, Comment: c.Comment})
	}
	for _, p := range s.Partitioning {
		d.Partitioning = append(d.Partitioning, iceberg.PartitionField{Column: p.Column, Transform: p.Function, Width: p.Width})
	}
	if _, err := r.Catalog.Database(r.ctx, n.Database); err != nil {
		return r.missing(n, err)
	}
	return r.icebergError(s, n, r.Iceberg.Create(r.ctx, d, s.IfNotExists))
}

// icebergType refuses column types that Iceberg does not have.
func icebergType(c hive.Column) error {
	var walk func(t types.Type) bool
	walk = func(t types.Type) bool {
		switch t.Kind {
		case types.TinyInt, types.SmallInt, types.Char:
			return false
		}
		for _, f := range t.Fields {
			if !walk(f.Type) {
				return false
			}
		}
		return true
	}
	if !walk(c.Parsed) {
		return notSupported(c, "type "+c.Type+" of column "+c.Name+" is not one of Iceberg's")
	}
	return nil
}

// icebergError tells a failure of an Iceberg table at a statement.
func (r *run) icebergError(at ast.Node, n hive.TableName, err error) error {
	var e *iceberg.Error
	var own *Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &own):
		return own
	case errors.Is(err, catalog.ErrNotFound):
		return r.missing(n, err)
	case errors.As(err, &e) && e.Name == "NOT_SUPPORTED":
		return notSupported(at, e.Message)
	case errors.As(err, &e):
		return execution(err, "%s", e.Error())
	}
	return refused(err)
}
