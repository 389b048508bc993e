package compaction

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/scopsdb/scops/internal/catalog"
)

// retire does what is due after the grace period: it publishes merged files, and
// deletes hidden objects that no table has any more.
func (c *Compactor) retire(ctx context.Context) error {
	free, err := c.catalog.RemovedFiles(ctx, c.now().Add(-*c.config.Grace))
	if err != nil {
		return err
	}
	unused := map[catalog.FileName]bool{}
	for _, f := range free {
		unused[f] = true
	}
	var errs []error
	for _, p := range slices.Clone(c.pending) {
		if !p.begun && slices.ContainsFunc(p.Superseded, func(f catalog.FileName) bool { return !unused[f] }) {
			continue
		}
		if err := c.publish(ctx, p); err != nil {
			err = fmt.Errorf("table %s.%s: publish merged files: %w", p.Database, p.Table, err)
			c.noteError(p.where, err)
			errs = append(errs, err)
			if errors.Is(err, errCrash) || ctx.Err() != nil {
				return err
			}
		}
	}
	return errors.Join(append(errs, c.sweep(ctx, free))...)
}

// blocked reports whether the objects of a partition are being changed: its
// files are not to be merged until that is done.
func (c *Compactor) blocked(w where) bool {
	return slices.ContainsFunc(c.pending, func(p *publication) bool { return p.begun && p.name() == w.name() })
}

// publish gives merged files their public names and deletes what they took the
// place of. Every step may be repeated.
func (c *Compactor) publish(ctx context.Context, p *publication) error {
	live, err := c.files(ctx, p.where)
	if err != nil {
		return err
	}
	if !p.begun {
		if slices.ContainsFunc(p.Hidden, func(f catalog.FileName) bool { return live[f].Key == "" }) {
			return c.withdraw(ctx, p)
		}
		if err := c.journal.beginPublication(ctx, p.ID); err != nil {
			return err
		}
		p.begun = true
		if err := c.step("publishing"); err != nil {
			return err
		}
	}
	if err := c.swapObjects(ctx, p); err != nil {
		return err
	}
	if err := c.rename(ctx, p, live); err != nil {
		return err
	}
	if err := c.step("renamed"); err != nil {
		return err
	}
	if err := c.catalog.ForgetRemoved(ctx, p.Superseded); err != nil {
		return err
	}
	return c.end(ctx, p)
}

// swapObjects copies first and deletes then: at no moment, nor after a crash, is
// a row in no public object.
func (c *Compactor) swapObjects(ctx context.Context, p *publication) error {
	for _, f := range p.Hidden {
		if err := c.objects.Copy(ctx, f.Bucket, f.Key, public(f.Key)); err != nil {
			return err
		}
	}
	if err := c.step("copied"); err != nil {
		return err
	}
	for _, f := range p.Superseded {
		if err := c.objects.Delete(ctx, f.Bucket, f.Key); err != nil {
			return err
		}
		if err := c.step("deleted"); err != nil {
			return err
		}
	}
	return nil
}

// rename lets the table read the public names. Where the files were dropped
// meanwhile the public objects stay, as those of a dropped table do.
func (c *Compactor) rename(ctx context.Context, p *publication, live map[catalog.FileName]catalog.DataFile) error {
	r := catalog.Replacement{
		ID: "publish " + p.ID, Delivery: p.Delivery, Database: p.Database, Table: p.Table, Partition: p.Partition,
		Removed: p.Hidden, At: c.now(),
	}
	for _, f := range p.Hidden {
		file := live[f]
		file.Bucket, file.Key = f.Bucket, public(f.Key)
		r.Added = append(r.Added, file)
	}
	err := c.catalog.ReplaceFiles(ctx, r)
	if errors.Is(err, catalog.ErrConflict) || errors.Is(err, catalog.ErrNotFound) {
		return c.catalog.Remember(ctx, p.Hidden, c.now())
	}
	return err
}

// withdraw gives up merged files that were dropped with their table or
// partition. What is public holds their rows and stays, as on any drop.
func (c *Compactor) withdraw(ctx context.Context, p *publication) error {
	if err := c.catalog.Remember(ctx, p.Hidden, c.now()); err != nil {
		return err
	}
	if err := c.catalog.ForgetRemoved(ctx, p.Superseded); err != nil {
		return err
	}
	return c.end(ctx, p)
}

func (c *Compactor) end(ctx context.Context, p *publication) error {
	if err := c.journal.endPublication(ctx, p.ID); err != nil {
		return err
	}
	c.pending = slices.DeleteFunc(c.pending, func(q *publication) bool { return q == p })
	return c.step("ended")
}

// sweep deletes objects that nobody needs, beside those that publications will
// delete.
func (c *Compactor) sweep(ctx context.Context, unused []catalog.FileName) error {
	held := map[catalog.FileName]bool{}
	for _, p := range c.pending {
		for _, f := range slices.Concat(p.Hidden, p.Superseded) {
			held[f] = true
		}
	}
	var gone []catalog.FileName
	var errs []error
	for _, f := range unused {
		if held[f] || !isHidden(f.Key) {
			continue
		}
		if err := c.objects.Delete(ctx, f.Bucket, f.Key); err != nil {
			errs = append(errs, err)
			continue
		}
		gone = append(gone, f)
	}
	return errors.Join(append(errs, c.catalog.ForgetRemoved(ctx, gone))...)
}
