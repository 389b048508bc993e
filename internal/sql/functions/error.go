package functions

import "fmt"

// Error is a refused call in Trino's terms. The analyzer adds the position.
type Error struct {
	Name    string // FUNCTION_NOT_FOUND, TYPE_MISMATCH, NOT_SUPPORTED, INVALID_FUNCTION_ARGUMENT, …
	Message string
	Arg     int // index of the argument at fault, or -1
}

func (e *Error) Error() string { return e.Name + ": " + e.Message }

// refuse makes an Error about the whole call.
func refuse(name, format string, args ...any) *Error {
	return &Error{Name: name, Message: fmt.Sprintf(format, args...), Arg: -1}
}

// The names of errors, as Trino calls them.
const (
	functionNotFound  = "FUNCTION_NOT_FOUND"
	ambiguousCall     = "AMBIGUOUS_FUNCTION_CALL"
	typeMismatch      = "TYPE_MISMATCH"
	notSupported      = "NOT_SUPPORTED"
	invalidArgument   = "INVALID_FUNCTION_ARGUMENT"
	invalidCast       = "INVALID_CAST_ARGUMENT"
	numericOutOfRange = "NUMERIC_VALUE_OUT_OF_RANGE"
	divisionByZero    = "DIVISION_BY_ZERO"
	internalError     = "GENERIC_INTERNAL_ERROR"
)

// ambiguous is the error of a call that several forms take equally well.
func ambiguous() *Error {
	return refuse(ambiguousCall, "Could not choose a best candidate operator. Explicit type casts must be added.")
}
