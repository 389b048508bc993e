package duckdb

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/planner"
)

// Fetcher makes a file of an object that is in a store elsewhere. release tells
// that the file is not read any more.
type Fetcher interface {
	Fetch(ctx context.Context, info objects.Info) (path string, release func(), err error)
}

// fetchAtOnce is how many objects of a query are on their way together.
const fetchAtOnce = 8

// fetchRemote gets the objects that the scans read from elsewhere and returns
// the scans with their files. The files stay until the query ends.
func (e *Engine) fetchRemote(q *sources, scans []planner.Scan) ([]planner.Scan, error) {
	isRemote := func(f planner.File) bool { return f.Remote != nil && f.Size > 0 }
	var out []planner.Scan
	for i, scan := range scans {
		if !slices.ContainsFunc(scan.Files, isRemote) {
			continue
		}
		if out == nil {
			out = slices.Clone(scans) // the planner's lists are shared
		}
		out[i].Files = slices.Clone(scan.Files)
		if err := e.fetchFiles(q, out[i].Files, isRemote); err != nil {
			return nil, err
		}
	}
	if out == nil {
		return scans, nil
	}
	return out, nil
}

func (e *Engine) fetchFiles(q *sources, files []planner.File, wanted func(planner.File) bool) error {
	group, ctx := errgroup.WithContext(q.ctx)
	group.SetLimit(fetchAtOnce)
	for i := range files {
		if !wanted(files[i]) {
			continue
		}
		if e.remote == nil {
			return &engine.Error{Name: nameCannotOpen, Message: fmt.Sprintf("%s is not in a store whose objects can be read in place", files[i].URI)}
		}
		group.Go(func() error {
			path, release, err := e.remote.Fetch(ctx, *files[i].Remote)
			if err != nil {
				return &engine.Error{Name: nameCannotOpen, Message: fmt.Sprintf("Error opening Hive split %s: %v", files[i].URI, err)}
			}
			files[i].Path = path
			q.release(release)
			return nil
		})
	}
	return group.Wait()
}
