package queue

import (
	"context"
	"time"

	"github.com/cockroachdb/pebble/v2"
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
		sent[i] = op.messages[i].result()
	}
	return sent, nil
}

// sendOp appends messages to a queue.
type sendOp struct {
	s          *Store
	q          *queueState
	messages   []outgoing
	bytes      int
	aged       int64 // Unix ms now, if no one set the clock
	identified bool  // some have a deduplication id
	stored     uint64
	delayed    uint64
	nextDue    int64
	nextForget int64
}

func (s *Store) newSendOp(q *queueState, messages []Message) (*sendOp, error) {
	q.mu.Lock()
	delay := q.attributes.Delay
	q.mu.Unlock()
	now := s.clock.Now().UnixMilli()
	op := &sendOp{s: s, q: q, aged: s.ages.before(now), messages: make([]outgoing, len(messages))}
	for i := range messages {
		d := delay
		if messages[i].Delay != nil {
			d = *messages[i].Delay
		}
		o, err := newOutgoing(&messages[i], now, max(d, 0))
		if err != nil {
			return nil, err
		}
		if g := len(o.Group); (q.fifo != nil) != (g > 0) || g > maxGroupName {
			return nil, ErrNoGroup
		}
		op.messages[i] = o
		op.bytes += o.size + seqKeyLen + 16
		if o.until != 0 {
			op.bytes += delayKeyLen + 16
		}
		if q.fifo != nil {
			op.bytes += seqKeyLen + 2 + len(o.Group) + delayKeyLen + 32
		}
		if o.known != nil {
			op.bytes += firstSize
			op.identified = true
		}
	}
	if op.identified {
		return op, s.warmFirsts(q, op.messages)
	}
	return op, nil
}

// maxGroupName bounds a message group in a key.
const maxGroupName = 1<<16 - 1

func (o *sendOp) size() int    { return o.bytes + countersLen }
func (o *sendOp) kind() opKind { return opGrows }

func (o *sendOp) build(g *group) error {
	q := o.q
	if q.dropped {
		return ErrQueueNotFound
	}
	if err := o.number(g); err != nil {
		return err
	}
	for i := range o.messages {
		if m := &o.messages[i]; !m.duplicate() {
			if err := o.put(g.batch, m); err != nil {
				return err
			}
		}
	}
	q.building.sent += o.stored
	g.touch(q)
	return nil
}

// number gives the messages their sequences, and duplicates those of their
// first.
func (o *sendOp) number(g *group) error {
	for i := range o.messages {
		m := &o.messages[i]
		k := m.known
		if k != nil {
			f, found, err := g.findFirst(o.q.id, k.sum)
			switch {
			case err != nil:
				o.unnumber(g, i)
				return err
			case found && f.until > o.aged:
				k.id, m.seq, k.duplicate = f.id, f.seq, true
				continue
			case found:
				k.old = f.until
			}
		}
		o.stored++
		m.seq = o.q.building.sent + o.stored
		if k != nil {
			k.id = m.messageID()
			if g.first == nil {
				g.first = firsts{}
			}
			g.first[firstID{o.q.id, k.sum}] = firstMessage{until: k.forget, seq: m.seq, id: k.id}
		}
	}
	return nil
}

// unnumber takes back what number told the group of the first n messages.
func (o *sendOp) unnumber(g *group, n int) {
	for i := range o.messages[:n] {
		if k := o.messages[i].known; k != nil && !k.duplicate {
			delete(g.first, firstID{o.q.id, k.sum})
		}
	}
}

// put writes the records of a message.
func (o *sendOp) put(b *pebble.Batch, m *outgoing) error {
	o.q.clampDelay(m)
	if err := o.q.putMessage(b, m, m.seq); err != nil {
		return err
	}
	if m.until != 0 {
		o.delayed++
		if o.nextDue == 0 || m.until < o.nextDue {
			o.nextDue = m.until
		}
	}
	if m.known == nil {
		return nil
	}
	if o.nextForget == 0 || m.known.forget < o.nextForget {
		o.nextForget = m.known.forget
	}
	return m.putFirst(b, o.q.id)
}

// clampDelay puts a delay after all delays that ended, even if the clock was
// set back. In a FIFO queue no message may be due before an earlier one.
func (q *queueState) clampDelay(m *outgoing) {
	before := m.until
	if m.until != 0 {
		m.until = max(m.until, q.dueBuilt+1)
	}
	if q.fifo != nil && q.untilBuilt > q.dueBuilt {
		m.until = max(m.until, q.untilBuilt)
	}
	q.untilBuilt = max(q.untilBuilt, m.until)
	if before == 0 && m.until != 0 {
		m.size += 8
	}
}

// putMessage writes a message and its places in the indexes.
func (q *queueState) putMessage(b *pebble.Batch, m *outgoing, seq uint64) error {
	w := b.SetDeferred(seqKeyLen, m.size)
	putSeqKey(w.Key, spaceMessage, q.id, seq)
	m.encode(w.Value[:0])
	if err := w.Finish(); err != nil {
		return err
	}
	if q.fifo != nil {
		if err := b.Set(groupKey(q.id, m.Group, seq), nil, nil); err != nil {
			return err
		}
	}
	if m.until != 0 {
		return b.Set(delayKey(q.id, m.until, seq), nil, nil)
	}
	return nil
}

func (o *sendOp) apply() {
	q := o.q
	q.mu.Lock()
	defer q.mu.Unlock()
	q.counts.sent += o.stored
	if o.delayed > 0 {
		q.delayed += o.delayed
		if q.nextDue == 0 || o.nextDue < q.nextDue {
			q.nextDue = o.nextDue
		}
		o.s.sweeper.before(o.nextDue)
	}
	if o.nextForget != 0 && (q.nextForget == 0 || o.nextForget < q.nextForget) {
		q.nextForget = o.nextForget
	}
	q.waiters.notify(int(o.stored - o.delayed))
}

// Delayed returns a pointer to d, for Message.Delay.
func Delayed(d time.Duration) *time.Duration { return &d }
