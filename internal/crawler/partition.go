package crawler

import (
	"context"
	"errors"
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/types"
)

// partitionOf is the partition of a table that an object belongs to, by its path
// below the table's folder, and false for one that is no data or in no partition.
func partitionOf(t *catalog.Table, path string) (catalog.Partition, bool) {
	parts := strings.Split(path, "/")
	n := len(t.PartitionKeys)
	if len(parts) <= n {
		return catalog.Partition{}, false
	}
	for _, part := range parts {
		if part == "" || hidden(part) {
			return catalog.Partition{}, false
		}
	}
	return partitionAt(t, parts[:n])
}

// partitionAt is the partition of a folder below the table's, by the names of the
// folders on the way.
func partitionAt(t *catalog.Table, names []string) (catalog.Partition, bool) {
	p := catalog.Partition{Values: make([]string, len(names))}
	for i, name := range names {
		value, ok := levelValue(t.PartitionKeys[i], name)
		if !ok {
			return p, false
		}
		p.Values[i] = value
	}
	p.Location = catalog.FolderURI(t.Location) + strings.Join(names, "/") + "/"
	return p, true
}

// levelValue is the value that a folder gives to a key: key=value, or a value
// alone where the key has a crawler's name for such folders or the folder is a
// number or a date. A value that queries could not read as the key's type gives
// none: registered, it would make them fail.
func levelValue(key catalog.Column, name string) (string, bool) {
	switch named := keyOf(name); {
	case named == key.Name:
	case named == "" && !strings.Contains(name, "=") && (strings.HasPrefix(key.Name, "partition_") || dateLike.MatchString(name)):
	default:
		return "", false
	}
	value := valueOf(name)
	t, err := types.FromHive(key.Type)
	if err == nil {
		_, err = types.ParsePartitionValue(t, value)
	}
	return value, err == nil
}

// catchUp registers the partitions that the folders of a table hold and nobody
// told of.
func (w *watch) catchUp(ctx context.Context, t *watched) error {
	set, err := w.Catalog.PartitionSet(ctx, t.table.Database, t.table.Name)
	if err != nil {
		return ignoreGone(err)
	}
	view := w.Catalog.ViewWrites()
	defer view.Close()
	c := catchingUp{watch: w, watched: t, set: set, view: view, found: map[string]catalog.Partition{}}
	if err := c.folder(ctx, nil); err != nil {
		return err
	}
	return w.addNew(ctx, t.table, c.found)
}

type catchingUp struct {
	*watch
	*watched
	set   *catalog.PartitionSet
	view  *catalog.WriteView
	found map[string]catalog.Partition // by location
}

// folder goes through the folders below the one of names.
func (c *catchingUp) folder(ctx context.Context, names []string) error {
	prefix := c.prefix
	if len(names) > 0 {
		prefix += strings.Join(names, "/") + "/"
	}
	below, err := foldersIn(ctx, c.Objects, c.bucket, prefix)
	if err != nil {
		return ignoreGone(err)
	}
	for _, name := range below {
		path := append(names[:len(names):len(names)], name)
		if _, ok := levelValue(c.table.PartitionKeys[len(names)], name); !ok || hidden(name) {
			continue
		}
		if len(path) < len(c.table.PartitionKeys) {
			if err := c.folder(ctx, path); err != nil {
				return err
			}
			continue
		}
		p, ok := partitionAt(c.table, path)
		if !ok || c.set.Has(p.Values) {
			continue
		}
		some, err := c.holds(ctx, prefix+name+"/")
		if err != nil {
			return err
		}
		if some {
			c.found[p.Location] = p
		}
	}
	return nil
}

// holds says whether there is data in a folder.
func (c *catchingUp) holds(ctx context.Context, prefix string) (bool, error) {
	after := ""
	for {
		page, more, err := c.Objects.List(ctx, c.bucket, prefix, after, 8)
		if err != nil {
			return false, err
		}
		for _, o := range page {
			if _, ok := partitionOf(c.table, o.Key[len(c.prefix):]); ok && o.Size > 0 && !c.view.Hides(uri(o)) {
				return true, nil
			}
		}
		if !more || len(page) == 0 {
			return false, nil
		}
		after = page[len(page)-1].Key
	}
}

// ignoreGone is nil for a table that was dropped meanwhile: it has no partitions.
func ignoreGone(err error) error {
	if errors.Is(err, catalog.ErrNotFound) {
		return nil
	}
	return err
}
