package analyzer

import (
	"cmp"
	"errors"
	"slices"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/sql/types"
)

// informationColumns are the columns of the tables of information_schema. All
// are varchar but for ordinal_position.
var informationColumns = map[string][]string{
	"schemata": {"catalog_name", "schema_name"},
	"tables":   {"table_catalog", "table_schema", "table_name", "table_type"},
	"columns": {"table_catalog", "table_schema", "table_name", "column_name", "ordinal_position",
		"column_default", "is_nullable", "data_type"},
	"views":            {"table_catalog", "table_schema", "table_name", "view_definition"},
	"applicable_roles": {"grantee", "grantee_type", "role_name", "is_grantable"},
	"enabled_roles":    {"role_name"},
	"roles":            {"role_name"},
	"table_privileges": {"grantor", "grantor_type", "grantee", "grantee_type", "table_catalog", "table_schema",
		"table_name", "privilege_type", "is_grantable", "with_hierarchy"},
}

// hiddenInformation are the columns of the table columns that * leaves out: a
// column's comment, and "partition key" of a key.
var hiddenInformation = []string{"comment", "extra_info"}

// withoutRows are the tables of what does not exist here: roles and grants.
var withoutRows = []string{"applicable_roles", "enabled_roles", "roles", "table_privileges"}

// informationTable is a table of information_schema, with its rows as the
// catalog has them now.
func (a *analyzer) informationTable(at ast.Node, name string) (plan, error) {
	columns, ok := informationColumns[name]
	if !ok {
		return plan{}, errorAt(at, "TABLE_NOT_FOUND", "Table '%s.%s.%s' does not exist", a.opts.CatalogName, informationSchema, name)
	}
	sourced := make([]sourceColumn, 0, len(columns)+len(hiddenInformation))
	for _, c := range columns {
		sourced = append(sourced, sourceColumn{name: c, typ: informationType(c)})
	}
	if name == "columns" {
		for _, c := range hiddenInformation {
			sourced = append(sourced, sourceColumn{name: c, typ: informationType(c), hidden: true})
		}
	}
	return a.sourced([]string{a.opts.CatalogName, informationSchema, name}, sourced, func(filter predicate.Predicate) ([][]any, error) {
		return a.informationRows(name, filter)
	}), nil
}

func informationType(column string) types.Type {
	if column == "ordinal_position" {
		return types.BigIntType
	}
	return types.VarcharUnbounded
}

// informationRows are the rows of the tables that a filter on their schema and
// name leaves. What it names alone is looked up, not searched for.
func (a *analyzer) informationRows(name string, filter predicate.Predicate) ([][]any, error) {
	if slices.Contains(withoutRows, name) {
		return nil, nil
	}
	schema := "table_schema"
	if name == "schemata" {
		schema = "schema_name"
	}
	databases, err := a.databasesOf(filter, schema)
	if err != nil {
		return nil, err
	}
	if name == "schemata" {
		rows := [][]any{{a.opts.CatalogName, informationSchema}}
		for _, d := range databases {
			rows = append(rows, []any{a.opts.CatalogName, d})
		}
		return rows, nil
	}
	var rows [][]any
	if knownOnly(filter, map[string]any{schema: informationSchema}) {
		rows = a.ownRows(name)
	}
	for _, d := range databases {
		tables, err := a.tablesOf(filter, d)
		if err != nil {
			return nil, err
		}
		for _, t := range tables {
			rows = append(rows, a.tableRows(name, t)...)
		}
	}
	return rows, nil
}

// databasesOf are the databases that a filter on a column with their name
// leaves.
func (a *analyzer) databasesOf(filter predicate.Predicate, column string) ([]string, error) {
	var names []string
	if listed, ok := only(filter, column); ok {
		for _, name := range listed {
			d, err := a.opts.Catalog.Database(a.ctx, name)
			switch {
			case err == nil && d.Name == name:
				names = append(names, name)
			case err != nil && !errors.Is(err, catalog.ErrNotFound):
				return nil, err
			}
		}
		return names, nil
	}
	all, err := a.opts.Catalog.Databases(a.ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range all {
		if knownOnly(filter, map[string]any{column: d.Name}) {
			names = append(names, d.Name)
		}
	}
	return names, nil
}

// tablesOf are the tables of a database that a filter on table_name leaves.
func (a *analyzer) tablesOf(filter predicate.Predicate, database string) ([]*catalog.Table, error) {
	var tables []*catalog.Table
	if listed, ok := only(filter, "table_name"); ok {
		for _, name := range listed {
			t, err := a.opts.Catalog.Table(a.ctx, database, name)
			switch {
			case err == nil && t.Name == name:
				tables = append(tables, t)
			case err != nil && !errors.Is(err, catalog.ErrNotFound):
				return nil, err
			}
		}
		return tables, nil
	}
	all, err := a.opts.Catalog.Tables(a.ctx, database)
	if errors.Is(err, catalog.ErrNotFound) { // dropped since
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, t := range all {
		if knownOnly(filter, map[string]any{"table_schema": database, "table_name": t.Name}) {
			tables = append(tables, t)
		}
	}
	return tables, nil
}

// ownRows are the rows that speak of information_schema itself.
func (a *analyzer) ownRows(name string) [][]any {
	if name == "views" {
		return nil
	}
	var rows [][]any
	for table, columns := range informationColumns {
		if name == "tables" {
			rows = append(rows, []any{a.opts.CatalogName, informationSchema, table, "BASE TABLE"})
			continue
		}
		for i, c := range columns {
			rows = append(rows, a.columnRow(informationSchema, table, catalog.Column{Name: c}, i, informationType(c).String(), nil))
		}
	}
	slices.SortStableFunc(rows, func(x, y []any) int { return cmp.Compare(x[2].(string), y[2].(string)) })
	return rows
}

func (a *analyzer) columnRow(database, table string, c catalog.Column, position int, dataType string, extra any) []any {
	var comment any
	if c.Comment != "" {
		comment = c.Comment
	}
	return []any{a.opts.CatalogName, database, table, c.Name, int64(position + 1), nil, "YES", dataType, comment, extra}
}

// tableRows are the rows of one table of the catalog.
func (a *analyzer) tableRows(name string, t *catalog.Table) [][]any {
	isView := t.Type == virtualView
	switch {
	case name == "tables" && isView:
		return [][]any{{a.opts.CatalogName, t.Database, t.Name, "VIEW"}}
	case name == "tables":
		return [][]any{{a.opts.CatalogName, t.Database, t.Name, "BASE TABLE"}}
	case name == "views" && isView:
		v, err := DecodeView(t.ViewOriginalText)
		if err != nil {
			return [][]any{{a.opts.CatalogName, t.Database, t.Name, nil}}
		}
		return [][]any{{a.opts.CatalogName, t.Database, t.Name, v.SQL}}
	case name == "views":
		return nil
	}
	var rows [][]any
	for i, c := range slices.Concat(t.Columns, t.PartitionKeys) {
		var extra any
		if i >= len(t.Columns) {
			extra = "partition key"
		}
		rows = append(rows, a.columnRow(t.Database, t.Name, c, i, dataType(c.Type), extra))
	}
	return rows
}

// dataType is Trino's text of a column's type, or Hive's where Trino has none.
func dataType(hive string) string {
	t, err := types.FromHive(hive)
	if err != nil {
		return hive
	}
	return t.String()
}
