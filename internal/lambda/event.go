package lambda

import (
	"context"

	"github.com/scopsdb/scops/internal/lambda/execution"
)

// queueEvent stores an asynchronous invocation. When it returns the event is on
// disk.
func (s *Service) queueEvent(context.Context, reference, execution.Invocation) error {
	return unsupported("InvocationType Event")
}
