package functions

import "github.com/scopsdb/scops/internal/sql/types"

// LongestListagg is how many bytes LISTAGG gives at most, as in Trino.
const LongestListagg = 1 << 20

var collecting = []Function{
	{Name: "map_agg", Kind: Aggregate, OwnNulls: true, Doc: "Map of keys to values; the first value is kept for a key.", Example: "map_agg(k, v)",
		Sigs: []Signature{{Text: "(K, V) -> map(K,V) [K:comparable]", Emit: mapAgg}}},
	{Name: "map_union", Kind: Aggregate, Doc: "Map of the entries of all maps; the first value is kept for a key.", Example: "map_union(m)",
		Sigs: []Signature{{Text: "(map(K,V)) -> map(K,V) [K:comparable]", Emit: mapUnion}}},
	{Name: "multimap_agg", Kind: Aggregate, OwnNulls: true, Doc: "Map of keys to arrays of all their values.", Example: "multimap_agg(k, v)",
		Sigs: []Signature{{Text: "(K, V) -> map(K,array(V)) [K:comparable]", Emit: multimapAgg}}},
	{Name: "histogram", Kind: Aggregate, Doc: "Map of each value to how often it occurs.", Example: "histogram(x)",
		Sigs: []Signature{{Text: "(T) -> map(T,bigint) [T:comparable]", Emit: histogram}}},
	{Name: "reduce_agg", Kind: Aggregate, OwnNulls: true, Doc: "A state carried through all values that are not NULL.", Example: "reduce_agg(x, 0, (s, x) -> s + x, (a, b) -> a + b)",
		Sigs: []Signature{{Text: "(T, S, function(S,T,S), function(S,S,S)) -> S", Emit: reduceAgg, Check: plainState}}},
	{Name: "listagg", Kind: Aggregate, Doc: "Values joined by a separator, in the order of WITHIN GROUP. NULL is skipped.", Example: "listagg(x, ',') WITHIN GROUP (ORDER BY x)",
		Sigs: []Signature{
			{Text: "(varchar(x), varchar(y)) -> varchar", Emit: listagg, Check: constantSeparator},
			{Text: "(varchar(x), varchar(y), varchar(z), boolean) -> varchar", Emit: A("scops_listagg(list<$1|$1 IS NOT NULL>, $2, $3, $4)")},
		}},
	{Name: "checksum", Kind: Aggregate, OwnNulls: true, Doc: "Checksum of all values that does not depend on their order.", Example: "checksum(x)",
		Sigs: []Signature{{Text: "(T) -> varbinary [T:comparable]", Emit: checksum, Check: hashable}}},
}

func constantSeparator(c *Call) *Error { return needConstant(c, 1, "separator") }

// listagg joins; more than Trino holds in a page is an error.
func listagg(c *Call) string {
	return expand("(CASE WHEN strlen($1) > 1048576 THEN "+
		raise("EXCEEDED_FUNCTION_MEMORY_LIMIT", "Concatenated string has the length in bytes larger than the maximum output length 1048576")+
		" ELSE $1 END)", []string{A("string_agg<$1, $2>")(c)})
}

// keyText is the text of a key by which the Go functions find equal keys.
func keyText(t types.Type, sql string) string {
	switch {
	case t.IsFloating():
		sql = "(" + sql + " + 0)" // -0.0 is 0.0
	case ownZone(t):
		sql = "epoch_us(" + sql + ")"
	case nested(t):
		sql = new(nestedSQL).equalText(t, sql)
	}
	return "CAST(" + sql + " AS VARCHAR)"
}

func member(list, field string) string {
	return "list_transform(" + list + ", lambda scops_e: struct_extract(scops_e, '" + field + "'))"
}

func memberTexts(list, field string, t types.Type) string {
	return "list_transform(" + list + ", lambda scops_e: " + keyText(t, "struct_extract(scops_e, '"+field+"')") + ")"
}

// mapAgg keeps the first value of each key. Distinct pairs have the same first
// values, so DISTINCT changes nothing.
func mapAgg(c *Call) string {
	all := *c
	all.Clauses.Distinct = false
	list := A("list<struct_pack(key := $1, value := $2)|$1 IS NOT NULL>")(&all)
	return firstEntries(list, c.Return)
}

