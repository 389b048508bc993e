package crawler

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/sqlite"
)

// Options are what crawlers work on.
type Options struct {
	DB      *sqlite.DB
	Catalog *catalog.Store
	Objects objects.Store
	Log     *slog.Logger
	Now     func() time.Time
}

// Manager keeps crawlers and runs them. It is safe for concurrent use.
type Manager struct {
	Options
	store *store
	watch *watch

	mu          sync.Mutex
	crawlers    map[string]*Crawler
	classifiers map[string]*Classifier
	running     map[string]*active
	closed      bool

	runs   sync.WaitGroup
	change chan struct{} // a schedule changed
	stop   context.CancelFunc
}

// active is a run under way.
type active struct {
	run      *Run
	cancel   context.CancelFunc
	stopping bool
	done     chan struct{}
}

// Open reads what is kept. Runs that a stop of the process ended are failed.
func Open(ctx context.Context, o Options) (*Manager, error) {
	s, err := openStore(ctx, o.DB)
	if err != nil {
		return nil, err
	}
	m := &Manager{Options: o, store: s, running: map[string]*active{}, change: make(chan struct{}, 1)}
	m.watch = newWatch(m)
	if m.crawlers, err = definitions[Crawler](ctx, s, "crawler_crawlers"); err != nil {
		return nil, err
	}
	if m.classifiers, err = definitions[Classifier](ctx, s, "crawler_classifiers"); err != nil {
		return nil, err
	}
	return m, m.failInterrupted(ctx)
}

