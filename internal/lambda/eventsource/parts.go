package eventsource

import (
	"context"
	"time"

	sqs "github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// Function is what a mapping needs to know of a function.
type Function struct {
	ARN     string        // with the qualifier that was asked for, if any
	Timeout time.Duration // of one invocation
}

// Outcome is what an invocation gave.
type Outcome struct {
	Payload       []byte // the answer, or the description of the error
	FunctionError string // "Unhandled" if the function failed, else ""
}

// Functions finds and runs functions.
type Functions interface {
	// Find takes a name, a partial or a full ARN, with or without a qualifier.
	// It fails with ResourceNotFoundException where there is none.
	Find(ctx context.Context, name string) (Function, error)
	// Invoke runs the function with the ARN and waits for its answer. It fails
	// with TooManyRequestsException while the function has no free concurrency.
	Invoke(ctx context.Context, arn string, payload []byte) (Outcome, error)
}

// Queues receives from queues by their names, as SQS does. A queue that does not exist is the
// error QueueDoesNotExist. Messages carry all their attributes.
type Queues interface {
	VisibilityTimeout(ctx context.Context, queue string) (time.Duration, error)
	// Receive takes up to max messages with about maxBytes of bodies, at least
	// one, and waits for the first. It may return fewer than there are. If ctx
	// ends, none is taken.
	Receive(ctx context.Context, queue string, max, maxBytes int, wait time.Duration) ([]sqs.Message, error)
	Delete(ctx context.Context, queue string, receipts []string) error
	// Release makes messages visible again.
	Release(ctx context.Context, queue string, receipts []string) error
}
