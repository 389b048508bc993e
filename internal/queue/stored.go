package queue

import (
	"context"
	"errors"
)

// Stored returns those of the sequences, which ascend, whose messages are still
// stored, whatever their state. It does not read the messages.
func (s *Store) Stored(ctx context.Context, name Name, seqs []uint64) (stored []uint64, err error) {
	q, err := s.begin(ctx, name)
	if err != nil {
		return nil, fail("look up", name, err)
	}
	defer s.leave()
	it, err := s.db.NewIter(seqRange(spaceMessage, q.id, 0))
	if err != nil {
		return nil, fail("look up", name, err)
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	q.mu.Lock()
	last := q.counts.sent
	q.mu.Unlock()
	for i, seq := range seqs {
		if i%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if seq <= last && seekSeq(it, q.id, seq) {
			stored = append(stored, seq)
		}
	}
	return stored, it.Error()
}
