package crawler

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
)

// Changes is what a run did to the catalog, and what it could not do.
type Changes struct {
	TablesAdded       []string `json:"tables_added,omitempty"` // database.table
	TablesUpdated     []string `json:"tables_updated,omitempty"`
	TablesDeleted     []string `json:"tables_deleted,omitempty"` // or marked as deprecated
	PartitionsAdded   int      `json:"partitions_added"`
	PartitionsDeleted int      `json:"partitions_deleted"`
	// Found are the tables that the run saw data of.
	Found []FoundTable `json:"found,omitempty"`
	// Notes say what was found and is no table, and what was left as it is.
	Notes []string `json:"notes,omitempty"`
}

// FoundTable is a table that a run saw data of, and what it did to it.
type FoundTable struct {
	Table           string `json:"table"` // database.table
	Location        string `json:"location"`
	Classification  string `json:"classification"`
	Compression     string `json:"compression"`
	Columns         string `json:"columns"`        // name type, …
	PartitionKeys   string `json:"partition_keys"` // name, …
	Partitions      int    `json:"partitions"`     // that the run saw
	PartitionsAdded int    `json:"partitions_added"`
	Change          string `json:"change"` // added, updated, deprecated or unchanged
}

func (c *Changes) note(format string, args ...any) {
	if len(c.Notes) < mostNotes {
		c.Notes = append(c.Notes, fmt.Sprintf(format, args...))
	}
}

// applier brings the catalog in line with what a crawl found.
type applier struct {
	catalog  *catalog.Store
	crawler  *Crawler
	settings *Settings
	stamp    int64 // milliseconds since 1970, for what is deprecated
	*Changes
}

// table creates the table or updates it, and registers its partitions. It
// returns the table's name, "" where none is kept.
func (a *applier) table(ctx context.Context, f *found) (string, error) {
	f.table.Database = a.crawler.Database
	f.table.Name = a.crawler.TablePrefix + f.table.Name
	own := maps.Clone(f.table.Parameters)
	own[paramUpdatedBy] = a.crawler.Name
	f.table.Parameters, f.table.Storage.Parameters = own, maps.Clone(own)
	old, err := a.at(ctx, f.table.Location)
	if err != nil {
		return "", err
	}
	switch {
	case old == nil:
		err = a.create(ctx, &f.table)
	case old.Delivery != "":
		a.note("%s belongs to delivery %s, which registers its own files", f.table.Location, old.Delivery)
		return "", nil
	default:
		f.table.Name = old.Name
		err = a.update(ctx, old, f)
	}
	var refused *catalog.Error
	if errors.As(err, &refused) {
		a.note("%s: %v", f.table.Location, err)
		return "", nil
	}
	if err != nil {
		return "", err
	}
	before := a.PartitionsAdded
	if err := a.partitions(ctx, &f.table, f.partitions); err != nil {
		return "", err
	}
	a.Found = append(a.Found, a.describe(f, a.PartitionsAdded-before))
	return f.table.Name, nil
}

func (a *applier) describe(f *found, added int) FoundTable {
	t := &f.table
	name := t.Database + "." + t.Name
	keys := make([]string, len(t.PartitionKeys))
	for i, k := range t.PartitionKeys {
		keys[i] = k.Name
	}
	out := FoundTable{
		Table: name, Location: t.Location, Classification: t.Parameters[paramClass], Compression: t.Parameters["compressionType"],
		Columns: columnList(t.Columns), PartitionKeys: strings.Join(keys, ", "), Partitions: len(f.partitions), PartitionsAdded: added, Change: "unchanged",
	}
	for _, change := range []struct {
		what string
		list []string
	}{{"added", a.TablesAdded}, {"updated", a.TablesUpdated}, {"deprecated", a.TablesDeleted}} {
		if slices.Contains(change.list, name) {
			out.Change = change.what
		}
	}
	return out
}

// at finds the table at a location that a crawler made, or a delivery's.
func (a *applier) at(ctx context.Context, location string) (*catalog.Table, error) {
	tables, err := a.catalog.Tables(ctx, a.crawler.Database)
	if err != nil {
		return nil, err
	}
	for _, t := range tables {
		if (t.Parameters[paramUpdatedBy] != "" || t.Delivery != "") && catalog.SameLocation(t.Location, location) {
			return t, nil
		}
	}
	return nil, nil
}

// create makes a new table. Where its name is taken by one of another folder it
// gets a longer one.
func (a *applier) create(ctx context.Context, t *catalog.Table) error {
	err := a.catalog.CreateTable(ctx, *t, false)
	if errors.Is(err, catalog.ErrAlreadyExists) {
		t.Name = hashedName(t.Name, t.Location)
		err = a.catalog.CreateTable(ctx, *t, false)
	}
	if err != nil {
		return err
	}
	a.TablesAdded = append(a.TablesAdded, t.Database+"."+t.Name)
	if _, err := formats.Detect(t.SerDe.Library, t.InputFormat, t.SerDe.Parameters, t.Parameters); err != nil {
		a.note("table %s.%s cannot be queried here: %v", t.Database, t.Name, err)
	}
	return nil
}

