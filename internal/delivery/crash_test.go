package delivery

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
)

// steps are the boundaries at which a delivery can be stopped, in their order.
var steps = []string{"planned", "fixed", "object", "errors", "written", "committed", "deleted", "ended"}

// crasher stops a delivery the nth time that it comes to a step.
type crasher struct {
	mu      sync.Mutex
	step    string
	after   int
	crashed chan struct{}
}

func newCrasher(step string, after int) *crasher {
	return &crasher{step: step, after: after, crashed: make(chan struct{})}
}

func (c *crasher) hook(_, step string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-c.crashed:
		return errCrash // nothing goes on after a crash
	default:
	}
	if step != c.step {
		return nil
	}
	if c.after--; c.after >= 0 {
		return nil
	}
	close(c.crashed)
	return errCrash
}

// TestExactlyOnceAcrossCrashes stops a delivery at each step, opens everything
// from the disk again, stops it there once more, and then lets it finish.
func TestExactlyOnceAcrossCrashes(t *testing.T) {
	for _, step := range steps {
		for _, after := range []int{0, 2} {
			t.Run(fmt.Sprintf("%s/%d", step, after), func(t *testing.T) {
				t.Parallel()
				config := ordersConfig()
				config.MaxRecords = 8
				r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, config)
				var want []int64
				for id := range 60 {
					r.send(orderEvent(id))
					want = append(want, int64(id))
					if id%10 == 0 {
						r.send(fmt.Sprintf(`{"id":%d,"price":"free"}`, id))
					}
				}
				for range 2 {
					c := newCrasher(step, after)
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
				require.EqualValues(t, 66, s.Sent)
				require.EqualValues(t, 60, s.InFiles)
				require.EqualValues(t, 6, s.Rejected)
				require.Zero(t, s.Elsewhere)
				require.Equal(t, want, ids(r.rows()))
				require.Len(t, r.errorRecords(), 6)
				r.closeManager()
				open, err := (&journal{r.db}).open(t.Context(), "orders")
				require.NoError(t, err)
				require.Empty(t, open)
			})
		}
	}
}

// TestRepeatedObjectsAreTheSame compares the objects of a first attempt with
// those of the second, after the table and the zone have changed.
func TestRepeatedObjectsAreTheSame(t *testing.T) {
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, ordersConfig())
	for id := range 30 {
		r.send(orderEvent(id))
	}
	r.send("broken")
	c := newCrasher("written", 0)
	r.hook = c.hook
	r.configs[0].MaxWait = 50 * time.Millisecond
	r.start()
	<-c.crashed
	r.closeManager()
	first := map[string]string{}
	for _, bucket := range []string{"lake", "logs"} {
		for _, key := range r.keys(bucket, "") {
			first[bucket+"/"+key] = string(r.read(bucket, key))
		}
	}
	require.NotEmpty(t, first)
	r.reopen()
	table, err := r.catalog.Table(t.Context(), "shop", "orders")
	require.NoError(t, err)
	wider := *table
	wider.Columns = append(wider.Columns[:len(wider.Columns):len(wider.Columns)], catalog.Column{Name: "note", Type: "string"})
	require.NoError(t, r.catalog.UpdateTable(t.Context(), wider))
	r.configs[0].Timezone = "America/New_York"
	r.hook = newCrasher("written", 0).hook
	r.start()
	r.closeManager()
	second := map[string]string{}
	for _, bucket := range []string{"lake", "logs"} {
		for _, key := range r.keys(bucket, "") {
			second[bucket+"/"+key] = string(r.read(bucket, key))
		}
	}
	require.True(t, len(first) == len(second))
	for name, data := range first {
		require.True(t, data == second[name], name)
	}
}

// TestMessagesThatVanish deletes messages of an unfinished batch, as an old
// receipt handle could.
func TestMessagesThatVanish(t *testing.T) {
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, ordersConfig())
	r.send(orderEvent(0), orderEvent(1), orderEvent(2), "broken") // three days
	c := newCrasher("written", 0)
	r.hook = c.hook
	r.start()
	<-c.crashed
	require.Len(t, r.keys("lake", "orders/"), 3)
	require.Len(t, r.errorRecords(), 1)
	r.reopen()
	_, err := r.queue.DeleteSequences(t.Context(), "order-events", []uint64{2, 4})
	require.NoError(t, err)
	r.hook = nil
	r.start()
	s := r.waitDone()
	require.EqualValues(t, 2, s.InFiles)
	require.Zero(t, s.Rejected)
	require.EqualValues(t, 2, s.Elsewhere)
	require.Equal(t, []int64{0, 2}, ids(r.rows()), "and the object of the third day is gone")
	require.Empty(t, r.errorRecords())
}

// TestMessagesOfAnOpenBatchAreHeld looks into the queue after a crash.
func TestMessagesOfAnOpenBatchAreHeld(t *testing.T) {
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, ordersConfig())
	r.send(orderEvent(1), orderEvent(2))
	c := newCrasher("fixed", 0)
	r.hook = c.hook
	r.start()
	<-c.crashed
	r.reopen()
	r.hook = nil
	require.NoError(t, r.open())
	s := r.status()
	require.EqualValues(t, 2, s.InFlight, "held before anyone can receive them")
	require.NoError(t, r.queue.Purge(t.Context(), "order-events"))
	r.m.Start()
	require.EqualValues(t, 2, r.waitDone().InFiles)
}

// TestBooksBalanceUnderLoad asks for the books without a pause while producers
// send, deliveries deliver, and everything is opened again now and then.
func TestBooksBalanceUnderLoad(t *testing.T) {
	config := ordersConfig()
	config.MaxWait, config.MaxRecords = time.Millisecond, 500
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, config)
	const producers, each = 4, 25
	total := 0
	for round := range 3 {
		r.start()
		m, before := r.m, int64(total)
		var sent atomic.Int64
		var wg sync.WaitGroup
		for p := range producers {
			wg.Go(func() {
				for i := range each {
					var bodies []string
					for k := range 10 {
						id := ((round*producers+p)*each+i)*10 + k
						if id%50 == 7 {
							bodies = append(bodies, "not JSON")
						} else {
							bodies = append(bodies, orderEvent(id))
						}
					}
					r.send(bodies...)
					sent.Add(10)
				}
			})
		}
		stop := make(chan struct{})
		looks := 0
		var failure error
		var last Status
		watching := make(chan struct{})
		go func() {
			defer close(watching)
			for failure == nil {
				least := sent.Load()
				list, err := m.Status(t.Context())
				looks++
				if err != nil {
					failure = err
					return
				}
				s := list[0]
				failure = balanced(s)
				if failure == nil && (s.Elsewhere != 0 || s.Sent < before+least || s.InFiles < last.InFiles || s.CompleteUpTo.Before(last.CompleteUpTo)) {
					failure = fmt.Errorf("look %d: %+v after %+v with %d sent", looks, s, last, least)
				}
				last = s
				select {
				case <-stop:
					return
				default:
				}
			}
		}()
		wg.Wait()
		total += producers * each * 10
		if round == 2 {
			r.waitDone()
		}
		close(stop)
		<-watching
		require.NoError(t, failure)
		require.Greater(t, looks, 10)
		if round < 2 {
			r.reopen()
		}
	}
	s := r.status()
	require.EqualValues(t, total, s.Sent)
	require.EqualValues(t, total/50, s.Rejected)
	require.Len(t, ids(r.rows()), total-total/50)
	require.EqualValues(t, total-total/50, s.InFiles)
}
