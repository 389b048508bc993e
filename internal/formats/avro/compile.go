package avro

import (
	"fmt"
	"slices"
	"strings"

	"github.com/scopsdb/scops/internal/formats"
)

// decode appends one value to a vector.
type decode func(in *input, to *formats.Vector) error

// compiler writes how values of a file become values of a table. read is the
// schema that the table declares; nil where it declares columns alone.
type compiler struct{ header *header }

// mismatch is the text of Avro's own error.
func mismatch(write, read *node, t formats.Type) error {
	want := expected(t)
	if read != nil {
		want = read.String()
	}
	return corrupt("Found %s, expecting %s", write, want)
}

// expected is the type that Hive's SerDe makes of a column.
func expected(t formats.Type) string {
	switch t.Kind {
	case formats.TinyInt, formats.SmallInt, formats.Int, formats.Date:
		return "int"
	case formats.BigInt, formats.Timestamp:
		return "long"
	case formats.Decimal, formats.Binary:
		return "bytes"
	case formats.Varchar, formats.Char:
		return "string"
	case formats.Array:
		return "array"
	case formats.Map:
		return "map"
	case formats.Struct:
		return "record"
	}
	return t.String()
}

func (c compiler) value(write, read *node, t formats.Type) (decode, error) {
	if write.kind == "union" {
		return c.union(write, read, t)
	}
	if read != nil {
		of, null := read.nullable()
		if of.kind == "union" {
			return nil, &UnsupportedError{"Avro unions of several types are not supported"}
		}
		if write.kind == "null" && !null {
			return nil, mismatch(write, read, t)
		}
		if read = of; write.kind != "null" && !promotes(write, read) {
			return nil, mismatch(write, read, t)
		}
	}
	if write.kind == "null" {
		return func(_ *input, to *formats.Vector) error {
			to.AppendNull()
			return nil
		}, nil
	}
	switch t.Kind {
	case formats.Array:
		return c.array(write, read, t)
	case formats.Map:
		return c.mapping(write, read, t)
	case formats.Struct:
		return c.structure(write, read, t)
	}
	d, err := c.scalar(write, read, t)
	if d == nil && err == nil {
		err = mismatch(write, read, t)
	}
	return d, err
}

// promotions are the types that a schema may read others as.
var promotions = map[string][]string{
	"int": {"long", "float", "double"}, "long": {"float", "double"}, "float": {"double"}, "string": {"bytes"}, "bytes": {"string"},
}

func promotes(write, read *node) bool {
	if write.kind == read.kind {
		return write.kind != "fixed" || write.size == read.size
	}
	return slices.Contains(promotions[write.kind], read.kind)
}

// union reads a value of one of several types. A type that cannot be read as
// declared is an error when a value has it.
func (c compiler) union(write, read *node, t formats.Type) (decode, error) {
	branches := make([]decode, len(write.parts))
	var failed error
	usable := false
	for i, p := range write.parts {
		d, err := c.value(p, read, t)
		if err != nil {
			failed = err
			d = func(*input, *formats.Vector) error { return err }
		} else if p.kind != "null" || len(write.parts) == 1 {
			usable = true
		}
		branches[i] = d
	}
	if !usable && failed != nil {
		return nil, failed
	}
	return func(in *input, to *formats.Vector) error {
		i, err := in.long()
		if err != nil {
			return err
		}
		if i < 0 || i >= int64(len(branches)) {
			return errBranch
		}
		return branches[i](in, to)
	}, nil
}

func (c compiler) array(write, read *node, t formats.Type) (decode, error) {
	if write.kind != "array" {
		return nil, mismatch(write, read, t)
	}
	item, err := c.value(write.parts[0], part(read), t.Fields[0].Type)
	if err != nil {
		return nil, err
	}
	return func(in *input, to *formats.Vector) error {
		return to.AppendList(func() error {
			return in.blocks(func() error { return item(in, to.Children[0]) })
		})
	}, nil
}

func part(read *node) *node {
	if read == nil {
		return nil
	}
	return read.parts[0]
}

func (c compiler) mapping(write, read *node, t formats.Type) (decode, error) {
	if write.kind != "map" {
		return nil, mismatch(write, read, t)
	}
	if k := t.Fields[0].Type.Kind; k != formats.String && k != formats.Varchar {
		return nil, corrupt("Key of Map must be a String")
	}
	value, err := c.value(write.parts[0], part(read), t.Fields[1].Type)
	if err != nil {
		return nil, err
	}
	return func(in *input, to *formats.Vector) error {
		return to.AppendList(func() error {
			return in.blocks(func() error {
				key, err := in.bytes()
				if err != nil {
					return err
				}
				if err := appendText(to.Children[0], key); err != nil {
					return err
				}
				return value(in, to.Children[1])
			})
		})
	}, nil
}

