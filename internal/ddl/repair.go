package ddl

import (
	"errors"
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/sql/hive"
	"github.com/scopsdb/scops/internal/sql/types"
)

// repair registers the folders key=value/ below the table's location that are
// no partitions yet, and names the partitions whose folders are gone (which it
// leaves registered, as Athena does).
func (r *run) repair(s *hive.MsckRepair) (Result, error) {
	t, err := r.baseTable(s.Table)
	if err != nil {
		return Result{}, err
	}
	if len(t.PartitionKeys) == 0 {
		return Result{}, nil
	}
	found, err := r.partitionFolders(s, t)
	if err != nil {
		return Result{}, err
	}
	all, err := r.Catalog.Partitions(r.ctx, t.Database, t.Name)
	if err != nil {
		return Result{}, refused(err)
	}
	known := make(map[string]bool, len(all))
	for _, p := range all {
		known[catalog.PartitionName(t.PartitionKeys, p.Values)] = true
	}
	var fresh []catalog.Partition
	for _, p := range found {
		if !known[catalog.PartitionName(t.PartitionKeys, p.Values)] {
			fresh = append(fresh, p)
		}
	}
	if len(fresh) > 0 && t.Delivery != "" {
		return Result{}, semantic(s, "table %s belongs to delivery %s, which registers its partitions with their files: objects that others put into its folders (%s) are not read", t.Name, t.Delivery, fresh[0].Location)
	}
	if _, err := r.Catalog.AddPartitions(r.ctx, t.Database, t.Name, fresh, true); err != nil {
		return Result{}, refused(err)
	}
	return result(nil, repairRows(t, fresh, lost(t, all, found))), nil
}

// lost are the registered partitions that should be in their own folders below
// the table's location and have none there.
func lost(t *catalog.Table, all, found []catalog.Partition) []catalog.Partition {
	folders := make(map[string]bool, len(found))
	for _, p := range found {
		folders[catalog.FolderURI(p.Location)] = true
	}
	var out []catalog.Partition
	for _, p := range all {
		folder := catalog.FolderURI(p.Location)
		own := catalog.SameLocation(folder, catalog.PartitionLocation(t, p.Values))
		if own && !folders[folder] && t.Delivery == "" {
			out = append(out, p)
		}
	}
	return out
}

func repairRows(t *catalog.Table, fresh, lost []catalog.Partition) []string {
	names := func(head string, ps []catalog.Partition) string {
		var b strings.Builder
		b.WriteString(head)
		for _, p := range ps {
			b.WriteString("\t" + t.Name + ":" + catalog.PartitionName(t.PartitionKeys, p.Values))
		}
		return b.String()
	}
	var rows []string
	if len(fresh) > 0 {
		rows = append(rows, names("Partitions not in metastore:", fresh))
	}
	if len(lost) > 0 {
		rows = append(rows, names("Partitions missing from filesystem:", lost))
	}
	for _, p := range fresh {
		rows = append(rows, "Repair: Added partition to metastore "+t.Name+":"+catalog.PartitionName(t.PartitionKeys, p.Values))
	}
	return rows
}

// Pages of the listing: it begins with the largest and shrinks while folders
// hold many objects, of which one is enough to know the folder.
const (
	largestPage  = 1000
	smallestPage = 8
)

// partitionFolders finds the folders that are named as partitions of t, in
// order. After the first object of a folder the rest of it is skipped.
func (r *run) partitionFolders(s *hive.MsckRepair, t *catalog.Table) ([]catalog.Partition, error) {
	root := catalog.FolderURI(t.Location)
	bucket, prefix, err := objects.SplitURI(root)
	if err != nil {
		return nil, semantic(s, "LOCATION: %v", err)
	}
	w := folderWalk{table: t, root: root, prefix: prefix}
	after, size := "", largestPage
	for {
		page, more, err := r.Objects.List(r.ctx, bucket, prefix, after, size)
		if err := r.listError(t, err); err != nil {
			return nil, err
		}
		before := len(w.found)
		for _, info := range page {
			if err := w.object(s, info.Key); err != nil {
				return nil, err
			}
		}
		if !more || len(page) == 0 {
			return w.found, nil
		}
		after = page[len(page)-1].Key
		if w.folder != "" && strings.HasPrefix(after, w.folder) {
			after = w.folder + "\U0010FFFF" // beyond all keys of the folder
		}
		size = nextPage(size, len(w.found)-before)
	}
}

func (r *run) listError(t *catalog.Table, err error) error {
	switch {
	case err == nil:
		return nil
	case r.ctx.Err() != nil:
		return r.ctx.Err()
	case errors.Is(err, objects.ErrNoSuchBucket):
		return execution(err, "MetaException(message:the bucket of %s does not exist)", t.Location)
	}
	return execution(err, "MetaException(message:%s cannot be listed: %v)", t.Location, err)
}

// nextPage adapts the page to how many new folders the last one showed.
func nextPage(size, folders int) int {
	switch {
	case folders*8 < size:
		return max(size/4, smallestPage)
	case folders*2 > size:
		return min(size*4, largestPage)
	}
	return size
}

// folderWalk goes over the keys of a table's folder in order.
type folderWalk struct {
	table  *catalog.Table
	root   string // s3://bucket/prefix/
	prefix string
	folder string // key prefix of the last partition's folder, with its slash
	found  []catalog.Partition
}

// object looks at the folders of one key. A value that queries could not read
// as its key's type is an error: registered, it would make every query fail.
func (w *folderWalk) object(s *hive.MsckRepair, key string) error {
	if w.folder != "" && strings.HasPrefix(key, w.folder) {
		return nil
	}
	parts := strings.Split(key[len(w.prefix):], "/")
	n := len(w.table.PartitionKeys)
	if len(parts) <= n { // the last part is an object's name
		return nil
	}
	values := make([]string, n)
	for i, k := range w.table.PartitionKeys {
		name, value, ok := strings.Cut(parts[i], "=")
		if !ok || value == "" || catalog.UnescapePath(name) != k.Name {
			return nil
		}
		values[i] = catalog.UnescapePath(value)
		if err := w.check(s, k, values[i]); err != nil {
			return err
		}
	}
	path := strings.Join(parts[:n], "/") + "/"
	w.folder = w.prefix + path
	w.found = append(w.found, catalog.Partition{Values: values, Location: w.root + path})
	return nil
}

func (w *folderWalk) check(s *hive.MsckRepair, key catalog.Column, value string) error {
	t, err := types.FromHive(key.Type)
	if err == nil {
		_, err = types.ParsePartitionValue(t, value)
	}
	if err != nil {
		return semantic(s, "folder %s=%s below %s: %v", key.Name, value, w.root, err)
	}
	return nil
}
