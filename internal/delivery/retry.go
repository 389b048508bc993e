package delivery

import (
	"context"
	"errors"
	"time"
)

// State of a delivery.
type State string

// The states. A delivery that retries or is paused loses nothing: its messages
// stay in the queue.
const (
	Running  State = "running"
	Retrying State = "retrying" // a store or disk failed; it tries again by itself
	Paused   State = "paused"   // something must be changed first, for example a table that is missing
)

// pausedError needs a change of the table or the configuration.
type pausedError struct{ err error }

func (e *pausedError) Error() string { return e.err.Error() }
func (e *pausedError) Unwrap() error { return e.err }

// errCrash is how tests stop a delivery in the middle of a step.
var errCrash = errors.New("crash")

const (
	firstPause = 20 * time.Millisecond
	longPause  = 5 * time.Second
)

// retry repeats f until it succeeds. It gives up when ctx ends, or between two
// attempts when the delivery closes. State changes are logged once.
func (d *delivery) retry(ctx context.Context, what string, f func() error) error {
	began := time.Now()
	for pause := firstPause; ; pause = min(2*pause, longPause) {
		err := f()
		if err == nil {
			d.recovered(what)
			d.took(what, began)
			return nil
		}
		if ctx.Err() != nil || errors.Is(err, errCrash) {
			return err
		}
		d.failed(what, err)
		d.m.measures.retries.WithLabelValues(d.config.Name, stage(what)).Inc()
		t := time.NewTimer(pause)
		select {
		case <-t.C:
		case <-d.closing.Done():
			t.Stop()
			return err
		case <-ctx.Done():
			t.Stop()
			return err
		}
	}
}

func (d *delivery) failed(what string, err error) {
	state := Retrying
	if p := (*pausedError)(nil); errors.As(err, &p) {
		state = Paused
	}
	reason := what + ": " + err.Error()
	d.mu.Lock()
	known := d.troubles[what] == reason
	d.troubles[what], d.lastError, d.lastErrorAt = reason, reason, d.m.now()
	d.states[what] = state
	d.mu.Unlock()
	if !known {
		d.log.Warn("delivery cannot go on and tries again", "state", state, "error", reason)
	}
}

func (d *delivery) recovered(what string) {
	d.mu.Lock()
	_, was := d.troubles[what]
	delete(d.troubles, what)
	delete(d.states, what)
	d.mu.Unlock()
	if was {
		d.log.Info("delivery goes on", "after", what)
	}
}
