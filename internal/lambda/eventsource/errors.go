package eventsource

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/sqlite"
)

// The codes of Lambda's errors that this package answers or expects.
const (
	codeInvalid    = "InvalidParameterValueException"
	codeValidation = "ValidationException"
	codeNotFound   = "ResourceNotFoundException"
	codeConflict   = "ResourceConflictException"
	codeThrottled  = "TooManyRequestsException"
	codeNoQueue    = "QueueDoesNotExist" // of SQS
)

// failure has the member Type that Lambda's errors have.
func failure(status int, code, format string, args ...any) *awsapi.Error {
	return &awsapi.Error{
		Code: code, Status: status, Message: fmt.Sprintf(format, args...),
		Fields: map[string]any{"Type": "User"},
	}
}

func invalid(format string, args ...any) *awsapi.Error {
	return failure(http.StatusBadRequest, codeInvalid, format, args...)
}

// unsupported refuses what scops does not do.
func unsupported(what string) *awsapi.Error {
	return invalid("scops does not support %s of event source mappings.", what)
}

// violation is a value outside of what the model of Lambda allows.
func violation(value any, member, constraint string) *awsapi.Error {
	v := "null"
	if value != nil {
		v = fmt.Sprintf("'%v'", value)
	}
	return awsapi.Errorf(codeValidation, "1 validation error detected: Value %s at '%s' failed to satisfy constraint: Member must %s", v, member, constraint)
}

func noMapping() *awsapi.Error {
	return failure(http.StatusNotFound, codeNotFound, "The resource you requested does not exist.")
}

// is tells whether err is the AWS error with the code.
func is(err error, code string) bool {
	var e *awsapi.Error
	return errors.As(err, &e) && e.Code == code
}

// stored turns a failure of catalog.db into what a client sees.
func stored(err error) error {
	if sqlite.IsFull(err) {
		return awsapi.DiskFull(err)
	}
	return err
}
