package delivery

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/queue"
)

func dedupConfig(key ...string) Config {
	c := ordersConfig()
	c.Dedup = Dedup{Key: key, Window: time.Hour}
	return c
}

func TestDuplicatesAreDeliveredOnce(t *testing.T) {
	c := dedupConfig("id")
	c.MaxRecords = 7
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, c)
	r.start()
	for round := range 3 { // the second and third are sent again, also across a restart
		for id := range 20 {
			r.send(orderEvent(id), orderEvent(id))
		}
		r.send(`{"district":"no id"}`, `{"id":null}`, "broken")
		s := r.waitDone()
		require.EqualValues(t, 20+2*(round+1), s.InFiles, "events without a key are never duplicates")
		require.EqualValues(t, 40*(round+1)-20, s.Duplicates)
		require.EqualValues(t, round+1, s.Rejected)
		if round == 1 {
			r.reopen()
			r.start()
		}
	}
	got := ids(r.rows())
	require.Len(t, got, 26)
	require.Equal(t, []int64{0, 1, 2, 3}, []int64{got[6], got[7], got[8], got[9]}, "six without an id come first, and the one of id 0")
}

// The first of a key is the first that becomes a row; of several columns all
// must be equal, and the window ends.
func TestDuplicatesByRule(t *testing.T) {
	c := dedupConfig("ID", "district")
	c.Transform = "SELECT id, district, price, ordered_at FROM batch WHERE price > 0"
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, c)
	require.NoError(t, r.open())
	d := r.m.groups["order-events"].deliveries[0]
	l, err := d.currentLayout(t.Context())
	require.NoError(t, err)
	at := time.Date(2021, 2, 3, 4, 5, 6, 0, time.UTC)
	seq := uint64(0)
	plan := func(events ...string) (found []uint64) {
		var messages []message
		for _, e := range events {
			seq++
			messages = append(messages, message{seq: seq, sentAt: at, body: e})
		}
		u := d.duplicatesOf(l, at)
		_, err := makePlan(t.Context(), l, "b", at, messages, nil, u)
		require.NoError(t, err)
		require.NoError(t, u.scope.Put(t.Context(), u.put))
		return u.found
	}
	require.Empty(t, plan(`{"id":1,"district":"a","price":0}`), "what is filtered is not delivered")
	require.Empty(t, plan(`{"id":1,"district":"a","price":"x"}`), "nor what is rejected")
	require.Equal(t, []uint64{4}, plan(`{"id":1,"district":"a","price":1}`, `{"id":1,"district":"a","price":2}`, `{"id":1,"district":"b","price":1}`, `{"id":1,"price":1}`, `{"id":1,"price":1}`))
	at = at.Add(time.Hour - time.Millisecond)
	require.Equal(t, []uint64{8}, plan(`{"id":1,"district":"a","price":1}`))
	at = at.Add(time.Millisecond)
	require.Equal(t, []uint64{10}, plan(`{"id":1,"district":"a","price":1}`, `{"id":1,"district":"a","price":1}`))
	at = at.Add(time.Hour - time.Millisecond) // a window begins with a delivered event, not with a duplicate
	require.Equal(t, []uint64{11}, plan(`{"id":1,"district":"a","price":1}`))
	at = at.Add(time.Millisecond)
	require.Empty(t, plan(`{"id":1,"district":"a","price":1}`))
}

