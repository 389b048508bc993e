package queue

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"maps"
	"time"

	"github.com/cockroachdb/pebble/v2"
)

func (a Attributes) clone() Attributes {
	a.Extra = maps.Clone(a.Extra)
	a.Tags = maps.Clone(a.Tags)
	return a
}

// CreateQueue makes an empty queue, durably. ErrQueueExists if there is one of
// this name.
func (s *Store) CreateQueue(ctx context.Context, name Name, a Attributes) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.enter(); err != nil {
		return err
	}
	defer s.leave()
	s.admin.Lock()
	defer s.admin.Unlock()
	if _, err := s.find(name); err == nil {
		return fail("create", name, ErrQueueExists)
	}
	a = a.clone()
	a.Created = s.now()
	a.Modified = a.Created
	return fail("create", name, s.commits.submit(&createOp{s: s, name: name, attributes: a}))
}

// UpdateQueue changes the attributes of a queue, durably. change gets the
// current ones and returns the new ones.
func (s *Store) UpdateQueue(ctx context.Context, name Name, change func(Attributes) (Attributes, error)) error {
	q, err := s.begin(ctx, name)
	if err != nil {
		return fail("update", name, err)
	}
	defer s.leave()
	s.admin.Lock()
	defer s.admin.Unlock()
	old := q.info().Attributes
	a, err := change(old.clone())
	if err != nil {
		return err
	}
	a.FIFO = old.FIFO
	a = a.clone()
	a.Created, a.Modified = old.Created, s.now()
	err = s.commits.submit(&updateOp{q: q, attributes: a})
	s.sweeper.kick() // the retention may be shorter now
	return fail("update", name, err)
}

// DeleteQueue deletes a queue and its messages, durably.
func (s *Store) DeleteQueue(ctx context.Context, name Name) error {
	q, err := s.begin(ctx, name)
	if err != nil {
		return fail("delete", name, err)
	}
	defer s.leave()
	s.admin.Lock()
	defer s.admin.Unlock()
	return fail("delete", name, s.commits.submit(&dropOp{s: s, q: q}))
}

// Purge deletes all messages of a queue, durably, with those in flight and
// delayed. It spares messages that are held: they belong to a delivery.
func (s *Store) Purge(ctx context.Context, name Name) error {
	q, err := s.begin(ctx, name)
	if err != nil {
		return fail("purge", name, err)
	}
	defer s.leave()
	return fail("purge", name, s.commits.submit(&purgeOp{q: q}))
}

// now is the time to the millisecond, as it is stored.
func (s *Store) now() time.Time { return time.UnixMilli(s.clock.Now().UnixMilli()) }

type createOp struct {
	s          *Store
	name       Name
	attributes Attributes
	q          *queueState
}

func (o *createOp) size() int    { return 1024 }
func (o *createOp) kind() opKind { return opGrows | opAlone }

func (o *createOp) build(g *group) error {
	number := uint64(1)
	v, found, err := o.s.get([]byte{spaceNext})
	if err != nil {
		return err
	}
	if found {
		number = binary.BigEndian.Uint64(v)
	}
	o.q = newQueueState(number, o.name, o.attributes)
	o.q.building.low, o.q.counts.low, o.q.cursor = 1, 1, 1
	g.touch(o.q)
	if err := putQueue(g.batch, o.q, o.attributes); err != nil {
		return err
	}
	return g.batch.Set([]byte{spaceNext}, binary.BigEndian.AppendUint64(nil, number+1), nil)
}

func (o *createOp) apply() {
	o.s.mu.Lock()
	defer o.s.mu.Unlock()
	o.s.queues[o.name] = o.q
}

func putQueue(b *pebble.Batch, q *queueState, a Attributes) error {
	v, err := json.Marshal(queueRecord{Number: q.id, Attributes: a})
	if err != nil {
		return err
	}
	return b.Set(nameKey(q.name), v, nil)
}

type updateOp struct {
	q          *queueState
	attributes Attributes
}

func (o *updateOp) size() int    { return 4096 }
func (o *updateOp) kind() opKind { return opGrows }

func (o *updateOp) build(g *group) error {
	if o.q.dropped {
		return ErrQueueNotFound
	}
	return putQueue(g.batch, o.q, o.attributes)
}

func (o *updateOp) apply() {
	o.q.mu.Lock()
	defer o.q.mu.Unlock()
	o.q.attributes = o.attributes
	o.q.nextExpiry = 0
	o.q.rewindTo(max(o.q.counts.low, 1)) // a longer retention brings back what a scan passed as expired
}

type dropOp struct {
	s *Store
	q *queueState
}

func (o *dropOp) size() int    { return 1024 }
func (o *dropOp) kind() opKind { return opAlone }

func (o *dropOp) build(g *group) error {
	if o.q.dropped {
		return ErrQueueNotFound
	}
	o.q.dropped = true
	for _, space := range []byte{spaceMessage, spaceDelay, spaceReceipts, spaceFlight, spaceGroup, spaceAge, spaceTask, spaceFirst, spaceForget} {
		if err := g.batch.DeleteRange(queueKey(space, o.q.id), queueKey(space, o.q.id+1), nil); err != nil {
			return err
		}
	}
	if err := g.batch.Delete(queueKey(spaceCounters, o.q.id), nil); err != nil {
		return err
	}
	return g.batch.Delete(nameKey(o.q.name), nil)
}

func (o *dropOp) apply() {
	o.s.mu.Lock()
	delete(o.s.queues, o.q.name)
	o.s.mu.Unlock()
	o.q.mu.Lock()
	defer o.q.mu.Unlock()
	o.q.gone = true
	o.q.claims, o.q.hidden = map[uint64]claim{}, 0
	if o.q.fifo != nil {
		*o.q.fifo = *newFIFO()
	}
	o.q.waiters.notify(o.q.waiters.len())
}

type purgeOp struct {
	q      *queueState
	count  uint64
	spared map[uint64]struct{}
	last   uint64
}

func (o *purgeOp) size() int    { return 1024 }
func (o *purgeOp) kind() opKind { return opAlone }

func (o *purgeOp) build(g *group) error {
	q := o.q
	if q.dropped {
		return ErrQueueNotFound
	}
	q.scan.Lock() // until apply: nobody may take or hold what is about to go
	o.last = q.building.sent
	o.spared = q.heldNow()
	if err := deleteGaps(g.batch, q.id, o.last, o.spared); err != nil {
		q.scan.Unlock()
		return err
	}
	if err := q.purgeGroups(g.batch, o.spared); err != nil {
		q.scan.Unlock()
		return err
	}
	o.count = q.building.stored() - uint64(len(o.spared))
	q.building.purged += o.count
	q.untilBuilt = 0
	q.purgedThrough, q.spared = o.last, maps.Clone(o.spared)
	g.touch(q)
	return nil
}

func (o *purgeOp) apply() {
	q := o.q
	defer q.scan.Unlock()
	q.mu.Lock()
	defer q.mu.Unlock()
	q.counts.purged += o.count
	q.purged = o.last
	for seq := range q.claims {
		if _, ok := o.spared[seq]; !ok && seq <= o.last {
			q.unclaim(seq)
		}
	}
	q.delayed, q.nextDue = 0, 0
	q.returned, q.rewind = sequences{}, 0
	if q.fifo != nil {
		q.fifo.purged()
	}
}
