package queue

import (
	"encoding/binary"

	"github.com/cockroachdb/pebble/v2"
)

// Layout of f and r values: deadline (8, Unix ms; 0 in r), first receipt and
// current receipt (8 each, Unix ms), receipts (4), nonce (4), and, where there are
// any, the receipts in other queues (4).
const (
	receiptsLen    = 8 + 8 + 8 + 4 + 4
	maxReceiptsLen = receiptsLen + 4
)

func encodeClaim(c claim) []byte {
	v := make([]byte, 0, maxReceiptsLen)
	v = binary.BigEndian.AppendUint64(v, uint64(c.deadline))
	v = binary.BigEndian.AppendUint64(v, uint64(c.first))
	v = binary.BigEndian.AppendUint64(v, uint64(c.since))
	v = binary.BigEndian.AppendUint32(v, c.count)
	v = binary.BigEndian.AppendUint32(v, c.nonce)
	if c.before != 0 {
		v = binary.BigEndian.AppendUint32(v, c.before)
	}
	return v
}

func decodeClaim(v []byte) (claim, error) {
	if len(v) != receiptsLen && len(v) != maxReceiptsLen {
		return claim{}, errCorrupt
	}
	c := claim{
		deadline: int64(binary.BigEndian.Uint64(v)),
		first:    int64(binary.BigEndian.Uint64(v[8:])),
		since:    int64(binary.BigEndian.Uint64(v[16:])),
		count:    binary.BigEndian.Uint32(v[24:]),
		nonce:    binary.BigEndian.Uint32(v[28:]),
	}
	if len(v) == maxReceiptsLen {
		c.before = binary.BigEndian.Uint32(v[receiptsLen:])
	}
	return c, nil
}

// saveFlight writes down what is in flight, so that a restart does not hand it
// out again before its time. After a crash it does: SQS delivers at least once.
func (s *Store) saveFlight() error {
	b := s.db.NewBatch()
	defer b.Close()
	for _, q := range s.queues {
		for seq, c := range q.claims {
			if c.count == 0 {
				continue
			}
			space := byte(spaceFlight)
			if c.state != inFlight {
				space, c.deadline = spaceReceipts, 0
			}
			if err := b.Set(seqKey(space, q.id, seq), encodeClaim(c), nil); err != nil {
				return err
			}
		}
	}
	if b.Empty() {
		return nil
	}
	return b.Commit(pebble.Sync)
}

// loadFlight takes over what was in flight when the store was closed.
func (s *Store) loadFlight(q *queueState) error {
	found := false
	err := s.each(seqRange(spaceFlight, q.id, 0), func(key, value []byte) error {
		c, err := decodeClaim(value)
		if err != nil {
			return err
		}
		found = true
		c.stored = true // at worst a record is deleted that is not there
		if q.fifo != nil {
			h, ok, err := s.header(q, keySeq(key))
			if err != nil || !ok {
				return err
			}
			q.fifo.claim(keySeq(key), string(h.group))
		}
		q.claims[keySeq(key)] = c
		q.deadlines.push(c.deadline, keySeq(key))
		return nil
	})
	if err != nil || !found {
		return err
	}
	return s.db.DeleteRange(queueKey(spaceFlight, q.id), queueKey(spaceFlight, q.id+1), pebble.NoSync)
}

// receipts reads the receive counts of messages that came back, in step with a
// scan.
type receipts struct {
	queue uint64
	it    *pebble.Iterator // nil: there are none
	from  uint64           // the position was sought for this sequence
	at    uint64           // sequence at the position; 0: at the end
	ready bool
}

func (s *Store) openReceipts(q *queueState, exist bool) (*receipts, error) {
	r := &receipts{queue: q.id}
	if !exist {
		return r, nil
	}
	var err error
	r.it, err = s.db.NewIter(seqRange(spaceReceipts, q.id, 0))
	return r, err
}

// of returns the claim that a message had when it came back, or a zero claim.
func (r *receipts) of(seq uint64) (claim, error) {
	if r.it == nil {
		return claim{}, nil
	}
	if !r.ready || seq < r.from || r.at != 0 && r.at < seq {
		r.ready, r.from, r.at = true, seq, 0
		if r.it.SeekGE(seqKey(spaceReceipts, r.queue, seq)) {
			r.at = keySeq(r.it.Key())
		}
	}
	if r.at != seq {
		return claim{}, r.it.Error()
	}
	v, err := r.it.ValueAndErr()
	if err != nil {
		return claim{}, err
	}
	c, err := decodeClaim(v)
	c.stored = true
	return c, err
}

func (r *receipts) close() error {
	if r.it == nil {
		return nil
	}
	return r.it.Close()
}
