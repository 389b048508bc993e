package duckdb

import (
	"strings"

	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/functions"
	"github.com/scopsdb/scops/internal/sql/types"
)

// unnest writes UNNEST of the rows of from ("" for one row). The lists are
// computed first, then unnested side by side, which pads the shorter ones with
// NULL, then rows are taken apart.
func (e *emitter) unnest(r *analyzer.Unnest, from string) string {
	lists := &query{from: from}
	for _, it := range r.Items {
		restore := e.carry(lists, it.Expr)
		defer restore()
	}
	lists.items = e.all(lists)
	elements := &query{items: []string{"*"}}
	var parts, lengths []string
	for _, it := range r.Items {
		list := e.name()
		t := it.Expr.Type()
		lists.items = append(lists.items, e.expr(it.Expr)+" AS "+list)
		switch {
		case t.Kind == types.Map:
			lengths = append(lengths, "CAST(cardinality("+list+") AS BIGINT)")
			elements.items = append(elements.items,
				as("unnest(map_keys("+list+"))", it.Out[0]), as("unnest(map_values("+list+"))", it.Out[1]))
		case t.Elem().Kind == types.Row:
			element := e.name()
			lengths = append(lengths, "len("+list+")")
			elements.items = append(elements.items, "unnest("+list+") AS "+element)
			for i, s := range it.Out {
				parts = append(parts, as(functions.Dereference(t.Elem(), i, element), s))
			}
		default:
			lengths = append(lengths, "len("+list+")")
			elements.items = append(elements.items, as("unnest("+list+")", it.Out[0]))
		}
	}
	if r.Ordinality != nil {
		elements.items = append(elements.items, as("unnest(range(1, greatest("+strings.Join(lengths, ", ")+") + 1))", r.Ordinality))
	}
	elements.from = "(" + lists.text(e) + ")"
	if parts == nil {
		return elements.text(e)
	}
	q := &query{items: append([]string{"*"}, parts...), from: "(" + elements.text(e) + ")"}
	return q.text(e)
}
