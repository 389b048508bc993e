package delivery

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/queue"
)

func copiesTable() catalog.Table {
	t := ordersTable(formats.JSON)
	t.Name, t.Location = "copies", "s3://lake/copies/"
	return t
}

func copiesConfig() Config {
	c := ordersConfig()
	c.Name, c.Table = "copies", "copies"
	return c
}

// newSharedRig has two deliveries of one queue.
func newSharedRig(t testing.TB, change func(*Config)) *rig {
	a, b := ordersConfig(), copiesConfig()
	change(&a)
	change(&b)
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet), copiesTable()}, a)
	r.configs = append(r.configs, b)
	return r
}

// of returns the books of one delivery, after all were found to balance.
func (r *rig) of(name string) Status {
	list, err := r.m.Status(context.Background())
	require.NoError(r.t, err)
	for _, s := range list {
		require.NoError(r.t, balanced(s))
	}
	i := slices.IndexFunc(list, func(s Status) bool { return s.Name == name })
	require.GreaterOrEqual(r.t, i, 0, name)
	return list[i]
}

func (r *rig) waitFor(name string, files int64) Status {
	var s Status
	require.Eventually(r.t, func() bool {
		s = r.of(name)
		return s.InFiles >= files && s.InQueue == 0 && s.InFlight == 0
	}, 20*time.Second, time.Millisecond, "%s has its events", name)
	return s
}

// rowsOf returns the ids of the committed rows of a table, and checks that the
// store holds no other objects.
func (r *rig) idsOf(table string) []int64 {
	files, err := r.catalog.Files(context.Background(), "shop", table, nil)
	require.NoError(r.t, err)
	var out []int64
	var keys []string
	for _, f := range files {
		keys = append(keys, f.Key)
		for _, o := range decodeOrders(r.t, f.Key, r.read(f.Bucket, f.Key)) {
			out = append(out, o.ID)
		}
	}
	slices.Sort(keys)
	require.Equal(r.t, keys, r.keys("lake", table+"/"))
	slices.Sort(out)
	return out
}

func (r *rig) stored() int64 {
	c, err := r.queue.Counts(context.Background(), "order-events")
	require.NoError(r.t, err)
	return c.Visible + c.InFlight + c.Delayed
}

func numbers(n int) []int64 {
	out := make([]int64, n)
	for i := range out {
		out[i] = int64(i)
	}
	return out
}

// TestSharedQueueAcrossCrashes stops one of two deliveries of a queue at each
// step, opens everything from the disk again, twice, and lets both finish.
func TestSharedQueueAcrossCrashes(t *testing.T) {
	for name, stops := range map[string][]string{
		"orders": append([]string{"settled"}, steps...), "copies": {"settled", "committed", "deleted"},
	} {
		for i, step := range stops {
			after := 2 * (i % 2)
			t.Run(fmt.Sprintf("%s/%s/%d", name, step, after), func(t *testing.T) {
				t.Parallel()
				r := newSharedRig(t, func(c *Config) { c.MaxRecords = 7 + len(c.Table)%3 })
				for id := range 40 {
					r.send(orderEvent(id))
					if id%10 == 0 {
						r.send("broken")
					}
				}
				for range 2 {
					r.crash(name, newCrasher(step, after))
				}
				r.hook = nil
				r.start()
				for table, s := range map[string]Status{"orders": r.waitFor("orders", 40), "copies": r.waitFor("copies", 40)} {
					require.EqualValues(t, 44, s.Sent, table)
					require.EqualValues(t, 40, s.InFiles, table)
					require.EqualValues(t, 4, s.Rejected, table)
					require.Zero(t, s.Elsewhere, table)
					require.Equal(t, numbers(40), r.idsOf(table), table)
				}
				require.Eventually(t, func() bool { return r.stored() == 0 }, 10*time.Second, time.Millisecond)
			})
		}
	}
}

// crash runs the deliveries until one of them comes to the crasher's step, or
// until all is delivered, and opens everything from the disk again.
func (r *rig) crash(name string, c *crasher) {
	r.hook = func(delivery, step string) error {
		if delivery != name {
			step = "other"
		}
		return c.hook(delivery, step)
	}
	r.start()
	require.Eventually(r.t, func() bool {
		select {
		case <-c.crashed:
			return true
		default:
			return r.stored() == 0
		}
	}, 10*time.Second, time.Millisecond, "it crashes or ends")
	r.reopen()
}

