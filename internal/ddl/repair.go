package ddl

import (
	"errors"
	"slices"
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
	walk, err := r.partitionFolders(s, t)
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
	for _, p := range walk.found {
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
	return result(nil, repairRows(t, fresh, lost(t, all, walk.found), walk.misspelt)), nil
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

// repairRows are Athena's words for what a repair found. Folders whose key is
// written in other letters (userId=1) are named and not registered.
func repairRows(t *catalog.Table, fresh, lost []catalog.Partition, misspelt []string) []string {
	missing := append(partitionNames(t, fresh), misspelt...)
	slices.Sort(missing)
	var rows []string
	for _, group := range []struct {
		head  string
		names []string
	}{
		{"Partitions not in metastore:", missing},
		{"Partitions missing from filesystem:", partitionNames(t, lost)},
	} {
		if len(group.names) > 0 {
			before := "\t" + t.Name + ":"
			rows = append(rows, group.head+before+strings.Join(group.names, before))
		}
	}
	for _, name := range partitionNames(t, fresh) {
		rows = append(rows, "Repair: Added partition to metastore "+t.Name+":"+name)
	}
	return rows
}

func partitionNames(t *catalog.Table, ps []catalog.Partition) []string {
	names := make([]string, len(ps))
	for i, p := range ps {
		names[i] = catalog.PartitionName(t.PartitionKeys, p.Values)
	}
	return names
}

// largestPage is how many folders one listing asks for: many, since a folder of
// the disk is read whole for each.
const largestPage = 100_000

// folderWalk goes down the folders of a table, a level for each partition key,
// as S3's delimiter lists them: what lies inside of the partitions' folders is
// not looked at, so that a repair costs one listing for each folder above them.
type folderWalk struct {
	*run
	statement *hive.MsckRepair
	table     *catalog.Table
	bucket    string
	root      string // s3://bucket/prefix/
	prefix    string
	found     []catalog.Partition
	// misspelt are the names of folders whose keys differ from the table's in
	// case alone.
	misspelt []string
}

// partitionFolders finds the folders that are named as partitions of t, in
// order.
func (r *run) partitionFolders(s *hive.MsckRepair, t *catalog.Table) (*folderWalk, error) {
	root := catalog.FolderURI(t.Location)
	bucket, prefix, err := objects.SplitURI(root)
	if err != nil {
		return nil, semantic(s, "LOCATION: %v", err)
	}
	w := &folderWalk{run: r, statement: s, table: t, bucket: bucket, root: root, prefix: prefix}
	return w, w.level(prefix, nil)
}

// level goes through the folders of one key below a folder, whose own values
// are given.
func (w *folderWalk) level(folder string, above []string) error {
	for after := ""; ; {
		page, more, err := w.Objects.Folders(w.ctx, w.bucket, folder, after, largestPage)
		if err := w.listError(w.table, err); err != nil {
			return err
		}
		for _, f := range page {
			if err := w.folder(folder, f, above); err != nil {
				return err
			}
		}
		if !more || len(page) == 0 {
			return nil
		}
		after = page[len(page)-1]
	}
}

// folder looks at one folder, which counts if it is named key=value. A value
// that queries could not read as its key's type is an error: registered, it
// would make every query fail.
func (w *folderWalk) folder(parent, folder string, above []string) error {
	key := w.table.PartitionKeys[len(above)]
	name, text, ok := strings.Cut(strings.TrimSuffix(folder[len(parent):], "/"), "=")
	name = catalog.UnescapePath(name)
	switch {
	case !ok || text == "":
		return nil
	case name != key.Name:
		if strings.EqualFold(name, key.Name) {
			w.misspelt = append(w.misspelt, strings.TrimSuffix(folder[len(w.prefix):], "/"))
		}
		return nil
	}
	value := catalog.UnescapePath(text)
	if err := w.check(key, value); err != nil {
		return err
	}
	values := append(slices.Clone(above), value)
	if len(values) < len(w.table.PartitionKeys) {
		return w.level(folder, values)
	}
	w.found = append(w.found, catalog.Partition{Values: values, Location: w.root + folder[len(w.prefix):], CreateTime: w.now().UTC()})
	return nil
}

func (w *folderWalk) check(key catalog.Column, value string) error {
	t, err := types.FromHive(key.Type)
	if err == nil {
		_, err = types.ParsePartitionValue(t, value)
	}
	if err != nil {
		return semantic(w.statement, "folder %s=%s below %s: %v", key.Name, value, w.root, err)
	}
	return nil
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
