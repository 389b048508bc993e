package delivery

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
)

// batch is an entry of the journal with its messages.
type batch struct {
	entry
	messages []message
	repeated bool // an earlier attempt may have written some of it
	shown    *shown
	errors   []catalog.DataFile
	keys     *duplicates // nil without dedup
}

// deliver takes a collected batch through all steps. What it returns an error
// for stays in the journal and is repeated at the next start, or, where it was
// not fixed yet, goes back to the queue.
func (d *delivery) deliver(ctx context.Context, c *collected) error {
	slices.SortFunc(c.messages, func(a, b message) int { return cmp.Compare(a.seq, b.seq) })
	b, l, err := d.fix(ctx, c)
	if errors.Is(err, errQueueGone) {
		c.shown.drop()
		d.log.Warn("a batch was not begun, because its queue was deleted with its messages", "messages", len(c.messages))
		return nil
	}
	if err != nil {
		return err
	}
	if err := d.remember(ctx, b); err != nil {
		return err
	}
	b.shown = c.shown.settle(ctx, l, b.messages)
	return d.finish(ctx, l, b)
}

// fix plans a batch and writes it down. Where that fails the messages go back
// to the queue.
func (d *delivery) fix(ctx context.Context, c *collected) (b *batch, l *layout, err error) {
	defer func() {
		if err != nil && !errors.Is(err, errCrash) && !errors.Is(err, errQueueGone) {
			d.release(c)
		}
	}()
	err = d.retry(ctx, "prepare", func() (err error) {
		l, err = d.currentLayout(ctx)
		return err
	})
	if err == nil {
		err = d.sameQueue(ctx, c.created)
	}
	if err == nil && !c.created.Equal(d.origin.created) { // a new queue begins new books
		err = d.retry(ctx, "open books", func() error { return d.attach(ctx) })
	}
	if err != nil {
		return nil, nil, err
	}
	err = d.retry(ctx, "plan batch", func() (err error) {
		b, l, err = d.planned(ctx, l, c.messages)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	if err := d.step("planned"); err != nil {
		return nil, nil, err
	}
	// The same batch at every attempt: one that failed may still be in the journal.
	if err := d.retry(ctx, "fix batch", func() error { return d.m.journal.fix(ctx, &b.entry) }); err != nil {
		return nil, nil, err
	}
	if err := d.step("fixed"); err != nil {
		return nil, nil, err
	}
	return b, l, nil
}

// planned plans a batch, after the columns that its events want were added.
func (d *delivery) planned(ctx context.Context, l *layout, messages []message) (*batch, *layout, error) {
	b, err := d.plan(ctx, l, messages)
	if err != nil || l.UnknownFields != Add || b.Plan.unknown == 0 {
		return b, l, err
	}
	if added, err := d.evolve(ctx, l, messages); err != nil || !added {
		return b, l, err
	}
	next, err := d.currentLayout(ctx)
	if err != nil {
		return nil, l, err
	}
	b, err = d.plan(ctx, next, messages)
	return b, next, err
}

func (d *delivery) plan(ctx context.Context, l *layout, messages []message) (b *batch, err error) {
	b = &batch{messages: messages}
	b.Delivery, b.Queue, b.Created = d.config.Name, d.config.Queue, d.origin.created
	b.ID, b.FixedAt = d.m.newID(), d.m.now().Truncate(time.Millisecond)
	b.Sequences = sequences(messages)
	b.keys = d.duplicatesOf(l, b.Created)
	b.Plan, err = makePlan(ctx, l, b.ID, b.FixedAt, messages, nil, b.keys)
	return b, err
}

func sequences(messages []message) []uint64 {
	seqs := make([]uint64, len(messages))
	for i, m := range messages {
		seqs[i] = m.seq
	}
	return seqs
}

// finish does the steps after fixing. Each may be repeated.
func (d *delivery) finish(ctx context.Context, l *layout, b *batch) error {
	var files []catalog.DataFile
	err := d.retry(ctx, "write objects", func() (err error) {
		files, err = d.writeObjects(ctx, l, b)
		return err
	})
	if err != nil {
		return err
	}
	err = d.retry(ctx, "write error records", func() (err error) {
		b.errors, err = d.writeRejected(ctx, l, b)
		return err
	})
	if err != nil {
		return err
	}
	if err := d.step("written"); err != nil {
		return err
	}
	if err := d.retry(ctx, "commit", func() error { return d.commit(ctx, b, files) }); err != nil {
		return err
	}
	if err := d.step("committed"); err != nil {
		return err
	}
	if err := d.clean(ctx, &b.entry); err != nil {
		return err
	}
	b.shown.ended()
	d.expireKeys(ctx, b)
	return nil
}

// commit moves the batch's messages from in flight to where they ended: files,
// error records, filtered, duplicates.
func (d *delivery) commit(ctx context.Context, b *batch, files []catalog.DataFile) error {
	c := catalog.Batch{
		Delivery: b.Delivery, ID: b.ID, Database: b.Plan.Target.Database, Table: b.Plan.Target.Table,
		Files: files, Errors: b.errors, Rejected: int64(len(b.Plan.rejected)),
		Filtered: b.Plan.filtered, Duplicates: b.Plan.duplicates, Late: b.Plan.late, Future: b.Plan.future, CommittedAt: d.m.now(),
	}
	var size int64
	for _, f := range files {
		c.Delivered += f.Rows
		size += f.Size
		if len(f.Partition) > 0 {
			t := catalog.Table{Location: b.Plan.Target.Location, PartitionKeys: b.Plan.Target.PartitionKeys}
			c.Partitions = append(c.Partitions, catalog.Partition{Values: f.Partition, Location: catalog.PartitionLocation(&t, f.Partition)})
		}
	}
	for _, m := range b.messages {
		if m.sentAt.After(c.NewestSentAt) {
			c.NewestSentAt = m.sentAt
		}
	}
	c.Applied = b.shown.applied
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.m.catalog.CommitBatch(ctx, c); err != nil {
		if errors.Is(err, catalog.ErrNotFound) || errors.Is(err, catalog.ErrConflict) || errors.Is(err, catalog.ErrInvalid) {
			return &pausedError{err}
		}
		return err
	}
	d.totals.Delivered += c.Delivered
	d.totals.Rejected += c.Rejected
	d.totals.Filtered += c.Filtered
	d.totals.Duplicates += c.Duplicates
	d.totals.Late += c.Late
	d.totals.Future += c.Future
	d.totals.Batches++
	d.totals.Files += int64(len(files))
	d.totals.Bytes += size
	if c.NewestSentAt.After(d.totals.NewestSentAt) {
		d.totals.NewestSentAt = c.NewestSentAt
	}
	d.feed.commit(b.Created, sequences(b.messages))
	d.m.measures.planned.WithLabelValues(d.config.Name).Add(float64(len(b.messages)))
	d.unknown += b.Plan.unknown
	if b.shown == nil {
		d.visible.settled(b.messages, b.Plan.rejected)
	}
	d.pace.flushed(partitionsOf(files))
	return nil
}

// partitionsOf names the partitions of files, each once.
func partitionsOf(files []catalog.DataFile) []string {
	var names []string
	for _, f := range files {
		names = append(names, strings.Join(f.Partition, "\x00"))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// clean ends a committed batch: it deletes the messages that no other delivery
// wants, and notes the others as settled.
func (d *delivery) clean(ctx context.Context, e *entry) error {
	wanted, settled := d.feed.othersWant(e.Created, e.Sequences)
	if wanted {
		if err := d.retry(ctx, "settle batch", func() error { return d.m.journal.settle(ctx, e, settled) }); err != nil {
			return err
		}
		if err := d.step("settled"); err != nil {
			return err
		}
	}
	if err := d.retry(ctx, "delete messages", func() error { return d.feed.finish(ctx, e) }); err != nil {
		return err
	}
	if err := d.step("deleted"); err != nil {
		return err
	}
	if !wanted {
		if err := d.retry(ctx, "end batch", func() error { return d.m.journal.remove(ctx, e.Delivery, e.ID) }); err != nil {
			return err
		}
	}
	return d.step("ended")
}

// repeat finishes a batch that the last run left in the journal.
func (d *delivery) repeat(ctx context.Context, e *entry) error {
	var committed bool
	err := d.retry(ctx, "read journal", func() (err error) {
		committed, err = d.m.catalog.BatchCommitted(ctx, e.Delivery, e.ID)
		return err
	})
	if err != nil {
		return err
	}
	if committed {
		return d.clean(ctx, e)
	}
	l, err := e.Plan.Target.layout(ctx, d.m.transforms)
	if err != nil {
		return err // it was made from the same target before
	}
	defer l.close()
	b := &batch{entry: *e, repeated: true}
	err = d.retry(ctx, "read messages", func() error {
		if e.orphaned {
			return nil
		}
		got, err := d.m.queue.Lookup(ctx, e.Queue, e.Sequences)
		b.messages = b.messages[:0]
		for _, r := range got {
			b.messages = append(b.messages, message{r.Sequence, r.ID, r.SentAt, r.Body})
		}
		return err
	})
	if err != nil {
		return err
	}
	if n := len(e.Sequences) - len(b.messages); n > 0 {
		found := sequences(b.messages)
		d.feed.x.vanished(spansOf(e.Sequences).minus(spansOf(found)))
		d.log.Warn("messages of an unfinished batch were deleted by someone else", "batch", e.ID, "messages", n)
	}
	err = d.retry(ctx, "plan batch", func() (err error) {
		b.keys = d.duplicatesOf(l, e.Created)
		if err := b.keys.again(e, b.messages); err != nil {
			return err
		}
		b.Plan, err = makePlan(ctx, l, e.ID, e.FixedAt, b.messages, e.Plan.Objects, b.keys)
		return err
	})
	if err == nil {
		err = d.remember(ctx, b)
	}
	if err != nil {
		return err
	}
	b.shown = d.showAgain(l, b.messages)
	d.log.Info("repeating an unfinished batch", "batch", e.ID, "messages", len(b.messages))
	return d.finish(ctx, l, b)
}
