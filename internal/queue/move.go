package queue

import "github.com/cockroachdb/pebble/v2"

// moving is a message on its way to another queue.
type moving struct {
	leaving
	out      outgoing // as it will be there
	receipts claim    // goes with it, if it has a count
	aged     bool     // its send time may be older than that of messages before it
}

// moveOp takes messages out of a queue and appends them to another, in one
// write: after a crash each is in one of them. It has claimed them all.
type moveOp struct {
	removal  removeOp
	s        *Store
	to       *queueState
	messages []moving // those of removal, in the same order
	bytes    int
	arrived  uint64
	delayed  uint64
	nextDue  int64
	receipts bool
	aged     bool
	task     *moveTask // whose progress is written too; nil: none
}

func newMoveOp(s *Store, from, to *queueState, messages []moving) *moveOp {
	o := &moveOp{s: s, to: to, messages: messages, removal: removeOp{q: from, why: moved, messages: make([]leaving, len(messages))}}
	for i := range messages {
		m := &messages[i]
		o.removal.messages[i] = m.leaving
		o.bytes += m.out.size + 4*(delayKeyLen+16) + 2*(len(m.group)+2) + maxReceiptsLen
	}
	return o
}

func (o *moveOp) abandon() { o.removal.abandon() }

func (o *moveOp) size() int { return o.removal.size() + o.bytes + 2*countersLen + maxTaskLen }

// kind: what moves takes no more space when it has moved.
func (o *moveOp) kind() opKind { return 0 }

func (o *moveOp) build(g *group) error {
	if o.to.dropped {
		return ErrQueueNotFound
	}
	if err := o.removal.build(g); err != nil {
		return err
	}
	for i := range o.messages {
		if o.removal.messages[i].removed {
			if err := o.put(g.batch, &o.messages[i]); err != nil {
				return err
			}
		}
	}
	o.to.building.sent += o.arrived
	g.touch(o.to)
	if o.task != nil {
		return o.task.progress(g.batch, int64(o.arrived))
	}
	return nil
}

// put appends a message to the queue that it goes to.
func (o *moveOp) put(b *pebble.Batch, m *moving) error {
	o.arrived++
	seq := o.to.building.sent + o.arrived
	o.to.clampDelay(&m.out)
	if err := o.to.putMessage(b, &m.out, seq); err != nil {
		return err
	}
	if m.out.until != 0 {
		o.delayed++
		if o.nextDue == 0 || m.out.until < o.nextDue {
			o.nextDue = m.out.until
		}
	}
	if m.receipts.count > 0 {
		o.receipts = true
		if err := b.Set(seqKey(spaceReceipts, o.to.id, seq), encodeClaim(m.receipts), nil); err != nil {
			return err
		}
	}
	if !m.aged {
		return nil
	}
	o.aged = true
	return b.Set(ageKey(o.to.id, m.out.sent, seq), nil, nil)
}

func (o *moveOp) apply() {
	o.removal.apply()
	if o.task != nil {
		o.task.q.mu.Lock()
		o.task.now.Moved += int64(o.arrived)
		o.task.q.mu.Unlock()
	}
	q := o.to
	q.mu.Lock()
	defer q.mu.Unlock()
	q.counts.sent += o.arrived
	q.hasReceipt = q.hasReceipt || o.receipts
	q.hasAge = q.hasAge || o.aged
	if o.aged {
		q.nextExpiry = 0
	}
	if o.delayed > 0 {
		q.delayed += o.delayed
		if q.nextDue == 0 || o.nextDue < q.nextDue {
			q.nextDue = o.nextDue
		}
		o.s.sweeper.before(o.nextDue)
	}
	q.waiters.notify(int(o.arrived - o.delayed))
}
