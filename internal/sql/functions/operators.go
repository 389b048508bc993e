package functions

import (
	"fmt"
	"regexp"

	"github.com/scopsdb/scops/internal/sql/types"
)

var comparisons = map[string]bool{
	"=": true, "<>": true, "!=": true, "<": true, "<=": true, ">": true, ">=": true, "IS DISTINCT FROM": true,
}

func operator(op string, l, r types.Type) (*Resolved, error) {
	if err := checkCarried(l, r); err != nil {
		return nil, err
	}
	var res *Resolved
	switch {
	case l.Kind == types.Unknown && r.Kind == types.Unknown && isArithmetic[op]:
		return nil, ambiguous()
	case comparisons[op]:
		return comparison(op, l, r)
	case op == "||":
		return concatenation(l, r)
	default:
		res = temporalArithmetic(op, l, r)
		if res == nil {
			res = arithmetic(op, l, r)
		}
	}
	if res == nil {
		return nil, cannotApply(op, l, r)
	}
	if err := checkCarried(res.ReturnType); err != nil {
		return nil, err
	}
	return res, nil
}

var isArithmetic = map[string]bool{"+": true, "-": true, "*": true, "/": true, "%": true}

func cannotApply(op string, l, r types.Type) *Error {
	return refuse(typeMismatch, "Cannot apply operator: %s %s %s", l, op, r)
}

func binary(l, r, ret types.Type, emit Emission) *Resolved {
	return &Resolved{ArgTypes: []types.Type{l, r}, ReturnType: ret, emission: emit}
}

// arithmetic is + - * / % of numbers, or nil.
func arithmetic(op string, l, r types.Type) *Resolved {
	super, ok := types.CommonSuperType(l, r)
	if !ok || !super.IsNumeric() {
		return nil
	}
	switch {
	case super.IsInteger():
		return binary(super, super, super, integerOps[op])
	case super.Kind == types.Double:
		return binary(super, super, super, T("($1 "+op+" $2)"))
	case super.Kind == types.Real:
		return binary(super, super, super, T("CAST($1 "+op+" $2 AS FLOAT)"))
	}
	return decimalArithmetic(op, asDecimal(l), asDecimal(r))
}

// asDecimal is the decimal that an integer is coerced to beside a decimal.
func asDecimal(t types.Type) types.Type {
	if t.Kind == types.Decimal {
		return t
	}
	super, _ := types.CommonSuperType(t, types.DecimalType(1, 0))
	return super
}

var zeroCheck = "CASE WHEN $2 = 0 AND $1 IS NOT NULL THEN " + raise(divisionByZero, "Division by zero") + " ELSE "

// integerOps: DuckDB's + - * check for overflow in the operands' own type; //
// and % truncate as Trino's do.
var integerOps = map[string]Emission{
	"+": T("($1 + $2)"),
	"-": T("($1 - $2)"),
	"*": T("($1 * $2)"),
	"/": divisor("//"),
	"%": divisor("%"),
}

// nonZero is an integer literal other than zero.
var nonZero = regexp.MustCompile(`^\(?-?0*[1-9][0-9]*\)?$|^CAST\(-?0*[1-9][0-9]* AS (TINYINT|SMALLINT|INTEGER|BIGINT)\)$`)

// divisor leaves the check for zero out where the divisor is a literal.
func divisor(op string) Emission {
	checked := T("(" + zeroCheck + "$1 " + op + " $2 END)")
	plain := T("($1 " + op + " $2)")
	return func(c *Call) string {
		if nonZero.MatchString(c.Args[1]) {
			return plain(c)
		}
		return checked(c)
	}
}

// decimalArithmetic gives the types of Trino's DecimalOperators.
func decimalArithmetic(op string, l, r types.Type) *Resolved {
	s := max(l.Scale, r.Scale)
	p := 0
	switch op {
	case "+", "-":
		p = max(l.Precision-l.Scale, r.Precision-r.Scale) + s + 1
	case "*":
		p, s = l.Precision+r.Precision, l.Scale+r.Scale
	case "/":
		p = l.Precision + r.Scale + max(r.Scale-l.Scale, 0)
	case "%":
		p = min(l.Precision-l.Scale, r.Precision-r.Scale) + s
	}
	if s > types.MaxDecimalPrecision || op == "/" && s-l.Scale+r.Scale >= types.MaxDecimalPrecision {
		return nil
	}
	ret := types.DecimalType(min(max(p, 1), types.MaxDecimalPrecision), s)
	return binary(l, r, ret, decimalEmission(op, l, r, ret))
}

func decimalEmission(op string, l, r, ret types.Type) Emission {
	switch op {
	case "/":
		// left * 10^shift / right on unscaled integers, rounded half up.
		shift := ret.Scale - l.Scale + r.Scale
		n := fmt.Sprintf("(%s * CAST('%s' AS HUGEINT))", unscaled("$1", l), powerOfTen(shift))
		return T("(" + zeroCheck + rescaled(divideHalfUp(n, unscaled("$2", r)), ret) + " END)")
	case "%":
		return T(fmt.Sprintf("CAST(%sCAST($1 AS DECIMAL(38,%d)) %% CAST($2 AS DECIMAL(38,%d)) END AS %s)",
			zeroCheck, ret.Scale, ret.Scale, duckType(ret)))
	}
	left := "$1"
	if ret.Precision > longDecimal && max(l.Precision, r.Precision) <= longDecimal {
		// DuckDB computes two short ones in a short one, which may overflow.
		left = fmt.Sprintf("CAST($1 AS DECIMAL(%d,%d))", longDecimal+1, l.Scale)
	}
	return T(fmt.Sprintf("CAST(%s %s $2 AS %s)", left, op, duckType(ret)))
}

// longDecimal is the most digits of a decimal that DuckDB holds in 8 bytes.
const longDecimal = 18

// divideHalfUp is the quotient of two HUGEINT, rounded half away from zero.
func divideHalfUp(n, d string) string { return "scops_divide(" + n + ", " + d + ")" }

func negate(t types.Type) (*Resolved, error) {
	if err := checkCarried(t); err != nil {
		return nil, err
	}
	if t.Kind == types.Unknown {
		return nil, ambiguous()
	}
	interval := t.Kind == types.IntervalDaySecond || t.Kind == types.IntervalYearMonth
	if !t.IsNumeric() && !interval {
		return nil, refuse(typeMismatch, "Cannot negate %s", t)
	}
	return &Resolved{ArgTypes: []types.Type{t}, ReturnType: t, emission: T("(-$1)")}, nil
}
