package catalog

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Policy is a resource policy. It is kept and given back; who may do what is
// decided by keys alone here.
type Policy struct {
	Resource               string // an ARN
	Text                   string // JSON
	CreateTime, UpdateTime time.Time
}

// SetPolicy puts a policy in the place of what allowed sees, or returns the
// error of allowed. A policy without a text is taken away.
func (s *Store) SetPolicy(ctx context.Context, resource, text string, allowed func(old *Policy) error) error {
	return s.change(ctx, func(tx *sql.Tx) (func(), error) {
		have, err := policies(ctx, tx, "WHERE resource = ?", resource)
		if err != nil {
			return nil, err
		}
		now := nanos(s.now())
		created := now
		var old *Policy
		if len(have) > 0 {
			old, created = &have[0], nanos(have[0].CreateTime)
		}
		if err := allowed(old); err != nil {
			return nil, err
		}
		if text == "" {
			_, err = tx.ExecContext(ctx, "DELETE FROM catalog_policies WHERE resource = ?", resource)
			return nil, err
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO catalog_policies (resource, policy, create_time, update_time) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET policy = excluded.policy, update_time = excluded.update_time", resource, text, created, now)
		return nil, err
	})
}

// Policies returns all resource policies by resource.
func (s *Store) Policies(ctx context.Context) ([]Policy, error) { return policies(ctx, s.db.Read, "") }

func policies(ctx context.Context, q querier, where string, args ...any) ([]Policy, error) {
	rows, err := q.QueryContext(ctx, "SELECT resource, policy, create_time, update_time FROM catalog_policies "+where+" ORDER BY resource", args...)
	if err != nil {
		return nil, fmt.Errorf("policies: %w", err)
	}
	defer rows.Close()
	var out []Policy
	for rows.Next() {
		var p Policy
		var created, updated int64
		if err := rows.Scan(&p.Resource, &p.Text, &created, &updated); err != nil {
			return nil, err
		}
		p.CreateTime, p.UpdateTime = fromNanos(created), fromNanos(updated)
		out = append(out, p)
	}
	return out, rows.Err()
}
