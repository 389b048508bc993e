package delivery

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/queue"
)

const (
	// AwaitNow is the event to wait for that stands for all that were
	// acknowledged before.
	AwaitNow = "now"
	// awaitMost bounds how long a query waits for events.
	awaitMost = 10 * time.Second
	// awaitLook is how long a look for events waits for news; a message that
	// someone else deletes makes none.
	awaitLook = 20 * time.Millisecond
)

// Codes of an AwaitError.
const (
	EventRejected = "EVENT_REJECTED"  // it became an error record
	EventUnknown  = "EVENT_NOT_FOUND" // no delivery of the tables has seen it lately
	EventsPending = "EVENTS_PENDING"  // they did not become visible in time
	awaitInvalid  = "INVALID_PARAMETER_USAGE"
)

// AwaitError says why events that a query was to wait for are not in its tables.
type AwaitError struct{ Code, Message string }

func (e *AwaitError) Error() string { return e.Code + ": " + e.Message }

// Await returns once queries of the tables see an event: the one of a message
// id, or with AwaitNow all whose sends were answered before the call. Failures
// are *AwaitError: the event was rejected, no delivery knows it, or it took
// longer than 10 s.
func (m *Manager) Await(ctx context.Context, event string, tables []*catalog.Table) error {
	var of []*delivery
	m.mu.RLock()
	for _, d := range m.members() {
		if slices.ContainsFunc(tables, func(t *catalog.Table) bool {
			return t.Delivery == d.config.Name && t.Database == d.config.Database && t.Name == d.config.Table
		}) {
			of = append(of, d)
		}
	}
	m.mu.RUnlock()
	ctx, cancel := context.WithTimeoutCause(ctx, m.patience, errAwaited)
	defer cancel()
	if event == AwaitNow {
		return awaitNow(ctx, of)
	}
	id, err := uuid.Parse(event)
	if err != nil {
		return &AwaitError{awaitInvalid, fmt.Sprintf("wait_for: %q is neither a message id nor %q", event, AwaitNow)}
	}
	if len(of) == 0 {
		return &AwaitError{awaitInvalid, "wait_for: the query reads no table that a delivery fills"}
	}
	return awaitEvent(ctx, id, of)
}

var errAwaited = errors.New("waited long enough")

// awaitNow waits for the last message of each queue as it is now.
func awaitNow(ctx context.Context, of []*delivery) error {
	last := make([]uint64, len(of))
	for i, d := range of {
		c, err := d.m.queue.Counts(ctx, d.config.Queue)
		if err != nil && !errors.Is(err, queue.ErrQueueNotFound) {
			return err
		}
		last[i] = uint64(c.Sent)
	}
	for i, d := range of {
		err := d.await(ctx, func() (bool, error) { return d.visible.seenUpTo(ctx, last[i]) })
		if err != nil {
			return d.pending(ctx, err)
		}
	}
	return nil
}

// await looks until it is so.
func (d *delivery) await(ctx context.Context, look func() (bool, error)) error {
	t := time.NewTicker(awaitLook)
	defer t.Stop()
	for {
		wake := d.visible.wake()
		if so, err := look(); so || err != nil {
			return err
		}
		select {
		case <-wake:
		case <-t.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// pending explains that the wait is over.
func (d *delivery) pending(ctx context.Context, err error) error {
	if !errors.Is(err, errAwaited) && !errors.Is(context.Cause(ctx), errAwaited) {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	s, err := d.status(ctx)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("table %s.%s is complete up to %s, and events that were acknowledged before the query are not in it after %s: delivery %s is %s",
		s.Database, s.Table, s.CompleteUpTo.UTC().Format(time.RFC3339Nano), d.m.patience, s.Name, s.State)
	if s.Reason != "" {
		text += " (" + s.Reason + ")"
	}
	return &AwaitError{EventsPending, text + "; messages that are delayed, or with another consumer, come later"}
}

// awaitEvent waits until all deliveries of a queue know the event.
func awaitEvent(ctx context.Context, id uuid.UUID, of []*delivery) error {
	var reason error
	look := func() (bool, error) {
		waiting := map[queue.Name]bool{} // queues with a delivery that does not know it
		known := map[queue.Name]bool{}
		for _, d := range of {
			yes, rejected := d.visible.find(id)
			if rejected != "" {
				reason = d.rejection(id, rejected)
				return true, nil
			}
			waiting[d.config.Queue] = waiting[d.config.Queue] || !yes
			known[d.config.Queue] = known[d.config.Queue] || yes
		}
		for name := range known {
			if known[name] && !waiting[name] {
				return true, nil
			}
		}
		return false, nil
	}
	// Whichever delivery gets it first: the others are looked at every time.
	err := of[0].await(ctx, look)
	if errors.Is(err, errAwaited) || errors.Is(context.Cause(ctx), errAwaited) {
		return unknown(context.WithoutCancel(ctx), id, of)
	}
	return errors.Join(err, reason)
}

func (d *delivery) rejection(id uuid.UUID, reason string) error {
	return &AwaitError{EventRejected, fmt.Sprintf("event %s was rejected by delivery %s and is in no table: %s; its record is, or will be, in %s/%s/",
		id, d.config.Name, reason, strings.TrimSuffix(d.config.Errors, "/"), d.config.Name)}
}

func unknown(ctx context.Context, id uuid.UUID, of []*delivery) error {
	names := make([]string, len(of))
	for i, d := range of {
		at, err := d.visible.completeUpTo(ctx)
		if err != nil {
			return err
		}
		names[i] = fmt.Sprintf("%s (complete up to %s)", d.config.Name, at.UTC().Format(time.RFC3339Nano))
	}
	return &AwaitError{EventUnknown, fmt.Sprintf("event %s is none of the last %d of delivery %s, nor did it come within %s: it went to another queue, is delayed or with another consumer, or it is older, and in the table since; wait for %q instead",
		id, idsKept, strings.Join(names, ", "), of[0].m.patience, AwaitNow)}
}
