package duckdb

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/functions"
	"github.com/scopsdb/scops/internal/sql/types"
)

func (e *emitter) exprs(xs []analyzer.Expr) []string {
	out := make([]string, len(xs))
	for i, x := range xs {
		out[i] = e.expr(x)
	}
	return out
}

// expr writes a whole expression so that it needs no parentheses around it.
func (e *emitter) expr(x analyzer.Expr) string {
	if !queryInLambda(x) {
		return e.sub(x)
	}
	return e.enclosed(x, never, false, func() string { return e.sub(x) })
}

// subs and sub write expressions inside others.
func (e *emitter) subs(xs []analyzer.Expr) []string {
	out := make([]string, len(xs))
	for i, x := range xs {
		out[i] = e.sub(x)
	}
	return out
}

func (e *emitter) sub(x analyzer.Expr) string {
	if text := e.computed[identity(x)]; text != "" {
		return text
	}
	text := e.anyExpr(x)
	if len(text) > MaxLength {
		panic(failure{ErrTooLarge})
	}
	return text
}

func (e *emitter) anyExpr(x analyzer.Expr) string {
	switch x := x.(type) {
	case *analyzer.Ref:
		return name(x.Symbol)
	case *analyzer.Literal:
		return literal(x)
	case *analyzer.Call:
		return x.Fn.Emit(e.subs(x.Args)...)
	case *analyzer.Cast:
		if c := folded(x); c != nil {
			return literal(c)
		}
		return x.Fn.Emit(e.sub(x.Arg))
	case *analyzer.Logical:
		return e.logical(x)
	case *analyzer.Not:
		return "(NOT " + e.sub(x.Arg) + ")"
	case *analyzer.IsNull:
		return "(" + e.sub(x.Arg) + " IS NULL)"
	case *analyzer.In:
		return e.in(x)
	case *analyzer.Between:
		return e.between(x)
	case *analyzer.Case:
		return e.caseOf(x)
	case *analyzer.Coalesce:
		return "coalesce(" + strings.Join(e.subs(x.Args), ", ") + ")"
	case *analyzer.Try:
		return e.try(x)
	case *analyzer.RowField:
		return functions.Dereference(x.Base.Type(), x.Index, e.sub(x.Base))
	case *analyzer.MakeRow:
		return functions.Row(x.Typ, e.subs(x.Items))
	case *analyzer.MakeArray:
		return functions.Array(x.Typ, e.subs(x.Items))
	case *analyzer.Lambda:
		return "lambda " + strings.Join(names(x.Params), ", ") + ": " + e.sub(x.Body)
	default:
		return e.queryExpr(x)
	}
}

// queryExpr writes the expressions that hold queries.
func (e *emitter) queryExpr(x analyzer.Expr) string {
	switch x := x.(type) {
	case *analyzer.Subquery:
		return "(" + e.within(x.Rel, func() string { return e.column(x.Rel, x.Col) }) + ")"
	case *analyzer.Exists:
		return "EXISTS (" + e.within(x.Rel, func() string { return e.relation(x.Rel) }) + ")"
	case *analyzer.InSubquery:
		word := "ANY"
		if x.All {
			word = "ALL"
		}
		return "(" + functions.Canonical(x.Value.Type(), e.sub(x.Value)) + " " + x.Op + " " + word + " (" +
			e.within(x.Rel, func() string { return e.column(x.Rel, x.Col) }) + "))"
	default:
		panic(failure{fmt.Errorf("expression %T cannot be emitted", x)})
	}
}

// column is a query of one column of a relation.
func (e *emitter) column(r analyzer.Relation, s *analyzer.Symbol) string {
	input, tail := e.tail(r)
	q := e.open(input)
	q.items, q.tail = canonicalColumns([]*analyzer.Symbol{s}), tail
	return q.text(e)
}

func literal(l *analyzer.Literal) string {
	text, err := functions.Literal(l.Typ, l.Value)
	if err != nil {
		panic(failure{err})
	}
	return text
}

// folded is the value of a cast of a constant, where the engine can do more with
// the value than with the cast: a date that it can look for in the files.
func folded(x *analyzer.Cast) *analyzer.Literal {
	if x.To.Kind != types.Date && x.To.Kind != types.Timestamp && x.To.Kind != types.Decimal {
		return nil
	}
	v, ok := analyzer.Constant(x)
	if !ok {
		return nil
	}
	return &analyzer.Literal{Value: v, Typ: x.To}
}

func (e *emitter) in(x *analyzer.In) string {
	value, list := e.sub(x.Value), e.subs(x.List)
	if functions.PlainComparison(x.Value.Type()) {
		for i, item := range x.List {
			if n := plainNumber(item); n != "" {
				list[i] = n
			}
		}
		return functions.Once(value, func(value string) string { return "(" + value + " IN (" + strings.Join(list, ", ") + "))" })
	}
	return functions.Once(value, func(value string) string {
		terms := make([]string, len(list))
		for i, item := range list {
			terms[i] = x.Equal.Emit(value, item)
		}
		return "(" + strings.Join(terms, " OR ") + ")"
	})
}

// plainNumber is an integer without its type, which a list of IN does not need:
// the engine makes a better filter of it.
func plainNumber(x analyzer.Expr) string {
	l, ok := x.(*analyzer.Literal)
	if !ok || !l.Typ.IsInteger() {
		return ""
	}
	if n, ok := l.Value.(int64); ok && n >= 0 {
		return strconv.FormatInt(n, 10)
	}
	return ""
}

func (e *emitter) between(x *analyzer.Between) string {
	value, low, high := e.sub(x.Value), e.sub(x.Min), e.sub(x.Max)
	if functions.PlainComparison(x.Value.Type()) {
		return functions.Once(value, func(value string) string { return "(" + value + " BETWEEN " + low + " AND " + high + ")" })
	}
	return functions.Once(value, func(value string) string {
		return "(" + x.AtLeast.Emit(value, low) + " AND " + x.AtMost.Emit(value, high) + ")"
	})
}

func (e *emitter) caseOf(x *analyzer.Case) string {
	var b strings.Builder
	b.WriteString("(CASE")
	for _, w := range x.Whens {
		b.WriteString(" WHEN " + e.sub(w.Condition) + " THEN " + e.sub(w.Result))
	}
	if x.Else != nil {
		b.WriteString(" ELSE " + e.sub(x.Else))
	}
	b.WriteString(" END)")
	return b.String()
}

// duckType is the DuckDB type of a type that the analyzer let through.
func duckType(t types.Type) string {
	text, err := types.DuckDBType(t)
	if err != nil {
		panic(failure{err})
	}
	return text
}
