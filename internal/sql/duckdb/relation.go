package duckdb

import (
	"fmt"
	"strings"

	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/functions"
)

// open starts a SELECT over a relation: its FROM, and its WHERE where the
// relation is a Filter.
func (e *emitter) open(r analyzer.Relation) *query {
	if f, ok := r.(*analyzer.Filter); ok {
		q := &query{from: e.from(f.Input)}
		restore := e.carry(q, f.Condition)
		q.where = e.condition(f.Condition)
		restore()
		return q
	}
	return &query{from: e.from(r)}
}

// from is a relation as an item of FROM; "" for the one row of no columns.
func (e *emitter) from(r analyzer.Relation) string {
	switch r := r.(type) {
	case *analyzer.Join:
		return e.join(r)
	case *analyzer.Values:
		if len(r.Out) == 0 && len(r.Rows) == 1 {
			return ""
		}
	}
	return "(" + e.relation(r) + ")"
}

// item is from in a join, where something must stand.
func (e *emitter) item(r analyzer.Relation) string {
	if text := e.from(r); text != "" {
		return text
	}
	return "(SELECT 1 AS " + e.name() + ")"
}

// relation is a SELECT that yields the relation's columns.
func (e *emitter) relation(r analyzer.Relation) string {
	switch r := r.(type) {
	case *analyzer.Scan:
		return e.scan(r)
	case *analyzer.Values:
		return e.values(r)
	case *analyzer.Project:
		return e.project(r)
	case *analyzer.Filter:
		q := e.open(r)
		q.items = e.all(q)
		return q.text(e)
	case *analyzer.Join:
		q := e.open(r)
		q.items = []string{"*"}
		return q.text(e)
	case *analyzer.Aggregate:
		return e.aggregate(r)
	case *analyzer.Window:
		return e.window(r)
	case *analyzer.Distinct:
		q := e.open(r.Input)
		q.items, q.distinct = canonicalColumns(r.Output()), true
		return q.text(e)
	case *analyzer.Sort: // without a limit above, the order of a subquery means nothing
		return e.relation(r.Input)
	case *analyzer.Limit:
		return e.limit(r)
	case *analyzer.SetOp:
		return e.setOp(r)
	case *analyzer.Recursion:
		return e.recursion(r)
	case *analyzer.Previous:
		return e.previous(r)
	case *analyzer.Series:
		return fmt.Sprintf("SELECT generate_series AS %s FROM generate_series(%d::BIGINT, %d::BIGINT, %d::BIGINT)", name(r.Column), r.Start, r.Stop, r.Step)
	case *analyzer.Unnest:
		return e.unnest(r, "")
	default:
		panic(failure{fmt.Errorf("relation %T cannot be emitted", r)})
	}
}

// all passes every column on; there is none without FROM.
func (e *emitter) all(q *query) []string {
	if q.from == "" {
		return nil
	}
	return []string{"*"}
}

func names(symbols []*analyzer.Symbol) []string {
	out := make([]string, len(symbols))
	for i, s := range symbols {
		out[i] = name(s)
	}
	return out
}

func (e *emitter) scan(r *analyzer.Scan) string {
	ts := e.scans[r.Index]
	q := &query{from: e.scanText(r.Index, ts)}
	for i, s := range r.Out {
		q.items = append(q.items, identifier(ts.Columns[i].Name)+" AS "+name(s))
	}
	return q.text(e)
}

func (e *emitter) values(r *analyzer.Values) string {
	if len(r.Rows) == 0 {
		q := &query{where: "false"}
		for _, s := range r.Out {
			q.items = append(q.items, functions.Null(s.Type)+" AS "+name(s))
		}
		return q.text(e)
	}
	rows := make([]string, len(r.Rows))
	for i, row := range r.Rows {
		rows[i] = "(" + strings.Join(e.exprs(row), ", ") + ")"
		if len(row) == 0 {
			rows[i] = "(1)"
		}
	}
	columns := names(r.Out)
	if len(columns) == 0 {
		columns = []string{e.name()}
	}
	return fmt.Sprintf("SELECT * FROM (VALUES %s) AS %s(%s)", strings.Join(rows, ", "), e.name(), strings.Join(columns, ", "))
}

func (e *emitter) project(r *analyzer.Project) string {
	q := e.open(r.Input)
	restore := e.carry(q, r.Exprs...)
	defer restore()
	for i, x := range r.Exprs {
		q.items = append(q.items, as(e.expr(x), r.Out[i]))
	}
	return q.text(e)
}

// as names an expression; a column that keeps its name needs none.
func as(text string, s *analyzer.Symbol) string {
	if text == name(s) {
		return text
	}
	return text + " AS " + name(s)
}

