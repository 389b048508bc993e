package queue

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/stretchr/testify/require"
)

// manualClock moves only when it is told to.
type manualClock struct {
	mu     sync.Mutex
	now    time.Time
	timers map[*manualTimer]struct{}
}

type manualTimer struct {
	at time.Time
	c  chan time.Time
}

func newManualClock() *manualClock {
	return &manualClock{now: time.UnixMilli(1_700_000_000_000), timers: map[*manualTimer]struct{}{}}
}

func (c *manualClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *manualClock) After(d time.Duration) (<-chan time.Time, func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &manualTimer{at: c.now.Add(d), c: make(chan time.Time, 1)}
	if d <= 0 {
		t.c <- c.now
	} else {
		c.timers[t] = struct{}{}
	}
	return t.c, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.timers, t)
	}
}

func (c *manualClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	for t := range c.timers {
		if !t.at.After(c.now) {
			t.c <- c.now
			delete(c.timers, t)
		}
	}
}

const orders Name = "orders"

func openTest(t testing.TB, dir string, o Options) *Store {
	t.Helper()
	s, err := Open(dir, o)
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

// newStore has one empty queue, and a clock that stands still.
func newStore(t testing.TB) (*Store, *manualClock) {
	t.Helper()
	clock := newManualClock()
	s := openTest(t, t.TempDir(), Options{Clock: clock})
	require.NoError(t, s.CreateQueue(t.Context(), orders, DefaultAttributes()))
	return s, clock
}

func send(t testing.TB, s *Store, bodies ...string) []uint64 {
	t.Helper()
	messages := make([]Message, len(bodies))
	for i, b := range bodies {
		messages[i].Body = b
	}
	sent, err := s.Send(t.Context(), orders, messages)
	require.NoError(t, err)
	seqs := make([]uint64, len(sent))
	for i, m := range sent {
		seqs[i] = m.Sequence
	}
	return seqs
}

func receive(t testing.TB, s *Store, max int) []Received {
	t.Helper()
	got, err := s.Receive(t.Context(), orders, ReceiveOptions{Max: max, Visibility: 30 * time.Second})
	require.NoError(t, err)
	return got
}

func bodies(got []Received) []string {
	b := []string{}
	for _, r := range got {
		b = append(b, r.Body)
	}
	return b
}

func counts(t testing.TB, s *Store) Counts {
	t.Helper()
	c, err := s.Counts(t.Context(), orders)
	require.NoError(t, err)
	require.Equal(t, c.Sent, c.Stored()+c.Departed(), "%+v", c)
	return c
}

// eventually polls: the sweeper works beside the test.
func eventually(t testing.TB, ok func() bool) {
	t.Helper()
	require.Eventually(t, ok, 5*time.Second, time.Millisecond)
}

func TestSendReceiveDelete(t *testing.T) {
	s, _ := newStore(t)
	send(t, s, "a", "b", "c")
	got := receive(t, s, 2)
	require.Equal(t, []string{"a", "b"}, bodies(got))
	require.Equal(t, 1, got[0].ReceiveCount)
	require.Equal(t, Counts{Visible: 1, InFlight: 2, Sent: 3}, counts(t, s))

	errs, err := s.Delete(t.Context(), orders, []ReceiptHandle{got[0].Receipt, "rubbish", got[0].Receipt})
	require.NoError(t, err)
	require.NoError(t, errs[0])
	require.ErrorIs(t, errs[1], ErrReceiptInvalid)
	require.NoError(t, errs[2], "deleting again succeeds")
	require.Equal(t, Counts{Visible: 1, InFlight: 1, Sent: 3, Deleted: 1}, counts(t, s))
	require.Equal(t, []string{"c"}, bodies(receive(t, s, 10)))
	require.Empty(t, receive(t, s, 10))
}

func TestMessagesKeepWhatProducersSet(t *testing.T) {
	s, clock := newStore(t)
	in := Message{
		ID: "not a uuid", Body: "böðy\x00\xff",
		Attributes:       map[string]Attribute{"n": {DataType: "Number", String: "5"}, "b": {DataType: "Binary.x", Binary: []byte{0, 1}}},
		SystemAttributes: map[string]string{"AWSTraceHeader": "Root=1"},
	}
	plain := Message{Body: "", ID: NewMessageID()}
	_, err := s.Send(t.Context(), orders, []Message{in, plain})
	require.NoError(t, err)
	got := receive(t, s, 10)
	require.Equal(t, in, got[0].Message)
	require.Equal(t, plain, got[1].Message)
	require.Equal(t, clock.Now(), got[0].SentAt)
	require.Equal(t, clock.Now(), got[0].FirstReceivedAt)
}

func TestVisibilityTimeout(t *testing.T) {
	s, clock := newStore(t)
	send(t, s, "a", "b")
	first := receive(t, s, 1)
	clock.Advance(29 * time.Second)
	require.Equal(t, []string{"b"}, bodies(receive(t, s, 10)))
	clock.Advance(time.Second)
	eventually(t, func() bool { return counts(t, s).InFlight == 1 })
	again := receive(t, s, 10)
	require.Equal(t, []string{"a"}, bodies(again))
	require.Equal(t, 2, again[0].ReceiveCount)
	require.Equal(t, first[0].FirstReceivedAt, again[0].FirstReceivedAt)
	require.NotEqual(t, first[0].Receipt, again[0].Receipt)

	require.ErrorIs(t, s.ChangeVisibility(t.Context(), orders, first[0].Receipt, 0), ErrNotInFlight, "an old handle")
	require.NoError(t, s.ChangeVisibility(t.Context(), orders, again[0].Receipt, 0))
	require.ErrorIs(t, s.ChangeVisibility(t.Context(), orders, again[0].Receipt, time.Second), ErrNotInFlight)
	third := receive(t, s, 10)
	require.NoError(t, s.ChangeVisibility(t.Context(), orders, third[0].Receipt, MaxVisibility))
	clock.Advance(time.Second)
	require.ErrorIs(t, s.ChangeVisibility(t.Context(), orders, third[0].Receipt, MaxVisibility), ErrVisibilityLimit)
	require.Equal(t, 3, third[0].ReceiveCount)
	require.NoError(t, s.ChangeVisibility(t.Context(), orders, third[0].Receipt, time.Hour))
	clock.Advance(59 * time.Minute)
	eventually(t, func() bool { return counts(t, s).InFlight == 1 }) // b came back
	require.Equal(t, []string{"b"}, bodies(receive(t, s, 10)))

	errs, err := s.Delete(t.Context(), orders, []ReceiptHandle{first[0].Receipt})
	require.NoError(t, err)
	require.NoError(t, errs[0], "an old handle deletes")
	require.Equal(t, int64(1), counts(t, s).Deleted)
}

func TestReopen(t *testing.T) {
	dir, clock := t.TempDir(), newManualClock()
	o := Options{Clock: clock}
	s := openTest(t, dir, o)
	require.NoError(t, s.CreateQueue(t.Context(), orders, DefaultAttributes()))
	send(t, s, "a", "b", "c")
	got := receive(t, s, 1)
	_, err := s.Send(t.Context(), orders, []Message{{Body: "late", Delay: Delayed(time.Minute)}})
	require.NoError(t, err)
	before := counts(t, s)
	_, err = Open(dir, o)
	require.Error(t, err, "a second store on the folder")
	require.NoError(t, s.Close())
	_, err = s.Send(t.Context(), orders, []Message{{Body: "x"}})
	require.ErrorIs(t, err, ErrClosed)

	s = openTest(t, dir, o)
	require.Equal(t, before, counts(t, s), "what is in flight stays so over a clean restart")
	require.Equal(t, []string{"b", "c"}, bodies(receive(t, s, 10)))
	require.NoError(t, s.ChangeVisibility(t.Context(), orders, got[0].Receipt, 0))
	again := receive(t, s, 10)
	require.Equal(t, 2, again[0].ReceiveCount)
	clock.Advance(time.Minute)
	eventually(t, func() bool { return counts(t, s).Delayed == 0 })
	require.Equal(t, uint64(5), send(t, s, "e")[0])
	eventually(t, func() bool { return counts(t, s).InFlight == 0 })
	require.ElementsMatch(t, []string{"a", "b", "c", "late", "e"}, bodies(receive(t, s, 10)))
}

func TestManyQueues(t *testing.T) {
	s, _ := newStore(t)
	for i := range 3 {
		require.NoError(t, s.CreateQueue(t.Context(), Name(fmt.Sprint("q", i)), DefaultAttributes()))
	}
	require.ErrorIs(t, s.CreateQueue(t.Context(), "q1", DefaultAttributes()), ErrQueueExists)
	send(t, s, "a")
	got, err := s.Receive(t.Context(), "q1", ReceiveOptions{Max: 1})
	require.NoError(t, err)
	require.Empty(t, got)
	receipt := receive(t, s, 1)[0].Receipt
	errs, err := s.Delete(t.Context(), "q1", []ReceiptHandle{receipt})
	require.NoError(t, err)
	require.ErrorIs(t, errs[0], ErrReceiptInvalid, "a handle of another queue")
	require.NoError(t, s.DeleteQueue(t.Context(), "q1"))
	_, err = s.Queue(t.Context(), "q1")
	require.ErrorIs(t, err, ErrQueueNotFound)
	infos, err := s.Queues(t.Context())
	require.NoError(t, err)
	require.Len(t, infos, 3)
	require.NoError(t, s.UpdateQueue(t.Context(), "q2", func(a Attributes) (Attributes, error) {
		a.Delay = time.Second
		return a, nil
	}))
	info, err := s.Queue(t.Context(), "q2")
	require.NoError(t, err)
	require.Equal(t, time.Second, info.Attributes.Delay)
}

// A store of the format before FIFO queues is read as it is.
func TestOlderFormat(t *testing.T) {
	dir := t.TempDir()
	s := openTest(t, dir, Options{})
	require.NoError(t, s.CreateQueue(t.Context(), orders, DefaultAttributes()))
	send(t, s, "a", "b")
	deleteAll(t, s, receive(t, s, 1)...)
	q, err := s.find(orders)
	require.NoError(t, err)
	v, found, err := s.get(queueKey(spaceCounters, q.id))
	require.NoError(t, err)
	require.True(t, found)
	require.NoError(t, s.db.Set(queueKey(spaceCounters, q.id), v[:oldCountersLen], pebble.Sync))
	require.NoError(t, s.db.Set([]byte{spaceVersion}, []byte("1"), pebble.Sync))
	require.NoError(t, s.Close())

	s = openTest(t, dir, Options{})
	require.Equal(t, Counts{Visible: 1, Sent: 2, Deleted: 1}, counts(t, s))
	require.Equal(t, []string{"b"}, bodies(receive(t, s, 10)))
	v, _, err = s.get([]byte{spaceVersion})
	require.NoError(t, err)
	require.Equal(t, formatVersion, string(v), "an older scops refuses it from now on")
	require.NoError(t, s.db.Set([]byte{spaceVersion}, []byte("3"), pebble.Sync))
	require.NoError(t, s.Close())
	_, err = Open(dir, Options{})
	require.ErrorContains(t, err, `format "3" is not known`)
}
