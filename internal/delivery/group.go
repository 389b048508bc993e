package delivery

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/scopsdb/scops/internal/queue"
)

// group is the deliveries of one queue. They are opened and closed together:
// what may be deleted from the queue depends on all of them.
type group struct {
	m          *Manager
	queue      queue.Name
	deliveries []*delivery
	x          *dispatcher

	ctx  context.Context // of the steps under way
	stop context.CancelFunc
}

// openGroup checks the deliveries of a queue and takes back what the last run
// left: it holds the messages of unfinished batches and those that some of the
// deliveries have committed, before anyone can receive them.
func (m *Manager) openGroup(ctx context.Context, name queue.Name, members []Registration) (*group, error) {
	g := &group{m: m, queue: name, x: newDispatcher(m, name)}
	g.ctx, g.stop = context.WithCancel(context.Background())
	var errs []error
	for _, r := range members {
		d := m.newDelivery(r, g.x.add(r.Name))
		if err := d.open(ctx); err != nil {
			errs = append(errs, fmt.Errorf("delivery %q: %w", r.Name, err))
		}
		g.deliveries = append(g.deliveries, d)
	}
	if err := errors.Join(errs...); err != nil {
		return g, err
	}
	return g, g.takeBack(ctx)
}

// takeBack restores what the dispatcher knows from the journal.
func (g *group) takeBack(ctx context.Context) error {
	x := g.x
	x.mu.Lock()
	defer x.mu.Unlock()
	var err error
	if x.created, err = x.find(ctx); err != nil || x.created.IsZero() {
		return err
	}
	var all spans
	for _, d := range g.deliveries {
		if d.feed.settled, err = d.settled(ctx, x.created); err != nil {
			return err
		}
		all = all.union(d.feed.settled).union(d.fixed())
	}
	if all, err = x.stored(ctx, all); err != nil {
		return err
	}
	for seqs := range all.chunks(chunkOfSequences) {
		if err := g.m.queue.Hold(ctx, g.queue, seqs); err != nil {
			return err
		}
	}
	if x.shared() {
		x.held = all
	}
	for _, d := range g.deliveries {
		d.feed.settled = d.feed.settled.and(all)
		if x.shared() {
			d.feed.await(all.minus(d.feed.settled).minus(d.fixed()))
		}
	}
	return x.drop(ctx, x.unwanted(all))
}

// stored returns those of the sequences that are still in the queue.
func (x *dispatcher) stored(ctx context.Context, s spans) (spans, error) {
	var out spans
	for seqs := range s.chunks(chunkOfSequences) {
		stored, err := x.m.queue.Stored(ctx, x.queue, seqs)
		if err != nil {
			return nil, err
		}
		out = out.union(spansOf(stored))
	}
	return out, nil
}

// fixed is the messages of the delivery's batches that are begun and not
// committed.
func (d *delivery) fixed() spans {
	var s spans
	for _, e := range d.unfinished {
		if !e.committed && !e.orphaned {
			s = s.union(spansOf(e.Sequences))
		}
	}
	return s
}

// settled is what the delivery has committed of the queue's messages; some of
// it may be deleted.
func (d *delivery) settled(ctx context.Context, created time.Time) (spans, error) {
	s, err := d.m.journal.settled(ctx, d.config.Name, d.config.Queue, created)
	for _, e := range d.unfinished {
		if e.committed && !e.orphaned {
			s = s.union(spansOf(e.Sequences))
		}
	}
	return s, err
}

// start begins to deliver, all that are not paused.
func (g *group) start() {
	for _, d := range g.deliveries {
		if !d.paused {
			d.work.Add(1)
			go d.run(g.ctx)
		}
	}
}

// close begins no new batch, waits for those under way and gives what is not
// fixed back to the queue. When ctx ends first the batches are abandoned where
// they are.
func (g *group) close(ctx context.Context) error {
	for _, d := range g.deliveries {
		d.close()
	}
	var work sync.WaitGroup
	for _, d := range g.deliveries {
		work.Go(d.work.Wait)
	}
	done := make(chan struct{})
	go func() { work.Wait(); close(done) }()
	var err error
	select {
	case <-done:
	case <-ctx.Done():
		err = ctx.Err()
	}
	g.stop()
	<-done
	g.hide()
	for _, d := range g.deliveries {
		d.layout.close()
		d.shownAs.close()
	}
	g.letGo()
	return err
}

// hide takes away what the deliveries show of batches that are not in files:
// whoever has these messages next shows them again, and each event is to be
// seen once. Nobody tells any more up to when their tables are complete.
func (g *group) hide() {
	for _, d := range g.deliveries {
		d.visible.hide()
		if g.m.tails != nil {
			g.m.tails.Watch(d.config.Database, d.config.Table, nil)
		}
	}
}

// letGo gives back what was received and is in no batch. Messages of unfinished
// batches stay held.
func (g *group) letGo() {
	g.x.mu.Lock()
	free := g.x.held
	g.x.recent.clear()
	g.x.mu.Unlock()
	for _, d := range g.deliveries {
		entries, err := g.m.journal.open(context.Background(), d.config.Name)
		if err != nil { // nothing is given back that may be in a batch
			g.m.log.Warn("messages come back to the queue at the next start only", "queue", g.queue, "error", err)
			return
		}
		for _, e := range entries {
			free = free.minus(spansOf(e.Sequences))
		}
	}
	g.x.giveBack(free)
}

// member returns the delivery of a name.
func (g *group) member(name string) *delivery {
	i := slices.IndexFunc(g.deliveries, func(d *delivery) bool { return d.config.Name == name })
	if i < 0 {
		return nil
	}
	return g.deliveries[i]
}
