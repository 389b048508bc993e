package duckdb

import (
	"fmt"
	"strings"

	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/types"
)

// DuckDB finds neither subqueries nor columns of outer queries inside a lambda.
// A subquery is computed before and put around as the argument of one more
// lambda:
//
//	list_transform([struct_pack(o0 := (SELECT …))], lambda t: …)[1]
//
// An outer column is added to what the query reads.

// enclosed writes an expression inside such a lambda: its subqueries and what
// before says are computed outside. always wants the lambda even where there is
// nothing of the kind.
func (e *emitter) enclosed(x analyzer.Expr, before func(analyzer.Expr) bool, always bool, write func() string) string {
	parts := e.hoisted(x, before)
	if len(parts) == 0 && !always {
		return write()
	}
	e.fresh++
	param := fmt.Sprintf("scops_t%d", e.fresh)
	value := "1"
	fields, texts := make([]string, len(parts)), make(map[any]string, len(parts))
	for i, p := range parts {
		fields[i] = fmt.Sprintf("o%d := %s", i, e.sub(p))
		texts[p] = fmt.Sprintf("struct_extract(%s, 'o%d')", param, i)
	}
	if len(parts) > 0 {
		value = "struct_pack(" + strings.Join(fields, ", ") + ")"
	}
	restore := e.compute(texts)
	body := write()
	restore()
	return "list_transform([" + value + "], lambda " + param + ": " + body + ")[1]"
}

// compute adds texts of what is computed already, until restore is called.
func (e *emitter) compute(texts map[any]string) (restore func()) {
	outer := e.computed
	e.computed = make(map[any]string, len(outer)+len(texts))
	for k, v := range outer {
		e.computed[k] = v
	}
	for k, v := range texts {
		e.computed[k] = v
	}
	return func() { e.computed = outer }
}

// identity is what is the same for two places of one value: the symbol of a
// column, else the node.
func identity(x analyzer.Expr) any {
	if r, ok := x.(*analyzer.Ref); ok {
		return r.Symbol
	}
	return x
}

// hoisted are the subqueries of an expression and the parts of which before says
// so.
func (e *emitter) hoisted(x analyzer.Expr, before func(analyzer.Expr) bool) []analyzer.Expr {
	var out []analyzer.Expr
	analyzer.Walk(x, func(x analyzer.Expr) bool {
		if x == nil || e.computed[identity(x)] != "" {
			return false
		}
		if isQuery(x) || before(x) {
			out = append(out, x)
			return false
		}
		return true
	})
	return out
}

func isQuery(x analyzer.Expr) bool {
	switch x.(type) {
	case *analyzer.Subquery, *analyzer.Exists, *analyzer.InSubquery:
		return true
	}
	return false
}

// never hoists nothing but subqueries.
func never(analyzer.Expr) bool { return false }

// queryInLambda says whether a subquery stands in a part that may be written with
// a lambda.
func queryInLambda(x analyzer.Expr) bool {
	found := false
	analyzer.Walk(x, func(x analyzer.Expr) bool {
		if found || isQuery(x) {
			return false
		}
		if mayUseLambda(x) {
			found = hasQuery(x)
			return false
		}
		return true
	})
	return found
}

func hasQuery(x analyzer.Expr) bool {
	found := false
	analyzer.Walk(x, func(x analyzer.Expr) bool {
		found = found || isQuery(x)
		return !found
	})
	return found
}

// mayUseLambda says whether the text of a node itself may have a lambda.
func mayUseLambda(x analyzer.Expr) bool {
	switch x := x.(type) {
	case *analyzer.Lambda, *analyzer.Try:
		return true
	case *analyzer.Call:
		return x.Fn.Function != nil || anyNested(x.Args)
	case *analyzer.Cast:
		return nested(x.To) || nested(x.Arg.Type())
	case *analyzer.In:
		return nested(x.Value.Type())
	case *analyzer.Between:
		return nested(x.Value.Type())
	}
	return false
}

func anyNested(xs []analyzer.Expr) bool {
	for _, x := range xs {
		if nested(x.Type()) {
			return true
		}
	}
	return false
}

func nested(t types.Type) bool {
	return t.Kind == types.Array || t.Kind == types.Map || t.Kind == types.Row
}

// carry adds the outer columns of expressions that may have lambdas to what a
// query reads, until restore is called.
func (e *emitter) carry(q *query, xs ...analyzer.Expr) (restore func()) {
	if e.inside == nil {
		return func() {}
	}
	texts := map[any]string{}
	var columns []string
	for _, x := range xs {
		if x == nil || !lambdaSomewhere(x) {
			continue
		}
		for _, s := range e.outerColumns(x) {
			if texts[s] == "" {
				texts[s] = e.name()
				columns = append(columns, name(s)+" AS "+texts[s])
			}
		}
	}
	if len(columns) == 0 {
		return func() {}
	}
	read := &query{from: q.from}
	read.items = append(e.all(read), columns...)
	q.from = "(" + read.text(e) + ")"
	return e.compute(texts)
}

func lambdaSomewhere(x analyzer.Expr) bool {
	found := false
	walkHere(x, func(x analyzer.Expr) bool {
		found = found || mayUseLambda(x)
		return !found
	})
	return found
}

// walkHere is analyzer.Walk without the queries of subqueries.
func walkHere(x analyzer.Expr, f func(analyzer.Expr) bool) {
	analyzer.Walk(x, func(x analyzer.Expr) bool {
		if in, ok := x.(*analyzer.InSubquery); ok {
			walkHere(in.Value, f)
		}
		return !isQuery(x) && f(x)
	})
}

// outerColumns are the columns of outer queries in an expression, subqueries left
// out.
func (e *emitter) outerColumns(x analyzer.Expr) []*analyzer.Symbol {
	var out []*analyzer.Symbol
	params := map[*analyzer.Symbol]bool{}
	walkHere(x, func(x analyzer.Expr) bool {
		switch x := x.(type) {
		case *analyzer.Lambda:
			for _, p := range x.Params {
				params[p] = true
			}
		case *analyzer.Ref:
			if s := x.Symbol; !e.inside[s] && !params[s] && e.computed[s] == "" {
				out = append(out, s)
			}
		}
		return true
	})
	return out
}

// within writes a subquery or a lateral relation: columns that it does not make
// are outer ones.
func (e *emitter) within(r analyzer.Relation, write func() string) string {
	around, computed := e.inside, e.computed
	e.inside, e.computed = map[*analyzer.Symbol]bool{}, nil
	made(r, e.inside)
	text := write()
	e.inside, e.computed = around, computed
	return text
}

// made adds the columns that a relation's tree makes.
func made(r analyzer.Relation, out map[*analyzer.Symbol]bool) {
	add := func(symbols ...*analyzer.Symbol) {
		for _, s := range symbols {
			out[s] = true
		}
	}
	add(r.Output()...)
	switch r := r.(type) {
	case *analyzer.Project:
		made(r.Input, out)
	case *analyzer.Filter:
		made(r.Input, out)
	case *analyzer.Join:
		made(r.Left, out)
		made(r.Right, out)
	case *analyzer.Aggregate:
		add(r.KeyOut...)
		made(r.Input, out)
	case *analyzer.Window:
		made(r.Input, out)
	case *analyzer.Distinct:
		made(r.Input, out)
	case *analyzer.Sort:
		made(r.Input, out)
	case *analyzer.Limit:
		made(r.Input, out)
	case *analyzer.SetOp:
		for _, in := range r.Inputs {
			made(in, out)
		}
	case *analyzer.Recursion:
		for _, step := range r.Steps {
			made(step, out)
		}
	}
}
