package projection

import "fmt"

// Trino's names of the errors.
const (
	errConstraint      = "CONSTRAINT_VIOLATION"
	errMetastore       = "HIVE_METASTORE_ERROR"
	errTableProperty   = "INVALID_TABLE_PROPERTY"
	errInvalidMetadata = "HIVE_INVALID_METADATA"
	errInvalidValue    = "HIVE_INVALID_PARTITION_VALUE"
	errTooMany         = "HIVE_EXCEEDED_PARTITION_LIMIT"
)

// Error is a failure in Trino's terms.
type Error struct {
	Name    string // INVALID_TABLE_PROPERTY, …
	Message string
}

func (e *Error) Error() string { return e.Name + ": " + e.Message }

func fail(name, format string, args ...any) error {
	return &Error{Name: name, Message: fmt.Sprintf(format, args...)}
}

// invalid is a property of a column that cannot be used.
func invalid(column, format string, args ...any) error {
	return fail(errTableProperty, "Column projection for column '%s' failed. %s", column, fmt.Sprintf(format, args...))
}
