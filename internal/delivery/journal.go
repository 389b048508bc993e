package delivery

import (
	"context"
	"database/sql"
	"embed"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/scopsdb/scops/internal/queue"
	"github.com/scopsdb/scops/internal/sqlite"
)

//go:embed migrations/*.sql
var migrations embed.FS

// journal keeps the batches that are fixed and not yet finished, and where the
// books of each delivery begin. What it has written is on disk.
type journal struct{ db *sqlite.DB }

func openJournal(ctx context.Context, db *sqlite.DB) (*journal, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return &journal{db}, db.Migrate(ctx, "delivery", files)
}

// entry is a fixed batch.
type entry struct {
	Delivery  string
	ID        string
	Queue     queue.Name
	Created   time.Time // of the queue
	FixedAt   time.Time
	Sequences []uint64 // ascending
	Plan      plan

	committed bool // in the catalog, as of opening
	orphaned  bool // the queue was deleted meanwhile
}

// fix writes a batch down before anything of it is written elsewhere.
func (j *journal) fix(ctx context.Context, e *entry) error {
	text, err := json.Marshal(e.Plan)
	if err != nil {
		return err
	}
	_, err = j.db.Write.ExecContext(ctx, "INSERT INTO delivery_journal (delivery, id, queue, queue_created, fixed_at, sequences, plan) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		e.Delivery, e.ID, string(e.Queue), e.Created.UnixNano(), e.FixedAt.UnixMilli(), packSequences(e.Sequences), string(text))
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

// remove ends a batch.
func (j *journal) remove(ctx context.Context, delivery, id string) error {
	if _, err := j.db.Write.ExecContext(ctx, "DELETE FROM delivery_journal WHERE delivery = ? AND id = ?", delivery, id); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

// open returns the unfinished batches of a delivery, oldest first.
func (j *journal) open(ctx context.Context, delivery string) (entries []*entry, err error) {
	rows, err := j.db.Read.QueryContext(ctx, "SELECT id, queue, queue_created, fixed_at, sequences, plan FROM delivery_journal WHERE delivery = ? ORDER BY id", delivery)
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		e := &entry{Delivery: delivery}
		var created, fixed int64
		var seqs, text []byte
		if err := rows.Scan(&e.ID, &e.Queue, &created, &fixed, &seqs, &text); err != nil {
			return nil, fmt.Errorf("journal: %w", err)
		}
		e.Created, e.FixedAt = time.Unix(0, created), time.UnixMilli(fixed)
		if e.Sequences, err = unpackSequences(seqs); err == nil {
			err = json.Unmarshal(text, &e.Plan)
		}
		if err != nil {
			return nil, fmt.Errorf("journal: batch %s of %s: %w", e.ID, delivery, err)
		}
		entries = append(entries, e)
	}
	return entries, rows.Err()
}

// deliveries names those with unfinished batches.
func (j *journal) deliveries(ctx context.Context) (names []string, err error) {
	rows, err := j.db.Read.QueryContext(ctx, "SELECT DISTINCT delivery FROM delivery_journal ORDER BY delivery")
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, fmt.Errorf("journal: %w", err)
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// packSequences writes ascending numbers as their differences.
func packSequences(seqs []uint64) []byte {
	b := make([]byte, 0, len(seqs)+8)
	last := uint64(0)
	for _, s := range seqs {
		b = binary.AppendUvarint(b, s-last)
		last = s
	}
	return b
}

func unpackSequences(b []byte) ([]uint64, error) {
	var seqs []uint64
	last := uint64(0)
	for len(b) > 0 {
		d, n := binary.Uvarint(b)
		if n <= 0 {
			return nil, errors.New("damaged sequences")
		}
		last += d
		seqs = append(seqs, last)
		b = b[n:]
	}
	return seqs, nil
}

// origin is where the books of a delivery begin: the queue, and what had
// happened before.
type origin struct {
	queue    queue.Name
	created  time.Time
	departed int64 // messages that had left the queue
	carried  int64 // records that came from earlier queues
}

// books returns the origin of a delivery. A first start, or another queue than
// at the last one, begins anew with what now says.
func (j *journal) books(ctx context.Context, delivery string, now origin) (origin, error) {
	var o origin
	var created int64
	err := j.db.Read.QueryRowContext(ctx, "SELECT queue, queue_created, departed, carried FROM delivery_books WHERE delivery = ?", delivery).Scan(&o.queue, &created, &o.departed, &o.carried)
	o.created = time.Unix(0, created)
	if err == nil && o.queue == now.queue && o.created.Equal(now.created) {
		return o, nil
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return o, fmt.Errorf("books of delivery %s: %w", delivery, err)
	}
	_, err = j.db.Write.ExecContext(ctx, "INSERT INTO delivery_books (delivery, queue, queue_created, departed, carried) VALUES (?, ?, ?, ?, ?) ON CONFLICT (delivery) DO UPDATE SET queue = excluded.queue, queue_created = excluded.queue_created, departed = excluded.departed, carried = excluded.carried",
		delivery, string(now.queue), now.created.UnixNano(), now.departed, now.carried)
	if err != nil {
		return o, fmt.Errorf("books of delivery %s: %w", delivery, err)
	}
	return now, nil
}
