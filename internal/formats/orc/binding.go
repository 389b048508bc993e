package orc

import (
	"fmt"
	"math"
	"strings"

	"github.com/scopsdb/scops/internal/formats"
)

// Binding is how a column of a table is found in a file.
type Binding struct {
	Type formats.Type // the table's
	// File is nil where the file lacks the column, which is then NULL.
	File *Type
	// Parts are those of the table's type; of a struct by name.
	Parts []Binding
}

// Bind finds columns in a file: by name without regard to case, or by their
// places. Names below the top level are always compared. Errors are
// *CorruptError where types cannot be read as declared.
func (f *File) Bind(columns []formats.Column, byIndex bool) ([]Binding, error) {
	out := make([]Binding, len(columns))
	for i, c := range columns {
		var found *Type
		switch {
		case !byIndex:
			var err error
			if found, err = fieldOf(f.Root, c.Name); err != nil {
				return nil, err
			}
		case c.Index < len(f.Root.Parts):
			found = f.Root.Parts[c.Index]
		}
		var err error
		if out[i], err = bind(found, c.Type); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// IDs are the columns of the file that a binding reads.
func (b Binding) IDs() []int {
	if b.File == nil {
		return nil
	}
	ids := []int{b.File.ID}
	for _, p := range b.Parts {
		ids = append(ids, p.IDs()...)
	}
	return ids
}

// HasNames says whether the file has names of columns: old versions of Hive
// wrote _col0, _col1 …
func (f *File) HasNames() bool {
	for _, p := range f.Root.Parts {
		rest, ok := strings.CutPrefix(p.Name, "_col")
		if !ok || rest == "" || strings.Trim(rest, "0123456789") != "" {
			return true
		}
	}
	return len(f.Root.Parts) == 0
}

func fieldOf(t *Type, name string) (*Type, error) {
	var found *Type
	for _, p := range t.Parts {
		if !strings.EqualFold(p.Name, name) {
			continue
		}
		if found != nil {
			return nil, corrupt("The name of %s is there twice, in different case", p.Path)
		}
		found = p
	}
	return found, nil
}

func bind(of *Type, to formats.Type) (Binding, error) {
	b := Binding{Type: to, File: of}
	if of == nil {
		return b, nil
	}
	if !readable(of.Kind, to.Kind) {
		return b, corrupt("Cannot read SQL type '%s' from ORC stream '%s' of type %s with attributes {}", sqlName(to), of.Path, of.Kind)
	}
	for i, f := range to.Fields {
		var part *Type
		if to.Kind == formats.Struct {
			var err error
			if part, err = fieldOf(of, f.Name); err != nil {
				return b, err
			}
		} else {
			part = of.Parts[i]
		}
		p, err := bind(part, f.Type)
		if err != nil {
			return b, err
		}
		b.Parts = append(b.Parts, p)
	}
	return b, nil
}

var wholeNumbers = []Kind{Byte, Short, Int, Long}

// readers says which kinds of files each type of a table is read from: what
// Trino's reader takes, and what it would widen.
var readers = map[formats.TypeKind][]Kind{
	formats.Boolean: {Boolean}, formats.TinyInt: {Byte},
	formats.SmallInt: wholeNumbers, formats.Int: wholeNumbers, formats.BigInt: wholeNumbers,
	formats.Float: {Float}, formats.Double: {Float, Double}, formats.Decimal: {Decimal},
	formats.String: {String, Varchar, Char, Binary}, formats.Varchar: {String, Varchar, Char, Binary},
	formats.Char: {String, Varchar, Char, Binary}, formats.Binary: {String, Varchar, Char, Binary},
	formats.Date: {Date}, formats.Timestamp: {Timestamp},
	formats.Array: {List}, formats.Map: {Map}, formats.Struct: {Struct},
}

func readable(of Kind, to formats.TypeKind) bool {
	for _, k := range readers[to] {
		if k == of {
			return true
		}
	}
	return false
}

// sqlNames are Trino's names of Hive's types, where they differ.
var sqlNames = map[formats.TypeKind]string{
	formats.Int: "integer", formats.Float: "real", formats.String: "varchar", formats.Binary: "varbinary", formats.Timestamp: "timestamp(3)",
}

func sqlName(t formats.Type) string {
	if name, ok := sqlNames[t.Kind]; ok {
		return name
	}
	parts := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		parts[i] = sqlName(f.Type)
		if t.Kind == formats.Struct {
			parts[i] = f.Name + " " + parts[i]
		}
	}
	switch t.Kind {
	case formats.Array, formats.Map:
		return map[formats.TypeKind]string{formats.Array: "array", formats.Map: "map"}[t.Kind] + "(" + strings.Join(parts, ", ") + ")"
	case formats.Struct:
		return "row(" + strings.Join(parts, ", ") + ")"
	}
	return t.String()
}

// ranges are what fits whole numbers.
var ranges = map[formats.TypeKind][2]int64{
	formats.SmallInt: {math.MinInt16, math.MaxInt16}, formats.Int: {math.MinInt32, math.MaxInt32},
	formats.Date: {math.MinInt32, math.MaxInt32},
}

func rangeOf(k formats.TypeKind) (least, most int64) {
	if r, ok := ranges[k]; ok {
		return r[0], r[1]
	}
	return math.MinInt64, math.MaxInt64
}

// String names the binding in errors.
func (b Binding) String() string {
	if b.File == nil {
		return "no column"
	}
	return fmt.Sprintf("%s of type %s", b.File.Path, b.File.Kind)
}
