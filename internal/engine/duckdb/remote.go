package duckdb

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql/analyzer"
)

// Fetcher makes a file of an object that is in a store elsewhere, with all of
// its bytes or at least those of some ranges. release tells that the file is not
// read any more.
type Fetcher interface {
	Fetch(ctx context.Context, info objects.Info) (path string, release func(), err error)
	FetchRanges(ctx context.Context, info objects.Info, ranges []objects.Range) (path string, release func(), err error)
}

// fetchAtOnce is how many objects of a query are on their way together.
const fetchAtOnce = 8

func isRemote(f planner.File) bool { return f.Remote != nil && f.Size > 0 }

// fetchRemote gets what a scan reads of objects that are elsewhere and returns
// its files. They stay until the query ends.
func (e *Engine) fetchRemote(q *sources, f formats.Format, ts *analyzer.TableScan, files []planner.File) ([]planner.File, error) {
	first := slices.IndexFunc(files, isRemote)
	if first < 0 {
		return files, nil
	}
	if e.remote == nil {
		return nil, &engine.Error{Name: nameCannotOpen, Message: fmt.Sprintf("%s is not in a store whose objects can be read in place", files[first].URI)}
	}
	files = slices.Clone(files) // the planner's lists are shared
	group, ctx := errgroup.WithContext(q.ctx)
	group.SetLimit(fetchAtOnce)
	for i := range files {
		if !isRemote(files[i]) {
			continue
		}
		group.Go(func() error { return e.fetchFile(ctx, q, f, ts, &files[i]) })
	}
	return files, group.Wait()
}

func (e *Engine) fetchFile(ctx context.Context, q *sources, f formats.Format, ts *analyzer.TableScan, file *planner.File) error {
	var err error
	if f.Kind == formats.Parquet {
		err = e.fetchParquet(ctx, q, f, ts, file)
	} else {
		err = e.fetchWhole(ctx, q, file)
	}
	var known *engine.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	return cannotOpen(file.URI, err)
}
