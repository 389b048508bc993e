package queue

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// Place is where a message of a queue is.
type Place string

// The places.
const (
	PlaceWaiting  Place = "waiting"
	PlaceDelayed  Place = "delayed"
	PlaceInFlight Place = "in_flight" // a consumer has it
	PlaceHeld     Place = "held"      // a delivery has it
)

// Find looks for a stored message by its id. It reads the whole queue: it is for
// people, not for programs that ask all the time.
func (s *Store) Find(ctx context.Context, name Name, id MessageID) (at Place, sentAt time.Time, found bool, err error) {
	q, err := s.begin(ctx, name)
	if err != nil {
		return "", time.Time{}, false, fail("look up", name, err)
	}
	defer s.leave()
	want, uerr := uuid.Parse(string(id))
	n := 0
	err = s.each(seqRange(spaceMessage, q.id, 0), func(key, value []byte) error {
		if n++; n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		h, err := decodeHeader(value)
		if err != nil {
			return err
		}
		d := decoder{rest: h.rest}
		if h.flags&flagTextID != 0 {
			if d.text() != string(id) {
				return nil
			}
		} else if got := d.take(16); uerr != nil || string(got) != string(want[:]) {
			return nil
		}
		at, sentAt, found = q.place(keySeq(key), h.until), time.UnixMilli(h.sent), true
		return errStop
	})
	return at, sentAt, found, fail("look up", name, err)
}

func (q *queueState) place(seq uint64, until int64) Place {
	q.mu.Lock()
	defer q.mu.Unlock()
	c, claimed := q.claims[seq]
	switch {
	case claimed && c.state == held:
		return PlaceHeld
	case claimed && c.state != returning:
		return PlaceInFlight
	case until > q.dueThrough:
		return PlaceDelayed
	}
	return PlaceWaiting
}
