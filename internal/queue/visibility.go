package queue

import (
	"context"
	"time"
)

// MaxVisibility is how long one receipt can hide a message, in all, as on SQS.
const MaxVisibility = 12 * time.Hour

// ChangeVisibility makes a message that is in flight visible after timeout from
// now; at once if that is 0. ErrNotInFlight if the handle is not that of the
// message's current receipt, ErrVisibilityLimit if it would be hidden for longer
// than MaxVisibility since that receipt.
func (s *Store) ChangeVisibility(ctx context.Context, name Name, h ReceiptHandle, timeout time.Duration) error {
	q, err := s.begin(ctx, name)
	if err != nil {
		return fail("change visibility", name, err)
	}
	defer s.leave()
	r, err := parseReceipt(h)
	if err == nil && r.queue != q.id {
		err = ErrReceiptInvalid
	}
	if err != nil {
		return fail("change visibility", name, err)
	}
	if timeout <= 0 {
		err = s.giveBackNow(q, r)
	} else {
		err = s.moveDeadline(q, r, s.clock.Now().Add(timeout).UnixMilli())
	}
	return fail("change visibility", name, err)
}

func (s *Store) moveDeadline(q *queueState, r receipt, deadline int64) error {
	q.mu.Lock()
	c, ok := q.claims[r.seq]
	if !ok || c.state != inFlight || c.nonce != r.nonce {
		q.mu.Unlock()
		return ErrNotInFlight
	}
	if (deadline-c.since)/1000 > int64(MaxVisibility/time.Second) { // whole seconds
		q.mu.Unlock()
		return ErrVisibilityLimit
	}
	c.deadline = deadline
	q.claims[r.seq] = c
	q.deadlines.push(deadline, r.seq)
	q.deadlines.prune(q.claims)
	q.mu.Unlock()
	s.sweeper.before(deadline)
	return nil
}

func (s *Store) giveBackNow(q *queueState, r receipt) error {
	q.mu.Lock()
	c, ok := q.claims[r.seq]
	if !ok || c.state != inFlight || c.nonce != r.nonce {
		q.mu.Unlock()
		return ErrNotInFlight
	}
	c.state = returning
	q.claims[r.seq] = c
	q.mu.Unlock()
	return s.commits.submit(&returnOp{q: q, seqs: []uint64{r.seq}})
}

// returnOp makes claimed messages visible again and remembers how often they
// were received. A crash may forget that: it is not worth a sync.
type returnOp struct {
	q    *queueState
	seqs []uint64
}

func (o *returnOp) size() int    { return len(o.seqs) * (seqKeyLen + maxReceiptsLen + 16) }
func (o *returnOp) kind() opKind { return opUnsync }

func (o *returnOp) build(g *group) error {
	q := o.q
	if q.dropped {
		return nil
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, seq := range o.seqs {
		c, ok := q.claims[seq]
		_, spared := q.spared[seq]
		if !ok || c.state != returning || c.count == 0 || seq <= q.purgedThrough && !spared {
			continue
		}
		c.deadline, c.stored = 0, true
		q.claims[seq] = c
		if err := g.batch.Set(seqKey(spaceReceipts, q.id, seq), encodeClaim(c), nil); err != nil {
			return err
		}
	}
	return nil
}

func (o *returnOp) apply() {
	q := o.q
	q.mu.Lock()
	defer q.mu.Unlock()
	n := 0
	for _, seq := range o.seqs {
		c, ok := q.claims[seq]
		if !ok || c.state != returning {
			continue // deleted, held or purged meanwhile
		}
		q.restore(seq)
		q.hasReceipt = q.hasReceipt || c.stored
		n++
	}
	q.nextExpiry = 0 // one of them may be too old by now
	q.waiters.notify(n)
}
