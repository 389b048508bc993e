package iceberg

import (
	"context"
	"fmt"
	"slices"
	"strings"

	ice "github.com/apache/iceberg-go"
	"golang.org/x/sync/errgroup"

	"github.com/scopsdb/scops/internal/sql/predicate"
)

// DataFile is a data file that a query reads.
type DataFile struct {
	Entry   ice.DataFile
	Deletes []int // places in Plan.Deletes of those that may be of its rows
}

// DeleteFile says which rows of data files are gone.
type DeleteFile struct {
	Entry    ice.DataFile
	FieldIDs []int // of an equality delete: the columns that it compares; nil: positions
}

// Plan is the files that a query reads.
type Plan struct {
	Data    []DataFile
	Deletes []DeleteFile
	Total   int // data files of the snapshot
}

// sequenced is an entry of a manifest with what orders it.
type sequenced struct {
	file     ice.DataFile
	sequence int64
	place    string // partition spec and values
	global   bool   // of a spec without fields
}

// manifestsAtOnce is how many manifests are read side by side.
const manifestsAtOnce = 4

// Plan finds the data files that can have rows which a predicate keeps, given
// as the domains of columns, and the deletes that apply to them.
func (s *Tables) Plan(ctx context.Context, v *View, domains map[string]predicate.Domain) (Plan, error) {
	p, err := newPruner(v, domains)
	if err != nil {
		return Plan{}, err
	}
	data, deletes, total, err := s.collect(ctx, v, p)
	if err != nil {
		return Plan{}, err
	}
	out := Plan{Total: total}
	m := newDeleteMatcher(deletes)
	for _, d := range data {
		if v.only != nil && !v.only[d.file.FilePath()] {
			continue
		}
		if err := readable(d.file); err != nil {
			return Plan{}, err
		}
		out.Data = append(out.Data, DataFile{Entry: d.file, Deletes: m.of(d)})
	}
	if out.Deletes, err = m.used(); err != nil {
		return Plan{}, err
	}
	return out, nil
}

