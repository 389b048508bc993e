package functions

import (
	"fmt"

	"github.com/scopsdb/scops/internal/sql/types"
)

var integerKinds = []types.Kind{types.TinyInt, types.SmallInt, types.Integer, types.BigInt}

// exactDoubleDigits is how many digits a double holds whatever they are.
const exactDoubleDigits = 15

func numberCasts() map[[2]types.Kind]castRule {
	rules := map[[2]types.Kind]castRule{
		{types.Boolean, types.Real}:    template("CAST(CAST($1 AS INTEGER) AS FLOAT)"),
		{types.Boolean, types.Double}:  template("CAST(CAST($1 AS INTEGER) AS DOUBLE)"),
		{types.Boolean, types.Decimal}: booleanToDecimal,
		{types.Real, types.Double}:     template("CAST($1 AS DOUBLE)"),
		{types.Double, types.Real}:     doubleToReal,
		{types.Real, types.Boolean}:    template("($1 <> 0)"),
		{types.Double, types.Boolean}:  template("($1 <> 0)"),
		{types.Decimal, types.Boolean}: template("($1 <> 0)"),
		{types.Decimal, types.Double}:  decimalToDouble,
		{types.Decimal, types.Real}:    template("CAST(CAST($1 AS VARCHAR) AS FLOAT)"),
		{types.Double, types.Decimal}:  floatToDecimal,
		{types.Real, types.Decimal}:    floatToDecimal,
		{types.Decimal, types.Decimal}: plainCast,
	}
	for _, k := range integerKinds {
		for _, to := range integerKinds {
			rules[[2]types.Kind{k, to}] = plainCast
		}
		for _, to := range []types.Kind{types.Real, types.Double, types.Decimal} {
			rules[[2]types.Kind{k, to}] = plainCast
		}
		rules[[2]types.Kind{types.Boolean, k}] = plainCast
		rules[[2]types.Kind{k, types.Boolean}] = template("($1 <> 0)")
		rules[[2]types.Kind{types.Decimal, k}] = plainCast
		// round goes half away from zero, as Trino's cast does; DuckDB's own
		// cast goes half to even.
		rules[[2]types.Kind{types.Double, k}] = roundedCast
		rules[[2]types.Kind{types.Real, k}] = roundedCast
	}
	return rules
}

func template(text string) castRule {
	return func(conversion) (string, *Error) { return text, nil }
}

func plainCast(c conversion) (string, *Error)   { return c.plain("$1"), nil }
func roundedCast(c conversion) (string, *Error) { return c.plain("round($1)"), nil }

// doubleToReal overflows to infinity, as Java does.
func doubleToReal(conversion) (string, *Error) {
	const limit = "3.4028235677973366e38" // from here a double rounds to no float
	return "(CASE WHEN isnan($1) OR abs($1) < " + limit + " THEN CAST($1 AS FLOAT) WHEN $1 > 0 THEN CAST('inf' AS FLOAT) WHEN $1 < 0 THEN CAST('-inf' AS FLOAT) END)", nil
}

func booleanToDecimal(c conversion) (string, *Error) {
	return c.plain("CAST($1 AS INTEGER)"), nil
}

// decimalToDouble takes the nearest double. DuckDB divides, which may be one
// unit off where a decimal has more digits than a double.
func decimalToDouble(c conversion) (string, *Error) {
	if c.from.Precision <= exactDoubleDigits {
		return "CAST($1 AS DOUBLE)", nil
	}
	return "CAST(CAST($1 AS VARCHAR) AS DOUBLE)", nil
}

// floatToDecimal rounds the shortest text of the number half up, as Trino does
// through BigDecimal.valueOf: 1.005e0 becomes 1.01.
func floatToDecimal(c conversion) (string, *Error) {
	source := "$1"
	if c.from.Kind == types.Real {
		source = "CAST($1 AS VARCHAR)"
	}
	return c.plain(plainDecimal("CAST(" + source + " AS VARCHAR)")), nil
}

// plainDecimal writes a number's text without an exponent, which DuckDB's cast
// to decimal does not always take.
func plainDecimal(text string) string {
	return "(CASE WHEN regexp_matches(" + text + ", '[eE]') THEN scops_plain_decimal(" + text + ") ELSE " + text + " END)"
}

// integerNames are the types in Trino's cast messages.
var integerNames = map[types.Kind]string{
	types.TinyInt: "TINYINT", types.SmallInt: "SMALLINT", types.Integer: "INT", types.BigInt: "BIGINT",
	types.Real: "REAL", types.Double: "DOUBLE", types.Boolean: "BOOLEAN",
}

func decimalName(t types.Type) string { return fmt.Sprintf("DECIMAL(%d, %d)", t.Precision, t.Scale) }
