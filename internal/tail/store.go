package tail

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/scopsdb/scops/internal/formats/record"
)

// Complete tells up to when a table is complete: every event whose send was
// answered before that time is in its files, in its tail, or rejected.
type Complete func(ctx context.Context) (time.Time, error)

// Store is the tails of all tables. It is safe for concurrent use. Its locks
// are taken after the catalog's.
type Store struct {
	mu     sync.RWMutex
	tables map[string]*table
}

type table struct {
	batches  []*Batch // unretired, oldest first
	complete Complete
}

// New returns a store without rows.
func New() *Store { return &Store{tables: map[string]*table{}} }

func key(database, name string) string {
	return strings.ToLower(database) + "." + strings.ToLower(name)
}

// table returns what is kept of a table; the caller holds mu.
func (s *Store) table(database, name string) *table {
	k := key(database, name)
	t := s.tables[k]
	if t == nil {
		t = &table{}
		s.tables[k] = t
	}
	return t
}

// Watch says who tells up to when a table is complete; nil ends that.
func (s *Store) Watch(database, name string, c Complete) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.table(database, name).complete = c
}

// CompleteUpTo is what the table's watcher tells; zero where there is none.
// What it says holds for every Snapshot that begins after it returned.
func (s *Store) CompleteUpTo(ctx context.Context, database, name string) (time.Time, error) {
	s.mu.RLock()
	var c Complete
	if t := s.tables[key(database, name)]; t != nil {
		c = t.complete
	}
	s.mu.RUnlock()
	if c == nil {
		return time.Time{}, nil
	}
	return c(ctx)
}

// Open begins the rows of a batch. Queries see each from its Append on.
func (s *Store) Open(database, name string, columns []record.Column) *Batch {
	b := s.Prepare(database, name, columns)
	b.Replace(nil)
	return b
}

// Prepare begins the rows of a batch that queries do not see before Replace.
func (s *Store) Prepare(database, name string, columns []record.Column) *Batch {
	return &Batch{store: s, table: key(database, name), columns: columns, partitions: map[string]*Partition{}}
}

// replace puts a batch in the place of old in one moment.
func (s *Store) replace(b, old *Batch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tables[b.table]
	if t == nil {
		t = &table{}
		s.tables[b.table] = t
	}
	t.batches = append(without(t.batches, old), b)
}

func without(batches []*Batch, b *Batch) []*Batch {
	return slices.DeleteFunc(slices.Clone(batches), func(o *Batch) bool { return o == b })
}

// retire takes a batch out.
func (s *Store) retire(b *Batch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.tables[b.table]; t != nil {
		t.batches = without(t.batches, b)
	}
}

// Snapshot returns the rows of a table as they are now. They stay as they are,
// whatever happens to the tail.
func (s *Store) Snapshot(database, name string) []Rows {
	s.mu.RLock()
	var batches []*Batch
	if t := s.tables[key(database, name)]; t != nil {
		batches = t.batches
	}
	var out []Rows
	for _, b := range batches { // under mu: no batch retires between two of them
		if r := b.snapshot(); len(r.Segments) > 0 {
			out = append(out, r)
		}
	}
	s.mu.RUnlock()
	return out
}
