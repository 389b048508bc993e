package planner

import (
	"context"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/projection"
	"github.com/scopsdb/scops/internal/sql/predicate"
)

// Partitions returns the partitions that a query with this filter would read,
// without looking for their files: what the table t$partitions has. The list is
// shared: callers must not change it.
func (p *Planner) Partitions(ctx context.Context, t *catalog.Table, filter predicate.Predicate) ([]catalog.Partition, error) {
	if projection.Enabled(t) {
		projected, err := projection.Read(t, p.now())
		if err != nil {
			return nil, projectionError(err)
		}
		list, err := projected.Partitions(ctx, filter)
		return list, projectionError(err)
	}
	set, err := p.catalog.PartitionSet(ctx, t.Database, t.Name)
	if err != nil {
		return nil, planError(t, err)
	}
	out, _, err := p.prunePartitions(t, set, filter)
	return out.Partitions, err
}
