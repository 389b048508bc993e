package delivery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/dedup"
	"github.com/scopsdb/scops/internal/queue"
)

// delivery is one queue → table at work.
type delivery struct {
	m      *Manager
	config Config
	feed   *feed
	log    *slog.Logger

	strict   bool      // to be opened without a fault
	paused   bool      // by request
	pausedAt time.Time // and since when
	reason   string    // of the pause

	unfinished []*entry // of the last run

	closing context.Context // ends when no new batch may begin
	close   context.CancelFunc
	work    sync.WaitGroup

	keys    *dedup.Scope // of keysFor; used by the writing goroutine only
	keysFor Dedup

	layout  *layout // of tableAt; used by the writing goroutine only
	tableAt *catalog.Table

	// What the collecting goroutine knows of the table.
	shownAt  *catalog.Table
	shownAs  *layout
	shownOff string

	fifo    atomic.Bool // the queue is one
	visible *visible
	pace    *pace

	mu          sync.Mutex
	origin      origin
	totals      catalog.DeliveryTotals
	unknown     int64             // fields that no column asked for, since the start
	oldest      uint64            // sequence below which nothing is stored
	complete    time.Time         // the last CompleteUpTo
	troubles    map[string]string // what fails, with its reason
	states      map[string]State
	lastError   string
	lastErrorAt time.Time
}

func (m *Manager) newDelivery(r Registration, f *feed) *delivery {
	d := &delivery{
		m: m, config: r.Config, feed: f, log: m.log.With("delivery", r.Name),
		strict: r.strict, paused: r.Paused, pausedAt: r.PausedAt, reason: r.Reason,
		troubles: map[string]string{}, states: map[string]State{},
	}
	d.visible, d.pace = newVisible(d), newPace(r.Config, d.filesOf)
	if m.tails != nil {
		m.tails.Watch(r.Database, r.Table, d.visible.completeUpTo)
	}
	d.closing, d.close = context.WithCancel(context.Background())
	return d
}

