package planner

import (
	"context"
	"errors"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/projection"
	"github.com/scopsdb/scops/internal/sql/predicate"
)

// planProjected plans a table whose partitions its properties say. Those that
// are registered do not count, and those without objects are empty.
func (p *Planner) planProjected(ctx context.Context, t *catalog.Table, filter predicate.Predicate) (Scan, error) {
	projected, err := projection.Read(t, p.now())
	if err != nil {
		return Scan{}, projectionError(err)
	}
	out := Scan{Table: t, PartitionsTotal: projected.Total()}
	if out.Partitions, err = projected.Partitions(ctx, filter); err != nil {
		return Scan{}, projectionError(err)
	}
	// The values of injected keys are not in the total.
	out.PartitionsTotal = max(out.PartitionsTotal, len(out.Partitions))
	err = p.addPartitionFolders(ctx, &out, numbers(len(out.Partitions)))
	return out, err
}

func projectionError(err error) error {
	var e *projection.Error
	if errors.As(err, &e) {
		return fail(e.Name, err, "%s", e.Message)
	}
	return err
}
