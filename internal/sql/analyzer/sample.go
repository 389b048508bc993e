package analyzer

import (
	"errors"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/functions"
	"github.com/scopsdb/scops/internal/sql/types"
)

// sampled analyzes TABLESAMPLE. Each row passes with the given probability;
// SYSTEM, which Trino decides for whole splits, does the same.
func (a *analyzer) sampled(r *ast.SampledRelation, outer *scope) (plan, error) {
	percent, err := a.samplePercentage(r)
	if err != nil {
		return plan{}, err
	}
	p, err := a.relation(r.Relation, outer)
	if err != nil {
		return plan{}, err
	}
	switch percent {
	case 100:
		return p, nil
	case 0:
		p.rel = &Filter{Input: p.rel, Condition: &Literal{Value: false, Typ: types.BooleanType}}
		return p, nil
	}
	random, err := functions.Resolve("random", nil)
	if err != nil {
		return plan{}, a.fail(r, nil, err)
	}
	a.unrepeatable("TABLESAMPLE")
	below, err := a.operator("<", r, &Call{Name: "random", Fn: random}, &Literal{Value: percent / 100, Typ: types.DoubleType})
	p.rel = &Filter{Input: p.rel, Condition: below}
	return p, err
}

// samplePercentage computes the percentage, a constant from 0 to 100.
func (a *analyzer) samplePercentage(r *ast.SampledRelation) (float64, error) {
	at := r.Percentage
	e, err := a.constantExpr(at)
	var known *Error
	if errors.As(err, &known) && known.Name == "EXPRESSION_NOT_CONSTANT" {
		return 0, errorAt(at, known.Name, "Sample percentage cannot contain column references")
	}
	if err != nil {
		return 0, err
	}
	if e.Type().Kind == types.Unknown {
		return 0, errorAt(at, "INVALID_ARGUMENTS", "Sample percentage cannot be NULL")
	}
	if !types.CanCoerce(e.Type(), types.DoubleType) {
		return 0, typeMismatch(at, "Sample percentage should be a numeric expression")
	}
	v, ok := constantValue(e, types.DoubleType)
	percent, isNumber := v.(float64)
	switch {
	case !ok:
		return 0, notSupported(at, "This sample percentage is not supported: %s", ast.Format(at))
	case !isNumber:
		return 0, errorAt(at, "INVALID_ARGUMENTS", "Sample percentage cannot be NULL")
	case percent < 0:
		return 0, errorAt(at, "NUMERIC_VALUE_OUT_OF_RANGE", "Sample percentage must be greater than or equal to 0")
	case percent > 100:
		return 0, errorAt(at, "NUMERIC_VALUE_OUT_OF_RANGE", "Sample percentage must be less than or equal to 100")
	}
	return percent, nil
}
