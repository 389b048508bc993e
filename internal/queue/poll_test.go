package queue

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

type polled struct {
	got []Received
	err error
}

// poll starts a long poll and returns once it waits.
func poll(t *testing.T, ctx context.Context, s *Store, o ReceiveOptions) <-chan polled {
	t.Helper()
	q, err := s.find(orders)
	require.NoError(t, err)
	before := waiting(q)
	done := make(chan polled, 1)
	go func() {
		got, err := s.Receive(ctx, orders, o)
		done <- polled{got, err}
	}()
	eventually(t, func() bool { return waiting(q) == before+1 })
	return done
}

func waiting(q *queueState) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.waiters.len()
}

var longPoll = ReceiveOptions{Max: 10, Visibility: time.Minute, Wait: 20 * time.Second}

func TestLongPollsAreServedInOrder(t *testing.T) {
	s, _ := newStore(t)
	first := poll(t, t.Context(), s, longPoll)
	second := poll(t, t.Context(), s, longPoll)
	send(t, s, "a")
	require.Equal(t, []string{"a"}, bodies((<-first).got))
	send(t, s, "b", "c")
	require.Equal(t, []string{"b", "c"}, bodies((<-second).got))
}

func TestLongPollEndsWithTheWait(t *testing.T) {
	s, clock := newStore(t)
	p := poll(t, t.Context(), s, longPoll)
	clock.Advance(20 * time.Second)
	r := <-p
	require.NoError(t, r.err)
	require.Empty(t, r.got)
}

func TestLongPollSeesReturnedAndDelayedMessages(t *testing.T) {
	s, clock := newStore(t)
	send(t, s, "a")
	receive(t, s, 1)
	_, err := s.Send(t.Context(), orders, []Message{{Body: "late", Delay: Delayed(35 * time.Second)}})
	require.NoError(t, err)
	o := longPoll
	o.Wait = time.Hour
	p := poll(t, t.Context(), s, o)
	clock.Advance(30 * time.Second)
	require.Equal(t, []string{"a"}, bodies((<-p).got))
	p = poll(t, t.Context(), s, o)
	clock.Advance(5 * time.Second)
	require.Equal(t, []string{"late"}, bodies((<-p).got))
}

func TestCancelledPollLosesNothing(t *testing.T) {
	s, _ := newStore(t)
	ctx, cancel := context.WithCancel(t.Context())
	p := poll(t, ctx, s, longPoll)
	other := poll(t, t.Context(), s, longPoll)
	cancel()
	require.ErrorIs(t, (<-p).err, context.Canceled)
	send(t, s, "a")
	require.Equal(t, []string{"a"}, bodies((<-other).got))

	// Taken, and then the client is gone: the message goes back as it was.
	q, err := s.find(orders)
	require.NoError(t, err)
	send(t, s, "b")
	got, err := s.take(q, longPoll)
	require.NoError(t, err)
	q.putBack(got)
	require.Equal(t, int64(1), counts(t, s).Visible)
	require.Equal(t, 1, receive(t, s, 1)[0].ReceiveCount)
}

func TestPollEndsWhenTheQueueOrStoreGoes(t *testing.T) {
	s, _ := newStore(t)
	p := poll(t, t.Context(), s, longPoll)
	require.NoError(t, s.DeleteQueue(t.Context(), orders))
	require.ErrorIs(t, (<-p).err, ErrQueueNotFound)
	require.NoError(t, s.CreateQueue(t.Context(), orders, DefaultAttributes()))
	p = poll(t, t.Context(), s, longPoll)
	require.NoError(t, s.Close())
	r := <-p
	require.NoError(t, r.err)
	require.Empty(t, r.got)
}

func TestDelay(t *testing.T) {
	s, clock := newStore(t)
	require.NoError(t, s.UpdateQueue(t.Context(), orders, func(a Attributes) (Attributes, error) {
		a.Delay = 10 * time.Second
		return a, nil
	}))
	_, err := s.Send(t.Context(), orders, []Message{{Body: "queue's"}, {Body: "none", Delay: Delayed(0)}, {Body: "own", Delay: Delayed(5 * time.Second)}})
	require.NoError(t, err)
	require.Equal(t, Counts{Visible: 1, Delayed: 2, Sent: 3}, counts(t, s))
	require.Equal(t, []string{"none"}, bodies(receive(t, s, 10)))
	clock.Advance(5 * time.Second)
	eventually(t, func() bool { return counts(t, s).Delayed == 1 })
	require.Equal(t, []string{"own"}, bodies(receive(t, s, 10)))
	n, err := s.DeleteSequences(t.Context(), orders, []uint64{1})
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Equal(t, Counts{InFlight: 2, Sent: 3, Deleted: 1}, counts(t, s))
	clock.Advance(5 * time.Second)
	require.Empty(t, receive(t, s, 10))
	// A clock that goes back must not end a delay early or count it twice.
	clock.Advance(-time.Hour)
	send(t, s, "after")
	require.Equal(t, int64(1), counts(t, s).Delayed)
	clock.Advance(2 * time.Hour)
	eventually(t, func() bool { return counts(t, s).Delayed == 0 })
}