// update brings an existing table in line, as far as the policy lets it. f.table
// becomes the table that is kept.
func (a *applier) update(ctx context.Context, old *catalog.Table, f *found) error {
	next := f.table
	if !slices.EqualFunc(old.PartitionKeys, next.PartitionKeys, func(x, y catalog.Column) bool { return x.Name == y.Name }) {
		a.note("table %s.%s: the folders' partition keys do not match the table's, its partitions are left as they are", old.Database, old.Name)
		f.table, f.partitions = *old, nil
		return nil
	}
	next.Version, next.PartitionKeys = old.Version, old.PartitionKeys
	next.Description, next.Owner, next.Retention = old.Description, old.Owner, old.Retention
	keepParameters(&next, old)
	if f.partial && sameStorage(old, &next) {
		next.Columns = widened(old.Columns, next.Columns)
		next.SerDe.Parameters = unitedParameters(old.SerDe.Parameters, next.SerDe.Parameters)
	}
	if a.settings.MergeNewColumns {
		if sameStorage(old, &next) {
			next.Columns = addColumns(old.Columns, next.Columns)
		} else {
			return a.deprecateChanged(ctx, old, f)
		}
	}
	switch {
	case same(old, &next):
		f.table = *old
		return nil
	case sameButStatistics(old, &next):
	case a.crawler.UpdateBehavior == UpdateLog && !a.settings.MergeNewColumns:
		a.note("table %s.%s: its schema changed to (%s), which the policy LOG leaves as it is", old.Database, old.Name, columnList(next.Columns))
		f.table = *old
		return nil
	default:
		a.TablesUpdated = append(a.TablesUpdated, old.Database+"."+old.Name)
	}
	f.table = next
	return a.catalog.UpdateTable(ctx, next)
}

// deprecateChanged marks a table whose files are of another format now, where
// only columns may be added.
func (a *applier) deprecateChanged(ctx context.Context, old *catalog.Table, f *found) error {
	a.note("table %s.%s: its files are of another format now (%s), so that it is deprecated", old.Database, old.Name, f.table.Parameters[paramClass])
	f.table, f.partitions = *old, nil
	return a.deprecate(ctx, old)
}

func (a *applier) deprecate(ctx context.Context, old *catalog.Table) error {
	if old.Parameters[paramDeprecated] != "" {
		return nil
	}
	next := *old
	next.Parameters = maps.Clone(old.Parameters)
	next.Parameters[paramDeprecated] = strconv.FormatInt(a.stamp, 10)
	a.TablesDeleted = append(a.TablesDeleted, old.Database+"."+old.Name)
	return a.catalog.UpdateTable(ctx, next)
}

// keepParameters keeps those of the old table that are for scops, and others too
// where columns are only added.
func keepParameters(next, old *catalog.Table) {
	for name, value := range old.Parameters {
		if strings.HasPrefix(name, "scops.") {
			next.Parameters[name] = value
		}
	}
}

func sameStorage(a, b *catalog.Table) bool {
	return a.SerDe.Library == b.SerDe.Library && a.InputFormat == b.InputFormat &&
		a.Parameters["delimiter"] == b.Parameters["delimiter"] && a.Parameters["compressionType"] == b.Parameters["compressionType"]
}

func same(a, b *catalog.Table) bool {
	return sameButStatistics(a, b) && maps.Equal(a.Parameters, b.Parameters)
}

func sameButStatistics(a, b *catalog.Table) bool {
	return sameStorage(a, b) && a.OutputFormat == b.OutputFormat && maps.Equal(a.SerDe.Parameters, b.SerDe.Parameters) &&
		slices.EqualFunc(a.Columns, b.Columns, func(x, y catalog.Column) bool { return x.Name == y.Name && x.Type == y.Type }) &&
		maps.Equal(withoutStatistics(a.Parameters), withoutStatistics(b.Parameters))
}

func withoutStatistics(p map[string]string) map[string]string {
	p = maps.Clone(p)
	for _, name := range statistics {
		delete(p, name)
	}
	return p
}

// widened are the columns of both with types that hold the values of both. What a
// sample does not show may be in the rest, so that a later one takes nothing away.
func widened(old, found []catalog.Column) []catalog.Column {
	return mergedColumns(old, found, mergeTypes)
}

