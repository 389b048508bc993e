package queue

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// newFIFOStore has one empty FIFO queue.
func newFIFOStore(t testing.TB) (*Store, *manualClock) {
	t.Helper()
	clock := newManualClock()
	s := openTest(t, t.TempDir(), Options{Clock: clock})
	a := DefaultAttributes()
	a.FIFO = true
	require.NoError(t, s.CreateQueue(t.Context(), orders, a))
	return s, clock
}

// sendGroups sends messages that are their group and a number, such as "a1".
func sendGroups(t testing.TB, s *Store, bodies ...string) {
	t.Helper()
	messages := make([]Message, len(bodies))
	for i, b := range bodies {
		messages[i] = Message{Body: b, Group: b[:1]}
	}
	_, err := s.Send(t.Context(), orders, messages)
	require.NoError(t, err)
}

func deleteAll(t testing.TB, s *Store, got ...Received) {
	t.Helper()
	handles := make([]ReceiptHandle, len(got))
	for i := range got {
		handles[i] = got[i].Receipt
	}
	errs, err := s.Delete(t.Context(), orders, handles)
	require.NoError(t, err)
	for _, err := range errs {
		require.NoError(t, err)
	}
}

func TestGroupsKeepTheirOrder(t *testing.T) {
	s, clock := newFIFOStore(t)
	sendGroups(t, s, "a1", "b1", "a2", "c1", "a3", "b2")
	first := receive(t, s, 2)
	require.Equal(t, []string{"a1", "a2"}, bodies(first), "as many of one group as possible")
	second := receive(t, s, 10)
	require.Equal(t, []string{"b1", "b2", "c1"}, bodies(second), "a is in flight, others are not")
	require.Empty(t, receive(t, s, 10))

	require.NoError(t, s.ChangeVisibility(t.Context(), orders, first[1].Receipt, 0))
	require.Empty(t, receive(t, s, 10), "a2 waits for a1")
	deleteAll(t, s, first[0])
	require.Equal(t, []string{"a2", "a3"}, bodies(receive(t, s, 10)))
	clock.Advance(30 * time.Second)
	eventually(t, func() bool { return counts(t, s).InFlight == 0 })
	require.Equal(t, []string{"b1", "b2", "a2", "a3", "c1"}, bodies(receive(t, s, 10)))
}

// Messages before the first one in flight can be received: what AWS does when
// the visibility of one message of a group is extended.
func TestGroupAroundAMessageInFlight(t *testing.T) {
	for extended, want := range [][]string{{}, {"a1"}, {"a1", "a2"}} {
		t.Run(fmt.Sprint(extended), func(t *testing.T) {
			s, clock := newFIFOStore(t)
			sendGroups(t, s, "a1", "a2", "a3")
			got := receive(t, s, 10)
			require.NoError(t, s.ChangeVisibility(t.Context(), orders, got[extended].Receipt, time.Minute))
			clock.Advance(30 * time.Second)
			eventually(t, func() bool { return counts(t, s).InFlight == 1 })
			require.Equal(t, want, bodies(receive(t, s, 10)))
		})
	}
}

func TestExpiredReceiptHandle(t *testing.T) {
	s, clock := newFIFOStore(t)
	sendGroups(t, s, "a1")
	first := receive(t, s, 1)[0]
	clock.Advance(30 * time.Second)
	refused := func() {
		t.Helper()
		errs, err := s.Delete(t.Context(), orders, []ReceiptHandle{first.Receipt})
		require.NoError(t, err)
		require.ErrorIs(t, errs[0], ErrReceiptExpired)
	}
	refused()
	eventually(t, func() bool { return counts(t, s).InFlight == 0 })
	again := receive(t, s, 1)[0]
	refused()
	deleteAll(t, s, again)
	deleteAll(t, s, again, first)
	require.Equal(t, Counts{Sent: 1, Deleted: 1}, counts(t, s))
}

