package iceberg

import "fmt"

// Trino's names of the errors of its Iceberg connector.
const (
	errInvalidMetadata = "ICEBERG_INVALID_METADATA"
	errMissingMetadata = "ICEBERG_MISSING_METADATA"
	errFilesystem      = "ICEBERG_FILESYSTEM_ERROR"
	errCommit          = "ICEBERG_COMMIT_ERROR"
	errBadData         = "ICEBERG_BAD_DATA"
	errOpenPartitions  = "ICEBERG_TOO_MANY_OPEN_PARTITIONS"
	errNotSupported    = "NOT_SUPPORTED"
	errArguments       = "INVALID_ARGUMENTS"
	errConstraint      = "CONSTRAINT_VIOLATION"
)

// Error is a failure in Trino's terms.
type Error struct {
	Name    string // ICEBERG_COMMIT_ERROR, NOT_SUPPORTED, …
	Message string
	Cause   error
}

func (e *Error) Error() string { return e.Name + ": " + e.Message }

func (e *Error) Unwrap() error { return e.Cause }

func fail(name string, cause error, format string, args ...any) error {
	return &Error{Name: name, Message: fmt.Sprintf(format, args...), Cause: cause}
}
