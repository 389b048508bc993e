package queue

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"github.com/cockroachdb/pebble/v2"
)

// Delete deletes messages by their receipt handles, durably. The first result
// has an entry for each handle: nil, or why it was not accepted. A handle of an
// earlier receipt, and one of a message that is gone, succeed, as on a standard
// queue of SQS; on a FIFO queue the first is refused with ErrReceiptExpired.
func (s *Store) Delete(ctx context.Context, name Name, handles []ReceiptHandle) ([]error, error) {
	q, err := s.begin(ctx, name)
	if err != nil {
		return nil, fail("delete", name, err)
	}
	defer s.leave()
	errs := make([]error, len(handles))
	seqs := make([]uint64, 0, len(handles))
	for i, h := range handles {
		r, err := parseReceipt(h)
		if err == nil && r.queue != q.id {
			err = ErrReceiptInvalid
		}
		if err == nil && q.fifo != nil {
			err = s.checkCurrent(q, r)
		}
		if err != nil {
			errs[i] = err
			continue
		}
		seqs = append(seqs, r.seq)
	}
	if _, err := s.remove(q, seqs, deleted); err != nil {
		return nil, fail("delete", name, err)
	}
	return errs, nil
}

// DeleteSequences deletes messages by their sequences, durably, and says how
// many there were. Missing ones are ignored.
func (s *Store) DeleteSequences(ctx context.Context, name Name, seqs []uint64) (int, error) {
	q, err := s.begin(ctx, name)
	if err != nil {
		return 0, fail("delete", name, err)
	}
	defer s.leave()
	n, err := s.remove(q, seqs, deleted)
	return n, fail("delete", name, err)
}

// removal says which counter a removed message goes to.
type removal uint8

const (
	deleted removal = iota
	expired
	moved
)

// add adds n to the counter.
func (r removal) add(c *counters, n int) {
	switch r {
	case deleted:
		c.deleted += uint64(n)
	case expired:
		c.expired += uint64(n)
	case moved:
		c.moved += uint64(n)
	}
}

// remove claims the messages and removes them, in pieces that fit into a group.
func (s *Store) remove(q *queueState, seqs []uint64, why removal) (int, error) {
	total := 0
	for part := range slices.Chunk(seqs, maxRemoved) {
		op, err := s.newRemoveOp(q, part, why)
		if err != nil {
			return total, err
		}
		// Even with nothing to do, it waits for what went before: another call
		// may be deleting the same message.
		if err := s.commits.submit(op); err != nil {
			op.abandon()
			return total, err
		}
		total += op.removed
	}
	return total, nil
}

const maxRemoved = 50_000

// removeOp takes messages out of the store. It has claimed them all.
type removeOp struct {
	q        *queueState
	why      removal
	messages []leaving
	removed  int
	delayed  uint64
}

type leaving struct {
	seq     uint64
	until   int64
	stored  bool   // has an r record
	group   string // on a FIFO queue
	before  claim  // to undo
	was     bool   // claimed before
	removed bool   // by build
}

// newRemoveOp claims the messages that are there. Those in flight certainly
// are; the others are looked up.
func (s *Store) newRemoveOp(q *queueState, seqs []uint64, why removal) (*removeOp, error) {
	op := &removeOp{q: q, why: why, messages: make([]leaving, 0, len(seqs))}
	var unknown []uint64
	q.mu.Lock()
	for _, seq := range seqs {
		c, ok := q.claims[seq]
		switch {
		case seq == 0 || seq > q.counts.sent || ok && c.state == deleting:
			continue
		case ok && why == expired:
			continue
		case ok:
			op.messages = append(op.messages, leaving{
				seq: seq, stored: c.stored || c.state == returning, group: q.groupOf(seq), before: c, was: true,
			})
			c.kept = c.state == held
			c.state = deleting
			q.claims[seq] = c
		default:
			q.claims[seq] = claim{state: deleting, hidden: true}
			q.hidden++
			unknown = append(unknown, seq)
		}
	}
	hasReceipt := q.hasReceipt
	q.mu.Unlock()
	for i, seq := range unknown {
		h, found, err := s.header(q, seq)
		if err != nil {
			q.release(unknown[i:])
			op.abandon()
			return nil, err
		}
		if !found {
			q.release(unknown[i : i+1])
			continue
		}
		op.messages = append(op.messages, leaving{seq: seq, until: h.until, stored: hasReceipt, group: string(h.group)})
	}
	return op, nil
}

