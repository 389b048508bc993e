package catalog

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
)

// archive keeps what a table is now as an old version.
func archive(ctx context.Context, tx *sql.Tx, e *tableEntry) error {
	definition, err := toJSON(e.table)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO catalog_table_versions (table_id, version, definition) VALUES (?, ?, ?)", e.id, e.table.Version, definition)
	return err
}

// TableVersions returns the definitions that a table has and had, the newest
// first, at most so many of those below a version (0: from the present one on).
// Updates that kept none have no old version.
func (s *Store) TableVersions(ctx context.Context, database, table string, below int64, most int) ([]*Table, error) {
	e, t, err := s.current(ctx, database, table)
	if err != nil {
		return nil, err
	}
	var out []*Table
	if below == 0 || t.Version < below {
		out, below = append(out, t), t.Version
	}
	err = s.query(ctx, "SELECT version, definition FROM catalog_table_versions WHERE table_id = ? AND version < ? ORDER BY version DESC LIMIT ?", func(rows *sql.Rows) error {
		var version int64
		var definition string
		if err := rows.Scan(&version, &definition); err != nil {
			return err
		}
		old, err := oldVersion(version, definition)
		out = append(out, old)
		return err
	}, e.id, below, most-len(out))
	if err != nil {
		return nil, fmt.Errorf("versions of %s.%s: %w", database, table, err)
	}
	return out, nil
}

func oldVersion(version int64, definition string) (*Table, error) {
	t := &Table{}
	if err := json.Unmarshal([]byte(definition), t); err != nil {
		return nil, fmt.Errorf("version %d: %w", version, err)
	}
	t.Version = version
	return t, nil
}

// current returns a table's entry and its definition of this moment.
func (s *Store) current(ctx context.Context, database, table string) (*tableEntry, *Table, error) {
	if err := s.fresh(ctx); err != nil {
		return nil, nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	e, err := s.entry(nameOf(database, table))
	if err != nil {
		return nil, nil, err
	}
	return e, e.table, nil
}

// TableVersion returns one definition that a table has or had.
func (s *Store) TableVersion(ctx context.Context, database, table string, version int64) (*Table, error) {
	e, t, err := s.current(ctx, database, table)
	if err != nil || t.Version == version {
		return t, err
	}
	var definition string
	err = s.db.Read.QueryRowContext(ctx, "SELECT definition FROM catalog_table_versions WHERE table_id = ? AND version = ?", e.id, version).Scan(&definition)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, noVersion(t, version)
	}
	if err != nil {
		return nil, fmt.Errorf("version %d of %s.%s: %w", version, database, table, err)
	}
	return oldVersion(version, definition)
}

func noVersion(t *Table, version int64) error {
	return &Error{Kind: ErrNotFound, Item: "version", Name: fmt.Sprintf("%s.%s@%d", t.Database, t.Name, version)}
}

// DropTableVersion forgets an old version. The present one is the table itself
// (ErrInvalid).
func (s *Store) DropTableVersion(ctx context.Context, database, table string, version int64) error {
	n := nameOf(database, table)
	return s.change(ctx, func(tx *sql.Tx) (func(), error) {
		e, err := s.entry(n)
		if err != nil {
			return nil, err
		}
		if e.table.Version == version {
			return nil, fail(ErrInvalid, "version", n.String(), "the latest version cannot be deleted")
		}
		return nil, deleteOne(ctx, tx, noVersion(e.table, version), "DELETE FROM catalog_table_versions WHERE table_id = ? AND version = ?", e.id, version)
	})
}

// deleteOne runs a DELETE and returns missing where it deletes nothing.
func deleteOne(ctx context.Context, tx *sql.Tx, missing error, statement string, args ...any) error {
	res, err := tx.ExecContext(ctx, statement, args...)
	if err != nil {
		return err
	}
	count, err := res.RowsAffected()
	if err == nil && count == 0 {
		err = missing
	}
	return err
}
