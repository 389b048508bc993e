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
	if computed := e.computedKeys(r); len(computed) > 0 {
		q.items = append(e.all(q), computed...)
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

func (e *emitter) computedKeys(r *analyzer.Aggregate) []string {
	var out []string
	for i, k := range r.Keys {
		if text := e.expr(k); text != name(r.KeyOut[i]) {
			out = append(out, as(text, r.KeyOut[i]))
		}
	}
	return out
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
	return c.Fn.EmitWith(clauses, e.exprs(c.Args)...)
}
