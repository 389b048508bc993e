package catalog

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	"github.com/scopsdb/scops/internal/sqlite"
)

//go:embed migrations/*.sql
var migrations embed.FS

// defaultCacheLimit bounds the partitions and files held in memory, counted
// together (about 300 bytes each).
const defaultCacheLimit = 1_000_000

// Store is the catalog of one data folder. It is safe for concurrent use, and
// the only writer of its tables in catalog.db: what it read once it answers
// from memory.
//
// Lock order: changing, then mu. changing is held over a whole change
// (transaction, then memory), so that memory follows the database in order and
// a load from the database cannot miss a change. mu guards the maps alone and
// is never held over a read of the database.
type Store struct {
	db         *sqlite.DB
	now        func() time.Time
	cacheLimit int

	changing  sync.Mutex
	mu        sync.RWMutex
	databases map[string]Database
	tables    map[tableName]*tableEntry
	clock     atomic.Int64  // ticks with every use of a table's cache, for eviction
	shapes    atomic.Uint64 // numbers partition lists
	stale     atomic.Bool   // a commit failed half-way: memory must be read again
	reads     reads
	writes    writes
	unsure    []Batch // those whose commit failed half-way; under changing
}

type tableName struct{ database, table string }

func (n tableName) String() string { return n.database + "." + n.table }

// tableEntry is a table in memory. Its definition is always there, partitions
// and files once they were asked for. All that it points to is immutable: a
// change puts a new value in its place.
type tableEntry struct {
	id         int64
	table      *Table
	partitions *PartitionSet         // nil until loaded
	shape      uint64                // of the partitions, also of those not loaded; 0 is not known
	files      map[string][]DataFile // by the partition's values name; only loaded ones
	allFiles   bool                  // every partition that has files is in files
	fileCount  int
	used       atomic.Int64

	errorFiles   []DataFile // with rejected records, oldest first
	errorsLoaded bool
}

// Open returns the catalog kept in db, after its migrations.
func Open(db *sqlite.DB) (*Store, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	if err := db.Migrate(ctx, "catalog", files); err != nil {
		return nil, err
	}
	s := &Store{db: db, now: time.Now, cacheLimit: defaultCacheLimit}
	if err := s.reload(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// reload reads all definitions into memory and forgets all else.
func (s *Store) reload(ctx context.Context) error {
	databases := map[string]Database{}
	tables := map[tableName]*tableEntry{}
	err := s.query(ctx, "SELECT name, definition FROM catalog_databases", func(rows *sql.Rows) error {
		var name, definition string
		var d Database
		if err := rows.Scan(&name, &definition); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(definition), &d); err != nil {
			return fmt.Errorf("database %s: %w", name, err)
		}
		databases[name] = d
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the catalog: %w", err)
	}
	err = s.query(ctx, "SELECT id, database_name, name, version, delivery, definition FROM catalog_tables", func(rows *sql.Rows) error {
		var n tableName
		var definition string
		e := &tableEntry{table: &Table{}}
		var version int64
		var delivery string
		if err := rows.Scan(&e.id, &n.database, &n.table, &version, &delivery, &definition); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(definition), e.table); err != nil {
			return fmt.Errorf("table %s: %w", n, err)
		}
		e.table.Version, e.table.Delivery = version, delivery
		tables[n] = e
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the catalog: %w", err)
	}
	committed, err := s.unsureCommitted(ctx)
	if err != nil {
		return err
	}
	if err := s.loadWrites(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	s.databases, s.tables = databases, tables
	for _, b := range committed {
		b.Applied()
	}
	s.mu.Unlock()
	s.unsure = nil
	s.stale.Store(false)
	return nil
}

// fresh makes sure that memory is what the database holds.
func (s *Store) fresh(ctx context.Context) error {
	if !s.stale.Load() {
		return nil
	}
	s.changing.Lock()
	defer s.changing.Unlock()
	return s.freshLocked(ctx)
}

func (s *Store) freshLocked(ctx context.Context) error {
	if !s.stale.Load() {
		return nil
	}
	return s.reload(ctx)
}

// change runs fn in one durable transaction, then apply, which fn returns, on
// memory. fn may read the maps freely: only changes write them.
func (s *Store) change(ctx context.Context, fn func(tx *sql.Tx) (apply func(), err error)) error {
	return s.changeUnsure(ctx, nil, fn)
}

// changeUnsure is change for a batch whose Applied must be called also where
// the commit fails half-way and turns out to have happened.
func (s *Store) changeUnsure(ctx context.Context, b *Batch, fn func(tx *sql.Tx) (apply func(), err error)) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	if err := s.freshLocked(ctx); err != nil {
		return err
	}
	tx, err := s.db.Write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("catalog: %w", err)
	}
	apply, err := fn(tx)
	if err != nil {
		tx.Rollback() //nolint:errcheck // the first error is the one to tell
		return err
	}
	if err := tx.Commit(); err != nil {
		if b != nil && b.Applied != nil {
			s.unsure = append(s.unsure, *b)
		}
		s.stale.Store(true) // it may or may not have happened
		return fmt.Errorf("catalog: commit: %w", err)
	}
	if apply != nil {
		s.mu.Lock()
		apply()
		s.mu.Unlock()
	}
	return nil
}

func (s *Store) query(ctx context.Context, query string, each func(*sql.Rows) error, args ...any) error {
	rows, err := s.db.Read.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// entry returns a table in memory; the caller holds changing or mu.
func (s *Store) entry(n tableName) (*tableEntry, error) {
	e, ok := s.tables[n]
	if ok {
		return e, nil
	}
	if _, ok := s.databases[n.database]; !ok {
		return nil, &Error{Kind: ErrNotFound, Item: "database", Name: n.database}
	}
	return nil, &Error{Kind: ErrNotFound, Item: "table", Name: n.String()}
}

func nameOf(database, table string) tableName {
	return tableName{lowerName(database), lowerName(table)}
}

func toJSON(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// nanos and fromNanos keep times in the database; the zero time is 0.
func nanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

func fromNanos(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}