// TestAPausedDeliveryHoldsUpNobody lets one of two deliveries fall behind, by
// far more than the memory holds, over a restart.
func TestAPausedDeliveryHoldsUpNobody(t *testing.T) {
	r := newSharedRig(t, func(c *Config) { c.MaxRecords = 50 })
	r.memory = 64 << 10
	r.start()
	require.NoError(t, r.m.Pause(t.Context(), "copies", "the disk moves"))
	for id := range 500 {
		r.send(orderEvent(id))
	}
	s := r.waitFor("orders", 500)
	require.EqualValues(t, 500, s.InFiles)
	require.True(t, s.CompleteUpTo.After(r.of("copies").CompleteUpTo), "it is complete, the other is not")
	s = r.of("copies")
	require.Equal(t, Paused, s.State)
	require.Equal(t, "the disk moves", s.Reason)
	require.False(t, s.PausedAt.IsZero())
	require.EqualValues(t, 500, s.InQueue)
	require.Zero(t, s.InFiles)
	require.EqualValues(t, 500, r.stored())
	r.reopen()
	r.start()
	require.Equal(t, Paused, r.of("copies").State, "over a restart")
	for id := range 10 {
		r.send(orderEvent(500 + id))
	}
	r.waitFor("orders", 510)
	require.Equal(t, numbers(510), r.idsOf("orders"), "nothing twice")
	require.EqualValues(t, 510, r.of("copies").InQueue)
	require.NoError(t, r.m.Resume(t.Context(), "copies"))
	s = r.waitFor("copies", 510)
	require.Equal(t, Running, s.State)
	require.Equal(t, numbers(510), r.idsOf("copies"))
	require.Equal(t, numbers(510), r.idsOf("orders"))
	require.Eventually(t, func() bool { return r.stored() == 0 }, 10*time.Second, time.Millisecond)
}

// TestAFailingDeliveryHoldsUpNobody drops the table of one delivery.
func TestAFailingDeliveryHoldsUpNobody(t *testing.T) {
	r := newSharedRig(t, func(*Config) {})
	r.start()
	require.NoError(t, r.catalog.DropTable(t.Context(), "shop", "copies", false))
	for id := range 100 {
		r.send(orderEvent(id))
	}
	r.waitFor("orders", 100)
	require.Eventually(t, func() bool { return r.of("copies").State == Paused }, 5*time.Second, time.Millisecond)
	r.reopen()
	r.configs = nil // as after a start without a configuration file
	r.start()
	require.Equal(t, Paused, r.of("copies").State, "it waits for its table")
	require.NoError(t, r.catalog.CreateTable(t.Context(), copiesTable(), false))
	r.waitFor("copies", 100)
	require.Equal(t, numbers(100), r.idsOf("copies"))
	require.Equal(t, numbers(100), r.idsOf("orders"))
}

// TestDeliveriesComeAndGo changes the deliveries of a queue at random while
// events come in, and holds the books to balance.
func TestDeliveriesComeAndGo(t *testing.T) {
	r := newSharedRig(t, func(c *Config) { c.MaxRecords = 20 })
	copies := r.configs[1]
	r.configs = r.configs[:1]
	ctx := t.Context()
	r.start()
	stop := make(chan struct{})
	var sending sync.WaitGroup
	var sent atomic.Int64
	sending.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				r.send(orderEvent(int(sent.Load())))
				sent.Add(1)
			}
		}
	})
	dice := rand.New(rand.NewPCG(1, 2))
	there := false
	for range 12 {
		more := sent.Load() + 30
		require.Eventually(t, func() bool { return sent.Load() >= more }, 10*time.Second, time.Millisecond)
		switch {
		case !there:
			require.NoError(t, r.m.Create(ctx, copies))
			there = true
		case dice.IntN(3) == 0:
			require.NoError(t, r.m.Delete(ctx, "copies"))
			there = false
		case dice.IntN(2) == 0:
			require.NoError(t, r.m.Pause(ctx, "orders", ""))
		default:
			require.NoError(t, r.m.Resume(ctx, "orders"))
		}
		require.Zero(t, r.of("orders").Elsewhere)
	}
	close(stop)
	sending.Wait()
	require.NoError(t, r.m.Resume(ctx, "orders"))
	if there {
		require.NoError(t, r.m.Delete(ctx, "copies"))
	}
	s := r.waitFor("orders", sent.Load())
	require.EqualValues(t, sent.Load(), s.InFiles)
	require.Zero(t, s.Elsewhere)
	require.Equal(t, numbers(int(sent.Load())), r.idsOf("orders"))
	got := r.idsOf("copies")
	require.Len(t, slices.Compact(slices.Clone(got)), len(got), "nothing twice")
}

