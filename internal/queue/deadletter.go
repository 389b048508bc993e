package queue

import (
	"errors"
	"slices"
)

// maxDead bounds the messages that one look moves to a dead-letter queue.
const maxDead = 1000

// findDeadLetters finds the dead-letter queue, if there is one. What is taken to
// be held is not for it: a delivery takes a message however often it had to give
// it back, and a move task takes all.
func (p *picker) findDeadLetters() error {
	if p.o.Hold {
		return nil
	}
	p.q.mu.Lock()
	d := p.q.attributes.DeadLetter
	p.q.mu.Unlock()
	if d == nil {
		return nil
	}
	to, err := p.s.find(d.Queue)
	if errors.Is(err, ErrQueueNotFound) || err == nil && (to.fifo == nil) != (p.q.fifo == nil) {
		return nil // better delivered again than lost
	}
	p.deadTo, p.maxReceives = to, uint32(d.MaxReceives)
	return err
}

// addDead takes a message for the dead-letter queue. On a standard queue it
// keeps its send time, on a FIFO queue it gets a new one, as on SQS.
func (p *picker) addDead(h header, r Received, c claim) error {
	if r.MovedFrom = p.q.name; p.q.fifo != nil {
		h.sent = p.now
	}
	out, err := newOutgoing(&r.Message, h.sent, 0)
	if err != nil {
		return err
	}
	c.before = c.count
	p.dead = append(p.dead, moving{
		leaving: leaving{seq: r.Sequence, until: h.until, stored: c.stored, group: r.Group},
		out:     out, receipts: c, aged: p.q.fifo == nil,
	})
	p.full = p.full || len(p.dead) >= maxDead
	return nil
}

// claimDead claims the messages for the dead-letter queue and returns the
// operation that moves them; nil if there are none.
func (p *picker) claimDead(left []uint64) *moveOp {
	q := p.q
	dead := p.dead[:0]
	for _, m := range p.dead {
		_, taken := q.claims[m.seq] // by another, or picked twice: its group came back meanwhile
		_, went := slices.BinarySearch(left, m.seq)
		if taken || went || q.gone || q.purged != p.purged && m.seq <= q.purged {
			continue
		}
		q.claims[m.seq] = claim{state: deleting, hidden: true}
		q.hidden++
		if q.fifo != nil {
			q.fifo.claim(m.seq, m.group)
		}
		dead = append(dead, m)
	}
	if len(dead) == 0 {
		return nil
	}
	return newMoveOp(p.s, q, p.deadTo, dead)
}
