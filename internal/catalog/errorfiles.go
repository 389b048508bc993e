package catalog

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// errorsSuffix names the hidden table of a delivered table's rejected records,
// as Trino names hidden tables: "orders$errors".
const errorsSuffix = "$errors"

// ErrorsName is the name of the hidden table of a table's rejected records.
func ErrorsName(table string) string { return table + errorsSuffix }

// withErrors takes the name of such a table apart.
func withErrors(name string) (table string, ok bool) {
	return strings.CutSuffix(lowerName(name), errorsSuffix)
}

// OfErrors says whether this is the hidden table of a table's rejected records.
func (t *Table) OfErrors() bool {
	_, yes := withErrors(t.Name)
	return yes
}

// errorColumns are the members of the records that a delivery writes.
var errorColumns = []Column{
	{Name: "body", Type: "string", Comment: "the event as it was sent; in base64 where body_encoding says so"},
	{Name: "reason", Type: "string"},
	{Name: "position", Type: "bigint", Comment: "byte offset in the body, where one is known"},
	{Name: "message_id", Type: "string"},
	{Name: "sent_at", Type: "timestamp", Comment: "UTC"},
	{Name: "rejected_at", Type: "timestamp", Comment: "UTC"},
	{Name: "delivery", Type: "string"},
	{Name: "batch_id", Type: "string"},
	{Name: "body_encoding", Type: "string", Comment: "base64, or NULL"},
	{Name: "resent_at", Type: "timestamp", Comment: "UTC; NULL where it was not sent again"},
	{Name: "resent_message_id", Type: "string", Comment: "of the event that was sent in its place"},
}

// errorsTable is the hidden table of a delivered table. It cannot be changed.
func errorsTable(of *Table) *Table {
	return &Table{
		Database: of.Database, Name: ErrorsName(of.Name), Type: of.Type,
		Description: "Events that the delivery " + of.Delivery + " could not make rows of " + of.Name + " of",
		Columns:     errorColumns, Delivery: of.Delivery, Version: of.Version, CreateTime: of.CreateTime, UpdateTime: of.UpdateTime,
		InputFormat:  "org.apache.hadoop.mapred.TextInputFormat",
		OutputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
		SerDe:        SerDe{Library: "org.openx.data.jsonserde.JsonSerDe"},
	}
}

// hiddenTable returns the table of rejected records of that name; the caller
// holds changing or mu.
func (s *Store) hiddenTable(database, name string) (*Table, error) {
	e, err := s.errorsEntry(database, name)
	if err != nil {
		return nil, err
	}
	return errorsTable(e.table), nil
}

// errorsEntry returns the table whose rejected records a name means.
func (s *Store) errorsEntry(database, name string) (*tableEntry, error) {
	n := nameOf(database, name)
	base, _ := withErrors(name)
	e, err := s.entry(nameOf(database, base))
	if err != nil || e.table.Delivery == "" {
		return nil, &Error{Kind: ErrNotFound, Item: "table", Name: n.String()}
	}
	return e, nil
}

// insertErrors writes the objects with a batch's rejected records.
func insertErrors(ctx context.Context, tx *sql.Tx, e *tableEntry, files []DataFile) error {
	for _, f := range files {
		_, err := tx.ExecContext(ctx, "INSERT INTO catalog_error_files (table_id, bucket, key, size, row_count, committed_at) VALUES (?, ?, ?, ?, ?, ?)",
			e.id, f.Bucket, f.Key, f.Size, f.Rows, nanos(f.CommittedAt))
		if err != nil {
			return fmt.Errorf("error records s3://%s/%s: %w", f.Bucket, f.Key, err)
		}
	}
	return nil
}

// applyErrors brings them into memory; the caller holds mu.
func (e *tableEntry) applyErrors(files []DataFile) {
	if e.errorsLoaded && len(files) > 0 {
		e.errorFiles = slices.Concat(e.errorFiles, files)
	}
}

// gatherErrors returns the objects with rejected records, and whether they are
// in memory.
func (e *tableEntry) gatherErrors() ([][]DataFile, bool) {
	return [][]DataFile{e.errorFiles}, e.errorsLoaded
}

// loadErrors reads them; the caller holds changing.
func (s *Store) loadErrors(ctx context.Context, e *tableEntry) ([][]DataFile, error) {
	files := []DataFile{}
	err := s.query(ctx, "SELECT bucket, key, size, row_count, committed_at FROM catalog_error_files WHERE table_id = ? ORDER BY committed_at, bucket, key", func(rows *sql.Rows) error {
		var f DataFile
		var at int64
		if err := rows.Scan(&f.Bucket, &f.Key, &f.Size, &f.Rows, &at); err != nil {
			return err
		}
		f.CommittedAt = fromNanos(at)
		files = append(files, f)
		return nil
	}, e.id)
	if err != nil {
		return nil, fmt.Errorf("error records of %s.%s: %w", e.table.Database, e.table.Name, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e.errorFiles, e.errorsLoaded = files, true
	s.evict(e)
	return [][]DataFile{files}, nil
}

// ErrorFiles returns the committed objects with rejected records of a delivered
// table, oldest first.
func (s *Store) ErrorFiles(ctx context.Context, database, table string) ([]DataFile, error) {
	lists, _, err := s.Snapshot(ctx, []Listing{{Database: database, Table: ErrorsName(table)}}, func() {})
	if err != nil {
		return nil, err
	}
	return lists[0][0], nil
}

// ReplaceErrorFile puts an object with the same rejected records in the place
// of another, whose object may be deleted once no query has it (RemovedFiles).
func (s *Store) ReplaceErrorFile(ctx context.Context, database, table string, old FileName, by DataFile) error {
	return s.change(ctx, func(tx *sql.Tx) (func(), error) {
		e, err := s.entry(nameOf(database, table))
		if err != nil {
			return nil, err
		}
		res, err := tx.ExecContext(ctx, "DELETE FROM catalog_error_files WHERE table_id = ? AND bucket = ? AND key = ?", e.id, old.Bucket, old.Key)
		if err != nil {
			return nil, err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return nil, fail(ErrConflict, "file", old.String(), "it is not among the error records of %s.%s", database, table)
		}
		if err := insertErrors(ctx, tx, e, []DataFile{by}); err != nil {
			return nil, err
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO catalog_removed_files (bucket, key, replacement, removed_at) VALUES (?, ?, '', ?) ON CONFLICT DO NOTHING", old.Bucket, old.Key, nanos(s.now()))
		if err != nil {
			return nil, err
		}
		return func() {
			if e.errorsLoaded {
				e.errorFiles = slices.Clone(e.errorFiles)
				i := slices.IndexFunc(e.errorFiles, func(f DataFile) bool { return f.Bucket == old.Bucket && f.Key == old.Key })
				e.errorFiles[i] = by
			}
			s.reads.removed([]FileName{old})
		}, nil
	})
}
