package queue

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/cockroachdb/pebble/v2"
)

// ReceiveOptions say what a consumer takes.
type ReceiveOptions struct {
	Max         int           // messages; at least 1
	Visibility  time.Duration // until the messages are visible again; 0: at once
	Wait        time.Duration // for the first message
	MaxBytes    int           // bodies, at least one message; 0: no limit
	MaxInFlight int           // ErrTooManyInFlight when so many are in flight; 0: no limit
	Hold        bool          // take the messages as Hold does, without a deadline, also dead letters

	// Attempt, on a FIFO queue: a call with that of an earlier one, made less than
	// five minutes before, gets the same messages again if nothing happened to them.
	Attempt string

	through uint64 // only messages up to this sequence; 0: all
}

// Receive takes visible messages, oldest first as far as possible. It returns
// as soon as there is one, and none when the wait is over or the store closes.
// If ctx ends, messages already taken go back to the queue.
func (s *Store) Receive(ctx context.Context, name Name, o ReceiveOptions) ([]Received, error) {
	q, err := s.begin(ctx, name)
	if err != nil {
		return nil, fail("receive", name, err)
	}
	defer s.leave()
	got, err := s.receive(ctx, q, o)
	if err == nil && ctx.Err() != nil {
		q.putBack(got)
		got, err = nil, ctx.Err()
	}
	return got, fail("receive", name, err)
}

func (s *Store) receive(ctx context.Context, q *queueState, o ReceiveOptions) ([]Received, error) {
	if q.fifo != nil && o.Attempt != "" {
		if got, err := s.repeatAttempt(ctx, q, o); err != nil || len(got) > 0 {
			return got, err
		}
	}
	got, err := s.take(q, o)
	if err != nil || len(got) > 0 || o.Wait <= 0 {
		return got, err
	}
	timeout, stop := s.clock.After(o.Wait)
	defer stop()
	for front := false; ; front = true {
		q.mu.Lock()
		w := q.waiters.add(front)
		q.mu.Unlock()
		// A message may have come between the look and the queueing.
		if got, err = s.take(q, o); err != nil || len(got) > 0 {
			s.stopWaiting(q, w, len(got) == 0)
			return got, err
		}
		select {
		case <-w.wake:
			if got, err = s.take(q, o); err != nil || len(got) > 0 {
				return got, err
			}
			continue
		case <-timeout:
		case <-s.closed:
		case <-ctx.Done():
			err = ctx.Err()
		}
		s.stopWaiting(q, w, true)
		return nil, err
	}
}

// stopWaiting leaves the line. A wake-up that came for a consumer that takes
// nothing goes to the next one.
func (s *Store) stopWaiting(q *queueState, w *waiter, passOn bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.waiters.remove(w) && passOn {
		q.waiters.notify(1)
	}
}

// take picks visible messages and claims them. What has been received too often
// is moved to the dead-letter queue meanwhile.
func (s *Store) take(q *queueState, o ReceiveOptions) ([]Received, error) {
	for {
		got, dead, err := s.pick(q, o)
		if err != nil || dead == nil {
			return got, err
		}
		if err = s.commits.submit(dead); err != nil {
			dead.abandon()
		}
		if len(got) > 0 {
			return got, nil
		}
		if err != nil && !errors.Is(err, ErrQueueNotFound) { // else one of the queues has just gone
			return nil, err
		}
	}
}

func (s *Store) pick(q *queueState, o ReceiveOptions) ([]Received, *moveOp, error) {
	q.scan.Lock()
	defer q.scan.Unlock()
	p := picker{s: s, q: q, o: o, now: s.clock.Now().UnixMilli(), groups: map[string]*pickedGroup{}}
	if err := p.findDeadLetters(); err != nil {
		return nil, nil, err
	}
	if more, err := p.start(); err != nil || !more {
		return nil, nil, err
	}
	if err := p.pick(); err != nil {
		p.undo()
		return nil, nil, err
	}
	got, dead := p.claim()
	return got, dead, nil
}

// undo gives back what was picked.
func (p *picker) undo() {
	p.q.mu.Lock()
	defer p.q.mu.Unlock()
	p.q.donePicking()
	p.q.giveBack(p.popped...)
	for _, g := range p.groups {
		p.putGroup(g.id, g.from)
	}
}