// mergedColumns are the columns of both, those of one name with a merged type.
func mergedColumns(old, found []catalog.Column, merge func(old, found formats.Type) formats.Type) []catalog.Column {
	out := slices.Clone(old)
	place := make(map[string]int, len(out))
	for i, c := range out {
		place[c.Name] = i
	}
	for _, c := range found {
		i, ok := place[c.Name]
		if !ok {
			out = append(out, c)
			continue
		}
		a, aerr := formats.ParseType(out[i].Type)
		b, berr := formats.ParseType(c.Type)
		if aerr == nil && berr == nil {
			out[i].Type = merge(a, b).String()
		}
	}
	return out
}

// unitedParameters keeps what the SerDe needs for columns of older samples: their
// paths and mappings.
func unitedParameters(old, found map[string]string) map[string]string {
	out := maps.Clone(old)
	maps.Copy(out, found)
	if paths, ok := found[paramPaths]; ok {
		all := union(strings.Split(old[paramPaths], ","), strings.Split(paths, ","))
		slices.Sort(all)
		out[paramPaths] = strings.Join(slices.DeleteFunc(all, func(p string) bool { return p == "" }), ",")
	}
	return out
}

// addColumns keeps old columns as they are and adds new ones, nested ones too.
func addColumns(old, found []catalog.Column) []catalog.Column {
	return mergedColumns(old, found, addNested)
}

func addNested(old, found formats.Type) formats.Type {
	if old.Kind != found.Kind || len(old.Fields) == 0 {
		return old
	}
	out := old
	out.Fields = slices.Clone(old.Fields)
	for j, f := range found.Fields {
		i := j
		if old.Kind == formats.Struct {
			i = slices.IndexFunc(out.Fields, func(o formats.Field) bool { return o.Name == f.Name })
		}
		if i < 0 {
			out.Fields = append(out.Fields, f)
			continue
		}
		out.Fields[i].Type = addNested(out.Fields[i].Type, f.Type)
	}
	return out
}

func columnList(columns []catalog.Column) string {
	parts := make([]string, len(columns))
	for i, c := range columns {
		parts[i] = c.Name + " " + c.Type
	}
	return strings.Join(parts, ", ")
}

// partitions registers those that are new.
func (a *applier) partitions(ctx context.Context, t *catalog.Table, ps []catalog.Partition) error {
	if len(ps) == 0 {
		return nil
	}
	n, err := a.catalog.AddPartitions(ctx, t.Database, t.Name, ps, true)
	a.PartitionsAdded += n
	return err
}

// gone deals with the tables of the crawler that lie in the target and have no
// objects any more, and with such partitions of those that have.
func (a *applier) gone(ctx context.Context, bucket string, l *listing, kept map[string]bool) error {
	tables, err := a.catalog.Tables(ctx, a.crawler.Database)
	if err != nil {
		return err
	}
	top := "s3://" + bucket + "/" + l.root.prefix
	for _, t := range tables {
		location := catalog.FolderURI(t.Location)
		if t.Parameters[paramUpdatedBy] != a.crawler.Name || !strings.HasPrefix(location, top) {
			continue
		}
		switch {
		case !holds(l.root, location[len(top):]):
			err = a.goneTable(ctx, t)
		case kept[t.Name]:
			err = a.gonePartitions(ctx, t, l.root, top)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// holds says whether there are objects at or below the path, which ends with a
// slash or is empty.
func holds(root *folder, path string) bool {
	f := root
	for name := range strings.SplitSeq(strings.TrimSuffix(path, "/"), "/") {
		if name == "" {
			break
		}
		if f = f.byName[name]; f == nil {
			return false
		}
	}
	return f.objects > 0 || len(f.children) > 0
}

func (a *applier) goneTable(ctx context.Context, t *catalog.Table) error {
	switch a.crawler.DeleteBehavior {
	case DeleteFromDatabase:
		a.TablesDeleted = append(a.TablesDeleted, t.Database+"."+t.Name)
		return a.catalog.DropTable(ctx, t.Database, t.Name, true)
	case DeleteDeprecate:
		return a.deprecate(ctx, t)
	}
	a.note("table %s.%s has no objects any more, and the policy LOG leaves it as it is", t.Database, t.Name)
	return nil
}

func (a *applier) gonePartitions(ctx context.Context, t *catalog.Table, root *folder, top string) error {
	if len(t.PartitionKeys) == 0 {
		return nil
	}
	ps, err := a.catalog.Partitions(ctx, t.Database, t.Name)
	if err != nil {
		return err
	}
	var values [][]string
	for _, p := range ps {
		location := catalog.FolderURI(p.Location)
		if strings.HasPrefix(location, top) && !holds(root, location[len(top):]) {
			values = append(values, p.Values)
		}
	}
	if len(values) == 0 {
		return nil
	}
	if a.crawler.DeleteBehavior != DeleteFromDatabase {
		a.note("table %s.%s: %d partitions have no objects any more and stay registered", t.Database, t.Name, len(values))
		return nil
	}
	n, err := a.catalog.DropPartitions(ctx, t.Database, t.Name, values)
	a.PartitionsDeleted += n
	return err
}
