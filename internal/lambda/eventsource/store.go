package eventsource

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"github.com/scopsdb/scops/internal/sqlite"
)

//go:embed migrations/*.sql
var migrations embed.FS

// store keeps the mappings. What it has written is on disk.
type store struct{ db *sqlite.DB }

func openStore(ctx context.Context, db *sqlite.DB) (*store, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return &store{db}, db.Migrate(ctx, "event_source", files)
}

func (s *store) insert(ctx context.Context, m *mapping) error {
	text, err := json.Marshal(m.settings)
	if err != nil {
		return err
	}
	_, err = s.db.Write.ExecContext(ctx, "INSERT INTO event_source_mappings (uuid, function, source, settings) VALUES (?, ?, ?, ?)",
		m.UUID, m.Function, m.Source, string(text))
	return named("add", err)
}

func (s *store) update(ctx context.Context, m *mapping) error {
	text, err := json.Marshal(m.settings)
	if err != nil {
		return err
	}
	_, err = s.db.Write.ExecContext(ctx, "UPDATE event_source_mappings SET function = ?, settings = ?, deleting = ? WHERE uuid = ?",
		m.Function, string(text), m.Deleting, m.UUID)
	return named("change", err)
}

func (s *store) remove(ctx context.Context, uuid string) error {
	_, err := s.db.Write.ExecContext(ctx, "DELETE FROM event_source_mappings WHERE uuid = ?", uuid)
	return named("remove", err)
}

// all returns the mappings in order of creation, after it has finished the
// deletions that the last run did not come to.
func (s *store) all(ctx context.Context) (out []mapping, err error) {
	if _, err := s.db.Write.ExecContext(ctx, "DELETE FROM event_source_mappings WHERE deleting"); err != nil {
		return nil, named("remove", err)
	}
	rows, err := s.db.Read.QueryContext(ctx, "SELECT uuid, function, source, settings FROM event_source_mappings ORDER BY position")
	if err != nil {
		return nil, named("read", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var m mapping
		var text sql.RawBytes
		if err := rows.Scan(&m.UUID, &m.Function, &m.Source, &text); err != nil {
			return nil, named("read", err)
		}
		if err := json.Unmarshal(text, &m.settings); err != nil {
			return nil, named("read", err)
		}
		out = append(out, m)
	}
	return out, named("read", rows.Err())
}

func named(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s event source mapping: %w", what, err)
}
