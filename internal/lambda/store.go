package lambda

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

// store keeps functions in catalog.db.
type store struct{ db *sqlite.DB }

func openStore(ctx context.Context, db *sqlite.DB) (*store, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return &store{db: db}, db.Migrate(ctx, "lambda", files)
}

// errNoRecord says that there is no such record.
var errNoRecord = errors.New("there is no such record")

// table is one of the tables (function, key, record).
type table string

const (
	versionsTable table = "lambda_versions"
	aliasesTable  table = "lambda_aliases"
	policiesTable table = "lambda_policies"
	configsTable  table = "lambda_event_invoke_configs"
)

// querier is a database or a transaction.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// function is what belongs to a function as a whole.
type function struct {
	Name        string
	NextVersion int
	Reserved    *int32 // concurrency
	Tags        map[string]string
}

func (s *store) function(ctx context.Context, name string) (*function, error) {
	f := &function{Name: name}
	var tags []byte
	err := s.db.Read.QueryRowContext(ctx, `SELECT next_version, reserved, tags FROM lambda_functions WHERE name = ?`, name).Scan(&f.NextVersion, &f.Reserved, &tags)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errNoRecord
	}
	if err != nil {
		return nil, fmt.Errorf("read function %s: %w", name, err)
	}
	return f, json.Unmarshal(tags, &f.Tags)
}

// putFunction stores a function, new or not.
func putFunction(ctx context.Context, q querier, f *function) error {
	tags, err := json.Marshal(f.Tags)
	if err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, `INSERT INTO lambda_functions (name, next_version, reserved, tags) VALUES (?1, ?2, ?3, ?4)
		ON CONFLICT (name) DO UPDATE SET next_version = ?2, reserved = ?3, tags = ?4`, f.Name, f.NextVersion, f.Reserved, string(tags))
	return err
}

// newFunction stores a new function. Its versions go on from those of a deleted
// function of its name, as at AWS.
func newFunction(ctx context.Context, q querier, f *function) error {
	err := q.QueryRowContext(ctx, `SELECT next_version FROM lambda_numbers WHERE function = ?`, f.Name).Scan(&f.NextVersion)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("store function %s: %w", f.Name, err)
	}
	return putFunction(ctx, q, f)
}

// deleteFunction removes a function and all that belongs to it.
func deleteFunction(ctx context.Context, q querier, f *function) error {
	_, err := q.ExecContext(ctx, `INSERT INTO lambda_numbers (function, next_version) VALUES (?1, ?2) ON CONFLICT (function) DO UPDATE SET next_version = ?2`, f.Name, f.NextVersion)
	if err == nil {
		_, err = q.ExecContext(ctx, `DELETE FROM lambda_functions WHERE name = ?`, f.Name)
	}
	if err != nil {
		return fmt.Errorf("delete function %s: %w", f.Name, err)
	}
	return nil
}

// functionNames lists all functions by name.
func (s *store) functionNames(ctx context.Context) ([]string, error) {
	return texts(s.db.Read.QueryContext(ctx, `SELECT name FROM lambda_functions ORDER BY name`))
}

// reservedTotal sums the reserved concurrency of all functions but one.
func (s *store) reservedTotal(ctx context.Context, except string) (int, error) {
	var n int
	err := s.db.Read.QueryRowContext(ctx, `SELECT coalesce(sum(reserved), 0) FROM lambda_functions WHERE name <> ?`, except).Scan(&n)
	return n, err
}

// texts reads a column.
func texts(rows *sql.Rows, err error) ([]string, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

// get reads a record; errNoRecord says that there is none.
func get[T any](ctx context.Context, q querier, t table, function, key string) (*T, error) {
	var text []byte
	err := q.QueryRowContext(ctx, `SELECT record FROM `+string(t)+` WHERE function = ? AND key = ?`, function, key).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errNoRecord
	}
	if err != nil {
		return nil, fmt.Errorf("read %s of %s: %w", t, function, err)
	}
	v := new(T)
	return v, json.Unmarshal(text, v)
}

// all reads the records of a function, by key.
func all[T any](ctx context.Context, q querier, t table, function string) (map[string]*T, error) {
	rows, err := q.QueryContext(ctx, `SELECT key, record FROM `+string(t)+` WHERE function = ?`, function)
	if err != nil {
		return nil, fmt.Errorf("read %s of %s: %w", t, function, err)
	}
	defer rows.Close()
	out := map[string]*T{}
	for rows.Next() {
		var key string
		var text []byte
		if err := rows.Scan(&key, &text); err != nil {
			return nil, err
		}
		v := new(T)
		if err := json.Unmarshal(text, v); err != nil {
			return nil, err
		}
		out[key] = v
	}
	return out, rows.Err()
}

// put stores a record, new or not.
func put(ctx context.Context, q querier, t table, function, key string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, `INSERT INTO `+string(t)+` (function, key, record) VALUES (?1, ?2, ?3) ON CONFLICT (function, key) DO UPDATE SET record = ?3`, function, key, string(text))
	return err
}

// remove deletes a record; errNoRecord says that there was none.
func remove(ctx context.Context, q querier, t table, function, key string) error {
	result, err := q.ExecContext(ctx, `DELETE FROM `+string(t)+` WHERE function = ? AND key = ?`, function, key)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return errNoRecord
}

// change runs a transaction.
func (s *store) change(ctx context.Context, do func(q querier) error) error {
	tx, err := s.db.Write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("change functions: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // of no effect behind Commit
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}