// picker is one look for visible messages. It reads Pebble without the queue's
// lock; claim sorts out what changed meanwhile.
type picker struct {
	s   *Store
	q   *queueState
	o   ReceiveOptions
	now int64

	popped     []uint64 // from q.returned, ascending
	cursor     uint64
	last       uint64
	dueThrough int64
	purged     uint64
	oldest     int64 // messages sent before this millisecond have expired
	hasReceipt bool

	groups map[string]*pickedGroup // of a FIFO queue

	deadTo      *queueState // nil: there is no dead-letter queue
	maxReceives uint32
	dead        []moving // messages for it

	got    []Received
	claims []claim
	bytes  int
	full   bool
}

func (p *picker) start() (more bool, err error) {
	q := p.q
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.gone {
		return false, ErrQueueNotFound
	}
	if p.o.MaxInFlight > 0 {
		room := p.o.MaxInFlight - q.inFlight()
		if room <= 0 {
			return false, ErrTooManyInFlight
		}
		p.o.Max = min(p.o.Max, room)
	}
	p.o.Max = max(p.o.Max, 1)
	if !q.mayHaveVisible() {
		return false, nil
	}
	if q.rewind != 0 {
		q.moveCursor(q.cursor)
	}
	q.picking = true
	p.cursor, p.last = q.cursor, q.counts.sent
	if p.o.through != 0 {
		p.last = min(p.last, p.o.through)
	}
	p.dueThrough, p.purged, p.hasReceipt = q.dueThrough, q.purged, q.hasReceipt
	p.oldest = oldest(q.attributes.Retention, p.s.ages.before(p.now))
	return true, nil
}

// oldest is the earliest send time that has not expired.
func oldest(retention time.Duration, now int64) int64 {
	if retention <= 0 {
		return 0
	}
	return now - retention.Milliseconds() + 1
}

func (p *picker) pick() error {
	it, err := p.s.db.NewIter(&pebble.IterOptions{
		LowerBound: queueKey(spaceMessage, p.q.id),
		UpperBound: seqKey(spaceMessage, p.q.id, p.last+1),
	})
	if err != nil {
		return err
	}
	defer it.Close()
	rs, err := p.s.openReceipts(p.q, p.hasReceipt)
	if err != nil {
		return err
	}
	defer rs.close()
	if p.q.fifo != nil {
		return p.pickGroups(it, rs)
	}
	if err := p.pickReturned(it, rs); err != nil {
		return err
	}
	return p.scan(it, rs)
}

// pickReturned takes messages that came back. Some of them may be gone, or come
// up twice.
func (p *picker) pickReturned(it *pebble.Iterator, rs *receipts) error {
	for !p.full {
		seq, ok := p.pop()
		if !ok {
			break
		}
		if seq > p.last { // as all that are left
			p.giveBack(seq)
			break
		}
		at, seen := slices.BinarySearch(p.popped, seq)
		if seen {
			continue
		}
		p.popped = slices.Insert(p.popped, at, seq)
		if !seekSeq(it, p.q.id, seq) {
			continue
		}
		if err := p.consider(it, rs, seq); err != nil {
			return err
		}
	}
	return it.Error()
}

// pop takes the first message that came back. It may be one whose delay ended
// after the start.
func (p *picker) pop() (uint64, bool) {
	p.q.mu.Lock()
	defer p.q.mu.Unlock()
	if p.q.returned.len() == 0 {
		return 0, false
	}
	p.dueThrough = p.q.dueThrough
	return p.q.returned.pop(), true
}

func (p *picker) giveBack(seq uint64) {
	p.q.mu.Lock()
	defer p.q.mu.Unlock()
	p.q.giveBack(seq)
}

// scan reads on from the cursor.
func (p *picker) scan(it *pebble.Iterator, rs *receipts) error {
	if p.full || p.cursor > p.last {
		return it.Error()
	}
	ok := it.SeekGE(seqKey(spaceMessage, p.q.id, p.cursor))
	for ; ok && !p.full; ok = it.Next() {
		seq := keySeq(it.Key())
		if _, seen := slices.BinarySearch(p.popped, seq); !seen {
			if err := p.consider(it, rs, seq); err != nil {
				return err
			}
		}
		if !p.full || p.took(seq) {
			p.cursor = seq + 1
		}
	}
	if !ok && !p.full {
		p.cursor = p.last + 1
	}
	return it.Error()
}

func (p *picker) took(seq uint64) bool {
	return len(p.got) > 0 && p.got[len(p.got)-1].Sequence == seq
}

