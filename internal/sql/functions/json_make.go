package functions

import (
	"fmt"
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

// JSONPart is a value of JSON_OBJECT or JSON_ARRAY. Formatted is text that is
// JSON itself.
type JSONPart struct {
	Type      types.Type
	Formatted bool
}

// JSONText says whether a value of the type stands in JSON as JSON_OBJECT and
// JSON_ARRAY write it, without a cast to varchar.
func JSONText(t types.Type) bool {
	_, ok := jsonPlain[t.Kind]
	return ok && t.Kind != types.JSON
}

// json is the JSON of a part, NULL for NULL.
func (p JSONPart) json(arg string) string {
	if p.Formatted {
		if p.Type.Kind == types.Varbinary {
			arg = "decode(" + arg + ")"
		}
		return "scops_json_formatted(" + arg + ")"
	}
	return put(jsonPlain[p.Type.Kind], arg)
}

// JSONObject is JSON_OBJECT of keys and values by turns.
func JSONObject(values []JSONPart, absentOnNull, uniqueKeys bool, returning types.Type) (*Resolved, string) {
	r := &Resolved{ReturnType: returning}
	parts := make([]string, len(values))
	for i, v := range values {
		r.ArgTypes = append(r.ArgTypes, types.VarcharUnbounded, v.Type)
		parts[i] = fmt.Sprintf("coalesce(scops_json_quote($%d), 'null'), ',[', coalesce(%s, ''), ']'", 2*i+1, v.json(fmt.Sprintf("$%d", 2*i+2)))
	}
	flags := ""
	if absentOnNull {
		flags = "A"
	}
	if uniqueKeys {
		flags += "U"
	}
	text := "concat('[', ']')"
	if len(parts) > 0 {
		text = "concat('[', " + strings.Join(parts, ", ',', ") + ", ']')"
	}
	r.emission = T(jsonOutput("scops_json_object("+text+", '"+flags+"')", returning))
	return r, fmt.Sprintf("json_object %s %v %s", flags, values, returning)
}

// JSONArray is JSON_ARRAY.
func JSONArray(values []JSONPart, absentOnNull bool, returning types.Type) (*Resolved, string) {
	r := &Resolved{ReturnType: returning}
	parts := make([]string, len(values))
	for i, v := range values {
		r.ArgTypes = append(r.ArgTypes, v.Type)
		parts[i] = v.json(fmt.Sprintf("$%d", i+1))
		if !absentOnNull {
			parts[i] = "coalesce(" + parts[i] + ", 'null')"
		}
	}
	text := "'[]'"
	if len(parts) > 0 { // concat_ws passes over NULL
		text = "concat('[', concat_ws(',', " + strings.Join(parts, ", ") + "), ']')"
	}
	r.emission = T(jsonOutput(text, returning))
	return r, fmt.Sprintf("json_array %v %v %s", absentOnNull, values, returning)
}
