package delivery

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"github.com/scopsdb/scops/internal/dedup"
	"github.com/scopsdb/scops/internal/formats/event"
	"github.com/scopsdb/scops/internal/formats/record"
)

// outcome is what becomes of a message: a row, or the reason why it is none.
type outcome struct {
	// values are one for each of layout.valued: the table's columns, then the
	// partition keys.
	values   []record.Value
	wall     time.Time // the event's, in the delivery's zone, carried as UTC
	rejected bool
	reason   string // why it is rejected
	position int    // byte offset in the body that the reason is about; -1: unknown
	filtered bool   // the transform left it out
	late     bool
	future   bool
	unknown  int // fields that no column asks for
	// key is of dedup, where the event is keyed: no part of its key is NULL.
	key   dedup.Hash
	keyed bool
}

func (o *outcome) reject(reason string) { o.rejected, o.reason, o.position = true, reason, -1 }

// refuse rejects with the error of a parser.
func (o *outcome) refuse(err error) {
	o.reject(err.Error())
	if r := (*event.Rejection)(nil); errors.As(err, &r) {
		o.position = r.Offset
	}
}

// shaper finds the outcomes of messages. They are a pure function of the layout
// and the message. It is not safe for concurrent use.
type shaper struct {
	l      *layout
	parser *event.Parser
	next   outcome
	row    []record.Value
	key    []byte // scratch
}

func (l *layout) newShaper() *shaper {
	return &shaper{l: l, parser: l.newParser(), row: make([]record.Value, len(l.written))}
}

// all calls f with the outcome of each message, in order. An outcome is valid
// during its call. An error that is not f's is of the engine of a transform.
func (s *shaper) all(ctx context.Context, messages []message, f func(i int32, o *outcome) error) error {
	return s.each(ctx, messages, func(yield func(int32) bool) {
		for i := range messages {
			if !yield(int32(i)) {
				return
			}
		}
	}, f)
}

// some is all for the messages at the given places, in that order.
func (s *shaper) some(ctx context.Context, messages []message, places []int32, f func(i int32, o *outcome) error) error {
	return s.each(ctx, messages, slices.Values(places), f)
}

func (s *shaper) each(ctx context.Context, messages []message, places iter.Seq[int32], f func(i int32, o *outcome) error) error {
	if s.l.transform == nil {
		for i := range places {
			if err := f(i, s.parse(&messages[i])); err != nil {
				return err
			}
		}
		return nil
	}
	t := s.newTransformer()
	for i := range places {
		t.add(i, &messages[i])
		if t.full() {
			if err := t.flush(ctx, f); err != nil {
				return err
			}
		}
	}
	return t.flush(ctx, f)
}

// parse reads an event. Without a transform that is its outcome. It is valid
// until the next call.
func (s *shaper) parse(m *message) *outcome {
	o := &s.next
	*o = outcome{}
	r, err := s.parser.Parse(m.body)
	if err != nil {
		o.refuse(err)
		return o
	}
	o.values, o.unknown = r.Values, r.Unknown
	if s.l.collecting >= 0 {
		r.Values[s.l.collecting] = collect(r.Fields)
	}
	if len(s.l.dedup) > 0 {
		o.key, s.key, o.keyed = s.l.keyOf(r.Values, s.key)
	}
	if !r.HasTime {
		o.wall = s.l.wallOf(m.sentAt)
		return o
	}
	o.wall = r.Time
	if s.l.Late.OlderThan > 0 || s.l.Future.AheadOf > 0 {
		s.l.bounds(o, r.Instant(s.l.zone), m.sentAt)
	}
	return o
}

// written is the row as its file has it, one value for each of layout.written;
// it is valid until the next call.
func (s *shaper) written(m *message, o *outcome) []record.Value {
	n := len(s.l.columns)
	copy(s.row, o.values[:n])
	s.row[n] = record.Value{Valid: true, Text: string(m.id)}
	s.row[n+1] = record.Value{Valid: true, Int: m.sentAt.UnixMilli()}
	return s.row
}
