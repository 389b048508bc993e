package analyzer

import (
	"errors"
	"slices"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/sql/types"
)

// informationSchema is the schema that every catalog has.
const informationSchema = "information_schema"

// virtualView is catalog.Table.Type of a view.
const virtualView = "VIRTUAL_VIEW"

// table analyzes a name in FROM: a named query, a view or a table.
func (a *analyzer) table(t *ast.Table, outer *scope) (plan, error) {
	if len(t.Name.Parts) == 1 && t.Version == nil {
		if w := outer.with.find(t.Name.Parts[0].Lower()); w != nil {
			return a.named(w)
		}
	}
	database, name, err := a.qualify(t)
	if err != nil {
		return plan{}, err
	}
	if database == informationSchema {
		return a.informationTable(t, name)
	}
	if p, ok, err := a.systemTable(t, database, name); ok || err != nil {
		return p, err
	}
	table, err := a.lookUp(t, database, name)
	if err != nil {
		return plan{}, err
	}
	at, err := a.pointer(t.Version)
	if err != nil {
		return plan{}, err
	}
	if table.Type == virtualView {
		if t.Version != nil {
			return plan{}, notSupported(t, "Views do not support versioned tables")
		}
		return a.view(t, table)
	}
	return a.scanAt(t, table, at)
}

// qualify completes a table's name with the session's catalog and schema.
func (a *analyzer) qualify(t *ast.Table) (database, name string, err error) {
	parts := t.Name.Parts
	name = t.Name.Suffix().Lower()
	switch len(parts) {
	case 1:
		database = a.database
	case 2:
		database = parts[0].Lower()
	case 3:
		if c := parts[0].Lower(); c != a.opts.CatalogName {
			return "", "", errorAt(t, "CATALOG_NOT_FOUND", "Catalog '%s' does not exist", c)
		}
		database = parts[1].Lower()
	default:
		return "", "", errorAt(nowhere{}, "SYNTAX_ERROR", "Too many dots in table name: %s", t.Name.Lower())
	}
	if database == "" {
		return "", "", errorAt(t, "MISSING_SCHEMA_NAME", "Schema must be specified when session schema is not set")
	}
	return database, name, nil
}

func (a *analyzer) lookUp(at ast.Node, database, name string) (*catalog.Table, error) {
	table, err := a.opts.Catalog.Table(a.ctx, database, name)
	if err == nil {
		return table, nil
	}
	if !errors.Is(err, catalog.ErrNotFound) {
		return nil, err
	}
	if _, err := a.opts.Catalog.Database(a.ctx, database); errors.Is(err, catalog.ErrNotFound) {
		return nil, errorAt(at, "SCHEMA_NOT_FOUND", "Schema '%s' does not exist", database)
	} else if err != nil {
		return nil, err
	}
	return nil, errorAt(at, "TABLE_NOT_FOUND", "Table '%s.%s.%s' does not exist", a.opts.CatalogName, database, name)
}

// scan reads a table as it is now.
func (a *analyzer) scan(at ast.Node, table *catalog.Table) (plan, error) {
	return a.scanAt(at, table, VersionPointer{})
}

// scanAt reads a version of a table: all columns for now, prune leaves those
// that are needed.
func (a *analyzer) scanAt(at ast.Node, table *catalog.Table, pointer VersionPointer) (plan, error) {
	ts := &TableScan{Table: table, Filter: predicate.And{}}
	columns, hidden, err := a.scanColumns(at, ts, pointer)
	if err != nil {
		return plan{}, err
	}
	node := &Scan{Index: len(a.scans)}
	p := plan{rel: node}
	origin := []string{a.opts.CatalogName, table.Database, table.Name}
	for _, c := range columns {
		s := a.symbol(c.Name, c.Type)
		ts.Columns, node.Out = append(ts.Columns, c), append(node.Out, s)
		p.fields = append(p.fields, field{name: c.Name, origin: origin, expr: &Ref{s}})
	}
	for _, c := range hidden {
		s := a.symbol(c.Name, c.Type)
		ts.Columns, node.Out = append(ts.Columns, c), append(node.Out, s)
		p.fields = append(p.fields, field{name: c.Name, origin: origin, expr: &Ref{s}, hidden: true})
	}
	a.scans = append(a.scans, ts)
	return p, nil
}

// scanColumns are the columns of a version of a table, and its hidden ones.
func (a *analyzer) scanColumns(at ast.Node, ts *TableScan, pointer VersionPointer) (columns, hidden []ScanColumn, err error) {
	table := ts.Table
	v, err := a.tableVersion(table, pointer)
	if err != nil {
		return nil, nil, err
	}
	if v != nil {
		ts.Version = v.State
		for _, c := range v.Columns {
			columns = append(columns, ScanColumn{Name: c.Name, Type: c.Type})
		}
		if a.opts.Hidden != nil {
			return columns, a.opts.Hidden(table), nil
		}
		return columns, v.Hidden, nil
	}
	if !pointer.current() {
		return nil, nil, notSupported(nowhere{}, "This connector does not support versioned tables")
	}
	for i, c := range slices.Concat(table.Columns, table.PartitionKeys) {
		t, err := columnType(at, table, c)
		if err != nil {
			return nil, nil, err
		}
		columns = append(columns, ScanColumn{Name: c.Name, Type: t, PartitionKey: i >= len(table.Columns)})
	}
	return columns, a.hidden(table), nil
}

// columnType is the type of a column of a table.
func columnType(at ast.Node, table *catalog.Table, c catalog.Column) (types.Type, error) {
	t, err := types.FromHive(c.Type)
	if err != nil {
		return t, notSupported(at, "Column '%s' of table '%s.%s' has an unsupported type: %s", c.Name, table.Database, table.Name, c.Type)
	}
	return t, nil
}
