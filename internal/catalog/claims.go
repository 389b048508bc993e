package catalog

import (
	"context"
	"database/sql"
)

// TransferTable makes the files of a delivered table those of another delivery.
// ErrConflict where they are not from's.
func (s *Store) TransferTable(ctx context.Context, database, table, from, to string) error {
	if err := checkName("delivery", to); err != nil {
		return err
	}
	n := nameOf(database, table)
	return s.change(ctx, func(tx *sql.Tx) (func(), error) {
		e, err := s.entry(n)
		if err != nil {
			return nil, err
		}
		if e.table.Delivery != from || from == "" {
			return nil, fail(ErrConflict, "table", n.String(), "its files belong to delivery %q, not %q", e.table.Delivery, from)
		}
		t := *e.table
		t.Delivery, t.UpdateTime = to, s.now().UTC()
		t.Version++
		return s.putTable(ctx, tx, e, t)
	})
}
