package functions

import (
	"regexp"
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

// Try writes TRY around SQL of a type: NULL where it fails with an error that Trino's TRY
// catches, and other errors as they are. The value stands in a struct, because
// DuckDB 1.5.6 reads memory that was never set where CASE or COALESCE is at the
// top of its TRY, and the errors are raised by scops_fail, because it refuses
// error().
func Try(sql string, t types.Type) string {
	// DuckDB's TRY takes no function that changes at each call: what hides a value
	// with a zone of its own goes around it.
	steady := outsideQuotes(sql, func(part string) string { return strings.ReplaceAll(part, "scops_fresh(", "(") })
	if steady != sql && ownZone(t) {
		return "scops_fresh(" + tried(steady, t) + ")"
	}
	return tried(steady, t)
}

func tried(sql string, t types.Type) string {
	attempt := "TRY(struct_pack(v := " + castText(caught(sql, "scops_failed("), duckType(t)) + "))"
	value := castText("struct_extract("+attempt+", 'v')", duckType(t))
	name := uncaught(sql)
	if name == "" {
		return value
	}
	// What fails, and does not where the errors that TRY lets through are left
	// out, failed with one of them.
	passing := "TRY(struct_pack(v := " + strings.ReplaceAll(caught(sql, "scops_null("), raiseMode, quote(PassMode)) + "))"
	return "(CASE WHEN " + attempt + " IS NULL AND " + passing + " IS NOT NULL THEN " + raise(name, "the expression in TRY failed") + " ELSE " + value + " END)"
}

// Raises says whether SQL has errors that it raises itself.
func Raises(sql string) bool { return raising.MatchString(sql) }

// raising is the beginning of what raise and raiseWith write. No text of a
// user's can hold it: inside a string the quote would stand twice.
var raising = regexp.MustCompile(`\berror\((concat\()?'` + ErrorPrefix + `([A-Z_]+)`)

// caughtErrors are the errors that Trino's TRY makes NULL.
var caughtErrors = map[string]bool{
	divisionByZero: true, invalidCast: true, invalidArgument: true, numericOutOfRange: true,
}

// TryCatches says whether Trino's TRY makes an error of this name NULL.
func TryCatches(name string) bool { return caughtErrors[name] }

// caught replaces the errors that SQL raises: those that TRY catches by
// scops_failed, the others by a function.
func caught(sql, other string) string {
	return raising.ReplaceAllStringFunc(sql, func(m string) string {
		with := other
		if caughtErrors[m[strings.LastIndexByte(m, ':')+1:]] {
			with = "scops_failed("
		}
		return strings.Replace(m, "error(", with, 1)
	})
}

// uncaught is the first error that SQL raises and TRY lets through.
func uncaught(sql string) string {
	for _, m := range raising.FindAllStringSubmatch(sql, -1) {
		if !caughtErrors[m[2]] {
			return m[2]
		}
	}
	if strings.Contains(sql, raiseMode) {
		return notSupported
	}
	return ""
}

// mayFail calls a function in Go that may fail; with an empty first argument it
// gives NULL instead.
func mayFail(name string, args ...string) string {
	return name + "(" + raiseMode + ", " + strings.Join(args, ", ") + ")"
}

// PassMode is the first argument of functions in Go that give NULL in place of
// an error that TRY lets through; raiseMode that of those that fail.
const (
	PassMode  = ErrorPrefix + "pass"
	raiseMode = "'" + ErrorPrefix + "raise'"
)

// mayFail is the call in a cast; TRY_CAST gives NULL.
func (c conversion) mayFail(name string, args ...string) string {
	if c.try {
		return name + "('', " + strings.Join(args, ", ") + ")"
	}
	return mayFail(name, args...)
}
