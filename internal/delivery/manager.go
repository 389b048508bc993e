package delivery

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/semaphore"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/dedup"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/queue"
	"github.com/scopsdb/scops/internal/sqlite"
	"github.com/scopsdb/scops/internal/tail"
)

// DefaultMemory is the budget of messages in memory, over all deliveries.
const DefaultMemory = 192 << 20

// Options are the parts that deliveries work with.
type Options struct {
	Queue   *queue.Store
	Objects objects.Store
	Catalog *catalog.Store
	Tails   *tail.Store // where queries read events that are in no file yet; nil: nowhere
	DB      *sqlite.DB  // for the journal
	// Keys are those of delivered events, for deliveries with dedup.
	Keys *dedup.Store
	// Transforms compiles the SQL of deliveries; nil where none may have any.
	Transforms Transforms
	Log        *slog.Logger     // nil: slog.Default()
	Now        func() time.Time // nil: time.Now
	// Memory bounds the bytes of messages in memory; 0 is DefaultMemory.
	Memory int64
}

// Manager runs the deliveries of a process.
type Manager struct {
	queue   *queue.Store
	objects objects.Store
	catalog *catalog.Store
	tails   *tail.Store
	journal *journal

	transforms Transforms
	keys       *dedup.Store

	log   *slog.Logger
	now   func() time.Time
	newID func() string

	measures *measures

	memory *semaphore.Weighted
	budget int64
	// pressedAt is when the budget was last used up, Unix ns.
	pressedAt atomic.Int64

	patience time.Duration // of queries that wait for events

	changing sync.Mutex // over a whole change of the deliveries
	// resending is held while rejected events are sent again.
	resending sync.Mutex
	started   bool

	pruning     sync.WaitGroup
	stopPruning context.CancelFunc

	mu     sync.RWMutex // held while a queue's deliveries are opened; before theirs
	groups map[queue.Name]*group
	all    []Registration // by name

	known atomic.Pointer[map[string]bool] // the names in all

	hook func(delivery, step string) error // of tests: stops at a step
}

// Open opens the deliveries of the last run and those that are declared now,
// which replace earlier ones of the same names. It checks them, claims their
// tables and holds the messages of batches that the last run left unfinished.
// Call it before anyone can receive from the queues, then Start. Errors name
// the delivery and the field. A delivery of the last run that is not declared
// and cannot work now is paused and says why.
func Open(ctx context.Context, o Options, declared []Config) (*Manager, error) {
	m := &Manager{
		queue: o.Queue, objects: o.Objects, catalog: o.Catalog, tails: o.Tails, transforms: o.Transforms, keys: o.Keys, log: o.Log, now: o.Now,
		newID: func() string { return uuid.Must(uuid.NewV7()).String() }, budget: o.Memory, patience: awaitMost,
		groups: map[queue.Name]*group{}, measures: newMeasures(),
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
	all, err := m.registered(ctx, declared)
	if err != nil {
		return nil, err
	}
	if err := m.openAll(ctx, all); err != nil {
		return nil, err
	}
	if err := m.dropKeys(); err != nil {
		return nil, err
	}
	return m, m.warnOfStrays(ctx)
}

// openAll opens the groups and remembers the deliveries.
func (m *Manager) openAll(ctx context.Context, all []Registration) error {
	var errs []error
	m.all = all
	m.setKnown(all)
	for name, members := range byQueue(all) {
		g, err := m.openGroup(ctx, name, members)
		errs = append(errs, err)
		m.groups[name] = g
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	m.all = lenient(all)
	if err := m.finishResends(ctx, ""); err != nil {
		m.log.Warn("rejected events that are sent again wait for the next resend or start", "error", err)
	}
	return m.journal.register(ctx, all)
}

func byQueue(all []Registration) map[queue.Name][]Registration {
	by := map[queue.Name][]Registration{}
	for _, r := range all {
		by[r.Queue] = append(by[r.Queue], r)
	}
	return by
}

// members returns all deliveries by name; the caller holds mu.
func (m *Manager) members() []*delivery {
	var list []*delivery
	for _, g := range m.groups {
		list = append(list, g.deliveries...)
	}
	slices.SortFunc(list, func(a, b *delivery) int { return strings.Compare(a.config.Name, b.config.Name) })
	return list
}

// warnOfStrays tells of unfinished batches whose delivery is not there any
// more. Their messages are in the queue; the delivery finishes them once it is
// back.
func (m *Manager) warnOfStrays(ctx context.Context) error {
	names, err := m.journal.deliveries(ctx)
	for _, name := range names {
		known := slices.ContainsFunc(m.members(), func(d *delivery) bool { return d.config.Name == name })
		if !known {
			m.log.Warn("a delivery that does not exist any more has an unfinished batch", "delivery", name)
		}
	}
	return err
}

// Start begins to deliver. The caller must Close.
func (m *Manager) Start() {
	m.changing.Lock()
	defer m.changing.Unlock()
	m.started = true
	ctx, stop := context.WithCancel(context.Background())
	m.stopPruning = stop
	m.pruning.Add(1)
	go m.keepPruning(ctx)
	for _, g := range m.groups {
		g.start()
	}
}

// Close begins no new batch, gives collected messages back to their queues and
// waits for the batches under way. When ctx ends first they are abandoned where
// they are: the next start repeats them. Close the Manager before its stores.
func (m *Manager) Close(ctx context.Context) error {
	m.changing.Lock()
	defer m.changing.Unlock()
	for _, d := range m.members() {
		d.close()
	}
	var errs []error
	for _, g := range m.groups {
		errs = append(errs, g.close(ctx))
	}
	if m.started {
		m.stopPruning()
		m.pruning.Wait()
	}
	m.started = false
	return errors.Join(errs...)
}
