package queue

import (
	"sync"
)

// counters are the durable part of Counts, and how far the queue has got.
type counters struct {
	sent, deleted, expired, purged, moved uint64

	low uint64 // no message below this sequence is stored
}

func (c counters) stored() uint64 { return c.sent - c.deleted - c.expired - c.purged - c.moved }

// queueState is one queue in memory. Waiting messages are not here: they are the
// stored ones at or after cursor, and those in returned, unless claimed.
type queueState struct {
	id   uint64
	name Name

	// Owned by the committer.
	building      counters // with everything that was put into a batch
	purgedThrough uint64   // messages up to here are purged, except spared ones
	spared        map[uint64]struct{}
	dropped       bool
	dueBuilt      int64 // delays up to this millisecond were put into a batch as ended
	untilBuilt    int64 // of the delays put into a batch, the last to end

	// scan is held while messages are picked for a consumer or held, and while a
	// purge is written. It comes before mu; its holder never waits for the
	// committer.
	scan sync.Mutex

	mu         sync.Mutex
	attributes Attributes
	counts     counters // acknowledged; counts.sent is the last sequence
	claims     map[uint64]claim
	hidden     int // claims of messages that do not count as in flight
	deadlines  deadlines
	returned   sequences // messages before cursor that wait again
	cursor     uint64    // next sequence to scan
	rewind     uint64    // cursor goes back here; 0: it does not
	delayed    uint64
	dueThrough int64 // delays up to this millisecond have ended
	nextDue    int64 // millisecond of the next delay to end; 0: none
	nextExpiry int64 // no message expires before this millisecond
	hasReceipt bool  // there may be r records
	hasAge     bool  // there may be e records
	purged     uint64
	nextForget int64       // no deduplication id is forgotten before this millisecond; 0: there is none
	picking    bool        // a picker is at work: it may see messages that are gone
	left       []uint64    // messages that went meanwhile
	fifo       *fifo       // nil: not a FIFO queue; the pointer never changes
	tasks      []*moveTask // the last ones, in the order of their start
	waiters    waiters
	gone       bool
}

// claim says why a message is hidden from Receive.
type claim struct {
	deadline int64 // Unix ms at which it becomes visible again
	first    int64 // Unix ms of its first receipt; 0: never received
	since    int64 // Unix ms of its current receipt
	nonce    uint32
	count    uint32 // receipts, with the current one
	before   uint32 // receipts in other queues, among count
	state    claimState
	hidden   bool // it does not count as in flight
	stored   bool // it has an r record
	kept     bool // it is being deleted by whoever held it
}

type claimState uint8

const (
	inFlight  claimState = iota // a consumer has it until the deadline
	held                        // delivery has it until Release or DeleteSequences
	returning                   // on its way back to the queue
	deleting                    // on its way out
)

func newQueueState(id uint64, name Name, a Attributes) *queueState {
	q := &queueState{
		id: id, name: name, attributes: a,
		spared: map[uint64]struct{}{},
		claims: map[uint64]claim{},
	}
	if a.FIFO {
		q.fifo = newFIFO()
	}
	return q
}

// inFlight is the number of claims that count as in flight.
func (q *queueState) inFlight() int { return len(q.claims) - q.hidden }

func (q *queueState) countsNow() Counts {
	c := q.counts
	in, delayed := int64(q.inFlight()), int64(q.delayed)
	return Counts{
		Visible: int64(c.stored()) - in - delayed, InFlight: in, Delayed: delayed,
		Sent: int64(c.sent), Deleted: int64(c.deleted), Expired: int64(c.expired), Purged: int64(c.purged), Moved: int64(c.moved),
	}
}

// unclaim forgets the claim of a message that is gone, and reports whether
// there was one.
func (q *queueState) unclaim(seq uint64) bool {
	if !q.dropClaim(seq) {
		return false
	}
	if q.picking {
		q.left = append(q.left, seq)
	}
	if q.fifo != nil && q.fifo.leave(seq, false, q.cursor) {
		q.waiters.notify(1)
	}
	return true
}

// restore makes a claimed message wait again, and reports whether it was
// claimed.
func (q *queueState) restore(seq uint64) bool {
	if !q.dropClaim(seq) {
		return false
	}
	if q.fifo == nil {
		q.giveBack(seq)
		return true
	}
	if seq >= q.cursor || !q.fifo.has(seq) { // the scan finds it
		q.rewindTo(seq)
	}
	if q.fifo.leave(seq, true, q.cursor) {
		q.waiters.notify(1)
	}
	return true
}

func (q *queueState) dropClaim(seq uint64) bool {
	c, ok := q.claims[seq]
	if ok {
		delete(q.claims, seq)
		if c.hidden {
			q.hidden--
		}
	}
	return ok
}

// giveBack makes messages visible that lie before the cursor. When too many
// came back to remember them, the cursor goes back instead.
func (q *queueState) giveBack(seqs ...uint64) {
	for _, seq := range seqs {
		q.returned.push(seq)
	}
	if q.returned.len() > maxReturned {
		q.rewindTo(q.returned.min())
		q.returned = sequences{}
	}
}

// maxReturned bounds the memory that returned messages take (8 bytes each).
const maxReturned = 1 << 16

func (q *queueState) rewindTo(seq uint64) {
	if q.rewind == 0 || seq < q.rewind {
		q.rewind = seq
	}
}

// moveCursor sets the cursor after a scan, unless something sent it back.
func (q *queueState) moveCursor(to uint64) {
	q.cursor = to
	if q.rewind != 0 && q.rewind < to {
		q.cursor = q.rewind
	}
	q.rewind = 0
}

// mayHaveVisible reports whether a scan can find anything.
func (q *queueState) mayHaveVisible() bool {
	return q.returned.len() > 0 || q.fifo != nil && q.fifo.ready.Len() > 0 || q.rewind != 0 || q.cursor <= q.counts.sent
}