func TestRetention(t *testing.T) {
	s, clock := newStore(t)
	require.NoError(t, s.UpdateQueue(t.Context(), orders, func(a Attributes) (Attributes, error) {
		a.Retention = time.Minute
		return a, nil
	}))
	send(t, s, "a", "b", "c")
	held := receive(t, s, 1)
	require.NoError(t, s.Hold(t.Context(), orders, []uint64{held[0].Sequence}))
	clock.Advance(30 * time.Second)
	send(t, s, "d")
	clock.Advance(30 * time.Second)
	require.Equal(t, []string{"d"}, bodies(receive(t, s, 10)), "expired messages are not handed out")
	eventually(t, func() bool { return counts(t, s).Expired == 2 })
	require.Equal(t, Counts{InFlight: 2, Sent: 4, Expired: 2}, counts(t, s), "a held message does not expire")
	n, err := s.DeleteSequences(t.Context(), orders, []uint64{1, 2, 3})
	require.NoError(t, err)
	require.Equal(t, 1, n)
}

func TestHoldAndLookup(t *testing.T) {
	s, clock := newStore(t)
	send(t, s, "a", "b", "c", "d")
	got, err := s.Receive(t.Context(), orders, ReceiveOptions{Max: 2, Hold: true})
	require.NoError(t, err)
	require.Len(t, got, 2)
	require.NoError(t, s.Hold(t.Context(), orders, []uint64{3, 77}), "one that waits, one that is not there")
	require.Equal(t, Counts{Visible: 1, InFlight: 3, Sent: 4}, counts(t, s))
	clock.Advance(24 * time.Hour)
	require.Equal(t, []string{"d"}, bodies(receive(t, s, 10)))

	found, err := s.Lookup(t.Context(), orders, []uint64{3, 1, 99, 1})
	require.NoError(t, err)
	require.Equal(t, []string{"a", "c"}, bodies(found))
	require.Equal(t, 1, found[0].ReceiveCount)
	require.Equal(t, 0, found[1].ReceiveCount)

	require.NoError(t, s.Purge(t.Context(), orders))
	require.Equal(t, Counts{InFlight: 3, Sent: 4, Purged: 1}, counts(t, s), "a purge spares what a delivery holds")
	require.NoError(t, s.Release(t.Context(), orders, []uint64{2, 3}))
	again := receive(t, s, 10)
	require.Equal(t, []string{"b", "c"}, bodies(again))
	require.Equal(t, 2, again[0].ReceiveCount)
	require.Equal(t, 1, again[1].ReceiveCount)
	n, err := s.DeleteSequences(t.Context(), orders, []uint64{1, 2, 4, 99})
	require.NoError(t, err)
	require.Equal(t, 2, n)
	require.Equal(t, Counts{InFlight: 1, Sent: 4, Purged: 1, Deleted: 2}, counts(t, s))
}

func TestPurge(t *testing.T) {
	s, clock := newStore(t)
	send(t, s, "a", "b")
	got := receive(t, s, 1)
	_, err := s.Send(t.Context(), orders, []Message{{Body: "late", Delay: Delayed(time.Minute)}})
	require.NoError(t, err)
	require.NoError(t, s.Purge(t.Context(), orders))
	require.Equal(t, Counts{Sent: 3, Purged: 3}, counts(t, s))
	errs, err := s.Delete(t.Context(), orders, []ReceiptHandle{got[0].Receipt})
	require.NoError(t, err)
	require.NoError(t, errs[0])
	send(t, s, "c")
	clock.Advance(time.Hour)
	require.Equal(t, []string{"c"}, bodies(receive(t, s, 10)))
	require.Equal(t, Counts{InFlight: 1, Sent: 4, Purged: 3}, counts(t, s))
}

func TestReceiveLimits(t *testing.T) {
	s, _ := newStore(t)
	send(t, s, "aaaa", "bbbb", "cccc")
	o := ReceiveOptions{Max: 10, MaxBytes: 9, Visibility: time.Minute}
	got, err := s.Receive(t.Context(), orders, o)
	require.NoError(t, err)
	require.Equal(t, []string{"aaaa", "bbbb"}, bodies(got))
	o.MaxInFlight = 2
	_, err = s.Receive(t.Context(), orders, o)
	require.ErrorIs(t, err, ErrTooManyInFlight)
	o.MaxInFlight, o.MaxBytes = 3, 1
	for _, r := range got {
		require.NoError(t, s.ChangeVisibility(t.Context(), orders, r.Receipt, 0))
	}
	for _, want := range []string{"aaaa", "bbbb", "cccc"} { // at least one, however big
		got, err = s.Receive(t.Context(), orders, o)
		require.NoError(t, err)
		require.Equal(t, []string{want}, bodies(got))
	}
}

func TestManyReturnedMessagesTakeNoMemory(t *testing.T) {
	s, _ := newStore(t)
	const n = maxReturned + 5000
	for range n / 1000 {
		send(t, s, make([]string, 1000)...)
	}
	total := int(counts(t, s).Sent)
	got := receive(t, s, n)
	require.Len(t, got, total)
	seqs := make([]uint64, len(got))
	for i, r := range got {
		seqs[i] = r.Sequence
	}
	require.NoError(t, s.Hold(t.Context(), orders, seqs))
	require.NoError(t, s.Release(t.Context(), orders, seqs))
	q, err := s.find(orders)
	require.NoError(t, err)
	require.LessOrEqual(t, q.returned.len(), maxReturned)
	again := receive(t, s, n)
	require.Len(t, again, total)
	for _, r := range again {
		require.Equal(t, 2, r.ReceiveCount)
	}
}
