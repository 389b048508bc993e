package duckdb

import (
	"strings"

	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/functions"
)

// aggregate groups by plain columns alone: keys that are computed are computed
// in a SELECT below.
func (e *emitter) aggregate(r *analyzer.Aggregate) string {
	q := e.open(r.Input)
	xs := append([]analyzer.Expr{}, r.Keys...)
	for _, a := range r.Aggs {
		xs = append(append(xs, a.Args...), a.Filter)
		for _, k := range a.OrderBy {
			xs = append(xs, k.Expr)
		}
	}
	restore := e.carry(q, xs...)
	defer restore()
	if computed, replaced := e.computedKeys(r); len(computed)+len(replaced) > 0 {
		q.items = append(replaceItems(e.all(q), replaced), computed...)
		q = &query{from: "(" + q.text(e) + ")"}
	}
	q.items = names(r.KeyOut)
	for _, g := range r.Groupings {
		q.items = append(q.items, as(e.grouping(r, g), g.Out))
	}
	for i, a := range r.Aggs {
		q.items = append(q.items, as(e.aggCall(a), r.AggOut[i]))
	}
	switch {
	case r.GroupingSets != nil:
		q.group = " GROUP BY GROUPING SETS (" + sets(r) + ")"
	case len(r.Keys) > 0:
		q.group = " GROUP BY " + strings.Join(names(r.KeyOut), ", ")
	case len(q.items) == 0: // one group, of which nothing is wanted
		q.items = []string{"count(*) AS " + e.name()}
	}
	return q.text(e)
}

// computedKeys are the keys that are no columns of the input, and those that are
// but have to be made canonical in their place.
func (e *emitter) computedKeys(r *analyzer.Aggregate) (computed, replaced []string) {
	for i, k := range r.Keys {
		text := e.expr(k)
		key := functions.Canonical(k.Type(), text)
		switch {
		case text != name(r.KeyOut[i]):
			computed = append(computed, as(key, r.KeyOut[i]))
		case key != text:
			replaced = append(replaced, as(key, r.KeyOut[i]))
		}
	}
	return computed, replaced
}

// replaceItems puts columns in the place of those of their names.
func replaceItems(all, replaced []string) []string {
	if len(replaced) == 0 {
		return all
	}
	return []string{"* REPLACE (" + strings.Join(replaced, ", ") + ")"}
}

func sets(r *analyzer.Aggregate) string {
	parts := make([]string, len(r.GroupingSets))
	for i, set := range r.GroupingSets {
		columns := make([]string, len(set))
		for j, k := range set {
			columns[j] = name(r.KeyOut[k])
		}
		parts[i] = "(" + strings.Join(columns, ", ") + ")"
	}
	return strings.Join(parts, ", ")
}

// grouping is GROUPING(…); without grouping sets every key is in the one set.
func (e *emitter) grouping(r *analyzer.Aggregate, g analyzer.Grouping) string {
	call := "0"
	if r.GroupingSets != nil {
		columns := make([]string, len(g.Keys))
		for i, k := range g.Keys {
			columns[i] = name(r.KeyOut[k])
		}
		call = "GROUPING(" + strings.Join(columns, ", ") + ")"
	}
	return "CAST(" + call + " AS " + duckType(g.Out.Type) + ")"
}

func (e *emitter) aggCall(c *analyzer.AggCall) string {
	clauses := functions.Clauses{Distinct: c.Distinct}
	if len(c.OrderBy) > 0 {
		clauses.OrderBy = e.order(c.OrderBy)
	}
	if c.Filter != nil {
		clauses.Filter = e.expr(c.Filter)
	}
	args := e.exprs(c.Args)
	if c.Distinct {
		for i, x := range c.Args {
			args[i] = functions.Canonical(x.Type(), args[i])
		}
	}
	return c.Fn.EmitWith(clauses, args...)
}

// canonical writes values that are compared as by IS DISTINCT FROM.
func (e *emitter) canonical(xs []analyzer.Expr) []string {
	out := e.exprs(xs)
	for i, x := range xs {
		out[i] = functions.Canonical(x.Type(), out[i])
	}
	return out
}
