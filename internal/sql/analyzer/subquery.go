package analyzer

import (
	"strings"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/types"
)

// oneColumn analyzes a subquery whose rows are one value each: that of its
// column or, where asked for or of several columns, a row.
func (a *analyzer) oneColumn(q *ast.Query, ctx *env, asRow bool) (Relation, *Symbol, error) {
	p, err := a.query(q, ctx.scope)
	if err != nil {
		return nil, nil, err
	}
	if len(p.fields) == 1 && !asRow {
		return p.rel, p.fields[0].expr.(*Ref).Symbol, nil
	}
	row := &MakeRow{}
	fields := make([]types.Field, len(p.fields))
	for i, f := range p.fields {
		row.Items = append(row.Items, f.expr)
		fields[i] = types.Field{Name: strings.ToLower(f.name), Type: f.expr.Type()}
	}
	row.Typ = types.RowOf(fields...)
	s := a.symbol("", row.Typ)
	return &Project{Input: p.rel, Exprs: []Expr{row}, Out: []*Symbol{s}}, s, nil
}

// subquery analyzes a scalar subquery. One of several columns that has no row
// gives a row of NULLs, or NULL where it refers to the query around, as in
// Trino.
func (a *analyzer) subquery(e *ast.SubqueryExpression, ctx *env) (Expr, error) {
	if err := ctx.takesSubqueries(e); err != nil {
		return nil, err
	}
	before := a.symbols
	rel, col, err := a.oneColumn(e.Query, ctx, false)
	if err != nil {
		return nil, err
	}
	sub := &Subquery{Rel: rel, Col: col}
	p, ok := rel.(*Project)
	if !ok || correlated(rel, before) {
		return sub, nil
	}
	row, ok := p.Exprs[0].(*MakeRow)
	if !ok || len(p.Exprs) > 1 || row.Typ.Kind != types.Row || len(row.Items) < 2 || p.Out[0].ID != a.symbols {
		return sub, nil
	}
	nulls := &MakeRow{Typ: row.Typ}
	for _, item := range row.Items {
		nulls.Items = append(nulls.Items, &Literal{Typ: item.Type()})
	}
	return &Coalesce{Args: []Expr{sub, nulls}}, nil
}

// takesSubqueries refuses a subquery in a lambda, before it is looked into.
func (ctx *env) takesSubqueries(at ast.Node) error {
	if ctx.lambda {
		return notSupported(at, "Lambda expression cannot contain subqueries")
	}
	return nil
}

// correlated says whether a tree refers to columns that were there before it.
func correlated(r Relation, before int) bool {
	refs := symbols{}
	treeRefs(r, refs)
	for s := range refs {
		if s.ID <= before {
			return true
		}
	}
	return false
}

func (a *analyzer) quantified(e *ast.QuantifiedComparison, ctx *env) (Expr, error) {
	return a.inQuery(e, e.Left, e.Query, string(e.Operator), e.All, ctx)
}

// inQuery is value IN (query) and the quantified comparisons.
func (a *analyzer) inQuery(at ast.Node, value ast.Expression, q *ast.Query, op string, all bool, ctx *env) (Expr, error) {
	v, err := a.expr(value, ctx)
	if err != nil {
		return nil, err
	}
	place := at
	if _, ok := at.(*ast.QuantifiedComparison); ok {
		place = q
	}
	if err := ctx.takesSubqueries(place); err != nil {
		return nil, err
	}
	rel, col, err := a.oneColumn(q, ctx, v.Type().Kind == types.Row)
	if err != nil {
		return nil, err
	}
	common, ok := types.CommonSuperType(v.Type(), col.Type)
	if !ok || v.Type().Kind == types.Row && len(v.Type().Fields) != len(col.Type.Fields) {
		return nil, typeMismatch(at, "Value expression and result of subquery must be of the same type: %s vs %s", v.Type(), col.Type)
	}
	if !common.IsComparable() || op != "=" && op != "<>" && !common.IsOrderable() {
		return nil, typeMismatch(at, "Type [%s] must be comparable in order to be used in subquery comparison", common)
	}
	if common.IsFloating() {
		if rel, err = a.withoutNaN(at, rel, col, op, all); err != nil {
			return nil, err
		}
	}
	return a.inRelation(at, v, rel, col, op, all, common)
}

// withoutNaN removes the rows of NaN from a subquery that is compared with =:
// NaN equals nothing in Trino and itself in DuckDB.
func (a *analyzer) withoutNaN(at ast.Node, rel Relation, col *Symbol, op string, all bool) (Relation, error) {
	if op != "=" || all {
		return nil, notSupported(at, "Comparing values of type %s with all or any rows of a subquery is not supported", col.Type)
	}
	if !col.Type.IsFloating() {
		return rel, nil
	}
	eq, err := a.operator("=", at, &Ref{col}, &Ref{col})
	return &Filter{Input: rel, Condition: &Logical{Or: true, Terms: []Expr{&IsNull{&Ref{col}}, eq}}}, err
}

func (a *analyzer) inRelation(at ast.Node, v Expr, rel Relation, col *Symbol, op string, all bool, common types.Type) (Expr, error) {
	v, err := a.coerce(v, common, at)
	if err != nil {
		return nil, err
	}
	if !col.Type.Equal(common) {
		e, err := a.coerce(&Ref{col}, common, at)
		if err != nil {
			return nil, err
		}
		wide := a.symbol(col.Name, common)
		rel, col = &Project{Input: rel, Exprs: []Expr{e}, Out: []*Symbol{wide}}, wide
	}
	return &InSubquery{Value: v, Op: op, All: all, Rel: rel, Col: col}, nil
}
