package duckdb

import (
	"fmt"
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/types"
)

// layout is how some files of a scan are read: as the table says, or as the
// descriptor of their partition does.
type layout struct {
	scan  *analyzer.TableScan // of a table that is as the partition
	files []planner.File
}

// layouts groups files by how their partitions say that they are read. Nearly
// always that is as the table does, and one group.
func layouts(scan *planner.Scan, ts *analyzer.TableScan, files []planner.File) ([]*layout, error) {
	var out []*layout
	byKey := map[string]*layout{}
	of := map[*catalog.Descriptor]*layout{}
	for _, f := range files {
		own := ownDescriptor(scan, f)
		l := of[own]
		if l == nil {
			key := descriptorKey(own)
			if l = byKey[key]; l == nil {
				as, err := scanAs(scan, ts, own, f)
				if err != nil {
					return nil, err
				}
				l = &layout{scan: as}
				byKey[key], out = l, append(out, l)
			}
			of[own] = l
		}
		l.files = append(l.files, f)
	}
	return out, nil
}

// ownDescriptor is what the partition of a file says itself; nil where it is as
// its table.
func ownDescriptor(scan *planner.Scan, f planner.File) *catalog.Descriptor {
	if f.Partition == nil || *f.Partition >= len(scan.Partitions) {
		return nil
	}
	d := scan.Partitions[*f.Partition].Details
	if d == nil || d.Descriptor.ReadsAs(scan.Table) {
		return nil
	}
	return d.Descriptor
}

// descriptorKey is the same for descriptors that are read alike.
func descriptorKey(d *catalog.Descriptor) string {
	if d == nil {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%q %q %t %q", d.InputFormat, d.SerDe.Library, d.NoSerDe, fmt.Sprint(d.SerDe.Parameters)) // maps print in order
	for _, c := range d.Columns {
		fmt.Fprintf(&b, "\n%q %q", c.Name, c.Type)
	}
	return b.String()
}

// scanAs is a scan of a table that has the format of a descriptor, and the types
// of its columns.
func scanAs(scan *planner.Scan, ts *analyzer.TableScan, d *catalog.Descriptor, f planner.File) (*analyzer.TableScan, error) {
	if d == nil {
		return ts, nil
	}
	t := *ts.Table
	if d.InputFormat != "" {
		t.InputFormat = d.InputFormat
	}
	if !d.NoSerDe && d.SerDe.Library != "" {
		t.SerDe = d.SerDe
	}
	as := *ts
	as.Table = &t
	format, err := formatOf(&t)
	if err != nil {
		return nil, err
	}
	if columnar(format) || len(d.Columns) == 0 { // these files know their types
		return &as, nil
	}
	return &as, ownTypes(scan, &as, d, byName(format), f)
}

// byName says whether a format finds columns by their names.
func byName(f formats.Format) bool { return f.Kind == formats.JSON || f.Kind == formats.Avro }

// ownTypes gives the columns of a scan the types that a partition declares, as
// far as Trino makes the table's of them.
func ownTypes(scan *planner.Scan, as *analyzer.TableScan, d *catalog.Descriptor, named bool, f planner.File) error {
	t := as.Table
	t.Columns = append([]catalog.Column{}, t.Columns...)
	as.Columns = append([]analyzer.ScanColumn{}, as.Columns...)
	for i := range t.Columns {
		own := partitionColumn(d, t.Columns[i].Name, i, named)
		if own == nil {
			continue
		}
		from, err := formats.ParseType(own.Type)
		if err != nil {
			return &engine.Error{Name: nameMetadata, Message: fmt.Sprintf("column %s of partition %s: %v", own.Name, nameOfPartition(scan, f), err)}
		}
		to, err := formats.ParseType(t.Columns[i].Type)
		if err != nil {
			return &engine.Error{Name: nameMetadata, Message: fmt.Sprintf("column %s: %v", t.Columns[i].Name, err)}
		}
		if from.String() == to.String() {
			continue
		}
		if !coerces(from, to) {
			return &engine.Error{Name: "HIVE_PARTITION_SCHEMA_MISMATCH", Message: fmt.Sprintf("There is a mismatch between the table and partition schemas. "+
				"The types are incompatible and cannot be coerced. The column '%s' in table '%s.%s' is declared as type '%s', but partition '%s' declared column '%s' as type '%s'.",
				t.Columns[i].Name, t.Database, t.Name, to, nameOfPartition(scan, f), own.Name, from)}
		}
		t.Columns[i].Type = from.String()
		if err := retype(as, t.Columns[i].Name, from); err != nil {
			return err
		}
	}
	return nil
}

func retype(as *analyzer.TableScan, name string, to formats.Type) error {
	for k, c := range as.Columns {
		if c.PerFile() || c.Name != name {
			continue
		}
		of, err := types.FromHive(to.String())
		if err != nil {
			return &engine.Error{Name: nameMetadata, Message: fmt.Sprintf("column %s: %v", name, err)}
		}
		as.Columns[k].Type = of
	}
	return nil
}

func partitionColumn(d *catalog.Descriptor, name string, place int, named bool) *catalog.Column {
	if !named {
		if place >= len(d.Columns) {
			return nil
		}
		return &d.Columns[place]
	}
	for i := range d.Columns {
		if strings.EqualFold(d.Columns[i].Name, name) {
			return &d.Columns[i]
		}
	}
	return nil
}

func nameOfPartition(scan *planner.Scan, f planner.File) string {
	return catalog.PartitionName(scan.Table.PartitionKeys, scan.Partitions[*f.Partition].Values)
}

// coerces says which types of a partition become those of its table: of what
// Trino coerces that which keeps every value.
func coerces(from, to formats.Type) bool {
	whole := func(k formats.TypeKind) bool { return k >= formats.TinyInt && k <= formats.BigInt }
	switch {
	case whole(from.Kind):
		return whole(to.Kind) && from.Kind < to.Kind || to.Kind == formats.String
	case from.Kind == formats.Float:
		return to.Kind == formats.Double
	case from.Kind == formats.Decimal && to.Kind == formats.Decimal:
		return to.Scale >= from.Scale && to.Precision-to.Scale >= from.Precision-from.Scale
	case from.Kind == formats.Varchar:
		return to.Kind == formats.String || to.Kind == formats.Varchar && to.Precision >= from.Precision
	}
	return false
}

// asTable writes a relation of the types of a partition as one of its table's.
func asTable(text string, from, to *analyzer.TableScan) (string, error) {
	same := true
	list := make([]string, len(to.Columns))
	for i, c := range to.Columns {
		list[i] = quoteName(c.Name)
		if from.Columns[i].Type.String() == c.Type.String() {
			continue
		}
		same = false
		name, err := types.DuckDBType(c.Type)
		if err != nil {
			return "", err
		}
		list[i] = "CAST(" + list[i] + " AS " + name + ") AS " + list[i]
	}
	if same {
		return text, nil
	}
	return "(SELECT " + strings.Join(list, ", ") + " FROM " + text + ")", nil
}
