package delivery

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Registration is a delivery as it is kept in catalog.db.
type Registration struct {
	Config
	Paused    bool
	PausedAt  time.Time
	Reason    string // of the pause
	CreatedAt time.Time
	UpdatedAt time.Time

	strict bool // see delivery
}

// registered returns the deliveries of the last run with those that are
// declared now.
func (m *Manager) registered(ctx context.Context, declared []Config) ([]Registration, error) {
	all, err := m.journal.registrations(ctx)
	if err != nil {
		return nil, err
	}
	now := m.now()
	for _, r := range all {
		if len(declared) > 0 && !slices.ContainsFunc(declared, func(c Config) bool { return c.Name == r.Name }) {
			m.log.Info("a delivery goes on that the configuration file does not have", "delivery", r.Name)
		}
	}
	seen := map[string]bool{}
	for _, c := range declared {
		r := Registration{Config: c.withDefaults(), CreatedAt: now, UpdatedAt: now, strict: true}
		at := slices.IndexFunc(all, func(o Registration) bool { return o.Name == c.Name })
		if at < 0 || seen[c.Name] { // two of one name: checkTogether tells
			all = append(all, r)
		} else {
			all[at] = r.after(all[at])
		}
		seen[c.Name] = true
	}
	slices.SortFunc(all, func(a, b Registration) int { return strings.Compare(a.Name, b.Name) })
	return all, checkTogether(configsOf(all))
}

// after keeps of an earlier registration what a new declaration does not say.
func (r Registration) after(old Registration) Registration {
	r.Paused, r.PausedAt, r.Reason, r.CreatedAt = old.Paused, old.PausedAt, old.Reason, old.CreatedAt
	return r
}

// register writes deliveries down.
func (j *journal) register(ctx context.Context, all []Registration) error {
	return j.change(ctx, func(tx *sql.Tx) error {
		for _, r := range all {
			if err := register(ctx, tx, r); err != nil {
				return err
			}
		}
		return nil
	})
}

func register(ctx context.Context, tx *sql.Tx, r Registration) error {
	text, err := json.Marshal(r.Config)
	if err != nil {
		return err
	}
	paused := int64(0)
	if r.Paused {
		paused = r.PausedAt.UnixMilli()
	}
	_, err = tx.ExecContext(ctx, "INSERT OR REPLACE INTO delivery_registry (name, config, document, paused_at, reason, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
		r.Name, string(text), string(r.Document), paused, r.Reason, r.CreatedAt.UnixMilli(), r.UpdatedAt.UnixMilli())
	return err
}

// registrations returns all deliveries by name.
func (j *journal) registrations(ctx context.Context) (all []Registration, err error) {
	rows, err := j.db.Read.QueryContext(ctx, "SELECT name, config, document, paused_at, reason, created_at, updated_at FROM delivery_registry ORDER BY name")
	if err != nil {
		return nil, fmt.Errorf("registry of deliveries: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var r Registration
		var name, config, document string
		var paused, created, updated int64
		if err := rows.Scan(&name, &config, &document, &paused, &r.Reason, &created, &updated); err != nil {
			return nil, fmt.Errorf("registry of deliveries: %w", err)
		}
		if err := json.Unmarshal([]byte(config), &r.Config); err != nil {
			return nil, fmt.Errorf("registry of deliveries: %s: %w", name, err)
		}
		if r.Paused = paused != 0; r.Paused {
			r.PausedAt = time.UnixMilli(paused).UTC()
		}
		r.Document = json.RawMessage(document)
		r.CreatedAt, r.UpdatedAt = time.UnixMilli(created).UTC(), time.UnixMilli(updated).UTC()
		all = append(all, r)
	}
	return all, rows.Err()
}

// unregister forgets a delivery. Its books stay, for one of the same name.
func (j *journal) unregister(ctx context.Context, name string) error {
	if _, err := j.db.Write.ExecContext(ctx, "DELETE FROM delivery_registry WHERE name = ?", name); err != nil {
		return fmt.Errorf("registry of deliveries: %w", err)
	}
	return nil
}

// Errors of a change of the deliveries.
var (
	ErrNotFound = errors.New("there is no such delivery")
	ErrExists   = errors.New("there is a delivery of this name already")
	ErrRefused  = errors.New("refused")
)

// refusal is a change that cannot be made as asked.
type refusal struct{ err error }

func (e *refusal) Error() string        { return e.err.Error() }
func (e *refusal) Unwrap() error        { return e.err }
func (e *refusal) Is(target error) bool { return target == ErrRefused }
