package queue

import (
	"context"
	"time"

	"github.com/cockroachdb/pebble/v2"
)

// ForgetAfter ends the windows of deduplication ids d from now, where they would
// end later: whoever named them knows that the messages will hardly come again.
// Ids that are not remembered are ignored. A crash may undo it, which only makes
// the store remember for longer.
func (s *Store) ForgetAfter(ctx context.Context, name Name, ids []string, d time.Duration) error {
	q, err := s.begin(ctx, name)
	if err != nil {
		return fail("forget", name, err)
	}
	defer s.leave()
	op := &shortenOp{q: q, until: s.clock.Now().Add(d).UnixMilli()}
	for _, id := range ids {
		op.sums = append(op.sums, sumOf(id))
	}
	return fail("forget", name, s.commits.submit(op))
}

// shortenOp brings the end of deduplication windows forward.
type shortenOp struct {
	q     *queueState
	sums  []sum
	until int64
}

func (o *shortenOp) size() int    { return len(o.sums) * firstSize }
func (o *shortenOp) kind() opKind { return opAlone | opUnsync }

func (o *shortenOp) build(g *group) error {
	if o.q.dropped {
		return nil
	}
	for _, s := range o.sums {
		f, found, err := g.findFirst(o.q.id, s)
		if err != nil {
			return err
		}
		if !found || f.until <= o.until {
			continue
		}
		if err := o.shorten(g.batch, s, f); err != nil {
			return err
		}
	}
	return nil
}

func (o *shortenOp) shorten(b *pebble.Batch, s sum, f firstMessage) error {
	if err := b.Delete(forgetKey(o.q.id, f.until, s), nil); err != nil {
		return err
	}
	f.until = o.until
	if err := b.Set(firstKey(o.q.id, s), f.encode(), nil); err != nil {
		return err
	}
	return b.Set(forgetKey(o.q.id, f.until, s), nil, nil)
}

func (o *shortenOp) apply() {
	o.q.mu.Lock()
	defer o.q.mu.Unlock()
	if o.q.nextForget == 0 || o.until < o.q.nextForget {
		o.q.nextForget = o.until
	}
}
