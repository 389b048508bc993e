package delivery

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/scopsdb/scops/internal/queue"
)

const (
	// mostTaken bounds how many waiting messages are taken at once.
	mostTaken = 4096
	// lookedUpAtOnce is how many messages are read from the queue before their
	// bytes are counted.
	lookedUpAtOnce = 64
)

// take returns messages that wait for this delivery, and the queue's making.
func (f *feed) take(ctx context.Context, o queue.ReceiveOptions) ([]queue.Received, time.Time, error) {
	x := f.x
	x.mu.Lock()
	created := x.created
	var seqs []uint64
	seqs, f.waiting = f.waiting.head(min(max(o.Max, 1), mostTaken))
	x.mu.Unlock()
	if len(seqs) == 0 {
		return nil, created, nil
	}
	got, read, err := f.read(ctx, seqs, o.MaxBytes)
	got, others := f.mine(got)
	now, ferr := x.find(ctx)
	x.mu.Lock()
	defer x.mu.Unlock()
	if ferr == nil && !now.Equal(created) { // their queue is gone, and they with it
		x.of(now)
		return nil, now, nil
	}
	if err = errors.Join(err, ferr); err != nil {
		got, read = nil, 0
	}
	if !x.created.Equal(created) {
		return got, created, err
	}
	f.await(spansOf(seqs[read:]))
	if err == nil {
		f.leave(ctx, spansOf(others))
	}
	return got, created, err
}

// leave settles messages that are not for this delivery; where the last of them
// cannot be deleted now, they come up again. The caller holds mu.
func (f *feed) leave(ctx context.Context, others spans) {
	f.settled = f.settled.union(others)
	if err := f.x.drop(ctx, f.x.unwanted(others)); err != nil {
		f.settled = f.settled.minus(others)
		f.await(others)
	}
}

// mine leaves out messages that are for another delivery of the queue. It
// returns the sequences of those.
func (f *feed) mine(got []queue.Received) (mine []queue.Received, others []uint64) {
	mine = got[:0]
	for _, r := range got {
		to := r.SystemAttributes[addressee]
		if to == "" || to == f.name || !slices.ContainsFunc(f.x.feeds, func(o *feed) bool { return o.name == to }) {
			mine = append(mine, r)
		} else {
			others = append(others, r.Sequence)
		}
	}
	return mine, others
}

// read finds the messages of the sequences, until they have most bytes (0: no
// limit), at least one message. It says how many of the sequences it is through
// with: a message that someone else deleted is left out.
func (f *feed) read(ctx context.Context, seqs []uint64, most int) (got []queue.Received, read int, err error) {
	total := 0
	for piece := range slices.Chunk(seqs, lookedUpAtOnce) {
		found, err := f.find(ctx, piece)
		if err != nil {
			return nil, 0, err
		}
		for _, r := range found {
			if total += len(r.Body); most > 0 && total > most && len(got) > 0 {
				at, _ := slices.BinarySearch(seqs, r.Sequence)
				return got, at, nil
			}
			got = append(got, r)
		}
		read += len(piece)
	}
	return got, read, nil
}

// find returns the messages from memory, or from the queue.
func (f *feed) find(ctx context.Context, seqs []uint64) ([]queue.Received, error) {
	f.x.mu.Lock()
	got, missing := f.x.recent.get(seqs)
	f.x.mu.Unlock()
	if len(missing) == 0 {
		return got, nil
	}
	found, err := f.x.m.queue.Lookup(ctx, f.x.queue, missing)
	if err == nil && len(found) < len(missing) {
		f.x.vanished(spansOf(missing).minus(spansOf(sequencesOf(found))))
	}
	got = append(got, found...)
	slices.SortFunc(got, func(a, b queue.Received) int { return cmp.Compare(a.Sequence, b.Sequence) })
	return got, err
}

// vanished forgets messages that someone else deleted.
func (x *dispatcher) vanished(gone spans) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.forget(gone)
}

// release gives back messages that this delivery has taken and will not commit
// now. Where others share the queue, they go on waiting for this delivery.
func (f *feed) release(created time.Time, seqs []uint64) {
	s := spansOf(slices.Sorted(slices.Values(seqs)))
	if !f.x.shared() {
		f.x.giveBack(s)
		return
	}
	f.x.mu.Lock()
	defer f.x.mu.Unlock()
	if f.x.created.Equal(created) {
		f.await(s)
	}
}

// giveBack makes held messages visible to everyone.
func (x *dispatcher) giveBack(s spans) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	for seqs := range s.chunks(chunkOfSequences) {
		err := x.m.queue.Release(ctx, x.queue, seqs)
		if errors.Is(err, queue.ErrClosed) {
			return
		}
		if err != nil {
			x.m.log.Warn("messages come back to the queue at the next start only", "queue", x.queue, "messages", len(seqs), "error", err)
		}
	}
}

// commit notes messages that are in the table now.
func (f *feed) commit(created time.Time, seqs []uint64) {
	f.x.mu.Lock()
	defer f.x.mu.Unlock()
	if f.x.created.Equal(created) {
		f.settled = f.settled.union(spansOf(seqs))
	}
}

// othersWant says whether any of the sequences is not committed by every other
// delivery, and what this one has committed.
func (f *feed) othersWant(created time.Time, seqs []uint64) (wanted bool, settled spans) {
	f.x.mu.Lock()
	defer f.x.mu.Unlock()
	if !f.x.created.Equal(created) {
		return false, nil
	}
	s := spansOf(seqs).and(f.settled) // the others are gone
	return len(s.minus(f.x.unwanted(s))) > 0, f.settled
}

// unwanted returns those of the sequences that every delivery has committed;
// the caller holds mu.
func (x *dispatcher) unwanted(s spans) spans {
	for _, f := range x.feeds {
		s = s.and(f.settled)
	}
	return s
}

// finish deletes those of a batch's messages that no delivery wants any more.
func (f *feed) finish(ctx context.Context, e *entry) error {
	x := f.x
	x.mu.Lock()
	defer x.mu.Unlock()
	created, err := x.find(ctx)
	if err != nil {
		return err
	}
	if !created.Equal(e.Created) || !x.created.Equal(created) { // the queue is gone, and its messages with it
		return nil
	}
	return x.drop(ctx, x.unwanted(spansOf(e.Sequences)))
}

// drop deletes messages and forgets them; the caller holds mu.
func (x *dispatcher) drop(ctx context.Context, gone spans) error {
	for seqs := range gone.chunks(chunkOfSequences) {
		if _, err := x.m.queue.DeleteSequences(ctx, x.queue, seqs); err != nil {
			return err
		}
	}
	x.forget(gone)
	return nil
}

// forget is for messages that are gone; the caller holds mu.
func (x *dispatcher) forget(gone spans) {
	x.held = x.held.minus(gone)
	x.recent.forget(gone)
	for _, f := range x.feeds {
		f.settled, f.waiting = f.settled.minus(gone), f.waiting.minus(gone)
	}
}

// chunkOfSequences bounds the lists that go to the queue at once.
const chunkOfSequences = 50_000
