package ddl

import (
	"errors"
	"maps"
	"slices"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/hive"
)

// alter changes a table's definition.
func (r *run) alter(statement hive.Statement) error {
	switch s := statement.(type) {
	case *hive.AddColumns:
		if s.Partition != nil {
			return r.partitionColumns(s, s.Table, *s.Partition, adding(s))
		}
		return r.changeColumns(s, s.Table, s.Cascade, adding(s))
	case *hive.ReplaceColumns:
		replace := func(t *catalog.Table) error {
			t.Columns = columns(s.Columns)
			return nil
		}
		if s.Partition != nil {
			return r.partitionColumns(s, s.Table, *s.Partition, replace)
		}
		return r.changeColumns(s, s.Table, s.Cascade, replace)
	case *hive.ChangeColumn:
		return r.changeColumns(s, s.Table, s.Cascade, func(t *catalog.Table) error { return changeColumn(s, t) })
	case *hive.DropColumn:
		return r.change(s, s.Table, func(t *catalog.Table) error { return dropColumn(s, t) })
	case *hive.SetTableProperties:
		if err := refuseTableType(s, s.Properties); err != nil {
			return err
		}
		return r.change(s, s.Table, func(t *catalog.Table) error {
			t.Parameters = withProperties(t.Parameters, s.Properties)
			return nil
		})
	case *hive.UnsetTableProperties:
		return r.change(s, s.Table, func(t *catalog.Table) error { return unsetProperties(s, t) })
	case *hive.SetLocation:
		return r.setLocation(s)
	}
	return notSupported(statement, "this ALTER TABLE is not supported")
}

// change applies fn to a copy of a table and stores it; where the table changed
// in between, once more.
func (r *run) change(at ast.Node, n hive.TableName, fn func(t *catalog.Table) error) error {
	for {
		old, err := r.baseTable(n)
		if err != nil {
			return err
		}
		t := *old
		t.Columns = slices.Clone(old.Columns)
		t.Parameters = withProperties(old.Parameters, nil)
		if err := fn(&t); err != nil {
			return err
		}
		if len(t.Columns) == 0 {
			return semantic(at, "table %s needs columns", t.Name)
		}
		if err := checkLimits(&t); err != nil {
			return err
		}
		if err := uniqueColumns(at, &t); err != nil {
			return err
		}
		if err := checkReadable(at, &t); err != nil {
			return err
		}
		r.stamp(&t)
		if err = r.Catalog.UpdateTable(r.ctx, t); !errors.Is(err, catalog.ErrConflict) {
			return refused(err)
		}
	}
}

// adding adds columns after the others.
func adding(s *hive.AddColumns) func(*catalog.Table) error {
	return func(t *catalog.Table) error {
		t.Columns = slices.Concat(t.Columns, columns(s.Columns))
		return nil
	}
}

// changeColumns changes a table's columns, and with cascade those that its
// partitions have of their own.
func (r *run) changeColumns(at ast.Node, n hive.TableName, cascade bool, fn func(t *catalog.Table) error) error {
	if err := r.change(at, n, fn); err != nil || !cascade {
		return err
	}
	return r.cascade(at, n, fn)
}

// withProperties returns a copy of p with more.
func withProperties(p, more map[string]string) map[string]string {
	out := make(map[string]string, len(p)+len(more))
	maps.Copy(out, p)
	maps.Copy(out, more)
	return out
}

func columnPlace(t *catalog.Table, name string) int {
	return slices.IndexFunc(t.Columns, func(c catalog.Column) bool { return c.Name == name })
}

func changeColumn(s *hive.ChangeColumn, t *catalog.Table) error {
	i := columnPlace(t, s.Old)
	if i < 0 {
		return semantic(s, "[Error 10002]: Invalid column reference %s", s.Old)
	}
	c := t.Columns[i]
	c.Name, c.Type = s.New.Name, s.New.Type
	if s.New.Comment != "" {
		c.Comment = s.New.Comment
	}
	switch {
	case s.First:
		t.Columns = slices.Insert(slices.Delete(t.Columns, i, i+1), 0, c)
	case s.After != "":
		t.Columns = slices.Delete(t.Columns, i, i+1)
		at := columnPlace(t, s.After)
		if at < 0 {
			return semantic(s, "[Error 10002]: Invalid column reference %s", s.After)
		}
		t.Columns = slices.Insert(t.Columns, at+1, c)
	default:
		t.Columns[i] = c
	}
	return nil
}

func dropColumn(s *hive.DropColumn, t *catalog.Table) error {
	i := columnPlace(t, s.Column)
	if i < 0 {
		return semantic(s, "[Error 10002]: Invalid column reference %s", s.Column)
	}
	t.Columns = slices.Delete(t.Columns, i, i+1)
	return nil
}

func unsetProperties(s *hive.UnsetTableProperties, t *catalog.Table) error {
	for _, name := range s.Names {
		if _, ok := t.Parameters[name]; !ok && !s.IfExists {
			return semantic(s, "Attempted to unset non-existing property: %s in table %s", name, t.Name)
		}
		delete(t.Parameters, name)
	}
	return nil
}

// setLocation moves a table or a partition to another folder; objects stay
// where they are. A delivered table's files are those of its delivery, which a
// move would not change, so it is refused.
func (r *run) setLocation(s *hive.SetLocation) error {
	if err := r.checkLocation(s, s.Location); err != nil {
		return err
	}
	t, err := r.baseTable(s.Table)
	if err != nil {
		return err
	}
	if t.Delivery != "" {
		return semantic(s, "table %s belongs to delivery %s, which writes into %s", t.Name, t.Delivery, t.Location)
	}
	if s.Partition == nil {
		return r.change(s, s.Table, func(t *catalog.Table) error {
			t.Location = s.Location
			return nil
		})
	}
	values, err := fullSpec(t, *s.Partition)
	if err != nil {
		return err
	}
	p, err := r.Catalog.Partition(r.ctx, t.Database, t.Name, values)
	if err != nil {
		return noPartition(*s.Partition, err)
	}
	p.Location = s.Location
	return refused(r.Catalog.UpdatePartition(r.ctx, t.Database, t.Name, p))
}
