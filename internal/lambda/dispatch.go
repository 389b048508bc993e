package lambda

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/lambda/execution"
)

// dispatcher runs asynchronous invocations when they are due.
type dispatcher struct {
	woken chan struct{} // of one
	stop  chan struct{}
	loop  sync.WaitGroup
	runs  sync.WaitGroup
	slots chan struct{}

	mu    sync.Mutex
	taken map[string]bool // request ids under way
}

func newDispatcher(slots int) *dispatcher {
	return &dispatcher{woken: make(chan struct{}, 1), stop: make(chan struct{}), slots: make(chan struct{}, slots), taken: map[string]bool{}}
}

func (d *dispatcher) wake() {
	select {
	case d.woken <- struct{}{}:
	default:
	}
}

// take claims an event; false: it is under way.
func (d *dispatcher) take(id string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.taken[id] {
		return false
	}
	d.taken[id] = true
	return true
}

func (d *dispatcher) release(id string) {
	d.mu.Lock()
	delete(d.taken, id)
	d.mu.Unlock()
	<-d.slots
	d.wake()
}

const (
	// maxWait is how long the dispatcher sleeps at most: the clock may be set.
	maxWait = time.Minute
	// afterError is its pause when events cannot be read.
	afterError = time.Second
)

// Start begins to run asynchronous invocations, also those that wait since
// before. The endpoint must be known.
func (s *Service) Start() { s.events.loop.Go(s.dispatch) }

// dispatch runs until Close.
func (s *Service) dispatch() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-s.events.stop:
			return
		case <-timer.C:
		case <-s.events.woken:
		}
		timer.Reset(s.runDue())
	}
}

// runDue starts what is due and returns the time until it must look again.
func (s *Service) runDue() time.Duration {
	ctx := context.Background()
	now := s.cfg.Now()
	due, next, err := s.store.dueEvents(ctx, now, 2*cap(s.events.slots))
	if err != nil {
		s.cfg.Log.Error("read asynchronous invocations", "error", err)
		return afterError
	}
	for _, id := range due {
		if !s.events.take(id) {
			continue
		}
		select {
		case s.events.slots <- struct{}{}:
		case <-s.events.stop:
			return maxWait
		}
		s.events.runs.Go(func() {
			defer s.events.release(id)
			if err := s.attempt(ctx, id); err != nil {
				s.cfg.Log.Error("asynchronous invocation", "request", id, "error", err)
				time.Sleep(afterError) // else what cannot be stored would be run again at once
			}
		})
	}
	if next.IsZero() {
		return maxWait
	}
	return min(max(next.Sub(now), time.Millisecond), maxWait)
}

// attempt runs an event once, or tells the queues of one that has ended.
func (s *Service) attempt(ctx context.Context, id string) error {
	// Read only now that nobody else has it: since it was listed it may have ended.
	e, err := s.store.event(ctx, id, s.cfg.Now())
	if errors.Is(err, errNoRecord) {
		return nil
	}
	if err != nil {
		return err
	}
	config, err := s.configOf(ctx, e.reference())
	if err != nil {
		return err
	}
	if e.Outcome != nil {
		return s.finish(ctx, e, config)
	}
	if s.cfg.Now().Sub(e.QueuedAt) > config.age() {
		return s.end(ctx, e, config, &outcome{Condition: "EventAgeExceeded"})
	}
	result, err := s.run(ctx, e.reference(), execution.Invocation{RequestID: e.RequestID, ClientContext: e.ClientContext, Payload: e.payload})
	var refused *awsapi.Error
	switch {
	case errors.As(err, &refused) && refused.Status == http.StatusNotFound:
		s.cfg.Log.Warn("an asynchronous invocation is dropped: its function was deleted", "function", e.Function, "request", e.RequestID)
		return s.store.deleteEvent(ctx, e)
	case err != nil:
		return s.refusedEvent(ctx, e, config, err)
	}
	e.Refusals = 0
	e.Attempts++
	o := &outcome{Condition: "Success", ExecutedVersion: result.ExecutedVersion, FunctionError: result.FunctionError, Response: jsonOrText(result.Payload)}
	switch {
	case result.FunctionError == "":
		return s.end(ctx, e, config, o)
	case e.Attempts > config.retries():
		o.Condition = "RetriesExhausted"
		return s.end(ctx, e, config, o)
	}
	// One minute before the second attempt, two before the third.
	return s.store.saveEvent(ctx, e, s.cfg.Now().Add(time.Duration(e.Attempts)*s.cfg.RetryWait))
}

// refusedEvent keeps an event whose function was not run for later: after a
// second, and twice as long each time up to five minutes.
func (s *Service) refusedEvent(ctx context.Context, e *event, config *eventConfig, cause error) error {
	if f, err := s.store.function(ctx, e.Function); err == nil && f.Reserved != nil && *f.Reserved == 0 {
		return s.end(ctx, e, config, &outcome{Condition: "ZeroConcurrency"})
	}
	s.cfg.Log.Debug("asynchronous invocation is refused for now", "function", e.Function, "request", e.RequestID, "error", cause)
	wait := min(time.Second<<min(e.Refusals, 9), 5*time.Minute)
	e.Refusals++
	return s.store.saveEvent(ctx, e, s.cfg.Now().Add(wait))
}

// end decides an event and tells the queues. The decision is stored first: what
// follows is repeated after a crash, but the function is not run again.
func (s *Service) end(ctx context.Context, e *event, config *eventConfig, o *outcome) error {
	o.At = s.cfg.Now().UTC()
	e.Outcome = o
	if s.nobodyToTell(ctx, e, config) {
		return s.store.deleteEvent(ctx, e)
	}
	if err := s.store.saveEvent(ctx, e, s.cfg.Now()); err != nil {
		return err
	}
	return s.finish(ctx, e, config)
}
