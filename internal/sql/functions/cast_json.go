package functions

import "github.com/scopsdb/scops/internal/sql/types"

// jsonCasts: JSON is carried as its text, normalised. Only what has one meaning
// for every value is here.
func jsonCasts() map[[2]types.Kind]castRule {
	return map[[2]types.Kind]castRule{
		{types.JSON, types.Varchar}: jsonToVarchar,
		{types.JSON, types.BigInt}:  jsonToInteger,
		{types.JSON, types.Integer}: jsonToInteger,
		{types.JSON, types.Double}:  jsonToDouble,
		{types.JSON, types.Boolean}: jsonToBoolean,
	}
}

func jsonToVarchar(c conversion) (string, *Error) {
	if c.try {
		return "", refuse(notSupported, "TRY_CAST from json is not supported")
	}
	return toVarchar("scops_json_to_text($1)")(c)
}

// jsonToInteger takes integers, and texts of them; a number with a fraction is
// refused, because Trino rounds or fails by its size.
func jsonToInteger(c conversion) (string, *Error) {
	return "(CASE WHEN $1 = 'null' THEN NULL WHEN $1 = 'true' THEN 1 WHEN $1 = 'false' THEN 0" +
		` WHEN regexp_full_match($1, '"?-?[0-9]+"?') THEN ` + c.plain(`replace($1, '"', '')`) +
		" WHEN $1 IS NOT NULL THEN " + c.failJSON() + " END)", nil
}

func jsonToDouble(c conversion) (string, *Error) {
	return "(CASE WHEN $1 = 'null' THEN NULL WHEN $1 = 'true' THEN 1 WHEN $1 = 'false' THEN 0" +
		` WHEN regexp_full_match($1, '"?-?[0-9]+([.][0-9]+)?(E-?[0-9]+)?"?') THEN ` + c.plain(`replace($1, '"', '')`) +
		" WHEN $1 IS NOT NULL THEN " + c.failJSON() + " END)", nil
}

func jsonToBoolean(c conversion) (string, *Error) {
	return `(CASE WHEN $1 = 'null' THEN NULL WHEN $1 IN ('true', '"true"', '1') THEN true WHEN $1 IN ('false', '"false"', '0') THEN false` +
		" WHEN $1 IS NOT NULL THEN " + c.failJSON() + " END)", nil
}

// failJSON is an error also for TRY_CAST where another answer might be due.
func (c conversion) failJSON() string {
	return raiseWith(invalidCast, "Cannot cast '%s' to "+integerNames[c.to.Kind], "$1")
}