// open checks the delivery against queue, table and store, claims the table,
// and reads what the last run left. A fault that can be mended while scops runs
// pauses the delivery, unless it is opened strictly.
func (d *delivery) open(ctx context.Context) error {
	if _, err := d.currentLayout(ctx); err != nil {
		if err := d.mendable("prepare", err); err != nil {
			return err
		}
	}
	totals, err := d.m.catalog.DeliveryTotals(ctx, d.config.Name)
	d.totals = totals
	if err != nil {
		return err
	}
	if err := d.attach(ctx); err != nil {
		if err := d.mendable("receive", err); err != nil {
			return err
		}
	}
	if d.unfinished, err = d.m.journal.open(ctx, d.config.Name); err != nil {
		return err
	}
	for _, e := range d.unfinished {
		if err := d.recall(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// mendable takes a fault that the delivery will try to get over as it works.
func (d *delivery) mendable(what string, err error) error {
	if p := (*pausedError)(nil); d.strict || !errors.As(err, &p) && !errors.Is(err, queue.ErrQueueNotFound) {
		return err
	}
	d.failed(what, &pausedError{err})
	return nil
}

// attach opens the books on the queue as it is now.
func (d *delivery) attach(ctx context.Context) error {
	info, err := d.m.queue.Queue(ctx, d.config.Queue)
	if err != nil {
		return err
	}
	counts, err := d.m.queue.Counts(ctx, d.config.Queue)
	if err != nil {
		return err
	}
	d.fifo.Store(info.Attributes.FIFO)
	now := origin{
		queue: d.config.Queue, created: info.Attributes.Created,
		departed: counts.Departed(),
		carried:  d.totals.Settled(),
	}
	o, err := d.m.journal.books(ctx, d.config.Name, now)
	d.mu.Lock()
	d.origin, d.oldest = o, 0
	d.mu.Unlock()
	d.visible.of(o.created)
	return err
}

// errQueueGone says that the queue was deleted, perhaps made again, since a
// batch was collected from it.
var errQueueGone = errors.New("the queue was deleted")

// sameQueue checks that messages were collected from the queue as it is now.
func (d *delivery) sameQueue(ctx context.Context, collectedFrom time.Time) error {
	created, err := d.m.queueCreated(ctx, d.config.Queue)
	if err != nil {
		return err
	}
	if !created.Equal(collectedFrom) {
		return errQueueGone
	}
	return nil
}

// recall finds out how far a batch of the last run came.
func (d *delivery) recall(ctx context.Context, e *entry) (err error) {
	if e.Queue != d.config.Queue || !e.Created.Equal(d.origin.created) {
		return d.orphan(ctx, e)
	}
	e.committed, err = d.m.catalog.BatchCommitted(ctx, e.Delivery, e.ID)
	return err
}

// orphan deals with a batch of a queue that is not this delivery's any more:
// one that still exists keeps its messages, one that is deleted has none.
func (d *delivery) orphan(ctx context.Context, e *entry) error {
	created, err := d.m.queueCreated(ctx, e.Queue)
	if err == nil && !created.IsZero() && created.Equal(e.Created) {
		return fmt.Errorf("queue: a batch of queue %s is unfinished: start once more with that queue, then change it", e.Queue)
	}
	e.orphaned = true
	return err
}

// currentLayout returns the layout of the table as it is now.
func (d *delivery) currentLayout(ctx context.Context) (*layout, error) {
	t, err := d.m.catalog.Table(ctx, d.config.Database, d.config.Table)
	if errors.Is(err, catalog.ErrNotFound) {
		return nil, &pausedError{err}
	}
	if err != nil {
		return nil, err
	}
	if t == d.tableAt {
		return d.layout, nil
	}
	target, err := newTarget(d.config, t)
	if err != nil {
		return nil, &pausedError{err}
	}
	l, err := target.layout(ctx, d.m.transforms)
	if err != nil {
		return nil, &pausedError{err}
	}
	if len(l.dedup) > 0 && d.m.keys == nil {
		return nil, errors.New("dedup: this process keeps no keys of delivered events")
	}
	if err := d.claim(ctx, t, l); err != nil {
		l.close()
		return nil, err
	}
	for _, bucket := range []string{l.bucket, l.errorBucket} {
		if err := d.m.objects.CreateBucket(ctx, bucket); err != nil {
			return nil, fmt.Errorf("bucket %s: %w", bucket, err)
		}
	}
	if t, err = d.m.catalog.Table(ctx, d.config.Database, d.config.Table); err != nil {
		return nil, err
	}
	d.layout.close()
	d.layout, d.tableAt = l, t
	return l, nil
}

// claim makes the table's files this delivery's. From then on queries read only
// what the delivery committed, so a location with other data is refused: that
// data would vanish from queries without a word.
func (d *delivery) claim(ctx context.Context, t *catalog.Table, l *layout) error {
	if t.Delivery == d.config.Name {
		return nil
	}
	if t.Delivery == "" {
		key, err := d.foreignObject(ctx, l)
		if err != nil {
			return err
		}
		if key != "" {
			return &pausedError{fmt.Errorf("table %s.%s: its location holds data that no delivery wrote (s3://%s/%s): queries would no longer see it; give the table an empty location, or move that data to a table of its own", t.Database, t.Name, l.bucket, key)}
		}
	}
	free, err := d.deserted(ctx, t.Delivery)
	if err != nil {
		return err
	}
	if free {
		err = d.m.catalog.TransferTable(ctx, t.Database, t.Name, t.Delivery, d.config.Name)
	} else {
		err = d.m.catalog.ClaimTable(ctx, t.Database, t.Name, d.config.Name)
	}
	if errors.Is(err, catalog.ErrConflict) || errors.Is(err, catalog.ErrInvalid) {
		return &pausedError{err}
	}
	return err
}

// deserted says whether a table's delivery exists no more, so that another may
// go on filling the table.
func (d *delivery) deserted(ctx context.Context, owner string) (bool, error) {
	if owner == "" || (*d.m.known.Load())[owner] {
		return false, nil
	}
	unfinished, err := d.m.journal.open(ctx, owner)
	return len(unfinished) == 0, err
}

// foreignObject returns a data object under the table's location, or "".
func (d *delivery) foreignObject(ctx context.Context, l *layout) (string, error) {
	exists, err := d.m.objects.BucketExists(ctx, l.bucket)
	if err != nil || !exists {
		return "", err
	}
	for after, more := "", true; more; {
		infos, next, err := d.m.objects.List(ctx, l.bucket, l.prefix, after, 1000)
		if err != nil {
			return "", err
		}
		for _, o := range infos {
			if isData(strings.TrimPrefix(o.Key, l.prefix)) && o.Size > 0 {
				return o.Key, nil
			}
			after = o.Key
		}
		more = next && len(infos) > 0
	}
	return "", nil
}

// isData follows Hive: what begins with _ or . is no data, folder or file.
func isData(key string) bool {
	if strings.HasSuffix(key, "/") {
		return false
	}
	for _, part := range strings.Split(path.Clean(key), "/") {
		if strings.HasPrefix(part, "_") || strings.HasPrefix(part, ".") {
			return false
		}
	}
	return true
}

// step lets tests stop a delivery at a boundary.
func (d *delivery) step(name string) error {
	if d.m.hook == nil {
		return nil
	}
	return d.m.hook(d.config.Name, name)
}
