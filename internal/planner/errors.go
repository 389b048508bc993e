package planner

import "fmt"

// Trino's names of the errors that planning ends with.
const (
	errInvalidPartitionValue = "HIVE_INVALID_PARTITION_VALUE"
	errInvalidMetadata       = "HIVE_INVALID_METADATA"
	errFilesystem            = "HIVE_FILESYSTEM_ERROR"
	errNotSupported          = "NOT_SUPPORTED"
	errTableNotFound         = "TABLE_NOT_FOUND"
)

// Error is a failure to plan in Trino's terms.
type Error struct {
	Name    string // HIVE_INVALID_PARTITION_VALUE, …
	Message string
	Cause   error
}

func (e *Error) Error() string { return e.Name + ": " + e.Message }

func (e *Error) Unwrap() error { return e.Cause }

func fail(name string, cause error, format string, args ...any) error {
	return &Error{Name: name, Message: fmt.Sprintf(format, args...), Cause: cause}
}
