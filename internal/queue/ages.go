package queue

import (
	"time"

	"github.com/cockroachdb/pebble/v2"
)

// expireMoved removes the messages that are too old although younger ones lie
// before them: dead letters keep their send time. It returns the millisecond of
// the next look.
func (w *sweeper) expireMoved(q *queueState, now int64, retention time.Duration) (int64, error) {
	next := now + maxSleep.Milliseconds()
	oldest := oldest(retention, now)
	op := &agesOp{q: q}
	var seqs []uint64
	err := w.s.each(seqRange(spaceAge, q.id, 0), func(key, _ []byte) error {
		sent, seq := delayKeyParts(key)
		switch {
		case sent >= oldest:
			next = min(next, sent+retention.Milliseconds())
			return errStop
		case len(seqs) == maxExpired:
			next = now
			return errStop
		case !q.claimed(seq):
			seqs = append(seqs, seq)
			op.keys = append(op.keys, append([]byte(nil), key...))
		}
		return nil
	})
	if err != nil || len(seqs) == 0 {
		return next, err
	}
	if _, err := w.s.remove(q, seqs, expired); err != nil {
		return next, err
	}
	kept := op.keys[:0]
	for i, key := range op.keys {
		_, found, err := w.s.header(q, seqs[i])
		if err != nil {
			return next, err
		}
		if !found { // else someone has it, and gives it back later
			kept = append(kept, key)
		}
	}
	op.keys = kept
	return next, w.s.commits.submit(op)
}

// agesOp removes e records of messages that are gone.
type agesOp struct {
	q    *queueState
	keys [][]byte
}

func (o *agesOp) size() int    { return len(o.keys) * (delayKeyLen + 16) }
func (o *agesOp) kind() opKind { return opUnsync }

func (o *agesOp) build(g *group) error {
	if o.q.dropped {
		return nil
	}
	return o.delete(g.batch)
}

func (o *agesOp) delete(b *pebble.Batch) error {
	for _, k := range o.keys {
		if err := b.Delete(k, nil); err != nil {
			return err
		}
	}
	return nil
}

func (o *agesOp) apply() {}
