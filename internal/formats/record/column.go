package record

import (
	"fmt"
	"strings"

	"github.com/scopsdb/scops/internal/formats"
)

// Column is a named column of a record.
type Column struct {
	Name string // lower-case
	Type formats.Type
}

// maxDepth bounds nested types.
const maxDepth = 32

// NewColumn makes a column of a Hive type. Its error names the column and why
// records cannot have it.
func NewColumn(name, hiveType string) (Column, error) {
	t, err := formats.ParseType(hiveType)
	if err == nil {
		err = check(t, 0)
	}
	if err != nil {
		return Column{}, fmt.Errorf("column %s: %w", name, err)
	}
	return Column{Name: strings.ToLower(name), Type: t}, nil
}

func check(t formats.Type, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("nested more than %d deep", maxDepth)
	}
	if t.Kind == formats.Map {
		if k := t.Fields[0].Type; Nested(k.Kind) || k.Kind == formats.Binary {
			return fmt.Errorf("a map key cannot be %s", k)
		}
	}
	seen := map[string]bool{}
	for _, f := range t.Fields {
		if t.Kind == formats.Struct && seen[f.Name] {
			return fmt.Errorf("field %q is there twice", f.Name)
		}
		seen[f.Name] = true
		if err := check(f.Type, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// Nested reports whether values of the kind hold other values.
func Nested(k formats.TypeKind) bool { return k >= formats.Array }
