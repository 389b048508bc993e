package queue

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// newMoveStore has n messages in "dead", moved there from "orders".
func newMoveStore(t *testing.T, fifo bool, n int) (*Store, *manualClock) {
	t.Helper()
	s, clock := newDeadLetterStore(t, fifo, 1)
	for i := range n {
		if fifo {
			sendGroups(t, s, fmt.Sprint("a", i))
		} else {
			send(t, s, fmt.Sprint(i))
		}
	}
	require.Len(t, reject(t, s, orders), n)
	require.Empty(t, receive(t, s, 1))
	return s, clock
}

func task(t *testing.T, s *Store) MoveTask {
	t.Helper()
	tasks, err := s.MoveTasks(t.Context(), dead)
	require.NoError(t, err)
	require.NotEmpty(t, tasks)
	return tasks[0]
}

func TestMoveTask(t *testing.T) {
	for _, fifo := range []bool{false, true} {
		for _, to := range []Name{"", orders} {
			t.Run(fmt.Sprint(fifo, to), func(t *testing.T) {
				s, clock := newMoveStore(t, fifo, 7)
				clock.Advance(time.Minute)
				started, err := s.StartMove(t.Context(), dead, to, 0)
				require.NoError(t, err)
				require.Equal(t, int64(7), started.ToMove)
				eventually(t, func() bool { return task(t, s).Status == MoveCompleted })
				started.Status, started.Moved = MoveCompleted, 7
				require.Equal(t, started, task(t, s))
				got := receive(t, s, 10)
				require.Len(t, got, 7)
				for i, r := range got {
					require.Contains(t, r.Body, fmt.Sprint(i), "in their order")
					require.Empty(t, r.MovedFrom, "new messages")
					require.Equal(t, 1, r.ReceiveCount)
					require.Equal(t, clock.Now(), r.SentAt)
				}
			})
		}
	}
}

func TestMoveTaskWithARate(t *testing.T) {
	s, clock := newMoveStore(t, false, 10)
	started, err := s.StartMove(t.Context(), dead, "", 1)
	require.NoError(t, err)
	_, err = s.StartMove(t.Context(), dead, "", 1)
	require.ErrorIs(t, err, ErrTaskActive)
	eventually(t, func() bool { return task(t, s).Moved == 1 })
	clock.Advance(time.Second)
	eventually(t, func() bool { return task(t, s).Moved == 2 })

	now, err := s.CancelMove(t.Context(), dead, started.ID)
	require.NoError(t, err)
	require.Contains(t, []MoveStatus{MoveCancelling, MoveCancelled}, now.Status)
	eventually(t, func() bool { return task(t, s).Status == MoveCancelled })
	require.Equal(t, int64(2), task(t, s).Moved)
	_, err = s.CancelMove(t.Context(), dead, started.ID)
	require.ErrorIs(t, err, ErrTaskEnded)
	_, err = s.CancelMove(t.Context(), dead, "another")
	require.ErrorIs(t, err, ErrNoTask)
	require.Equal(t, int64(8), must(s.Counts(t.Context(), dead)).Visible)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestMoveTaskSurvivesARestart(t *testing.T) {
	dir, clock := t.TempDir(), newManualClock()
	s := openTest(t, dir, Options{Clock: clock})
	require.NoError(t, s.CreateQueue(t.Context(), dead, DefaultAttributes()))
	require.NoError(t, s.CreateQueue(t.Context(), orders, DefaultAttributes()))
	for i := range 5 {
		_, err := s.Send(t.Context(), dead, []Message{{Body: fmt.Sprint(i)}})
		require.NoError(t, err)
	}
	_, err := s.StartMove(t.Context(), dead, orders, 1)
	require.NoError(t, err)
	eventually(t, func() bool { return task(t, s).Moved == 1 })
	require.NoError(t, s.Close())

	s = openTest(t, dir, Options{Clock: clock})
	_, err = s.Send(t.Context(), dead, []Message{{Body: "later"}})
	require.NoError(t, err)
	eventually(t, func() bool { clock.Advance(time.Second); return task(t, s).Status == MoveCompleted })
	require.Equal(t, int64(5), task(t, s).Moved)
	require.Len(t, receive(t, s, 10), 5)
	require.Equal(t, []string{"later"}, bodies(receiveFrom(t, s, dead, 10)), "what came after the start stays")
}

func TestMoveTaskFails(t *testing.T) {
	t.Run("without the destination", func(t *testing.T) {
		s, clock := newMoveStore(t, false, 3)
		require.NoError(t, s.CreateQueue(t.Context(), "other", DefaultAttributes()))
		_, err := s.StartMove(t.Context(), dead, "other", 1)
		require.NoError(t, err)
		eventually(t, func() bool { return task(t, s).Moved == 1 })
		require.NoError(t, s.DeleteQueue(t.Context(), "other"))
		clock.Advance(time.Second)
		eventually(t, func() bool { return task(t, s).Status == MoveFailed })
		require.Equal(t, MoveNoQueue, task(t, s).Failure)
		require.Equal(t, Counts{Visible: 2, Sent: 3, Moved: 1}, must(s.Counts(t.Context(), dead)), "the rest stays")
	})
	t.Run("without an origin", func(t *testing.T) {
		s, _ := newMoveStore(t, false, 1)
		_, err := s.Send(t.Context(), dead, []Message{{Body: "sent to it"}})
		require.NoError(t, err)
		_, err = s.StartMove(t.Context(), dead, "", 0)
		require.NoError(t, err)
		eventually(t, func() bool { return task(t, s).Status == MoveFailed })
		require.Equal(t, MoveNoOrigin, task(t, s).Failure)
		require.Equal(t, Counts{Visible: 1, Sent: 2, Moved: 1}, must(s.Counts(t.Context(), dead)))
	})
}

func TestMoveTasksAreRemembered(t *testing.T) {
	s, _ := newMoveStore(t, false, 0)
	var last MoveTask
	for range maxMoveTasks + 3 {
		var err error
		last, err = s.StartMove(t.Context(), dead, orders, 0)
		require.NoError(t, err)
		eventually(t, func() bool { return task(t, s).Status == MoveCompleted })
	}
	tasks, err := s.MoveTasks(t.Context(), dead)
	require.NoError(t, err)
	require.Len(t, tasks, maxMoveTasks)
	require.Equal(t, last.ID, tasks[0].ID)
	q, err := s.find(dead)
	require.NoError(t, err)
	n := 0
	require.NoError(t, s.each(seqRange(spaceTask, q.id, 0), func(_, _ []byte) error { n++; return nil }))
	require.Equal(t, maxMoveTasks, n)
}
