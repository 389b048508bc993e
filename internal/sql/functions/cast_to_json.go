package functions

import (
	"fmt"
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

// toJSON writes the JSON of a value as SQL, part by part.
func toJSON(c conversion) (string, *Error) {
	template, err := jsonOf(c.from, 0)
	if err != nil && err.Name == typeMismatch {
		err.Message = "Cannot cast " + c.from.String() + " to json"
	}
	return template, err
}

// jsonPlain are the templates of the types whose JSON does not depend on their
// parameters.
var jsonPlain = map[types.Kind]string{
	types.Unknown: "CAST($1 AS VARCHAR)", types.Boolean: "CAST($1 AS VARCHAR)",
	types.TinyInt: "CAST($1 AS VARCHAR)", types.SmallInt: "CAST($1 AS VARCHAR)",
	types.Integer: "CAST($1 AS VARCHAR)", types.BigInt: "CAST($1 AS VARCHAR)",
	types.Real: "scops_json_real($1)", types.Double: "scops_json_double($1)",
	types.Varchar: "scops_json_quote($1)", types.JSON: "$1",
	types.Decimal: "scops_json_decimal(CAST($1 AS VARCHAR))",
}

// jsonOf is a template that gives NULL for NULL. The depth tells the variables
// of lambdas apart.
func jsonOf(t types.Type, depth int) (string, *Error) {
	if template, ok := jsonPlain[t.Kind]; ok {
		return template, nil
	}
	switch t.Kind {
	case types.Date, types.Timestamp:
		text, err := castTemplate(conversion{from: t, to: types.VarcharUnbounded})
		return `('"' || ` + text + ` || '"')`, err
	case types.Array:
		return jsonOfArray(t, depth)
	case types.Map:
		return jsonOfMap(t, depth)
	case types.Row:
		return jsonOfRow(t, depth)
	}
	return "", refuse(typeMismatch, "")
}

// jsonPart is the JSON of a part, null for NULL.
func jsonPart(t types.Type, sql string, depth int) (string, *Error) {
	template, err := jsonOf(t, depth)
	return "coalesce(" + put(template, sql) + ", 'null')", err
}

func jsonOfArray(t types.Type, depth int) (string, *Error) {
	e := fmt.Sprintf("scops_j%d", depth)
	part, err := jsonPart(t.Elem(), e, depth+1)
	return "('[' || array_to_string(list_transform($1, lambda " + e + ": " + part + "), ',') || ']')", err
}

// jsonOfMap writes the entries in the order of the texts of their keys.
func jsonOfMap(t types.Type, depth int) (string, *Error) {
	e := fmt.Sprintf("scops_j%d", depth)
	key, err := jsonKey(t, e+".key")
	if err != nil {
		return "", err
	}
	value, err := jsonPart(t.Value(), e+".value", depth+1)
	entry := "struct_pack(o := scops_java_order(" + key + "), j := concat(scops_json_quote(" + key + "), ':', " + value + "))"
	return "('{' || array_to_string(list_transform(list_sort(list_transform(map_entries($1), lambda " + e + ": " + entry + ")), lambda " +
		e + ": " + e + ".j), ',') || '}')", err
}

// jsonKey is the text of a map's key.
func jsonKey(m types.Type, sql string) (string, *Error) {
	switch k := m.Key(); {
	case k.Kind == types.Unknown:
		return "CAST(" + sql + " AS VARCHAR)", nil
	case !jsonKeys[k.Kind]:
		return "", refuse(invalidCast, "Cannot cast %s to JSON", m)
	case k.IsFloating():
		return `replace(` + put(jsonPlain[k.Kind], sql) + `, '"', '')`, nil
	default:
		template, err := castTemplate(conversion{from: k, to: types.VarcharUnbounded})
		return put(template, sql), err
	}
}

func jsonOfRow(t types.Type, depth int) (string, *Error) {
	parts := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		part, err := jsonPart(f.Type, Dereference(t, i, "$1"), depth+1)
		if err != nil {
			return "", err
		}
		name := "scops_json_quote(" + quote(f.Name) + "), ':', "
		if i > 0 {
			name = "',', " + name
		}
		parts[i] = name + part
	}
	return "(CASE WHEN $1 IS NOT NULL THEN concat('{', " + strings.Join(parts, ", ") + ", '}') END)", nil
}
