package athena

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/scopsdb/scops/internal/sqlite"
)

//go:embed migrations/*.sql
var migrations embed.FS

// errNoRecord is the store's answer for an unknown id, token or workgroup.
var errNoRecord = errors.New("no such record")

// store keeps query executions, workgroups and prepared statements in catalog.db. A write is on disk
// when it returns.
type store struct{ db *sqlite.DB }

func openStore(ctx context.Context, db *sqlite.DB) (*store, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	if err := db.Migrate(ctx, "athena", files); err != nil {
		return nil, err
	}
	return &store{db: db}, nil
}

func (s *store) put(ctx context.Context, r *record) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	var token any
	if r.Token != "" {
		token = r.Token
	}
	var reuseKey any
	if r.ReuseKey != "" {
		reuseKey = r.ReuseKey
	}
	_, err = s.db.Write.ExecContext(ctx, `
		INSERT INTO query_executions (id, workgroup, submitted_at, state, token, reuse_key, record) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET state = excluded.state, reuse_key = excluded.reuse_key, record = excluded.record`,
		r.ID, r.WorkGroup, r.Submitted.UnixNano(), r.State, token, reuseKey, string(text))
	if err != nil {
		return fmt.Errorf("record query execution %s: %w", r.ID, err)
	}
	return nil
}

func (s *store) get(ctx context.Context, id QueryID) (*record, error) {
	return scanRecord(s.db.Read.QueryRowContext(ctx, `SELECT record FROM query_executions WHERE id = ?`, id))
}

func (s *store) byToken(ctx context.Context, token string) (*record, error) {
	return scanRecord(s.db.Read.QueryRowContext(ctx, `SELECT record FROM query_executions WHERE token = ?`, token))
}

// byReuseKey is the newest execution whose result answers a query of the key.
func (s *store) byReuseKey(ctx context.Context, key string) (*record, error) {
	return scanRecord(s.db.Read.QueryRowContext(ctx, `SELECT record FROM query_executions
		WHERE reuse_key = ? AND state = 'SUCCEEDED' ORDER BY submitted_at DESC LIMIT 1`, key))
}

func scanRecord(row *sql.Row) (*record, error) {
	var text []byte
	if err := row.Scan(&text); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			return nil, errNoRecord
		}
		return nil, fmt.Errorf("read query execution: %w", err)
	}
	r := new(record)
	if err := json.Unmarshal(text, r); err != nil {
		return nil, fmt.Errorf("read query execution: %w", err)
	}
	return r, nil
}

// position is a place in the list of executions, newest first.
type position struct {
	Submitted int64
	ID        QueryID
}

// list returns at most limit executions of a workgroup after a position.
func (s *store) list(ctx context.Context, workgroup string, after *position, limit int) ([]position, error) {
	if after == nil {
		after = &position{Submitted: 1<<63 - 1}
	}
	rows, err := s.db.Read.QueryContext(ctx, `
		SELECT submitted_at, id FROM query_executions
		WHERE workgroup = ? AND (submitted_at, id) < (?, ?)
		ORDER BY submitted_at DESC, id DESC LIMIT ?`, workgroup, after.Submitted, after.ID, limit)
	if err != nil {
		return nil, fmt.Errorf("list query executions: %w", err)
	}
	defer rows.Close()
	var out []position
	for rows.Next() {
		var p position
		if err := rows.Scan(&p.Submitted, &p.ID); err != nil {
			return nil, fmt.Errorf("list query executions: %w", err)
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

// failOpen marks every execution that a stopped process left open as FAILED:
// its work is gone, and a client that polls must learn that.
func (s *store) failOpen(ctx context.Context, now time.Time, reason string) (int, error) {
	open, err := s.open(ctx)
	if err != nil {
		return 0, fmt.Errorf("find open query executions: %w", err)
	}
	for _, r := range open {
		r.State = api.QueryExecutionStateFailed
		r.Reason = reason
		r.Error = athenaError(categorySystem, 100, reason, true)
		r.Completed = now
		if err := s.put(ctx, r); err != nil {
			return 0, err
		}
	}
	return len(open), nil
}

func (s *store) open(ctx context.Context) ([]*record, error) {
	rows, err := s.db.Read.QueryContext(ctx, `SELECT record FROM query_executions WHERE state IN ('QUEUED', 'RUNNING')`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var open []*record
	for rows.Next() {
		var text []byte
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		r := new(record)
		if err := json.Unmarshal(text, r); err != nil {
			return nil, err
		}
		open = append(open, r)
	}
	return open, rows.Err()
}

func (s *store) putWorkGroup(ctx context.Context, w *api.WorkGroup) error {
	text, err := json.Marshal(w)
	if err != nil {
		return err
	}
	_, err = s.db.Write.ExecContext(ctx, `INSERT INTO workgroups (name, record) VALUES (?, ?)
		ON CONFLICT (name) DO UPDATE SET record = excluded.record`, aws.ToString(w.Name), string(text))
	if err != nil {
		return fmt.Errorf("record workgroup: %w", err)
	}
	return nil
}

func (s *store) deleteWorkGroup(ctx context.Context, name string) error {
	tx, err := s.db.Write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("delete workgroup: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // of no effect behind Commit
	for _, statement := range []string{`DELETE FROM workgroups WHERE name = ?`, `DELETE FROM prepared_statements WHERE workgroup = ?`} {
		if _, err := tx.ExecContext(ctx, statement, name); err != nil {
			return fmt.Errorf("delete workgroup: %w", err)
		}
	}
	return tx.Commit()
}

func (s *store) workGroups(ctx context.Context) ([]*api.WorkGroup, error) {
	rows, err := s.db.Read.QueryContext(ctx, `SELECT record FROM workgroups ORDER BY name`)
	if err != nil {
		return nil, fmt.Errorf("list workgroups: %w", err)
	}
	defer rows.Close()
	var out []*api.WorkGroup
	for rows.Next() {
		var text []byte
		w := new(api.WorkGroup)
		if err := rows.Scan(&text); err != nil {
			return nil, fmt.Errorf("list workgroups: %w", err)
		}
		if err := json.Unmarshal(text, w); err != nil {
			return nil, fmt.Errorf("list workgroups: %w", err)
		}
		out = append(out, w)
	}
	return out, rows.Err()
}
