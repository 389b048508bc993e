package analyzer

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/sql/types"
)

// systemTables are the tables about a table that Trino's Hive connector has,
// by what follows the table's name.
var systemTables = map[string]func(*analyzer, *ast.Table, *catalog.Table) (plan, error){
	"$partitions": (*analyzer).partitionsTable,
	"$properties": (*analyzer).propertiesTable,
}

// systemTable is the relation of a name such as t$partitions, or false where
// the name is of no such table.
func (a *analyzer) systemTable(at *ast.Table, database, name string) (plan, bool, error) {
	i := strings.LastIndexByte(name, '$')
	if i <= 0 {
		return plan{}, false, nil
	}
	make, ok := systemTables[name[i:]]
	if p, found, err := a.versionsTable(database, name[:i], name[i:]); found || err != nil {
		return p, true, err
	}
	if !ok {
		return plan{}, false, nil
	}
	t, err := a.lookUp(at, database, name[:i])
	var missing *Error
	if errors.As(err, &missing) && missing.Name == "TABLE_NOT_FOUND" {
		return plan{}, true, a.noTable(at, database, name)
	}
	if err != nil {
		return plan{}, true, err
	}
	if t.Type == virtualView {
		return plan{}, true, a.noTable(at, database, name)
	}
	p, err := make(a, at, t)
	return p, true, err
}

func (a *analyzer) systemOrigin(t *catalog.Table, suffix string) []string {
	return []string{a.opts.CatalogName, t.Database, t.Name + suffix}
}

// partitionsTable has a row for each partition with the values of its keys: those
// that a query would read, registered or projected.
func (a *analyzer) partitionsTable(at *ast.Table, t *catalog.Table) (plan, error) {
	if len(t.PartitionKeys) == 0 || a.opts.Partitions == nil {
		return plan{}, a.noTable(at, t.Database, t.Name+"$partitions")
	}
	columns := make([]sourceColumn, len(t.PartitionKeys))
	for i, k := range t.PartitionKeys {
		typ, err := types.FromHive(k.Type)
		if err != nil {
			return plan{}, notSupported(at, "Column '%s' of table '%s.%s' has an unsupported type: %s", k.Name, t.Database, t.Name, k.Type)
		}
		columns[i] = sourceColumn{name: k.Name, typ: typ}
	}
	return a.sourced(a.systemOrigin(t, "$partitions"), columns, func(filter predicate.Predicate) ([][]any, error) {
		list, err := a.opts.Partitions(a.ctx, t, filter)
		if err != nil {
			return nil, err
		}
		rows := make([][]any, len(list))
		for i, p := range list {
			rows[i] = make([]any, len(columns))
			for j, c := range columns {
				if rows[i][j], err = types.ParsePartitionValue(c.typ, p.Values[j]); err != nil {
					return nil, errorAt(at, "HIVE_INVALID_PARTITION_VALUE", "Invalid partition value '%s' for %s partition key: %s", p.Values[j], c.typ, c.name)
				}
			}
		}
		return rows, nil
	}), nil
}

// propertiesTable has one row with a column for each table property.
func (a *analyzer) propertiesTable(at *ast.Table, t *catalog.Table) (plan, error) {
	names := slices.Sorted(maps.Keys(t.Parameters))
	if len(names) == 0 {
		return plan{}, a.noTable(at, t.Database, t.Name+"$properties")
	}
	columns, row := make([]sourceColumn, len(names)), make([]any, len(names))
	for i, n := range names {
		columns[i], row[i] = sourceColumn{name: strings.ToLower(n), typ: types.VarcharUnbounded}, t.Parameters[n]
	}
	return a.sourced(a.systemOrigin(t, "$properties"), columns, func(predicate.Predicate) ([][]any, error) {
		return [][]any{row}, nil
	}), nil
}

func (a *analyzer) noTable(at ast.Node, database, name string) error {
	return errorAt(at, "TABLE_NOT_FOUND", "Table '%s.%s.%s' does not exist", a.opts.CatalogName, database, name)
}

// versionsTable is a table about a table that keeps versions.
func (a *analyzer) versionsTable(database, name, suffix string) (plan, bool, error) {
	if a.opts.Versions == nil {
		return plan{}, false, nil
	}
	t, err := a.opts.Catalog.Table(a.ctx, database, name)
	if errors.Is(err, catalog.ErrNotFound) {
		return plan{}, false, nil
	}
	if err != nil {
		return plan{}, false, err
	}
	columns, rows, err := a.opts.Versions.System(a.ctx, t, suffix)
	if err != nil || columns == nil {
		return plan{}, false, err
	}
	of := make([]sourceColumn, len(columns))
	for i, c := range columns {
		of[i] = sourceColumn{name: c.Name, typ: c.Type}
	}
	return a.sourced(a.systemOrigin(t, suffix), of, func(predicate.Predicate) ([][]any, error) { return rows() }), true, nil
}
