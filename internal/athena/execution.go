package athena

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	api "github.com/aws/aws-sdk-go-v2/service/athena/types"
)

// execution is a query execution that runs or has run in this process.
type execution struct {
	id          QueryID
	token       string
	fingerprint string
	waitFor     string // see QueryInput.WaitFor; set before it runs
	reuse       reuse  // whether an earlier result may answer it; set before it runs

	ctx    context.Context
	cancel context.CancelCauseFunc
	done   chan struct{} // closed once the state is terminal and recorded

	mu     sync.Mutex
	record record
	stored bool // the store has a record of it
	// sealed says that it commits what it wrote: it can no longer be stopped.
	sealed bool
	// recorded says that the store has its end.
	recorded bool
	charges  []*charge // of its workgroup's budget
}

func newExecution(r record) *execution {
	return &execution{
		id: r.ID, token: r.Token, fingerprint: r.Fingerprint, record: r, reuse: reuseOf(r.ResultReuse), done: make(chan struct{}),
	}
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

// seal is the last moment in which an execution can be stopped: what it wrote is
// committed after it.
func (e *execution) seal() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if cause := context.Cause(e.ctx); cause != nil {
		return cause
	}
	e.sealed = true
	return nil
}

// register makes a new execution known, so that other calls find it.
func (s *Service) register(r record) (*execution, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, errShutdown
	}
	e := newExecution(r)
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
		err = survive(e.ctx, do)
		s.release()
	}
	s.finish(e, err)
}

// panicError is work that panicked: a defect of ours, which fails one query and
// not the process with every other query in it.
type panicError struct {
	value any
	stack []byte
}

func (p *panicError) Error() string { return fmt.Sprintf("panic: %v", p.value) }

// LogValue shows where it was.
func (p *panicError) LogValue() slog.Value {
	return slog.GroupValue(slog.String("panic", fmt.Sprint(p.value)), slog.String("stack", string(p.stack)))
}

func survive(ctx context.Context, do func(ctx context.Context) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &panicError{value: p, stack: debug.Stack()}
		}
	}()
	return do(ctx)
}

// finish decides how an execution ended, records that and then shows it, all
// under its lock: who stopped it and looks after that never sees SUCCEEDED
// later, and nobody sees an end that a crash could take back.
func (s *Service) finish(e *execution, err error) {
	e.mu.Lock()
	if cause := context.Cause(e.ctx); cause != nil && !(e.sealed && err == nil) {
		// Stopped: whatever the work made of it, the execution never turns
		// SUCCEEDED after that.
		err = cause
	}
	last := e.record
	end := endOf(err)
	end.apply(&last, s.now())
	failed := s.store.put(context.WithoutCancel(e.ctx), &last)
	if failed != nil {
		// What the store still says is RUNNING, which the next start turns
		// into FAILED; until then memory says the same.
		unrecorded := failure(categorySystem, typeInternal, "GENERIC_INTERNAL_ERROR: the end of the query could not be recorded: "+failed.Error(), nil)
		unrecorded.apply(&last, s.now())
	}
	e.record, e.stored, e.recorded = last, e.stored || failed == nil, failed == nil
	committed := e.sealed && err == nil && failed == nil
	charges := e.charges
	e.mu.Unlock()
	if last.State == api.QueryExecutionStateFailed && len(charges) > 0 {
		s.logFailure(last.ID, s.budgets.release(context.WithoutCancel(e.ctx), charges))
	}
	if committed {
		s.logFailure(last.ID, s.cfg.Catalog.ForgetWrites(context.WithoutCancel(e.ctx), []string{string(last.ID)}))
	}
	s.logFailure(last.ID, end.cause)
	s.logFailure(last.ID, failed)
	if s.cfg.Observe != nil {
		s.cfg.Observe(string(last.State), last.Stats.Total, last.Stats.BytesScanned)
	}
	close(e.done)
	s.retire(e)
}

// apply writes an outcome into a record.
func (o outcome) apply(r *record, now time.Time) {
	r.State, r.Reason, r.Error = o.state, o.reason, o.err
	r.Completed = now
	r.Stats.Total = r.Completed.Sub(r.Submitted)
}

func endOf(err error) outcome {
	switch {
	case err == nil:
		return outcome{state: api.QueryExecutionStateSucceeded}
	case errors.Is(err, errStopped):
		return outcome{state: api.QueryExecutionStateCancelled, reason: reasonCancelledByUser}
	case errors.Is(err, errShutdown):
		return failure(categorySystem, typeInternal, "GENERIC_INTERNAL_ERROR: "+errShutdown.Error(), nil)
	}
	return outcomeOf(err)
}

// persistOnce writes the record unless the store has one, as it is now. It
// outlives the execution's context: a cancelled execution is recorded too.
func (s *Service) persistOnce(e *execution) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stored {
		return nil
	}
	if err := s.store.put(context.WithoutCancel(e.ctx), &e.record); err != nil {
		return err
	}
	e.stored = true
	return nil
}

// retire keeps the last ended executions in memory and drops older ones. One
// whose end could not be recorded stays, since the store knows it as RUNNING;
// one that was never recorded goes, so that its token starts another.
func (s *Service) retire(e *execution) {
	e.mu.Lock()
	stored, recorded := e.stored, e.recorded
	e.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case recorded:
		s.ended = append(s.ended, e)
	case !stored:
		s.forget(e)
	}
	if len(s.ended) > remembered {
		s.forget(s.ended[0])
		s.ended = s.ended[1:]
	}
}

// forget drops an execution from memory. The caller holds s.mu.
func (s *Service) forget(e *execution) {
	delete(s.byID, e.id)
	if s.tokens[e.token] == e {
		delete(s.tokens, e.token)
	}
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