func (e *emitter) join(r *analyzer.Join) string {
	if u, ok := r.Right.(*analyzer.Unnest); ok && r.Kind == analyzer.CrossJoin && r.Lateral {
		return "(" + e.unnest(u, e.item(r.Left)) + ")"
	}
	left, right := e.item(r.Left), e.rightItem(r)
	if _, ok := r.Right.(*analyzer.Join); ok {
		right = "(SELECT * FROM " + right + ")"
	}
	lateral := ""
	if r.Lateral {
		lateral = "LATERAL "
	}
	if r.Kind == analyzer.CrossJoin {
		return left + " CROSS JOIN " + lateral + right
	}
	return left + " " + string(r.Kind) + " JOIN " + lateral + right + " ON " + e.condition(r.On)
}

func (e *emitter) rightItem(r *analyzer.Join) string {
	if !r.Lateral {
		return e.item(r.Right)
	}
	return e.within(r.Right, func() string { return e.item(r.Right) })
}

// condition writes a WHERE or ON. Its terms stand side by side: DuckDB filters
// by one after the other.
func (e *emitter) condition(x analyzer.Expr) string {
	l, ok := x.(*analyzer.Logical)
	if !ok || l.Or {
		return e.expr(x)
	}
	return "(" + strings.Join(e.exprs(l.Terms), " AND ") + ")"
}

func (e *emitter) limit(r *analyzer.Limit) string {
	if r.WithTies {
		return e.withTies(r)
	}
	input, tail := e.tail(r)
	q := e.open(input)
	q.items, q.tail = e.all(q), tail
	return q.text(e)
}

// withTies is FETCH FIRST n ROWS WITH TIES: the rows whose rank is at most n.
func (e *emitter) withTies(r *analyzer.Limit) string {
	sort := r.Input.(*analyzer.Sort)
	order := e.order(sort.Keys)
	q := &query{items: []string{"*"}, from: e.item(sort.Input)}
	if r.Offset > 0 {
		q.tail = fmt.Sprintf(" ORDER BY %s OFFSET %d", order, r.Offset)
		q = &query{items: []string{"*"}, from: "(" + q.text(e) + ")"}
	}
	q.tail = fmt.Sprintf(" QUALIFY rank() OVER (ORDER BY %s) <= %d", order, *r.Count)
	return q.text(e)
}

func (e *emitter) setOp(r *analyzer.SetOp) string {
	op := string(r.Kind)
	if r.All {
		op += " ALL"
	}
	inputs := make([]string, len(r.Inputs))
	for i, in := range r.Inputs {
		inputs[i] = e.relation(in)
		if !r.All {
			inputs[i] = e.canonicalInput(in, inputs[i])
		}
	}
	q := &query{from: "(" + strings.Join(inputs, " "+op+" ") + ")"}
	left := r.Inputs[0].Output()
	for i, s := range r.Out {
		q.items = append(q.items, name(left[i])+" AS "+name(s))
	}
	return q.text(e)
}

// canonicalColumns are columns whose values are compared as by IS DISTINCT FROM.
func canonicalColumns(symbols []*analyzer.Symbol) []string {
	out := make([]string, len(symbols))
	for i, s := range symbols {
		out[i] = as(functions.Canonical(s.Type, name(s)), s)
	}
	return out
}

// canonicalInput is an operand of a set operation that compares rows.
func (e *emitter) canonicalInput(r analyzer.Relation, text string) string {
	columns := canonicalColumns(r.Output())
	if strings.Join(columns, ",") == strings.Join(names(r.Output()), ",") {
		return text
	}
	q := &query{items: columns, from: "(" + text + ")"}
	return q.text(e)
}

// orderChecks are further keys of ORDER BY, which do not order but fail where
// Trino cannot compare arrays or rows for NULLs in them.
func (e *emitter) orderChecks(keys []analyzer.SortKey) string {
	checks, before := "", ""
	for _, k := range keys {
		text := e.expr(k.Expr)
		if nested(k.Expr.Type()) {
			lag := "lag(" + text + ") OVER (" + before + " ORDER BY " + text + ")"
			checks += ", " + functions.OrderCheck(k.Expr.Type(), lag, text)
		}
		if before == "" {
			before = "PARTITION BY " + text
		} else {
			before += ", " + text
		}
	}
	return checks
}

func (e *emitter) order(keys []analyzer.SortKey) string {
	parts := make([]string, len(keys))
	for i, k := range keys {
		parts[i] = e.expr(k.Expr) + direction(k)
	}
	return strings.Join(parts, ", ")
}

func direction(k analyzer.SortKey) string {
	text := " ASC"
	if k.Descending {
		text = " DESC"
	}
	if k.NullsFirst {
		return text + " NULLS FIRST"
	}
	return text + " NULLS LAST"
}
