package compaction

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/write"
)

// urgent is the number of small files from which on a merge takes all of its
// share at once.
const urgent = 20

// settleTime is how long a merge that was ended may take to be undone.
const settleTime = 5 * time.Second

// merge does a merge. One that fails is undone.
func (c *Compactor) merge(ctx context.Context, f *found) error {
	began := time.Now()
	m, err := c.plan(f)
	if err != nil {
		return c.mergeFailed(f, err)
	}
	if err := c.journal.begin(ctx, m); err != nil {
		return err
	}
	err = c.step("planned")
	if err == nil {
		err = c.replace(ctx, m, f)
	}
	if err == nil {
		err = c.step("replaced")
	}
	if err == nil {
		err = c.fold(ctx, m, time.Since(began))
	}
	if err == nil {
		c.log.Debug("merged files", "table", m.Database+"."+m.Table, "partition", m.Partition, "files", len(m.Inputs), "into", len(m.Names), "rows", m.Rows, "level", m.Level)
		return nil
	}
	if errors.Is(err, errCrash) {
		return err
	}
	c.unsettled = append(c.unsettled, m)
	settling, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	serr := c.settle(settling)
	switch {
	case ctx.Err() != nil:
		return errors.Join(ctx.Err(), serr)
	case errors.Is(err, catalog.ErrConflict), errors.Is(err, catalog.ErrNotFound): // dropped meanwhile
		return serr
	}
	return errors.Join(c.mergeFailed(f, err), serr)
}

// mergeFailed lets the partition wait and says which it is.
func (c *Compactor) mergeFailed(f *found, err error) error {
	f.seen.failed, f.seen.again = true, c.now().Add(retryAfter)
	err = fmt.Errorf("table %s.%s, partition %s: %w", f.Database, f.Table, strings.Join(f.Partition, "/"), err)
	c.noteError(f.where, err)
	return err
}

// plan gives a merge its names: new ones, so that no object is written twice.
func (c *Compactor) plan(f *found) (*job, error) {
	m := &job{ID: c.newID(), where: f.where, Level: f.level}
	var err error
	if m.format, err = formats.Detect(f.table.SerDe.Library, f.table.InputFormat, f.table.SerDe.Parameters, f.table.Parameters); err != nil {
		return nil, err
	}
	if m.kind, err = write.KindOf(m.format); err != nil {
		return nil, err
	}
	newest := f.files[len(f.files)-1]
	m.Bucket, m.Newest = newest.Bucket, newest.CommittedAt
	m.Folder, _ = path.Split(newest.Key)
	for _, in := range f.files {
		m.Inputs = append(m.Inputs, in.Name())
		m.Rows, m.BytesIn = m.Rows+in.Rows, m.BytesIn+in.Size
	}
	for i := range f.policy.outputs(f.choice) {
		m.Names = append(m.Names, fmt.Sprintf("%s-%s-m%d%s", m.Delivery, m.ID, i, m.kind.Ending))
	}
	return m, nil
}

// replace writes the merged files and puts them in the place of the others.
func (c *Compactor) replace(ctx context.Context, m *job, f *found) error {
	files, err := c.write(ctx, m, f)
	if err != nil {
		return err
	}
	if err := c.step("written"); err != nil {
		return err
	}
	return c.catalog.ReplaceFiles(ctx, catalog.Replacement{
		ID: m.ID, Delivery: m.Delivery, Database: m.Database, Table: m.Table, Partition: m.Partition,
		Removed: m.Inputs, Added: files, At: c.now(),
	})
}

// settle finds out which of the merges that were begun have happened: those go
// on, the others are undone.
func (c *Compactor) settle(ctx context.Context) error {
	for len(c.unsettled) > 0 {
		m := c.unsettled[0]
		replaced, err := c.catalog.Replaced(ctx, m.ID)
		switch {
		case err != nil:
		case replaced:
			err = c.fold(ctx, m, 0)
		default:
			err = c.undo(ctx, m)
		}
		if err != nil {
			return err
		}
		c.unsettled = c.unsettled[1:]
	}
	return nil
}

// undo removes what a merge has written. No table lists it.
func (c *Compactor) undo(ctx context.Context, m *job) error {
	for i := range m.Names {
		if err := c.objects.Delete(ctx, m.Bucket, m.hidden(i)); err != nil {
			return err
		}
	}
	return c.journal.abandon(ctx, m.ID)
}

// fold makes a publication of a merge that has happened. It takes over those
// whose files went into the merge: what is public for them is public for it.
func (c *Compactor) fold(ctx context.Context, m *job, spent time.Duration) error {
	next := &publication{ID: m.ID, where: m.where}
	hidden := map[catalog.FileName]bool{} // inputs
	var ended []string
	var rest []*publication
	for _, p := range c.pending {
		kept := p.without(m.Inputs, hidden)
		if len(kept) == len(p.Hidden) {
			rest = append(rest, p)
			continue
		}
		ended = append(ended, p.ID)
		next.Hidden = append(next.Hidden, kept...)
		next.Superseded = append(next.Superseded, p.Superseded...)
	}
	for i := range m.Names {
		next.Hidden = append(next.Hidden, catalog.FileName{Bucket: m.Bucket, Key: m.hidden(i)})
	}
	for _, f := range m.Inputs {
		if !hidden[f] {
			next.Superseded = append(next.Superseded, f)
		}
	}
	written, err := c.bytesOf(ctx, m)
	if err != nil {
		return err
	}
	err = c.journal.fold(ctx, m, next, ended, counts{
		Merges: 1, FilesIn: int64(len(m.Inputs)), FilesOut: int64(len(m.Names)),
		Rows: m.Rows, BytesIn: m.BytesIn, BytesOut: written, Spent: spent,
	})
	if err != nil {
		return err
	}
	c.pending = append(rest, next)
	return c.step("folded")
}

// without returns the hidden files that are not among inputs, and notes those
// that are.
func (p *publication) without(inputs []catalog.FileName, among map[catalog.FileName]bool) []catalog.FileName {
	in := map[catalog.FileName]bool{}
	for _, f := range inputs {
		in[f] = true
	}
	var kept []catalog.FileName
	for _, h := range p.Hidden {
		if in[h] {
			among[h] = true
		} else {
			kept = append(kept, h)
		}
	}
	return kept
}

// bytesOf is the size of what a merge wrote, as far as it is still there.
func (c *Compactor) bytesOf(ctx context.Context, m *job) (int64, error) {
	files, err := c.files(ctx, m.where)
	var n int64
	for i := range m.Names {
		n += files[catalog.FileName{Bucket: m.Bucket, Key: m.hidden(i)}].Size
	}
	return n, err
}

// files are those of a partition by name, none where it is gone.
func (c *Compactor) files(ctx context.Context, w where) (map[catalog.FileName]catalog.DataFile, error) {
	out := map[catalog.FileName]catalog.DataFile{}
	t, err := c.catalog.Table(ctx, w.Database, w.Table)
	if errors.Is(err, catalog.ErrNotFound) {
		return out, nil
	}
	if err != nil || t.Delivery != w.Delivery || len(t.PartitionKeys) != len(w.Partition) {
		return out, err
	}
	var partitions [][]string
	if len(w.Partition) > 0 {
		partitions = [][]string{w.Partition}
	}
	list, err := c.catalog.Files(ctx, w.Database, w.Table, partitions)
	if errors.Is(err, catalog.ErrNotFound) {
		return out, nil
	}
	for _, f := range list {
		out[f.Name()] = f
	}
	return out, err
}
