package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"
)

// FileName names an object.
type FileName struct{ Bucket, Key string }

// Name returns the object that holds the file.
func (f DataFile) Name() FileName { return FileName{f.Bucket, f.Key} }

// String returns the object's URI.
func (n FileName) String() string { return "s3://" + n.Bucket + "/" + n.Key }

// Replacement puts files of one partition in the place of others that hold the
// same rows.
type Replacement struct {
	ID        string // of its own; the same id again changes nothing
	Delivery  string // that the table must belong to
	Database  string
	Table     string
	Partition []string // values; empty for a table without partition keys
	Removed   []FileName
	Added     []DataFile // their Partition is the replacement's
	At        time.Time  // zero for now
}

// ReplaceFiles takes files out of a table and puts others in, in one
// transaction that is on disk when it returns. Queries see either the removed
// files or the added ones. The removed ones are remembered (see RemovedFiles):
// their objects are for the caller to delete.
//
// A replacement that has happened is no error and changes nothing, for as long
// as one of its files is remembered. ErrConflict: a file to be removed is not in
// the table, or the table is another delivery's. ErrInvalid: the numbers of
// rows differ.
func (s *Store) ReplaceFiles(ctx context.Context, r Replacement) error {
	if r.ID == "" || len(r.Removed) == 0 {
		return fail(ErrInvalid, "replacement", r.ID, "it needs an id and files to remove")
	}
	n := nameOf(r.Database, r.Table)
	if r.At.IsZero() {
		r.At = s.now()
	}
	r.Added = slices.Clone(r.Added)
	for i := range r.Added {
		r.Added[i].Partition = r.Partition
	}
	return s.change(ctx, func(tx *sql.Tx) (func(), error) {
		var happened bool
		err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM catalog_removed_files WHERE replacement = ?)", r.ID).Scan(&happened)
		if err != nil || happened {
			return nil, err
		}
		e, err := s.entry(n)
		if err != nil {
			return nil, err
		}
		if e.table.Delivery != r.Delivery {
			return nil, fail(ErrConflict, "table", n.String(), "its files belong to delivery %q, not %q", e.table.Delivery, r.Delivery)
		}
		rows, size, err := removeFiles(ctx, tx, e, r)
		if err != nil {
			return nil, err
		}
		for _, f := range r.Added {
			rows -= f.Rows
		}
		if rows != 0 {
			return nil, fail(ErrInvalid, "replacement", r.ID, "the files that it adds hold %d rows fewer than those that it removes", rows)
		}
		groups, err := s.insertFiles(ctx, tx, e, r.Added, r.At)
		if err != nil {
			return nil, err
		}
		if len(e.table.PartitionKeys) > 0 {
			if err := countFiles(ctx, tx, e, r.Partition, -len(r.Removed), -size); err != nil {
				return nil, err
			}
		}
		return func() { s.applyReplacement(e, r, size, groups) }, nil
	})
}

// Replaced reports whether a replacement has happened, for as long as one of its
// files is remembered.
func (s *Store) Replaced(ctx context.Context, id string) (bool, error) {
	var yes bool
	err := s.db.Read.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM catalog_removed_files WHERE replacement = ?)", id).Scan(&yes)
	if err != nil {
		return false, fmt.Errorf("replacement %s: %w", id, err)
	}
	return yes, nil
}

// removeFiles takes files out of the table's list and remembers them. It returns
// their rows and bytes.
func removeFiles(ctx context.Context, tx *sql.Tx, e *tableEntry, r Replacement) (rows, size int64, err error) {
	for _, f := range r.Removed {
		var n, bytes int64
		err := tx.QueryRowContext(ctx, "DELETE FROM catalog_files WHERE table_id = ? AND partition = ? AND bucket = ? AND key = ? RETURNING row_count, size", e.id, valuesName(r.Partition), f.Bucket, f.Key).Scan(&n, &bytes)
		if errors.Is(err, sql.ErrNoRows) {
			return 0, 0, fail(ErrConflict, "file", f.String(), "it is not in table %s.%s (any more)", e.table.Database, e.table.Name)
		}
		if err != nil {
			return 0, 0, err
		}
		rows, size = rows+n, size+bytes
		_, err = tx.ExecContext(ctx, "INSERT INTO catalog_removed_files (bucket, key, replacement, removed_at) VALUES (?, ?, ?, ?)", f.Bucket, f.Key, r.ID, nanos(r.At))
		if err != nil {
			return 0, 0, fmt.Errorf("file %s: %w", f, err)
		}
	}
	return rows, size, nil
}

// applyReplacement brings a replacement into memory; the caller holds mu.
func (s *Store) applyReplacement(e *tableEntry, r Replacement, size int64, groups map[string]*fileGroup) {
	s.reads.removed(r.Removed)
	name := valuesName(r.Partition)
	if old, loaded := e.files[name]; loaded {
		gone := map[FileName]bool{}
		for _, f := range r.Removed {
			gone[f] = true
		}
		kept := make([]DataFile, 0, len(old)) // old is shared
		for _, f := range old {
			if !gone[f.Name()] {
				kept = append(kept, f)
			}
		}
		e.fileCount -= len(old) - len(kept)
		e.files[name] = kept
	}
	s.applyBatch(e, nil, groups) // the partitions are a set of its own now
	if set := e.partitions; set != nil {
		if i, ok := set.find(r.Partition); ok {
			set.List[i].Files -= int64(len(r.Removed))
			set.List[i].Bytes -= size
		}
	}
}
