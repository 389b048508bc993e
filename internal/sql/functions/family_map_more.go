package functions

import (
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

// The functions that make maps of other values.
var mapBuilders = []Function{
	{Name: "map_from_entries", Doc: "Map of an array of rows of key and value.", Example: "map_from_entries(ARRAY[(1, 'x')])",
		Sigs: []Signature{{Text: "(array(row(K,V))) -> map(K,V) [K:comparable]", Emit: bound(func(n *nestedSQL, c *Call, a []string) string {
			e := n.name()
			return strictCases(a, missingEntry(e, a[0])+"ELSE "+n.checkedMap(c.Return.Key(), c.entries(e, a[0])))
		})}}},
	{Name: "multimap_from_entries", Doc: "Map of an array of rows of key and value; the values of a key are an array.", Example: "multimap_from_entries(ARRAY[(1, 'x'), (1, 'y')])",
		Sigs: []Signature{{Text: "(array(row(K,V))) -> map(K,array(V)) [K:comparable]", Emit: bound(func(n *nestedSQL, c *Call, a []string) string {
			e := n.name()
			return strictCases(a, missingEntry(e, a[0])+"ELSE "+n.grouped(c.Return.Key(), c.entries(e, a[0])))
		})}}},
	{Name: "map_zip_with", Doc: "Map of the results of a function of a key and its values in two maps.", Example: "map_zip_with(m, n, (k, x, y) -> coalesce(x, y))",
		Sigs: []Signature{{Text: "(map(K,V), map(K,W), function(K,V,W,R)) -> map(K,R)", Emit: bound(func(n *nestedSQL, c *Call, a []string) string {
			k := n.name()
			keys := "list_concat(map_keys(" + a[0] + "), list_filter(map_keys(" + a[1] + "), lambda " + k + ": NOT map_contains(" + a[0] + ", " + k + ")))"
			value := apply(a[2], k, "map_extract_value("+a[0]+", "+k+")", "map_extract_value("+a[1]+", "+k+")")
			return strictCases(a[:2], "ELSE map_from_entries(list_transform("+keys+", lambda "+k+": struct_pack(key := "+k+", value := "+value+")))")
		})}}},
	{Name: "transform_keys", Doc: "Map with the results of a function of key and value for keys.", Example: "transform_keys(m, (k, v) -> k + 1)",
		Sigs: []Signature{{Text: "(map(K,V), function(K,V,R)) -> map(R,V)", Emit: bound(func(n *nestedSQL, c *Call, a []string) string {
			e := n.name()
			key, value := "struct_extract("+e+", 'key')", "struct_extract("+e+", 'value')"
			return strictCases(a[:1], "ELSE "+n.checkedMap(c.Return.Key(), "list_transform(map_entries("+a[0]+"), lambda "+e+": struct_pack(key := CAST("+
				apply(a[1], key, value)+" AS "+duckType(c.Return.Key())+"), value := "+value+"))"))
		})}}},
	{Name: "split_to_map", Doc: "Map of a text of entries, each a key and a value.", Example: "split_to_map('a=1,b=2', ',', '=')",
		Sigs: []Signature{{Text: "(varchar, varchar, varchar) -> map(varchar,varchar)", Emit: bound(func(n *nestedSQL, c *Call, a []string) string {
			return n.split(a, func(entries string) string { return n.checkedMap(types.VarcharUnbounded, entries) })
		})}}},
	{Name: "split_to_multimap", Doc: "Map of a text of entries, each a key and a value; the values of a key are an array.", Example: "split_to_multimap('a=1,a=2', ',', '=')",
		Sigs: []Signature{{Text: "(varchar, varchar, varchar) -> map(varchar,array(varchar))", Emit: bound(func(n *nestedSQL, c *Call, a []string) string {
			return n.split(a, func(entries string) string { return n.grouped(types.VarcharUnbounded, entries) })
		})}}},
}

// mapOf is map(keys, values).
func mapOf(n *nestedSQL, c *Call, a []string) string {
	key := c.Return.Key()
	i := n.name()
	entries := "list_transform(generate_series(1, len(" + a[0] + ")), lambda " + i + ": struct_pack(key := " + a[0] + "[" + i + "], value := " + a[1] + "[" + i + "]))"
	return strictCases(a, "WHEN len("+a[0]+") <> len("+a[1]+") THEN "+raise(invalidArgument, "Key and value arrays must be the same length")+" ELSE "+n.checkedMap(key, entries))
}

// checkedMap makes a map of entries, after a look at their keys. Keys that are
// maps are put in one order.
func (n *nestedSQL) checkedMap(key types.Type, entries string) string {
	l := n.name()
	return "list_transform([" + entries + "], lambda " + l + ": CASE WHEN " + n.keyMissing(key, l) + " WHEN len(list_distinct(" + n.keys(key, l) + ")) < len(" + l + ") THEN " +
		raise(invalidArgument, "Duplicate map keys are not allowed") + " ELSE map_from_entries(" + l + ") END)[1]"
}

// keys are the keys of entries.
func (n *nestedSQL) keys(key types.Type, entries string) string {
	e := n.name()
	return "list_transform(" + entries + ", lambda " + e + ": " + n.canonical(key, "struct_extract("+e+", 'key')") + ")"
}

// keyMissing is the WHEN of entries with a key that is or has in it NULL.
func (n *nestedSQL) keyMissing(key types.Type, entries string) string {
	e := n.name()
	return "len(list_filter(" + entries + ", lambda " + e + ": " + n.hasNull(key, "struct_extract("+e+", 'key')") + ")) > 0 THEN " +
		raise(invalidArgument, "map key cannot be null or indeterminate")
}

// grouped makes a map of the values of each key, in their order.
func (n *nestedSQL) grouped(key types.Type, entries string) string {
	l, k, e, v := n.name(), n.name(), n.name(), n.name()
	values := "list_transform(list_filter(" + l + ", lambda " + e + ": " + n.canonical(key, "struct_extract("+e+", 'key')") + " IS NOT DISTINCT FROM " + k + "), lambda " + v + ": struct_extract(" + v + ", 'value'))"
	return "list_transform([" + entries + "], lambda " + l + ": CASE WHEN " + n.keyMissing(key, l) + " ELSE map_from_entries(list_transform(list_distinct(" + n.keys(key, l) +
		"), lambda " + k + ": struct_pack(key := " + k + ", value := " + values + "))) END)[1]"
}

// entries are an array of rows as DuckDB's entries of a map.
func (c *Call) entries(name, list string) string {
	row := c.Types[0].Elem()
	return "list_transform(" + list + ", lambda " + name + ": struct_pack(key := " + Dereference(row, 0, name) + ", value := " + Dereference(row, 1, name) + "))"
}

func missingEntry(name, list string) string {
	return "WHEN len(" + list + ") > list_count(" + list + ") THEN " + raise(invalidArgument, "map entry cannot be null") + " "
}

// split takes the entries of a text apart. An empty last one is left out.
func (n *nestedSQL) split(a []string, write func(entries string) string) string {
	parts, e := n.name(), n.name()
	text := "(CASE WHEN ends_with(" + a[0] + ", " + a[1] + ") THEN left(" + a[0] + ", length(" + a[0] + ") - length(" + a[1] + ")) ELSE " + a[0] + " END)"
	bad := "len(list_filter(" + parts + ", lambda " + e + ": len(string_split(" + e + ", " + a[2] + ")) <> 2)) > 0"
	entries := "list_transform(" + parts + ", lambda " + e + ": struct_pack(key := string_split(" + e + ", " + a[2] + ")[1], value := string_split(" + e + ", " + a[2] + ")[2]))"
	list := "(CASE WHEN " + a[0] + " = '' THEN CAST([] AS VARCHAR[]) ELSE string_split(" + text + ", " + a[1] + ") END)"
	return strictCases(a, "WHEN "+a[1]+" = '' THEN "+raise(invalidArgument, "entryDelimiter is empty")+
		" WHEN "+a[2]+" = '' THEN "+raise(invalidArgument, "keyValueDelimiter is empty")+
		" WHEN "+a[1]+" = "+a[2]+" THEN "+raise(invalidArgument, "entryDelimiter and keyValueDelimiter must not be the same")+
		" ELSE list_transform(["+list+"], lambda "+parts+": CASE WHEN "+bad+" THEN "+
		raise(invalidArgument, "Key-value delimiter must appear exactly once in each entry")+" ELSE "+write(entries)+" END)[1]")
}

// valueAt is element_at of a map. NaN is equal to no key.
func valueAt(n *nestedSQL, c *Call, a []string) string {
	key := n.canonical(c.Types[1], a[1])
	value := "map_extract_value(" + a[0] + ", " + key + ")"
	if nan := n.hasNaN(c.Types[1], a[1]); nan != "" {
		return strings.Join([]string{"(CASE WHEN NOT coalesce(", nan, ", false) THEN ", value, " END)"}, "")
	}
	return value
}

// subscriptOfMap is map[key]: an error where there is no such key.
func subscriptOfMap(n *nestedSQL, c *Call, a []string) string {
	key := n.canonical(c.Types[1], a[1])
	missing := "NOT map_contains(" + a[0] + ", " + key + ")"
	if nan := n.hasNaN(c.Types[1], a[1]); nan != "" {
		missing = nan + " OR " + missing
	}
	return strictCases(a, "WHEN "+missing+" THEN "+raiseWith(invalidArgument, "Key not present in map: %s", a[1])+" ELSE map_extract_value("+a[0]+", "+key+")")
}
