package delivery

import (
	"fmt"
	"time"
)

// Action is what becomes of an event whose time is out of bounds.
type Action string

// The actions.
const (
	Deliver     Action = "deliver"      // to the partition of its time, and count it
	Reject      Action = "reject"       // to the error location
	ReceiveTime Action = "receive_time" // to the partition of the time at which it was sent
)

// Late says what becomes of events that were old when they were sent.
type Late struct {
	OlderThan time.Duration // 0: none is late
	Action    Action        // Deliver or Reject; "" is Deliver
}

// Future says what becomes of events that claim a time after they were sent.
type Future struct {
	AheadOf time.Duration // 0: none is of the future
	Action  Action        // "" is Deliver
}

// bounds compares an event's time with the time at which it was sent, so that a
// batch that is repeated decides as before.
func (l *layout) bounds(o *outcome, at, sentAt time.Time) {
	const form = "2006-01-02T15:04:05.000Z"
	switch age := sentAt.Sub(at); {
	case l.Late.OlderThan > 0 && age > l.Late.OlderThan:
		o.late = true
		if l.Late.Action == Reject {
			o.reject(fmt.Sprintf("column %s: %s is more than %s before the event was sent (%s): it is late", l.EventTime, at.UTC().Format(form), l.Late.OlderThan, sentAt.UTC().Format(form)))
		}
	case l.Future.AheadOf > 0 && -age > l.Future.AheadOf:
		o.future = true
		switch l.Future.Action {
		case Reject:
			o.reject(fmt.Sprintf("column %s: %s is more than %s after the event was sent (%s): it is of the future", l.EventTime, at.UTC().Format(form), l.Future.AheadOf, sentAt.UTC().Format(form)))
		case ReceiveTime:
			o.wall = l.wallOf(sentAt)
		}
	}
}

// validate checks an action against those that its field may have.
func (a Action) validate(allowed ...Action) error {
	for _, one := range allowed {
		if a == one {
			return nil
		}
	}
	return fmt.Errorf("%q is none of %q", a, allowed)
}
