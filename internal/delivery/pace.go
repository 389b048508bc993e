package delivery

import (
	"context"
	"math"
	"strings"
	"sync"
	"time"
)

// A batch whose rows queries see already need not be in a file soon. It is
// written after max_wait while its partitions have few files, and held longer
// the more often they were written lately, up to max_file_wait: files stay few,
// and each row is merged into larger ones few times.
const (
	// freeFlushes are written after max_wait.
	freeFlushes = 60
	// doubleAfter further ones the time doubles.
	doubleAfter = 8
	// leastHold is where the doubling begins, for a max_wait below it.
	leastHold = time.Second
	// pacedMost bounds the partitions that are remembered.
	pacedMost = 10_000
)

// pace says how long a batch is held. A partition has a level: the files that
// were written into it lately. It falls by one in each max_file_wait.
type pace struct {
	wait, most time.Duration
	now        func() time.Time
	files      func(partition string) int // that a partition has, as a first level

	mu     sync.Mutex
	levels map[string]level // by the partition's values
}

type level struct {
	files float64
	at    time.Time
}

func newPace(c Config, files func(partition string) int) *pace {
	return &pace{wait: c.MaxWait, most: max(c.MaxWait, c.MaxFileWait), now: time.Now, files: files, levels: map[string]level{}}
}

// hold is how long a batch with rows in these partitions is held, from its
// first message on.
func (p *pace) hold(partitions map[string]bool) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	longest := p.wait
	for name := range partitions {
		longest = max(longest, p.after(p.level(name).files))
	}
	return longest
}

// after is how long a batch is held after so many files.
func (p *pace) after(files float64) time.Duration {
	if files < freeFlushes {
		return p.wait
	}
	hold := float64(max(p.wait, leastHold)) * math.Exp2((files-freeFlushes)/doubleAfter)
	if hold >= float64(p.most) {
		return p.most
	}
	return time.Duration(hold)
}

// flushed notes files in these partitions.
func (p *pace) flushed(partitions []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, name := range partitions {
		l := p.level(name)
		l.files++
		p.levels[name] = l
	}
}

// level is the level of a partition now; the caller holds mu.
func (p *pace) level(name string) level {
	now := p.now()
	l, ok := p.levels[name]
	if !ok {
		if len(p.levels) >= pacedMost {
			p.forget(now)
		}
		l = level{float64(p.files(name)), now}
		p.levels[name] = l
	}
	l.files = max(0, l.files-float64(now.Sub(l.at))/float64(p.most))
	l.at = now
	return l
}

// forget makes room: first of what has fallen to nothing, then of the rest.
func (p *pace) forget(now time.Time) {
	for name, l := range p.levels {
		if l.files <= float64(now.Sub(l.at))/float64(p.most) {
			delete(p.levels, name)
		}
	}
	if len(p.levels) >= pacedMost {
		clear(p.levels)
	}
}

// hold is how long the batch is held before it is written. A FIFO queue gives
// no more of a group before what it gave is deleted: it must not wait.
func (d *delivery) hold(c *collected) time.Duration {
	if c.shown == nil || d.fifo.Load() || d.m.pressed() {
		return d.config.MaxWait
	}
	return d.pace.hold(c.shown.written)
}

// pressedFor is how long batches are written at max_wait after the budget of
// messages in memory was used up: those that are held longer have memory that
// others need.
const pressedFor = 2 * time.Second

// reserve takes memory from the budget, or tells all deliveries that there is
// none.
func (d *delivery) reserve(bytes int64) bool {
	if d.m.memory.TryAcquire(bytes) {
		return true
	}
	d.m.pressedAt.Store(time.Now().UnixNano())
	return false
}

// Borrow takes bytes of the memory that messages have, for work that makes room
// for them. It waits until there are so many; at most half of all can be had.
func (m *Manager) Borrow(ctx context.Context, bytes int64) (release func(), err error) {
	bytes = min(bytes, m.budget/2)
	if !m.memory.TryAcquire(bytes) {
		m.pressedAt.Store(time.Now().UnixNano())
		if err := m.memory.Acquire(ctx, bytes); err != nil {
			return nil, err
		}
	}
	return func() { m.memory.Release(bytes) }, nil
}

func (m *Manager) pressed() bool {
	return time.Since(time.Unix(0, m.pressedAt.Load())) < pressedFor
}

// filesOf is how many files a partition of the table has.
func (d *delivery) filesOf(partition string) int {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if partition == "" {
		files, err := d.m.catalog.Files(ctx, d.config.Database, d.config.Table, nil)
		if err != nil {
			return 0 // it is written sooner than it need be
		}
		return len(files)
	}
	found, err := d.m.catalog.Partition(ctx, d.config.Database, d.config.Table, strings.Split(partition, "\x00"))
	if err != nil {
		return 0
	}
	return int(found.Files)
}
