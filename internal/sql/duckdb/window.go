package duckdb

import (
	"strings"

	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/functions"
)

func (e *emitter) window(r *analyzer.Window) string {
	q := e.open(r.Input)
	var xs []analyzer.Expr
	for _, c := range r.Calls {
		xs = append(append(append(xs, c.Args...), c.PartitionBy...), c.Filter)
	}
	restore := e.carry(q, xs...)
	defer restore()
	q.items = e.all(q)
	for i, c := range r.Calls {
		q.items = append(q.items, as(e.windowCall(c), r.Out[i]))
	}
	return q.text(e)
}

func (e *emitter) windowCall(c *analyzer.WindowCall) string {
	clauses := functions.Clauses{Distinct: c.Distinct, IgnoreNulls: c.IgnoreNulls, Over: e.over(c)}
	if c.Filter != nil {
		clauses.Filter = e.expr(c.Filter)
	}
	return c.Fn.EmitWith(clauses, e.exprs(c.Args)...)
}

func (e *emitter) over(c *analyzer.WindowCall) string {
	var parts []string
	if len(c.PartitionBy) > 0 {
		parts = append(parts, "PARTITION BY "+strings.Join(e.canonical(c.PartitionBy), ", "))
	}
	if len(c.OrderBy) > 0 {
		parts = append(parts, "ORDER BY "+e.windowOrder(c))
	}
	if f := c.Frame; f != nil {
		parts = append(parts, string(f.Type)+" BETWEEN "+e.bound(c, f.Start)+" AND "+e.bound(c, f.End))
	}
	return "(" + strings.Join(parts, " ") + ")"
}

// offsetRange says whether the frame's bounds are computed from the sort key.
func offsetRange(c *analyzer.WindowCall) bool {
	return c.Frame != nil && c.Frame.Type == ast.FrameRange && (c.Frame.Start.Value != nil || c.Frame.End.Value != nil)
}

func (e *emitter) windowOrder(c *analyzer.WindowCall) string {
	if !offsetRange(c) {
		return e.order(c.OrderBy)
	}
	k := c.OrderBy[0]
	return functions.RangeKey(k.Expr.Type(), e.expr(k.Expr)) + direction(k)
}

func (e *emitter) bound(c *analyzer.WindowCall, b analyzer.Bound) string {
	if b.Value == nil {
		return string(b.Type)
	}
	if l, ok := b.Value.(*analyzer.Literal); ok && b.Value.Type().IsInteger() {
		if n, ok := l.Value.(int64); ok && n >= 0 {
			return e.expr(b.Value) + " " + string(b.Type)
		}
	}
	offset := functions.FrameOffset(b.Value.Type(), e.expr(b.Value))
	if c.Frame.Type == ast.FrameRange {
		offset = functions.RangeOffset(c.OrderBy[0].Expr.Type(), b.Value.Type(), e.expr(b.Value))
	}
	return offset + " " + string(b.Type)
}
