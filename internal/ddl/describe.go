package ddl

import (
	"fmt"
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/hive"
	"github.com/scopsdb/scops/internal/sql/types"
)

// describe prints a table's columns as Hive does: three columns in one text,
// padded, with tabs between.
func (r *run) describe(s *hive.Describe) (Result, error) {
	t, err := r.shown(s.Table)
	if err != nil {
		return Result{}, err
	}
	columns := stringColumns("col_name", "data_type", "comment")
	if t.Type == catalog.VirtualView && s.Column == "" {
		return describeView(s, t)
	}
	partition, err := r.describedPartition(t, s)
	if err != nil {
		return Result{}, err
	}
	if partition != nil {
		t = asPartition(t, *partition)
	}
	if s.Column != "" {
		row, err := describeColumn(s, t)
		return result(columns, []string{row}), err
	}
	rows := columnRows(allColumns(t))
	if len(t.PartitionKeys) > 0 {
		rows = append(rows, emptyRow, sectionRow("# Partition Information"), columnRow("# col_name", "data_type", "comment"), emptyRow)
		rows = append(rows, columnRows(t.PartitionKeys)...)
	}
	switch {
	case s.Extended:
		rows = append(rows, extendedRows(t, partition)...)
	case s.Formatted && partition != nil:
		rows = append(rows, partitionDetails(t, *partition)...)
	case s.Formatted:
		rows = append(rows, tableDetails(t)...)
	}
	return result(columns, rows), nil
}

// describedPartition returns the partition that the statement names, or nil.
func (r *run) describedPartition(t *catalog.Table, s *hive.Describe) (*catalog.Partition, error) {
	if s.Partition == nil {
		return nil, nil
	}
	values, err := fullSpec(t, *s.Partition)
	if err != nil {
		return nil, err
	}
	p, err := r.Catalog.Partition(r.ctx, t.Database, t.Name, values)
	if err != nil {
		return nil, noPartition(*s.Partition, err)
	}
	return &p, nil
}

const emptyRow = "\t \t "

func sectionRow(title string) string { return title + emptyRow }

func columnRow(name, typ, comment string) string {
	if strings.HasPrefix(name, "#") { // the mark is beside the 20 characters
		name = "# " + padded(name[2:])
	}
	return padded(name) + "\t" + padded(typ) + "\t" + padded(comment)
}

func columnRows(columns []catalog.Column) []string {
	rows := make([]string, len(columns))
	for i, c := range columns {
		rows[i] = columnRow(c.Name, c.Type, c.Comment)
	}
	return rows
}

// describeColumn prints one column, or a field of it: a.b.
func describeColumn(s *hive.Describe, t *catalog.Table) (string, error) {
	path := strings.Split(s.Column, ".")
	for _, c := range allColumns(t) {
		if c.Name != path[0] {
			continue
		}
		if len(path) == 1 {
			return columnRow(c.Name, c.Type, c.Comment), nil
		}
		typ, err := fieldType(c.Type, path[1:])
		if err != nil {
			return "", semantic(s, "Error in getting fields: %s: %v", s.Column, err)
		}
		return columnRow(path[len(path)-1], typ, ""), nil
	}
	return "", semantic(s, "[Error 10002]: Invalid column reference %s", path[0])
}

// fieldType follows a path into a type: a struct's field by its name, what an
// array holds by $elem$, a map's parts by $key$ and $value$.
func fieldType(text string, path []string) (string, error) {
	t, err := types.FromHive(text)
	if err != nil {
		return "", err
	}
	for _, name := range path {
		part, ok := partOf(t, name)
		if !ok {
			return "", fmt.Errorf("no field %s", name)
		}
		t = part
	}
	return types.ToHive(t)
}

func partOf(t types.Type, name string) (types.Type, bool) {
	switch {
	case t.Kind == types.Array && name == "$elem$":
		return t.Elem(), true
	case t.Kind == types.Map && name == "$key$":
		return t.Key(), true
	case t.Kind == types.Map && name == "$value$":
		return t.Value(), true
	case t.Kind == types.Row:
		for _, f := range t.Fields {
			if strings.EqualFold(f.Name, name) {
				return f.Type, true
			}
		}
	}
	return types.Type{}, false
}

// describeView prints the columns of a view with Trino's types.
func describeView(s *hive.Describe, t *catalog.Table) (Result, error) {
	v, err := decodeView(s, t)
	if err != nil {
		return Result{}, err
	}
	rows := make([]string, len(v.Columns))
	for i, c := range v.Columns {
		rows[i] = padded(c.Name) + "\t" + padded(c.Type)
	}
	return result([]Column{{"column", "varchar"}, {"type", "varchar"}}, rows), nil
}
