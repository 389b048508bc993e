package planner

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats/record"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/sql/types"
	"github.com/scopsdb/scops/internal/tail"
)

const (
	// planTries is how often the tables are looked at again because a batch
	// with a new partition was committed in between.
	planTries = 1000
	// changePause and changeTries are how long a query waits for a delivery to
	// follow a change of its table's definition.
	changePause = 5 * time.Millisecond
	changeTries = 1000
)

// errChanging says that rows in memory are of another definition of the table
// than the query.
var errChanging = errors.New("the definition is being changed")

// planDelivered plans the scans of the numbers which, of delivered tables, as
// of one moment.
func (p *Planner) planDelivered(ctx context.Context, scans []*analyzer.TableScan, which []int, out []Scan) error {
	if len(which) == 0 {
		return nil
	}
	complete := p.completeUpTo(ctx, scans, which)
	for tries, changes := 0, 0; ; tries++ {
		current, err := p.planOnce(ctx, scans, which, out)
		switch {
		case errors.Is(err, errChanging) && changes < changeTries:
			changes++
			if err := pause(ctx, changePause); err != nil {
				return err
			}
		case err != nil:
			return err
		case current:
			for n, i := range which {
				out[i].CompleteUpTo = complete[n]
			}
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case tries == planTries:
			return fail(errNotSupported, nil, "The partitions of table %s change faster than they can be read", scans[which[0]].Table.Name)
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// completeUpTo asks before the moment of the snapshot, so that it holds for it.
// A query does not fail because it cannot be told.
func (p *Planner) completeUpTo(ctx context.Context, scans []*analyzer.TableScan, which []int) []time.Time {
	out := make([]time.Time, len(which))
	for n, i := range which {
		t := scans[i].Table
		if at, err := p.tails.CompleteUpTo(ctx, t.Database, t.Name); err == nil {
			out[n] = at
		}
	}
	return out
}

// planOnce reports whether the partitions stayed as they are while it looked.
func (p *Planner) planOnce(ctx context.Context, scans []*analyzer.TableScan, which []int, out []Scan) (current bool, err error) {
	listings := make([]catalog.Listing, len(which))
	for n, i := range which {
		t := scans[i].Table
		listings[n] = catalog.Listing{Database: t.Database, Table: t.Name}
		out[i] = Scan{Table: t}
		if len(t.PartitionKeys) == 0 {
			continue
		}
		set, err := p.catalog.PartitionSet(ctx, t.Database, t.Name)
		if err != nil {
			return false, planError(t, err)
		}
		listings[n].Set = set
		if out[i], listings[n].Places, err = p.prunePartitions(t, set, scans[i].Filter); err != nil {
			return false, err
		}
	}
	var tails [][]tail.Rows
	lists, current, err := p.catalog.Snapshot(ctx, listings, func() { tails = p.tailsOf(listings) })
	if err != nil || !current {
		return current, p.missing(ctx, scans, which, err)
	}
	for n, i := range which {
		if err := p.addDelivered(&out[i], scans[i], lists[n], tails[n]); err != nil {
			return false, err
		}
	}
	return true, nil
}

// missing names the table that a failure is about.
func (p *Planner) missing(ctx context.Context, scans []*analyzer.TableScan, which []int, err error) error {
	for _, i := range which {
		t := scans[i].Table
		if _, found := p.catalog.Table(ctx, t.Database, t.Name); errors.Is(found, catalog.ErrNotFound) {
			return planError(t, found)
		}
	}
	return err
}

// tailsOf takes the rows of each table once, so that a query that reads a table
// twice reads the same rows.
func (p *Planner) tailsOf(listings []catalog.Listing) [][]tail.Rows {
	out := make([][]tail.Rows, len(listings))
	for n, l := range listings {
		first := slices.IndexFunc(listings, func(o catalog.Listing) bool { return o.Database == l.Database && o.Table == l.Table })
		if first < n {
			out[n] = out[first]
		} else {
			out[n] = p.tails.Snapshot(l.Database, l.Table)
		}
	}
	return out
}

func (p *Planner) addDelivered(out *Scan, scan *analyzer.TableScan, lists [][]catalog.DataFile, rows []tail.Rows) (err error) {
	flat := len(scan.Table.PartitionKeys) == 0
	if flat && !mayHold(scan.Filter) {
		return nil
	}
	out.Files = make([]File, 0, total(lists))
	places := numbers(len(lists))
	for n, files := range lists {
		partition := &places[n]
		if flat {
			partition = nil
		}
		p.addCommitted(out, files, partition)
	}
	out.Tail, err = pruneTail(scan, rows)
	return err
}

// pruneTail leaves the segments whose partition the filter leaves.
func pruneTail(scan *analyzer.TableScan, rows []tail.Rows) ([]tail.Rows, error) {
	var out []tail.Rows
	keys, err := keyTypes(scan.Table)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		kept := tail.Rows{Columns: r.Columns}
		for _, s := range r.Segments {
			if len(keys) == 0 || predicate.Eval(scan.Filter, valuesOf(scan.Table, keys, s.Values)).MayHold() {
				kept.Segments = append(kept.Segments, s)
			}
		}
		if len(kept.Segments) == 0 {
			continue
		}
		if !sameColumns(scan, r) {
			return nil, fail(errNotSupported, errChanging, "The definition of table %s.%s is being changed: run the query again", scan.Table.Database, scan.Table.Name)
		}
		out = append(out, kept)
	}
	return out, nil
}

func keyTypes(t *catalog.Table) ([]types.Type, error) {
	out := make([]types.Type, len(t.PartitionKeys))
	for i, k := range t.PartitionKeys {
		var err error
		if out[i], err = types.FromHive(k.Type); err != nil {
			return nil, fail(errInvalidMetadata, err, "partition key %s: %v", k.Name, err)
		}
	}
	return out, nil
}

// valuesOf gives the values of a partition by key name. One that is no value of
// its key's type decides nothing here; the engine refuses it.
func valuesOf(t *catalog.Table, keys []types.Type, texts []string) predicate.Values {
	return func(column string) (any, bool) {
		i := slices.IndexFunc(t.PartitionKeys, func(k catalog.Column) bool { return k.Name == column })
		if i < 0 || i >= len(texts) {
			return nil, false
		}
		v, err := types.ParsePartitionValue(keys[i], texts[i])
		return v, err == nil
	}
}

// sameColumns says whether rows have the data columns that a scan needs, with
// their types.
func sameColumns(scan *analyzer.TableScan, r tail.Rows) bool {
	for _, c := range scan.Columns {
		if c.PerFile() {
			continue
		}
		at := slices.IndexFunc(r.Columns, func(o record.Column) bool { return o.Name == c.Name })
		if at < 0 || !sameType(scan.Table, c.Name, r.Columns[at]) {
			return false
		}
	}
	return true
}

// sameType compares the Hive types, as the table has them now.
func sameType(t *catalog.Table, name string, of record.Column) bool {
	columns := t.FileColumns()
	i := slices.IndexFunc(columns, func(c catalog.Column) bool { return c.Name == name })
	if i < 0 {
		return false
	}
	want, err := record.NewColumn(name, columns[i].Type)
	return err == nil && want.Type.String() == of.Type.String()
}