func mapUnion(c *Call) string {
	return firstEntries("flatten("+A("list<map_entries($1)|$1 IS NOT NULL>")(c)+")", c.Return)
}

// firstEntries makes a map of a list of entries in which a key may come again,
// NULL of none: so are those of empty maps in Trino.
func firstEntries(entries string, t types.Type) string {
	first := "scops_firsts(" + memberTexts("$1", "key", t.Key()) + ")"
	return expand("(CASE WHEN len($1) > 0 THEN map(list_select("+member("$1", "key")+", "+first+"), list_select("+
		member("$1", "value")+", "+first+")) END)", []string{entries})
}

// multimapAgg puts the values in the order of their groups and cuts them there:
// what stands in a lambda is computed for each group, so the values are bound
// outside of it.
func multimapAgg(c *Call) string {
	list := A("list<struct_pack(key := $1, value := $2)|$1 IS NOT NULL>")(c)
	texts := memberTexts("$1", "key", c.Types[0])
	groups := "scops_groups(" + texts + ")"
	ordered := "list_select(" + member("$1", "value") + ", flatten(" + groups + "))"
	return expand("(CASE WHEN $1 IS NOT NULL THEN map(list_select("+member("$1", "key")+", list_transform("+groups+", lambda scops_g: scops_g[1])), "+
		"list_transform(["+ordered+"], lambda scops_v: list_transform(scops_group_bounds("+texts+"), lambda scops_g: list_slice(scops_v, scops_g[1], scops_g[2])))[1]) END)", []string{list})
}

// histogramOfFloats counts NaN apart: the histogram of DuckDB takes it for equal
// to all others.
const histogramOfFloats = "(CASE WHEN count<$1|isnan($1)> > 0 THEN map_concat(histogram<$1 + 0|NOT isnan($1)>, map(list_slice(list<$1|isnan($1)>, 1, 1), [CAST(count<$1|isnan($1)> AS UBIGINT)])) ELSE histogram<$1 + 0> END)"

func histogram(c *Call) string {
	switch t := c.Types[0]; {
	case t.IsFloating():
		return "CAST(" + A(histogramOfFloats)(c) + " AS " + duckType(c.Return) + ")"
	case !nested(t):
		return "CAST(" + A("histogram<$1>")(c) + " AS " + duckType(c.Return) + ")"
	}
	return expand("(CASE WHEN $1 IS NOT NULL THEN "+countsOf("$1", c.Types[0])+" END)", []string{A("list<$1|$1 IS NOT NULL>")(c)})
}

// countsOf is the map of the elements of a list without NULL to how often they
// occur.
func countsOf(list string, t types.Type) string {
	groups := "scops_groups(list_transform(" + list + ", lambda scops_e: " + keyText(t, "scops_e") + "))"
	return "map(list_select(" + list + ", list_transform(" + groups + ", lambda scops_g: scops_g[1])), " +
		"list_transform(" + groups + ", lambda scops_g: CAST(len(scops_g) AS BIGINT)))"
}

// plainState refuses the states that Trino refuses: those that are no number,
// boolean or time of one machine word.
func plainState(c *Call) *Error {
	s := c.Types[1]
	if s.IsString() || nested(s) || s.Kind == types.Varbinary || s.Kind == types.JSON || s.Kind == types.UUID || s.Kind == types.Decimal && s.Precision > 18 {
		return refuse(notSupported, "State type not supported for reduce_agg: %s", s)
	}
	return nil
}

// reduceAgg folds the list of values; the combining function is never needed.
func reduceAgg(c *Call) string {
	plain := *c
	plain.Clauses.Distinct, plain.Clauses.OrderBy = false, ""
	state := duckType(c.Types[1])
	folded := *c
	folded.Args = []string{A("list<$1|$1 IS NOT NULL>")(c), A("any_value<$2>")(&plain), c.Args[2], "lambda scops_s: scops_s"}
	folded.Types = []types.Type{types.ArrayOf(c.Types[0]), c.Types[1]}
	return "CAST(" + reduce(&folded) + " AS " + state + ")"
}
