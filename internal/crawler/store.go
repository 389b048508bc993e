package crawler

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/scopsdb/scops/internal/sqlite"
)

//go:embed migrations/*.sql
var migrations embed.FS

// store keeps crawlers, classifiers, runs and known folders in catalog.db.
type store struct{ db *sqlite.DB }

func openStore(ctx context.Context, db *sqlite.DB) (*store, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return &store{db}, db.Migrate(ctx, "crawler", files)
}

func wrapped(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("crawlers: %w", err)
}

func (s *store) exec(ctx context.Context, query string, args ...any) error {
	_, err := s.db.Write.ExecContext(ctx, query, args...)
	return wrapped(err)
}

// definitions reads all of a table of names and definitions.
func definitions[T any](ctx context.Context, s *store, table string) (map[string]*T, error) {
	out := map[string]*T{}
	err := s.each(ctx, func(rows *sql.Rows) error {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			return err
		}
		v := new(T)
		out[name] = v
		return json.Unmarshal([]byte(text), v)
	}, "SELECT name, definition FROM "+table) //nolint:gosec // names of our own tables
	return out, err
}

func (s *store) each(ctx context.Context, row func(*sql.Rows) error, query string, args ...any) (err error) {
	rows, err := s.db.Read.QueryContext(ctx, query, args...)
	if err != nil {
		return wrapped(err)
	}
	defer func() { err = errors.Join(err, wrapped(rows.Close())) }()
	for rows.Next() {
		if err := row(rows); err != nil {
			return wrapped(err)
		}
	}
	return wrapped(rows.Err())
}

func (s *store) put(ctx context.Context, table, name string, definition any) error {
	text, err := json.Marshal(definition)
	if err != nil {
		return wrapped(err)
	}
	return s.exec(ctx, "INSERT INTO "+table+" (name, definition) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET definition = excluded.definition", name, string(text)) //nolint:gosec // names of our own tables
}

// forget removes a crawler with its runs and folders.
func (s *store) forget(ctx context.Context, name string) error {
	tx, err := s.db.Write.BeginTx(ctx, nil)
	if err != nil {
		return wrapped(err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	for _, query := range []string{
		"DELETE FROM crawler_crawlers WHERE name = ?", "DELETE FROM crawler_runs WHERE crawler = ?", "DELETE FROM crawler_folders WHERE crawler = ?",
	} {
		if _, err := tx.ExecContext(ctx, query, name); err != nil {
			return wrapped(err)
		}
	}
	return wrapped(tx.Commit())
}

// The states of a run, as Glue's ListCrawls has them.
const (
	RunRunning   = "RUNNING"
	RunCompleted = "COMPLETED"
	RunFailed    = "FAILED"
	RunStopped   = "STOPPED"
)

// Run is one run of a crawler, as it is kept.
type Run struct {
	ID      string
	Crawler string
	State   string
	Start   time.Time
	End     time.Time // zero while it runs
	Error   string    // why it failed
	Changes Changes
	Listed  Listed
}

// runsKept is how many runs of a crawler are kept.
const runsKept = 100

func (s *store) putRun(ctx context.Context, r *Run) error {
	text, err := json.Marshal(r)
	if err != nil {
		return wrapped(err)
	}
	if err := s.exec(ctx, "INSERT INTO crawler_runs (id, crawler, started, run) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET run = excluded.run",
		r.ID, r.Crawler, r.Start.UnixNano(), string(text)); err != nil {
		return err
	}
	return s.exec(ctx, `DELETE FROM crawler_runs WHERE crawler = ?1 AND id NOT IN
		(SELECT id FROM crawler_runs WHERE crawler = ?1 ORDER BY started DESC, id DESC LIMIT ?2)`, r.Crawler, runsKept)
}

// runs returns the runs of a crawler, or of all for "", the newest first.
func (s *store) runs(ctx context.Context, crawler string) ([]*Run, error) {
	var out []*Run
	err := s.each(ctx, func(rows *sql.Rows) error {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		r := &Run{}
		out = append(out, r)
		return json.Unmarshal([]byte(text), r)
	}, "SELECT run FROM crawler_runs WHERE ?1 = '' OR crawler = ?1 ORDER BY started DESC, id DESC", crawler)
	return out, err
}
