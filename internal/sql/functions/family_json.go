package functions

const jsonFamily = "JSON"

var jsons = []Function{
	{Name: "json_extract", OwnNulls: true, Doc: "JSON at a path; NULL where there is none or the text is no JSON.", Example: "json_extract(x, '$.a[0]')",
		Sigs: onJSON("(%, varchar) -> json", "scops_json_extract($1, $2)")},
	{Name: "json_extract_scalar", OwnNulls: true, Doc: "Text of the string, number or boolean at a path, else NULL.", Example: "json_extract_scalar(x, '$.a')",
		Sigs: scalarOfJSON()},
	{Name: "json_parse", Doc: "JSON of a text; an error where it is none.", Example: "json_parse('[1, 2]')",
		Sigs: []Signature{{Text: "(varchar(x)) -> json", Emit: T("scops_json_parse($1)")}}},
	{Name: "json_format", Doc: "Text of JSON.", Example: "json_format(json_parse('[1, 2]')) = '[1,2]'",
		Sigs: []Signature{{Text: "(json) -> varchar", Emit: T("$1")}}},
	{Name: "json_array_length", OwnNulls: true, Doc: "Number of elements of a JSON array, else NULL.", Example: "json_array_length('[1, 2]') = 2",
		Sigs: onJSON("(%) -> bigint", "scops_json_array_length($1)")},
	{Name: "json_size", OwnNulls: true, Doc: "Number of members of the object or array at a path; 0 of a scalar.", Example: "json_size(x, '$.a')",
		Sigs: onJSON("(%, varchar) -> bigint", "scops_json_size($1, $2)")},
	{Name: "json_array_contains", OwnNulls: true, Doc: "Whether a JSON array has a value.", Example: "json_array_contains('[1, 2]', 2)",
		Sigs: append(onJSON("(%, varchar) -> boolean", "scops_json_has($1, 's' || $2)"),
			append(onJSON("(%, bigint) -> boolean", "scops_json_has($1, 'i' || CAST($2 AS VARCHAR))"),
				append(onJSON("(%, double) -> boolean", "scops_json_has($1, 'd' || CAST($2 AS VARCHAR))"),
					onJSON("(%, boolean) -> boolean", "scops_json_has($1, 'b' || CAST($2 AS VARCHAR))")...)...)...)},
	{Name: "json_array_get", OwnNulls: true, Doc: "Element of a JSON array at an index from 0, from the end if negative; a string without its quotes.", Example: "json_array_get('[1, 2]', -1)",
		Sigs: onJSON("(%, bigint) -> json", "scops_json_array_get($1, $2)")},
	{Name: "is_json_scalar", OwnNulls: true, Doc: "Whether JSON is a number, string, boolean or null.", Example: "is_json_scalar('1')",
		Sigs: onJSON("(%) -> boolean", "scops_json_is_scalar($1)")},
}

// onJSON are the signatures for a JSON text and for JSON.
func onJSON(text, template string) []Signature {
	out := make([]Signature, 2)
	for i, t := range []string{"varchar(x)", "json"} {
		out[i] = Signature{Text: text[:1] + t + text[2:], Emit: T(template)}
	}
	return out
}

// scalarOfJSON: a text of a text is not longer.
func scalarOfJSON() []Signature {
	emit := T("scops_json_scalar($1, $2)")
	return []Signature{
		{Text: "(varchar(x), varchar) -> varchar(x)", Emit: emit},
		{Text: "(json, varchar) -> varchar", Emit: emit},
	}
}