func TestAttempts(t *testing.T) {
	s, clock := newFIFOStore(t)
	sendGroups(t, s, "a1", "a2", "b1")
	attempt := func(id string) []Received {
		t.Helper()
		got, err := s.Receive(t.Context(), orders, ReceiveOptions{Max: 2, Visibility: 30 * time.Second, Attempt: id})
		require.NoError(t, err)
		return got
	}
	first := attempt("x")
	require.Equal(t, []string{"a1", "a2"}, bodies(first))
	clock.Advance(20 * time.Second)
	require.Equal(t, first, attempt("x"), "the same messages and handles")
	require.Equal(t, []string{"b1"}, bodies(attempt("y")))
	clock.Advance(20 * time.Second)
	require.Equal(t, first, attempt("x"), "the repeat began a new visibility timeout")
	deleteAll(t, s, first[0])
	require.Empty(t, attempt("x"), "one of the messages is deleted")
	clock.Advance(30 * time.Second)
	eventually(t, func() bool { return counts(t, s).InFlight == 0 })
	again := attempt("x")
	require.Equal(t, []string{"a2", "b1"}, bodies(again))
	require.NoError(t, s.ChangeVisibility(t.Context(), orders, again[0].Receipt, 10*time.Minute))
	require.NoError(t, s.ChangeVisibility(t.Context(), orders, again[1].Receipt, 10*time.Minute))
	require.Empty(t, attempt("x"), "their visibility was changed")
}

// Attempts whose messages are gone take no memory.
func TestAttemptsAreForgotten(t *testing.T) {
	s, _ := newFIFOStore(t)
	q, err := s.find(orders)
	require.NoError(t, err)
	for i := range 500 {
		sendGroups(t, s, "a")
		got, err := s.Receive(t.Context(), orders, ReceiveOptions{Max: 1, Visibility: time.Minute, Attempt: fmt.Sprint(i)})
		require.NoError(t, err)
		deleteAll(t, s, got...)
		require.LessOrEqual(t, len(q.fifo.attempts.by), 70)
	}
}

func TestLongPollOfABlockedGroup(t *testing.T) {
	s, _ := newFIFOStore(t)
	sendGroups(t, s, "a1", "a2")
	first := receive(t, s, 1)
	done := make(chan []string, 1)
	go func() {
		got, err := s.Receive(t.Context(), orders, ReceiveOptions{Max: 10, Visibility: time.Minute, Wait: time.Hour})
		if err != nil {
			t.Error(err)
		}
		done <- bodies(got)
	}()
	q, err := s.find(orders)
	require.NoError(t, err)
	eventually(t, func() bool { q.mu.Lock(); defer q.mu.Unlock(); return q.waiters.len() == 1 })
	deleteAll(t, s, first...)
	require.Equal(t, []string{"a2"}, <-done)
}

// A queue of very many groups remembers only those in flight.
func TestFIFOMemory(t *testing.T) {
	s, _ := newFIFOStore(t)
	const groups = 5000
	messages := make([]Message, groups)
	for i := range messages {
		messages[i] = Message{Body: "x", Group: fmt.Sprint(i)}
	}
	_, err := s.Send(t.Context(), orders, messages)
	require.NoError(t, err)
	q, err := s.find(orders)
	require.NoError(t, err)
	for range groups / 100 {
		got := receive(t, s, 100)
		require.Len(t, got, 100)
		require.Len(t, q.fifo.groups, 100)
		deleteAll(t, s, got...)
		require.Empty(t, q.fifo.groups)
		require.Empty(t, q.fifo.claimed)
	}
}

func TestGroupsAreDemanded(t *testing.T) {
	s, _ := newFIFOStore(t)
	_, err := s.Send(t.Context(), orders, []Message{{Body: "x"}})
	require.ErrorIs(t, err, ErrNoGroup)
	require.NoError(t, s.CreateQueue(t.Context(), "standard", DefaultAttributes()))
	_, err = s.Send(t.Context(), "standard", []Message{{Body: "x", Group: "g"}})
	require.ErrorIs(t, err, ErrNoGroup)
}

