package athena

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/ddl"
	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/iceberg"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql/ast"
)

// Athena error codes of InvalidRequestException (member AthenaErrorCode).
const (
	codeInvalidInput        = "INVALID_INPUT"
	codeMalformedQuery      = "MALFORMED_QUERY"
	codeExecutionNotFound   = "QUERY_EXECUTION_NOT_FOUND"
	codeExecutionState      = "INVALID_QUERY_EXECUTION_STATE"
	codeResultNotFound      = "RESULT_NOT_FOUND"
	codeIdempotentMismatch  = "IDEMPOTENT_PARAMETER_MISMATCH"
	codeMalformedPageToken  = "INVALID_INPUT"
	codeWorkGroupNotFound   = "INVALID_INPUT"
	exceptionInvalidRequest = "InvalidRequestException"
	exceptionMetadata       = "MetadataException"
)

// invalid is an InvalidRequestException as Athena sends it: the code stands in
// two members.
func invalid(code, format string, args ...any) *awsapi.Error {
	return &awsapi.Error{
		Code:    exceptionInvalidRequest,
		Message: fmt.Sprintf(format, args...),
		Fields:  map[string]any{"AthenaErrorCode": code, "ErrorCode": code},
	}
}

func metadataError(err error) error {
	if errors.Is(err, catalog.ErrNotFound) {
		return &awsapi.Error{Code: exceptionMetadata, Message: "EntityNotFoundException: " + err.Error(), Cause: err}
	}
	return err
}

// Categories of AthenaError.
const (
	categorySystem = 1
	categoryUser   = 2
)

func athenaError(category, kind int32, message string, retryable bool) *api.AthenaError {
	return &api.AthenaError{
		ErrorCategory: aws.Int32(category),
		ErrorType:     aws.Int32(kind),
		ErrorMessage:  aws.String(message),
		Retryable:     retryable,
	}
}

// systemTypes are the errors of a run that are not the user's. A client may try
// these again.
var systemTypes = map[string]int32{
	"GENERIC_INTERNAL_ERROR":      typeInternal,
	"EXCEEDED_LOCAL_MEMORY_LIMIT": typeResourceLimited,
	"HIVE_CANNOT_OPEN_SPLIT":      typeInternal,
	"HIVE_FILESYSTEM_ERROR":       typeInternal,
}

// errorTypes maps Trino's error names to Athena's error types, all of category
// user. Measured on Athena where athena-local lists them; 1009 (failed) is
// Athena's general code of a user's error.
var errorTypes = map[string]int32{
	"DIVISION_BY_ZERO":             1001,
	"HIVE_BAD_DATA":                1001,
	"HIVE_CURSOR_ERROR":            1001,
	"HIVE_INVALID_PARTITION_VALUE": 1001,
	"TYPE_MISMATCH":                1002,
	"SYNTAX_ERROR":                 1006,
	"COLUMN_NOT_FOUND":             1006,
	"CATALOG_NOT_FOUND":            1006,
	"EXPRESSION_NOT_AGGREGATE":     1006,
	"AMBIGUOUS_NAME":               1006,
	"INVALID_CAST_ARGUMENT":        1100,
	"NUMERIC_VALUE_OUT_OF_RANGE":   1100,
	"INVALID_PARAMETER_USAGE":      1100,
	"INVALID_FUNCTION_ARGUMENT":    1106,
	"MISSING_COLUMN_NAME":          1100,
	"TABLE_ALREADY_EXISTS":         1110,
	"NOT_SUPPORTED":                1200,
	"TABLE_NOT_FOUND":              1301,
	"SCHEMA_NOT_FOUND":             1301,
	"FUNCTION_NOT_FOUND":           1303,
}

// Failure types outside errorTypes.
const (
	typeInternal        = 100
	typeIceberg         = 233
	typeUserError       = 1000
	typeDDLFailed       = 1003
	typeCannotWrite     = 401
	typeBucketNotFound  = 1306
	typeResourceLimited = 0
)

