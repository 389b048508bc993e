package queue

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/stretchr/testify/require"
)

// newDeadLetterStore has the queue "orders", whose messages go to "dead" when
// they would be received once more than max.
func newDeadLetterStore(t testing.TB, fifo bool, max int) (*Store, *manualClock) {
	t.Helper()
	clock := newManualClock()
	s := openTest(t, t.TempDir(), Options{Clock: clock})
	a := DefaultAttributes()
	a.FIFO = fifo
	require.NoError(t, s.CreateQueue(t.Context(), dead, a))
	a.DeadLetter = &DeadLetter{Queue: dead, MaxReceives: max}
	require.NoError(t, s.CreateQueue(t.Context(), orders, a))
	return s, clock
}

func receiveFrom(t testing.TB, s *Store, name Name, max int) []Received {
	t.Helper()
	got, err := s.Receive(t.Context(), name, ReceiveOptions{Max: max, Visibility: 30 * time.Second})
	require.NoError(t, err)
	return got
}

// reject receives all messages and makes them visible again.
func reject(t testing.TB, s *Store, name Name) (rejected []string) {
	t.Helper()
	for _, r := range receiveFrom(t, s, name, 100) {
		require.NoError(t, s.ChangeVisibility(t.Context(), name, r.Receipt, 0))
		rejected = append(rejected, r.Body)
	}
	return rejected
}

func TestDeadLetters(t *testing.T) {
	s, clock := newDeadLetterStore(t, false, 2)
	m := Message{Body: "a", Attributes: map[string]Attribute{"k": {DataType: "String", String: "v"}}, SystemAttributes: map[string]string{"trace": "1"}}
	sent, err := s.Send(t.Context(), orders, []Message{m})
	require.NoError(t, err)
	at := clock.Now()
	for range 2 {
		clock.Advance(time.Minute)
		require.Equal(t, []string{"a"}, reject(t, s, orders))
	}
	clock.Advance(time.Minute)
	send(t, s, "b")
	require.Equal(t, []string{"b"}, bodies(receive(t, s, 10)), "a is moved by the receive that would be its third")
	require.Equal(t, Counts{InFlight: 1, Sent: 2, Moved: 1}, counts(t, s))

	got := receiveFrom(t, s, dead, 10)
	require.Len(t, got, 1)
	m.ID, m.MovedFrom = sent[0].ID, orders
	require.Equal(t, m, got[0].Message, "the message is what it was")
	require.Equal(t, 3, got[0].ReceiveCount)
	require.Equal(t, at, got[0].SentAt)
	require.Equal(t, at.Add(time.Minute), got[0].FirstReceivedAt)
	deleteHandles, err := s.Delete(t.Context(), dead, []ReceiptHandle{got[0].Receipt})
	require.NoError(t, err)
	require.NoError(t, deleteHandles[0])
}

// A delivery gets a message however often it was received, and a receive after
// that moves it.
func TestDeadLettersAreHeld(t *testing.T) {
	s, _ := newDeadLetterStore(t, false, 1)
	send(t, s, "a")
	for range 3 {
		got, err := s.Receive(t.Context(), orders, ReceiveOptions{Max: 1, Hold: true})
		require.NoError(t, err)
		require.Len(t, got, 1)
		require.NoError(t, s.Release(t.Context(), orders, []uint64{got[0].Sequence}))
	}
	require.Empty(t, receive(t, s, 1))
	require.Equal(t, Counts{Sent: 1, Moved: 1}, counts(t, s))
}

func TestDeadLettersOfFIFO(t *testing.T) {
	s, clock := newDeadLetterStore(t, true, 1)
	sendGroups(t, s, "a1", "b1", "a2")
	clock.Advance(time.Minute)
	first := receive(t, s, 1)
	require.Equal(t, []string{"a1"}, bodies(first))
	require.NoError(t, s.ChangeVisibility(t.Context(), orders, first[0].Receipt, 0))
	require.Equal(t, []string{"b1"}, bodies(receive(t, s, 1)), "a1 has left, and a2 waited for that")
	require.Equal(t, []string{"a2"}, bodies(receive(t, s, 10)))
	got := receiveFrom(t, s, dead, 10)
	require.Equal(t, []string{"a1"}, bodies(got))
	require.Equal(t, "a", got[0].Group)
	require.Equal(t, clock.Now(), got[0].SentAt, "the send time starts anew")
}

