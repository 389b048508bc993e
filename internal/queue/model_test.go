package queue

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/stretchr/testify/require"
)

// model is the queue as one would explain it: a list of messages with a state.
type model struct {
	messages                       map[uint64]*modelMessage
	sent, deleted, expired, purged int64
}

type modelMessage struct {
	body     string
	sentAt   time.Time
	until    time.Time // hidden until then
	delayed  bool
	held     bool
	receives int
	receipt  ReceiptHandle
}

const modelRetention = 20 * time.Minute

// settle lets time pass: timeouts end and old messages go.
func (m *model) settle(now time.Time) {
	for seq, x := range m.messages {
		if !x.held && !x.until.After(now) {
			x.until, x.delayed = time.Time{}, false
		}
		if !x.held && x.until.IsZero() && now.Sub(x.sentAt) >= modelRetention {
			delete(m.messages, seq)
			m.expired++
		}
	}
}

func (m *model) counts() Counts {
	c := Counts{Sent: m.sent, Deleted: m.deleted, Expired: m.expired, Purged: m.purged}
	for _, x := range m.messages {
		switch {
		case x.delayed:
			c.Delayed++
		case x.held || !x.until.IsZero():
			c.InFlight++
		default:
			c.Visible++
		}
	}
	return c
}

func (m *model) visible() int { return int(m.counts().Visible) }

// TestAgainstModel runs random operations on a store and the model, restarting
// the store now and then, and compares all that a caller can see.
func TestAgainstModel(t *testing.T) {
	for seed := range uint64(20) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := newModelRun(t, rand.New(rand.NewPCG(seed, 1)))
			for step := range 300 {
				r.step(step)
				if t.Failed() {
					return
				}
			}
		})
	}
}

type modelRun struct {
	t     *testing.T
	rng   *rand.Rand
	fs    *vfs.MemFS // in memory, to run many operations
	clock *manualClock
	s     *Store
	m     *model
	old   map[ReceiptHandle]uint64 // every handle ever given
	held  []uint64
}

func newModelRun(t *testing.T, rng *rand.Rand) *modelRun {
	r := &modelRun{t: t, rng: rng, fs: vfs.NewMem(), clock: newManualClock(),
		m: &model{messages: map[uint64]*modelMessage{}}, old: map[ReceiptHandle]uint64{}}
	r.s = openTest(t, "queue", r.options())
	a := DefaultAttributes()
	a.Retention = modelRetention
	require.NoError(t, r.s.CreateQueue(t.Context(), orders, a))
	return r
}

func (r *modelRun) options() Options {
	return Options{FS: r.fs, Clock: r.clock, MemTableSize: 256 << 10}
}

func (r *modelRun) step(n int) {
	switch p := r.rng.IntN(100); {
	case p < 30:
		r.send(n)
	case p < 50:
		r.receive()
	case p < 65:
		r.delete()
	case p < 75:
		r.changeVisibility()
	case p < 80:
		r.hold()
	case p < 85:
		r.letGo()
	case p < 95:
		r.clock.Advance(time.Duration(r.rng.IntN(200)) * time.Second)
	case p < 97:
		require.NoError(r.t, r.s.Purge(r.t.Context(), orders))
		for seq, x := range r.m.messages {
			if !x.held {
				delete(r.m.messages, seq)
				r.m.purged++
			}
		}
	default:
		r.restart()
	}
	r.compare(n)
}

// compare waits for the sweeper to catch up with the clock and then demands
// equality.
func (r *modelRun) compare(n int) {
	r.m.settle(r.clock.Now())
	want := r.m.counts()
	r.s.sweeper.kick()
	ok := func() bool { return counts(r.t, r.s) == want }
	if !ok() {
		require.Eventually(r.t, ok, 2*time.Second, time.Millisecond, "step %d: %+v, not %+v", n, counts(r.t, r.s), want)
	}
	q, err := r.s.find(orders)
	require.NoError(r.t, err)
	require.Equal(r.t, len(r.m.messages), r.keys(spaceMessage, q), "messages stored")
	require.Equal(r.t, int(want.Delayed), r.keys(spaceDelay, q), "delays stored")
}

func (r *modelRun) keys(space byte, q *queueState) (n int) {
	require.NoError(r.t, r.s.each(seqRange(space, q.id, 0), func(_, _ []byte) error { n++; return nil }))
	return n
}

