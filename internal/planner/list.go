package planner

import (
	"context"
	"errors"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/objects"
)

const (
	listParallel = 8    // folders listed at once
	listPage     = 5000 // objects of the first call
	listGrowth   = 8    // times as many of the next
	listMost     = 1 << 20
)

// listFolders lists the data objects of each folder, recursively as Athena
// does, several folders at once. A folder without objects is empty; a missing
// bucket is an error.
func (p *Planner) listFolders(ctx context.Context, locations []string) ([][]objects.Info, error) {
	out := make([][]objects.Info, len(locations))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(listParallel)
	for i, location := range locations {
		group.Go(func() (err error) {
			out[i], err = p.listFolder(ctx, location)
			return err
		})
	}
	return out, group.Wait()
}

func (p *Planner) listFolder(ctx context.Context, location string) ([]objects.Info, error) {
	bucket, prefix, err := objects.SplitURI(catalog.FolderURI(location))
	if err != nil {
		return nil, fail(errInvalidMetadata, err, "%v", err)
	}
	var out []objects.Info
	after := ""
	// Each call for a local folder reads the folder: the calls must stay few.
	for size := listPage; ; size = min(size*listGrowth, listMost) {
		page, more, err := p.objects.List(ctx, bucket, prefix, after, size)
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case errors.Is(err, objects.ErrNoSuchBucket):
			return nil, fail(errFilesystem, err, "Failed to list directory: %s: the bucket %s does not exist", location, bucket)
		case err != nil:
			return nil, fail(errFilesystem, err, "Failed to list directory: %s: %v", location, err)
		}
		for _, info := range page {
			if IsData(info.Key[len(prefix):], info.Size) {
				out = append(out, info)
			}
		}
		if !more || len(page) == 0 {
			return out, nil
		}
		after = page[len(page)-1].Key
	}
}

// IsData applies Hive's rules to an object of a table's folder, by its path
// below it: names that begin with "_" or "." at any level are not data, nor are
// empty objects, which mark folders.
func IsData(path string, size int64) bool {
	if size == 0 {
		return false
	}
	for part := range strings.SplitSeq(path, "/") {
		if strings.HasPrefix(part, "_") || strings.HasPrefix(part, ".") {
			return false
		}
	}
	return true
}
