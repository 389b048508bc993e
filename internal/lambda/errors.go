package lambda

import (
	"fmt"
	"net/http"

	"github.com/scopsdb/scops/internal/awsapi"
)

// notFound is the error of shape ResourceNotFoundException, which spells its
// message with a capital.
func notFound(format string, args ...any) *awsapi.Error {
	message := fmt.Sprintf(format, args...)
	return &awsapi.Error{
		Code: "ResourceNotFoundException", Message: message, Status: http.StatusNotFound,
		Fields: map[string]any{"Message": message},
	}
}

func conflict(format string, args ...any) *awsapi.Error {
	return &awsapi.Error{Code: "ResourceConflictException", Message: fmt.Sprintf(format, args...), Status: http.StatusConflict}
}

func invalid(format string, args ...any) *awsapi.Error {
	return awsapi.Errorf("InvalidParameterValueException", format, args...)
}

// unsupported refuses a part of Lambda that scops does not have, by name.
func unsupported(what string) *awsapi.Error {
	return invalid("scops does not support %s.", what)
}

// constraint is an error of Lambda's validation of shapes.
func constraint(value, member, rule string) *awsapi.Error {
	return awsapi.Errorf("ValidationException", "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: %s", value, member, rule)
}

func tooLarge(limit int, operation string) *awsapi.Error {
	return &awsapi.Error{
		Code: "RequestEntityTooLargeException", Status: http.StatusRequestEntityTooLarge,
		Message: fmt.Sprintf("Request must be smaller than %d bytes for the %s operation", limit, operation),
	}
}

// staleRevision says that a change was meant for another revision.
func staleRevision() *awsapi.Error {
	return &awsapi.Error{
		Code: "PreconditionFailedException", Status: http.StatusPreconditionFailed,
		Message: "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
	}
}

// throttled is the error of an invocation beyond a limit of concurrency.
func throttled(reason string) *awsapi.Error {
	return &awsapi.Error{
		Code: "TooManyRequestsException", Message: "Rate Exceeded.", Status: http.StatusTooManyRequests,
		Fields: map[string]any{"Reason": reason},
	}
}
