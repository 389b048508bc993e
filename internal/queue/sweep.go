package queue

import (
	"log/slog"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cockroachdb/pebble/v2"
)

// sweeper ends visibility timeouts and delays and removes expired messages when
// their time comes.
type sweeper struct {
	s       *Store
	log     *slog.Logger
	wake    chan struct{} // capacity 1
	wakesAt atomic.Int64  // Unix ms of the next sweep
	stop    chan struct{}
	once    sync.Once
	stopped chan struct{}
}

// maxSleep bounds the time between sweeps: the clock of a machine may be set.
const maxSleep = 10 * time.Second

func newSweeper(s *Store) *sweeper {
	return &sweeper{
		s: s, log: s.space.log,
		wake: make(chan struct{}, 1), stop: make(chan struct{}), stopped: make(chan struct{}),
	}
}

// before makes sure that a sweep happens at the given millisecond.
func (w *sweeper) before(at int64) {
	if at < w.wakesAt.Load() {
		w.kick()
	}
}

// kick makes a sweep happen now.
func (w *sweeper) kick() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

func (w *sweeper) close() {
	w.once.Do(func() { close(w.stop) })
	<-w.stopped
}

func (w *sweeper) run() {
	defer close(w.stopped)
	for {
		// Until the next time is known, any deadline must kick.
		w.wakesAt.Store(math.MaxInt64)
		now := w.s.clock.Now()
		next := now.Add(maxSleep).UnixMilli()
		for _, q := range w.s.all() {
			at, err := w.sweep(q, now.UnixMilli())
			if err != nil {
				w.log.Error("queue upkeep failed", "queue", q.name, "error", err)
				at = now.Add(time.Second).UnixMilli()
			}
			if at != 0 {
				next = min(next, at)
			}
		}
		w.wakesAt.Store(next)
		now = w.s.clock.Now()
		c, release := w.s.clock.After(max(time.UnixMilli(next).Sub(now), 0))
		select {
		case <-c:
		case <-w.wake:
		case <-w.stop:
			release()
			return
		}
		release()
	}
}

func (s *Store) all() []*queueState {
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := make([]*queueState, 0, len(s.queues))
	for _, q := range s.queues {
		all = append(all, q)
	}
	return all
}

// sweep does what is due in a queue and returns the millisecond at which more
// will be; 0: never.
func (w *sweeper) sweep(q *queueState, now int64) (int64, error) {
	if seqs := q.overdue(now); len(seqs) > 0 {
		if err := w.s.commits.submit(&returnOp{q: q, seqs: seqs}); err != nil {
			q.restoreDeadlines(seqs, now+time.Second.Milliseconds())
			return 0, err
		}
	}
	q.mu.Lock()
	due := q.nextDue != 0 && q.nextDue <= now
	expire := q.nextExpiry <= now
	q.mu.Unlock()
	if due {
		if err := w.s.commits.submit(&dueOp{s: w.s, q: q, now: now}); err != nil {
			return 0, err
		}
	}
	for aged := w.s.ages.before(now); q.forgetsBy(aged); {
		if err := w.s.commits.submit(&forgetOp{s: w.s, q: q, now: aged}); err != nil {
			return 0, err
		}
	}
	if expire {
		if err := w.expire(q, now); err != nil {
			return 0, err
		}
	}
	return q.nextEvent(), nil
}

func (q *queueState) forgetsBy(now int64) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return !q.gone && q.nextForget != 0 && q.nextForget <= now
}

func (q *queueState) nextEvent() int64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	next := q.nextExpiry
	if q.nextDue != 0 && (next == 0 || q.nextDue < next) {
		next = q.nextDue
	}
	for {
		d, ok := q.deadlines.next()
		if !ok {
			return next
		}
		if c := q.claims[d.seq]; c.state == inFlight && c.deadline == d.at {
			if next == 0 || d.at < next {
				next = d.at
			}
			return next
		}
		q.deadlines.pop() // its claim ended in another way
	}
}

// overdue takes the messages whose visibility timeout has ended.
func (q *queueState) overdue(now int64) (seqs []uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for {
		d, ok := q.deadlines.next()
		if !ok || d.at > now {
			return seqs
		}
		q.deadlines.pop()
		c, ok := q.claims[d.seq]
		if ok && c.state == inFlight && c.deadline == d.at {
			c.state = returning
			q.claims[d.seq] = c
			seqs = append(seqs, d.seq)
		}
	}
}

// restoreDeadlines puts off the return of messages that could not be returned.
func (q *queueState) restoreDeadlines(seqs []uint64, at int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, seq := range seqs {
		if c, ok := q.claims[seq]; ok && c.state == returning {
			c.state, c.deadline = inFlight, at
			q.claims[seq] = c
			q.deadlines.push(at, seq)
		}
	}
}

