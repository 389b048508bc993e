package analyzer

import (
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/types"
)

// try is TRY(x): NULL where x fails with an error of its values. What is computed
// before x (aggregates, windows, subqueries) fails as elsewhere.
func (a *analyzer) try(e *ast.FunctionCall, ctx *env) (Expr, error) {
	if len(e.Arguments) != 1 {
		return nil, errorAt(e, "INVALID_FUNCTION_ARGUMENT", "The 'try' function must have exactly one argument")
	}
	x, err := a.expr(e.Arguments[0], ctx)
	if err != nil {
		return nil, err
	}
	switch x.(type) {
	case *Ref, *Literal, *Try:
		return x, nil
	}
	return &Try{decided(x)}, nil
}

// decided replaces AND and OR by the constant term that decides them, before
// other terms can fail: so does Trino.
func decided(x Expr) Expr {
	return rewrite(x, func(x Expr) (Expr, bool) {
		l, ok := x.(*Logical)
		if !ok {
			return x, false
		}
		for _, t := range l.Terms {
			if v, known := constant(t); known && v == l.Or {
				return &Literal{Value: l.Or, Typ: types.BooleanType}, true
			}
		}
		return x, false
	})
}
