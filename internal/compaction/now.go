package compaction

import (
	"context"
	"errors"
	"fmt"

	"github.com/scopsdb/scops/internal/catalog"
)

// ErrNotDelivered says that a table's files are not scops's to merge.
var ErrNotDelivered = errors.New("no delivery fills it")

// Compact merges the small files of a delivered table now, as if all its
// partitions were quiet, and returns when that is done: at most eight remain in
// a partition. It also does so where compaction is disabled. The error wraps
// catalog.ErrNotFound or ErrNotDelivered where there is nothing to merge.
func (c *Compactor) Compact(ctx context.Context, database, table string) error {
	l := &look{}
	for {
		merged, err := c.compactOnce(ctx, database, table, l)
		if err != nil || !merged {
			return err
		}
	}
}

func (c *Compactor) compactOnce(ctx context.Context, database, table string, l *look) (bool, error) {
	c.working.Lock()
	defer c.working.Unlock()
	if err := ctx.Err(); err != nil {
		return false, err
	}
	if err := c.settle(ctx); err != nil {
		return false, err
	}
	t, err := c.catalog.Table(ctx, database, table)
	if err != nil {
		return false, err
	}
	if t.Delivery == "" {
		return false, fmt.Errorf("table %s.%s: %w", t.Database, t.Name, ErrNotDelivered)
	}
	p := c.policyOf(t)
	p.quiet = 0
	f, err := c.findIn(ctx, t, l, p, c.now())
	if err != nil {
		return false, err
	}
	c.noteFiles(t, l)
	if f == nil {
		return false, nil
	}
	return true, c.merge(ctx, f)
}

// CompactAll is Compact of every delivered table.
func (c *Compactor) CompactAll(ctx context.Context) error {
	tables, err := c.tables(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, t := range tables {
		if err := c.Compact(ctx, t.Database, t.Name); !errors.Is(err, catalog.ErrNotFound) {
			errs = append(errs, err) // one that was dropped meanwhile is done
		}
	}
	return errors.Join(errs...)
}
