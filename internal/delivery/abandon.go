package delivery

import (
	"context"
	"fmt"
)

// abandon ends the batches of a delivery that is deleted. What it has committed
// is kept as settled, so that a delivery of the same name does not take it
// again; what it has not, is undone: the objects are removed, the messages are
// no longer the batch's.
func (m *Manager) abandon(ctx context.Context, r *Registration) error {
	entries, err := m.journal.open(ctx, r.Name)
	if err != nil {
		return err
	}
	for _, e := range entries {
		committed, err := m.catalog.BatchCommitted(ctx, r.Name, e.ID)
		if err != nil {
			return err
		}
		if committed {
			err = m.keepSettled(ctx, e)
		} else {
			err = m.undo(ctx, e)
		}
		if err == nil {
			err = m.letEntryGo(ctx, r, e)
		}
		if err != nil {
			return err
		}
	}
	return m.dropSettled(ctx, r)
}

func (m *Manager) keepSettled(ctx context.Context, e *entry) error {
	before, err := m.journal.settled(ctx, e.Delivery, e.Queue, e.Created)
	if err != nil {
		return err
	}
	return m.journal.settle(ctx, e, before.union(spansOf(e.Sequences)))
}

// undo removes what a batch has written before it was committed.
func (m *Manager) undo(ctx context.Context, e *entry) error {
	l, err := e.Plan.Target.layout(ctx, m.transforms)
	if err != nil {
		return err
	}
	defer l.close()
	for _, o := range e.Plan.Objects {
		if err := m.removeFiles(ctx, l, o.Key, 0); err != nil {
			return err
		}
	}
	if err := m.objects.Delete(ctx, l.errorBucket, e.Plan.ErrorKey); err != nil {
		return fmt.Errorf("remove s3://%s/%s: %w", l.errorBucket, e.Plan.ErrorKey, err)
	}
	return m.journal.remove(ctx, e.Delivery, e.ID)
}

// letEntryGo releases the messages of a batch that no other batch has.
func (m *Manager) letEntryGo(ctx context.Context, r *Registration, e *entry) error {
	created, err := m.queueCreated(ctx, e.Queue)
	if err != nil || created.IsZero() || !created.Equal(e.Created) {
		return err
	}
	free := spansOf(e.Sequences)
	for _, o := range m.all {
		if o.Name == r.Name || o.Queue != e.Queue {
			continue
		}
		others, err := m.journal.open(ctx, o.Name)
		if err != nil {
			return err
		}
		for _, b := range others {
			free = free.minus(spansOf(b.Sequences))
		}
	}
	for seqs := range free.chunks(chunkOfSequences) {
		if err := m.queue.Release(ctx, e.Queue, seqs); err != nil {
			return err
		}
	}
	return nil
}

// dropSettled deletes what the last delivery of a queue has committed and not
// deleted yet: nobody is left who would.
func (m *Manager) dropSettled(ctx context.Context, r *Registration) error {
	created, err := m.queueCreated(ctx, r.Queue)
	alone := len(byQueue(m.all)[r.Queue]) == 1
	if err != nil || created.IsZero() || !alone {
		return err
	}
	settled, err := m.journal.settled(ctx, r.Name, r.Queue, created)
	if err != nil {
		return err
	}
	for seqs := range settled.chunks(chunkOfSequences) {
		if _, err := m.queue.DeleteSequences(ctx, r.Queue, seqs); err != nil {
			return err
		}
	}
	return nil
}
