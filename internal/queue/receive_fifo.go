package queue

import (
	"container/heap"

	"github.com/cockroachdb/pebble/v2"
)

// pickedGroup is a message group that a picker has looked at. It is neither in
// the heap of ready groups nor passed by a scan until the picker puts it back.
type pickedGroup struct {
	id   string
	from uint64 // where its waiting messages began
	head uint64 // where they begin now; 0: nothing is known to wait
}

// pickGroups takes messages of a FIFO queue: as many as possible of the group
// whose message has waited longest, then those of the next.
func (p *picker) pickGroups(it *pebble.Iterator, rs *receipts) error {
	index, err := p.s.db.NewIter(seqRange(spaceGroup, p.q.id, 0))
	if err != nil {
		return err
	}
	defer index.Close()
	for !p.full {
		g, limit := p.popGroup()
		if g == nil {
			if g, err = p.scanGroups(it); err != nil || g == nil {
				return err
			}
			if g.id == "" { // a group has become ready meanwhile
				continue
			}
		}
		if before := p.groups[g.id]; before != nil { // something of it came back meanwhile
			g.from = min(g.from, before.from)
		}
		p.groups[g.id] = g
		if err := p.takeGroup(index, it, rs, g, limit); err != nil {
			return err
		}
	}
	return nil
}

// popGroup takes the ready group with the oldest message, if there is one. limit
// is its first message in flight; 0: it has none.
func (p *picker) popGroup() (g *pickedGroup, limit uint64) {
	p.q.mu.Lock()
	defer p.q.mu.Unlock()
	f := p.q.fifo
	if f.ready.Len() == 0 {
		return nil, 0
	}
	m := heap.Pop(&f.ready).(*messageGroup)
	g = &pickedGroup{id: m.name, from: m.head}
	m.head = 0 // what comes back from now on says so again
	return g, f.first(m)
}

// scanGroups reads on from the cursor until a message whose group can be
// received. It returns a nameless group when one became ready before.
func (p *picker) scanGroups(it *pebble.Iterator) (*pickedGroup, error) {
	if p.cursor > p.last {
		return nil, nil
	}
	for ok := it.SeekGE(seqKey(spaceMessage, p.q.id, p.cursor)); ok; ok = it.Next() {
		seq := keySeq(it.Key())
		h, err := headerAt(it)
		if err != nil {
			return nil, err
		}
		if h.until > p.dueThrough { // and so are all that follow
			p.cursor = seq
			return nil, nil
		}
		_, picked := p.groups[string(h.group)]
		if picked || h.sent < p.oldest || p.q.claimed(seq) {
			continue
		}
		p.cursor = seq
		switch p.q.passGroup(h.group, seq) {
		case groupFree:
			return &pickedGroup{id: string(h.group), from: seq}, nil
		case groupReady:
			return &pickedGroup{}, nil
		}
	}
	p.cursor = p.last + 1
	return nil, it.Error()
}

type groupState uint8

const (
	groupFree    groupState = iota // nothing of it is in flight
	groupReady                     // it has just been put among the ready ones
	groupBlocked                   // its messages wait for one that is in flight
)

// passGroup looks at the group of a waiting message that a scan is at.
func (q *queueState) passGroup(name []byte, seq uint64) groupState {
	q.mu.Lock()
	defer q.mu.Unlock()
	g := q.fifo.groups[string(name)]
	if g == nil {
		return groupFree
	}
	g.lower(seq)
	q.fifo.settle(g)
	if g.at >= 0 {
		return groupReady
	}
	return groupBlocked
}

// takeGroup takes messages of a group in their order, up to the first one in
// flight.
func (p *picker) takeGroup(index, it *pebble.Iterator, rs *receipts, g *pickedGroup, limit uint64) error {
	// Within bounds, so that no step goes through what was deleted of the next group.
	index.SetBounds(groupKey(p.q.id, g.id, g.from), groupKey(p.q.id, g.id, p.last+1))
	for ok := index.First(); ok; ok = index.Next() {
		seq := groupKeySeq(index.Key())
		if limit != 0 && seq >= limit {
			g.head = limit + 1
			return nil
		}
		if p.full {
			g.head = seq
			return nil
		}
		if p.q.claimed(seq) || !it.SeekGE(seqKey(spaceMessage, p.q.id, seq)) || keySeq(it.Key()) != seq {
			continue // on its way out
		}
		h, err := headerAt(it)
		if err != nil {
			return err
		}
		if h.until > p.dueThrough {
			return nil // the cursor is not past it
		}
		if h.sent < p.oldest {
			continue
		}
		dead := len(p.dead)
		took, err := p.add(h, rs, seq)
		if err != nil {
			return err
		}
		if !took {
			g.head = seq
			return nil
		}
		if len(p.dead) > dead { // what follows waits until it has left
			g.head = seq + 1
			return nil
		}
	}
	return index.Error()
}

// settleGroups puts the picked groups back, after their messages were claimed.
func (p *picker) settleGroups(got []Received, deadline int64) {
	for _, g := range p.groups {
		p.putGroup(g.id, g.head)
	}
	if p.q.fifo != nil && p.o.Attempt != "" && len(got) > 0 && !p.o.Hold {
		p.q.addAttempt(p.o.Attempt, p.now, deadline, got)
	}
}

// putGroup puts a group back whose waiting messages begin at head.
func (p *picker) putGroup(id string, head uint64) {
	f := p.q.fifo
	g := f.group(id)
	if head != 0 {
		g.lower(head)
	}
	if f.settle(g) {
		p.q.waiters.notify(1)
	}
}
