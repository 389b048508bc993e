package iceberg

import (
	"context"
	"errors"
	"slices"
	"strings"

	ice "github.com/apache/iceberg-go"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/types"
)

// Alteration changes the schema and the properties of a table.
type Alteration struct {
	table  *Table
	fields []ice.NestedField
	last   ids
	edited bool // the fields
	// Properties are those of the metadata, to be changed.
	Properties map[string]string
}

// Alter changes a table's definition: once more where others change it
// meanwhile.
func (s *Tables) Alter(ctx context.Context, database, name string, change func(*Alteration) error) error {
	for range attempts {
		entry, err := s.catalog.Table(ctx, database, name)
		if err != nil {
			return err
		}
		t, err := s.Load(ctx, entry)
		if err != nil {
			return err
		}
		err = s.update(ctx, t, func(m *Metadata) error {
			a := &Alteration{table: t, fields: m.Schema().Fields(), last: ids(m.LastColumnID), Properties: m.Properties}
			if err := change(a); err != nil {
				return err
			}
			if a.edited {
				m.setSchema(a.fields, m.Schema().IdentifierFieldIDs, int(a.last))
			}
			return nil
		})
		if !errors.Is(err, catalog.ErrConflict) {
			return err
		}
	}
	return fail(errCommit, nil, "Failed to change table %s.%s: other statements commit all the time", database, name)
}

func (a *Alteration) place(column string) int {
	return slices.IndexFunc(a.fields, func(f ice.NestedField) bool { return strings.EqualFold(f.Name, column) })
}

func (a *Alteration) find(column string) (int, error) {
	i := a.place(column)
	if i < 0 {
		return i, fail("COLUMN_NOT_FOUND", nil, "Column '%s' does not exist", column)
	}
	return i, nil
}

// Add adds a column at the end, NULL in the rows that are there.
func (a *Alteration) Add(c NewColumn) error {
	if a.place(c.Name) >= 0 {
		return fail("COLUMN_ALREADY_EXISTS", nil, "Column '%s' already exists", c.Name)
	}
	f := ice.NestedField{ID: a.last.next(), Name: c.Name, Doc: c.Comment}
	var err error
	if f.Type, err = typeOf(c.Type, &a.last); err != nil {
		return fail(errNotSupported, err, "column %s: %v", c.Name, err)
	}
	a.fields, a.edited = append(a.fields, f), true
	return nil
}

// Drop removes a column. One that the table is partitioned by stays.
func (a *Alteration) Drop(column string) error {
	i, err := a.find(column)
	if err != nil {
		return err
	}
	if len(a.fields) == 1 {
		return fail(errNotSupported, nil, "Cannot drop the only column in a table")
	}
	for _, spec := range a.table.Metadata.Specs {
		if len(spec.FieldsBySourceID(a.fields[i].ID)) > 0 {
			return fail(errNotSupported, nil, "Cannot drop partition field: %s", column)
		}
	}
	a.fields, a.edited = slices.Delete(a.fields, i, i+1), true
	return nil
}

// Rename changes a column's name; its values stay.
func (a *Alteration) Rename(from, to string) error {
	i, err := a.find(from)
	if err != nil || strings.EqualFold(from, to) {
		return err
	}
	if a.place(to) >= 0 {
		return fail("COLUMN_ALREADY_EXISTS", nil, "Column '%s' already exists", to)
	}
	a.fields[i].Name, a.edited = to, true
	return nil
}

// Comment changes a column's comment.
func (a *Alteration) Comment(column, comment string) error {
	i, err := a.find(column)
	if err == nil {
		a.fields[i].Doc, a.edited = comment, true
	}
	return err
}

// Widen changes a column's type to one that holds all of its values, as
// Iceberg's specification allows.
func (a *Alteration) Widen(column string, to types.Type) error {
	i, err := a.find(column)
	if err != nil {
		return err
	}
	old := a.fields[i].Type
	shown, err := SQLType(old)
	if err != nil {
		return err
	}
	if sameShape(shown, to) {
		return nil
	}
	scratch := a.last
	wanted, err := typeOf(to, &scratch)
	if err != nil {
		return fail(errNotSupported, err, "column %s: %v", column, err)
	}
	if !promotes(old, wanted) {
		return fail(errNotSupported, nil, "Cannot change column type: %s: %s -> %s", column, old, wanted)
	}
	a.fields[i].Type, a.edited = wanted, true
	return nil
}

// sameShape says whether a type of a schema is what DDL calls it: timestamps are
// of one precision there.
func sameShape(of, written types.Type) bool {
	if of.Kind != written.Kind || len(of.Fields) != len(written.Fields) {
		return false
	}
	if of.Kind == types.Decimal && (of.Precision != written.Precision || of.Scale != written.Scale) {
		return false
	}
	for i := range of.Fields {
		if of.Fields[i].Name != written.Fields[i].Name || !sameShape(of.Fields[i].Type, written.Fields[i].Type) {
			return false
		}
	}
	return true
}

func promotes(from, to ice.Type) bool {
	switch f := from.(type) {
	case ice.Int32Type:
		_, ok := to.(ice.Int64Type)
		return ok
	case ice.Float32Type:
		_, ok := to.(ice.Float64Type)
		return ok
	case ice.DecimalType:
		t, ok := to.(ice.DecimalType)
		return ok && t.Scale() == f.Scale() && t.Precision() >= f.Precision()
	}
	return false
}

// Move puts a column first, or after another one.
func (a *Alteration) Move(column, after string) error {
	i, err := a.find(column)
	if err != nil {
		return err
	}
	f := a.fields[i]
	a.fields, a.edited = slices.Delete(a.fields, i, i+1), true
	at := 0
	if after != "" {
		if at, err = a.find(after); err != nil {
			return err
		}
		at++
	}
	a.fields = slices.Insert(a.fields, at, f)
	return nil
}

// Set changes table properties, by Athena's names.
func (a *Alteration) Set(properties map[string]string) error {
	named, err := metadataProperties(properties)
	for k, v := range named {
		a.Properties[k] = v
	}
	return err
}

// Unset removes a table property, by Athena's name; false where it is not there.
func (a *Alteration) Unset(name string) bool {
	key := strings.ToLower(name)
	if in := TableProperties[key]; in != "" {
		key = in
	}
	_, ok := a.Properties[key]
	delete(a.Properties, key)
	return ok
}
