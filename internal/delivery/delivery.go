package delivery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/queue"
)

// delivery is one queue → table at work.
type delivery struct {
	m      *Manager
	config Config
	log    *slog.Logger

	unfinished []*entry // of the last run

	closing context.Context // ends when no new batch may begin
	close   context.CancelFunc
	work    sync.WaitGroup

	layout  *layout // of tableAt; used by the writing goroutine only
	tableAt *catalog.Table

	mu          sync.Mutex
	origin      origin
	totals      catalog.DeliveryTotals
	pending     int64             // committed messages that are still in the queue
	unknown     int64             // fields that no column asked for, since the start
	oldest      uint64            // sequence below which nothing is stored
	complete    time.Time         // the last CompleteUpTo
	troubles    map[string]string // what fails, with its reason
	states      map[string]State
	lastError   string
	lastErrorAt time.Time
}

func (m *Manager) newDelivery(c Config) *delivery {
	d := &delivery{
		m: m, config: c, log: m.log.With("delivery", c.Name),
		troubles: map[string]string{}, states: map[string]State{},
	}
	d.closing, d.close = context.WithCancel(context.Background())
	return d
}

// open checks the delivery against queue, table and store, claims the table,
// and holds the messages of unfinished batches, before anyone can receive them.
func (d *delivery) open(ctx context.Context) error {
	if _, err := d.currentLayout(ctx); err != nil {
		return err
	}
	for _, bucket := range []string{d.layout.bucket, d.layout.errorBucket} {
		if err := d.m.objects.CreateBucket(ctx, bucket); err != nil {
			return fmt.Errorf("bucket %s: %w", bucket, err)
		}
	}
	totals, err := d.m.catalog.DeliveryTotals(ctx, d.config.Name)
	d.totals = totals
	if err != nil {
		return err
	}
	if err := d.attach(ctx); err != nil {
		return err
	}
	if d.unfinished, err = d.m.journal.open(ctx, d.config.Name); err != nil {
		return err
	}
	for _, e := range d.unfinished {
		if err := d.holdAgain(ctx, e); err != nil {
			return err
		}
	}
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
	now := origin{
		queue: d.config.Queue, created: info.Attributes.Created,
		departed: counts.Deleted + counts.Expired + counts.Purged,
		carried:  d.totals.Settled(),
	}
	o, err := d.m.journal.books(ctx, d.config.Name, now)
	d.mu.Lock()
	d.origin, d.oldest = o, 0
	d.mu.Unlock()
	return err
}

// errQueueGone says that the queue was deleted, perhaps made again, since a
// batch was collected from it.
var errQueueGone = errors.New("the queue was deleted")

// created is when the queue was made: that tells it from a later one of the
// same name, whose sequences mean other messages. It is zero where there is no
// queue.
func (d *delivery) created(ctx context.Context, name queue.Name) (time.Time, error) {
	info, err := d.m.queue.Queue(ctx, name)
	if errors.Is(err, queue.ErrQueueNotFound) {
		return time.Time{}, nil
	}
	return info.Attributes.Created, err
}

// sameQueue checks that messages were collected from the queue as it is now.
func (d *delivery) sameQueue(ctx context.Context, collectedFrom time.Time) error {
	created, err := d.created(ctx, d.config.Queue)
	if err != nil {
		return err
	}
	if !created.Equal(collectedFrom) {
		return errQueueGone
	}
	return nil
}

// holdAgain takes back what a crash let go.
func (d *delivery) holdAgain(ctx context.Context, e *entry) error {
	if e.Queue != d.config.Queue || !e.Created.Equal(d.origin.created) {
		return d.orphan(ctx, e)
	}
	if err := d.m.queue.Hold(ctx, e.Queue, e.Sequences); err != nil {
		return err
	}
	committed, err := d.m.catalog.BatchCommitted(ctx, e.Delivery, e.ID)
	if err != nil || !committed {
		return err
	}
	found, err := d.m.queue.Lookup(ctx, e.Queue, e.Sequences)
	e.stored = int64(len(found))
	d.pending += e.stored
	return err
}

// orphan deals with a batch of a queue that is not this delivery's any more:
// one that still exists keeps its messages, one that is deleted has none.
func (d *delivery) orphan(ctx context.Context, e *entry) error {
	created, err := d.created(ctx, e.Queue)
	if err == nil && created.Equal(e.Created) {
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
	l, err := target.layout()
	if err != nil {
		return nil, &pausedError{err}
	}
	if err := d.claim(ctx, t, l); err != nil {
		return nil, err
	}
	if t, err = d.m.catalog.Table(ctx, d.config.Database, d.config.Table); err != nil {
		return nil, err
	}
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
	err := d.m.catalog.ClaimTable(ctx, t.Database, t.Name, d.config.Name)
	if errors.Is(err, catalog.ErrConflict) || errors.Is(err, catalog.ErrInvalid) {
		return &pausedError{err}
	}
	return err
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
