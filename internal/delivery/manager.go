package delivery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/semaphore"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/queue"
	"github.com/scopsdb/scops/internal/sqlite"
)

// DefaultMemory is the budget of messages in memory, over all deliveries.
const DefaultMemory = 256 << 20

// Options are the parts that deliveries work with.
type Options struct {
	Queue   *queue.Store
	Objects objects.Store
	Catalog *catalog.Store
	DB      *sqlite.DB       // for the journal
	Log     *slog.Logger     // nil: slog.Default()
	Now     func() time.Time // nil: time.Now
	// Memory bounds the bytes of messages in memory; 0 is DefaultMemory.
	Memory int64
}

// Manager runs the deliveries of a process.
type Manager struct {
	queue   *queue.Store
	objects objects.Store
	catalog *catalog.Store
	journal *journal
	log     *slog.Logger
	now     func() time.Time
	newID   func() string

	memory *semaphore.Weighted
	budget int64

	deliveries []*delivery
	stop       context.CancelFunc // cancels the steps under way
	started    bool

	hook func(delivery, step string) error // of tests: stops at a step
}

// Open checks the deliveries, claims their tables and holds the messages of
// batches that the last run left unfinished. Call it before anyone can receive
// from the queues, then Start. Errors name the delivery and the field.
func Open(ctx context.Context, o Options, configs []Config) (*Manager, error) {
	if err := checkTogether(configs); err != nil {
		return nil, err
	}
	m := &Manager{
		queue: o.Queue, objects: o.Objects, catalog: o.Catalog, log: o.Log, now: o.Now,
		newID: func() string { return uuid.Must(uuid.NewV7()).String() }, budget: o.Memory,
	}
	if m.log == nil {
		m.log = slog.Default()
	}
	if m.now == nil {
		m.now = time.Now
	}
	if m.budget <= 0 {
		m.budget = DefaultMemory
	}
	m.memory = semaphore.NewWeighted(m.budget)
	var err error
	if m.journal, err = openJournal(ctx, o.DB); err != nil {
		return nil, err
	}
	var errs []error
	for _, c := range configs {
		d := m.newDelivery(c.withDefaults())
		if err := d.open(ctx); err != nil {
			errs = append(errs, fmt.Errorf("delivery %q: %w", c.Name, err))
		}
		m.deliveries = append(m.deliveries, d)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return m, m.warnOfStrays(ctx)
}

// warnOfStrays tells of unfinished batches whose delivery is not configured any
// more. Their messages are in the queue; the delivery finishes them once it is
// back.
func (m *Manager) warnOfStrays(ctx context.Context) error {
	names, err := m.journal.deliveries(ctx)
	for _, name := range names {
		known := slices.ContainsFunc(m.deliveries, func(d *delivery) bool { return d.config.Name == name })
		if !known {
			m.log.Warn("a delivery that is not configured any more has an unfinished batch", "delivery", name)
		}
	}
	return err
}

// Start begins to deliver. The caller must Close.
func (m *Manager) Start() {
	ctx, stop := context.WithCancel(context.Background())
	m.stop, m.started = stop, true
	for _, d := range m.deliveries {
		d.work.Add(1)
		go d.run(ctx)
	}
}

// Close begins no new batch, gives collected messages back to their queues and
// waits for the batches under way. When ctx ends first they are abandoned where
// they are: the next start repeats them. Close the Manager before its stores.
func (m *Manager) Close(ctx context.Context) error {
	for _, d := range m.deliveries {
		d.close()
	}
	if !m.started {
		return nil
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, d := range m.deliveries {
			d.work.Wait()
		}
	}()
	select {
	case <-done:
		m.stop()
		return nil
	case <-ctx.Done():
		m.stop()
		<-done
		return ctx.Err()
	}
}
