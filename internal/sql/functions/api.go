package functions

import "github.com/scopsdb/scops/internal/sql/types"

// Operator resolves a binary operator: + - * / % || = <> < <= > >= and
// "IS DISTINCT FROM". An error is TYPE_MISMATCH, "Cannot apply operator:
// integer = varchar(1)".
func Operator(op string, l, r types.Type) (*Resolved, error) { return operator(op, l, r) }

// Negate resolves unary minus.
func Negate(t types.Type) (*Resolved, error) { return negate(t) }

// Subscript resolves base[index] on arrays and maps.
func Subscript(base, index types.Type) (*Resolved, error) { return subscript(base, index) }

// Like resolves value LIKE pattern [ESCAPE escape]: Emit takes two or three
// arguments.
func Like(value, pattern types.Type, escape bool) (*Resolved, error) {
	return like(value, pattern, escape)
}

// TimeAtZone resolves t AT TIME ZONE zone of a time with or without time zone.
func TimeAtZone(t, zone types.Type) (*Resolved, error) { return timeAtZone(t, zone) }

// Cast resolves CAST (or TRY_CAST) from a type to another; implicit coercions
// are emitted with it too. An error is TYPE_MISMATCH, "Cannot cast date to
// boolean". Equal types emit the argument as it is.
func Cast(from, to types.Type, try bool) (*Resolved, error) { return cast(from, to, try) }

// Raise is SQL that fails with an error of Trino's.
func Raise(name, message string) string { return raise(name, message) }

// PlainComparison says whether DuckDB's own = < > IN BETWEEN on two operands of
// the type mean what Trino's do, so that Emit is not needed.
func PlainComparison(t types.Type) bool { return plainComparison(t) }

// Once writes SQL in which a value stands more than once. One that is not the
// same at each call is computed once, in a lambda.
func Once(value string, write func(value string) string) string {
	if !changes(value) {
		return write(value)
	}
	return "list_transform([" + value + "], lambda scops_once: " + write("scops_once") + ")[1]"
}
