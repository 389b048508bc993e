package queue

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/cockroachdb/pebble/v2"
)

// Hold hides messages from Receive until Release or DeleteSequences. It is not
// durable: whoever holds messages renews that after a restart, before anyone
// else receives. Missing messages are ignored.
func (s *Store) Hold(ctx context.Context, name Name, seqs []uint64) error {
	q, err := s.begin(ctx, name)
	if err != nil {
		return fail("hold", name, err)
	}
	defer s.leave()
	return fail("hold", name, s.hold(q, seqs))
}

func (s *Store) hold(q *queueState, seqs []uint64) error {
	q.scan.Lock()
	defer q.scan.Unlock()
	for _, seq := range q.holdClaimed(seqs) {
		h, found, err := s.header(q, seq)
		if err != nil || !found {
			q.release([]uint64{seq})
			if err != nil {
				return err
			}
			continue
		}
		if !q.holdFound(seq, h) {
			q.release([]uint64{seq})
			return fmt.Errorf("message %d is delayed until %s", seq, time.UnixMilli(h.until).UTC().Format(time.RFC3339))
		}
	}
	return nil
}

// holdClaimed holds the messages that are in flight and claims the others; it
// returns those.
func (q *queueState) holdClaimed(seqs []uint64) (unknown []uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, seq := range seqs {
		c, ok := q.claims[seq]
		switch {
		case seq == 0 || seq > q.counts.sent || ok && c.state == deleting:
		case ok:
			c.stored = c.stored || c.state == returning
			c.state, c.deadline = held, 0
			q.claims[seq] = c
		default:
			q.claims[seq] = claim{state: deleting, hidden: true}
			q.hidden++
			unknown = append(unknown, seq)
		}
	}
	return unknown
}

// holdFound turns the claim of a waiting message into a hold. It refuses one
// that is delayed.
func (q *queueState) holdFound(seq uint64, h header) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	c, ok := q.claims[seq]
	if !ok { // purged meanwhile
		return true
	}
	if h.until > q.dueThrough {
		return false
	}
	c.state, c.stored, c.hidden = held, q.hasReceipt, false
	q.hidden--
	q.claims[seq] = c
	if q.fifo != nil {
		q.fifo.claim(seq, string(h.group))
	}
	return true
}

// Release makes held messages visible again. Others are ignored.
func (s *Store) Release(ctx context.Context, name Name, seqs []uint64) error {
	q, err := s.begin(ctx, name)
	if err != nil {
		return fail("release", name, err)
	}
	defer s.leave()
	op := &returnOp{q: q}
	q.mu.Lock()
	for _, seq := range seqs {
		if c, ok := q.claims[seq]; ok && c.state == held {
			c.state = returning
			q.claims[seq] = c
			op.seqs = append(op.seqs, seq)
		}
	}
	q.mu.Unlock()
	return fail("release", name, s.commits.submit(op))
}

// heldNow returns the messages that are held, also if their deletion is on its
// way: they count as deleted, not as purged.
func (q *queueState) heldNow() map[uint64]struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	h := map[uint64]struct{}{}
	for seq, c := range q.claims {
		if c.state == held || c.state == deleting && c.kept {
			h[seq] = struct{}{}
		}
	}
	return h
}

func sortedKeys(m map[uint64]struct{}) []uint64 { return slices.Sorted(maps.Keys(m)) }

// Lookup reads messages that are still stored, in the order of their sequences,
// whatever their state. Missing ones are left out.
func (s *Store) Lookup(ctx context.Context, name Name, seqs []uint64) ([]Received, error) {
	q, err := s.begin(ctx, name)
	if err != nil {
		return nil, fail("look up", name, err)
	}
	defer s.leave()
	found, err := s.lookup(ctx, q, seqs)
	return found, fail("look up", name, err)
}

func (s *Store) lookup(ctx context.Context, q *queueState, seqs []uint64) (found []Received, err error) {
	seqs = slices.Compact(slices.Sorted(slices.Values(seqs)))
	it, err := s.db.NewIter(seqRange(spaceMessage, q.id, 0))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	q.mu.Lock()
	hasReceipt, last := q.hasReceipt, q.counts.sent
	q.mu.Unlock()
	rs, err := s.openReceipts(q, hasReceipt)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rs.close()) }()
	for i, seq := range seqs {
		if i%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if seq > last || !seekSeq(it, q.id, seq) {
			continue
		}
		r, err := s.read(it, q, rs, seq)
		if err != nil {
			return nil, err
		}
		found = append(found, r)
	}
	return found, it.Error()
}

// seekSeq positions the iterator on a message; a step is cheaper than a seek.
func seekSeq(it *pebble.Iterator, queue, seq uint64) bool {
	if it.Valid() {
		if at := keySeq(it.Key()); at == seq {
			return true
		} else if at+1 == seq && it.Next() {
			return keySeq(it.Key()) == seq
		}
	}
	return it.SeekGE(seqKey(spaceMessage, queue, seq)) && keySeq(it.Key()) == seq
}

func (s *Store) read(it *pebble.Iterator, q *queueState, rs *receipts, seq uint64) (Received, error) {
	v, err := it.ValueAndErr()
	if err != nil {
		return Received{}, err
	}
	h, err := decodeHeader(v)
	if err != nil {
		return Received{}, err
	}
	r := Received{Sequence: seq, SentAt: time.UnixMilli(h.sent)}
	if err := h.message(&r.Message); err != nil {
		return Received{}, err
	}
	q.mu.Lock()
	c, ok := q.claims[seq]
	q.mu.Unlock()
	if !ok || c.count == 0 {
		if c, err = rs.of(seq); err != nil {
			return Received{}, err
		}
	}
	r.describe(q.id, c)
	return r, nil
}
