package catalog

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
)

// PendingWrite is a statement that writes files of tables and is not committed.
type PendingWrite struct {
	ID      string
	Objects []FileName // that it may have put
}

// writes knows which statements wrote which objects since the process began:
// the name of each object has the id of its write. Beginnings and ends are
// numbered, so that a view knows which writes were not committed in its moment.
type writes struct {
	mu      sync.Mutex
	clock   uint64
	known   map[string]*writeState // by id; ended ones while a view may need them
	running map[uint64]int         // views by the number at which they began
}

type writeState struct {
	location string
	ended    uint64 // the number of its end; 0 while it is pending
	aborted  bool   // ended without a commit: its objects are deleted
}

// BeginWrite makes a write durable before it puts its first object. location,
// if not "", is a folder that it alone may write to: ErrConflict where another
// pending write has it, or one above or below it.
func (s *Store) BeginWrite(ctx context.Context, id, location string) error {
	if err := checkName("write", id); err != nil {
		return err
	}
	if location != "" {
		location = FolderURI(location)
	}
	return s.change(ctx, func(tx *sql.Tx) (func(), error) {
		if err := s.writes.free(location); err != nil {
			return nil, err
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO catalog_writes (id, location, began_at) VALUES (?, ?, ?)", id, location, nanos(s.now()))
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", id, err)
		}
		return func() { s.writes.begin(id, location) }, nil
	})
}

// AddWriteObjects makes the names of objects durable before they are put, so
// that they can be deleted after a crash.
func (s *Store) AddWriteObjects(ctx context.Context, id string, objects []FileName) error {
	return s.change(ctx, func(tx *sql.Tx) (func(), error) {
		for _, o := range objects {
			_, err := tx.ExecContext(ctx, "INSERT INTO catalog_write_objects (write_id, bucket, key) VALUES (?, ?, ?)", id, o.Bucket, o.Key)
			if err != nil {
				return nil, fmt.Errorf("object %s of write %s: %w", o, id, err)
			}
		}
		return nil, nil
	})
}

// WriteCommit is what becomes visible as a write is committed, all at once.
type WriteCommit struct {
	// Create is a table to make; Update one whose definition is replaced, as
	// UpdateTable does. Into is the table, as it was read, that files were added
	// to. At most one of them is set.
	Create, Update, Into *Table
	Rows                 int64 // that were written
	// Partitions of Create or Into that have files. Those that are not registered
	// become so; one that is must be at the same location.
	Partitions []Partition
}

// CommitWrite ends a write: its objects are part of their tables. A table that
// was dropped or changed since it was read is ErrConflict or ErrNotFound, and
// then the write is still pending. That it is committed stays known until
// ForgetWrites.
func (s *Store) CommitWrite(ctx context.Context, id string, c WriteCommit) error {
	return s.change(ctx, func(tx *sql.Tx) (func(), error) {
		apply, err := s.commitTable(ctx, tx, c)
		if err != nil {
			return nil, err
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM catalog_write_objects WHERE write_id = ?", id); err != nil {
			return nil, fmt.Errorf("write %s: %w", id, err)
		}
		res, err := tx.ExecContext(ctx, "UPDATE catalog_writes SET committed_at = ?, row_count = ?, location = '' WHERE id = ? AND committed_at = 0", nanos(s.now()), c.Rows, id)
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", id, err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return nil, fail(ErrNotFound, "write", id, "it has not begun or has ended")
		}
		return func() {
			apply()
			s.writes.end(id, false)
		}, nil
	})
}

func (s *Store) commitTable(ctx context.Context, tx *sql.Tx, c WriteCommit) (func(), error) {
	switch {
	case c.Create != nil:
		return s.commitCreated(ctx, tx, c)
	case c.Update != nil:
		t, err := normalTable(*c.Update)
		if err != nil {
			return nil, err
		}
		return s.updateTable(ctx, tx, t)
	case c.Into != nil:
		return s.commitInto(ctx, tx, c)
	}
	return func() {}, nil
}

// commitCreated makes the table with its partitions.
func (s *Store) commitCreated(ctx context.Context, tx *sql.Tx, c WriteCommit) (func(), error) {
	t, err := s.newTable(*c.Create)
	if err != nil {
		return nil, err
	}
	e, err := s.insertTable(ctx, tx, t)
	if err != nil {
		return nil, err
	}
	if _, err := s.insertPartitions(ctx, tx, e, c.Partitions, false, s.now()); err != nil {
		return nil, err
	}
	return func() { s.tables[nameOf(t.Database, t.Name)] = e }, nil
}

