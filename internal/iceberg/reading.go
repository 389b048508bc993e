package iceberg

import (
	"strings"

	ice "github.com/apache/iceberg-go"

	"github.com/scopsdb/scops/internal/sql/types"
)

// Field is a column of a table, or a part of one, as an engine finds it in a
// file: by its id, whatever its name was when the file was written.
type Field struct {
	ID    int
	Name  string // lower-case; of a list's element and a map's key and value ""
	Type  types.Type
	Names []string // in files without ids (the table's name mapping); nil for none
	Parts []*Field // fields of a struct, the element of a list, key and value of a map
}

// Reading is how the files of a view are read.
type Reading struct {
	ByName map[string]*Field // the view's columns
	byID   map[int]*Field    // columns of all schemas, the view's first
	Mapped bool              // whether the table has a name mapping
}

// Field returns the column of an id, which may be one that was dropped.
func (r *Reading) Field(id int) *Field { return r.byID[id] }

// Reading says how the files of a view are read.
func (v *View) Reading() (*Reading, error) {
	m := v.Table.Metadata
	mapping, err := m.nameMapping()
	if err != nil {
		return nil, err
	}
	r := &Reading{ByName: map[string]*Field{}, byID: map[int]*Field{}, Mapped: mapping != nil}
	for _, f := range v.Schema.Fields() {
		field, err := newField(f, mapping)
		if err != nil {
			return nil, fail(errNotSupported, err, "Column '%s' of table '%s': %v", f.Name, v.Table.Name(), err)
		}
		r.ByName[field.Name], r.byID[f.ID] = field, field
	}
	for _, schema := range m.Schemas {
		for _, f := range schema.Fields() {
			if r.byID[f.ID] != nil {
				continue
			}
			if field, err := newField(f, mapping); err == nil { // of a type that is not supported: not read
				r.byID[f.ID] = field
			}
		}
	}
	return r, nil
}

func newField(f ice.NestedField, mapping ice.NameMapping) (*Field, error) {
	t, err := SQLType(f.Type)
	if err != nil {
		return nil, err
	}
	out := &Field{ID: f.ID, Name: strings.ToLower(f.Name), Type: t}
	var deeper ice.NameMapping
	for _, m := range mapping {
		if m.FieldID != nil && *m.FieldID == f.ID {
			out.Names, deeper = m.Names, m.Fields
		}
	}
	var parts []ice.NestedField
	switch t := f.Type.(type) {
	case *ice.StructType:
		parts = t.FieldList
	case *ice.ListType:
		parts = []ice.NestedField{t.ElementField()}
	case *ice.MapType:
		parts = []ice.NestedField{t.KeyField(), t.ValueField()}
	}
	for _, p := range parts {
		part, err := newField(p, deeper)
		if err != nil {
			return nil, err
		}
		out.Parts = append(out.Parts, part)
	}
	return out, nil
}

// Fixed are the values of columns that all rows of a data file share by its
// partition, in the Go forms of package types: of files that came from Hive
// tables they do not lie in the file itself.
func (v *View) Fixed(f ice.DataFile) map[int]any {
	spec := v.Table.Metadata.Spec(int(f.SpecID()))
	if spec == nil {
		return nil
	}
	out := map[int]any{}
	values := f.Partition()
	for _, field := range spec.Fields() {
		if _, ok := field.Transform.(ice.IdentityTransform); ok {
			out[field.SourceID()] = goValue(values[field.FieldID])
		}
	}
	return out
}
