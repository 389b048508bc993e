package functions

import "strings"

const lambdaFamily = "lambda"

var lambdas = []Function{
	{Name: "transform", Doc: "Array of the results of a function.", Example: "transform(ARRAY[1, 2], x -> x + 1)",
		Sigs: []Signature{{Text: "(array(T), function(T,U)) -> array(U)", Emit: T("list_transform($1, $2)")}}},
	{Name: "filter", Doc: "Elements for which a function is true.", Example: "filter(ARRAY[1, 2], x -> x > 1)",
		Sigs: []Signature{{Text: "(array(T), function(T,boolean)) -> array(T)", Emit: T("list_filter($1, $2)")}}},
	{Name: "any_match", Doc: "Whether a function is true for an element; false of an empty array.", Example: "any_match(ARRAY[1, 2], x -> x > 1)",
		Sigs: []Signature{{Text: "(array(T), function(T,boolean)) -> boolean", Emit: matches("true", "true", "false")}}},
	{Name: "all_match", Doc: "Whether a function is true for all elements; true of an empty array.", Example: "all_match(ARRAY[1, 2], x -> x > 0)",
		Sigs: []Signature{{Text: "(array(T), function(T,boolean)) -> boolean", Emit: matches("false", "false", "true")}}},
	{Name: "none_match", Doc: "Whether a function is true for no element; true of an empty array.", Example: "none_match(ARRAY[1, 2], x -> x > 2)",
		Sigs: []Signature{{Text: "(array(T), function(T,boolean)) -> boolean", Emit: matches("true", "false", "true")}}},
	{Name: "reduce", OwnNulls: true, Doc: "A state carried through all elements, then finished.", Example: "reduce(ARRAY[1, 2], 0, (s, x) -> s + x, s -> s) = 3",
		Sigs: []Signature{{Text: "(array(T), S, function(S,T,S), function(S,R)) -> R", Emit: reduce}}},
}

// matches decides at the first element that gives decisive; else NULL counts
// before otherwise.
func matches(decisive, then, otherwise string) Emission {
	return func(c *Call) string {
		results := expand("list_transform($1, $2)", c.Args)
		return expand("(CASE WHEN $1 IS NULL THEN NULL WHEN list_contains($1, "+decisive+") THEN "+then+
			" WHEN len($1) > list_count($1) THEN NULL ELSE "+otherwise+" END)", []string{results})
	}
}

// apply writes the body of a lambda with its parameters bound to SQL.
func apply(lambda string, args ...string) string {
	head, body, _ := strings.Cut(strings.TrimPrefix(lambda, "lambda "), ":")
	params := strings.Split(head, ",")
	for i := len(params) - 1; i >= 0; i-- {
		body = "list_transform([" + args[i] + "], lambda " + strings.TrimSpace(params[i]) + ": " + strings.TrimSpace(body) + ")[1]"
	}
	return body
}

// reduce carries the state in a struct beside the elements, since DuckDB's
// list_reduce wants both of one type.
func reduce(c *Call) string {
	state, elem := duckType(c.Types[1]), duckType(c.Types[0].Elem())
	merged := apply(c.Args[2], "struct_extract(scops_a, 's')", "struct_extract(scops_b, 'x')")
	list := "list_transform(" + c.Args[0] + ", lambda scops_x: struct_pack(s := CAST(NULL AS " + state + "), x := CAST(scops_x AS " + elem + ")))"
	folded := "list_reduce(" + list + ", lambda scops_a, scops_b: struct_pack(s := CAST(" + merged + " AS " + state + "), x := CAST(NULL AS " + elem + ")), " +
		"struct_pack(s := CAST(" + c.Args[1] + " AS " + state + "), x := CAST(NULL AS " + elem + ")))"
	return "(CASE WHEN " + c.Args[0] + " IS NOT NULL THEN " + apply(c.Args[3], "struct_extract("+folded+", 's')") + " END)"
}
