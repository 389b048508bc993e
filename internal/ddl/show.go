package ddl

import (
	"fmt"
	"maps"
	"slices"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/hive"
)

// padded is how Hive prints a name in a column: at least 20 characters wide.
func padded(s string) string { return fmt.Sprintf("%-20s", s) }

func (r *run) matcher(at ast.Node, pattern string) (func(string) bool, error) {
	match, err := catalog.NamePattern(pattern)
	if err != nil {
		err = semantic(at, "pattern '%s' is not valid: %v", pattern, err)
	}
	return match, err
}

func (r *run) showDatabases(s *hive.ShowDatabases) (Result, error) {
	match, err := r.matcher(s, s.Pattern)
	if err != nil {
		return Result{}, err
	}
	all, err := r.Catalog.Databases(r.ctx)
	if err != nil {
		return Result{}, err
	}
	var rows []string
	for _, d := range all {
		if match(d.Name) {
			rows = append(rows, d.Name)
		}
	}
	return result(stringColumns("database_name"), rows), nil
}

func (r *run) showTables(s *hive.ShowTables) (Result, error) {
	rows, err := r.tableNames(s, s.Database, s.Pattern, func(*catalog.Table) bool { return true })
	return result(stringColumns("tab_name"), rows), err
}

func (r *run) showViews(s *hive.ShowViews) (Result, error) {
	rows, err := r.tableNames(s, s.Database, s.Pattern, func(t *catalog.Table) bool { return t.Type == catalog.VirtualView })
	return result([]Column{{"views", "varchar"}}, rows), err
}

func (r *run) tableNames(at ast.Node, database, pattern string, want func(*catalog.Table) bool) ([]string, error) {
	match, err := r.matcher(at, pattern)
	if err != nil {
		return nil, err
	}
	if database == "" {
		database = r.database
	}
	all, err := r.Catalog.Tables(r.ctx, database)
	if err != nil {
		return nil, r.missing(hive.TableName{Position: at.Pos(), Database: database}, err)
	}
	var names []string
	for _, t := range all {
		if want(t) && match(t.Name) {
			names = append(names, t.Name)
		}
	}
	return names, nil
}

func (r *run) showPartitions(s *hive.ShowPartitions) (Result, error) {
	t, err := r.baseTable(s.Table)
	if err != nil {
		return Result{}, err
	}
	if len(t.PartitionKeys) == 0 {
		return Result{}, execution(nil, "Table %s is not a partitioned table", t.Name)
	}
	set, err := r.Catalog.PartitionSet(r.ctx, t.Database, t.Name)
	if err != nil {
		return Result{}, refused(err)
	}
	all := set.List
	if s.Partition != nil {
		given, err := conditions(t, *s.Partition)
		if err != nil {
			return Result{}, err
		}
		all = matching(r.candidates(t, set, given), given)
	}
	rows := make([]string, len(all))
	for i, p := range all {
		rows[i] = catalog.PartitionName(t.PartitionKeys, p.Values)
	}
	return result(stringColumns("partition"), rows), nil
}

// allColumns are a table's columns with its partition keys at the end.
func allColumns(t *catalog.Table) []catalog.Column { return slices.Concat(t.Columns, t.PartitionKeys) }

func (r *run) showColumns(s *hive.ShowColumns) (Result, error) {
	t, err := r.shown(s.Table)
	if err != nil {
		return Result{}, err
	}
	var rows []string
	for _, c := range allColumns(t) {
		rows = append(rows, padded(c.Name))
	}
	return result(stringColumns("field"), rows), nil
}

// shown returns the table or view of a statement that Athena refuses at once
// where it does not exist.
func (r *run) shown(n hive.TableName) (*catalog.Table, error) {
	resolved := r.resolve(n)
	t, err := r.Catalog.Table(r.ctx, resolved.Database, resolved.Name)
	return t, r.entityNotFound(n, err)
}

func (r *run) showProperties(s *hive.ShowTableProperties) (Result, error) {
	t, err := r.table(s.Table)
	if err != nil {
		return Result{}, err
	}
	columns := stringColumns("prpt_name", "prpt_value")
	if s.Property != "" {
		value, ok := t.Parameters[s.Property]
		if !ok {
			value = fmt.Sprintf("Table %s.%s does not have property: %s", t.Database, t.Name, s.Property)
		}
		return result(columns, []string{value}), nil
	}
	var rows []string
	for _, name := range slices.Sorted(maps.Keys(t.Parameters)) {
		rows = append(rows, name+"\t"+t.Parameters[name])
	}
	return result(columns, rows), nil
}
