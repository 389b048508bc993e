package ddl

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/hive"
	"github.com/scopsdb/scops/internal/sql/types"
)

// hiveTime is how Hive prints a moment.
const hiveTime = "Mon Jan 02 15:04:05 MST 2006"

// describe prints a table's columns as Hive does: three columns in one text,
// padded, with tabs between.
func (r *run) describe(s *hive.Describe) (Result, error) {
	t, err := r.shown(s.Table)
	if err != nil {
		return Result{}, err
	}
	columns := stringColumns("col_name", "data_type", "comment")
	switch {
	case s.Extended:
		return Result{}, notSupported(s, "DESCRIBE EXTENDED is not supported; DESCRIBE FORMATTED shows the same")
	case t.Type == catalog.VirtualView && s.Column == "":
		return describeView(s, t)
	case s.Partition != nil:
		if err := r.checkPartition(t, s); err != nil {
			return Result{}, err
		}
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
	if s.Formatted {
		rows = append(rows, detailRows(t)...)
	}
	return result(columns, rows), nil
}

func (r *run) checkPartition(t *catalog.Table, s *hive.Describe) error {
	values, err := fullSpec(t, *s.Partition)
	if err != nil {
		return err
	}
	if _, err := r.Catalog.Partition(r.ctx, t.Database, t.Name, values); err != nil {
		return noPartition(*s.Partition, err)
	}
	return nil
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

func fieldType(text string, path []string) (string, error) {
	t, err := types.FromHive(text)
	if err != nil {
		return "", err
	}
	for _, name := range path {
		i := -1
		if t.Kind == types.Row {
			i = slices.IndexFunc(t.Fields, func(f types.Field) bool { return strings.EqualFold(f.Name, name) })
		}
		if i < 0 {
			return "", fmt.Errorf("no field %s", name)
		}
		t = t.Fields[i].Type
	}
	return types.ToHive(t)
}

// detailRows are what FORMATTED adds.
func detailRows(t *catalog.Table) []string {
	detail := func(name, value string) string { return padded(name) + "\t" + padded(value) + "\t " }
	rows := []string{
		emptyRow,
		sectionRow("# Detailed Table Information"),
		detail("Database:", t.Database),
		detail("Owner:", t.Owner),
		detail("CreateTime:", t.CreateTime.UTC().Format(hiveTime)),
		detail("LastAccessTime:", "UNKNOWN"),
		detail("Protect Mode:", "None"),
		detail("Retention:", fmt.Sprint(t.Retention)),
		detail("Location:", t.Location),
		detail("Table Type:", t.Type),
		sectionRow("Table Parameters:"),
	}
	rows = append(rows, parameterRows(t.Parameters)...)
	rows = append(rows,
		emptyRow,
		sectionRow("# Storage Information"),
		detail("SerDe Library:", t.SerDe.Library),
		detail("InputFormat:", t.InputFormat),
		detail("OutputFormat:", t.OutputFormat),
		detail("Compressed:", hiveBool(t.Storage.Compressed)),
		detail("Num Buckets:", fmt.Sprint(t.Storage.NumberOfBuckets)),
		sectionRow("Storage Desc Params:"),
	)
	return append(rows, parameterRows(t.SerDe.Parameters)...)
}

func hiveBool(b bool) string {
	if b {
		return "Yes"
	}
	return "No"
}

func parameterRows(p map[string]string) []string {
	var rows []string
	for _, name := range slices.Sorted(maps.Keys(p)) {
		rows = append(rows, "\t"+padded(name)+"\t"+padded(p[name]))
	}
	return rows
}

// describeView prints the columns of a view with Trino's types.
func describeView(s *hive.Describe, t *catalog.Table) (Result, error) {
	v, err := analyzer.DecodeView(t.ViewOriginalText)
	if err != nil {
		return Result{}, semantic(s, "view %s.%s cannot be read: %v", t.Database, t.Name, err)
	}
	rows := make([]string, len(v.Columns))
	for i, c := range v.Columns {
		rows[i] = padded(c.Name) + "\t" + padded(c.Type)
	}
	return result([]Column{{"column", "varchar"}, {"type", "varchar"}}, rows), nil
}
