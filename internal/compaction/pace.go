package compaction

import (
	"context"
	"time"
)

const (
	// slice is how long a merge works without a pause.
	slice = 20 * time.Millisecond
	// share and busyShare are the parts of one core that a merge takes: while
	// nothing else happens, and while queries run or deliveries lag.
	share     = 0.5
	busyShare = 0.2
)

// pace holds merges to their share of disk and CPU.
type pace struct {
	rate float64 // bytes a second
	busy func() bool
	free time.Time // when the next bytes may go
}

func newPace(rate int64, busy func() bool) *pace { return &pace{rate: float64(rate), busy: busy} }

// work is one merge at work.
type work struct {
	pace   *pace
	ctx    context.Context // of the merge
	urgent bool
	began  time.Time // of the slice
}

func (p *pace) begin(ctx context.Context, urgent bool) *work {
	return &work{pace: p, ctx: ctx, urgent: urgent, began: time.Now()}
}

// bytes waits until so many bytes may be read or written.
func (w *work) bytes(n int64) error {
	now := time.Now()
	p := w.pace
	if p.free.Before(now) {
		p.free = now
	}
	wait := p.free.Sub(now)
	p.free = p.free.Add(time.Duration(float64(n) / p.rate * float64(time.Second)))
	if wait < slice { // small debts add up
		return w.ctx.Err()
	}
	err := w.sleep(wait)
	w.began = time.Now()
	return err
}

// step pauses after a slice of work. Where many files wait it does not.
func (w *work) step(int64) error {
	worked := time.Since(w.began)
	if worked < slice || w.urgent {
		return w.ctx.Err()
	}
	part := share
	if w.pace.busy() {
		part = busyShare
	}
	err := w.sleep(time.Duration(float64(worked) * (1 - part) / part))
	w.began = time.Now()
	return err
}

func (w *work) sleep(d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-w.ctx.Done():
		return w.ctx.Err()
	}
}
