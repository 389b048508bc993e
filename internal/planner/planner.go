package planner

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/iceberg"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/projection"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/tail"
)

// Planner plans the reading of tables. It is safe for concurrent use.
type Planner struct {
	catalog *catalog.Store
	objects objects.Store
	tails   *tail.Store
	iceberg *iceberg.Tables
	indexes indexes
	now     func() time.Time
}

// New returns a planner over a catalog, the store that its locations are in, and
// the newest rows of delivered tables.
func New(c *catalog.Store, o objects.Store, t *tail.Store) *Planner {
	return &Planner{catalog: c, objects: o, tails: t, iceberg: iceberg.New(c, o, iceberg.Options{}), indexes: indexes{byTable: map[string]*keptIndex{}}, now: time.Now}
}

// Plan decides which partitions and files a scan reads, as PlanAll does.
func (p *Planner) Plan(ctx context.Context, scan *analyzer.TableScan) (Scan, error) {
	scans, err := p.PlanAll(ctx, []*analyzer.TableScan{scan})
	if err != nil {
		return Scan{}, err
	}
	return scans[0], nil
}

// PlanAll decides which partitions, files and rows in memory the scans of a
// query read: of delivered tables all as of one moment. Partitions that the
// filter excludes are never listed. The result is shared in parts: callers must
// not change it. Failures that a user can mend are *Error.
func (p *Planner) PlanAll(ctx context.Context, scans []*analyzer.TableScan) ([]Scan, error) {
	out := make([]Scan, len(scans))
	view := p.catalog.ViewWrites() // before anything is listed
	defer view.Close()
	var delivered []int
	for i, scan := range scans {
		t := scan.Table
		var err error
		if !iceberg.Is(t) {
			err = checkTable(t)
		}
		switch {
		case err != nil:
		case iceberg.Is(t):
			out[i], err = p.planIceberg(ctx, scan)
		case t.Delivery != "":
			delivered = append(delivered, i)
		default:
			out[i], err = p.planExternal(ctx, t, scan.Filter)
			out[i].hideUncommitted(view)
		}
		if err != nil {
			return nil, planError(t, err)
		}
	}
	return out, p.planDelivered(ctx, scans, delivered, out)
}

func planError(t *catalog.Table, err error) error {
	if errors.Is(err, catalog.ErrNotFound) {
		return fail(errTableNotFound, err, "Table 'awsdatacatalog.%s.%s' does not exist", t.Database, t.Name)
	}
	return err
}

// checkTable refuses tables whose files are not what a listing of folders
// shows: reading them so would give wrong rows.
func checkTable(t *catalog.Table) error {
	name := t.Database + "." + t.Name
	if kind := t.Parameters["table_type"]; kind != "" {
		return fail(errNotSupported, nil, "Table %s is of table_type %s, which cannot be read", name, kind)
	}
	if t.Delivery != "" && projection.Enabled(t) {
		return fail(errNotSupported, nil, "Table %s has projection.enabled=true: the partitions of a table that a delivery writes are known, and cannot be projected", name)
	}
	if strings.HasSuffix(t.InputFormat, ".SymlinkTextInputFormat") {
		return fail(errNotSupported, nil, "Table %s has input format %s, which cannot be read", name, t.InputFormat)
	}
	if strings.EqualFold(t.Parameters["has_encrypted_data"], "true") {
		return fail(errNotSupported, nil, "Table %s has has_encrypted_data=true: objects that their client encrypted cannot be read", name)
	}
	if t.Type == catalog.VirtualView {
		return fail(errNotSupported, nil, "%s is a view and has no files", name)
	}
	return nil
}

// planExternal plans a table whose files are those in its folders.
func (p *Planner) planExternal(ctx context.Context, t *catalog.Table, filter predicate.Predicate) (Scan, error) {
	if projection.Enabled(t) {
		return p.planProjected(ctx, t, filter)
	}
	if len(t.PartitionKeys) > 0 {
		out, err := p.externalPartitions(ctx, t, filter)
		if err != nil || len(out.Partitions) == 0 {
			return out, err
		}
		err = p.addPartitionFolders(ctx, &out, numbers(len(out.Partitions)))
		return out, err
	}
	out := Scan{Table: t}
	if !mayHold(filter) {
		return out, nil
	}
	lists, err := p.listFolders(ctx, []string{t.Location})
	if err != nil {
		return Scan{}, err
	}
	p.addListed(&out, lists[0], nil)
	return out, nil
}

// externalPartitions begins a scan with the registered partitions that the
// filter leaves.
func (p *Planner) externalPartitions(ctx context.Context, t *catalog.Table, filter predicate.Predicate) (Scan, error) {
	if out, found, err := p.findCold(ctx, t, filter); found || err != nil {
		return out, err
	}
	set, err := p.catalog.PartitionSet(ctx, t.Database, t.Name)
	if err != nil {
		return Scan{}, err
	}
	out, _, err := p.prunePartitions(t, set, filter)
	return out, err
}

// mayHold says whether a filter of a table without partition keys lets rows
// through: WHERE false does not.
func mayHold(filter predicate.Predicate) bool {
	none := func(string) (any, bool) { return nil, false }
	return predicate.Eval(filter, none).MayHold()
}

// prunePartitions begins a scan with the partitions that the filter leaves, and
// returns their places in the set.
func (p *Planner) prunePartitions(t *catalog.Table, set *catalog.PartitionSet, filter predicate.Predicate) (Scan, []int, error) {
	places, done, err := p.pruneCold(t, set, filter)
	if err != nil {
		return Scan{}, nil, err
	}
	if !done {
		x, err := p.indexes.of(t, set)
		if err != nil {
			return Scan{}, nil, err
		}
		if places, err = x.prune(filter); err != nil {
			return Scan{}, nil, err
		}
	}
	out := Scan{Table: t, PartitionsTotal: len(set.List), Partitions: set.List}
	if len(places) < len(set.List) {
		out.Partitions = make([]catalog.Partition, len(places))
		for i, place := range places {
			out.Partitions[i] = set.List[place]
		}
	}
	return out, places, nil
}

// numbers are what File.Partition points into.
func numbers(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
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
	f := File{URI: "s3://" + o.Bucket + "/" + o.Key, Size: o.Size, Partition: partition, ETag: o.ETag}
	if !o.LastModified.IsZero() {
		f.Modified = o.LastModified.UnixNano()
	}
	var local bool
	if f.Path, local = p.objects.LocalPath(o.Bucket, o.Key); !local {
		f.Remote = o
	}
	out.Files = append(out.Files, f)
}
