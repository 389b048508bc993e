package queue

import (
	"encoding/binary"
	"sync"

	"github.com/cockroachdb/pebble/v2"
)

// operation is a change of the store. The committer calls build, then writes
// the group to disk, then calls apply; both in the order of submission.
type operation interface {
	// size is a bound of the bytes that build adds to the batch.
	size() int
	// kind says how the committer may treat the operation.
	kind() opKind
	// build adds the change to the group's batch. An operation that returns an
	// error has added nothing.
	build(g *group) error
	// apply makes the change, now durable, visible in memory.
	apply()
}

type opKind uint8

const (
	opGrows  opKind = 1 << iota // takes disk space that is not soon freed: refused when space is short
	opAlone                     // reads the store in build, so it gets a group of its own
	opUnsync                    // need not be durable when submit returns
)

// pending is a submitted operation and where its outcome goes.
type pending struct {
	op   operation
	done chan error
}

var donePool = sync.Pool{New: func() any { return make(chan error, 1) }}

// committer merges the operations of all callers into one Pebble batch, with
// one write and one sync for each group.
type committer struct {
	db    *pebble.DB
	space *space

	mu      sync.Mutex
	arrived sync.Cond
	queue   []pending
	closed  bool
	stopped chan struct{} // closed when run returned
}

// maxGroup bounds the bytes of a group, so that a group stays well below the
// size of a memtable and a sender does not wait for megabytes of others.
const maxGroup = 4 << 20

func newCommitter(db *pebble.DB, s *space) *committer {
	c := &committer{db: db, space: s, stopped: make(chan struct{})}
	c.arrived.L = &c.mu
	return c
}

// submit queues the operation and waits until it is durable. It does not give
// up when a caller does: what was submitted happens, and the caller must know.
func (c *committer) submit(op operation) error {
	done := donePool.Get().(chan error)
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		donePool.Put(done)
		return ErrClosed
	}
	c.queue = append(c.queue, pending{op, done})
	c.mu.Unlock()
	c.arrived.Signal()
	err := <-done
	donePool.Put(done)
	return err
}

// close ends run once everything that was submitted is done.
func (c *committer) close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.arrived.Signal()
	<-c.stopped
}

func (c *committer) run() {
	defer close(c.stopped)
	var work []pending
	for {
		c.mu.Lock()
		for len(c.queue) == 0 && !c.closed {
			c.arrived.Wait()
		}
		if len(c.queue) == 0 {
			c.mu.Unlock()
			return
		}
		work, c.queue = c.queue, work[:0]
		c.mu.Unlock()
		for rest := work; len(rest) > 0; {
			n := groupLen(rest)
			c.commit(rest[:n])
			rest = rest[n:]
		}
		clear(work)
	}
}

// groupLen says how many operations go into the next group.
func groupLen(work []pending) int {
	bytes := 0
	for i, p := range work {
		bytes += p.op.size()
		alone := p.op.kind()&opAlone != 0
		switch {
		case i == 0 && alone:
			return 1
		case i > 0 && (alone || bytes > maxGroup):
			return i
		}
	}
	return len(work)
}

// group is what goes to disk with one sync.
type group struct {
	db      *pebble.DB
	batch   *pebble.Batch
	touched []*queueState // queues whose counters change
	first   firsts        // what the group itself accepts of deduplication ids
}

// touch makes the group write q's counters.
func (g *group) touch(q *queueState) {
	for _, t := range g.touched {
		if t == q {
			return
		}
	}
	g.touched = append(g.touched, q)
}

func (c *committer) commit(work []pending) {
	bytes := 0
	for _, p := range work {
		bytes += p.op.size()
	}
	g := &group{db: c.db, batch: c.db.NewBatchWithSize(bytes + 256)}
	sync := pebble.NoSync
	full := c.space.check(bytes)
	errs := make([]error, len(work))
	for i, p := range work {
		if err := full.refuses(p.op.kind()); err != nil {
			errs[i] = err
			continue
		}
		if errs[i] = p.op.build(g); errs[i] == nil && p.op.kind()&opUnsync == 0 {
			sync = pebble.Sync
		}
	}
	for _, q := range g.touched {
		if !q.dropped {
			putCounters(g.batch, q.id, q.building)
		}
	}
	if !g.batch.Empty() {
		// Pebble cannot go on after a failed commit, and neither can the store:
		// it ends the process through the logger (see pebbleLogger).
		if err := g.batch.Commit(sync); err != nil {
			panic("queue: commit: " + err.Error())
		}
	}
	g.batch.Close()
	for i, p := range work {
		if errs[i] == nil {
			p.op.apply()
		}
		p.done <- errs[i]
	}
}

const (
	countersLen    = 6 * 8
	oldCountersLen = 5 * 8 // without moved
)

func putCounters(b *pebble.Batch, queue uint64, c counters) {
	op := b.SetDeferred(queueKeyLen, countersLen)
	op.Key[0] = spaceCounters
	binary.BigEndian.PutUint64(op.Key[1:], queue)
	for i, v := range [...]uint64{c.sent, c.deleted, c.expired, c.purged, c.low, c.moved} {
		binary.BigEndian.PutUint64(op.Value[i*8:], v)
	}
	_ = op.Finish() // fails only on a second call
}

func decodeCounters(v []byte) (counters, error) {
	if len(v) != countersLen && len(v) != oldCountersLen {
		return counters{}, errCorrupt
	}
	at := func(i int) uint64 { return binary.BigEndian.Uint64(v[i*8:]) }
	c := counters{sent: at(0), deleted: at(1), expired: at(2), purged: at(3), low: at(4)}
	if len(v) == countersLen {
		c.moved = at(5)
	}
	return c, nil
}
