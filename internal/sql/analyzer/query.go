package analyzer

import (
	"strings"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/types"
)

// plan is an analyzed relation: its tree, and the names that its columns have.
// A column may have no name, and one symbol may stand under two.
type plan struct {
	rel    Relation
	fields []field
}

func (p plan) types() []types.Type {
	ts := make([]types.Type, len(p.fields))
	for i, f := range p.fields {
		ts[i] = f.expr.Type()
	}
	return ts
}

// query analyzes a query with what it sees around it: the outer query's names
// and named queries.
func (a *analyzer) query(q *ast.Query, outer *scope) (plan, error) {
	leave, err := a.enter(q)
	if err != nil {
		return plan{}, err
	}
	defer leave()
	inner, err := a.with(q.With, outer)
	if err != nil {
		return plan{}, err
	}
	p, err := a.queryBody(q, inner)
	if err != nil {
		return plan{}, err
	}
	return p, a.unused(inner.with, outer.with)
}

func (a *analyzer) queryBody(q *ast.Query, inner *scope) (plan, error) {
	if spec, ok := q.Body.(*ast.QuerySpecification); ok {
		return a.selectQuery(spec, q, inner)
	}
	p, err := a.body(q.Body, inner)
	if err != nil {
		return plan{}, err
	}
	return a.orderAndLimit(p, q, inner)
}

// unused analyzes the named queries that nothing refers to: they must be right,
// too. Their scans are forgotten.
func (a *analyzer) unused(w, until *withScope) error {
	for ; w != until; w = w.outer {
		if w.used {
			continue
		}
		scans := len(a.scans)
		if _, err := a.named(w); err != nil {
			return err
		}
		a.scans = a.scans[:scans]
	}
	return nil
}

func (a *analyzer) body(b ast.QueryBody, outer *scope) (plan, error) {
	switch b := b.(type) {
	case *ast.QuerySpecification:
		return a.selectQuery(b, &ast.Query{}, outer)
	case *ast.SetOperation:
		return a.setOperation(b, outer)
	case *ast.Values:
		return a.values(b, outer)
	case *ast.Table:
		return a.table(b, outer)
	case *ast.TableSubquery:
		return a.query(b.Query, outer)
	default:
		return plan{}, notSupported(b, "This query is not supported")
	}
}

// with opens a scope in which the named queries are known; it has no names of
// its own.
func (a *analyzer) with(w *ast.With, outer *scope) (*scope, error) {
	inner := &scope{outer: outer, with: outer.with}
	if w == nil {
		return inner, nil
	}
	if w.Recursive {
		return nil, notSupported(w, "WITH RECURSIVE is not supported")
	}
	seen := map[string]bool{}
	for _, q := range w.Queries {
		name := q.Name.Lower()
		if seen[name] {
			return nil, errorAt(q, "DUPLICATE_NAMED_QUERY", "WITH query name '%s' specified more than once", name)
		}
		seen[name] = true
		inner.with = &withScope{name: name, query: q, around: &scope{outer: outer, with: inner.with}, outer: inner.with}
	}
	return inner, nil
}

// named analyzes one reference to a named query: each anew, so that each prunes
// on its own, as in Trino.
func (a *analyzer) named(w *withScope) (plan, error) {
	w.used = true
	p, err := a.query(w.query.Query, w.around)
	if err != nil {
		return plan{}, err
	}
	if cols := w.query.Columns; cols != nil && len(cols) != len(p.fields) {
		return plan{}, errorAt(w.query, "MISMATCHED_COLUMN_ALIASES",
			"column alias list has %d entries but WITH query(%s) has %d columns", len(cols), w.name, len(p.fields))
	}
	return p.as(w.name, w.query.Columns), nil
}

// as gives the columns a new origin and, where there are any, new names.
func (p plan) as(alias string, columns []*ast.Identifier) plan {
	fields := make([]field, len(p.fields))
	for i, f := range p.fields {
		f.origin = []string{strings.ToLower(alias)}
		if columns != nil {
			f.name = columns[i].Value
		}
		fields[i] = f
	}
	return plan{rel: p.rel, fields: fields}
}