// collect reads the manifests of a view: its data files that p lets through, in
// the order of the manifests, and all of its deletes.
func (s *Tables) collect(ctx context.Context, v *View, p *pruner) (data, deletes []sequenced, total int, err error) {
	list, err := s.manifestList(ctx, v.Snapshot)
	if err != nil {
		return nil, nil, 0, err
	}
	found := make([][]sequenced, len(list))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(manifestsAtOnce)
	for i, m := range list {
		total += dataFiles(m)
		if m.ManifestContent() == ice.ManifestContentData && !p.manifest(m) {
			continue
		}
		group.Go(func() error {
			entries, err := s.entries(ctx, m)
			if err != nil {
				return err
			}
			found[i], err = sequencedEntries(entries, p)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, nil, 0, err
	}
	for i, m := range list {
		if m.ManifestContent() == ice.ManifestContentData {
			data = append(data, found[i]...)
		} else {
			deletes = append(deletes, found[i]...)
		}
	}
	return data, deletes, total, nil
}

func dataFiles(m ice.ManifestFile) int {
	if m.ManifestContent() != ice.ManifestContentData {
		return 0
	}
	return int(m.AddedDataFiles() + m.ExistingDataFiles())
}

func sequencedEntries(entries []ice.ManifestEntry, p *pruner) ([]sequenced, error) {
	var out []sequenced
	for _, e := range entries {
		f := e.DataFile()
		if f.ContentType() == ice.EntryContentData && !p.file(f) {
			continue
		}
		spec, ok := p.specs[int(f.SpecID())]
		if !ok {
			return nil, fail(errInvalidMetadata, nil, "File %s has partition spec %d, which the table does not have", f.FilePath(), f.SpecID())
		}
		out = append(out, sequenced{file: f, sequence: e.SequenceNum(), place: placeOf(spec, f), global: spec.IsUnpartitioned()})
	}
	return out, nil
}

// placeOf is text that two files share where they are of one partition.
func placeOf(spec ice.PartitionSpec, f ice.DataFile) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d", spec.ID())
	values := f.Partition()
	for _, field := range spec.Fields() {
		fmt.Fprintf(&b, "/%q", fmt.Sprint(goValue(values[field.FieldID])))
		if values[field.FieldID] == nil {
			b.WriteString("null")
		}
	}
	return b.String()
}

// partitionText is the partition of a file, for counting.
func partitionText(f ice.DataFile) string { return fmt.Sprint(f.SpecID(), f.Partition()) }

// readable refuses formats of data files that are not read.
func readable(f ice.DataFile) error {
	if f.FileFormat() != ice.ParquetFile {
		return fail(errNotSupported, nil, "Iceberg file %s is %s: only PARQUET files of Iceberg tables can be read", f.FilePath(), f.FileFormat())
	}
	return nil
}

// deleteMatcher finds the deletes of data files.
type deleteMatcher struct {
	byPlace map[string][]int
	global  []int // equality deletes of no partition
	all     []sequenced
	places  map[int]int // in all: in the plan
	order   []int       // in the plan: in all
}

func newDeleteMatcher(deletes []sequenced) *deleteMatcher {
	m := &deleteMatcher{byPlace: map[string][]int{}, all: deletes, places: map[int]int{}}
	for i, d := range deletes {
		if d.global && d.file.ContentType() == ice.EntryContentEqDeletes {
			m.global = append(m.global, i)
			continue
		}
		m.byPlace[d.place] = append(m.byPlace[d.place], i)
	}
	return m
}

// of are the deletes that may be of rows of a data file, by their places in the
// plan.
func (m *deleteMatcher) of(d sequenced) []int {
	var out []int
	for _, i := range slices.Concat(m.byPlace[d.place], m.global) {
		if !m.applies(m.all[i], d) {
			continue
		}
		place, ok := m.places[i]
		if !ok {
			place = len(m.order)
			m.places[i], m.order = place, append(m.order, i)
		}
		out = append(out, place)
	}
	slices.Sort(out)
	return out
}

// applies follows the specification's scan planning: a position delete is of
// data that is not newer, an equality delete of data that is older.
func (m *deleteMatcher) applies(del, data sequenced) bool {
	if del.file.ContentType() == ice.EntryContentEqDeletes {
		return data.sequence < del.sequence
	}
	if data.sequence > del.sequence {
		return false
	}
	if only := onlyFile(del.file); only != "" {
		return strings.HasPrefix(data.file.FilePath(), only) // bounds may be cut short
	}
	return true
}

// Field ids of the columns of position delete files.
const (
	DeletePathID     = 2147483546
	DeletePositionID = 2147483545
)

// onlyFile is the one data file that a position delete is of, or "".
func onlyFile(del ice.DataFile) string {
	if f := del.ReferencedDataFile(); f != nil {
		return *f
	}
	low, high := del.LowerBoundValues()[DeletePathID], del.UpperBoundValues()[DeletePathID]
	if low != nil && string(low) == string(high) {
		return string(low)
	}
	return ""
}

func (m *deleteMatcher) used() ([]DeleteFile, error) {
	out := make([]DeleteFile, len(m.order))
	for place, i := range m.order {
		f := m.all[i].file
		if err := readable(f); err != nil {
			return nil, err
		}
		out[place] = DeleteFile{Entry: f}
		if f.ContentType() == ice.EntryContentEqDeletes {
			out[place].FieldIDs = f.EqualityFieldIDs()
			if len(out[place].FieldIDs) == 0 {
				return nil, fail(errInvalidMetadata, nil, "Equality delete file %s names no columns", f.FilePath())
			}
		}
	}
	return out, nil
}

// Files are all files of a view: its data files, then its delete files.
func (s *Tables) Files(ctx context.Context, v *View) ([]ice.DataFile, error) {
	p, err := newPruner(v, nil)
	if err != nil {
		return nil, err
	}
	data, deletes, _, err := s.collect(ctx, v, p)
	if err != nil {
		return nil, err
	}
	var out []ice.DataFile
	for _, f := range slices.Concat(data, deletes) {
		out = append(out, f.file)
	}
	return out, nil
}
