package tablewriter

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/fault"
	"github.com/scopsdb/scops/internal/sql/analyzer"
)

// Commit makes everything that was written visible, in one transaction.
func (w *Write) Commit(ctx context.Context) error {
	p := w.plan
	c := catalog.WriteCommit{Rows: w.result.Rows}
	switch p.kind {
	case analyzer.CreateTableAs:
		c.Create = p.table
	case analyzer.InsertInto:
		c.Into = p.table
	}
	if c.Create != nil || c.Into != nil {
		c.Partitions = w.targets.written()
	}
	fault.Point("tablewriter.commit")
	store := p.writer.cfg.Catalog
	err := store.CommitWrite(ctx, p.id, c)
	if err == nil {
		return nil
	}
	// A commit that fails half-way may have happened.
	if committed, unknown := store.WriteCommitted(ctx, p.id); unknown == nil && committed {
		return nil
	}
	return commitError(err, p.table.Database+"."+p.table.Name)
}

// written are the partitions that have rows, each once.
func (ts *targets) written() []catalog.Partition {
	if len(ts.plan.table.PartitionKeys) == 0 {
		return nil
	}
	var out []catalog.Partition
	seen := map[string]bool{}
	for _, t := range ts.list {
		name := catalog.PartitionName(ts.plan.table.PartitionKeys, t.partition.Values)
		if !seen[name] {
			seen[name] = true
			out = append(out, t.partition)
		}
	}
	return out
}

// abortTime bounds how long the end of a failed statement waits for the object
// store.
const abortTime = 30 * time.Second

// Abort deletes what was put. What cannot be deleted now stays hidden, and the
// next start tries again.
func (w *Write) Abort(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), abortTime)
	defer cancel()
	w.mu.Lock()
	files := slices.Clone(w.files)
	w.mu.Unlock()
	if err := w.plan.writer.remove(ctx, catalog.PendingWrite{ID: w.plan.id, Objects: files}); err != nil {
		w.plan.writer.cfg.Log.Error("objects of a failed statement remain, hidden from queries, until the next start", "query_execution_id", w.plan.id, "error", err)
	}
}

// remove deletes the objects of a write, then ends it.
func (w *Writer) remove(ctx context.Context, p catalog.PendingWrite) error {
	var errs []error
	for _, o := range p.Objects {
		fault.Point("tablewriter.delete")
		if err := w.cfg.Objects.Delete(ctx, o.Bucket, o.Key); err != nil {
			errs = append(errs, fmt.Errorf("delete %s: %w", o, err))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return w.cfg.Catalog.AbortWrite(ctx, p.ID)
}

// Recover deletes what statements left that a crash interrupted. It is called
// before any statement runs.
func (w *Writer) Recover(ctx context.Context) error {
	pending, err := w.cfg.Catalog.PendingWrites(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, p := range pending {
		if err := w.remove(ctx, p); err != nil {
			errs = append(errs, fmt.Errorf("statement %s: %w", p.ID, err))
			continue
		}
		w.cfg.Log.Info("deleted what a statement wrote that was interrupted", "query_execution_id", p.ID, "objects", len(p.Objects))
	}
	return errors.Join(errs...)
}
