package tablewriter

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/sql/analyzer"
)

// Result is what a statement has written, before it is committed.
type Result struct {
	Rows  int64
	Files []catalog.FileName // in order of their names
}

// URIs are the files as s3://bucket/key.
func (r Result) URIs() []string {
	out := make([]string, len(r.Files))
	for i, f := range r.Files {
		out[i] = f.String()
	}
	return out
}

// Write is a statement that has begun to write. Commit or Abort ends it.
type Write struct {
	plan    *Plan
	mu      sync.Mutex
	result  Result
	files   []catalog.FileName // that may be there: data and others
	targets *targets
}

// Begin makes the write durable: from here on a crash leaves nothing of it.
func (p *Plan) Begin(ctx context.Context) (*Write, error) {
	location := p.table.Location
	if p.kind == analyzer.InsertInto {
		location = "" // several may write to one table
	}
	err := p.writer.cfg.Catalog.BeginWrite(ctx, p.id, location)
	if errors.Is(err, catalog.ErrConflict) {
		return nil, pathExists(p.table)
	}
	if err != nil {
		return nil, err
	}
	return &Write{plan: p, targets: newTargets(p)}, nil
}

// NoData says that the statement has WITH NO DATA: there is no query to run.
func (p *Plan) NoData() bool { return p.noData }

// putParallel is how many objects are put at once.
const putParallel = 8

// Rows writes all rows of a query into objects that nothing shows yet.
func (w *Write) Rows(ctx context.Context, rows engine.Rows) (Result, error) {
	s := &spread{plan: w.plan, targets: w.targets, put: w.put}
	rest, err := s.run(ctx, rows)
	if err == nil {
		err = w.put(ctx, rest)
	}
	if err != nil {
		return Result{}, err
	}
	slices.SortFunc(w.result.Files, func(a, b catalog.FileName) int { return strings.Compare(a.String(), b.String()) })
	return w.result, nil
}

// Expect makes the names of other objects durable that belong to the write: they
// are deleted with it.
func (w *Write) Expect(ctx context.Context, files []catalog.FileName) error {
	w.mu.Lock()
	w.files = append(w.files, files...)
	w.mu.Unlock()
	return w.plan.writer.cfg.Catalog.AddWriteObjects(ctx, w.plan.id, files)
}

// put stores files side by side, after their names are durable.
func (w *Write) put(ctx context.Context, files []*file) error {
	defer func() {
		for _, f := range files {
			f.discard()
		}
	}()
	if len(files) == 0 {
		return nil
	}
	if err := w.Expect(ctx, names(files)); err != nil {
		return err
	}
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(putParallel)
	for _, f := range files {
		group.Go(func() error { return f.put(inner, w.plan.writer.cfg.Objects, w.plan.ending.ContentType) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, f := range files {
		w.result.Rows += f.rows
		w.result.Files = append(w.result.Files, f.object)
	}
	return nil
}