func (m *Manager) failInterrupted(ctx context.Context) error {
	runs, err := m.store.runs(ctx, "")
	if err != nil {
		return err
	}
	for _, r := range runs {
		if r.State != RunRunning {
			continue
		}
		r.State, r.End, r.Error = RunFailed, m.Now().UTC(), "scops stopped while the crawler ran"
		if err := m.store.putRun(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// Start begins to follow schedules and what is written.
func (m *Manager) Start() {
	ctx, cancel := context.WithCancel(context.Background())
	m.stop = cancel
	m.runs.Go(func() { m.follow(ctx) })
	m.runs.Go(func() { m.watch.follow(ctx) })
}

// Close stops all runs and waits for their end.
func (m *Manager) Close(ctx context.Context) error {
	m.mu.Lock()
	m.closed = true
	for _, a := range m.running {
		a.cancel()
	}
	m.mu.Unlock()
	if m.stop != nil {
		m.stop()
	}
	done := make(chan struct{})
	go func() { m.runs.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Create keeps a new crawler.
func (m *Manager) Create(ctx context.Context, c Crawler) error {
	if err := m.check(&c); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.crawlers[c.Name]; ok {
		return fail(ErrAlreadyExists, "Crawler with name %s already exists", c.Name)
	}
	if err := m.haveClassifiers(&c); err != nil {
		return err
	}
	c.Created, c.Version, c.Scheduled = m.Now().UTC(), 1, c.Schedule != ""
	c.Updated = c.Created
	return m.keep(ctx, &c)
}

// keep writes a crawler down; the caller holds mu.
func (m *Manager) keep(ctx context.Context, c *Crawler) error {
	if err := m.store.put(ctx, "crawler_crawlers", c.Name, c); err != nil {
		return err
	}
	m.crawlers[c.Name] = c
	select {
	case m.change <- struct{}{}:
	default:
	}
	return nil
}

// Change changes a crawler that does not run.
func (m *Manager) Change(ctx context.Context, name string, change func(*Crawler)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	old, ok := m.crawlers[name]
	if !ok {
		return noCrawler(name)
	}
	if m.running[name] != nil {
		return running(name)
	}
	c := *old
	change(&c)
	if err := m.check(&c); err != nil {
		return err
	}
	if err := m.haveClassifiers(&c); err != nil {
		return err
	}
	if c.Schedule != old.Schedule {
		c.Scheduled = c.Schedule != ""
	}
	c.Updated = m.Now().UTC()
	c.Version++
	return m.keep(ctx, &c)
}

func running(name string) error {
	return fail(ErrRunning, "Crawler with name %s has already started", name)
}

// Delete forgets a crawler that does not run. The tables that it made stay.
func (m *Manager) Delete(ctx context.Context, name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.crawlers[name]; !ok {
		return noCrawler(name)
	}
	if m.running[name] != nil {
		return running(name)
	}
	if err := m.store.forget(ctx, name); err != nil {
		return err
	}
	delete(m.crawlers, name)
	return nil
}

// The states of a crawler.
const (
	StateReady    = "READY"
	StateRunning  = "RUNNING"
	StateStopping = "STOPPING"
)

// Status is a crawler and what it does.
type Status struct {
	Crawler
	State   string
	Elapsed time.Duration // of the run under way
	Last    *Run          // that ended; nil before the first
}

// Get returns one crawler.
func (m *Manager) Get(ctx context.Context, name string) (Status, error) {
	m.mu.Lock()
	c, ok := m.crawlers[name]
	m.mu.Unlock()
	if !ok {
		return Status{}, noCrawler(name)
	}
	return m.status(ctx, c)
}

func (m *Manager) status(ctx context.Context, c *Crawler) (Status, error) {
	s := Status{Crawler: *c, State: StateReady}
	m.mu.Lock()
	if a := m.running[c.Name]; a != nil {
		s.State, s.Elapsed = StateRunning, m.Now().Sub(a.run.Start)
		if a.stopping {
			s.State = StateStopping
		}
	}
	m.mu.Unlock()
	runs, err := m.store.runs(ctx, c.Name)
	for _, r := range runs {
		if r.State != RunRunning {
			s.Last = r
			break
		}
	}
	return s, err
}

// Crawlers returns all crawlers by name.
func (m *Manager) Crawlers(ctx context.Context) ([]Status, error) {
	m.mu.Lock()
	all := slices.SortedFunc(maps.Values(m.crawlers), func(a, b *Crawler) int { return cmp.Compare(a.Name, b.Name) })
	m.mu.Unlock()
	out := make([]Status, len(all))
	for i, c := range all {
		var err error
		if out[i], err = m.status(ctx, c); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Runs returns the runs of a crawler, the newest first.
func (m *Manager) Runs(ctx context.Context, name string) ([]*Run, error) {
	if _, err := m.Get(ctx, name); err != nil {
		return nil, err
	}
	return m.store.runs(ctx, name)
}

// Run starts a run.
func (m *Manager) Run(ctx context.Context, name string) error {
	_, err := m.begin(ctx, name)
	return err
}

func (m *Manager) begin(ctx context.Context, name string) (*active, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.crawlers[name]
	if !ok {
		return nil, noCrawler(name)
	}
	if a := m.running[name]; a != nil {
		return nil, running(name)
	}
	if m.closed {
		return nil, context.Canceled
	}
	custom := m.customOf(c)
	record := &Run{ID: uuid.NewString(), Crawler: name, State: RunRunning, Start: m.Now().UTC()}
	if err := m.store.putRun(ctx, record); err != nil {
		return nil, err
	}
	runCtx, cancel := context.WithCancel(context.Background())
	a := &active{run: record, cancel: cancel, done: make(chan struct{})}
	m.running[name] = a
	m.runs.Go(func() { m.work(runCtx, c, custom, a) })
	return a, nil
}

// customOf are the classifiers of a crawler that are there still; the caller holds
// mu.
func (m *Manager) customOf(c *Crawler) []Classifier {
	var out []Classifier
	for _, name := range c.Classifiers {
		if custom := m.classifiers[name]; custom != nil {
			out = append(out, *custom)
		}
	}
	return out
}

// work runs a crawler and keeps how that ended.
func (m *Manager) work(ctx context.Context, c *Crawler, custom []Classifier, a *active) {
	defer close(a.done)
	defer a.cancel()
	r, err := newRun(c, custom, m.store, m.Catalog, m.Objects, m.Now())
	if err == nil {
		err = m.crawl(ctx, r)
		a.run.Changes, a.run.Listed = *r.changes, r.Listed
	}
	a.run.State, a.run.End = RunCompleted, m.Now().UTC()
	switch {
	case errors.Is(err, context.Canceled):
		a.run.State = RunStopped
	case err != nil:
		a.run.State, a.run.Error = RunFailed, err.Error()
		m.Log.Error("crawler failed", "crawler", c.Name, "error", err)
	}
	if err := m.store.putRun(context.WithoutCancel(ctx), a.run); err != nil {
		m.Log.Error("the end of a crawl cannot be written down", "crawler", c.Name, "error", err)
	}
	m.mu.Lock()
	delete(m.running, c.Name)
	m.mu.Unlock()
}

func (m *Manager) crawl(ctx context.Context, r *run) error {
	view := m.Catalog.ViewWrites()
	defer view.Close()
	r.store = visible{r.store, view}
	err := m.Catalog.CreateDatabase(ctx, catalog.Database{Name: r.crawler.Database}, true)
	if err != nil {
		return err
	}
	return r.all(ctx)
}

// Stop ends the run of a crawler. What it has done stays.
func (m *Manager) Stop(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.crawlers[name]; !ok {
		return noCrawler(name)
	}
	a := m.running[name]
	switch {
	case a == nil:
		return fail(ErrNotRunning, "Crawler with name %s isn't running", name)
	case a.stopping:
		return fail(ErrStopping, "Crawler with name %s is stopping", name)
	}
	a.stopping = true
	a.cancel()
	return nil
}

// Await runs a crawler and returns how that ended. A run under way is awaited
// instead.
func (m *Manager) Await(ctx context.Context, name string) (*Run, error) {
	a, err := m.begin(ctx, name)
	if errors.Is(err, ErrRunning) {
		m.mu.Lock()
		a, err = m.running[name], nil
		m.mu.Unlock()
	}
	if err != nil || a == nil {
		return nil, err
	}
	select {
	case <-a.done:
		return a.run, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
