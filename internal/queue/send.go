package queue

import (
	"context"
	"time"
)

// Send stores messages, all or none, in the given order. When it returns they
// are on disk. ErrNoSpace: the disk is nearly full and nothing was stored.
//
// Once the write has begun, Send waits for its outcome even if ctx ends.
func (s *Store) Send(ctx context.Context, name Name, messages []Message) ([]Sent, error) {
	q, err := s.begin(ctx, name)
	if err != nil {
		return nil, fail("send", name, err)
	}
	defer s.leave()
	if len(messages) == 0 {
		return nil, nil
	}
	op, err := s.newSendOp(q, messages)
	if err != nil {
		return nil, fail("send", name, err)
	}
	if err := s.commits.submit(op); err != nil {
		return nil, fail("send", name, err)
	}
	sent := make([]Sent, len(messages))
	for i := range op.messages {
		sent[i] = Sent{ID: op.messages[i].messageID(), Sequence: op.first + uint64(i)}
	}
	return sent, nil
}

// sendOp appends messages to a queue.
type sendOp struct {
	s        *Store
	q        *queueState
	messages []outgoing
	bytes    int
	delayed  uint64
	nextDue  int64
	first    uint64 // sequence of the first message
}

func (s *Store) newSendOp(q *queueState, messages []Message) (*sendOp, error) {
	q.mu.Lock()
	delay := q.attributes.Delay
	q.mu.Unlock()
	now := s.clock.Now().UnixMilli()
	s.ages.see(now)
	op := &sendOp{s: s, q: q, messages: make([]outgoing, len(messages))}
	for i := range messages {
		d := delay
		if messages[i].Delay != nil {
			d = *messages[i].Delay
		}
		o, err := newOutgoing(&messages[i], now, max(d, 0))
		if err != nil {
			return nil, err
		}
		op.messages[i] = o
		op.bytes += o.size + seqKeyLen + 16
		if o.until != 0 {
			op.bytes += delayKeyLen + 16
			op.delayed++
			if op.nextDue == 0 || o.until < op.nextDue {
				op.nextDue = o.until
			}
		}
	}
	return op, nil
}

func (o *sendOp) size() int    { return o.bytes + countersLen }
func (o *sendOp) kind() opKind { return opGrows }

func (o *sendOp) build(g *group) error {
	q := o.q
	if q.dropped {
		return ErrQueueNotFound
	}
	o.first = q.building.sent + 1
	for i := range o.messages {
		m := &o.messages[i]
		seq := o.first + uint64(i)
		if m.until != 0 { // after all delays that ended, even if the clock was set back
			m.until = max(m.until, q.dueBuilt+1)
		}
		w := g.batch.SetDeferred(seqKeyLen, m.size)
		putSeqKey(w.Key, spaceMessage, q.id, seq)
		m.encode(w.Value[:0])
		if err := w.Finish(); err != nil {
			return err
		}
		if m.until != 0 {
			if err := g.batch.Set(delayKey(q.id, m.until, seq), nil, nil); err != nil {
				return err
			}
		}
	}
	q.building.sent += uint64(len(o.messages))
	g.touch(q)
	return nil
}

func (o *sendOp) apply() {
	q := o.q
	q.mu.Lock()
	defer q.mu.Unlock()
	q.counts.sent += uint64(len(o.messages))
	if o.delayed > 0 {
		q.delayed += o.delayed
		if q.nextDue == 0 || o.nextDue < q.nextDue {
			q.nextDue = o.nextDue
		}
		o.s.sweeper.before(o.nextDue)
	}
	q.waiters.notify(len(o.messages) - int(o.delayed))
}

// Delayed returns a pointer to d, for Message.Delay.
func Delayed(d time.Duration) *time.Duration { return &d }
