package functions

import (
	"fmt"
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

const mathFamily = "math"

var maths = []Function{
	{Name: "abs", Doc: "Absolute value.", Example: "abs(-1) = 1", Sigs: perNumber("abs($1)", "abs($1)")},
	{Name: "ceiling", Aliases: []string{"ceil"}, Doc: "Rounds up to an integer.", Example: "ceil(1.2) = 2",
		Sigs: rounding("ceil($1)")},
	{Name: "floor", Doc: "Rounds down to an integer.", Example: "floor(-1.2) = -2", Sigs: rounding("floor($1)")},
	{Name: "round", Doc: "Rounds half away from zero, to n digits behind the point.", Example: "round(2.5) = 3", Sigs: roundSignatures()},
	{Name: "truncate", Doc: "Drops the digits behind the point, or behind the nth of a decimal.", Example: "truncate(-1.7) = -1",
		Sigs: []Signature{
			{Text: "(double) -> double", Emit: T("trunc($1)")},
			{Text: "(real) -> real", Emit: T("trunc($1)")},
			{Text: "(decimal(p,s)) -> decimal(p,s)", Emit: toReturn("trunc($1)"), Return: truncatedType},
			{Text: "(decimal(p,s), integer) -> decimal(p,s)", Emit: toReturn("scops_round_decimal(CAST($1 AS VARCHAR), $2, true)")},
		}},
	{Name: "sign", Doc: "-1, 0 or 1.", Example: "sign(-2) = -1",
		Sigs: []Signature{
			{Text: "(tinyint) -> tinyint", Emit: toReturn("sign($1)")},
			{Text: "(smallint) -> smallint", Emit: toReturn("sign($1)")},
			{Text: "(integer) -> integer", Emit: toReturn("sign($1)")},
			{Text: "(bigint) -> bigint", Emit: toReturn("sign($1)")},
			{Text: "(decimal(p,s)) -> decimal(1,0)", Emit: toReturn("sign($1)")},
			{Text: "(double) -> double", Emit: T("(CASE WHEN isnan($1) OR $1 = 0 THEN $1 ELSE CAST(sign($1) AS DOUBLE) END)")},
			{Text: "(real) -> real", Emit: T("(CASE WHEN isnan($1) OR $1 = 0 THEN $1 ELSE CAST(sign($1) AS FLOAT) END)")},
		}},
	double1("sqrt", "Square root; NaN of a negative number.", "sqrt(4) = 2.0", "(CASE WHEN $1 < 0 THEN CAST('nan' AS DOUBLE) ELSE sqrt($1) END)"),
	double1("exp", "e to a power.", "exp(0) = 1.0", "exp($1)"),
	double1("ln", "Natural logarithm.", "ln(1) = 0.0", "scops_ln($1)"),
	double1("log2", "Logarithm to base 2.", "log2(8) = 3.0", "(scops_ln($1) / CAST('0.6931471805599453' AS DOUBLE))"),
	double1("log10", "Logarithm to base 10.", "log10(100) = 2.0", "scops_log10($1)"),
	{Name: "log", Doc: "Logarithm of the second argument to the base of the first.", Example: "log(2, 8) = 3.0",
		Sigs: []Signature{{Text: "(double, double) -> double", Emit: T("(scops_ln($2) / scops_ln($1))")}}},
	{Name: "power", Aliases: []string{"pow"}, Doc: "A number to a power.", Example: "power(2, 3) = 8.0",
		Sigs: []Signature{{Text: "(double, double) -> double", Emit: T("(CASE WHEN abs($1) = 1 AND (isnan($2) OR isinf($2)) THEN CAST('nan' AS DOUBLE) ELSE power($1, $2) END)")}}},
	double1("sin", "Sine.", "sin(0) = 0.0", unlessInfinite("sin($1)")),
	double1("cos", "Cosine.", "cos(0) = 1.0", unlessInfinite("cos($1)")),
	double1("tan", "Tangent.", "tan(0) = 0.0", unlessInfinite("tan($1)")),
	double1("asin", "Arc sine.", "asin(0) = 0.0", "scops_asin($1)"),
	double1("acos", "Arc cosine.", "acos(1) = 0.0", "scops_acos($1)"),
	double1("atan", "Arc tangent.", "atan(0) = 0.0", "scops_atan($1)"),
	{Name: "atan2", Doc: "Arc tangent of y / x.", Example: "atan2(0, 1) = 0.0",
		Sigs: []Signature{{Text: "(double, double) -> double", Emit: T("scops_atan2($1, $2)")}}},
	double1("sinh", "Hyperbolic sine.", "sinh(0) = 0.0", "scops_sinh($1)"),
	double1("cosh", "Hyperbolic cosine.", "cosh(0) = 1.0", "scops_cosh($1)"),
	double1("tanh", "Hyperbolic tangent.", "tanh(0) = 0.0", "scops_tanh($1)"),
	double1("cbrt", "Cube root.", "cbrt(8) = 2.0", "scops_cbrt($1)"),
	double1("degrees", "Radians to degrees.", "degrees(0) = 0.0", "($1 * CAST('57.29577951308232' AS DOUBLE))"),
	double1("radians", "Degrees to radians.", "radians(0) = 0.0", "($1 * CAST('0.017453292519943295' AS DOUBLE))"),
	constant("pi", "The number pi.", "CAST('3.141592653589793' AS DOUBLE)"),
	constant("e", "The number e.", "CAST('2.718281828459045' AS DOUBLE)"),
	constant("infinity", "Positive infinity.", "CAST('inf' AS DOUBLE)"),
	constant("nan", "Not a number.", "CAST('nan' AS DOUBLE)"),
	predicate("is_nan", "Whether a number is NaN.", "isnan($1)", true),
	predicate("is_finite", "Whether a number is finite.", "isfinite($1)", false),
	predicate("is_infinite", "Whether a number is infinite.", "isinf($1)", false),
	{Name: "mod", Doc: "Remainder with the sign of the dividend.", Example: "mod(-7, 3) = -1", Sigs: modulus()},
	{Name: "greatest", Doc: "Largest argument; NULL if one is.", Example: "greatest(1, 2) = 2", Sigs: extreme("greatest")},
	{Name: "least", Doc: "Smallest argument; NULL if one is.", Example: "least(1, 2) = 1", Sigs: extreme("least")},
	{Name: "width_bucket", Doc: "Number of the bucket of a number among n of equal width, or among ascending bins.", Example: "width_bucket(5, 0, 10, 5) = 3",
		Sigs: []Signature{
			{Text: "(double, double, double, bigint) -> bigint", Emit: T(widthBucket)},
			{Text: "(double, array(double)) -> bigint", Emit: T("scops_width_bucket($1, $2)")},
		}},
	{Name: "random", Aliases: []string{"rand"}, Volatile: true, Doc: "A random number in [0, 1), below n, or between two numbers.", Example: "random(10)", Sigs: randoms()},
}

const widthBucket = "(CASE WHEN $1 IS NULL OR $2 IS NULL OR $3 IS NULL OR $4 IS NULL THEN NULL WHEN $4 <= 0 THEN error('scops:INVALID_FUNCTION_ARGUMENT: bucketCount must be greater than 0')" +
	" WHEN isnan($1) THEN error('scops:INVALID_FUNCTION_ARGUMENT: operand must not be NaN')" +
	" WHEN NOT isfinite($2) THEN error('scops:INVALID_FUNCTION_ARGUMENT: first bound must be finite')" +
	" WHEN NOT isfinite($3) THEN error('scops:INVALID_FUNCTION_ARGUMENT: second bound must be finite')" +
	" WHEN $2 = $3 THEN error('scops:INVALID_FUNCTION_ARGUMENT: bounds cannot equal each other')" +
	" WHEN $2 < $3 THEN scops_bucket($1, $2, $3, $4) ELSE $4 - scops_bucket($1, $3, $2, $4) + 1 END)"

func toReturn(template string) Emission {
	return func(c *Call) string { return "CAST(" + expand(template, c.Args) + " AS " + duckType(c.Return) + ")" }
}

// perNumber are the signatures of a function that keeps the type of its number.
func perNumber(integers, others string) []Signature {
	var out []Signature
	for _, t := range []string{"tinyint", "smallint", "integer", "bigint"} {
		out = append(out, Signature{Text: "(" + t + ") -> " + t, Emit: T(integers)})
	}
	for _, t := range []string{"decimal(p,s)", "double", "real"} {
		out = append(out, Signature{Text: "(" + t + ") -> " + t, Emit: T(others)})
	}
	return out
}

// rounding are the signatures of ceil, floor and round: integers stay, decimals
// lose their scale.
func rounding(template string) []Signature {
	out := perNumber("$1", template)
	for i := range out {
		if out[i].Text == "(decimal(p,s)) -> decimal(p,s)" {
			out[i].Return = roundedType
			out[i].Emit = toReturn(template)
		}
	}
	return out
}

func roundedType(c *Call) types.Type {
	t := c.Types[0]
	return types.DecimalType(max(1, min(types.MaxDecimalPrecision, t.Precision-t.Scale+min(t.Scale, 1))), 0)
}

func truncatedType(c *Call) types.Type {
	t := c.Types[0]
	return types.DecimalType(max(1, t.Precision-t.Scale), 0)
}

func double1(name, doc, example, template string) Function {
	return Function{Name: name, Doc: doc, Example: example,
		Sigs: []Signature{{Text: "(double) -> double", Emit: T(template)}}}
}

func unlessInfinite(call string) string {
	return "(CASE WHEN isinf($1) THEN CAST('nan' AS DOUBLE) ELSE " + call + " END)"
}

func constant(name, doc, sql string) Function {
	return Function{Name: name, Doc: doc, Example: name + "()",
		Sigs: []Signature{{Text: "() -> double", Emit: T(sql)}}}
}

func predicate(name, doc, template string, real bool) Function {
	f := Function{Name: name, Doc: doc, Example: name + "(1e0)",
		Sigs: []Signature{{Text: "(double) -> boolean", Emit: T(template)}}}
	if real {
		f.Sigs = append(f.Sigs, Signature{Text: "(real) -> boolean", Emit: T(template)})
	}
	return f
}

// modulus are the signatures of mod, which is the operator %.
func modulus() []Signature {
	var out []Signature
	for _, t := range []string{"tinyint", "smallint", "integer", "bigint", "double", "real"} {
		kind := parsePattern(t).typ
		emit := T("(CASE WHEN $2 = 0 AND $1 IS NOT NULL THEN " + raise(internalError, "/ by zero") + " ELSE $1 % $2 END)")
		if kind.IsFloating() {
			emit = toReturn("($1 % $2)")
		}
		out = append(out, Signature{Text: "(" + t + ", " + t + ") -> " + t, Emit: emit})
	}
	return append(out, Signature{Text: "(decimal(p,s), decimal(q,t)) -> decimal(p,s)",
		Return: func(c *Call) types.Type { return decimalArithmetic("%", c.Types[0], c.Types[1]).ReturnType },
		Emit:   func(c *Call) string { return decimalArithmetic("%", c.Types[0], c.Types[1]).emission(c) },
	})
}

// extreme refuses NaN, which Trino versions order differently.
func extreme(name string) []Signature {
	return []Signature{{Text: "(T, T...) -> T [T:orderable]", Emit: func(c *Call) string {
		if nested(c.Types[0]) {
			return nestedGreatest(c, name == "greatest")
		}
		nulls, nans := "", ""
		for i := range c.Args {
			p := fmt.Sprintf("$%d", i+1)
			if i > 0 {
				nulls, nans = nulls+" OR ", nans+" OR "
			}
			nulls, nans = nulls+p+" IS NULL", nans+"isnan("+p+")"
		}
		cases := "CASE WHEN " + nulls + " THEN NULL"
		if c.Types[0].IsFloating() {
			return expand("("+cases+" WHEN "+nans+" THEN "+skipNaN(name, c.Return, len(c.Args))+" ELSE "+name+"($*) END)", c.Args)
		}
		if ownZone(c.Types[0]) {
			return expand("("+cases+" ELSE "+extremeInstant(name, len(c.Args))+" END)", c.Args)
		}
		return expand("("+cases+" ELSE "+name+"($*) END)", c.Args)
	}}}
}

// skipNaN is greatest or least of the arguments that are numbers, NaN where
// none is.
func skipNaN(name string, t types.Type, args int) string {
	numbers := make([]string, args)
	for i := range numbers {
		numbers[i] = fmt.Sprintf("CASE WHEN NOT isnan($%d) THEN $%d END", i+1, i+1)
	}
	return "coalesce(" + name + "(" + strings.Join(numbers, ", ") + "), " + castText("'nan'", duckType(t)) + ")"
}
