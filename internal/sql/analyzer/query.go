package analyzer

import (
	"math"
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
		p, err := a.table(b, outer)
		return a.withoutHidden(p), err
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
	seen := map[string]bool{}
	for _, q := range w.Queries {
		name := q.Name.Lower()
		if seen[name] {
			return nil, errorAt(q, "DUPLICATE_NAMED_QUERY", "WITH query name '%s' specified more than once", name)
		}
		seen[name] = true
		recursive := false
		if w.Recursive {
			var err error
			if recursive, err = checkRecursive(q); err != nil {
				return nil, err
			}
		}
		inner.with = &withScope{name: name, query: q, around: &scope{outer: outer, with: inner.with}, outer: inner.with, recursive: recursive}
	}
	return inner, nil
}

// named analyzes one reference to a named query: each anew, so that each prunes
// on its own, as in Trino.
func (a *analyzer) named(w *withScope) (plan, error) {
	w.used = true
	if w.before != nil {
		return a.previous(w), nil
	}
	if w.recursive {
		return a.recursive(w)
	}
	p, err := a.query(w.query.Query, w.around)
	if err != nil {
		return plan{}, err
	}
	if err := checkColumns(w.query, len(p.fields)); err != nil {
		return plan{}, err
	}
	return p.as(w.name, w.query.Columns), nil
}

// checkColumns checks the column list of a named query of so many columns.
func checkColumns(q *ast.WithQuery, n int) error {
	if q.Columns == nil {
		return nil
	}
	if len(q.Columns) != n {
		return errorAt(q.Columns[0], "MISMATCHED_COLUMN_ALIASES",
			"Column alias list has %d entries but relation has %d columns", len(q.Columns), n)
	}
	seen := map[string]bool{}
	for _, c := range q.Columns {
		if seen[c.Lower()] {
			return errorAt(c, "DUPLICATE_COLUMN_NAME", "Column name '%s' specified more than once", c.Lower())
		}
		seen[c.Lower()] = true
	}
	return nil
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
		n, err := a.rowCount(q.Offset, q.Offset.RowCount, "OFFSET", 0)
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
		if len(q.OrderBy) > 0 && n > math.MaxInt32 {
			return nil, errorAt(ast.Position{}, "NOT_SUPPORTED", "ORDER BY LIMIT > %d is not supported", math.MaxInt32)
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
		return a.rowCount(q.Limit, q.Limit.RowCount, "FETCH FIRST", 1)
	}
	return a.rowCount(q.Limit, q.Limit.RowCount, "LIMIT", 0)
}