// consider takes the message at the iterator if it is visible. It sets full when
// no more fit; then the message itself may not have been taken.
func (p *picker) consider(it *pebble.Iterator, rs *receipts, seq uint64) error {
	if p.q.claimed(seq) {
		return nil
	}
	h, err := headerAt(it)
	if err != nil || h.until > p.dueThrough || h.sent < p.oldest {
		return err
	}
	took, err := p.add(h, rs, seq)
	if err == nil && !took && seq < p.cursor {
		p.giveBack(seq)
	}
	return err
}

// headerAt decodes the message at the iterator; it is valid until that moves.
func headerAt(it *pebble.Iterator) (header, error) {
	v, err := it.ValueAndErr()
	if err != nil {
		return header{}, err
	}
	return decodeHeader(v)
}

// add takes a message, for the consumer or for the dead-letter queue, unless it
// is too much.
func (p *picker) add(h header, rs *receipts, seq uint64) (took bool, err error) {
	r := Received{Sequence: seq, SentAt: time.UnixMilli(h.sent)}
	if err := h.message(&r.Message); err != nil {
		return false, err
	}
	c, err := rs.of(seq)
	if err != nil {
		return false, err
	}
	if p.deadTo != nil && c.count-c.before >= p.maxReceives {
		return true, p.addDead(h, r, c)
	}
	if p.o.MaxBytes > 0 && len(p.got) > 0 && p.bytes+len(r.Body) > p.o.MaxBytes {
		p.full = true
		return false, nil
	}
	if p.got == nil {
		room := min(p.o.Max, usualReceive)
		p.got, p.claims = make([]Received, 0, room), make([]claim, 0, room)
	}
	p.bytes += len(r.Body)
	p.got = append(p.got, r)
	p.claims = append(p.claims, c)
	p.full = len(p.got) >= p.o.Max
	return true, nil
}

// usualReceive is as many messages as clients of SQS may ask for.
const usualReceive = 10

func (q *queueState) claimed(seq uint64) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	_, ok := q.claims[seq]
	return ok
}

// claim marks what was picked as in flight, without what was claimed or purged
// since the start.
func (p *picker) claim() ([]Received, *moveOp) {
	q := p.q
	deadline := p.now + max(p.o.Visibility, 0).Milliseconds()
	q.mu.Lock()
	q.moveCursor(p.cursor)
	left := q.donePicking()
	kept := p.got[:0]
	for i, r := range p.got {
		_, taken := q.claims[r.Sequence]
		purged := q.purged != p.purged && r.Sequence <= q.purged
		_, went := slices.BinarySearch(left, r.Sequence)
		if taken || purged || went || q.gone {
			continue
		}
		c := p.claims[i]
		c.count++
		c.nonce, c.since = rand.Uint32(), p.now
		if c.first == 0 {
			c.first = p.now
		}
		if p.o.Hold {
			c.state = held
		} else {
			c.deadline = deadline
			q.deadlines.push(deadline, r.Sequence)
		}
		q.claims[r.Sequence] = c
		if q.fifo != nil {
			q.fifo.claim(r.Sequence, r.Group)
		}
		r.describe(q.id, c)
		kept = append(kept, r)
	}
	dead := p.claimDead(left)
	p.settleGroups(kept, deadline)
	q.deadlines.prune(q.claims)
	q.mu.Unlock()
	if len(kept) > 0 && !p.o.Hold {
		p.s.sweeper.before(deadline)
	}
	return kept, dead
}

// donePicking ends a picker's work and returns the messages that went since its
// start, in order.
func (q *queueState) donePicking() (left []uint64) {
	left, q.left, q.picking = q.left, nil, false
	slices.Sort(left)
	return left
}

func (r *Received) describe(queue uint64, c claim) {
	r.ReceiveCount = int(c.count)
	r.FirstReceivedAt = time.UnixMilli(c.first)
	if c.first == 0 {
		r.FirstReceivedAt = time.Time{}
	}
	r.Receipt = receipt{queue: queue, seq: r.Sequence, nonce: c.nonce}.handle()
}

// putBack undoes a receipt that nobody got to see.
func (q *queueState) putBack(got []Received) {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := 0
	for _, r := range got {
		rc, err := parseReceipt(r.Receipt)
		if err != nil {
			continue
		}
		c, ok := q.claims[r.Sequence]
		if !ok || c.nonce != rc.nonce || c.state != inFlight && c.state != held {
			continue
		}
		q.restore(r.Sequence)
		n++
	}
	q.waiters.notify(n)
}
