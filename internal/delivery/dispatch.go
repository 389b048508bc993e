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

// dispatcher hands the messages of one queue to each of its deliveries, and
// deletes a message once all of them have committed it.
//
// A queue of one delivery is received from directly. Where there are several,
// whichever of them wants more receives for all: the messages are held in the
// queue, and what the others have not taken yet is remembered by its sequence
// alone and read from the queue again. So a delivery that is behind holds up
// nobody, and costs memory for the runs of sequences, not for the messages.
type dispatcher struct {
	m     *Manager
	queue queue.Name
	feeds []*feed

	pulling chan struct{} // held by the feed that receives for all

	// mu comes after the mu of a delivery. It is held over a deletion, so that
	// the books, which are read under it, fit the queue's counts.
	mu      sync.Mutex
	created time.Time // of the queue that all of this is about
	held    spans     // received and not deleted, where there are several feeds
	recent  recent
}

// feed is a delivery's view of its queue.
type feed struct {
	x       *dispatcher
	name    string
	wake    chan struct{} // a message may be waiting
	waiting spans         // held for this delivery and not taken by it
	settled spans         // committed by this delivery and still in the queue
}

func newDispatcher(m *Manager, name queue.Name) *dispatcher {
	return &dispatcher{m: m, queue: name, pulling: make(chan struct{}, 1), recent: recent{m: m}}
}

func (x *dispatcher) add(name string) *feed {
	f := &feed{x: x, name: name, wake: make(chan struct{}, 1)}
	x.feeds = append(x.feeds, f)
	return f
}

func (x *dispatcher) shared() bool { return len(x.feeds) > 1 }

// find returns when the queue was made: that tells it from a later one of the
// same name, whose sequences mean other messages. It is zero where there is no
// queue.
func (x *dispatcher) find(ctx context.Context) (time.Time, error) {
	return x.m.queueCreated(ctx, x.queue)
}

func (m *Manager) queueCreated(ctx context.Context, name queue.Name) (time.Time, error) {
	info, err := m.queue.Queue(ctx, name)
	if errors.Is(err, queue.ErrQueueNotFound) {
		return time.Time{}, nil
	}
	return info.Attributes.Created, err
}

// of makes sure that what is remembered is about this queue; the caller holds mu.
func (x *dispatcher) of(created time.Time) {
	if x.created.Equal(created) {
		return
	}
	x.created, x.held = created, nil
	x.recent.clear()
	for _, f := range x.feeds {
		f.waiting, f.settled = nil, nil
	}
}

// receive returns messages for this delivery, held in the queue, and when that
// queue was made. It waits as the options say.
func (f *feed) receive(ctx context.Context, o queue.ReceiveOptions) ([]queue.Received, time.Time, error) {
	if !f.x.shared() {
		return f.x.receive(ctx, o)
	}
	end := time.Now().Add(o.Wait)
	timeout := time.NewTimer(o.Wait)
	defer timeout.Stop()
	for pulled := false; ; pulled = true {
		got, created, err := f.take(ctx, o)
		if err != nil || len(got) > 0 || pulled && time.Until(end) <= 0 {
			return got, created, err
		}
		select {
		case f.x.pulling <- struct{}{}:
		case <-f.wake:
			continue
		case <-timeout.C:
			return nil, created, nil
		case <-ctx.Done():
			return nil, created, ctx.Err()
		}
		o.Wait = max(0, time.Until(end))
		err = f.x.pull(ctx, o)
		<-f.x.pulling
		if err != nil {
			return nil, created, err
		}
	}
}

// receive takes messages from the queue, all of one making of it.
func (x *dispatcher) receive(ctx context.Context, o queue.ReceiveOptions) ([]queue.Received, time.Time, error) {
	created, err := x.find(ctx)
	if err != nil {
		return nil, created, err
	}
	var got []queue.Received
	if !created.IsZero() {
		got, err = x.m.queue.Receive(ctx, x.queue, o)
	}
	if created.IsZero() || errors.Is(err, queue.ErrQueueNotFound) {
		return nil, created, &pausedError{fmt.Errorf("queue %s does not exist", x.queue)}
	}
	if err != nil || len(got) == 0 {
		return nil, created, err
	}
	again, err := x.find(ctx)
	if err != nil || !again.Equal(created) { // made anew meanwhile: they may be of either
		x.giveBack(spansOf(sequencesOf(got)))
		return nil, created, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.of(created)
	return got, created, nil
}

// pull receives for all feeds.
func (x *dispatcher) pull(ctx context.Context, o queue.ReceiveOptions) error {
	got, created, err := x.receive(ctx, o)
	if err != nil || len(got) == 0 {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.created.Equal(created) {
		return nil
	}
	fresh := spansOf(sequencesOf(got))
	x.held = x.held.union(fresh)
	for _, r := range got {
		x.recent.put(r)
	}
	for _, f := range x.feeds {
		f.await(fresh.minus(f.settled))
	}
	return nil
}

func sequencesOf(got []queue.Received) []uint64 {
	seqs := make([]uint64, len(got))
	for i, r := range got {
		seqs[i] = r.Sequence
	}
	slices.Sort(seqs)
	return seqs
}

// await adds to what waits for a delivery; the caller holds mu.
func (f *feed) await(seqs spans) {
	if len(seqs) == 0 {
		return
	}
	f.waiting = f.waiting.union(seqs)
	select {
	case f.wake <- struct{}{}:
	default:
	}
}
