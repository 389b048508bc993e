package compaction

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/sqlite"
)

// tick is how often the compactor looks for work.
const tick = time.Second

// Table is what a delivery says about the files of its table.
type Table struct {
	TargetFileSize int64    // bytes; 0 is the Config's
	SortBy         []string // columns
}

// Options are the parts that a Compactor works with.
type Options struct {
	Catalog *catalog.Store
	Objects objects.Store
	DB      *sqlite.DB // for the journal
	TempDir string     // for files that are being written
	Log     *slog.Logger
	Now     func() time.Time // nil: time.Now
	// Table tells what a delivery asks for; nil for nothing. It may be asked at
	// any time.
	Table func(delivery string) Table
	// Busy says that deliveries lag: merges then go slower. nil is never.
	Busy func() bool
	// Borrow takes memory, in bytes, from what messages and merges have together;
	// nil is for the asking.
	Borrow func(ctx context.Context, bytes int64) (release func(), err error)
}

// Compactor merges files, one merge at a time. Its methods are safe for
// concurrent use.
type Compactor struct {
	config  Config
	catalog *catalog.Store
	objects objects.Store
	journal *journal
	tempDir string
	log     *slog.Logger
	now     func() time.Time
	newID   func() string
	table   func(delivery string) Table
	pace    *pace
	borrow  func(ctx context.Context, bytes int64) (release func(), err error)
	tier    int // of tests: less than tier

	working   sync.Mutex // held over each piece of work; guards what follows
	looks     map[string]*look
	unsettled []*job         // begun, and not known to have happened
	pending   []*publication // in order of their making

	stop context.CancelFunc
	done chan struct{}

	mu     sync.Mutex
	status map[string]*TableStatus // by database.table

	hook func(step string) error // of tests: stops at a step
}

// errCrash is how tests stop a merge in the middle of a step.
var errCrash = errors.New("crash")

// Open opens the journal and finishes or undoes what the last run left. Errors
// of the configuration name the field. Call Start, then Close before the stores.
func Open(ctx context.Context, o Options, config Config) (*Compactor, error) {
	if err := config.Validate(); err != nil {
		return nil, err
	}
	c := &Compactor{
		config: config.withDefaults(), catalog: o.Catalog, objects: o.Objects, tempDir: o.TempDir, tier: tier,
		log: o.Log, now: o.Now, table: o.Table, borrow: o.Borrow,
		newID:  func() string { return uuid.Must(uuid.NewV7()).String() },
		looks:  map[string]*look{},
		status: map[string]*TableStatus{},
	}
	if c.log == nil {
		c.log = slog.Default()
	}
	if c.now == nil {
		c.now = time.Now
	}
	if c.borrow == nil {
		c.borrow = unbounded
	}
	if c.table == nil {
		c.table = func(string) Table { return Table{} }
	}
	c.pace = newPace(c.config.MaxBytesPerSecond, func() bool {
		return c.catalog.Reading() > 0 || o.Busy != nil && o.Busy()
	})
	var err error
	if c.journal, err = openJournal(ctx, o.DB); err != nil {
		return nil, err
	}
	return c, c.recover(ctx)
}

// recover takes up the publications of the last run and settles its merges.
func (c *Compactor) recover(ctx context.Context) (err error) {
	if c.pending, err = c.journal.publications(ctx); err != nil {
		return err
	}
	if c.unsettled, err = c.journal.merges(ctx); err != nil {
		return err
	}
	if err := c.settle(ctx); err != nil {
		return fmt.Errorf("a merge of the last run cannot be settled: %w", err)
	}
	return nil
}

// Start begins to look for work.
func (c *Compactor) Start() {
	ctx, stop := context.WithCancel(context.Background())
	c.stop, c.done = stop, make(chan struct{})
	go func() {
		defer close(c.done)
		t := time.NewTicker(tick)
		defer t.Stop()
		for {
			c.Run(ctx)
			select {
			case <-ctx.Done():
				return
			case <-t.C:
			}
		}
	}()
}

// Close ends the merge under way, undoes it and returns. The next start would
// undo it as well.
func (c *Compactor) Close(ctx context.Context) error {
	if c.stop == nil {
		return nil
	}
	c.stop()
	select {
	case <-c.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Run does all that is due now: publications, deletions, merges until there are
// none. Failures are logged and counted, and tried again at the next Run.
func (c *Compactor) Run(ctx context.Context) {
	for ctx.Err() == nil {
		merged, err := c.once(ctx)
		if err != nil && ctx.Err() == nil && !errors.Is(err, errCrash) {
			c.log.Warn("compaction cannot go on and tries again", "error", err)
		}
		if !merged || errors.Is(err, errCrash) {
			return
		}
	}
}

// once finishes what is due and does the most urgent merge, if there is one.
func (c *Compactor) once(ctx context.Context) (merged bool, err error) {
	c.working.Lock()
	defer c.working.Unlock()
	if err := c.settle(ctx); err != nil {
		return false, err
	}
	// What fails of one table must not hold up the others.
	err = c.retire(ctx)
	if c.config.Disabled || errors.Is(err, errCrash) {
		return false, err
	}
	found, ferr := c.find(ctx, c.now())
	if err = errors.Join(err, ferr); found == nil {
		return false, err
	}
	return true, errors.Join(err, c.merge(ctx, found))
}

// step lets tests stop at a boundary.
func (c *Compactor) step(name string) error {
	if c.hook == nil {
		return nil
	}
	return c.hook(name)
}