// commitInto registers the partitions of a table that got files.
func (s *Store) commitInto(ctx context.Context, tx *sql.Tx, c WriteCommit) (func(), error) {
	n := nameOf(c.Into.Database, c.Into.Name)
	e, err := s.entry(n)
	if err != nil {
		return nil, err
	}
	if !sameFiles(e.table, c.Into) {
		return nil, fail(ErrConflict, "table", n.String(), "it was changed while the statement wrote to it")
	}
	fresh, err := s.insertPartitions(ctx, tx, e, c.Partitions, true, s.now())
	if err != nil {
		return nil, err
	}
	for _, p := range c.Partitions {
		if err := partitionAt(ctx, tx, e, p); err != nil {
			return nil, err
		}
	}
	return func() {
		if len(fresh) > 0 {
			s.replacePartitions(e, e.partitions.with(fresh))
		}
	}, nil
}

// sameFiles says whether files that were written for one definition of a table
// are right for another.
func sameFiles(a, b *Table) bool {
	if a.Version == b.Version && a.CreateTime.Equal(b.CreateTime) {
		return true
	}
	return a.Type == b.Type && a.Delivery == b.Delivery && a.CreateTime.Equal(b.CreateTime) && SameLocation(a.Location, b.Location) &&
		a.InputFormat == b.InputFormat && sameJSON(a.SerDe, b.SerDe) && sameJSON(a.Columns, b.Columns) &&
		sameJSON(a.PartitionKeys, b.PartitionKeys) && sameJSON(a.Storage, b.Storage)
}

func sameJSON(a, b any) bool {
	x, err := toJSON(a)
	y, err2 := toJSON(b)
	return err == nil && err2 == nil && x == y
}

// partitionAt refuses a partition that is registered elsewhere than its files
// were written: they would not be read.
func partitionAt(ctx context.Context, tx *sql.Tx, e *tableEntry, p Partition) error {
	var location string
	err := tx.QueryRowContext(ctx, "SELECT location FROM catalog_partitions WHERE table_id = ? AND name = ?", e.id, valuesName(p.Values)).Scan(&location)
	if err != nil {
		return err
	}
	if SameLocation(location, p.Location) {
		return nil
	}
	return fail(ErrConflict, "partition", PartitionName(e.table.PartitionKeys, p.Values), "it was moved while the statement wrote to it")
}

// AbortWrite ends a write whose objects are all deleted.
func (s *Store) AbortWrite(ctx context.Context, id string) error {
	return s.change(ctx, func(tx *sql.Tx) (func(), error) {
		if err := endWrite(ctx, tx, id); err != nil {
			return nil, err
		}
		return func() { s.writes.end(id, true) }, nil
	})
}

func endWrite(ctx context.Context, tx *sql.Tx, id string) error {
	for _, query := range []string{"DELETE FROM catalog_write_objects WHERE write_id = ?", "DELETE FROM catalog_writes WHERE id = ?"} {
		if _, err := tx.ExecContext(ctx, query, id); err != nil {
			return fmt.Errorf("write %s: %w", id, err)
		}
	}
	return nil
}

