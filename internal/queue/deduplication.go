package queue

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"time"

	"github.com/cockroachdb/pebble/v2"
)

// Deduplication makes a message a duplicate if the queue accepted another one
// with the same ID within Window before. Send then stores nothing and answers
// with the first one's message id and sequence, also when that was received and
// deleted meanwhile. The window counts from the first; it is remembered in the
// same write as the message.
type Deduplication struct {
	ID     string
	Window time.Duration // milliseconds count
}

// sum is the SHA-256 of a deduplication id.
type sum [sha256.Size]byte

func sumOf(id string) sum { return sha256.Sum256([]byte(id)) }

// firstMessage is the value of an x record: until when it holds (8, Unix ms), sequence
// (8), message id (rest).
type firstMessage struct {
	until int64
	seq   uint64
	id    MessageID
}

const firstLen = 8 + 8

func (f firstMessage) encode() []byte {
	v := make([]byte, 0, firstLen+len(f.id))
	v = binary.BigEndian.AppendUint64(v, uint64(f.until))
	v = binary.BigEndian.AppendUint64(v, f.seq)
	return append(v, f.id...)
}

func decodeFirst(v []byte) (firstMessage, error) {
	if len(v) < firstLen {
		return firstMessage{}, errCorrupt
	}
	return firstMessage{
		until: int64(binary.BigEndian.Uint64(v)),
		seq:   binary.BigEndian.Uint64(v[8:]),
		id:    MessageID(v[firstLen:]),
	}, nil
}

func firstKey(queue uint64, s sum) []byte { return append(queueKey(spaceFirst, queue), s[:]...) }

func forgetKey(queue uint64, until int64, s sum) []byte {
	return append(binary.BigEndian.AppendUint64(queueKey(spaceForget, queue), uint64(until)), s[:]...)
}

// firsts are the first messages that are not on disk yet.
type firsts map[firstID]firstMessage

type firstID struct {
	queue uint64
	sum   sum
}

// findFirst looks for the first message of a deduplication id, among those of
// the group and on disk.
func (g *group) findFirst(queue uint64, s sum) (f firstMessage, found bool, err error) {
	if f, found = g.first[firstID{queue, s}]; found {
		return f, true, nil
	}
	v, closer, err := g.db.Get(firstKey(queue, s))
	if errors.Is(err, pebble.ErrNotFound) {
		return f, false, nil
	}
	if err != nil {
		return f, false, err
	}
	f, err = decodeFirst(v)
	if cerr := closer.Close(); err == nil {
		err = cerr
	}
	return f, true, err
}

// warmFirsts reads what the committer is about to read, so that it finds it in
// memory and nobody waits for the disk with it.
func (s *Store) warmFirsts(q *queueState, messages []outgoing) error {
	for i := range messages {
		if messages[i].known == nil {
			continue
		}
		if _, _, err := s.get(firstKey(q.id, messages[i].known.sum)); err != nil {
			return err
		}
	}
	return nil
}

// identified is what a message with a deduplication id needs more.
type identified struct {
	sum       sum
	forget    int64     // Unix ms at which the id is forgotten
	old       int64     // when a record of it was to be forgotten that is there still; 0: there is none
	id        MessageID // of the message, or of the first
	duplicate bool
}

func (o *outgoing) duplicate() bool { return o.known != nil && o.known.duplicate }

// result is what Send answers, after the operation was built.
func (o *outgoing) result() Sent {
	if o.known != nil {
		return Sent{ID: o.known.id, Sequence: o.seq, Duplicate: o.known.duplicate}
	}
	return Sent{ID: o.messageID(), Sequence: o.seq}
}

// putFirst remembers a message as the first of its deduplication id.
func (o *outgoing) putFirst(b *pebble.Batch, queue uint64) error {
	k := o.known
	if k.old != 0 {
		if err := b.Delete(forgetKey(queue, k.old, k.sum), nil); err != nil {
			return err
		}
	}
	f := firstMessage{until: k.forget, seq: o.seq, id: k.id}
	if err := b.Set(firstKey(queue, k.sum), f.encode(), nil); err != nil {
		return err
	}
	return b.Set(forgetKey(queue, k.forget, k.sum), nil, nil)
}

// firstSize bounds what putFirst writes.
const firstSize = 4*(queueKeyLen+8+sha256.Size+16) + firstLen + 64

// forgetOp removes the deduplication ids whose window is over.
type forgetOp struct {
	s    *Store
	q    *queueState
	now  int64
	next int64
}

// maxForgotten bounds the ids that one operation forgets.
const maxForgotten = 2000

func (o *forgetOp) size() int    { return maxForgotten * 64 }
func (o *forgetOp) kind() opKind { return opAlone | opUnsync }

func (o *forgetOp) build(g *group) error {
	if o.q.dropped {
		return nil
	}
	n, end := 0, forgetKey(o.q.id, o.now+1, sum{})
	err := o.s.each(seqRange(spaceForget, o.q.id, 0), func(key, _ []byte) error {
		until := int64(binary.BigEndian.Uint64(key[queueKeyLen:]))
		if until > o.now || n == maxForgotten {
			o.next = until
			if until <= o.now {
				end = append([]byte(nil), key...)
			}
			return errStop
		}
		n++
		return g.batch.Delete(firstKey(o.q.id, sum(key[queueKeyLen+8:])), nil)
	})
	if err != nil {
		return err
	}
	return g.batch.DeleteRange(queueKey(spaceForget, o.q.id), end, nil)
}

func (o *forgetOp) apply() {
	o.q.mu.Lock()
	defer o.q.mu.Unlock()
	o.q.nextForget = o.next
}

// loadForget finds when the first id is to be forgotten.
func (s *Store) loadForget(q *queueState) error {
	return s.each(seqRange(spaceForget, q.id, 0), func(key, _ []byte) error {
		q.nextForget = int64(binary.BigEndian.Uint64(key[queueKeyLen:]))
		return errStop
	})
}
