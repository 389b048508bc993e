package awsapi

import (
	"errors"
	"fmt"
	"net/http"
)

// Error is a failure that a client sees, in the terms of the AWS service that
// it called. The gateway renders it in the protocol of the request.
type Error struct {
	Code      string // shape name, for example "QueueDoesNotExist"
	QueryCode string // code of the older Query protocol where it differs (x-amzn-query-error)
	Message   string // for people

	// QueryMessage is the message of the older Query protocol where it differs.
	QueryMessage string

	Status   int            // HTTP status; 0 means 400
	Receiver bool           // the service is at fault, not the sender
	Fields   map[string]any // further members of the error's shape, for example AthenaErrorCode
	Cause    error          // logged, never sent
}

func (e *Error) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%s: %s: %v", e.Code, e.Message, e.Cause)
	}
	return e.Code + ": " + e.Message
}

func (e *Error) Unwrap() error { return e.Cause }

// HTTPStatus returns the status to answer with.
func (e *Error) HTTPStatus() int {
	switch {
	case e.Status != 0:
		return e.Status
	case e.Receiver:
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}

// Errorf returns a sender's error (HTTP 400) with a formatted message.
func Errorf(code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// AsError returns err as an *Error; any other error becomes InternalFailure
// (HTTP 500) with err as its cause, so that no detail leaks to the client.
func AsError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Code: "InternalFailure", Message: "The request processing has failed because of an unknown error.", Receiver: true, Cause: err}
}

// DiskFull is the error for what could not be stored. It is temporary: the SDKs
// try again.
func DiskFull(cause error) *Error {
	return &Error{
		Code: "ServiceUnavailable", Message: "The disk of this server is full; nothing was stored.",
		Status: http.StatusServiceUnavailable, Receiver: true, Cause: cause,
	}
}
