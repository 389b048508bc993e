package functions

import (
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

// jsonCasts: JSON is carried as its text, normalised.
func jsonCasts() map[[2]types.Kind]castRule {
	rules := map[[2]types.Kind]castRule{}
	for k := types.Boolean; k < types.Function; k++ {
		if k != types.JSON {
			rules[[2]types.Kind{types.JSON, k}] = fromJSON
			rules[[2]types.Kind{k, types.JSON}] = toJSON
		}
	}
	return rules
}

// fromJSON checks in Go, for the type as a whole, and leaves the making of the
// value to DuckDB.
func fromJSON(c conversion) (string, *Error) {
	if err := castsFromJSON(c.to); err != nil {
		return "", err
	}
	name := "scops_json_cast"
	if c.try {
		name = "scops_json_try_cast"
	}
	checked := name + "($1, " + quote(jsonTarget(c.to)) + ")"
	switch {
	case c.to.Kind == types.Varchar:
		return checked, nil
	case nested(c.to):
		// The cast gives a constant NULL its type.
		return "CAST(json_transform_strict(" + checked + ", " + quote(jsonQuoted(duckType(c.to))) + ") AS " + duckType(c.to) + ")", nil
	}
	return "CAST(" + checked + " AS " + duckType(c.to) + ")", nil
}

// castsFromJSON refuses the types that Trino does not cast json to.
func castsFromJSON(t types.Type) *Error {
	if err := checkFromJSON(t); err != nil {
		if err.Name == typeMismatch {
			err.Message = "Cannot cast json to " + t.String()
		}
		return err
	}
	return nil
}

func checkFromJSON(t types.Type) *Error {
	switch t.Kind {
	case types.Array:
		return checkFromJSON(t.Elem())
	case types.Map:
		if !jsonKeys[t.Key().Kind] {
			return refuse(invalidCast, "Cannot cast JSON to %s", t)
		}
		return checkFromJSON(t.Value())
	case types.Row:
		return checkRowFromJSON(t)
	case types.JSON:
		return nil
	}
	if !jsonKeys[t.Kind] {
		return refuse(typeMismatch, "")
	}
	return nil
}

// checkRowFromJSON: a row whose first field has a name and another has none
// makes Trino itself fail.
func checkRowFromJSON(t types.Type) *Error {
	for _, f := range t.Fields {
		if err := checkFromJSON(f.Type); err != nil {
			return err
		}
		if f.Name == "" && t.Fields[0].Name != "" {
			return refuse(notSupported, "Cast from json to %s, which has fields with and without names, is not supported", t)
		}
	}
	return nil
}

// jsonKeys are the types that the name of a member is cast to and from. They
// are also the scalars that json is cast to.
var jsonKeys = map[types.Kind]bool{
	types.Boolean: true, types.TinyInt: true, types.SmallInt: true, types.Integer: true, types.BigInt: true,
	types.Real: true, types.Double: true, types.Decimal: true, types.Varchar: true,
}

// jsonTarget is a type in the notation that types.Parse reads back whatever the
// names of fields are.
func jsonTarget(t types.Type) string {
	if !nested(t) {
		return t.String()
	}
	parts := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		parts[i] = jsonTarget(f.Type)
		if f.Name != "" {
			parts[i] = `"` + strings.ReplaceAll(f.Name, `"`, `""`) + `" ` + parts[i]
		}
	}
	return t.BaseName() + "(" + strings.Join(parts, ", ") + ")"
}

// jsonQuoted is a JSON string without characters that need other escapes.
func jsonQuoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
