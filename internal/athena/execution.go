package athena

import (
	"context"
	"errors"
	"sync"
	"time"

	api "github.com/aws/aws-sdk-go-v2/service/athena/types"
)

// execution is a query execution that runs or has run in this process.
type execution struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	done   chan struct{} // closed once the state is terminal and recorded

	mu     sync.Mutex
	record record
	stored bool // the store has a record of it
}

// snapshot returns a copy of the record as it is now.
func (e *execution) snapshot() *record {
	e.mu.Lock()
	defer e.mu.Unlock()
	r := e.record
	return &r
}

func (e *execution) change(f func(*record)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	f(&e.record)
}

// register makes a new execution known, so that other calls find it.
func (s *Service) register(r record) (*execution, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, errShutdown
	}
	e := &execution{record: r, done: make(chan struct{})}
	e.ctx, e.cancel = context.WithCancelCause(s.ctx)
	s.byID[r.ID] = e
	if r.Token != "" {
		s.tokens[r.Token] = e
	}
	s.work.Add(1)
	return e, nil
}

// run takes an execution from QUEUED to its end. It owns the execution's state.
func (s *Service) run(e *execution, do func(ctx context.Context) error) {
	defer s.work.Done()
	defer e.cancel(nil)
	err := s.acquire(e.ctx)
	if err == nil {
		e.change(func(r *record) {
			r.State = api.QueryExecutionStateRunning
			r.Stats.Queue = s.now().Sub(r.Submitted)
		})
		err = do(e.ctx)
		s.release()
	}
	if cause := context.Cause(e.ctx); cause != nil {
		// Stopped: whatever the work made of it, the execution never turns
		// SUCCEEDED after that.
		err = cause
	}
	s.finish(e, err)
}

func (s *Service) finish(e *execution, err error) {
	end := outcome{state: api.QueryExecutionStateSucceeded}
	if err != nil {
		end = endOf(err)
	}
	if end.cause != nil {
		s.logFailure(e.snapshot().ID, end.cause)
	}
	e.change(func(r *record) {
		r.State, r.Reason, r.Error = end.state, end.reason, end.err
		r.Completed = s.now()
		r.Stats.Total = r.Completed.Sub(r.Submitted)
	})
	if err := s.persist(e); err != nil {
		s.logFailure(e.snapshot().ID, err)
	}
	close(e.done)
	s.retire(e)
}

func endOf(err error) outcome {
	switch {
	case errors.Is(err, errStopped):
		return outcome{state: api.QueryExecutionStateCancelled, reason: reasonCancelledByUser}
	case errors.Is(err, errShutdown):
		return failure(categorySystem, typeInternal, "GENERIC_INTERNAL_ERROR: "+errShutdown.Error(), nil)
	}
	return outcomeOf(err)
}

// persist writes the record as it is now. It outlives the execution's context:
// a cancelled execution is recorded too.
func (s *Service) persist(e *execution) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := s.store.put(context.WithoutCancel(e.ctx), &e.record); err != nil {
		return err
	}
	e.stored = true
	return nil
}

// persistOnce writes the record unless the end of the execution already did.
func (s *Service) persistOnce(e *execution) error {
	e.mu.Lock()
	stored := e.stored
	e.mu.Unlock()
	if stored {
		return nil
	}
	return s.persist(e)
}

// retire keeps the last ended executions in memory and drops older ones.
func (s *Service) retire(e *execution) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = append(s.ended, e.record.ID)
	if len(s.ended) <= remembered {
		return
	}
	oldest := s.byID[s.ended[0]]
	s.ended = s.ended[1:]
	delete(s.byID, oldest.record.ID)
	delete(s.tokens, oldest.record.Token)
}

// await returns when the execution has ended, d has passed or ctx ends.
func (e *execution) await(ctx context.Context, d time.Duration) {
	select {
	case <-e.done:
		return
	default:
	}
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-e.done:
	case <-timer.C:
	case <-ctx.Done():
	}
}

// find returns the record of an execution, from memory or the store.
func (s *Service) find(ctx context.Context, id QueryID, hold time.Duration) (*record, error) {
	s.mu.Lock()
	e := s.byID[id]
	s.mu.Unlock()
	if e != nil {
		e.await(ctx, hold)
		return e.snapshot(), nil
	}
	r, err := s.store.get(ctx, id)
	if errors.Is(err, errNoRecord) {
		return nil, invalid(codeExecutionNotFound, "QueryExecution %s was not found", id)
	}
	return r, err
}
