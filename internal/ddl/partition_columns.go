package ddl

import (
	"slices"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/hive"
)

// asPartition is a table with the descriptor and the location of one of its
// partitions: what the files of the partition are read as.
func asPartition(t *catalog.Table, p catalog.Partition) *catalog.Table {
	out := *t
	out.Location = p.Location
	own := ownDescriptor(p)
	if own == nil {
		return &out
	}
	out.Columns, out.Storage = own.Columns, own.Storage
	out.InputFormat, out.OutputFormat = own.InputFormat, own.OutputFormat
	if !own.NoSerDe {
		out.SerDe = own.SerDe
	}
	return &out
}

func ownDescriptor(p catalog.Partition) *catalog.Descriptor {
	if p.Details == nil {
		return nil
	}
	return p.Details.Descriptor
}

// partitionColumns changes the columns of partitions alone. One without columns
// of its own has those of its table, also the ones that the table got after the
// partition: a change that brings it to these has been made already.
func (r *run) partitionColumns(at ast.Node, n hive.TableName, spec hive.PartitionSpec, fn func(t *catalog.Table) error) error {
	t, err := r.baseTable(n)
	if err != nil {
		return err
	}
	given, err := conditions(t, spec)
	if err != nil {
		return err
	}
	set, err := r.Catalog.PartitionSet(r.ctx, t.Database, t.Name)
	if err != nil {
		return refused(err)
	}
	found := matching(r.candidates(t, set, given), given)
	if len(found) == 0 {
		return noPartition(spec, nil)
	}
	for _, p := range found {
		if err := r.changePartition(at, t, p, fn, false); err != nil {
			return err
		}
	}
	return nil
}

// cascade makes a change of a table's columns in the partitions that have their
// own, as far as it fits: those that lack a changed column, or have an added
// one, stay as they are in that.
func (r *run) cascade(at ast.Node, n hive.TableName, fn func(t *catalog.Table) error) error {
	t, err := r.baseTable(n)
	if err != nil {
		return err
	}
	set, err := r.Catalog.PartitionSet(r.ctx, t.Database, t.Name)
	if err != nil {
		return refused(err)
	}
	for _, p := range set.List {
		if ownDescriptor(p) == nil {
			continue
		}
		if err := r.changePartition(at, t, p, fn, true); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) changePartition(at ast.Node, t *catalog.Table, p catalog.Partition, fn func(t *catalog.Table) error, lenient bool) error {
	as := asPartition(t, p)
	before := as.Columns
	as.Columns = slices.Clone(before)
	if err := fn(as); err != nil {
		if lenient {
			return nil
		}
		return err
	}
	if lenient || ownDescriptor(p) == nil {
		as.Columns = withoutRepeated(as.Columns)
	}
	if sameColumns(as.Columns, before) {
		return nil
	}
	if t.Delivery != "" {
		return semantic(at, "table %s belongs to delivery %s, whose files have the columns of the table", t.Name, t.Delivery)
	}
	if err := uniqueColumns(at, as); err != nil {
		return err
	}
	if err := checkLimits(as); err != nil {
		return err
	}
	details := catalog.PartitionDetails{}
	if p.Details != nil {
		details = *p.Details
	}
	details.Descriptor = &catalog.Descriptor{
		Columns: as.Columns, InputFormat: as.InputFormat, OutputFormat: as.OutputFormat, SerDe: as.SerDe, Storage: as.Storage,
	}
	p.Details = &details
	return refused(r.Catalog.UpdatePartition(r.ctx, t.Database, t.Name, p))
}

// withoutRepeated leaves out columns that are there already, as they are.
func withoutRepeated(columns []catalog.Column) []catalog.Column {
	var out []catalog.Column
	for _, c := range columns {
		if !slices.ContainsFunc(out, func(o catalog.Column) bool { return o.Name == c.Name && o.Type == c.Type }) {
			out = append(out, c)
		}
	}
	return out
}

func sameColumns(a, b []catalog.Column) bool {
	return slices.EqualFunc(a, b, func(x, y catalog.Column) bool { return x.Name == y.Name && x.Type == y.Type })
}