func (c compiler) structure(write, read *node, t formats.Type) (decode, error) {
	if write.kind != "record" {
		return nil, mismatch(write, read, t)
	}
	columns := make([]formats.Column, len(t.Fields))
	for i, f := range t.Fields {
		columns[i] = formats.Column{Name: f.Name, Type: f.Type}
	}
	r, err := c.record(write, read, columns)
	if err != nil {
		return nil, err
	}
	return func(in *input, to *formats.Vector) error {
		return to.AppendStruct(func() error { return r.decode(in, to.Children) })
	}, nil
}

// step reads or passes over a field of the file.
type step struct {
	to     int // the vector; -1: none
	decode decode
	skip   func(*input) error
}

// recordReader reads the fields of a file in their order, then fills in those that it
// lacks.
type recordReader struct {
	steps   []step
	missing []func(to []*formats.Vector) error
}

func (r *recordReader) decode(in *input, to []*formats.Vector) error {
	for i := range r.steps {
		s := &r.steps[i]
		var err error
		if s.to < 0 {
			err = s.skip(in)
		} else {
			err = s.decode(in, to[s.to])
		}
		if err != nil {
			return err
		}
	}
	for _, fill := range r.missing {
		if err := fill(to); err != nil {
			return err
		}
	}
	return nil
}

func (c compiler) record(write, read *node, columns []formats.Column) (*recordReader, error) {
	r := &recordReader{steps: make([]step, len(write.fields))}
	for i, f := range write.fields {
		r.steps[i] = step{to: -1, skip: skip(f.typ)}
	}
	for i, column := range columns {
		declared, err := declaredField(read, column.Name)
		if err != nil {
			return nil, err
		}
		place, err := writtenField(write, declared, column.Name)
		if err != nil {
			return nil, err
		}
		if place < 0 {
			fill, err := missingField(declared, column, i)
			if err != nil {
				return nil, err
			}
			r.missing = append(r.missing, fill)
			continue
		}
		if r.steps[place].to >= 0 {
			return nil, corrupt("Field %s is read as two columns", write.fields[place].name)
		}
		var typ *node
		if declared != nil {
			typ = declared.typ
		}
		d, err := c.value(write.fields[place].typ, typ, column.Type)
		if err != nil {
			return nil, inField(column.Name, err)
		}
		r.steps[place] = step{to: i, decode: named(column.Name, d)}
	}
	return r, nil
}

// named puts the name of a field before the errors of its values.
func named(name string, d decode) decode {
	return func(in *input, to *formats.Vector) error {
		if err := d(in, to); err != nil {
			return inField(name, err)
		}
		return nil
	}
}

func inField(name string, err error) error {
	if e, ok := err.(*CorruptError); ok { //nolint:errorlint // what this package made itself
		return corrupt("column %s: %s", name, e.message)
	}
	return err
}

// declaredField finds a column in the schema that the table declares: the first
// level without regard to case, as catalogs have names in lower case.
func declaredField(read *node, name string) (*field, error) {
	if read == nil {
		return nil, nil
	}
	for _, same := range []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
		for i := range read.fields {
			if same(read.fields[i].name, name) {
				return &read.fields[i], nil
			}
		}
	}
	return nil, corrupt("Unable to find column %s in table Avro schema %s", name, read.name)
}

// writtenField finds a field of the file: -1 where it lacks it. Avro compares
// names by case; where a table declares columns alone, a field that differs from
// one by case would be NULL in all rows, which nobody wants.
func writtenField(write *node, declared *field, column string) (int, error) {
	names := []string{column}
	if declared != nil {
		names = append([]string{declared.name}, declared.aliases...)
	}
	for _, name := range names {
		if i := slices.IndexFunc(write.fields, func(f field) bool { return f.name == name }); i >= 0 {
			return i, nil
		}
	}
	if declared == nil {
		if i := slices.IndexFunc(write.fields, func(f field) bool { return strings.EqualFold(f.name, column) }); i >= 0 {
			return 0, &UnsupportedError{fmt.Sprintf("field %s of the file differs from column %s by case alone, and would be NULL: the table needs avro.schema.literal", write.fields[i].name, column)}
		}
	}
	return -1, nil
}

// missingField fills in a field that the file lacks: the default of the declared
// schema, or NULL.
func missingField(declared *field, column formats.Column, to int) (func([]*formats.Vector) error, error) {
	if declared != nil && !declared.has {
		return nil, corrupt("Found a file without field %s, which has no default", declared.name)
	}
	var value any
	if declared != nil {
		value = declared.fallback
	}
	return func(v []*formats.Vector) error {
		if err := appendDefault(v[to], value); err != nil {
			return inField(column.Name, err)
		}
		return nil
	}, nil
}
