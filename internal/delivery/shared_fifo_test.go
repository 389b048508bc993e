package delivery

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/queue"
)

// TestSharedFIFO delivers a FIFO queue into two tables, with a restart and a
// pause, during which the queue keeps what follows in a group.
func TestSharedFIFO(t *testing.T) {
	ctx := t.Context()
	r := newSharedRig(t, func(c *Config) { c.MaxRecords = 5 })
	require.NoError(t, r.queue.DeleteQueue(ctx, "order-events"))
	a := queue.DefaultAttributes()
	a.FIFO = true
	require.NoError(t, r.queue.CreateQueue(ctx, "order-events", a))
	send := func(from, to int) {
		for id := from; id < to; id++ {
			_, err := r.queue.Send(ctx, "order-events", []queue.Message{{Body: orderEvent(id), Group: fmt.Sprint(id % 3)}})
			require.NoError(t, err)
		}
	}
	r.start()
	send(0, 20)
	r.waitFor("orders", 20)
	r.waitFor("copies", 20)
	require.NoError(t, r.m.Pause(ctx, "copies", ""))
	send(20, 40)
	r.reopen()
	r.start()
	send(40, 60)
	require.Zero(t, r.of("orders").Elsewhere)
	require.NoError(t, r.m.Resume(ctx, "copies"))
	for table, s := range map[string]Status{"orders": r.waitFor("orders", 60), "copies": r.waitFor("copies", 60)} {
		require.EqualValues(t, 60, s.Sent, table)
		require.Zero(t, s.Elsewhere, table)
		require.Equal(t, numbers(60), r.idsOf(table), table)
	}
}
