package catalog

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"
	"time"
)

// reads knows which queries began before which files left their table: the
// objects of those must stay. Replacements are numbered; a query keeps the
// number of the last one before it began.
type reads struct {
	mu      sync.Mutex
	epoch   uint64
	running map[uint64]int      // queries by the number at which they began
	left    map[FileName]uint64 // the number at which a file left its table, since the start
}

// BeginRead says that a query begins to look up files. Files that it finds stay
// until it has called end, also where other files take their place meanwhile.
func (s *Store) BeginRead() (end func()) {
	r := &s.reads
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running == nil {
		r.running = map[uint64]int{}
	}
	epoch := r.epoch
	r.running[epoch]++
	var once sync.Once
	return func() {
		once.Do(func() {
			r.mu.Lock()
			defer r.mu.Unlock()
			if r.running[epoch]--; r.running[epoch] == 0 {
				delete(r.running, epoch)
			}
		})
	}
}

// Reading reports how many queries run.
func (s *Store) Reading() int {
	s.reads.mu.Lock()
	defer s.reads.mu.Unlock()
	n := 0
	for _, count := range s.reads.running {
		n += count
	}
	return n
}

// removed notes files that leave their table. The caller holds the store's mu,
// so that no query can begin now and still find them.
func (r *reads) removed(files []FileName) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.left == nil {
		r.left = map[FileName]uint64{}
	}
	r.epoch++
	for _, f := range files {
		r.left[f] = r.epoch
	}
}

// held reports whether a query that runs may have found the file. Files that
// left before the process began are in no query.
func (r *reads) held(f FileName) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for epoch := range r.running {
		if epoch < r.left[f] {
			return true
		}
	}
	return false
}

func (r *reads) forget(files []FileName) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range files {
		delete(r.left, f)
	}
}

// RemovedFiles returns the files that replacements have taken out of tables at
// or before a time, whose objects may be deleted now: no query that runs has
// them, and no table.
func (s *Store) RemovedFiles(ctx context.Context, before time.Time) ([]FileName, error) {
	var out []FileName
	err := s.query(ctx, `SELECT bucket, key FROM catalog_removed_files r WHERE removed_at <= ?
		AND NOT EXISTS (SELECT 1 FROM catalog_files f WHERE f.bucket = r.bucket AND f.key = r.key) ORDER BY bucket, key`, func(rows *sql.Rows) error {
		var f FileName
		if err := rows.Scan(&f.Bucket, &f.Key); err != nil {
			return err
		}
		out = append(out, f)
		return nil
	}, nanos(before))
	if err != nil {
		return nil, fmt.Errorf("removed files: %w", err)
	}
	return slices.DeleteFunc(out, s.reads.held), nil
}

// Remember adds files that no table has any more to the removed ones, for the
// same reason, as of a time: a query that runs may have them.
func (s *Store) Remember(ctx context.Context, files []FileName, at time.Time) error {
	return s.change(ctx, func(tx *sql.Tx) (func(), error) {
		for _, f := range files {
			_, err := tx.ExecContext(ctx, "INSERT INTO catalog_removed_files (bucket, key, replacement, removed_at) VALUES (?, ?, '', ?) ON CONFLICT DO NOTHING", f.Bucket, f.Key, nanos(at))
			if err != nil {
				return nil, fmt.Errorf("file %s: %w", f, err)
			}
		}
		return func() { s.reads.removed(files) }, nil
	})
}

// ForgetRemoved ends the memory of removed files, after their objects are
// deleted.
func (s *Store) ForgetRemoved(ctx context.Context, files []FileName) error {
	if len(files) == 0 {
		return nil
	}
	return s.change(ctx, func(tx *sql.Tx) (func(), error) {
		for _, f := range files {
			if _, err := tx.ExecContext(ctx, "DELETE FROM catalog_removed_files WHERE bucket = ? AND key = ?", f.Bucket, f.Key); err != nil {
				return nil, fmt.Errorf("file %s: %w", f, err)
			}
		}
		return func() { s.reads.forget(files) }, nil
	})
}
