package delivery

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/dedup"
	"github.com/scopsdb/scops/internal/formats/record"
)

// Dedup says which events are taken for one that was sent again: of those with
// the same key within the window, by the time of sending, the first is
// delivered.
type Dedup struct {
	Key    []string      // columns; nil: none is
	Window time.Duration // 1 s to 14 days, the longest that SQS keeps a message
}

// Limits of a window.
const (
	minWindow = time.Second
	maxWindow = 14 * 24 * time.Hour
)

func (c Config) validateDedup(bad func(field, format string, args ...any)) {
	if len(c.Dedup.Key) == 0 && c.Dedup.Window == 0 {
		return
	}
	if len(c.Dedup.Key) == 0 {
		bad("dedup.key", "is missing: give the field that the events of one order, click or measurement share")
	}
	if c.Dedup.Window < minWindow || c.Dedup.Window > maxWindow {
		bad("dedup.window", "%s is not within %s and %s", c.Dedup.Window, minWindow, maxWindow)
	}
}

// buildDedup finds the columns of the key among those that are read of events.
func (l *layout) buildDedup() error {
	for _, name := range l.Dedup.Key {
		i := slices.IndexFunc(l.input, func(c record.Column) bool { return c.Name == strings.ToLower(name) })
		switch {
		case i < 0:
			return fmt.Errorf("dedup.key: %s is no column of the events (those of the table, or of fields)", name)
		case record.Nested(l.input[i].Type.Kind):
			return fmt.Errorf("dedup.key: %s: %s cannot be a key", name, l.input[i].Type)
		}
		l.dedup = append(l.dedup, i)
	}
	return nil
}

// keyOf is the hash of an event's key; false where a part of it is NULL.
func (l *layout) keyOf(values []record.Value, scratch []byte) (dedup.Hash, []byte, bool) {
	scratch = scratch[:0]
	for _, i := range l.dedup {
		if !values[i].Valid {
			return dedup.Hash{}, scratch, false
		}
		scratch = appendSortKey(scratch, l.input[i].Type.Kind, &values[i])
	}
	return dedup.HashOf(scratch), scratch, len(l.dedup) > 0
}

// duplicates decides which rows of a batch are of events that were delivered
// before, and remembers those that are delivered now.
type duplicates struct {
	scope *dedup.Scope
	queue int64 // when it was made
	own   map[uint64]bool
	// decided are the sequences of the duplicates, where an earlier attempt
	// decided; nil: nobody has.
	decided map[uint64]bool
	window  time.Duration

	first map[dedup.Hash][]time.Time // delivered by this batch
	put   []dedup.Entry
	found []uint64 // sequences of the duplicates
}

// duplicatesOf begins the decisions of a batch; nil where there is no key.
func (d *delivery) duplicatesOf(l *layout, created time.Time) *duplicates {
	if len(l.dedup) == 0 {
		return nil
	}
	return &duplicates{
		scope: d.keysOf(l), queue: created.UnixNano(), window: l.Dedup.Window, first: map[dedup.Hash][]time.Time{},
	}
}

// keysOf are the keys that the delivery has seen.
func (d *delivery) keysOf(l *layout) *dedup.Scope {
	if d.keys == nil || !slices.Equal(d.keysFor.Key, l.Dedup.Key) || d.keysFor.Window != l.Dedup.Window {
		d.keys, d.keysFor = d.m.keys.Scope(d.config.Name, l.Dedup.Key, l.Dedup.Window), l.Dedup
	}
	return d.keys
}

// dropKeys forgets the keys of deliveries that are gone.
func (m *Manager) dropKeys() error {
	if m.keys == nil {
		return nil
	}
	var keep []*dedup.Scope
	for _, r := range m.all {
		if len(r.Dedup.Key) > 0 {
			keep = append(keep, m.keys.Scope(r.Name, r.Dedup.Key, r.Dedup.Window))
		}
	}
	return m.keys.DropOthers(keep)
}

// is tells whether a row is a duplicate. Rows come in the order of sending.
func (u *duplicates) is(m *message, o *outcome) (bool, error) {
	if u == nil || !o.keyed {
		return false, nil
	}
	found, err := u.decide(m, o)
	if err != nil {
		return false, err
	}
	if found {
		u.found = append(u.found, m.seq)
		return true, nil
	}
	u.first[o.key] = append(u.first[o.key], m.sentAt)
	u.put = append(u.put, dedup.Entry{Key: o.key, Message: dedup.Message{Queue: u.queue, Sequence: m.seq, SentAt: m.sentAt}})
	return false, nil
}

func (u *duplicates) decide(m *message, o *outcome) (bool, error) {
	if u.decided != nil {
		return u.decided[m.seq], nil
	}
	if slices.ContainsFunc(u.first[o.key], func(at time.Time) bool { return dedup.Within(at, m.sentAt, u.window) }) {
		return true, nil
	}
	e := dedup.Entry{Key: o.key, Message: dedup.Message{Queue: u.queue, Sequence: m.seq, SentAt: m.sentAt}}
	return u.scope.Find(e, func(o dedup.Message) bool { return o.Queue == u.queue && u.own[o.Sequence] })
}

// again decides as the journal says. Where messages of the batch are gone, it
// decides anew: one of them may have been the first of its key.
func (u *duplicates) again(e *entry, messages []message) error {
	if u == nil {
		return nil
	}
	if len(messages) == len(e.Sequences) {
		found, err := unpackSequences(e.Plan.Duplicates)
		u.decided = map[uint64]bool{}
		for _, seq := range found {
			u.decided[seq] = true
		}
		return err
	}
	u.own = map[uint64]bool{}
	for _, seq := range e.Sequences {
		u.own[seq] = true
	}
	here := map[uint64]bool{}
	for _, m := range messages {
		here[m.seq] = true
	}
	return u.scope.Forget(func(m dedup.Message) bool { return m.Queue == u.queue && u.own[m.Sequence] && !here[m.Sequence] })
}

// remember writes the keys of a fixed batch down, before the next is planned.
func (d *delivery) remember(ctx context.Context, b *batch) error {
	if b.keys == nil {
		return nil
	}
	if err := d.retry(ctx, "remember keys", func() error { return b.keys.scope.Put(ctx, b.keys.put) }); err != nil {
		return err
	}
	return d.step("remembered")
}

// clockSlack is how far send times may lie behind those of earlier messages.
const clockSlack = 10 * time.Minute

// expireKeys forgets the keys that no message to come can have. The next batch
// tries again what fails.
func (d *delivery) expireKeys(ctx context.Context, b *batch) {
	if b.keys == nil {
		return
	}
	oldest, err := d.visible.completeUpTo(ctx)
	if err == nil && !oldest.IsZero() {
		err = b.keys.scope.Expire(oldest.Add(-clockSlack))
	}
	if err != nil {
		d.log.Warn("keys of delivered events are kept longer than needed", "error", err)
	}
}
