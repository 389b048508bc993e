package analyzer

import (
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/functions"
	"github.com/scopsdb/scops/internal/sql/types"
)

// notScalar is the error of an aggregate or window function where none may
// stand.
func notScalar(e ast.Expression, ctx *env) error {
	var at ast.Node = e
	if ctx.root != nil {
		at = ctx.root
	}
	return errorAt(at, "EXPRESSION_NOT_SCALAR", "%s cannot contain aggregations, window functions or grouping operations: [%s]", ctx.clause, ast.Format(e))
}

// inner is the environment of the arguments of an aggregate or window function.
func (c *env) within(name string, at ast.Node) *env {
	inner := *c
	inner.inside, inner.insideAt = name, at
	return &inner
}

// aggCall analyzes an aggregate function without OVER.
func (a *analyzer) aggCall(e *ast.FunctionCall, ctx *env) (Expr, error) {
	name := e.Name.Suffix().Lower()
	if err := mayAggregate(e, ctx); err != nil {
		return nil, err
	}
	if e.NullTreatment != ast.NullsUnspecified {
		return nil, errorAt(e, "NULL_TREATMENT_NOT_ALLOWED", "Cannot specify null treatment clause for %s function", name)
	}
	if e.Star && name != "count" {
		return nil, errorAt(e, "FUNCTION_NOT_FOUND", "Unexpected parameters (*) for function %s", name)
	}
	inner := ctx.within(name, e)
	fn, args, err := a.arguments(name, e, e.Arguments, inner)
	if err != nil {
		return nil, err
	}
	out := &AggCall{Name: name, Fn: fn, Args: args, Distinct: e.Distinct, At: e}
	if e.Distinct {
		if err := distinctArguments(e, fn); err != nil {
			return nil, err
		}
	}
	if out.OrderBy, err = a.callOrder(e, inner); err != nil {
		return nil, err
	}
	if e.Filter != nil {
		out.Filter, err = a.boolean(e.Filter, inner, "FILTER expression")
	}
	return out, err
}

// mayAggregate checks that an aggregate function may stand here.
func mayAggregate(e ast.Expression, ctx *env) error {
	switch {
	case ctx.inside != "":
		return errorAt(ctx.insideAt, "NESTED_AGGREGATION", "Cannot nest aggregations inside aggregation '%s': [%s]", ctx.inside, ast.Format(e))
	case !ctx.aggregates:
		return notScalar(e, ctx)
	}
	return nil
}

func distinctArguments(e *ast.FunctionCall, fn *functions.Resolved) error {
	if len(e.Arguments) == 0 {
		return errorAt(e, "NOT_SUPPORTED", "DISTINCT can not be applied to a function without arguments")
	}
	for _, t := range fn.ArgTypes {
		if !t.IsComparable() {
			return typeMismatch(e, "DISTINCT can only be applied to comparable types (actual: %s)", t)
		}
	}
	return nil
}

// callOrder is the ORDER BY inside an aggregate function.
func (a *analyzer) callOrder(e *ast.FunctionCall, ctx *env) ([]SortKey, error) {
	keys, err := a.sortKeys(e.OrderBy, ctx)
	if err != nil || !e.Distinct {
		return keys, err
	}
	args := map[string]bool{}
	xs, err := a.exprs(e.Arguments, ctx)
	if err != nil {
		return nil, err
	}
	for _, x := range xs {
		args[key(x)] = true
	}
	for i, k := range keys {
		if !args[key(k.Expr)] {
			return nil, errorAt(e.OrderBy[i].Key, "EXPRESSION_NOT_IN_DISTINCT", "For aggregate function with DISTINCT, ORDER BY expressions must appear in arguments")
		}
	}
	return keys, nil
}

// sortKeys analyzes the ORDER BY of an aggregate or a window: a number is a
// constant here.
func (a *analyzer) sortKeys(items []*ast.SortItem, ctx *env) ([]SortKey, error) {
	var keys []SortKey
	for _, it := range items {
		x, err := a.expr(it.Key, ctx)
		if err != nil {
			return nil, err
		}
		if !x.Type().IsOrderable() {
			return nil, typeMismatch(it.Key, "Type %s is not orderable, and therefore cannot be used in ORDER BY: %s", x.Type(), ast.Format(it.Key))
		}
		keys = append(keys, sortKey(x, it))
	}
	return keys, nil
}

// listAgg is LISTAGG.
func (a *analyzer) listAgg(e *ast.ListAgg, ctx *env) (Expr, error) {
	separator := e.Separator
	if separator == nil {
		separator = &ast.StringLiteral{Position: e.Position}
	}
	id := &ast.Identifier{Position: e.Position, Value: "listagg"}
	call := &ast.FunctionCall{
		Position: e.Position, Name: &ast.QualifiedName{Position: e.Position, Parts: []*ast.Identifier{id}},
		Distinct: e.Distinct, Arguments: []ast.Expression{e.Value, separator}, OrderBy: e.OrderBy, Filter: e.Filter,
	}
	if o := e.Overflow; o.Truncate {
		filler := o.Filler
		if filler == nil {
			filler = &ast.StringLiteral{Position: e.Position, Value: "..."}
		}
		call.Arguments = append(call.Arguments, filler, &ast.BooleanLiteral{Position: e.Position, Value: o.WithCount})
	}
	value, err := a.expr(e.Value, ctx.within("listagg", call))
	if err != nil {
		return nil, err
	}
	if k := value.Type().Kind; k != types.Varchar && k != types.Unknown {
		return nil, typeMismatch(e, "Expected expression of varchar, but '%s' has %s type", ast.Format(e.Value), value.Type())
	}
	out, err := a.aggCall(call, ctx)
	if err != nil {
		return nil, err
	}
	if isNull(out.(*AggCall).Args[0]) {
		return nil, typeMismatch(e, "Expected expression of varchar, but '%s' has unknown type", ast.Format(e.Value))
	}
	return out, nil
}

// isNull says whether an expression is a bare NULL.
func isNull(e Expr) bool {
	l, ok := e.(*Literal)
	return ok && l.Value == nil
}

// grouping is GROUPING(…).
func (a *analyzer) grouping(e *ast.Grouping, ctx *env) (Expr, error) {
	if err := mayAggregate(e, ctx); err != nil {
		return nil, err
	}
	xs, err := a.exprs(e.Columns, ctx.within("grouping", e))
	if err != nil {
		return nil, err
	}
	for _, c := range e.Columns {
		if name, ok := qualifiedName(c); ok {
			if _, kind, err := ctx.scope.resolve(name, c); err == nil && kind == aliasScope {
				return nil, errorAt(e, "INVALID_ARGUMENTS", "Invalid reference to output of SELECT clause from grouping() expression in ORDER BY")
			}
		}
	}
	if len(xs) > 63 {
		return nil, errorAt(e, "TOO_MANY_ARGUMENTS", "GROUPING supports up to 63 column arguments")
	}
	return &GroupingCall{Args: xs, Columns: e.Columns, At: e}, nil
}
