package crawler

import (
	"context"
	"slices"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/objects"
)

// visible is a store without the objects of statements that are not committed.
type visible struct {
	objects.Store
	view *catalog.WriteView
}

// List leaves out what is not committed; a page may have less than it could.
func (v visible) List(ctx context.Context, bucket, prefix, after string, max int) ([]objects.Info, bool, error) {
	page, more, err := v.Store.List(ctx, bucket, prefix, after, max)
	for err == nil && len(page) > 0 && v.view.Any() {
		kept := slices.DeleteFunc(slices.Clone(page), func(o objects.Info) bool { return v.view.Hides(uri(o)) })
		if len(kept) > 0 || !more {
			return kept, more, nil
		}
		page, more, err = v.Store.List(ctx, bucket, prefix, page[len(page)-1].Key, max)
	}
	return page, more, err
}

// FolderVersion is the store's.
func (v visible) FolderVersion(bucket, prefix string) string {
	return objects.FolderVersion(v.Store, bucket, prefix)
}
