package queue

import (
	"errors"
	"time"
)

// maxMoved bounds the messages that a task moves in one write.
const maxMoved = 500

// startMovers goes on with the tasks that were active when the store was closed.
func (s *Store) startMovers() {
	for _, q := range s.all() {
		for _, t := range q.tasks {
			if t.now.Status.active() {
				s.startMover(t)
			}
		}
	}
}

func (s *Store) startMover(t *moveTask) {
	s.movers.Add(1)
	go func() {
		defer s.movers.Done()
		s.move(t)
	}()
}

// move runs a task to its end, or until the store closes.
func (s *Store) move(t *moveTask) {
	for {
		now, gone := t.look()
		if gone {
			return
		}
		status, failure := MoveCancelled, MoveFailure("")
		pause := time.Duration(0)
		if now.Status == MoveRunning {
			status, failure, pause = s.moveSome(t, now)
		}
		if status != MoveRunning && s.endMove(t, status, failure) {
			return
		}
		if !s.wait(t, pause) {
			return
		}
	}
}

func (t *moveTask) look() (now MoveTask, gone bool) {
	t.q.mu.Lock()
	defer t.q.mu.Unlock()
	return t.now, t.q.gone
}

// retryMove is when a task tries again after the disk was full.
const retryMove = time.Second

// moveSome moves one batch. It returns where the task stands then and how long it
// waits before the next one.
func (s *Store) moveSome(t *moveTask, now MoveTask) (MoveStatus, MoveFailure, time.Duration) {
	n := maxMoved
	if now.Rate > 0 {
		n = max(now.Rate/10, 1)
	}
	got, err := s.take(t.q, ReceiveOptions{Max: n, Hold: true, through: now.Through})
	if err == nil && len(got) == 0 {
		return MoveCompleted, "", 0
	}
	if err == nil {
		if err = s.moveAll(t, now.Destination, got); err != nil {
			t.q.putBack(got)
		}
	}
	var failed moveError
	switch {
	case errors.As(err, &failed):
		return MoveFailed, MoveFailure(failed), 0
	case err != nil:
		return MoveRunning, "", retryMove
	case now.Rate > 0:
		return MoveRunning, "", time.Duration(len(got)) * time.Second / time.Duration(now.Rate)
	}
	return MoveRunning, "", 0
}

// moveError ends a task.
type moveError MoveFailure

func (e moveError) Error() string { return string(e) }

// moveAll moves held messages to where they belong, one write for each queue.
func (s *Store) moveAll(t *moveTask, destination Name, got []Received) error {
	for len(got) > 0 {
		to := destination
		if to == "" {
			to = got[0].MovedFrom
		}
		if to == "" {
			return moveError(MoveNoOrigin)
		}
		n := 1
		for n < len(got) && (destination != "" || got[n].MovedFrom == to) {
			n++
		}
		if err := s.moveTo(t, to, got[:n]); err != nil {
			return err
		}
		got = got[n:]
	}
	return nil
}

// moveTo makes new messages of them at the end of a queue.
func (s *Store) moveTo(t *moveTask, name Name, got []Received) error {
	to, err := s.find(name)
	if err != nil || (to.fifo == nil) != (t.q.fifo == nil) {
		return moveError(MoveNoQueue)
	}
	delay := to.info().Attributes.Delay
	now := s.clock.Now().UnixMilli()
	s.ages.see(now)
	seqs, out := make([]uint64, len(got)), make(map[uint64]outgoing, len(got))
	for i := range got {
		m := got[i].Message
		m.ID, m.MovedFrom = "", ""
		seqs[i] = got[i].Sequence
		if out[seqs[i]], err = newOutgoing(&m, now, delay); err != nil {
			return err
		}
	}
	removal, err := s.newRemoveOp(t.q, seqs, moved)
	if err != nil {
		return err
	}
	messages := make([]moving, len(removal.messages))
	for i, l := range removal.messages {
		messages[i] = moving{leaving: l, out: out[l.seq]}
	}
	op := newMoveOp(s, t.q, to, messages)
	op.task = t
	if err := s.commits.submit(op); err != nil {
		op.abandon()
		if errors.Is(err, ErrQueueNotFound) {
			err = moveError(MoveNoQueue)
		}
		return err
	}
	return nil
}

// endMove writes down how a task ended, and reports whether it could.
func (s *Store) endMove(t *moveTask, status MoveStatus, failure MoveFailure) bool {
	err := s.commits.submit(&taskOp{t: t, change: func(m *MoveTask) { m.Status, m.Failure = status, failure }})
	return err == nil || errors.Is(err, ErrQueueNotFound) || errors.Is(err, ErrClosed)
}

// wait lets a task rest; false when the store closes.
func (s *Store) wait(t *moveTask, d time.Duration) bool {
	c, stop := s.clock.After(d)
	defer stop()
	select {
	case <-s.closed:
		return false
	default:
	}
	select {
	case <-c:
	case <-t.cancel:
	case <-s.closed:
		return false
	}
	return true
}
