package delivery

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/scopsdb/scops/internal/queue"
)

// settle ends a committed batch whose messages other deliveries still want:
// what the delivery has committed is kept without the batch.
func (j *journal) settle(ctx context.Context, e *entry, settled spans) error {
	return j.change(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO delivery_settled (delivery, queue, queue_created, sequences) VALUES (?, ?, ?, ?) ON CONFLICT (delivery, queue) DO UPDATE SET queue_created = excluded.queue_created, sequences = excluded.sequences",
			e.Delivery, string(e.Queue), e.Created.UnixNano(), settled.pack())
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "DELETE FROM delivery_journal WHERE delivery = ? AND id = ?", e.Delivery, e.ID)
		return err
	})
}

// settled returns what the delivery has committed of this queue's messages.
func (j *journal) settled(ctx context.Context, delivery string, name queue.Name, created time.Time) (spans, error) {
	var packed []byte
	err := j.db.Read.QueryRowContext(ctx, "SELECT sequences FROM delivery_settled WHERE delivery = ? AND queue = ? AND queue_created = ?", delivery, string(name), created.UnixNano()).Scan(&packed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	s, err := unpackSpans(packed)
	if err != nil {
		return nil, fmt.Errorf("journal: messages of %s: %w", delivery, err)
	}
	return s, nil
}

// change runs fn in one durable transaction.
func (j *journal) change(ctx context.Context, fn func(*sql.Tx) error) error {
	tx, err := j.db.Write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	if err := fn(tx); err != nil {
		tx.Rollback() //nolint:errcheck // the first error is the one to tell
		return fmt.Errorf("journal: %w", err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}
