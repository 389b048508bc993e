package functions

import "github.com/scopsdb/scops/internal/sql/types"

const mapFamily = "map"

var maps = []Function{
	{Name: "map", Doc: "Map of an array of keys and one of values.", Example: "map(ARRAY['a'], ARRAY[1])",
		Sigs: []Signature{
			{Text: "(array(K), array(V)) -> map(K,V) [K:comparable]", Check: keyElements, Emit: bound(mapOf)},
			{Text: "() -> map(unknown,unknown)", Emit: func(c *Call) string { return "CAST(MAP {} AS " + duckType(c.Return) + ")" }},
		}},
	{Name: "map_keys", Doc: "Array of the keys.", Example: "map_keys(m)",
		Sigs: []Signature{{Text: "(map(K,V)) -> array(K)", Emit: T("map_keys($1)")}}},
	{Name: "map_values", Doc: "Array of the values.", Example: "map_values(m)",
		Sigs: []Signature{{Text: "(map(K,V)) -> array(V)", Emit: T("map_values($1)")}}},
	{Name: "map_entries", Doc: "Array of rows of key and value.", Example: "map_entries(m)",
		Sigs: []Signature{{Text: "(map(K,V)) -> array(row(K,V))",
			Emit: T(`list_transform(map_entries($1), lambda scops_e: struct_pack("_0" := struct_extract(scops_e, 'key'), "_1" := struct_extract(scops_e, 'value')))`)}}},
	{Name: "map_concat", Doc: "Entries of all maps; the last of a key counts.", Example: "map_concat(m, n)",
		Sigs: []Signature{{Text: "(map(K,V), map(K,V), map(K,V)...) -> map(K,V)", Emit: func(c *Call) string {
			return expand(strict(len(c.Args), "ELSE map_concat($*)"), c.Args)
		}}}},
	{Name: "map_filter", Doc: "Entries for which a function of key and value is true.", Example: "map_filter(m, (k, v) -> v > 1)",
		Sigs: []Signature{{Text: "(map(K,V), function(K,V,boolean)) -> map(K,V)", Emit: func(c *Call) string {
			e := "struct_extract(scops_e, "
			return expand("map_from_entries(list_filter(map_entries($1), lambda scops_e: "+apply(c.Args[1], e+"'key')", e+"'value')")+"))", c.Args)
		}}}},
	{Name: "transform_values", Doc: "Map with the results of a function of key and value.", Example: "transform_values(m, (k, v) -> v + 1)",
		Sigs: []Signature{{Text: "(map(K,V), function(K,V,W)) -> map(K,W)", Emit: func(c *Call) string {
			e := "struct_extract(scops_e, "
			return expand("map_from_entries(list_transform(map_entries($1), lambda scops_e: struct_pack(key := "+e+"'key'), value := "+apply(c.Args[1], e+"'key')", e+"'value')")+")))", c.Args)
		}}}},
}

func keyElements(c *Call) *Error {
	if elem := c.Types[0].Elem(); elem.Kind == types.JSON {
		return refuse(notSupported, "Maps with keys of type %s are not supported", elem)
	}
	return nil
}
