package delivery

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/scopsdb/scops/internal/queue"
)

// Status is where a delivery stands, with its books. At any moment
//
//	Sent = InQueue + InFlight + InFiles + Rejected + Filtered + Duplicates + Elsewhere
//
// counted in messages since the delivery began.
type Status struct {
	Name     string     `json:"name"`
	Queue    queue.Name `json:"queue"`
	Database string     `json:"database"`
	Table    string     `json:"table"`

	State State `json:"state"`
	// Reason says why the state is not running.
	Reason string `json:"reason,omitempty"`
	// PausedAt is set where the delivery was paused by request: it does not go
	// on by itself.
	PausedAt time.Time `json:"paused_at,omitzero"`

	Sent     int64 `json:"sent"`      // into the queue, with what lay in it when the delivery began
	InQueue  int64 `json:"in_queue"`  // waiting or delayed
	InFlight int64 `json:"in_flight"` // in the batches being made, or with another consumer
	// InMemory are those in flight that are in SQL already, from memory.
	InMemory int64 `json:"in_memory"`
	// InMemoryOff says why events are in SQL only once they are in files.
	InMemoryOff string `json:"in_memory_off,omitempty"`
	InFiles     int64  `json:"in_files"` // in SQL and in objects
	Rejected    int64  `json:"rejected"` // in the error location
	Filtered    int64  `json:"filtered"` // left out by the transform
	// Duplicates are of events that were delivered before.
	Duplicates int64 `json:"duplicates"`
	// Elsewhere are messages that left the queue without the delivery: deleted
	// by another consumer, purged, or expired. It is 0 where the queue belongs
	// to the delivery alone.
	Elsewhere int64 `json:"elsewhere"`

	// CompleteUpTo: every event whose send was answered before this time is in
	// SQL, or rejected, filtered or a duplicate.
	CompleteUpTo time.Time `json:"complete_up_to"`
	// FilesCompleteUpTo: every event whose send was answered before this time is
	// in the table's objects, for readers outside of scops, or rejected.
	FilesCompleteUpTo time.Time `json:"files_complete_up_to"`
	// NewestDelivered is the send time of the newest event in SQL.
	NewestDelivered time.Time `json:"newest_delivered,omitzero"`

	Batches      int64 `json:"batches"`
	Files        int64 `json:"files"`
	BytesWritten int64 `json:"bytes_written"`
	// Late and Future count the events, among those above, whose time was out of
	// the bounds that the delivery has.
	Late   int64 `json:"late"`
	Future int64 `json:"future"`
	// UnknownFields counts fields that no column asked for, since the start.
	UnknownFields int64     `json:"unknown_fields"`
	LastError     string    `json:"last_error,omitempty"`
	LastErrorAt   time.Time `json:"last_error_at,omitzero"`
}

// Status returns the books of all deliveries, each as of one moment.
func (m *Manager) Status(ctx context.Context) ([]Status, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	deliveries := m.members()
	list := make([]Status, len(deliveries))
	for i, d := range deliveries {
		var err error
		if list[i], err = d.status(ctx); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (d *delivery) status(ctx context.Context) (Status, error) {
	complete, err := d.visible.completeUpTo(ctx)
	if err != nil {
		return Status{}, err
	}
	// No batch is committed and no message deleted by this delivery while the
	// lock is held, so the queue's counts fit the totals.
	d.mu.Lock()
	defer d.mu.Unlock()
	f := d.feed
	f.x.mu.Lock()
	defer f.x.mu.Unlock()
	now := d.m.now()
	s := Status{
		Name: d.config.Name, Queue: d.config.Queue, Database: d.config.Database, Table: d.config.Table,
		State: Running, InFiles: d.totals.Delivered, Rejected: d.totals.Rejected,
		Filtered: d.totals.Filtered, Duplicates: d.totals.Duplicates, Late: d.totals.Late, Future: d.totals.Future,
		NewestDelivered: d.totals.NewestSentAt, Batches: d.totals.Batches, Files: d.totals.Files,
		BytesWritten: d.totals.Bytes, UnknownFields: d.unknown, LastError: d.lastError, LastErrorAt: d.lastErrorAt,
	}
	for _, what := range slices.Sorted(maps.Keys(d.troubles)) {
		if s.Reason == "" || d.states[what] == Paused && s.State != Paused {
			s.State, s.Reason = d.states[what], d.troubles[what]
		}
	}
	if d.paused {
		s.State, s.Reason, s.PausedAt = Paused, d.reason, d.pausedAt
	}
	s.InMemory, s.InMemoryOff = d.visible.inMemory()
	done, o := d.totals.Settled(), d.origin
	created, err := f.x.find(ctx)
	if err != nil {
		return s, err
	}
	if !created.Equal(o.created) { // deleted, or made again and not delivered from yet
		o = origin{created: created, carried: done}
	}
	if created.IsZero() {
		s.Sent, s.CompleteUpTo, s.FilesCompleteUpTo = done, now, now
		return s, nil
	}
	c, err := d.m.queue.Counts(ctx, d.config.Queue)
	if err != nil {
		return s, err
	}
	var pending, waiting int64
	if created.Equal(f.x.created) { // else they were the old queue's
		pending, waiting = f.settled.count(), f.waiting.count()
	}
	departed := c.Departed() - o.departed
	s.Sent = c.Sent - o.departed + o.carried
	// What is held for this delivery alone still waits in the queue. Of that, a
	// message may be deleted by someone else and not be missed yet.
	s.InFlight = max(0, c.InFlight-pending-waiting)
	s.InQueue = c.Visible + c.Delayed + c.InFlight - pending - s.InFlight
	s.Elsewhere = departed - (done - o.carried - pending)
	s.FilesCompleteUpTo, err = d.completeUpTo(ctx, now)
	if s.CompleteUpTo = complete; s.FilesCompleteUpTo.After(complete) {
		s.CompleteUpTo = s.FilesCompleteUpTo
	}
	return s, err
}

// completeUpTo is the send time of the oldest message in the queue that this
// delivery has not committed, or now where there is none. It never goes back:
// an event that is answered later may carry an earlier send time, by the
// milliseconds that its way to the disk took.
func (d *delivery) completeUpTo(ctx context.Context, now time.Time) (time.Time, error) {
	for {
		seq, sentAt, found, err := d.m.queue.Oldest(ctx, d.config.Queue, d.oldest)
		if err != nil {
			return d.complete, err
		}
		if found {
			if last, settled := d.feed.settled.after(seq); settled {
				d.oldest = last + 1
				continue
			}
			d.oldest, now = seq, sentAt
		}
		if now.After(d.complete) {
			d.complete = now
		}
		return d.complete, nil
	}
}
