package queue

import (
	"context"
	"time"

	"github.com/cockroachdb/pebble/v2"
)

// Oldest returns the first stored message from sequence from on, whatever its
// state, and whether there is one. Sequences only grow, so what it returns is
// where the caller may look from next time.
func (s *Store) Oldest(ctx context.Context, name Name, from uint64) (seq uint64, sentAt time.Time, found bool, err error) {
	q, err := s.begin(ctx, name)
	if err != nil {
		return 0, time.Time{}, false, fail("look up", name, err)
	}
	defer s.leave()
	q.mu.Lock()
	low, last := max(from, q.counts.low), q.counts.sent
	q.mu.Unlock()
	err = s.each(&pebble.IterOptions{
		LowerBound: seqKey(spaceMessage, q.id, low),
		UpperBound: seqKey(spaceMessage, q.id, last+1),
	}, func(key, value []byte) error {
		h, err := decodeHeader(value)
		if err != nil {
			return err
		}
		seq, sentAt, found = keySeq(key), time.UnixMilli(h.sent), true
		return errStop
	})
	return seq, sentAt, found, fail("look up", name, err)
}
