package queue

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/cockroachdb/pebble/v2"
)

// MoveStatus is where a move task stands.
type MoveStatus string

// Values of MoveStatus. A task that is running or cancelling is active.
const (
	MoveRunning    MoveStatus = "RUNNING"
	MoveCompleted  MoveStatus = "COMPLETED"
	MoveCancelling MoveStatus = "CANCELLING"
	MoveCancelled  MoveStatus = "CANCELLED"
	MoveFailed     MoveStatus = "FAILED"
)

func (s MoveStatus) active() bool { return s == MoveRunning || s == MoveCancelling }

// MoveFailure says why a move task failed.
type MoveFailure string

// Values of MoveFailure.
const (
	MoveNoQueue  MoveFailure = "no queue"  // the destination is gone
	MoveNoOrigin MoveFailure = "no origin" // a message is no dead letter of another queue
)

// MoveTask moves the messages that waited in a queue when it started to the end
// of others, as new messages. It goes on after a restart.
type MoveTask struct {
	ID          string      `json:"id"`
	Destination Name        `json:"destination,omitempty"` // "": where each message was moved from
	Rate        int         `json:"rate,omitempty"`        // messages a second; 0: as fast as it goes
	Started     time.Time   `json:"started"`
	Status      MoveStatus  `json:"status"`
	Failure     MoveFailure `json:"failure,omitempty"`
	ToMove      int64       `json:"to_move"` // messages that waited at the start
	Moved       int64       `json:"moved"`   // counted in the write that moves
	Through     uint64      `json:"through"` // last sequence at the start
}

// maxMoveTasks is how many tasks of a queue are remembered, the last ones.
const maxMoveTasks = 10

// maxTaskLen is above the size of a task's record.
const maxTaskLen = 1024

// moveTask is a task in memory.
type moveTask struct {
	q        *queueState
	number   uint64        // tasks of a queue are numbered from 1
	cancel   chan struct{} // capacity 1: look at the status
	building MoveTask      // owned by the committer
	now      MoveTask      // as it is on disk; under the queue's lock
}

func newMoveTask(q *queueState, number uint64, t MoveTask) *moveTask {
	return &moveTask{q: q, number: number, cancel: make(chan struct{}, 1), building: t, now: t}
}

func taskKey(queue, number uint64) []byte {
	return binary.BigEndian.AppendUint64(queueKey(spaceTask, queue), number)
}

func (t *moveTask) put(b *pebble.Batch) error {
	v, err := json.Marshal(t.building)
	if err != nil {
		return err
	}
	return b.Set(taskKey(t.q.id, t.number), v, nil)
}

// progress writes that n more messages were moved.
func (t *moveTask) progress(b *pebble.Batch, n int64) error {
	t.building.Moved += n
	return t.put(b)
}

// taskOp changes a task, or adds it.
type taskOp struct {
	t      *moveTask
	change func(*MoveTask)
	add    bool
}

func (o *taskOp) size() int { return maxTaskLen }

func (o *taskOp) kind() opKind {
	if o.add {
		return opGrows
	}
	return 0
}

func (o *taskOp) build(g *group) error {
	if o.t.q.dropped {
		return ErrQueueNotFound
	}
	if !o.add {
		o.change(&o.t.building)
	} else if o.t.number > maxMoveTasks {
		if err := g.batch.Delete(taskKey(o.t.q.id, o.t.number-maxMoveTasks), nil); err != nil {
			return err
		}
	}
	return o.t.put(g.batch)
}

func (o *taskOp) apply() {
	q := o.t.q
	q.mu.Lock()
	defer q.mu.Unlock()
	if !o.add {
		o.change(&o.t.now)
		return
	}
	q.tasks = append(q.tasks, o.t)
	if len(q.tasks) > maxMoveTasks {
		q.tasks = slices.Delete(q.tasks, 0, 1)
	}
}

func (s *Store) loadTasks(q *queueState) error {
	return s.each(seqRange(spaceTask, q.id, 0), func(key, value []byte) error {
		var t MoveTask
		if err := json.Unmarshal(value, &t); err != nil {
			return fmt.Errorf("move task: %w", err)
		}
		q.tasks = append(q.tasks, newMoveTask(q, keySeq(key), t))
		return nil
	})
}

// StartMove starts a task, durably. An empty destination is where each message
// was moved from. ErrTaskActive if one is under way.
func (s *Store) StartMove(ctx context.Context, source, destination Name, rate int) (MoveTask, error) {
	q, err := s.begin(ctx, source)
	if err != nil {
		return MoveTask{}, fail("move", source, err)
	}
	defer s.leave()
	s.admin.Lock()
	defer s.admin.Unlock()
	q.mu.Lock()
	number := uint64(1)
	if n := len(q.tasks); n > 0 {
		number = q.tasks[n-1].number + 1
	}
	active := slices.ContainsFunc(q.tasks, func(t *moveTask) bool { return t.now.Status.active() })
	t := newMoveTask(q, number, MoveTask{
		ID: string(NewMessageID()), Destination: destination, Rate: rate, Started: s.now(), Status: MoveRunning,
		ToMove: q.countsNow().Visible, Through: max(q.counts.sent, 1),
	})
	q.mu.Unlock()
	if active {
		return MoveTask{}, fail("move", source, ErrTaskActive)
	}
	if err := s.commits.submit(&taskOp{t: t, add: true}); err != nil {
		return MoveTask{}, fail("move", source, err)
	}
	started := t.now // nobody changes it before it runs
	s.startMover(t)
	return started, nil
}

// MoveTasks are the last tasks of a queue, the latest first.
func (s *Store) MoveTasks(ctx context.Context, source Name) ([]MoveTask, error) {
	q, err := s.begin(ctx, source)
	if err != nil {
		return nil, fail("move", source, err)
	}
	defer s.leave()
	q.mu.Lock()
	defer q.mu.Unlock()
	tasks := make([]MoveTask, 0, len(q.tasks))
	for _, t := range slices.Backward(q.tasks) {
		tasks = append(tasks, t.now)
	}
	return tasks, nil
}

// CancelMove cancels a running task, durably, and returns it as it is then. What
// was moved stays moved. ErrNoTask if there is none of this id, ErrTaskEnded if it
// does not run.
func (s *Store) CancelMove(ctx context.Context, source Name, id string) (MoveTask, error) {
	q, err := s.begin(ctx, source)
	if err != nil {
		return MoveTask{}, fail("move", source, err)
	}
	defer s.leave()
	s.admin.Lock()
	defer s.admin.Unlock()
	q.mu.Lock()
	at := slices.IndexFunc(q.tasks, func(t *moveTask) bool { return t.now.ID == id })
	if at < 0 {
		q.mu.Unlock()
		return MoveTask{}, fail("move", source, ErrNoTask)
	}
	t := q.tasks[at]
	running := t.now.Status == MoveRunning
	q.mu.Unlock()
	if !running {
		return MoveTask{}, fail("move", source, ErrTaskEnded)
	}
	err = s.commits.submit(&taskOp{t: t, change: func(m *MoveTask) {
		if m.Status == MoveRunning {
			m.Status = MoveCancelling
		}
	}})
	select {
	case t.cancel <- struct{}{}:
	default:
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	return t.now, fail("move", source, err)
}