// A window of any length on a standard queue, for producers that repeat.
func TestDeduplication(t *testing.T) {
	dir, clock := t.TempDir(), newManualClock()
	s := openTest(t, dir, Options{Clock: clock})
	require.NoError(t, s.CreateQueue(t.Context(), orders, DefaultAttributes()))
	const window = 14 * 24 * time.Hour
	send := func(ids ...string) []Sent {
		t.Helper()
		messages := make([]Message, len(ids))
		for i, id := range ids {
			messages[i] = Message{Body: id, Deduplication: &Deduplication{ID: id, Window: window}}
		}
		sent, err := s.Send(t.Context(), orders, messages)
		require.NoError(t, err)
		return sent
	}
	first := send("a", "b", "a")
	require.Equal(t, []bool{false, false, true}, []bool{first[0].Duplicate, first[1].Duplicate, first[2].Duplicate})
	require.Equal(t, first[0].ID, first[2].ID)
	require.Equal(t, uint64(2), first[1].Sequence, "a duplicate takes no sequence")
	deleteAll(t, s, receive(t, s, 10)...)
	require.NoError(t, s.Purge(t.Context(), orders))
	require.NoError(t, s.Close())

	s = openTest(t, dir, Options{Clock: clock})
	clock.Advance(window - time.Millisecond)
	again := send("b", "c")
	require.Equal(t, Sent{ID: first[1].ID, Sequence: 2, Duplicate: true}, again[0], "also after deletion and restart")
	require.Equal(t, uint64(3), again[1].Sequence)
	clock.Advance(time.Millisecond)
	require.False(t, send("b")[0].Duplicate, "the window is over")
	require.True(t, send("b")[0].Duplicate, "and a new one has begun")
	q, err := s.find(orders)
	require.NoError(t, err)
	s.sweeper.kick()
	eventually(t, func() bool {
		n := 0
		require.NoError(t, s.each(seqRange(spaceFirst, q.id, 0), func(_, _ []byte) error { n++; return nil }))
		return n == 2
	})
	require.NoError(t, s.DeleteQueue(t.Context(), orders))
	require.NoError(t, s.each(seqRange(spaceForget, q.id, 0), func(_, _ []byte) error { t.Error("left behind"); return nil }))
}

// Many senders with the same ids at once: each id is stored once.
func TestDeduplicationAtOnce(t *testing.T) {
	s, _ := newStore(t)
	done := make(chan int, 8)
	for range cap(done) {
		go func() {
			stored := 0
			for i := range 200 {
				sent, err := s.Send(t.Context(), orders, []Message{{Body: "x", Deduplication: &Deduplication{ID: fmt.Sprint(i), Window: time.Hour}}})
				if err != nil {
					t.Error(err)
				} else if !sent[0].Duplicate {
					stored++
				}
			}
			done <- stored
		}()
	}
	total := 0
	for range cap(done) {
		total += <-done
	}
	require.Equal(t, 200, total)
	require.Equal(t, int64(200), counts(t, s).Sent)
}

// A clock that is set forward ends no deduplication window.
func TestDeduplicationIsNotForAClockToSet(t *testing.T) {
	c := &settableClock{manualClock: newManualClock()}
	s := openTest(t, t.TempDir(), Options{Clock: c})
	require.NoError(t, s.CreateQueue(t.Context(), orders, DefaultAttributes()))
	again := func() bool {
		t.Helper()
		sent, err := s.Send(t.Context(), orders, []Message{{Body: "x", Deduplication: &Deduplication{ID: "a", Window: 5 * time.Minute}}})
		require.NoError(t, err)
		return sent[0].Duplicate
	}
	require.False(t, again())
	c.set.Store(int64(time.Hour))
	require.True(t, again())
	s.sweeper.kick()
	c.Advance(4 * time.Minute)
	require.True(t, again())
	c.Advance(time.Minute)
	require.False(t, again(), "time has passed")
}
