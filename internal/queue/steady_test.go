package queue

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// settableClock is a clock that can be set, with a stopwatch that cannot.
type settableClock struct {
	*manualClock
	set atomic.Int64 // by how many ns
}

func (c *settableClock) Now() time.Time { return c.manualClock.Now().Add(time.Duration(c.set.Load())) }

func (c *settableClock) Elapsed() time.Duration {
	return c.manualClock.Now().Sub(time.UnixMilli(1_700_000_000_000))
}

// A clock that jumps forward makes no message too old; time that passes does.
func TestRetentionIsNotForAClockToSet(t *testing.T) {
	const day = 24 * time.Hour
	for _, test := range []struct {
		name  string
		steps func(*settableClock)
		gone  bool
	}{
		{"time passes", func(c *settableClock) { c.manualClock.Advance(5 * day) }, true},
		{"set forward", func(c *settableClock) { c.set.Store(int64(10 * day)) }, false},
		{"set forward, then time passes", func(c *settableClock) { c.set.Store(int64(10 * day)); c.manualClock.Advance(3 * day) }, false},
		{"set forward, and too much time passes", func(c *settableClock) { c.set.Store(int64(10 * day)); c.manualClock.Advance(5 * day) }, true},
		{"set back", func(c *settableClock) { c.set.Store(int64(-10 * day)) }, false},
		{"set forward and back", func(c *settableClock) { c.set.Store(int64(10 * day)); c.manualClock.Advance(time.Hour); c.set.Store(0) }, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := &settableClock{manualClock: newManualClock()}
			s, err := Open(t.TempDir(), Options{Clock: c})
			require.NoError(t, err)
			defer func() { require.NoError(t, s.Close()) }()
			ctx := t.Context()
			require.NoError(t, s.CreateQueue(ctx, "q", DefaultAttributes()))
			for i := range 3 {
				_, err := s.Send(ctx, "q", []Message{{Body: fmt.Sprint(i)}})
				require.NoError(t, err)
			}
			test.steps(c)
			s.sweeper.kick()
			if test.gone {
				require.Eventually(t, func() bool {
					n, err := s.Counts(ctx, "q")
					return err == nil && n.Expired == 3
				}, 10*time.Second, time.Millisecond)
				return
			}
			got, err := s.Receive(ctx, "q", ReceiveOptions{Max: 10, Hold: true})
			require.NoError(t, err)
			require.Len(t, got, 3)
			require.Eventually(t, func() bool { return len(s.sweeper.wake) == 0 }, 10*time.Second, time.Millisecond)
			n, err := s.Counts(ctx, "q")
			require.NoError(t, err)
			require.Zero(t, n.Expired)
		})
	}
}