// header reads what the store knows of a message; rest is not valid.
func (s *Store) header(q *queueState, seq uint64) (header, bool, error) {
	v, closer, err := s.db.Get(seqKey(spaceMessage, q.id, seq))
	if errors.Is(err, pebble.ErrNotFound) {
		return header{}, false, nil
	}
	if err != nil {
		return header{}, false, err
	}
	h, err := decodeHeader(v)
	h.group, h.rest = bytes.Clone(h.group), nil
	return h, true, errors.Join(err, closer.Close())
}

// release gives up claims of waiting messages. They wait again: a scan may have
// passed them while they were claimed.
func (q *queueState) release(seqs []uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, seq := range seqs {
		q.restore(seq)
	}
	q.waiters.notify(len(seqs))
}

// abandon undoes the claims after a failure.
func (o *removeOp) abandon() {
	var waiting []uint64
	o.q.mu.Lock()
	for _, m := range o.messages {
		if !m.was {
			waiting = append(waiting, m.seq)
			continue
		}
		c := m.before
		if c.state == returning { // its operation found it leaving and let go
			c.state, c.deadline = inFlight, 0
		}
		if _, ok := o.q.claims[m.seq]; ok {
			o.q.claims[m.seq] = c
			if c.state == inFlight {
				o.q.deadlines.push(c.deadline, m.seq)
			}
		}
	}
	o.q.mu.Unlock()
	o.q.release(waiting)
}

func (o *removeOp) size() int    { return 128 + len(o.messages)*64 }
func (o *removeOp) kind() opKind { return 0 }

func (o *removeOp) build(g *group) error {
	q := o.q
	if q.dropped {
		return ErrQueueNotFound
	}
	if len(o.messages) == 0 {
		return nil
	}
	for i := range o.messages {
		m := &o.messages[i]
		if m.seq <= q.purgedThrough {
			if _, ok := q.spared[m.seq]; !ok {
				continue
			}
			delete(q.spared, m.seq)
		}
		if err := o.buildOne(g.batch, m); err != nil {
			return err
		}
		m.removed = true
		o.removed++
	}
	o.why.add(&q.building, o.removed)
	g.touch(q)
	return nil
}

// buildOne deletes the records of a message. A message record is written once
// and deleted once, so that SingleDelete is allowed: it vanishes together with
// the message, often before either reaches a table.
func (o *removeOp) buildOne(b *pebble.Batch, m *leaving) error {
	w := b.SingleDeleteDeferred(seqKeyLen)
	putSeqKey(w.Key, spaceMessage, o.q.id, m.seq)
	if err := w.Finish(); err != nil {
		return err
	}
	if m.stored {
		if err := b.Delete(seqKey(spaceReceipts, o.q.id, m.seq), nil); err != nil {
			return err
		}
	}
	if o.q.fifo != nil {
		if err := b.Delete(groupKey(o.q.id, m.group, m.seq), nil); err != nil {
			return err
		}
	}
	if m.until > o.q.dueBuilt {
		o.delayed++
		return b.Delete(delayKey(o.q.id, m.until, m.seq), nil)
	}
	return nil
}

func (o *removeOp) apply() {
	q := o.q
	q.mu.Lock()
	defer q.mu.Unlock()
	for i := range o.messages {
		q.unclaim(o.messages[i].seq)
	}
	q.delayed -= o.delayed
	o.why.add(&q.counts, o.removed)
}

// deleteGaps deletes the messages up to last that are not kept, with their
// records.
func deleteGaps(b *pebble.Batch, queue, last uint64, kept map[uint64]struct{}) error {
	from := uint64(0)
	for _, seq := range append(sortedKeys(kept), last+1) {
		for _, space := range []byte{spaceMessage, spaceReceipts} {
			if from == seq {
				break
			}
			if err := b.DeleteRange(seqKey(space, queue, from), seqKey(space, queue, seq), nil); err != nil {
				return err
			}
		}
		from = seq + 1
	}
	for _, space := range []byte{spaceDelay, spaceAge} {
		if err := b.DeleteRange(queueKey(space, queue), queueKey(space, queue+1), nil); err != nil {
			return err
		}
	}
	return nil
}
