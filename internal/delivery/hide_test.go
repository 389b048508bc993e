package delivery

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestAChangeShowsEachEventOnce changes the deliveries of a queue while one of
// them cannot write what queries see in memory.
func TestAChangeShowsEachEventOnce(t *testing.T) {
	r := newSharedRig(t, func(*Config) {})
	var broken atomic.Bool
	broken.Store(true)
	r.hook = func(name, step string) error {
		if broken.Load() && name == "orders" && step == "object" {
			return errors.New("the disk is gone")
		}
		return nil
	}
	r.start()
	inMemory := func() (n int) {
		for _, rows := range r.tails.Snapshot("shop", "orders") {
			for _, s := range rows.Segments {
				n += s.Rows
			}
		}
		return n
	}
	r.send(orderEvent(1), orderEvent(2))
	require.Eventually(t, func() bool { return inMemory() == 2 && r.of("orders").State == Retrying }, 10*time.Second, time.Millisecond)
	for range 3 {
		require.NoError(t, r.m.Pause(t.Context(), "copies", ""))
		require.LessOrEqual(t, inMemory(), 2)
		require.NoError(t, r.m.Resume(t.Context(), "copies"))
		require.Eventually(t, func() bool { return inMemory() == 2 }, 10*time.Second, time.Millisecond, "shown again")
		require.Never(t, func() bool { return inMemory() > 2 }, 30*time.Millisecond, time.Millisecond, "once")
	}
	require.NoError(t, r.m.Pause(t.Context(), "orders", ""))
	require.Zero(t, inMemory())
	require.NoError(t, r.m.Resume(t.Context(), "orders"))
	broken.Store(false)
	r.waitFor("orders", 2)
	require.Zero(t, inMemory())
	require.Equal(t, []int64{1, 2}, r.idsOf("orders"))
}