// orderAndLimit is ORDER BY, OFFSET and LIMIT of what is not a SELECT: the keys
// see the output columns alone.
func (a *analyzer) orderAndLimit(p plan, q *ast.Query, outer *scope) (plan, error) {
	if len(q.OrderBy) > 0 {
		keys := make([]SortKey, len(q.OrderBy))
		ctx := &env{scope: &scope{fields: p.fields, outer: outer, with: outer.with}, clause: "ORDER BY clause"}
		for i, it := range q.OrderBy {
			e, err := a.orderKey(q, it, p.fields, ctx)
			if err != nil {
				return plan{}, err
			}
			keys[i] = sortKey(e, it)
		}
		p.rel = &Sort{Input: p.rel, Keys: keys}
	}
	rel, err := a.limit(p.rel, q)
	return plan{rel: rel, fields: p.fields}, err
}

func sortKey(e Expr, it *ast.SortItem) SortKey {
	return SortKey{Expr: e, Descending: it.Ordering == ast.Descending, NullsFirst: it.NullOrdering == ast.NullsFirst}
}

// orderKey is one key of ORDER BY: the number of an output column, or an
// expression.
func (a *analyzer) orderKey(at ast.Node, it *ast.SortItem, output []field, ctx *env) (Expr, error) {
	var e Expr
	if n, ok := it.Key.(*ast.LongLiteral); ok {
		if n.Value < 1 || n.Value > int64(len(output)) {
			return nil, errorAt(it.Key, "INVALID_COLUMN_REFERENCE", "ORDER BY position %d is not in select list", n.Value)
		}
		e = output[n.Value-1].expr
	} else {
		var err error
		if e, err = a.expr(it.Key, ctx); err != nil {
			return nil, err
		}
	}
	if !e.Type().IsOrderable() {
		return nil, typeMismatch(at, "Type %s is not orderable, and therefore cannot be used in ORDER BY: %s", e.Type(), ast.Format(it.Key))
	}
	return e, nil
}

func (a *analyzer) limit(rel Relation, q *ast.Query) (Relation, error) {
	l := &Limit{Input: rel}
	if q.Offset != nil {
		n, err := a.rowCount(q.Offset.RowCount, "OFFSET", 0)
		if err != nil {
			return nil, err
		}
		l.Offset = n
	}
	if q.Limit != nil && !q.Limit.All {
		n, err := a.limitCount(q)
		if err != nil {
			return nil, err
		}
		l.Count, l.WithTies = &n, q.Limit.WithTies
	}
	if l.Count == nil && l.Offset == 0 {
		return rel, nil
	}
	return l, nil
}

func (a *analyzer) limitCount(q *ast.Query) (int64, error) {
	if q.Limit.WithTies && len(q.OrderBy) == 0 {
		return 0, errorAt(q.Limit, "MISSING_ORDER_BY", "FETCH FIRST WITH TIES clause requires ORDER BY")
	}
	if q.Limit.RowCount == nil {
		return 1, nil
	}
	if q.Limit.Fetch {
		return a.rowCount(q.Limit.RowCount, "FETCH FIRST", 1)
	}
	return a.rowCount(q.Limit.RowCount, "LIMIT", 0)
}

func (a *analyzer) rowCount(e ast.Expression, clause string, least int64) (int64, error) {
	at := e
	if p, ok := e.(*ast.Parameter); ok {
		var err error
		if e, err = a.parameter(p); err != nil {
			return 0, err
		}
	}
	n, ok := e.(*ast.LongLiteral)
	switch {
	case !ok:
		return 0, typeMismatch(at, "Non constant parameter value for %s: %s", clause, ast.Format(e))
	case n.Value < least && least == 1:
		return 0, errorAt(at, "NUMERIC_VALUE_OUT_OF_RANGE", "%s row count must be positive (actual value: %d)", clause, n.Value)
	case n.Value < least:
		return 0, errorAt(at, "NUMERIC_VALUE_OUT_OF_RANGE", "%s row count must be greater or equal to 0 (actual value: %d)", clause, n.Value)
	}
	return n.Value, nil
}
