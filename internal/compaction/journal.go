package compaction

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/write"
	"github.com/scopsdb/scops/internal/sqlite"
)

//go:embed migrations/*.sql
var migrations embed.FS

// where is a partition of a delivered table.
type where struct {
	Delivery  string
	Database  string
	Table     string
	Partition []string
}

func (w where) name() string {
	return strings.Join(append([]string{w.Database, w.Table}, w.Partition...), "\x00")
}

// job is a merge: what goes in and under which names it comes out.
type job struct {
	ID string
	where
	Inputs  []catalog.FileName
	Bucket  string
	Folder  string // of the outputs, with a slash at its end or empty
	Names   []string
	Level   int
	Rows    int64
	BytesIn int64
	Newest  time.Time // when the newest of the rows was committed

	format formats.Format // of the outputs; not known after a start
	kind   write.Kind
}

// hidden is the key under which an output is written. Readers that follow Hive
// pass over names that begin with an underscore.
func (j *job) hidden(i int) string { return j.Folder + "_" + j.Names[i] }

// publication is merged files with hidden names, and the public objects that
// hold the same rows and are no files of the table any more.
type publication struct {
	ID string
	where
	Hidden     []catalog.FileName
	Superseded []catalog.FileName

	begun bool
}

// public is the key that a hidden one gets.
func public(hidden string) string {
	dir, name := path.Split(hidden)
	return dir + strings.TrimPrefix(name, "_")
}

// journal keeps what is begun. What it has written is on disk.
type journal struct{ db *sqlite.DB }

func openJournal(ctx context.Context, db *sqlite.DB) (*journal, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return &journal{db}, db.Migrate(ctx, "compaction", files)
}

// begin writes a merge down before anything of it is written elsewhere.
func (j *journal) begin(ctx context.Context, m *job) error {
	return j.put(ctx, "INSERT INTO compaction_merges (id, plan) VALUES (?, ?) ON CONFLICT DO NOTHING", m.ID, m)
}

// abandon ends a merge of which nothing is left.
func (j *journal) abandon(ctx context.Context, id string) error {
	return j.exec(ctx, "DELETE FROM compaction_merges WHERE id = ?", id)
}

// beginPublication says that objects change from now on.
func (j *journal) beginPublication(ctx context.Context, id string) error {
	return j.exec(ctx, "UPDATE compaction_publications SET begun = 1 WHERE id = ?", id)
}

func (j *journal) endPublication(ctx context.Context, id string) error {
	return j.exec(ctx, "DELETE FROM compaction_publications WHERE id = ?", id)
}

// counts are what a merge adds to the totals of its delivery.
type counts struct {
	Merges   int64
	FilesIn  int64
	FilesOut int64
	Rows     int64
	BytesIn  int64
	BytesOut int64
	Spent    time.Duration
}

// fold makes a publication of a merge whose files are in the catalog, and of the
// publications whose files went into it.
func (j *journal) fold(ctx context.Context, m *job, next *publication, ended []string, c counts) error {
	plan, err := json.Marshal(next)
	if err != nil {
		return err
	}
	tx, err := j.db.Write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("compaction journal: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	for _, id := range ended {
		if _, err := tx.ExecContext(ctx, "DELETE FROM compaction_publications WHERE id = ?", id); err != nil {
			return fmt.Errorf("compaction journal: %w", err)
		}
	}
	for _, s := range []struct {
		query string
		args  []any
	}{
		{"INSERT INTO compaction_publications (id, begun, plan) VALUES (?, 0, ?)", []any{next.ID, string(plan)}},
		{`INSERT INTO compaction_totals (delivery, merges, files_in, files_out, row_count, bytes_in, bytes_out, nanos) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (delivery) DO UPDATE SET merges = merges + excluded.merges, files_in = files_in + excluded.files_in, files_out = files_out + excluded.files_out,
			row_count = row_count + excluded.row_count, bytes_in = bytes_in + excluded.bytes_in, bytes_out = bytes_out + excluded.bytes_out, nanos = nanos + excluded.nanos`,
			[]any{m.Delivery, c.Merges, c.FilesIn, c.FilesOut, c.Rows, c.BytesIn, c.BytesOut, int64(c.Spent)}},
		{"DELETE FROM compaction_merges WHERE id = ?", []any{m.ID}},
	} {
		if _, err := tx.ExecContext(ctx, s.query, s.args...); err != nil {
			return fmt.Errorf("compaction journal: %w", err)
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("compaction journal: %w", err)
	}
	return nil
}

// totals are all that merges have done for a delivery.
func (j *journal) totals(ctx context.Context, delivery string) (counts, error) {
	var c counts
	var nanos int64
	err := j.db.Read.QueryRowContext(ctx, "SELECT merges, files_in, files_out, row_count, bytes_in, bytes_out, nanos FROM compaction_totals WHERE delivery = ?", delivery).
		Scan(&c.Merges, &c.FilesIn, &c.FilesOut, &c.Rows, &c.BytesIn, &c.BytesOut, &nanos)
	if errors.Is(err, sql.ErrNoRows) {
		return c, nil
	}
	c.Spent = time.Duration(nanos)
	return c, wrapped(err)
}

func (j *journal) merges(ctx context.Context) (list []*job, err error) {
	err = j.each(ctx, "SELECT 0, plan FROM compaction_merges ORDER BY id", func(_ bool, plan []byte) error {
		m := &job{}
		list = append(list, m)
		return json.Unmarshal(plan, m)
	})
	return list, err
}

func (j *journal) publications(ctx context.Context) (list []*publication, err error) {
	err = j.each(ctx, "SELECT begun, plan FROM compaction_publications ORDER BY id", func(begun bool, plan []byte) error {
		p := &publication{begun: begun}
		list = append(list, p)
		return json.Unmarshal(plan, p)
	})
	return list, err
}

func (j *journal) each(ctx context.Context, query string, read func(flag bool, plan []byte) error) (err error) {
	rows, err := j.db.Read.QueryContext(ctx, query)
	if err != nil {
		return wrapped(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var flag bool
		var plan []byte
		if err := rows.Scan(&flag, &plan); err != nil {
			return wrapped(err)
		}
		if err := read(flag, plan); err != nil {
			return wrapped(err)
		}
	}
	return wrapped(rows.Err())
}

func (j *journal) put(ctx context.Context, query, id string, plan any) error {
	text, err := json.Marshal(plan)
	if err != nil {
		return err
	}
	return j.exec(ctx, query, id, string(text))
}

func (j *journal) exec(ctx context.Context, query string, args ...any) error {
	_, err := j.db.Write.ExecContext(ctx, query, args...)
	return wrapped(err)
}

func wrapped(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("compaction journal: %w", err)
}

// isHidden reports whether a key is a hidden one.
func isHidden(key string) bool { return strings.HasPrefix(path.Base(key), "_") }