// PendingWrites returns the writes that have not ended, also those that a crash
// interrupted.
func (s *Store) PendingWrites(ctx context.Context) ([]PendingWrite, error) {
	var out []PendingWrite
	err := s.query(ctx, `SELECT w.id, coalesce(o.bucket, ''), coalesce(o.key, '') FROM catalog_writes w
		LEFT JOIN catalog_write_objects o ON o.write_id = w.id WHERE w.committed_at = 0 ORDER BY w.id, o.bucket, o.key`, func(rows *sql.Rows) error {
		var id string
		var o FileName
		if err := rows.Scan(&id, &o.Bucket, &o.Key); err != nil {
			return err
		}
		if n := len(out); n == 0 || out[n-1].ID != id {
			out = append(out, PendingWrite{ID: id})
		}
		if o.Key != "" {
			last := &out[len(out)-1]
			last.Objects = append(last.Objects, o)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("pending writes: %w", err)
	}
	return out, nil
}

// WriteCommitted says whether a write is committed, also where nobody was told.
func (s *Store) WriteCommitted(ctx context.Context, id string) (bool, error) {
	done, err := s.CommittedWrites(ctx)
	_, ok := done[id]
	return ok, err
}

// CommittedWrites are the committed writes that nobody has forgotten, with their
// numbers of rows.
func (s *Store) CommittedWrites(ctx context.Context) (map[string]int64, error) {
	out := map[string]int64{}
	err := s.query(ctx, "SELECT id, row_count FROM catalog_writes WHERE committed_at <> 0", func(rows *sql.Rows) error {
		var id string
		var n int64
		err := rows.Scan(&id, &n)
		out[id] = n
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("committed writes: %w", err)
	}
	return out, nil
}

// ForgetWrites ends the memory of committed writes, after the ends of their
// statements are recorded.
func (s *Store) ForgetWrites(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	return s.change(ctx, func(tx *sql.Tx) (func(), error) {
		for _, id := range ids {
			if _, err := tx.ExecContext(ctx, "DELETE FROM catalog_writes WHERE id = ? AND committed_at <> 0", id); err != nil {
				return nil, fmt.Errorf("write %s: %w", id, err)
			}
		}
		return nil, nil
	})
}

// loadWrites makes the pending writes of the database those in memory.
func (s *Store) loadWrites(ctx context.Context) error {
	pending := map[string]string{}
	err := s.query(ctx, "SELECT id, location FROM catalog_writes WHERE committed_at = 0", func(rows *sql.Rows) error {
		var id, location string
		if err := rows.Scan(&id, &location); err != nil {
			return err
		}
		pending[id] = location
		return nil
	})
	if err != nil {
		return fmt.Errorf("pending writes: %w", err)
	}
	s.writes.reset(pending)
	return nil
}

// WriteView says which objects are of writes that were not committed in the
// moment of the view. Close it.
type WriteView struct {
	writes *writes
	at     uint64
	once   sync.Once
}

// ViewWrites is taken before a listing of objects, whose uncommitted ones it
// then hides, however the writes go on.
func (s *Store) ViewWrites() *WriteView { return s.writes.view() }

// Any says whether the view hides anything at all.
func (v *WriteView) Any() bool {
	v.writes.mu.Lock()
	defer v.writes.mu.Unlock()
	return len(v.writes.known) > 0
}

// Hides says whether an object is of a write that was not committed in the
// moment of the view.
func (v *WriteView) Hides(key string) bool {
	w := v.writes
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.known) == 0 {
		return false
	}
	name := key[strings.LastIndexByte(key, '/')+1:]
	for id, state := range w.known {
		if (state.ended == 0 || state.aborted || state.ended > v.at) && strings.Contains(name, id) {
			return true
		}
	}
	return false
}

// Close ends the view.
func (v *WriteView) Close() {
	v.once.Do(func() {
		w := v.writes
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.running[v.at]--; w.running[v.at] == 0 {
			delete(w.running, v.at)
		}
		w.forget()
	})
}

func (w *writes) view() *WriteView {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.running == nil {
		w.running = map[uint64]int{}
	}
	w.running[w.clock]++
	return &WriteView{writes: w, at: w.clock}
}

// free says why no write may begin in a folder.
func (w *writes) free(location string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for id, state := range w.known {
		if location == "" || state.location == "" || state.ended != 0 && !state.aborted {
			continue
		}
		if strings.HasPrefix(location, state.location) || strings.HasPrefix(state.location, location) {
			return fail(ErrConflict, "write", id, "it writes to %s", state.location)
		}
	}
	return nil
}

func (w *writes) begin(id, location string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.known == nil {
		w.known = map[string]*writeState{}
	}
	w.clock++
	w.known[id] = &writeState{location: location}
}

func (w *writes) end(id string, aborted bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock++
	if state, ok := w.known[id]; ok {
		state.ended, state.aborted = w.clock, aborted
	}
	w.forget()
}

// forget drops what ended before every view began. The caller holds mu.
func (w *writes) forget() {
	oldest := w.clock
	for at := range w.running {
		oldest = min(oldest, at)
	}
	for id, state := range w.known {
		if state.ended != 0 && state.ended <= oldest {
			delete(w.known, id)
		}
	}
}

// reset makes known what is pending. Writes that are no longer have ended now.
func (w *writes) reset(pending map[string]string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock++
	if w.known == nil {
		w.known = map[string]*writeState{}
	}
	for id, state := range w.known {
		if _, ok := pending[id]; !ok && state.ended == 0 {
			state.ended = w.clock
		}
	}
	for id, location := range pending {
		w.known[id] = &writeState{location: location}
	}
	w.forget()
}
