package queue

import (
	"fmt"
	"maps"
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

	fifo   bool
	firsts map[string]modelFirst // by deduplication id
}

type modelMessage struct {
	group    string
	body     string
	sentAt   time.Time
	until    time.Time // hidden until then
	delayed  bool
	held     bool
	receives int
	receipt  ReceiptHandle
}

// modelFirst is the first message of a deduplication id.
type modelFirst struct {
	sent  Sent
	until time.Time
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

// TestAgainstModel runs random operations on a store and the model, restarting
// the store now and then, and compares all that a caller can see.
func TestAgainstModel(t *testing.T) {
	for seed := range uint64(30) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := newModelRun(t, rand.New(rand.NewPCG(seed, 1)), seed%2 == 1)
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

func newModelRun(t *testing.T, rng *rand.Rand, fifo bool) *modelRun {
	r := &modelRun{t: t, rng: rng, fs: vfs.NewMem(), clock: newManualClock(),
		m: &model{messages: map[uint64]*modelMessage{}, fifo: fifo, firsts: map[string]modelFirst{}}, old: map[ReceiptHandle]uint64{}}
	r.s = openTest(t, "queue", r.options())
	a := DefaultAttributes()
	a.Retention, a.FIFO = modelRetention, fifo
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
	if r.m.fifo {
		require.Equal(r.t, len(r.m.messages), r.keys(spaceGroup, q), "messages in the index of groups")
	}
	kept := 0
	for id, f := range r.m.firsts {
		if !f.until.After(r.clock.Now()) {
			delete(r.m.firsts, id)
		} else {
			kept++
		}
	}
	require.Eventually(r.t, func() bool { return r.keys(spaceFirst, q) == kept && r.keys(spaceForget, q) == kept },
		2*time.Second, time.Millisecond, "deduplication ids stored")
}

func (r *modelRun) keys(space byte, q *queueState) (n int) {
	require.NoError(r.t, r.s.each(seqRange(space, q.id, 0), func(_, _ []byte) error { n++; return nil }))
	return n
}

func (r *modelRun) send(n int) {
	messages := make([]Message, 1+r.rng.IntN(20))
	for i := range messages {
		m := &messages[i]
		m.Body = fmt.Sprintf("%d/%d", n, i)
		if r.rng.IntN(4) == 0 {
			m.Delay = Delayed(time.Duration(r.rng.IntN(300)) * time.Second)
		}
		if r.rng.IntN(3) == 0 {
			m.Deduplication = &Deduplication{ID: fmt.Sprint("id", r.rng.IntN(30)), Window: time.Duration(1+r.rng.IntN(300)) * time.Second}
		}
		if r.m.fifo {
			m.Group = fmt.Sprint("g", r.rng.IntN(5))
		}
	}
	sent, err := r.s.Send(r.t.Context(), orders, messages)
	require.NoError(r.t, err)
	for i := range messages {
		r.sent(&messages[i], sent[i])
	}
}

// sent notes a message, or demands the answer that is due to a duplicate.
func (r *modelRun) sent(m *Message, s Sent) {
	now := r.clock.Now()
	if d := m.Deduplication; d != nil {
		if f, ok := r.m.firsts[d.ID]; ok && f.until.After(now) {
			f.sent.Duplicate = true
			require.Equal(r.t, f.sent, s)
			return
		}
		r.m.firsts[d.ID] = modelFirst{sent: s, until: now.Add(d.Window)}
	}
	require.False(r.t, s.Duplicate)
	r.m.sent++
	require.Equal(r.t, uint64(r.m.sent), s.Sequence, "no gaps")
	x := &modelMessage{body: m.Body, group: m.Group, sentAt: now}
	if m.Delay != nil && *m.Delay > 0 {
		x.until, x.delayed = now.Add(*m.Delay), true
	}
	if r.m.fifo { // never due before an earlier one
		for _, y := range r.m.messages {
			if y.delayed && y.until.After(x.until) {
				x.until, x.delayed = y.until, true
			}
		}
	}
	r.m.messages[s.Sequence] = x
}

// receivable are the messages that a consumer may get, in the order of each
// group; a standard queue is one whose messages are all groups of their own.
func (m *model) receivable() map[string][]uint64 {
	can, blocked := map[string][]uint64{}, map[string]bool{}
	for _, seq := range slices.Sorted(maps.Keys(m.messages)) {
		x := m.messages[seq]
		group := x.group
		if !m.fifo {
			group = fmt.Sprint(seq)
		}
		blocked[group] = blocked[group] || x.held || !x.until.IsZero()
		if !blocked[group] {
			can[group] = append(can[group], seq)
		}
	}
	return can
}

func (r *modelRun) receive() {
	max, hold := 1+r.rng.IntN(20), r.rng.IntN(5) == 0
	visibility := time.Duration(1+r.rng.IntN(200)) * time.Second
	can, total := r.m.receivable(), 0
	for _, seqs := range can {
		total += len(seqs)
	}
	got, err := r.s.Receive(r.t.Context(), orders, ReceiveOptions{Max: max, Visibility: visibility, Hold: hold})
	require.NoError(r.t, err)
	require.Equal(r.t, min(max, total), len(got), "messages received")
	last := ""
	for _, g := range got {
		x := r.m.messages[g.Sequence]
		require.NotNil(r.t, x, "message %d is gone", g.Sequence)
		if r.m.fifo {
			if x.group != last {
				require.Empty(r.t, can[last], "a group is left before all of it was received")
			}
			last = x.group
			require.NotEmpty(r.t, can[x.group], "message %d waits for another", g.Sequence)
			require.Equal(r.t, can[x.group][0], g.Sequence, "the order in a group")
			can[x.group] = can[x.group][1:]
		} else {
			require.True(r.t, x.until.IsZero() && !x.held, "message %d is hidden", g.Sequence)
		}
		require.Equal(r.t, x.body, g.Body)
		require.Equal(r.t, x.group, g.Group)
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
	before := maps.Clone(r.m.messages)
	for i, h := range handles {
		x := before[r.old[h]]
		if r.m.fifo && x != nil && (x.receipt != h || x.until.IsZero() && !x.held) {
			require.ErrorIs(r.t, errs[i], ErrReceiptExpired)
			continue
		}
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
			if x.until.IsZero() { // a hold of a waiting message has no handle
				x.receipt = ""
			}
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
