package iceberg

import (
	"errors"
	"fmt"

	"github.com/scopsdb/scops/internal/catalog"
)

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

// uncertain is a failure of the catalog after which nobody knows whether the
// change is there: files that it would name must stay.
type uncertain struct{ error }

func (e *uncertain) Unwrap() error { return e.error }

// refusal makes a failure of the catalog uncertain, but for those by which it
// refuses before it changes anything.
func refusal(err error) error {
	for _, kind := range []error{catalog.ErrConflict, catalog.ErrNotFound, catalog.ErrInvalid, catalog.ErrAlreadyExists} {
		if errors.Is(err, kind) {
			return err
		}
	}
	return &uncertain{err}
}

// NotDone says whether a failed change is certainly not there.
func NotDone(err error) bool {
	var u *uncertain
	return err != nil && !errors.As(err, &u)
}

func fail(name string, cause error, format string, args ...any) error {
	return &Error{Name: name, Message: fmt.Sprintf(format, args...), Cause: cause}
}
