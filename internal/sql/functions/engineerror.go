package functions

import (
	"regexp"
	"strings"
)

// ParseError reads the error that DuckDB reports for emitted SQL: one that the
// SQL raised, or one of DuckDB's own that has a meaning in Trino. It is false
// for all others.
func ParseError(message string) (name, text string, ok bool) {
	if _, rest, found := strings.Cut(message, ErrorPrefix); found {
		name, text, ok = strings.Cut(rest, ": ")
		return name, text, ok && errorName.MatchString(name)
	}
	for _, e := range engineErrors {
		if m := e.pattern.FindStringSubmatchIndex(message); m != nil {
			return e.name, duckTypeNames.Replace(string(e.pattern.ExpandString(nil, e.text, message, m))), true
		}
	}
	return "", "", false
}

var errorName = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)

// duckTypeNames are DuckDB's internal type names in its messages.
var duckTypeNames = strings.NewReplacer(
	"INT8", "tinyint", "INT16", "smallint", "INT32", "integer", "INT64", "bigint", "INT128", "decimal", "FLOAT", "real")

// engineErrors are DuckDB's own errors, with Trino's name and words. The first
// that matches counts.
var engineErrors = []struct {
	pattern *regexp.Regexp
	name    string
	text    string
}{
	{regexp.MustCompile(`Overflow in (addition|subtraction|multiplication) of (INT\d+) \((.*)\)!`), numericOutOfRange, "$2 $1 overflow: $3"},
	{regexp.MustCompile(`Overflow in (?:addition|subtraction|multiplication|subtract|multiply) of DECIMAL`), numericOutOfRange, "Decimal overflow"},
	{regexp.MustCompile(`Overflow in negation of`), numericOutOfRange, "negation overflow"},
	{regexp.MustCompile(`Overflow in division of (-?\d+) / (-?\d+)`), numericOutOfRange, "division overflow: $1 / $2"},
	{regexp.MustCompile(`Overflow on abs\((-?\d+)\)`), numericOutOfRange, "Value $1 is out of range for abs"},
	{regexp.MustCompile(`Type INT128 with value (\S+) can't be cast because the value is out of range for the destination type INT64`), numericOutOfRange, "bigint addition overflow: $1"},
	{regexp.MustCompile(`Type (?:DOUBLE|FLOAT) with value (-?)nan can't be cast .* destination type (\w+)`), invalidCast, "Cannot cast double NaN to $2"},
	{regexp.MustCompile(`Type (?:DOUBLE|FLOAT) with value (\S+) can't be cast .* destination type INT64`), invalidCast, "Unable to cast $1 to bigint"},
	{regexp.MustCompile(`Type \w+ with value (\S+) can't be cast .* destination type (\w+)`), numericOutOfRange, "Out of range for $2: $1"},
	{regexp.MustCompile(`Failed to cast decimal value (\S+) to type (\w+)`), invalidCast, "Cannot cast '$1' to $2"},
	{regexp.MustCompile(`Casting value "(.*)" to type (DECIMAL\(\d+,\d+\)) failed`), invalidCast, "Cannot cast DECIMAL '$1' to $2"},
	{regexp.MustCompile(`Could not cast value (\S+) to (DECIMAL\(\d+,\d+\))`), invalidCast, "Cannot cast '$1' to $2"},
	{regexp.MustCompile(`Could not convert string ['"](.*)['"] to INT32`), invalidCast, "Cannot cast '$1' to INT"},
	{regexp.MustCompile(`Could not convert string ['"](.*)['"] to INT64`), invalidCast, "Cannot cast '$1' to BIGINT"},
	{regexp.MustCompile(`Could not convert string ['"](.*)['"] to INT16`), invalidCast, "Cannot cast '$1' to SMALLINT"},
	{regexp.MustCompile(`Could not convert string ['"](.*)['"] to INT8`), invalidCast, "Cannot cast '$1' to TINYINT"},
	{regexp.MustCompile(`Could not convert string ['"](.*)['"] to (DECIMAL\(\d+,\d+\)|\w+)`), invalidCast, "Cannot cast '$1' to $2"},
	{regexp.MustCompile(`(?:date field value out of range|invalid date field format): "(.*)"`), invalidCast, "Value cannot be cast to date: $1"},
	{regexp.MustCompile(`(?:timestamp field value out of range|invalid timestamp field format): "(.*)"`), invalidCast, "Value cannot be cast to timestamp: $1"},
	{regexp.MustCompile(`Could not parse string "(.*)" according to format specifier`), invalidArgument, `Invalid format: "$1"`},
	{regexp.MustCompile(`Date out of range: `), invalidArgument, "Invalid format: the date does not exist"},
	{regexp.MustCompile(`could not convert blob to UTF8 string`), notSupported, "from_utf8 of bytes that are not UTF-8 is not supported"},
	{regexp.MustCompile(`More than one row returned by a subquery`), "SUBQUERY_MULTIPLE_ROWS", "Scalar sub-query has returned multiple rows"},
	{regexp.MustCompile(`Map keys must be unique`), invalidArgument, "Duplicate map keys are not allowed"},
	{regexp.MustCompile(`(STDDEV\w*|VAR\w*|CORR) is out of range`), notSupported, "$1 of values that are not finite is not supported"},
	{regexp.MustCompile(`Out of Range Error: (.*)`), numericOutOfRange, "$1"},
}
