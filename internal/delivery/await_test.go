package delivery

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/queue"
)

func (r *rig) ordersTable() []*catalog.Table {
	t, err := r.catalog.Table(context.Background(), "shop", "orders")
	require.NoError(r.t, err)
	return []*catalog.Table{t}
}

func (r *rig) sendOne(m queue.Message) string {
	sent, err := r.queue.Send(context.Background(), r.configs[0].Queue, []queue.Message{m})
	require.NoError(r.t, err)
	return string(sent[0].ID)
}

func (r *rig) await(event string, tables ...*catalog.Table) error {
	if tables == nil {
		tables = r.ordersTable()
	}
	return r.m.Await(context.Background(), event, tables)
}

func requireAwait(t *testing.T, err error, code string, texts ...string) {
	t.Helper()
	var e *AwaitError
	require.ErrorAs(t, err, &e)
	require.Equal(t, code, e.Code, e.Message)
	for _, text := range texts {
		require.Contains(t, e.Message, text)
	}
}

// TestAwait reads what was written: after Await there is nothing to wait for.
func TestAwait(t *testing.T) {
	for _, shown := range []bool{true, false} {
		c := patient()
		if !shown {
			c.MaxWait = time.Millisecond
		}
		r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, c)
		if !shown {
			r.tails = nil
		}
		r.start()
		for n := 1; n <= 20; n++ {
			event := r.sendOne(queue.Message{Body: orderEvent(n)})
			if n%2 == 0 {
				event = AwaitNow
			}
			require.NoError(t, r.await(event))
			if shown {
				files, memory, err := r.seen()
				require.NoError(t, err)
				require.Equal(t, n, files+memory)
			} else {
				require.Len(t, ids(r.rows()), n)
			}
			require.NoError(t, r.await(AwaitNow), "it is still there")
		}
		bad := r.sendOne(queue.Message{Body: `{"id":"none"}`})
		requireAwait(t, r.await(bad), EventRejected, bad, "orders", "column id", "s3://logs/errors/orders/")
		require.NoError(t, r.await(AwaitNow), "a rejected event is not waited for")

		r.m.patience = 100 * time.Millisecond
		requireAwait(t, r.await("01234567-89ab-cdef-0123-456789abcdef"), EventUnknown, "orders (complete up to")
		requireAwait(t, r.await("no id"), awaitInvalid, `"no id"`)
		other := &catalog.Table{Database: "shop", Name: "other"}
		requireAwait(t, r.await(bad, other), awaitInvalid, "no table that a delivery fills")
		require.NoError(t, r.await(AwaitNow, other))

		delayed := r.sendOne(queue.Message{Body: orderEvent(100), Delay: queue.Delayed(time.Hour)})
		requireAwait(t, r.await(AwaitNow), EventsPending, "delivery orders is running", "delayed")
		requireAwait(t, r.await(delayed), EventUnknown)

		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		require.ErrorIs(t, r.m.Await(ctx, AwaitNow, r.ordersTable()), context.Canceled)
	}
}

// TestAwaitAfterRestart: the ids are forgotten, what was acknowledged is not.
func TestAwaitAfterRestart(t *testing.T) {
	stop := errors.New("away")
	c := ordersConfig()
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, c)
	r.hook = func(_, step string) error {
		if step == "written" {
			return stop
		}
		return nil
	}
	r.start()
	for n := range 50 {
		r.send(orderEvent(n))
	}
	r.closeManager() // with a batch that is fixed and not committed
	r.hook = nil
	r.reopen()
	r.start()
	require.NoError(t, r.await(AwaitNow))
	files, memory, err := r.seen()
	require.NoError(t, err)
	require.Equal(t, 50, files+memory)
	r.waitDone()
	require.Len(t, ids(r.rows()), 50)
}

func TestKnownIDs(t *testing.T) {
	var k knownIDs
	first, last := queue.NewMessageID(), queue.MessageID("")
	k.add(first)
	for range 2*idsKept + 1 {
		last = queue.NewMessageID()
		k.add(last)
	}
	known := func(id queue.MessageID) bool {
		u, err := uuid.Parse(string(id))
		require.NoError(t, err)
		yes, _ := k.find(u)
		return yes
	}
	require.False(t, known(first))
	require.True(t, known(last))
	for range 2 * reasonsKept {
		id := queue.NewMessageID()
		k.add(id)
		k.reject(id, "for a reason")
		u, err := uuid.Parse(string(id))
		require.NoError(t, err)
		_, reason := k.find(u)
		require.NotEmpty(t, reason)
	}
}
