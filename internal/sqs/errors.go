package sqs

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/queue"
)

// queryCodes are the codes of the older Query protocol where they differ from
// the names of the shapes. boto3 shows them as the error code.
var queryCodes = map[string]string{
	"QueueDoesNotExist":                 "AWS.SimpleQueueService.NonExistentQueue",
	"QueueNameExists":                   "QueueAlreadyExists",
	"InvalidParameterValueException":    "InvalidParameterValue",
	"MissingRequiredParameterException": "MissingParameter",
	"AccessDeniedException":             "AccessDenied",
	"BatchEntryIdsNotDistinct":          "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
	"BatchRequestTooLong":               "AWS.SimpleQueueService.BatchRequestTooLong",
	"EmptyBatchRequest":                 "AWS.SimpleQueueService.EmptyBatchRequest",
	"InvalidBatchEntryId":               "AWS.SimpleQueueService.InvalidBatchEntryId",
	"MessageNotInflight":                "AWS.SimpleQueueService.MessageNotInflight",
	"PurgeQueueInProgress":              "AWS.SimpleQueueService.PurgeQueueInProgress",
	"QueueDeletedRecently":              "AWS.SimpleQueueService.QueueDeletedRecently",
	"TooManyEntriesInBatchRequest":      "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
	"UnsupportedOperation":              "AWS.SimpleQueueService.UnsupportedOperation",
}

func failure(code, format string, args ...any) *awsapi.Error {
	e := awsapi.Errorf(code, format, args...)
	if e.QueryCode = queryCodes[code]; e.QueryCode == "" {
		e.QueryCode = code
	}
	return e
}

func missing(parameter string) *awsapi.Error {
	return failure("MissingRequiredParameterException", "The request must contain the parameter %s.", parameter)
}

func invalid(format string, args ...any) *awsapi.Error {
	return failure("InvalidParameterValueException", format, args...)
}

// invalidValue is the error for a number out of its range.
func invalidValue(v any, parameter, reason string) *awsapi.Error {
	return invalid("Value %v for parameter %s is invalid. Reason: %s", v, parameter, reason)
}

// unsupported refuses what scops does not do.
func unsupported(format string, args ...any) *awsapi.Error {
	return failure("UnsupportedOperation", "scops does not support "+format, args...)
}

// overLimit is an error of its own status.
func overLimit(format string, args ...any) *awsapi.Error {
	e := failure("OverLimit", format, args...)
	e.Status = http.StatusForbidden
	return e
}

func noQueue() *awsapi.Error {
	e := failure("QueueDoesNotExist", "The specified queue does not exist.")
	e.QueryMessage = "The specified queue does not exist for this wsdl version."
	return e
}

// asAWS turns an error of the store into what a client sees.
func asAWS(err error) error {
	var e *awsapi.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &e):
		return err
	case errors.Is(err, queue.ErrQueueNotFound):
		return noQueue()
	case errors.Is(err, queue.ErrTooManyInFlight):
		return overLimit("Too many messages in flight: the limit is %d. Delete messages, or wait until their visibility timeout ends.", maxInFlight)
	case errors.Is(err, queue.ErrNoGroup):
		return errNoGroup
	case errors.Is(err, queue.ErrReceiptInvalid):
		return failure("ReceiptHandleIsInvalid", "The input receipt handle is invalid.")
	case errors.Is(err, queue.ErrNotInFlight):
		return failure("MessageNotInflight", "The message referred to is not in flight under this receipt handle.")
	case errors.Is(err, queue.ErrMessageTooLarge):
		return tooLong(maxMessageSize)
	case errors.Is(err, queue.ErrNoSpace):
		return unavailable("The disk of this server is nearly full; nothing was stored.", err)
	case errors.Is(err, queue.ErrClosed):
		return unavailable("The server is shutting down.", err)
	}
	return err
}

// unavailable is an error after which the SDKs try again.
func unavailable(message string, cause error) *awsapi.Error {
	e := failure("ServiceUnavailable", "%s", message)
	e.Status, e.Receiver, e.Cause = http.StatusServiceUnavailable, true, cause
	return e
}

// failed is a batch entry that was not accepted.
func failed(id string, err error) failedEntry {
	e := awsapi.AsError(asAWS(err))
	code := e.QueryCode
	if code == "" {
		code = e.Code
	}
	return failedEntry{Id: id, Code: code, Message: e.Message, SenderFault: !e.Receiver}
}

func receiptError(handle string, err error) error {
	if errors.Is(err, queue.ErrReceiptInvalid) {
		return failure("ReceiptHandleIsInvalid", "The input receipt handle %q is not a valid receipt handle.", shorten(handle))
	}
	if errors.Is(err, queue.ErrReceiptExpired) {
		return invalidValue(shorten(handle), "ReceiptHandle", "The receipt handle has expired.")
	}
	return asAWS(err)
}

func shorten(s string) string {
	if len(s) > 200 {
		return fmt.Sprintf("%.200s…", s)
	}
	return s
}