// dueOp ends the delays that are over.
type dueOp struct {
	s    *Store
	q    *queueState
	now  int64
	seqs []uint64
	next int64
}

// maxDue bounds the delays that end with one operation.
const maxDue = 50_000

func (o *dueOp) size() int    { return 1024 }
func (o *dueOp) kind() opKind { return opAlone | opUnsync }

func (o *dueOp) build(g *group) error {
	q := o.q
	if q.dropped {
		return nil
	}
	through := o.now
	err := o.s.each(seqRange(spaceDelay, q.id, 0), func(key, _ []byte) error {
		until, seq := delayKeyParts(key)
		if until > o.now || len(o.seqs) >= maxDue && until > through {
			o.next = until
			return errStop
		}
		o.seqs = append(o.seqs, seq)
		if len(o.seqs) >= maxDue {
			through = until
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(o.seqs) >= maxDue {
		o.now = through
	}
	q.dueBuilt = max(q.dueBuilt, o.now)
	return g.batch.DeleteRange(delayKey(q.id, 0, 0), delayKey(q.id, o.now+1, 0), nil)
}

func (o *dueOp) apply() {
	q := o.q
	q.mu.Lock()
	defer q.mu.Unlock()
	q.delayed -= uint64(len(o.seqs))
	q.dueThrough, q.nextDue = max(q.dueThrough, o.now), o.next
	if q.fifo == nil { // a FIFO queue's cursor does not pass delayed messages
		q.giveBack(o.seqs...)
	}
	q.waiters.notify(len(o.seqs))
}

// maxExpired bounds the messages that expire with one operation.
const maxExpired = 10_000

// expire removes messages that are older than the retention, except those that
// someone has. It starts at the first stored message and stops at the first
// that is young enough, since messages lie in the order of their sending.
func (w *sweeper) expire(q *queueState, now int64) error {
	q.mu.Lock()
	q.nextExpiry = math.MaxInt64 // someone may ask for another look meanwhile
	retention, low, last, hasAge := q.attributes.Retention, q.counts.low, q.counts.sent, q.hasAge
	q.mu.Unlock()
	next := now + maxSleep.Milliseconds()
	var err error
	if retention > 0 && low <= last {
		aged := w.s.ages.before(now)
		next, err = w.expireFrom(q, aged, retention, low, last)
		if hasAge && err == nil {
			var other int64
			other, err = w.expireMoved(q, aged, retention)
			next = min(next, other)
		}
		next += now - aged
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.nextExpiry == math.MaxInt64 {
		q.nextExpiry = max(next, now+1)
	}
	return err
}

// expireFrom looks at the messages from low to last and returns the millisecond
// of the next look.
func (w *sweeper) expireFrom(q *queueState, now int64, retention time.Duration, low, last uint64) (int64, error) {
	oldest := oldest(retention, now)
	var seqs []uint64
	first, next := last+1, now+maxSleep.Milliseconds()
	err := w.s.each(&pebble.IterOptions{
		LowerBound: seqKey(spaceMessage, q.id, low),
		UpperBound: seqKey(spaceMessage, q.id, last+1),
	}, func(key, value []byte) error {
		h, err := decodeHeader(value)
		if err != nil {
			return err
		}
		seq := keySeq(key)
		first = min(first, seq)
		if h.sent >= oldest {
			next = min(next, h.sent+retention.Milliseconds())
			return errStop
		}
		if len(seqs) == maxExpired {
			next = now
			return errStop
		}
		if !q.claimed(seq) {
			seqs = append(seqs, seq)
		}
		return nil
	})
	if err != nil {
		return next, err
	}
	if len(seqs) > 0 {
		if _, err := w.s.remove(q, seqs, expired); err != nil {
			return next, err
		}
	}
	if first > low {
		return next, w.s.commits.submit(&lowOp{q: q, low: first})
	}
	return next, nil
}

// lowOp remembers below which sequence nothing is stored, so that no scan starts
// among long gone messages.
type lowOp struct {
	q   *queueState
	low uint64
}

func (o *lowOp) size() int    { return countersLen }
func (o *lowOp) kind() opKind { return opUnsync }

func (o *lowOp) build(g *group) error {
	if o.q.dropped {
		return nil
	}
	o.q.building.low = max(o.q.building.low, o.low)
	g.touch(o.q)
	return nil
}

func (o *lowOp) apply() {
	o.q.mu.Lock()
	defer o.q.mu.Unlock()
	o.q.counts.low = max(o.q.counts.low, o.low)
}
