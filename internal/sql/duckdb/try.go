package duckdb

import (
	"strings"

	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/functions"
)

// try writes TRY(x). It stands in a lambda of its own, so that DuckDB cannot
// compute a part of x that stands elsewhere too before TRY sees its error.
// Subqueries and functions that change at each call are computed outside, as
// Trino does with the former; DuckDB's TRY takes neither.
func (e *emitter) try(x *analyzer.Try) string {
	if failsThrough(x.Arg) {
		return e.sub(x.Arg)
	}
	return e.enclosed(x.Arg, analyzer.ChangingCall, true, func() string {
		e.trying++
		defer func() { e.trying-- }()
		return functions.Try(e.sub(x.Arg), x.Type())
	})
}

// failsThrough says whether an expression is a call of a JSON function with ERROR
// ON ERROR or ON EMPTY over plain values: TRY catches none of its errors.
func failsThrough(x analyzer.Expr) bool {
	c, ok := x.(*analyzer.Call)
	if !ok || !strings.HasPrefix(c.Name, "json_") || !strings.Contains(c.Name, `"OnError":"ERROR"`) && !strings.Contains(c.Name, `"OnEmpty":"ERROR"`) {
		return false
	}
	for _, a := range c.Args {
		if t, isCast := a.(*analyzer.Cast); isCast && t.To.IsString() && t.Arg.Type().IsString() {
			a = t.Arg
		}
		switch a.(type) {
		case *analyzer.Ref, *analyzer.Literal:
		default:
			return false
		}
	}
	return true
}

// logical writes AND and OR. Trino leaves out the terms after one that decides;
// where they can fail the text says so.
func (e *emitter) logical(x *analyzer.Logical) string {
	terms := e.subs(x.Terms)
	op := " AND "
	if x.Or {
		op = " OR "
	}
	all := "(" + strings.Join(terms, op) + ")"
	if !e.mayFail(terms[1:]) {
		return all
	}
	var b strings.Builder
	b.WriteString("(CASE")
	for _, t := range terms[:len(terms)-1] {
		if x.Or {
			b.WriteString(" WHEN " + t + " THEN true")
		} else {
			b.WriteString(" WHEN NOT " + t + " THEN false")
		}
	}
	b.WriteString(" ELSE " + all + " END)")
	return b.String()
}

// mayFail says whether terms that another decides about have to be left out.
func (e *emitter) mayFail(terms []string) bool {
	for _, t := range terms {
		if e.trying > 0 && strings.ContainsAny(t, "(+-*/%") || functions.Raises(t) {
			return true
		}
	}
	return false
}
