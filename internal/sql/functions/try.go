package functions

import "strings"

// NullOnError makes the errors that emitted SQL raises itself NULL, for TRY.
// DuckDB's own TRY is of no use: it refuses error(), and with COALESCE inside
// it gave values from memory that was never set (1.5.6).
func NullOnError(sql string) string { return raised.Replace(sql) }

// raised replaces what raise and raiseWith write. No text of a user's can hold
// it: inside a string the quote would stand twice.
var raised = strings.NewReplacer(
	"error('"+ErrorPrefix, "scops_null('"+ErrorPrefix,
	"error(concat('"+ErrorPrefix, "scops_null(concat('"+ErrorPrefix,
	"scops_json_parse(", "scops_json_try_parse(",
)

// CanRaise says whether emitted SQL has an error that NullOnError makes NULL.
func CanRaise(sql string) bool { return NullOnError(sql) != sql }

// mayFail calls a function in Go that may fail. NullOnError makes it one that
// gives NULL then.
func mayFail(name string, args ...string) string {
	return name + "(scops_error('" + ErrorPrefix + "raise'), " + strings.Join(args, ", ") + ")"
}

// mayFail is the call in a cast; TRY_CAST gives NULL.
func (c conversion) mayFail(name string, args ...string) string {
	if c.try {
		return name + "('', " + strings.Join(args, ", ") + ")"
	}
	return mayFail(name, args...)
}