const (
	reasonCancelledByUser = "Query cancelled by user"
	reasonScanLimit       = "Bytes scanned limit was exceeded"
	errScanLimit          = "EXCEEDED_SCAN_LIMIT" // engine.Error name
)

// outcome is how an execution ends.
type outcome struct {
	state  api.QueryExecutionState
	reason string
	err    *api.AthenaError
	cause  error // to log: set where the fault is ours
}

// outcomeOf says what state, reason and AthenaError a failed run gets.
func outcomeOf(err error) outcome {
	var (
		runErr      *engine.Error
		semantic    *ast.Error
		hive        *ddl.Error
		planning    *planner.Error
		table       *iceberg.Error
		destination *outputError
		gone        *sinkError
	)
	switch {
	case errors.As(err, &gone):
		return outcome{state: api.QueryExecutionStateCancelled, reason: gone.Error()}
	case errors.Is(err, context.Canceled):
		return outcome{state: api.QueryExecutionStateCancelled, reason: reasonCancelledByUser}
	case errors.As(err, &semantic):
		return userFailure(semantic.Name, semantic.Name+": "+semantic.Error())
	case errors.As(err, &runErr) && runErr.Name == errScanLimit:
		return outcome{state: api.QueryExecutionStateCancelled, reason: reasonScanLimit}
	case errors.As(err, &runErr):
		if kind, ok := systemTypes[runErr.Name]; ok {
			return failure(categorySystem, kind, runErr.Error(), err)
		}
		return userFailure(runErr.Name, runErr.Error())
	case errors.As(err, &planning):
		return userFailure(planning.Name, planning.Error())
	case errors.As(err, &table):
		return tableFailure(table)
	case errors.As(err, &hive) && hive.Kind == ddl.NotSupported:
		return failure(categoryUser, errorTypes["NOT_SUPPORTED"], hive.Error(), nil)
	case errors.As(err, &hive):
		return failure(categoryUser, typeDDLFailed, hive.Error(), nil)
	case errors.As(err, &destination):
		return failure(categoryUser, typeCannotWrite, destination.Error(), nil)
	}
	return failure(categorySystem, typeInternal, "GENERIC_INTERNAL_ERROR: "+err.Error(), err)
}

// tableFailure is a failure of an Iceberg table.
func tableFailure(err *iceberg.Error) outcome {
	if !strings.HasPrefix(err.Name, "ICEBERG_") {
		return userFailure(err.Name, err.Error())
	}
	return failure(categoryUser, typeIceberg, err.Error(), nil)
}

func userFailure(name, message string) outcome {
	kind, ok := errorTypes[name]
	if !ok {
		kind = typeUserError
	}
	return failure(categoryUser, kind, message, nil)
}

func failure(category, kind int32, message string, cause error) outcome {
	return outcome{
		state:  api.QueryExecutionStateFailed,
		reason: message,
		err:    athenaError(category, kind, message, category == categorySystem),
		cause:  cause,
	}
}

// outputError is a result that could not be written to the output location.
type outputError struct {
	location string
	cause    error
}

func (e *outputError) Error() string {
	if errors.Is(e.cause, objects.ErrNoSuchBucket) {
		return fmt.Sprintf("Unable to verify/create output bucket %s", bucketOf(e.location))
	}
	return fmt.Sprintf("Unable to write the result to %s: %v", e.location, e.cause)
}

func (e *outputError) Unwrap() error { return e.cause }

func bucketOf(location string) string {
	bucket, _, err := objects.SplitURI(location)
	if err != nil {
		return location
	}
	return bucket
}

// sinkError is a reader of a one-call query that took no more rows.
type sinkError struct{ cause error }

func (e *sinkError) Error() string { return "The client took no more rows: " + e.cause.Error() }
func (e *sinkError) Unwrap() error { return e.cause }
