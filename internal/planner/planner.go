package planner

import (
	"context"
	"errors"
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/predicate"
)

// Planner plans the reading of tables. It is safe for concurrent use.
type Planner struct {
	catalog *catalog.Store
	objects objects.Store
	indexes indexes
}

// New returns a planner over a catalog and the store that its locations are in.
func New(c *catalog.Store, o objects.Store) *Planner {
	return &Planner{catalog: c, objects: o, indexes: indexes{byTable: map[string]*keptIndex{}}}
}

// Plan decides which partitions and files a scan reads. Partitions that the
// filter excludes are never listed. The result is shared in parts: callers must
// not change it. Failures that a user can mend are *Error.
func (p *Planner) Plan(ctx context.Context, scan *analyzer.TableScan) (Scan, error) {
	t := scan.Table
	if err := checkTable(t); err != nil {
		return Scan{}, err
	}
	out, err := p.plan(ctx, t, scan.Filter)
	if errors.Is(err, catalog.ErrNotFound) {
		return Scan{}, fail(errTableNotFound, err, "Table 'awsdatacatalog.%s.%s' does not exist", t.Database, t.Name)
	}
	return out, err
}

// checkTable refuses tables whose files are not what a listing of folders
// shows: reading them so would give wrong rows.
func checkTable(t *catalog.Table) error {
	name := t.Database + "." + t.Name
	if kind := t.Parameters["table_type"]; kind != "" {
		return fail(errNotSupported, nil, "Table %s is of table_type %s, which cannot be read", name, kind)
	}
	if strings.EqualFold(t.Parameters["projection.enabled"], "true") {
		return fail(errNotSupported, nil, "Table %s has projection.enabled=true: partition projection is not supported, register its partitions", name)
	}
	if strings.HasSuffix(t.InputFormat, ".SymlinkTextInputFormat") {
		return fail(errNotSupported, nil, "Table %s has input format %s, which cannot be read", name, t.InputFormat)
	}
	if t.Type == catalog.VirtualView {
		return fail(errNotSupported, nil, "%s is a view and has no files", name)
	}
	return nil
}

func (p *Planner) plan(ctx context.Context, t *catalog.Table, filter predicate.Predicate) (Scan, error) {
	if len(t.PartitionKeys) == 0 {
		return p.planFlat(ctx, t, filter)
	}
	const tries = 20
	for try := 1; ; try++ {
		set, err := p.catalog.PartitionSet(ctx, t.Database, t.Name)
		if err != nil {
			return Scan{}, err
		}
		out, err := p.planPartitions(ctx, t, set, filter)
		if err != nil || t.Delivery == "" || try == tries {
			return out, err
		}
		// A batch with a new partition that was committed in between would be
		// seen in part: look again.
		if now, err := p.catalog.PartitionSet(ctx, t.Database, t.Name); err != nil || now.Shape == set.Shape {
			return out, err
		}
	}
}

// planFlat plans a table without partition keys.
func (p *Planner) planFlat(ctx context.Context, t *catalog.Table, filter predicate.Predicate) (Scan, error) {
	out := Scan{Table: t}
	none := func(string) (any, bool) { return nil, false }
	if !predicate.Eval(filter, none).MayHold() {
		return out, nil // WHERE false
	}
	if t.Delivery == "" {
		lists, err := p.listFolders(ctx, []string{t.Location})
		if err != nil {
			return Scan{}, err
		}
		p.addListed(&out, lists[0], nil)
		return out, nil
	}
	lists, err := p.catalog.FilesOf(ctx, t.Database, t.Name, nil, nil)
	if err != nil {
		return Scan{}, err
	}
	p.addCommitted(&out, lists[0], nil)
	return out, nil
}

func (p *Planner) planPartitions(ctx context.Context, t *catalog.Table, set *catalog.PartitionSet, filter predicate.Predicate) (Scan, error) {
	x, err := p.indexes.of(t, set)
	if err != nil {
		return Scan{}, err
	}
	places, err := x.prune(filter)
	if err != nil {
		return Scan{}, err
	}
	out := Scan{Table: t, PartitionsTotal: len(set.List), Partitions: set.List}
	if len(places) < len(set.List) {
		out.Partitions = make([]catalog.Partition, len(places))
		for i, place := range places {
			out.Partitions[i] = set.List[place]
		}
	}
	if len(places) == 0 {
		return out, nil
	}
	numbers := make([]int, len(places)) // what File.Partition points into
	for i := range numbers {
		numbers[i] = i
	}
	if t.Delivery == "" {
		err = p.addPartitionFolders(ctx, &out, numbers)
		return out, err
	}
	lists, err := p.catalog.FilesOf(ctx, t.Database, t.Name, set, places)
	if err != nil {
		return Scan{}, err
	}
	out.Files = make([]File, 0, total(lists))
	for i, files := range lists {
		p.addCommitted(&out, files, &numbers[i])
	}
	return out, nil
}

func (p *Planner) addPartitionFolders(ctx context.Context, out *Scan, numbers []int) error {
	locations := make([]string, len(numbers))
	for i := range numbers {
		locations[i] = out.Partitions[i].Location
	}
	lists, err := p.listFolders(ctx, locations)
	if err != nil {
		return err
	}
	out.Files = make([]File, 0, total(lists))
	for i, infos := range lists {
		p.addListed(out, infos, &numbers[i])
	}
	return nil
}

func total[T any](lists [][]T) int {
	n := 0
	for _, l := range lists {
		n += len(l)
	}
	return n
}

func (p *Planner) addListed(out *Scan, infos []objects.Info, partition *int) {
	for i := range infos {
		p.addFile(out, &infos[i], partition)
	}
}

func (p *Planner) addCommitted(out *Scan, files []catalog.DataFile, partition *int) {
	for _, f := range files {
		p.addFile(out, &objects.Info{Bucket: f.Bucket, Key: f.Key, Size: f.Size}, partition)
	}
}

// addFile adds an object. One of a remote store has no path: the engine gets it
// when the query runs.
func (p *Planner) addFile(out *Scan, o *objects.Info, partition *int) {
	f := File{URI: "s3://" + o.Bucket + "/" + o.Key, Size: o.Size, Partition: partition}
	var local bool
	if f.Path, local = p.objects.LocalPath(o.Bucket, o.Key); !local {
		f.Remote = o
	}
	out.Files = append(out.Files, f)
}
