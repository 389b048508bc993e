package lint

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/sql/types"
)

const (
	maxLists = 20 // looks into the store for a table
	maxPins  = 10 // values of a key that are looked for one by one
)

// unregistered looks for folders in Hive's layout (key=value/) that a query
// would read if they were partitions. Where the conditions name the values, it
// looks for those folders; where no partition was left at all, it looks at what
// folders there are.
func (l *Linter) unregistered(ctx context.Context, scan *analyzer.TableScan, planned *planner.Scan) string {
	t := scan.Table
	domains, some := predicate.Domains(scan.Filter)
	if !foundByListing(t) || !some {
		return ""
	}
	bucket, prefix, err := objects.SplitURI(catalog.FolderURI(t.Location))
	if err != nil {
		return ""
	}
	f := &finder{ctx: ctx, store: l.objects, scan: scan, domains: domains, bucket: bucket, any: len(planned.Partitions) == 0, known: map[string]bool{}}
	if len(planned.Partitions) > maxPins && !f.any {
		return "" // those that are there are more than would be looked for
	}
	for _, p := range planned.Partitions {
		f.known[catalog.PartitionName(t.PartitionKeys, p.Values)] = true
	}
	f.folder(prefix, nil, nil)
	if len(f.found) == 0 {
		return ""
	}
	return f.message(len(planned.Partitions))
}

// finder walks the folders of a table that a filter leaves.
type finder struct {
	ctx     context.Context
	store   objects.Store
	scan    *analyzer.TableScan
	domains map[string]predicate.Domain
	bucket  string
	any     bool // also where the filter does not name the values
	known   map[string]bool
	lists   int
	found   [][]string // values of folders with objects that are no partitions
}

// folder looks below one folder, whose path gave the values of the first keys.
func (f *finder) folder(prefix string, values []string, typed []any) {
	keys := f.scan.Table.PartitionKeys
	if len(values) == len(keys) {
		if !f.known[catalog.PartitionName(keys, values)] && f.hasData(prefix) {
			f.found = append(f.found, values)
		}
		return
	}
	key := keys[len(values)]
	t, err := types.FromHive(key.Type)
	if err != nil {
		return
	}
	names, pinned := pins(f.domains[key.Name], t)
	if !pinned {
		if !f.any {
			return
		}
		names = f.names(prefix, key.Name+"=")
	}
	for _, text := range names {
		v, err := types.ParsePartitionValue(t, text)
		if err != nil || f.lists >= maxLists {
			return
		}
		below := append(typed[:len(typed):len(typed)], v)
		if f.mayHold(below) {
			f.folder(prefix+key.Name+"="+catalog.EscapePath(text)+"/", append(values[:len(values):len(values)], text), below)
		}
	}
}

// pins are the values that a key can have, where a filter names them. Only of
// text is the folder's name known from the value: 3 may be 03 there.
func pins(d predicate.Domain, t types.Type) (values []string, pinned bool) {
	if t.Kind != types.Varchar || d.Null || len(d.Ranges) == 0 || len(d.Ranges) > maxPins {
		return nil, false
	}
	for _, r := range d.Ranges {
		text, ok := r.Low.Value.(string)
		if !ok || r.High.Value != text || r.Low.Open || r.High.Open {
			return nil, false
		}
		values = append(values, text)
	}
	return values, true
}

// names are the values in the names of the first folders below a prefix.
func (f *finder) names(prefix, begin string) []string {
	f.lists++
	folders, _, err := f.store.Folders(f.ctx, f.bucket, prefix+begin, "", maxLists)
	if err != nil {
		return nil
	}
	out := make([]string, len(folders))
	for i, folder := range folders {
		out[i] = catalog.UnescapePath(strings.TrimSuffix(folder[len(prefix+begin):], "/"))
	}
	return out
}

// hasData looks for a data object among the first ones of a folder.
func (f *finder) hasData(folder string) bool {
	f.lists++
	page, _, err := f.store.List(f.ctx, f.bucket, folder, "", 10)
	return err == nil && slices.ContainsFunc(page, func(o objects.Info) bool { return planner.IsData(o.Key[len(folder):], o.Size) })
}

func (f *finder) mayHold(typed []any) bool {
	return predicate.Eval(f.scan.Filter, func(column string) (any, bool) {
		for i, v := range typed {
			if f.scan.Table.PartitionKeys[i].Name == column {
				return v, true
			}
		}
		return nil, false
	}).MayHold()
}

func (f *finder) message(registered int) string {
	t, more := f.scan.Table, ""
	if f.lists >= maxLists {
		more = "at least "
	}
	text := fmt.Sprintf("%s: %d of %s%d folders that match are registered; ALTER TABLE %s ADD PARTITION (%s) fixes it",
		nameOf(t), registered, more, registered+len(f.found), quotedName(t), specOf(t.PartitionKeys, f.found[0]))
	if len(f.found) > 1 {
		text += fmt.Sprintf(" for the first, MSCK REPAIR TABLE %s for all", quotedName(t))
	}
	return text
}

func quotedName(t *catalog.Table) string { return "`" + t.Database + "`.`" + t.Name + "`" }

func specOf(keys []catalog.Column, values []string) string {
	parts := make([]string, len(keys))
	for i, k := range keys {
		parts[i] = "`" + k.Name + "` = '" + strings.ReplaceAll(values[i], "'", "\\'") + "'"
	}
	return strings.Join(parts, ", ")
}
