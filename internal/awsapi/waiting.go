package awsapi

import (
	"context"
	"errors"
)

// ErrDraining is the cause of a Waiting context that ended because the server
// shuts down. What waits then answers with what it has.
var ErrDraining = errors.New("the server is shutting down")

type drainKey struct{}

// WithDrain returns a context that carries drain, which ends when the server
// begins to shut down.
func WithDrain(ctx, drain context.Context) context.Context {
	return context.WithValue(ctx, drainKey{}, drain)
}

// Waiting returns a context for a call that waits for something to happen (a
// long poll): it ends as ctx does, and with the cause ErrDraining as soon as
// the server begins to shut down, while calls that work go on to their end.
func Waiting(ctx context.Context) (context.Context, context.CancelFunc) {
	wait, cancel := context.WithCancelCause(ctx)
	drain, ok := ctx.Value(drainKey{}).(context.Context)
	if !ok {
		return wait, func() { cancel(nil) }
	}
	stop := context.AfterFunc(drain, func() { cancel(ErrDraining) })
	return wait, func() { stop(); cancel(nil) }
}
