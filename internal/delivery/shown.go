package delivery

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/tail"
)

// shown is the rows of a batch in the tail, where queries see them until their
// files are committed. The rows are those that the files will have. A nil shown
// shows nothing.
type shown struct {
	d       *delivery
	l       *layout
	shaper  *shaper
	rows    *tail.Batch
	slots   map[slot]*tail.Partition // nil for one whose name is too long
	written map[string]bool          // names of the partitions
	at      int                      // messages that were looked at
	memory  int64                    // of rows, as counted so far
}

// show adds what was received since the last call to the rows of the batch. It
// returns how many bytes they grew by.
func (d *delivery) show(c *collected) (grown int64) {
	if d.m.tails == nil || c.gone || len(c.messages) == 0 {
		return 0
	}
	l, off := d.shownLayout()
	if off == "" {
		s, err := c.shown.follow(d, l, c.messages)
		if err == nil {
			d.visible.turn("")
			c.shown = s
			return s.grown()
		}
		off = err.Error()
	}
	d.visible.turn(off)
	c.shown.drop()
	c.shown = nil
	return 0
}

// shownLayout is the layout of the table as it is now, or why rows cannot be
// shown. Only the collecting goroutine calls it.
func (d *delivery) shownLayout() (l *layout, off string) {
	t, err := d.m.catalog.Table(d.closing, d.config.Database, d.config.Table)
	if err != nil {
		return nil, err.Error()
	}
	if t.Delivery != d.config.Name {
		return nil, fmt.Sprintf("the table is not this delivery's yet, but %q's", t.Delivery)
	}
	if t != d.shownAt {
		d.shownAs.close()
		d.shownAt, d.shownAs, d.shownOff = t, nil, ""
		if d.shownAs, err = d.layoutOf(t); err != nil {
			d.shownOff = err.Error()
		} else {
			d.shownOff = d.shownAs.notShown()
		}
	}
	return d.shownAs, d.shownOff
}

func (d *delivery) layoutOf(t *catalog.Table) (*layout, error) {
	target, err := newTarget(d.config, t)
	if err != nil {
		return nil, err
	}
	return target.layout(d.closing, d.m.transforms)
}

// notShown says why the rows of a layout are known only once their batch is
// planned, or "".
func (l *layout) notShown() string {
	if len(l.dedup) > 0 {
		return "dedup: what is a duplicate is known once a batch is complete"
	}
	return ""
}

// follow returns the rows of messages by a layout: s with those that it lacks,
// or others in its place where s has another layout.
func (s *shown) follow(d *delivery, l *layout, messages []message) (*shown, error) {
	if s != nil && (s.l == l || reflect.DeepEqual(s.l.target, l.target)) {
		return s, s.add(messages)
	}
	next := &shown{
		d: d, l: l, shaper: l.newShaper(), slots: map[slot]*tail.Partition{}, written: map[string]bool{},
		rows: d.m.tails.Prepare(l.Database, l.Table, l.written),
	}
	if err := next.add(messages); err != nil {
		d.visible.forget(next)
		return nil, err
	}
	if s == nil {
		next.rows.Replace(nil)
		return next, nil
	}
	next.rows.Replace(s.rows)
	d.visible.forget(s)
	return next, nil
}

// add makes the rows of the messages that were not looked at yet.
func (s *shown) add(messages []message) error {
	fresh := messages[s.at:]
	if len(fresh) == 0 {
		return nil
	}
	var rejected []rejection
	err := s.shaper.all(s.d.closing, fresh, func(i int32, o *outcome) error {
		reason, err := s.row(&fresh[i], o)
		if reason != "" {
			rejected = append(rejected, rejection{i, reason, -1})
		}
		return err
	})
	if err != nil {
		return err
	}
	s.at = len(messages)
	s.d.visible.add(s, fresh, rejected)
	return nil
}

// row adds the row of a message. It returns why the message has none because it
// is rejected.
func (s *shown) row(m *message, o *outcome) (rejected string, err error) {
	if o.rejected || o.filtered {
		return o.reason, nil
	}
	at := s.l.slotOf(o)
	p, ok := s.slots[at]
	if !ok {
		values := s.l.values(o)
		if s.l.tooLong(values) == "" {
			p = s.rows.Partition(values)
			s.written[strings.Join(values, "\x00")] = true
		}
		s.slots[at] = p
	}
	if p == nil {
		return s.l.tooLong(s.l.values(o)), nil
	}
	return "", p.Append(s.shaper.written(m, o))
}

// showAgain shows the messages of a batch that the last run left.
func (d *delivery) showAgain(l *layout, messages []message) *shown {
	if d.m.tails == nil || len(messages) == 0 || l.notShown() != "" {
		return nil
	}
	var none *shown
	s, err := none.follow(d, l, messages)
	if err != nil {
		d.visible.turn(err.Error())
	}
	return s
}

func (s *shown) grown() int64 {
	if s == nil {
		return 0
	}
	now := s.rows.Size()
	grown := now - s.memory
	s.memory = now
	return grown
}

// settle makes sure that the rows are those of the layout that the batch was
// fixed with.
func (s *shown) settle(ctx context.Context, l *layout, messages []message) *shown {
	if s == nil || ctx.Err() != nil {
		return s
	}
	next, err := s.follow(s.d, l, messages)
	if err != nil {
		s.d.visible.turn(err.Error())
		s.drop()
		return nil
	}
	return next
}

// applied is called in the moment in which the files of the batch are seen.
func (s *shown) applied() {
	if s == nil {
		return
	}
	s.rows.Retire()
	s.d.visible.retired(s)
}

// drop takes the rows away before they are in files: their messages go back to
// the queue, or are gone with it.
func (s *shown) drop() {
	if s == nil {
		return
	}
	s.rows.Retire()
	s.d.visible.dropped(s)
}

// ended notes that the batch is done with.
func (s *shown) ended() {
	if s != nil {
		s.d.visible.ended(s)
	}
}