func (r *modelRun) send(n int) {
	messages := make([]Message, 1+r.rng.IntN(20))
	for i := range messages {
		messages[i].Body = fmt.Sprintf("%d/%d", n, i)
		if r.rng.IntN(4) == 0 {
			messages[i].Delay = Delayed(time.Duration(r.rng.IntN(300)) * time.Second)
		}
	}
	sent, err := r.s.Send(r.t.Context(), orders, messages)
	require.NoError(r.t, err)
	for i, m := range messages {
		x := &modelMessage{body: m.Body, sentAt: r.clock.Now()}
		if m.Delay != nil && *m.Delay > 0 {
			x.until, x.delayed = r.clock.Now().Add(*m.Delay), true
		}
		r.m.messages[sent[i].Sequence] = x
		r.m.sent++
	}
}

func (r *modelRun) receive() {
	max, hold := 1+r.rng.IntN(20), r.rng.IntN(5) == 0
	visibility := time.Duration(1+r.rng.IntN(200)) * time.Second
	want := min(max, r.m.visible())
	got, err := r.s.Receive(r.t.Context(), orders, ReceiveOptions{Max: max, Visibility: visibility, Hold: hold})
	require.NoError(r.t, err)
	require.Equal(r.t, want, len(got), "messages received")
	for _, g := range got {
		x := r.m.messages[g.Sequence]
		require.NotNil(r.t, x, "message %d is gone", g.Sequence)
		require.True(r.t, x.until.IsZero() && !x.held, "message %d is hidden", g.Sequence)
		require.Equal(r.t, x.body, g.Body)
		x.receives++
		require.Equal(r.t, x.receives, g.ReceiveCount)
		x.receipt, x.held = g.Receipt, hold
		r.old[g.Receipt] = g.Sequence
		if hold {
			r.held = append(r.held, g.Sequence)
		} else {
			x.until = r.clock.Now().Add(visibility)
		}
	}
}

// someHandles picks handles, old ones and ones of deleted messages among them.
func (r *modelRun) someHandles(n int) (handles []ReceiptHandle) {
	all := make([]ReceiptHandle, 0, len(r.old))
	for h := range r.old {
		all = append(all, h)
	}
	slices.Sort(all)
	for range min(n, len(all)) {
		handles = append(handles, all[r.rng.IntN(len(all))])
	}
	return handles
}

func (r *modelRun) delete() {
	handles := r.someHandles(10)
	errs, err := r.s.Delete(r.t.Context(), orders, handles)
	require.NoError(r.t, err)
	for i, h := range handles {
		require.NoError(r.t, errs[i])
		if _, ok := r.m.messages[r.old[h]]; ok {
			delete(r.m.messages, r.old[h])
			r.m.deleted++
		}
	}
}

func (r *modelRun) changeVisibility() {
	timeout := time.Duration(r.rng.IntN(3)*100) * time.Second
	for _, h := range r.someHandles(5) {
		x := r.m.messages[r.old[h]]
		err := r.s.ChangeVisibility(r.t.Context(), orders, h, timeout)
		if x == nil || x.until.IsZero() || x.held || x.delayed || x.receipt != h {
			require.ErrorIs(r.t, err, ErrNotInFlight)
			continue
		}
		require.NoError(r.t, err)
		x.until = r.clock.Now().Add(timeout)
		r.m.settle(r.clock.Now())
	}
}

func (r *modelRun) hold() {
	var seqs []uint64
	for seq, x := range r.m.messages {
		if !x.delayed && !x.held && r.rng.IntN(10) == 0 {
			x.held, x.until = true, time.Time{}
			seqs = append(seqs, seq)
		}
	}
	require.NoError(r.t, r.s.Hold(r.t.Context(), orders, seqs))
	r.held = append(r.held, seqs...)
}

// letGo releases or deletes what is held.
func (r *modelRun) letGo() {
	seqs := r.held
	r.held = nil
	if r.rng.IntN(2) == 0 {
		require.NoError(r.t, r.s.Release(r.t.Context(), orders, seqs))
		for _, seq := range seqs {
			if x := r.m.messages[seq]; x != nil {
				x.held = false
			}
		}
		return
	}
	want := 0
	for _, seq := range seqs {
		if _, ok := r.m.messages[seq]; ok {
			delete(r.m.messages, seq)
			r.m.deleted++
			want++
		}
	}
	n, err := r.s.DeleteSequences(r.t.Context(), orders, seqs)
	require.NoError(r.t, err)
	require.Equal(r.t, want, n)
}

// restart closes and opens the store. Holds end with the process.
func (r *modelRun) restart() {
	require.NoError(r.t, r.s.Close())
	r.s = openTest(r.t, "queue", r.options())
	for _, seq := range r.held {
		if x := r.m.messages[seq]; x != nil {
			x.held = false
		}
	}
	r.held = nil
}
