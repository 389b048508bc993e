package tablewriter

import (
	"context"
	"errors"
	"io"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/formats/record"
)

const (
	// batchRows and batchBytes bound a batch: what goes to a worker at once.
	batchRows  = 1024
	batchBytes = 1 << 20
)

// batch are rows with their targets, on their way to a worker. It is used again.
type batch struct {
	values  []record.Value // of all rows, one after the other
	targets []*target      // one a row
	bytes   int
}

var batches = sync.Pool{New: func() any { return new(batch) }}

func (b *batch) release() {
	clear(b.values) // it lets go of the texts
	b.values, b.targets, b.bytes = b.values[:0], b.targets[:0], 0
	batches.Put(b)
}

// spread is one spreading of rows over files.
type spread struct {
	plan    *Plan
	targets *targets
	count   atomic.Int64 // names given
	put     func(ctx context.Context, files []*file) error
}

// run reads all rows. It returns the files that are ended and not put.
func (s *spread) run(ctx context.Context, rows engine.Rows) ([]*file, error) {
	group, inner := errgroup.WithContext(ctx)
	workers := make([]*worker, s.plan.writer.cfg.Parallel)
	for i := range workers {
		w := &worker{spread: s, in: make(chan *batch, 2), open: map[*target]*file{}}
		workers[i] = w
		group.Go(func() error { return w.run(inner) })
	}
	group.Go(func() error {
		defer func() {
			for _, w := range workers {
				close(w.in)
			}
		}()
		return s.read(inner, rows, workers)
	})
	err := group.Wait()
	var ended []*file
	for _, w := range workers {
		ended = append(ended, w.ended...)
		if err != nil {
			w.discard()
		}
	}
	if err != nil {
		for _, f := range ended {
			f.discard()
		}
		return nil, err
	}
	return ended, nil
}

// read gives each row to a worker. The rows of a table without partitions and
// buckets go to all in turn, so that each makes files of its own; otherwise all
// rows of a target go to one.
func (s *spread) read(ctx context.Context, rows engine.Rows, workers []*worker) error {
	filling := make([]*batch, len(workers))
	single := len(s.plan.table.PartitionKeys) == 0 && s.plan.buckets == nil
	turn := 0
	for {
		values, err := rows.Next(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		t, err := s.targets.of(ctx, values)
		if err != nil {
			return err
		}
		at := t.number % len(workers)
		if single {
			at = turn % len(workers)
		}
		if filling[at] == nil {
			filling[at] = batches.Get().(*batch)
		}
		b := filling[at]
		s.plan.add(b, values, t)
		if len(b.targets) < batchRows && b.bytes < batchBytes {
			continue
		}
		if err := workers[at].send(ctx, b); err != nil {
			return err
		}
		filling[at] = nil
		turn++
	}
	for i, b := range filling {
		if b == nil {
			continue
		}
		if err := workers[i].send(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

func (p *Plan) add(b *batch, values []any, t *target) {
	for i := range p.columns {
		v := toRecord(&p.types[i], values[i])
		b.bytes += size(&v)
		b.values = append(b.values, v)
	}
	b.targets = append(b.targets, t)
}

// worker encodes the files of some targets.
type worker struct {
	spread *spread
	in     chan *batch
	open   map[*target]*file
	held   int64 // of all open files
	ended  []*file
}

func (w *worker) send(ctx context.Context, b *batch) error {
	select {
	case w.in <- b:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (w *worker) run(ctx context.Context) error {
	for b := range w.in {
		n := len(w.spread.plan.columns)
		for i, t := range b.targets {
			if err := w.write(ctx, t, b.values[i*n:(i+1)*n]); err != nil {
				return err
			}
		}
		b.release()
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, f := range w.open {
		if err := w.end(f); err != nil {
			return err
		}
	}
	return nil
}

func (w *worker) write(ctx context.Context, t *target, row []record.Value) error {
	f := w.open[t]
	if f == nil {
		var err error
		if f, err = w.spread.plan.newFile(t); err != nil {
			return err
		}
		w.open[t] = f
	}
	before := f.held
	if err := f.write(row); err != nil {
		return err
	}
	w.held += f.held - before
	cfg := &w.spread.plan.writer.cfg
	if f.size < cfg.FileSize && w.held < cfg.Memory/int64(cfg.Parallel) {
		return nil
	}
	if f.size < cfg.FileSize {
		f = w.largest()
	}
	if err := w.end(f); err != nil {
		return err
	}
	files := w.ended
	w.ended = nil
	return w.spread.put(ctx, files)
}

// largest is the open file that holds most.
func (w *worker) largest() *file {
	var most *file
	for _, f := range w.open {
		if most == nil || f.held > most.held {
			most = f
		}
	}
	return most
}

func (w *worker) end(f *file) error {
	if err := f.end(); err != nil {
		return err
	}
	delete(w.open, f.target)
	w.held -= f.held
	w.ended = append(w.ended, f)
	var err error
	f.object, err = w.spread.plan.name(f.target, &w.spread.count)
	return err
}

func (w *worker) discard() {
	for _, f := range w.open {
		f.discard()
	}
}

// names are the objects of files.
func names(files []*file) []catalog.FileName {
	out := make([]catalog.FileName, len(files))
	for i, f := range files {
		out[i] = f.object
	}
	return out
}
