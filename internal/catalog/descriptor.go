package catalog

import (
	"maps"
	"strings"
)

// ReadsAs says that files of a partition with this descriptor are read as those
// of its table: format, properties and columns are the same, but for columns
// that the table got at its end since. nil is a partition without its own.
func (d *Descriptor) ReadsAs(t *Table) bool {
	if d == nil {
		return true
	}
	if d.InputFormat != "" && d.InputFormat != t.InputFormat || len(d.Columns) > len(t.Columns) {
		return false
	}
	if !d.NoSerDe && d.SerDe.Library != "" && (d.SerDe.Library != t.SerDe.Library || !maps.Equal(reading(d.SerDe.Parameters), reading(t.SerDe.Parameters))) {
		return false
	}
	for i, c := range d.Columns {
		if !strings.EqualFold(c.Name, t.Columns[i].Name) || !strings.EqualFold(unspaced(c.Type), unspaced(t.Columns[i].Type)) {
			return false
		}
	}
	return true
}

func unspaced(hiveType string) string { return strings.ReplaceAll(hiveType, " ", "") }

// reading leaves out of a SerDe's parameters what says nothing of how files are
// read: serialization.format is a delimiter where there is no field.delim, and
// by default the first.
func reading(p map[string]string) map[string]string {
	format, ok := p["serialization.format"]
	if _, delimited := p["field.delim"]; !ok || !delimited && format != "1" {
		return p
	}
	p = maps.Clone(p)
	delete(p, "serialization.format")
	return p
}