// TestANewDeliveryBeginsWithWhatIsThere adds one to a queue that has one.
func TestANewDeliveryBeginsWithWhatIsThere(t *testing.T) {
	r := newSharedRig(t, func(*Config) {})
	copies := r.configs[1]
	r.configs = r.configs[:1]
	r.start()
	for id := range 20 {
		r.send(orderEvent(id))
	}
	r.waitFor("orders", 20)
	require.NoError(t, r.m.Pause(t.Context(), "orders", ""))
	for id := range 30 {
		r.send(orderEvent(100 + id))
	}
	require.NoError(t, r.m.Create(t.Context(), copies))
	s := r.waitFor("copies", 30)
	require.EqualValues(t, 30, s.Sent)
	require.EqualValues(t, 30, r.stored(), "for the other one")
	require.NoError(t, r.m.Delete(t.Context(), "orders"))
	require.Eventually(t, func() bool { return r.stored() == 0 }, 10*time.Second, time.Millisecond, "nobody wants them any more")
	require.Zero(t, r.of("copies").Elsewhere)
	table, err := r.catalog.Table(t.Context(), "shop", "orders")
	require.NoError(t, err)
	require.Equal(t, "orders", table.Delivery, "the table keeps its files")
	require.Len(t, r.idsOf("orders"), 20)

	other := ordersConfig()
	other.Name = "other"
	require.NoError(t, r.m.Create(t.Context(), other), "another may go on filling it")
	r.send(orderEvent(7))
	r.waitFor("other", 1)
	require.Len(t, r.idsOf("orders"), 21)
}

// TestADeletedDeliveryUndoesItsBatch deletes one that cannot commit.
func TestADeletedDeliveryUndoesItsBatch(t *testing.T) {
	r := newSharedRig(t, func(*Config) {})
	r.hook = func(name, step string) error {
		if name == "copies" && step == "written" {
			return fmt.Errorf("stuck")
		}
		return nil
	}
	r.start()
	for id := range 10 {
		r.send(orderEvent(id))
	}
	r.waitFor("orders", 10)
	require.Eventually(t, func() bool { return r.of("copies").State == Paused && len(r.keys("lake", "copies/")) > 0 }, 10*time.Second, time.Millisecond)
	require.NoError(t, r.m.Delete(t.Context(), "copies"))
	require.Empty(t, r.keys("lake", "copies/"))
	require.Eventually(t, func() bool { return r.stored() == 0 }, 10*time.Second, time.Millisecond)
	require.Equal(t, numbers(10), r.idsOf("orders"))
	_, err := r.m.Describe(t.Context(), "copies")
	require.ErrorIs(t, err, ErrNotFound)
}

// TestChangesAreRefused keeps everything as it was.
func TestChangesAreRefused(t *testing.T) {
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, ordersConfig())
	r.start()
	ctx := t.Context()
	change := func(f func(*Config)) Config {
		c := ordersConfig()
		f(&c)
		return c
	}
	require.ErrorIs(t, r.m.Create(ctx, ordersConfig()), ErrExists)
	require.ErrorIs(t, r.m.Update(ctx, copiesConfig()), ErrNotFound)
	require.ErrorIs(t, r.m.Pause(ctx, "no", ""), ErrNotFound)
	require.ErrorIs(t, r.m.Resume(ctx, "no"), ErrNotFound)
	require.ErrorIs(t, r.m.Delete(ctx, "no"), ErrNotFound)
	for want, c := range map[string]Config{
		`delivery "orders": timezone: "Mars" is not`:               change(func(c *Config) { c.Timezone = "Mars" }),
		`delivery "orders": table shop.none: not found`:            change(func(c *Config) { c.Table = "none" }),
		`delivery "orders": describe: queue "none": no such queue`: change(func(c *Config) { c.Queue = "none" }),
		`delivery "orders": table shop.orders: errors: s3://lake/`: change(func(c *Config) { c.Errors = "s3://lake/orders/x/" }),
	} {
		err := r.m.Update(ctx, c)
		require.ErrorIs(t, err, ErrRefused)
		require.ErrorContains(t, err, want)
	}
	r.send(orderEvent(1))
	r.waitDone()
	require.Equal(t, Running, r.status().State)
}

// TestAnotherQueue moves a delivery, with its books.
func TestAnotherQueue(t *testing.T) {
	ctx := t.Context()
	r := newSharedRig(t, func(*Config) {})
	require.NoError(t, r.queue.CreateQueue(ctx, "more-events", queue.DefaultAttributes()))
	r.start()
	r.send(orderEvent(0), orderEvent(1))
	r.waitFor("orders", 2)
	r.waitFor("copies", 2)
	moved := copiesConfig()
	moved.Queue = "more-events"
	require.NoError(t, r.m.Update(ctx, moved))
	r.send(orderEvent(2))
	_, err := r.queue.Send(ctx, "more-events", []queue.Message{{Body: orderEvent(3)}})
	require.NoError(t, err)
	r.waitFor("orders", 3)
	s := r.waitFor("copies", 3)
	require.Equal(t, []int64{0, 1, 3}, r.idsOf("copies"))
	require.EqualValues(t, 3, s.Sent)
	r.reopen()
	r.configs = nil
	r.start()
	require.Equal(t, queue.Name("more-events"), r.of("copies").Queue)
}
