package ddl

import (
	"fmt"
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/iceberg"
	"github.com/scopsdb/scops/internal/sql/hive"
)

// tableOf is the table that a statement is on, of those that are not the same
// for an Iceberg table.
func tableOf(statement hive.Statement) (hive.TableName, bool) {
	switch s := statement.(type) {
	case *hive.AddColumns:
		return s.Table, true
	case *hive.ReplaceColumns:
		return s.Table, true
	case *hive.ChangeColumn:
		return s.Table, true
	case *hive.DropColumn:
		return s.Table, true
	case *hive.SetTableProperties:
		return s.Table, true
	case *hive.UnsetTableProperties:
		return s.Table, true
	case *hive.SetLocation:
		return s.Table, true
	case *hive.RenameTable:
		return s.Table, true
	case *hive.DropTable:
		return s.Table, true
	case *hive.AddPartitions:
		return s.Table, true
	case *hive.DropPartitions:
		return s.Table, true
	case *hive.RenamePartition:
		return s.Table, true
	case *hive.MsckRepair:
		return s.Table, true
	case *hive.ShowCreateTable:
		return s.Table, true
	case *hive.ShowPartitions:
		return s.Table, true
	case *hive.Describe:
		return s.Table, s.Column == "" && !s.Extended && !s.Formatted
	}
	return hive.TableName{}, false
}

// icebergTable is the Iceberg table that a statement is on; nil for any other.
func (r *run) icebergTable(statement hive.Statement) *catalog.Table {
	n, ok := tableOf(statement)
	if !ok || r.Iceberg == nil {
		return nil
	}
	n = r.resolve(n)
	t, err := r.Catalog.Table(r.ctx, n.Database, n.Name)
	if err != nil || !iceberg.Is(t) {
		return nil
	}
	return t
}

// onIceberg executes a statement on an Iceberg table.
// https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-managing-tables.html
func (r *run) onIceberg(statement hive.Statement, t *catalog.Table) (Result, error) {
	n := hive.TableName{Database: t.Database, Name: t.Name}
	switch s := statement.(type) {
	case *hive.DropTable:
		return Result{}, r.icebergError(s, n, r.Iceberg.Drop(r.ctx, t, s.IfExists))
	case *hive.RenameTable:
		to := s.To
		if to.Database == "" {
			to.Database = t.Database
		}
		return Result{}, r.icebergError(s, n, r.Iceberg.Rename(r.ctx, t, to.Database, to.Name))
	case *hive.ShowCreateTable, *hive.Describe:
		table, err := r.Iceberg.Load(r.ctx, t)
		if err != nil {
			return Result{}, r.icebergError(s, n, err)
		}
		if _, ok := s.(*hive.Describe); ok {
			return result(stringColumns("col_name", "data_type", "comment"), describeIceberg(t, table)), nil
		}
		return result(stringColumns("createtab_stmt"), strings.Split(createIceberg(t, table), "\n")), nil
	case *hive.AddColumns, *hive.ChangeColumn, *hive.DropColumn, *hive.SetTableProperties, *hive.UnsetTableProperties:
		err := r.Iceberg.Alter(r.ctx, t.Database, t.Name, func(a *iceberg.Alteration) error { return alterIceberg(s, a) })
		return Result{}, r.icebergError(s, n, err)
	}
	return Result{}, notSupported(statement, fmt.Sprintf("this statement on the Iceberg table %s is not supported", n))
}

func alterIceberg(statement hive.Statement, a *iceberg.Alteration) error {
	switch s := statement.(type) {
	case *hive.AddColumns:
		if s.Partition != nil {
			return notSupported(s.Partition, "columns of a partition of an Iceberg table are not supported")
		}
		for _, c := range s.Columns {
			if err := icebergType(c); err != nil {
				return err
			}
			if err := a.Add(iceberg.NewColumn{Name: c.Name, Type: c.Parsed, Comment: c.Comment}); err != nil {
				return err
			}
		}
	case *hive.DropColumn:
		return a.Drop(s.Column)
	case *hive.ChangeColumn:
		return changeIceberg(s, a)
	case *hive.SetTableProperties:
		return a.Set(s.Properties)
	case *hive.UnsetTableProperties:
		for _, name := range s.Names {
			if !a.Unset(name) && !s.IfExists {
				return semantic(s, "Attempted to unset non-existing property: %s", name)
			}
		}
	}
	return nil
}

func changeIceberg(s *hive.ChangeColumn, a *iceberg.Alteration) error {
	if err := icebergType(s.New); err != nil {
		return err
	}
	if err := a.Widen(s.Old, s.New.Parsed); err != nil {
		return err
	}
	if err := a.Rename(s.Old, s.New.Name); err != nil {
		return err
	}
	if s.New.Comment != "" {
		if err := a.Comment(s.New.Name, s.New.Comment); err != nil {
			return err
		}
	}
	if s.First || s.After != "" {
		return a.Move(s.New.Name, s.After)
	}
	return nil
}

// createIceberg is the statement that makes an Iceberg table again.
func createIceberg(t *catalog.Table, table *iceberg.Table) string {
	var b strings.Builder
	b.WriteString("CREATE TABLE " + t.Database + "." + t.Name + " (\n" + columnLines(t.Columns) + ")\n")
	if c := t.Parameters[paramComment]; c != "" {
		b.WriteString("COMMENT " + quote(c) + "\n")
	}
	if fields := table.SpecFields(); len(fields) > 0 {
		texts := make([]string, len(fields))
		for i, f := range fields {
			switch {
			case f.Transform == "identity":
				texts[i] = quoteName(f.Column)
			case f.Width > 0:
				texts[i] = fmt.Sprintf("%s(%d, %s)", f.Transform, f.Width, quoteName(f.Column))
			default:
				texts[i] = f.Transform + "(" + quoteName(f.Column) + ")"
			}
		}
		b.WriteString("PARTITIONED BY (" + strings.Join(texts, ", ") + ")\n")
	}
	b.WriteString("LOCATION " + quote(table.Metadata.Location) + "\n")
	b.WriteString("TBLPROPERTIES (\n" + propertyLines(table.ShownProperties()) + "\n)")
	return b.String()
}

// describeIceberg lays out as Athena does: columns, then partition fields, with
// tabs and no padding.
func describeIceberg(t *catalog.Table, table *iceberg.Table) []string {
	rows := []string{"# Table schema:\t\t", "# col_name\tdata_type\tcomment"}
	for _, c := range t.Columns {
		rows = append(rows, c.Name+"\t"+c.Type+"\t"+c.Comment)
	}
	rows = append(rows, "\t\t", "# Partition spec:\t\t", "# field_name\tfield_transform\tcolumn_name")
	for _, f := range table.SpecFields() {
		transform := f.Transform
		if f.Width > 0 {
			transform = fmt.Sprintf("%s[%d]", f.Transform, f.Width)
		}
		rows = append(rows, f.Name+"\t"+transform+"\t"+f.Column)
	}
	return rows
}
