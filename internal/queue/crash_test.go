package queue

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/stretchr/testify/require"
)

// TestPowerLoss cuts the power at random moments while senders and consumers
// work: what was not synced is lost, wholly or in part. Every acknowledged
// message must be there, every acknowledged deletion must hold, the counters must
// match what is stored, and what was sent must be a duplicate when it is sent
// again.
func TestPowerLoss(t *testing.T) {
	for seed := range uint64(30) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { powerLoss(t, rand.New(rand.NewPCG(seed, 0)), seed%3 == 2, seed%3 > 0) })
	}
}

func powerLoss(t *testing.T, rng *rand.Rand, fifo, deadLetters bool) {
	fs := vfs.NewCrashableMem()
	o := Options{FS: fs, MemTableSize: 256 << 10} // small, so that flushes happen
	s := openTest(t, "queue", o)
	a := DefaultAttributes()
	a.FIFO = fifo
	require.NoError(t, s.CreateQueue(t.Context(), dead, a))
	if deadLetters {
		a.DeadLetter = &DeadLetter{Queue: dead, MaxReceives: 1}
	}
	require.NoError(t, s.CreateQueue(t.Context(), orders, a))

	w := crashWork{fifo: fifo, giveBack: deadLetters, acked: map[string]bool{}, deleted: map[string]bool{}, tried: map[string]bool{}}
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Add(2)
		go func() { defer wg.Done(); w.produce(t, s, i, stop) }()
		go func() { defer wg.Done(); w.consume(t, s, stop) }()
	}
	target := 200 + rng.IntN(2000)
	require.Eventually(t, func() bool { return w.acks() >= target }, time.Minute, time.Millisecond)

	w.mu.Lock() // acknowledged before the cut
	clone := fs.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: rng.IntN(101), RNG: rng})
	acked, deletedNow, tried := copySet(w.acked), copySet(w.deleted), copySet(w.tried)
	w.mu.Unlock()
	close(stop)
	wg.Wait()

	o.FS = clone
	after := openTest(t, "queue", o)
	stored := map[string]bool{}
	drain(t, after, orders, stored)
	drain(t, after, dead, stored)
	for body := range acked {
		if !tried[body] {
			require.True(t, stored[body], "%s was acknowledged and is lost", body)
		}
	}
	for body := range deletedNow {
		require.False(t, stored[body], "%s was deleted and is back", body)
	}
	c := counts(t, after)
	d, err := after.Counts(t.Context(), dead)
	require.NoError(t, err)
	require.Equal(t, int64(len(stored)), c.Stored()+d.Stored(), "the counters are off: %+v, %+v", c, d)
	require.Equal(t, Counts{InFlight: c.Moved, Sent: c.Moved}, d, "what was moved has arrived")
	require.GreaterOrEqual(t, c.Sent, int64(len(acked)))
	require.GreaterOrEqual(t, c.Deleted, int64(len(deletedNow)))
	if fifo {
		w.repeat(t, after, acked)
		require.Equal(t, c.Sent, counts(t, after).Sent, "a repeated message is stored once")
	}
}

const dead Name = "dead"

// drain receives everything. Of a group in flight nothing more is received, so
// that it takes all at once.
func drain(t *testing.T, s *Store, name Name, stored map[string]bool) {
	last := map[string]uint64{}
	for {
		got, err := s.Receive(t.Context(), name, ReceiveOptions{Max: 1_000_000, Visibility: time.Hour})
		require.NoError(t, err)
		if len(got) == 0 {
			return
		}
		for _, r := range got {
			require.False(t, stored[r.Body], "%s is there twice", r.Body)
			stored[r.Body] = true
			if r.Group != "" {
				require.Greater(t, r.Sequence, last[r.Group], "the order in a group")
				last[r.Group] = r.Sequence
			}
		}
	}
}

// repeat sends messages again that were acknowledged before the cut.
func (w *crashWork) repeat(t *testing.T, s *Store, acked map[string]bool) {
	var messages []Message
	for body := range acked {
		messages = append(messages, w.message(0, body))
	}
	sent, err := s.Send(t.Context(), orders, messages)
	require.NoError(t, err)
	for i, m := range sent {
		require.True(t, m.Duplicate, "%s was sent before", messages[i].Body)
	}
}

func copySet(m map[string]bool) map[string]bool {
	n := make(map[string]bool, len(m))
	for k := range m {
		n[k] = true
	}
	return n
}

// crashWork is what the workers know for certain.
type crashWork struct {
	fifo, giveBack        bool
	mu                    sync.Mutex
	acked, deleted, tried map[string]bool
}

func (w *crashWork) acks() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.acked)
}

func (w *crashWork) note(m map[string]bool, bodies ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, b := range bodies {
		m[b] = true
	}
}

func (w *crashWork) message(id int, body string) Message {
	m := Message{Body: body}
	if w.fifo {
		m.Group = fmt.Sprint("group ", id)
		m.Deduplication = &Deduplication{ID: body, Window: 5 * time.Minute}
	}
	return m
}

func (w *crashWork) produce(t *testing.T, s *Store, id int, stop chan struct{}) {
	for n := 0; ; n++ {
		select {
		case <-stop:
			return
		default:
		}
		bodies := make([]string, 1+n%10)
		messages := make([]Message, len(bodies))
		for i := range bodies {
			bodies[i] = fmt.Sprintf("%d/%d/%d", id, n, i)
			messages[i] = w.message(id, bodies[i])
		}
		if _, err := s.Send(t.Context(), orders, messages); err != nil {
			t.Error(err)
			return
		}
		w.note(w.acked, bodies...)
	}
}

// leave leaves messages in flight, or gives them back, so that the next receipt
// moves them to the dead-letter queue.
func (w *crashWork) leave(t *testing.T, s *Store, got []Received) {
	for _, r := range got {
		if !w.giveBack {
			return
		}
		if err := s.ChangeVisibility(t.Context(), orders, r.Receipt, 0); err != nil {
			t.Error(err)
		}
	}
}

func (w *crashWork) consume(t *testing.T, s *Store, stop chan struct{}) {
	for {
		select {
		case <-stop:
			return
		default:
		}
		got, err := s.Receive(t.Context(), orders, ReceiveOptions{Max: 5, Visibility: time.Minute, Wait: time.Millisecond})
		if err != nil {
			t.Error(err)
			return
		}
		if len(got)%2 == 0 {
			w.leave(t, s, got)
			continue
		}
		handles := make([]ReceiptHandle, len(got))
		for i := range got {
			handles[i] = got[i].Receipt
		}
		w.note(w.tried, bodies(got)...)
		if _, err := s.Delete(t.Context(), orders, handles); err != nil {
			t.Error(err)
			return
		}
		w.note(w.deleted, bodies(got)...)
	}
}
