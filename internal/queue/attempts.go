package queue

import (
	"context"
	"time"
)

// AttemptWindow is how long a Receive can be repeated, as on SQS.
const AttemptWindow = 5 * time.Minute

// attempts are the latest receipts by the ReceiveOptions.Attempt that they were
// made with. They are kept in memory only: a restart forgets them. There are at
// most about twice as many as messages in flight.
type attempts struct {
	by     map[string]attempt
	pruned int // attempts that were left when useless ones were last dropped
}

// attempt is what one Receive returned.
type attempt struct {
	at       int64 // Unix ms
	deadline int64 // of all its messages
	receipts []receipt
}

// addAttempt notes what a Receive returned.
func (q *queueState) addAttempt(id string, now, deadline int64, got []Received) {
	a := &q.fifo.attempts
	if a.by == nil {
		a.by = map[string]attempt{}
	}
	if len(a.by) >= 2*a.pruned+64 {
		for k, v := range a.by {
			if !q.repeatable(v, now) {
				delete(a.by, k)
			}
		}
		a.pruned = len(a.by)
	}
	rs := make([]receipt, 0, len(got))
	for i := range got {
		if r, err := parseReceipt(got[i].Receipt); err == nil {
			rs = append(rs, r)
		}
	}
	a.by[id] = attempt{at: now, deadline: deadline, receipts: rs}
}

// repeatAttempt returns the messages of an earlier call again, hidden for the
// visibility timeout from now, if all of them are as that call left them.
func (s *Store) repeatAttempt(ctx context.Context, q *queueState, o ReceiveOptions) ([]Received, error) {
	now := s.clock.Now().UnixMilli()
	deadline := now + max(o.Visibility, 0).Milliseconds()
	seqs := q.repeat(o.Attempt, now, deadline)
	if len(seqs) == 0 {
		return nil, nil
	}
	s.sweeper.before(deadline)
	return s.lookup(ctx, q, seqs)
}

func (q *queueState) repeat(id string, now, deadline int64) []uint64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	a, ok := q.fifo.attempts.by[id]
	if !ok || !q.repeatable(a, now) {
		return nil
	}
	seqs := make([]uint64, len(a.receipts))
	for i, r := range a.receipts {
		c := q.claims[r.seq]
		c.deadline = deadline
		q.claims[r.seq] = c
		q.deadlines.push(deadline, r.seq)
		seqs[i] = r.seq
	}
	a.deadline = deadline
	q.fifo.attempts.by[id] = a
	return seqs
}

// repeatable reports whether all messages of an attempt are as it left them.
func (q *queueState) repeatable(a attempt, now int64) bool {
	if now-a.at >= AttemptWindow.Milliseconds() || a.deadline <= now {
		return false
	}
	for _, r := range a.receipts {
		c, ok := q.claims[r.seq]
		if !ok || c.state != inFlight || c.nonce != r.nonce || c.deadline != a.deadline {
			return false
		}
	}
	return true
}