// TestDedupAcrossCrashes sends every event several times in random order, and
// stops the delivery at each step, twice.
func TestDedupAcrossCrashes(t *testing.T) {
	for _, step := range append([]string{"remembered"}, steps...) {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			config := dedupConfig("id")
			config.MaxRecords = 20
			r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, config)
			var want []int64
			var bodies []string
			for id := range 30 {
				want = append(want, int64(id))
				bodies = append(bodies, orderEvent(id), orderEvent(id), orderEvent(id))
			}
			bodies = append(bodies, "broken")
			rand.New(rand.NewPCG(1, 2)).Shuffle(len(bodies), func(i, j int) { bodies[i], bodies[j] = bodies[j], bodies[i] })
			for _, b := range append(bodies, "broken", "broken") {
				r.send(b)
			}
			for range 2 {
				c := newCrasher(step, 0)
				r.hook = c.hook
				r.start()
				select {
				case <-c.crashed:
				case <-time.After(10 * time.Second):
					require.Fail(t, "the step was never reached")
				}
				r.reopen()
			}
			r.hook = nil
			r.start()
			s := r.waitDone()
			require.EqualValues(t, 93, s.Sent)
			require.EqualValues(t, 30, s.InFiles)
			require.EqualValues(t, 60, s.Duplicates)
			require.EqualValues(t, 3, s.Rejected)
			require.Zero(t, s.Elsewhere)
			require.Equal(t, want, ids(r.rows()))
		})
	}
}

// TestFirstOfAKeyVanishes deletes messages of a fixed batch: what was a
// duplicate of them is the first now.
func TestFirstOfAKeyVanishes(t *testing.T) {
	for _, step := range []string{"fixed", "remembered", "written"} {
		t.Run(step, func(t *testing.T) {
			r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, dedupConfig("id"))
			for range 2 {
				for id := range 5 {
					r.send(orderEvent(id))
				}
			}
			c := newCrasher(step, 0)
			r.hook = c.hook
			r.configs[0].MaxWait = 100 * time.Millisecond
			r.start()
			<-c.crashed
			r.reopen()
			_, err := r.queue.DeleteSequences(t.Context(), "order-events", []uint64{1, 2})
			require.NoError(t, err)
			r.hook = nil
			r.start()
			s := r.waitDone()
			require.EqualValues(t, 5, s.InFiles)
			require.EqualValues(t, 3, s.Duplicates)
			require.EqualValues(t, 2, s.Elsewhere)
			require.Equal(t, []int64{0, 1, 2, 3, 4}, ids(r.rows()))
			r.send(orderEvent(0))
			require.EqualValues(t, 4, r.waitDone().Duplicates)
		})
	}
}

func TestDedupIsChecked(t *testing.T) {
	for want, d := range map[string]Dedup{
		`delivery "orders": dedup.key: is missing: give the field that the events of one order, click or measurement share`:   {Window: time.Hour},
		`delivery "orders": dedup.window: 0s is not within 1s and 336h0m0s`:                                                   {Key: []string{"id"}},
		`delivery "orders": dedup.window: 337h0m0s is not within 1s and 336h0m0s`:                                             {Key: []string{"id"}, Window: 337 * time.Hour},
		`delivery "orders": table shop.orders: dedup.key: nope is no column of the events (those of the table, or of fields)`: {Key: []string{"nope"}, Window: time.Hour},
	} {
		c := ordersConfig()
		c.Dedup = d
		r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, c)
		require.EqualError(t, r.open(), want)
	}
}

// BenchmarkDedup is the way of events with a key, all new.
func BenchmarkDedup(b *testing.B) {
	for _, on := range []bool{false, true} {
		b.Run(fmt.Sprint(on), func(b *testing.B) {
			c := ordersConfig()
			c.MaxWait = 100 * time.Millisecond
			if on {
				c.Dedup = Dedup{Key: []string{"id"}, Window: time.Hour}
			}
			r := newRig(b, []catalog.Table{ordersTable(formats.Parquet)}, c)
			require.NoError(b, r.open())
			const events = 100_000
			for from := 0; from < events; from += 1000 {
				messages := make([]queue.Message, 1000)
				for i := range messages {
					messages[i].Body = orderEvent(from + i)
				}
				_, err := r.queue.Send(b.Context(), "order-events", messages)
				require.NoError(b, err)
			}
			b.ResetTimer()
			r.m.Start()
			require.Eventually(b, func() bool { return r.status().InFiles == events }, time.Minute, 5*time.Millisecond)
			b.ReportMetric(events/b.Elapsed().Seconds(), "events/s")
		})
	}
}
