package delivery

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/scopsdb/scops/internal/queue"
)

// visible knows which messages of a delivery's queue queries see, or are
// rejected, though they are in the queue still.
type visible struct {
	d *delivery

	// asking is held by the one who looks for the oldest message that is not
	// seen. It comes before mu.
	asking   sync.Mutex
	created  time.Time // of the queue
	oldest   uint64    // below it no message is stored that is not seen
	complete time.Time // the last completeUpTo

	mu      sync.Mutex
	off     string // why rows are not shown
	seen    map[*shown]spans
	rows    map[*shown]struct{} // in the tail
	kept    spans               // seen, and perhaps in the queue still for other deliveries
	resets  uint64              // how often messages became unseen again
	reset   uint64              // resets that the asker knows
	changed chan struct{}       // closed when messages become visible; nil: nobody waits
	known   knownIDs
}

func newVisible(d *delivery) *visible {
	return &visible{d: d, seen: map[*shown]spans{}, rows: map[*shown]struct{}{}}
}

// turn notes why rows are not shown, "" for that they are.
func (v *visible) turn(off string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.off != off && off != "" {
		v.d.log.Warn("events are not seen by queries before they are in files", "reason", off)
	}
	v.off = off
}

// add notes messages that are seen now.
func (v *visible) add(s *shown, messages []message, rejected []rejection) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.rows[s] = struct{}{}
	v.seen[s] = v.seen[s].union(spansOf(slices.Sorted(slices.Values(sequences(messages)))))
	v.note(messages, rejected)
}

// settled notes messages that are seen because their batch is committed.
func (v *visible) settled(messages []message, rejected []rejection) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.note(messages, rejected)
}

// note remembers ids; the caller holds mu.
func (v *visible) note(messages []message, rejected []rejection) {
	for i := range messages {
		v.known.add(messages[i].id)
	}
	for _, r := range rejected {
		v.known.reject(messages[r.index].id, r.reason)
	}
	if v.changed != nil {
		close(v.changed)
		v.changed = nil
	}
}

// wake is closed when messages become visible.
func (v *visible) wake() <-chan struct{} {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.changed == nil {
		v.changed = make(chan struct{})
	}
	return v.changed
}

// find says whether an event is known to be visible, or why it is rejected.
func (v *visible) find(id uuid.UUID) (known bool, rejected string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.known.find(id)
}

// retired notes that the rows are in files; their messages may be in the queue
// still.
func (v *visible) retired(s *shown) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.rows, s)
}

// ended notes that the batch is done with. Its messages left the queue, unless
// other deliveries want them.
func (v *visible) ended(s *shown) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.kept = v.kept.union(v.seen[s])
	delete(v.rows, s)
	delete(v.seen, s)
}

// forget ends the memory of a batch whose rows are shown by another.
func (v *visible) forget(s *shown) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.rows, s)
	delete(v.seen, s)
}

// hide takes all rows away.
func (v *visible) hide() {
	v.mu.Lock()
	rows := slices.Collect(maps.Keys(v.rows))
	v.mu.Unlock()
	for _, s := range rows {
		s.drop()
	}
}

// dropped notes that messages are not seen any more.
func (v *visible) dropped(s *shown) {
	v.forget(s)
	v.restart()
}

// of begins with a queue, made at that time.
func (v *visible) of(created time.Time) {
	v.asking.Lock()
	defer v.asking.Unlock()
	if !v.created.Equal(created) {
		v.begin(created)
	}
}

// begin forgets the messages of an earlier queue of the same name; the caller
// holds asking.
func (v *visible) begin(created time.Time) {
	v.created = created
	v.mu.Lock()
	clear(v.seen)
	v.mu.Unlock()
	v.restart()
}

// restart looks for the oldest message from the beginning.
func (v *visible) restart() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.resets++
	v.kept = nil
	v.known = knownIDs{}
}

// inMemory is how many rows of the delivery are in the tail.
func (v *visible) inMemory() (rows int64, off string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for s := range v.rows {
		rows += int64(s.rows.Len())
	}
	return rows, v.off
}

// after returns the end of the run of seen messages that holds seq, and whether
// one does; the caller holds asking.
func (v *visible) after(seq uint64) (last uint64, in bool) {
	v.mu.Lock()
	if last, in = v.kept.after(seq); !in {
		for _, s := range v.seen {
			if last, in = s.after(seq); in {
				break
			}
		}
	}
	v.mu.Unlock()
	if in {
		return last, true
	}
	// What was settled before the last start. Whoever has the lock deletes
	// messages now: then there may be less to tell, never more.
	if f := v.d.feed; f.x.mu.TryLock() {
		defer f.x.mu.Unlock()
		if f.x.created.Equal(v.created) {
			return f.settled.after(seq)
		}
	}
	return 0, false
}

// completeUpTo is the send time of the oldest message that is not seen, or now
// where there is none.
func (v *visible) completeUpTo(ctx context.Context) (time.Time, error) {
	now := v.d.m.now()
	v.asking.Lock()
	defer v.asking.Unlock()
	_, sentAt, found, err := v.unseen(ctx)
	if err != nil {
		return time.Time{}, err
	}
	if found {
		now = sentAt
	}
	if now.After(v.complete) {
		v.complete = now
	}
	return v.complete, nil
}

// seenUpTo reports whether every message up to a sequence is seen or gone.
func (v *visible) seenUpTo(ctx context.Context, seq uint64) (bool, error) {
	v.asking.Lock()
	defer v.asking.Unlock()
	first, _, found, err := v.unseen(ctx)
	return !found || first > seq, err
}

// unseen is the oldest message in the queue that is not seen; the caller holds
// asking.
func (v *visible) unseen(ctx context.Context) (seq uint64, sentAt time.Time, found bool, err error) {
	created, err := v.d.feed.x.find(ctx)
	if err != nil {
		return 0, time.Time{}, false, err
	}
	if !created.Equal(v.created) {
		v.begin(created)
	}
	v.mu.Lock()
	if v.reset != v.resets {
		v.reset, v.oldest, v.complete = v.resets, 0, time.Time{}
	}
	v.mu.Unlock()
	for {
		seq, sentAt, found, err = v.d.m.queue.Oldest(ctx, v.d.config.Queue, v.oldest)
		if errors.Is(err, queue.ErrQueueNotFound) {
			return 0, time.Time{}, false, nil
		}
		if err != nil || !found {
			return seq, sentAt, found, err
		}
		last, in := v.after(seq)
		if !in {
			v.oldest = seq
			v.prune()
			return seq, sentAt, true, nil
		}
		v.oldest = last + 1
	}
}

// prune forgets what is below the oldest message that is not seen.
func (v *visible) prune() {
	v.mu.Lock()
	defer v.mu.Unlock()
	i := 0
	for i < len(v.kept) && v.kept[i].last < v.oldest {
		i++
	}
	v.kept = v.kept[i:]
}