// A chain: receipts in an earlier queue do not count in the next.
func TestDeadLettersOfDeadLetters(t *testing.T) {
	s, _ := newDeadLetterStore(t, false, 2)
	require.NoError(t, s.CreateQueue(t.Context(), "last", DefaultAttributes()))
	require.NoError(t, s.UpdateQueue(t.Context(), dead, func(a Attributes) (Attributes, error) {
		a.DeadLetter = &DeadLetter{Queue: "last", MaxReceives: 2}
		return a, nil
	}))
	send(t, s, "a")
	for _, name := range []Name{orders, orders, "", dead, dead, ""} {
		if name == "" {
			require.Empty(t, reject(t, s, orders))
			continue
		}
		require.Equal(t, []string{"a"}, reject(t, s, name))
		if name == dead {
			require.Empty(t, reject(t, s, orders))
		}
	}
	require.Empty(t, reject(t, s, dead))
	got := receiveFrom(t, s, "last", 10)
	require.Equal(t, dead, got[0].MovedFrom)
	require.Equal(t, 5, got[0].ReceiveCount)
}

func TestDeadLettersWithoutTheirQueue(t *testing.T) {
	s, _ := newDeadLetterStore(t, false, 1)
	require.NoError(t, s.DeleteQueue(t.Context(), dead))
	send(t, s, "a")
	for range 3 {
		require.Equal(t, []string{"a"}, reject(t, s, orders), "better delivered again than lost")
	}
	require.NoError(t, s.CreateQueue(t.Context(), dead, DefaultAttributes()))
	require.Empty(t, receive(t, s, 1))
	require.Len(t, receiveFrom(t, s, dead, 1), 1)
}

// A dead letter is as old as it was: it expires although younger messages lie
// before it.
func TestDeadLettersExpire(t *testing.T) {
	s, clock := newDeadLetterStore(t, false, 1)
	send(t, s, "old")
	clock.Advance(3 * 24 * time.Hour)
	_, err := s.Send(t.Context(), dead, []Message{{Body: "young"}})
	require.NoError(t, err)
	reject(t, s, orders)
	require.Empty(t, receive(t, s, 1))
	in := func() Counts {
		c, err := s.Counts(t.Context(), dead)
		require.NoError(t, err)
		return c
	}
	require.Equal(t, Counts{Visible: 2, Sent: 2}, in())
	clock.Advance(24 * time.Hour)
	eventually(t, func() bool { s.sweeper.kick(); return in() == Counts{Visible: 1, Sent: 2, Expired: 1} })
	q, err := s.find(dead)
	require.NoError(t, err)
	eventually(t, func() bool { found, err := s.any(seqRange(spaceAge, q.id, 0)); return err == nil && !found })
	require.Equal(t, []string{"young"}, bodies(receiveFrom(t, s, dead, 10)))
}

// TestMovesLoseNothing moves messages around at random, as dead letters and by
// tasks, over restarts, and looks that each is in one queue and counted there.
func TestMovesLoseNothing(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			m := newMoves(t, rand.New(rand.NewPCG(seed, 7)), seed%2 == 1)
			for range 120 {
				m.step()
			}
		})
	}
}

type moves struct {
	t       *testing.T
	rng     *rand.Rand
	s       *Store
	options Options
	clock   *manualClock
	fifo    bool
	left    map[string]bool // bodies that were not deleted
	n       int
}

func newMoves(t *testing.T, rng *rand.Rand, fifo bool) *moves {
	m := &moves{t: t, rng: rng, clock: newManualClock(), fifo: fifo, left: map[string]bool{}}
	m.options = Options{Clock: m.clock, FS: vfs.NewMem(), MemTableSize: 256 << 10}
	m.s = openTest(t, "queue", m.options)
	a := DefaultAttributes()
	a.FIFO = fifo
	require.NoError(t, m.s.CreateQueue(t.Context(), dead, a))
	a.DeadLetter = &DeadLetter{Queue: dead, MaxReceives: 2}
	require.NoError(t, m.s.CreateQueue(t.Context(), orders, a))
	return m
}

