package analyzer

import (
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/functions"
	"github.com/scopsdb/scops/internal/sql/types"
)

// oneColumn analyzes a subquery that must have one column.
func (a *analyzer) oneColumn(q *ast.Query, ctx *env) (Relation, *Symbol, error) {
	p, err := a.query(q, ctx.scope)
	if err != nil {
		return nil, nil, err
	}
	if n := len(p.fields); n != 1 {
		return nil, nil, notSupported(q, "Multiple columns returned by subquery are not yet supported. Found %d", n)
	}
	return p.rel, p.fields[0].expr.(*Ref).Symbol, nil
}

func (a *analyzer) subquery(e *ast.SubqueryExpression, ctx *env) (Expr, error) {
	rel, col, err := a.oneColumn(e.Query, ctx)
	if err != nil {
		return nil, err
	}
	return &Subquery{Rel: rel, Col: col}, nil
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
	rel, col, err := a.oneColumn(q, ctx)
	if err != nil {
		return nil, err
	}
	common, ok := types.CommonSuperType(v.Type(), col.Type)
	if !ok {
		return nil, typeMismatch(at, "Value expression and result of subquery must be of the same type: %s vs %s", v.Type(), col.Type)
	}
	if !common.IsComparable() || op != "=" && op != "<>" && !common.IsOrderable() {
		return nil, typeMismatch(at, "Type [%s] must be comparable in order to be used in subquery comparison", common)
	}
	if common.IsFloating() {
		if rel, err = a.withoutNaN(at, rel, col, op, all); err != nil {
			return nil, err
		}
	} else if !functions.PlainComparison(common) {
		return nil, notSupported(at, "Comparing values of type %s with a subquery is not supported", common)
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
