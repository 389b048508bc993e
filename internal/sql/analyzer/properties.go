package analyzer

import (
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/types"
)

// Property is a property of WITH (…), with its value: a string, int64, float64
// or bool, or a []string.
type Property struct {
	Name  string // lower-case
	Value any
	At    ast.Position
}

// properties evaluates the properties of a WITH clause.
func (a *analyzer) properties(list []*ast.Property) ([]Property, error) {
	var out []Property
	seen := map[string]bool{}
	for _, p := range list {
		name := p.Name.Lower()
		if seen[name] {
			return nil, errorAt(p, "DUPLICATE_PROPERTY", "Duplicate property: %s", name)
		}
		seen[name] = true
		if p.Value == nil {
			continue // DEFAULT
		}
		value, err := a.propertyValue(p)
		if err != nil {
			return nil, err
		}
		out = append(out, Property{Name: name, Value: value, At: p.Position})
	}
	return out, nil
}

// propertyValue is the value of a property: a constant, or an array of texts.
func (a *analyzer) propertyValue(p *ast.Property) (any, error) {
	e, err := a.constantExpr(p.Value)
	if err != nil {
		return nil, err
	}
	if list, ok := e.(*MakeArray); ok {
		texts := make([]string, len(list.Items))
		for i, item := range list.Items {
			v, _ := constant(item)
			if texts[i], ok = v.(string); !ok {
				return nil, badProperty(p)
			}
		}
		return texts, nil
	}
	v, ok := constant(e)
	if !ok || v == nil {
		return nil, badProperty(p)
	}
	switch v := v.(type) {
	case string, int64, float64, bool:
		return v, nil
	case types.DecimalValue:
		f, _ := constantValue(e, types.DoubleType)
		return f, nil
	}
	return nil, badProperty(p)
}

func badProperty(p *ast.Property) error {
	return errorAt(p, "INVALID_TABLE_PROPERTY", "Invalid value for property '%s': %s", p.Name.Lower(), ast.Format(p.Value))
}