func (m *moves) step() {
	t, name := m.t, []Name{orders, orders, dead}[m.rng.IntN(3)]
	switch p := m.rng.IntN(100); {
	case p < 30:
		m.send(name)
	case p < 60:
		reject(t, m.s, name)
	case p < 75:
		for _, r := range receiveFrom(t, m.s, name, 1+m.rng.IntN(10)) {
			errs, err := m.s.Delete(t.Context(), name, []ReceiptHandle{r.Receipt})
			require.NoError(t, err)
			require.NoError(t, errs[0])
			require.True(t, m.left[r.Body], "%s was deleted before", r.Body)
			delete(m.left, r.Body)
			if m.rng.IntN(2) == 0 {
				break // the others stay in flight
			}
		}
	case p < 90:
		to := []Name{"", orders}[m.rng.IntN(2)]
		if _, err := m.s.StartMove(t.Context(), dead, to, m.rng.IntN(3)*100); err != nil {
			require.ErrorIs(t, err, ErrTaskActive)
		}
	case p < 95:
		m.clock.Advance(time.Duration(m.rng.IntN(40)) * time.Second)
	default:
		require.NoError(t, m.s.Close())
		m.s = openTest(t, "queue", m.options)
	}
	m.compare()
}

func (m *moves) send(name Name) {
	messages := make([]Message, 1+m.rng.IntN(10))
	for i := range messages {
		m.n++
		messages[i].Body = fmt.Sprint(m.n)
		if m.fifo {
			messages[i].Group = fmt.Sprint(m.rng.IntN(4))
		}
		m.left[messages[i].Body] = true
	}
	_, err := m.s.Send(m.t.Context(), name, messages)
	require.NoError(m.t, err)
}

// compare waits until the tasks stand still and looks into both queues.
func (m *moves) compare() {
	t := m.t
	found := map[string]bool{}
	eventually(t, func() bool {
		m.clock.Advance(10 * time.Millisecond) // a task may wait for its rate
		tasks, err := m.s.MoveTasks(t.Context(), dead)
		require.NoError(t, err)
		return len(tasks) == 0 || !tasks[0].Status.active()
	})
	for _, name := range []Name{orders, dead} {
		q, err := m.s.find(name)
		require.NoError(t, err)
		stored, groups := 0, 0
		require.NoError(t, m.s.each(seqRange(spaceMessage, q.id, 0), func(_, v []byte) error {
			h, err := decodeHeader(v)
			require.NoError(t, err)
			var x Message
			require.NoError(t, h.message(&x))
			require.False(t, found[x.Body], "%s is there twice", x.Body)
			require.True(t, m.left[x.Body], "%s is back", x.Body)
			found[x.Body] = true
			stored++
			return nil
		}))
		require.NoError(t, m.s.each(seqRange(spaceGroup, q.id, 0), func(_, _ []byte) error { groups++; return nil }))
		if m.fifo {
			require.Equal(t, stored, groups)
		}
		c, err := m.s.Counts(t.Context(), name)
		require.NoError(t, err)
		require.Equal(t, c.Sent, c.Stored()+c.Departed())
		require.Equal(t, int64(stored), c.Stored(), "%s: %+v", name, c)
		require.GreaterOrEqual(t, c.Visible, int64(0))
	}
	require.Len(t, found, len(m.left), "messages are lost")
}

// A group that comes back while a picker looks is looked at again: what the
// picker already took for the dead-letter queue goes there once.
func TestDeadLetterOfAGroupThatComesBack(t *testing.T) {
	s, clock := newDeadLetterStore(t, true, 1)
	sendGroups(t, s, "a1", "a2")
	first := receiveFrom(t, s, orders, 10)
	require.Len(t, first, 2)
	giveBack := func(r Received) { require.NoError(t, s.ChangeVisibility(t.Context(), orders, r.Receipt, 0)) }

	giveBack(first[0])
	q, err := s.find(orders)
	require.NoError(t, err)
	p := picker{s: s, q: q, o: ReceiveOptions{Max: 10}, now: clock.Now().UnixMilli(), groups: map[string]*pickedGroup{}}
	require.NoError(t, p.findDeadLetters())
	more, err := p.start()
	require.NoError(t, err)
	require.True(t, more)
	require.NoError(t, p.pick())
	require.Len(t, p.dead, 1)
	giveBack(first[1])
	require.NoError(t, p.pick())
	got, move := p.claim()
	require.Empty(t, got)
	require.NoError(t, s.commits.submit(move))

	require.Empty(t, receiveFrom(t, s, orders, 10), "the second follows")
	require.Equal(t, []string{"a1", "a2"}, bodies(receiveFrom(t, s, dead, 10)))
	require.Equal(t, Counts{Sent: 2, Moved: 2}, counts(t, s))
}
