package delivery

import (
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/queue"
)

// jumpyClock is the machine's clock, set again and again.
type jumpyClock struct {
	queue.SystemClock
	set atomic.Int64 // by how many ns
}

func (c *jumpyClock) Now() time.Time { return time.Now().Add(time.Duration(c.set.Load())).Round(0) }

// jump sets the clock by up to ten days in either direction: beyond the
// retention of the queue.
func (c *jumpyClock) jump() {
	c.set.Store(rand.Int64N(20*24*int64(time.Hour)) - 10*24*int64(time.Hour))
}

// Whatever the clock does, each event is in the table once, also across
// restarts.
func TestTheClockJumps(t *testing.T) {
	clock := &jumpyClock{}
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, ordersConfig())
	r.clock, r.now = clock, clock.Now
	r.reopen()
	const lives, batches, size = 4, 15, 20
	sent := 0
	for range lives {
		r.start()
		for range batches {
			clock.jump()
			events := make([]string, size)
			for i := range events {
				sent++
				events[i] = orderEvent(sent)
			}
			r.send(events...)
			r.status()
		}
		r.waitDone()
		clock.set.Store(0) // or the next life would take messages for too old
		r.reopen()
	}
	r.start()
	s := r.waitDone()
	require.EqualValues(t, sent, s.InFiles)
	require.Zero(t, s.Elsewhere)
	found := ids(r.rows())
	require.Len(t, found, sent)
	for i, id := range found {
		require.EqualValues(t, i+1, id)
	}
}
