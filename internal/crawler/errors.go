package crawler

import (
	"errors"
	"fmt"
)

// Errors that the crawlers answer with (test with errors.Is).
var (
	ErrNotFound           = errors.New("not found")
	ErrAlreadyExists      = errors.New("already exists")
	ErrInvalid            = errors.New("invalid")
	ErrRunning            = errors.New("the crawler is running")
	ErrNotRunning         = errors.New("the crawler is not running")
	ErrStopping           = errors.New("the crawler is stopping")
	ErrScheduleRunning    = errors.New("the schedule is on")
	ErrScheduleNotRunning = errors.New("the schedule is off")
	ErrNoSchedule         = errors.New("there is no schedule")
)

// Error says what a call failed on. It unwraps to one of the package's errors.
type Error struct {
	Kind    error
	Message string
}

func (e *Error) Error() string { return e.Message }

func (e *Error) Unwrap() error { return e.Kind }

func fail(kind error, format string, args ...any) error {
	return &Error{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

func noCrawler(name string) error {
	return fail(ErrNotFound, "Crawler entry with name %s does not exist", name)
}
