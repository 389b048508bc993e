package delivery

import (
	"context"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
)

const (
	// pruneInterval is how often committed batches are forgotten.
	pruneInterval = time.Hour
	// pruneChunk bounds what one transaction forgets.
	pruneChunk = 2000
)

// prune forgets committed batches that no journal entry can repeat. The catalog
// is read before the journal: a batch that is in the catalog and not in the
// journal after that has ended, because its entry was written before it was
// committed and is removed last.
func (m *Manager) prune(ctx context.Context) error {
	for after := (catalog.BatchName{}); ; {
		batches, err := m.catalog.Batches(ctx, after, pruneChunk)
		if err != nil || len(batches) == 0 {
			return err
		}
		after = batches[len(batches)-1]
		open, err := m.journal.names(ctx)
		if err != nil {
			return err
		}
		ended := batches[:0]
		for _, b := range batches {
			if !open[b] {
				ended = append(ended, b)
			}
		}
		if err := m.catalog.ForgetBatches(ctx, ended); err != nil {
			return err
		}
	}
}

// keepPruning prunes now and then, until ctx ends.
func (m *Manager) keepPruning(ctx context.Context) {
	defer m.pruning.Done()
	tick := time.NewTicker(pruneInterval)
	defer tick.Stop()
	for {
		if err := m.prune(ctx); err != nil && ctx.Err() == nil {
			m.log.Warn("finished batches stay in the catalog for now", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// names are the batches that the journal has.
func (j *journal) names(ctx context.Context) (map[catalog.BatchName]bool, error) {
	rows, err := j.db.Read.QueryContext(ctx, "SELECT delivery, id FROM delivery_journal")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	names := map[catalog.BatchName]bool{}
	for rows.Next() {
		var b catalog.BatchName
		if err := rows.Scan(&b.Delivery, &b.ID); err != nil {
			return nil, err
		}
		names[b] = true
	}
	return names, rows.Err()
}
