package analyzer

import (
	"math/big"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/types"
)

// countParameters counts the `?` of a tree.
func countParameters(n ast.Node) int {
	count := 0
	ast.Walk(n, func(n ast.Node) bool {
		if _, ok := n.(*ast.Parameter); ok {
			count++
		}
		return true
	})
	return count
}

// wrongCount is the error of another number of values than parameters.
func wrongCount(at ast.Node, want, have int) error {
	return errorAt(at, "INVALID_PARAMETER_USAGE", "Incorrect number of parameters: expected %d but found %d", want, have)
}

// executeImmediate analyzes the statement of EXECUTE IMMEDIATE, whose
// parameters are the expressions after USING.
func (a *analyzer) executeImmediate(s *ast.ExecuteImmediate) (*Analysis, error) {
	if _, again := s.Statement.(*ast.ExecuteImmediate); again {
		return nil, errorAt(ast.Position{}, "NOT_SUPPORTED", "Unsupported statement type: ExecuteImmediate")
	}
	if n := countParameters(s.Statement); n != len(s.Parameters) {
		return nil, wrongCount(s.Statement, n, len(s.Parameters))
	}
	a.opts.Parameters = s.Parameters
	return a.statement(s.Statement)
}

// parameter gives what a `?` is bound to.
func (a *analyzer) parameter(p *ast.Parameter) (ast.Expression, error) {
	if p.Index >= len(a.opts.Parameters) || a.binding {
		return nil, errorAt(p, "INVALID_PARAMETER_USAGE", "No value provided for parameter")
	}
	return a.opts.Parameters[p.Index], nil
}

// bound analyzes what a parameter is bound to: it sees no columns.
func (a *analyzer) bound(p *ast.Parameter) (Expr, error) {
	if a.described != nil {
		return a.described.parameter(p.Index), nil
	}
	e, err := a.parameter(p)
	if err != nil {
		return nil, err
	}
	a.binding = true // a parameter's value has no parameters
	defer func() { a.binding = false }()
	return a.constantExpr(e)
}

// constantExpr analyzes an expression that sees no columns.
func (a *analyzer) constantExpr(e ast.Expression) (Expr, error) {
	return a.expr(e, &env{scope: &scope{kind: constantScope}, clause: "Constant expression"})
}

// constantValue is the value of a constant expression as one of another type;
// false where it is not known before the query runs.
func constantValue(e Expr, to types.Type) (any, bool) {
	v, ok := constant(e)
	if !ok || v == nil || e.Type().Equal(to) {
		return v, ok
	}
	switch x := v.(type) {
	case int64:
		if to.Kind == types.Double {
			return float64(x), true
		}
		return x, to.IsInteger()
	case types.DecimalValue:
		f, _ := new(big.Rat).SetFrac(x.Unscaled(), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(e.Type().Scale)), nil)).Float64()
		return f, to.Kind == types.Double
	case float32:
		return float64(x), to.Kind == types.Double
	}
	return nil, false
}

// rowCount is the number of LIMIT, OFFSET or FETCH FIRST, the clause at: a
// literal or what a parameter is bound to.
func (a *analyzer) rowCount(at ast.Node, e ast.Expression, clause string, least int64) (int64, error) {
	n, err := a.rowCountValue(e, clause)
	switch {
	case err != nil:
		return 0, err
	case n < least && least == 1:
		return 0, errorAt(at, "NUMERIC_VALUE_OUT_OF_RANGE", "%s row count must be positive (actual value: %d)", clause, n)
	case n < least:
		return 0, errorAt(at, "NUMERIC_VALUE_OUT_OF_RANGE", "%s row count must be greater or equal to 0 (actual value: %d)", clause, n)
	}
	return n, nil
}

func (a *analyzer) rowCountValue(e ast.Expression, clause string) (int64, error) {
	p, ok := e.(*ast.Parameter)
	if !ok {
		l, ok := e.(*ast.LongLiteral)
		if !ok {
			return 0, typeMismatch(e, "%s takes a number of rows", clause)
		}
		return l.Value, nil
	}
	if a.described != nil {
		a.described.types[p.Index] = types.BigIntType
		return 1, nil
	}
	value, err := a.parameter(p)
	if err != nil {
		return 0, err
	}
	x, err := a.bound(p)
	if err != nil {
		return 0, err
	}
	if anywhereQuery(x) {
		return 0, errorAt(value, "EXPRESSION_NOT_CONSTANT", "Constant expression cannot contain a subquery")
	}
	if !types.CanCoerce(x.Type(), types.BigIntType) {
		return 0, typeMismatch(value, "Cannot cast type %s to bigint", x.Type())
	}
	v, ok := constantValue(x, types.BigIntType)
	n, isNumber := v.(int64)
	switch {
	case !ok:
		return 0, notSupported(value, "The parameter of %s must be a number: %s", clause, ast.Format(value))
	case !isNumber:
		return 0, errorAt(p, "INVALID_ARGUMENTS", "Parameter value provided for %s is NULL: %s", clause, ast.Format(value))
	}
	return n, nil
}
