package queue

import (
	"errors"
	"fmt"
)

// Errors that callers tell apart with errors.Is.
var (
	ErrQueueNotFound   = errors.New("no such queue")
	ErrQueueExists     = errors.New("queue exists")
	ErrReceiptExpired  = errors.New("receipt handle has expired")
	ErrNoGroup         = errors.New("message of a FIFO queue needs a group of less than 64 KiB, and others have none")
	ErrReceiptInvalid  = errors.New("invalid receipt handle")
	ErrNotInFlight     = errors.New("message is not in flight under this receipt handle")
	ErrVisibilityLimit = errors.New("visibility timeouts of one receipt add up to more than the limit")
	ErrTooManyInFlight = errors.New("too many messages in flight")
	ErrMessageTooLarge = errors.New("message is too large")
	ErrTaskActive      = errors.New("a move task is under way")
	ErrTaskEnded       = errors.New("the move task does not run")
	ErrNoTask          = errors.New("no such move task")
	ErrNoSpace         = errors.New("not enough disk space")
	ErrClosed          = errors.New("queue store is closed")
)

// ErrDiskFull is another name for ErrNoSpace.
var ErrDiskFull = ErrNoSpace

// Error says on which queue which operation failed.
type Error struct {
	Op    string // for example "send"
	Queue Name
	Err   error
}

func (e *Error) Error() string { return fmt.Sprintf("%s: queue %q: %v", e.Op, e.Queue, e.Err) }

func (e *Error) Unwrap() error { return e.Err }

func fail(op string, name Name, err error) error {
	if err == nil {
		return nil
	}
	return &Error{Op: op, Queue: name, Err: err}
}
