package queue

import (
	"container/heap"

	"github.com/cockroachdb/pebble/v2"
)

// fifo is what a FIFO queue remembers of its message groups: those with
// messages in flight, and those of which waiting messages lie before the cursor.
// The waiting messages of all other groups lie at or after the cursor, so that a
// queue with millions of groups remembers no more than are in flight. All
// methods need the queue's lock.
type fifo struct {
	groups   map[string]*messageGroup
	claimed  map[uint64]*messageGroup // by the sequence of a message in flight
	ready    readyGroups
	attempts attempts
}

// messageGroup is one of these groups. The messages before its first one in
// flight may be received; it and what follows wait for it.
type messageGroup struct {
	name  string
	head  uint64    // no waiting message lies below it but what the scan comes to first; 0: there is none before the cursor
	taken sequences // messages in flight, among them some that no longer are
	n     int       // messages in flight
	at    int       // place in ready; -1: none
}

func newFIFO() *fifo {
	return &fifo{groups: map[string]*messageGroup{}, claimed: map[uint64]*messageGroup{}}
}

func (f *fifo) has(seq uint64) bool { return f.claimed[seq] != nil }

func (f *fifo) group(name string) *messageGroup {
	g := f.groups[name]
	if g == nil {
		g = &messageGroup{name: name, at: -1}
		f.groups[name] = g
	}
	return g
}

// claim notes that a message is in flight.
func (f *fifo) claim(seq uint64, name string) {
	g := f.group(name)
	g.n++
	g.taken.push(seq)
	f.claimed[seq] = g
	f.settle(g)
}

// leave notes that a message is no longer in flight: it is gone, or it waits
// again. It reports whether its group has become ready.
//
// A message can be in flight that the cursor has not come to. Earlier ones of its
// group may lie there too, so that only the scan knows which is first, unless a
// picker has seen where those begin.
func (f *fifo) leave(seq uint64, waits bool, cursor uint64) (ready bool) {
	g := f.claimed[seq]
	if g == nil {
		return false
	}
	delete(f.claimed, seq)
	g.n--
	if waits && (seq < cursor || g.head != 0) {
		g.lower(seq)
	}
	return f.settle(g)
}

func (g *messageGroup) lower(seq uint64) {
	if g.head == 0 || seq < g.head {
		g.head = seq
	}
}

// first is the first message in flight; 0: there is none.
func (f *fifo) first(g *messageGroup) uint64 {
	for g.taken.len() > 0 && (g.n == 0 || f.claimed[g.taken.min()] != g) {
		g.taken.pop()
	}
	if g.taken.len() == 0 {
		return 0
	}
	return g.taken.min()
}

// settle puts a group where it belongs after a change, and reports whether it
// has become ready.
func (f *fifo) settle(g *messageGroup) (ready bool) {
	first := f.first(g)
	switch can := g.head != 0 && (first == 0 || g.head < first); {
	case can && g.at < 0:
		heap.Push(&f.ready, g)
		return true
	case can:
		heap.Fix(&f.ready, g.at)
	case g.at >= 0:
		heap.Remove(&f.ready, g.at)
	}
	if g.n == 0 && g.head == 0 {
		delete(f.groups, g.name)
	}
	return false
}

// purged forgets waiting messages; claims have been ended before.
func (f *fifo) purged() {
	for _, g := range f.groups {
		g.head = 0
		f.settle(g)
	}
}

// groupOf is the group of a message in flight.
func (q *queueState) groupOf(seq uint64) string {
	if q.fifo == nil || q.fifo.claimed[seq] == nil {
		return ""
	}
	return q.fifo.claimed[seq].name
}

// purgeGroups empties the index of groups but for the spared messages.
func (q *queueState) purgeGroups(b *pebble.Batch, spared map[uint64]struct{}) error {
	if q.fifo == nil {
		return nil
	}
	if err := b.DeleteRange(queueKey(spaceGroup, q.id), queueKey(spaceGroup, q.id+1), nil); err != nil {
		return err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for seq := range spared {
		if err := b.Set(groupKey(q.id, q.groupOf(seq), seq), nil, nil); err != nil {
			return err
		}
	}
	return nil
}

// checkCurrent refuses a receipt handle of a FIFO queue that is not the current
// one of its message. One of a message that is gone is accepted.
func (s *Store) checkCurrent(q *queueState, r receipt) error {
	now := s.clock.Now().UnixMilli()
	q.mu.Lock()
	c, ok := q.claims[r.seq]
	q.mu.Unlock()
	current := ok && c.nonce == r.nonce && (c.state == held || c.state == deleting || c.state == inFlight && c.deadline > now)
	if current {
		return nil
	}
	_, found, err := s.header(q, r.seq)
	if err == nil && found {
		err = ErrReceiptExpired
	}
	return err
}

// readyGroups is a heap of groups that have something to receive, the one with
// the oldest message first.
type readyGroups []*messageGroup

func (r readyGroups) Len() int           { return len(r) }
func (r readyGroups) Less(i, j int) bool { return r[i].head < r[j].head }

func (r readyGroups) Swap(i, j int) {
	r[i], r[j] = r[j], r[i]
	r[i].at, r[j].at = i, j
}

func (r *readyGroups) Push(x any) {
	g := x.(*messageGroup)
	g.at = len(*r)
	*r = append(*r, g)
}

func (r *readyGroups) Pop() any {
	s := *r
	g := s[len(s)-1]
	s[len(s)-1], g.at = nil, -1
	*r = s[:len(s)-1]
	return g
}
