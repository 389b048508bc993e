package catalog

import (
	"context"
	"database/sql"
	"fmt"
)

// BatchName names a committed batch.
type BatchName struct{ Delivery, ID string }

// Batches returns committed batches that are remembered, at most so many, in the
// order of deliveries and ids after the given one.
func (s *Store) Batches(ctx context.Context, after BatchName, most int) (out []BatchName, err error) {
	err = s.query(ctx, "SELECT delivery, id FROM catalog_batches WHERE (delivery, id) > (?, ?) ORDER BY delivery, id LIMIT ?", func(rows *sql.Rows) error {
		var b BatchName
		if err := rows.Scan(&b.Delivery, &b.ID); err != nil {
			return err
		}
		out = append(out, b)
		return nil
	}, after.Delivery, after.ID, most)
	if err != nil {
		return nil, fmt.Errorf("committed batches: %w", err)
	}
	return out, nil
}

// ForgetBatches forgets that batches were committed. What they committed stays;
// none of them may be committed again.
func (s *Store) ForgetBatches(ctx context.Context, batches []BatchName) error {
	if len(batches) == 0 {
		return nil
	}
	return s.change(ctx, func(tx *sql.Tx) (func(), error) {
		forget, err := tx.PrepareContext(ctx, "DELETE FROM catalog_batches WHERE delivery = ? AND id = ?")
		if err != nil {
			return nil, err
		}
		defer forget.Close()
		for _, b := range batches {
			if _, err := forget.ExecContext(ctx, b.Delivery, b.ID); err != nil {
				return nil, fmt.Errorf("batch %s of %s: %w", b.ID, b.Delivery, err)
			}
		}
		return nil, nil
	})
}
