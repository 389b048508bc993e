package functions

import (
	"fmt"

	"github.com/scopsdb/scops/internal/sql/types"
)

func textCasts() map[[2]types.Kind]castRule {
	rules := map[[2]types.Kind]castRule{
		{types.Varchar, types.Varchar}:   varcharToVarchar,
		{types.Char, types.Varchar}:      varcharToVarchar,
		{types.Varchar, types.Char}:      varcharToChar,
		{types.Char, types.Char}:         charToChar,
		{types.Varchar, types.Boolean}:   varcharToBoolean,
		{types.Varchar, types.Double}:    varcharToFloat,
		{types.Varchar, types.Real}:      varcharToFloat,
		{types.Varchar, types.Decimal}:   varcharToDecimal,
		{types.Varchar, types.UUID}:      varcharToUUID,
		{types.Varchar, types.Varbinary}: template("encode($1)"),
		{types.Boolean, types.Varchar}:   toVarchar("CAST($1 AS VARCHAR)"),
		{types.Double, types.Varchar}:    toVarchar("scops_double_text($1)"),
		{types.Real, types.Varchar}:      toVarchar("scops_real_text($1)"),
		{types.Decimal, types.Varchar}:   decimalToVarchar,
	}
	for _, k := range integerKinds {
		rules[[2]types.Kind{types.Varchar, k}] = varcharToInteger
		rules[[2]types.Kind{k, types.Varchar}] = toVarchar("CAST($1 AS VARCHAR)")
	}
	return rules
}

// varcharToVarchar cuts.
func varcharToVarchar(c conversion) (string, *Error) {
	if c.to.Precision == types.UnboundedLength ||
		c.from.Precision != types.UnboundedLength && c.from.Precision <= c.to.Precision {
		return "$1", nil
	}
	return fmt.Sprintf("left($1, %d)", c.to.Precision), nil
}

// varcharToChar cuts and pads: DuckDB carries char padded.
func varcharToChar(c conversion) (string, *Error) {
	return fmt.Sprintf("rpad($1, %d, ' ')", c.to.Precision), nil
}

func charToChar(c conversion) (string, *Error) { return varcharToChar(c) }

// toVarchar is the text of another type; one that is too long for varchar(n)
// is an error.
func toVarchar(text string) castRule {
	return func(c conversion) (string, *Error) {
		if c.to.Precision == types.UnboundedLength {
			return text, nil
		}
		fail := c.fail(raiseWith(invalidCast, "Value %s cannot be represented as "+c.to.String(), text))
		return fmt.Sprintf("(CASE WHEN length(%s) <= %d THEN %s WHEN $1 IS NOT NULL THEN %s END)", text, c.to.Precision, text, fail), nil
	}
}

// decimalToVarchar writes the zero before the point, which DuckDB leaves out
// where all digits are behind it.
func decimalToVarchar(c conversion) (string, *Error) {
	text := "CAST($1 AS VARCHAR)"
	if c.from.Precision == c.from.Scale {
		if c.from.Precision == types.MaxDecimalPrecision {
			return toVarchar("(CASE WHEN starts_with(" + text + ", '.') THEN '0' || " + text + " WHEN starts_with(" + text + ", '-.') THEN '-0' || substring(" + text + ", 2) ELSE " + text + " END)")(c)
		}
		text = fmt.Sprintf("CAST(CAST($1 AS DECIMAL(%d,%d)) AS VARCHAR)", c.from.Precision+1, c.from.Scale)
	}
	return toVarchar(text)(c)
}

// guarded casts text of a form; other text, except NULL, fails.
func (c conversion) guarded(pattern, sql, message string) string {
	return "(CASE WHEN regexp_full_match($1, " + quote(pattern) + ") THEN " + sql +
		" WHEN $1 IS NOT NULL THEN " + c.fail(raiseWith(invalidCast, message, "$1")) + " END)"
}

// varcharToInteger takes what Java's parseLong takes of ASCII: no blanks.
func varcharToInteger(c conversion) (string, *Error) {
	return c.guarded(`[+-]?[0-9]+`, c.plain("$1"), "Cannot cast '%s' to "+integerNames[c.to.Kind]), nil
}

const (
	javaBlank  = `[\x00-\x20]*`
	javaNumber = `[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?`
)

// javaHex is a hexadecimal number with its binary exponent.
const javaHex = `([+-]?0[xX]([0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)[pP][+-]?[0-9]+)[dDfF]?`

// varcharToFloat takes what Java's parseDouble takes.
func varcharToFloat(c conversion) (string, *Error) {
	name := integerNames[c.to.Kind]
	number := "CAST(regexp_replace($1, '[\\x00-\\x20dDfF]+', '', 'g') AS " + duckType(c.to) + ")"
	word := "CAST(regexp_replace($1, '[\\x00-\\x20+]+', '', 'g') AS " + duckType(c.to) + ")"
	return "(CASE WHEN regexp_full_match($1, " + quote(javaBlank+javaNumber+`[dDfF]?`+javaBlank) + ") THEN " + number +
		" WHEN regexp_full_match($1, " + quote(javaBlank+javaHex+javaBlank) + ") THEN CAST(scops_hex_double(regexp_extract($1, " + quote(javaHex) + ", 1), " + floatBits[c.to.Kind] + ") AS " + duckType(c.to) + ")" +
		" WHEN regexp_full_match($1, " + quote(javaBlank+`[+-]?(NaN|Infinity)`+javaBlank) + ") THEN " + word +
		" WHEN $1 IS NOT NULL THEN " + c.fail(raiseWith(invalidCast, "Cannot cast '%s' to "+name, "$1")) + " END)", nil
}

var floatBits = map[types.Kind]string{types.Real: "32", types.Double: "64"}

// varcharToDecimal takes what Java's BigDecimal takes and rounds half up.
func varcharToDecimal(c conversion) (string, *Error) {
	name := decimalName(c.to)
	large := c.fail(raiseWith(invalidCast, "Cannot cast VARCHAR '%s' to "+name+". Value too large.", "$1"))
	return "(CASE WHEN regexp_full_match($1, " + quote(javaNumber) + ") THEN coalesce(TRY_CAST(" + plainDecimal("$1") + " AS " + duckType(c.to) + "), " + large + ")" +
		" WHEN $1 IS NOT NULL THEN " + c.fail(raiseWith(invalidCast, "Cannot cast VARCHAR '%s' to "+name+". Value is not a number.", "$1")) + " END)", nil
}

func varcharToBoolean(c conversion) (string, *Error) {
	return "(CASE WHEN lower($1) IN ('t', 'true', '1') THEN true WHEN lower($1) IN ('f', 'false', '0') THEN false WHEN $1 IS NOT NULL THEN " +
		c.fail(raiseWith(invalidCast, "Cannot cast '%s' to BOOLEAN", "$1")) + " END)", nil
}

func varcharToUUID(c conversion) (string, *Error) {
	return c.guarded(`[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}`, c.plain("$1"), "Cannot cast value to UUID: %s"), nil
}
