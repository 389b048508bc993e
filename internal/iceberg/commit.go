package iceberg

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"

	ice "github.com/apache/iceberg-go"
	"github.com/google/uuid"

	"github.com/scopsdb/scops/internal/catalog"
)

// Change is a snapshot to be: what it adds and removes.
type Change struct {
	Operation Operation
	Data      []ice.DataFile
	Deletes   []ice.DataFile
	Removed   map[string]bool // paths of data and delete files that are gone
	// DataSequence is what Data was as of, for files that hold the rows of others
	// (OPTIMIZE): deletes that are newer go on applying. 0 is this snapshot.
	DataSequence int64
	// Anywhere lets the change go onto whatever snapshot is current: it depends on
	// nothing that the table had (INSERT).
	Anywhere bool
	Summary  map[string]string
}

// attempts of a commit that others overtake.
const attempts = 10

// Commit makes a change the table's current snapshot, at once and durably. It
// fails with ICEBERG_COMMIT_ERROR where others changed the table since base was
// read, unless the change may go anywhere. Files of the change stay.
func (s *Tables) Commit(ctx context.Context, base *Table, c Change) error {
	for range attempts {
		now, err := s.reload(ctx, base)
		if err != nil {
			return err
		}
		if !c.Anywhere && !sameSnapshot(base, now) {
			return conflict(base, "the table was changed by another statement since this one began")
		}
		if !sameWriting(base.Metadata, now.Metadata) {
			return conflict(base, "its schema or partitioning was changed by another statement since this one began")
		}
		err = s.commitOnce(ctx, now, c)
		if !errors.Is(err, catalog.ErrConflict) {
			return err
		}
	}
	return conflict(base, "other statements commit all the time")
}

func conflict(t *Table, why string) error {
	return fail(errCommit, nil, "Failed to commit during write to table %s: %s", t.Name(), why)
}

// reload reads a table again as it is now.
func (s *Tables) reload(ctx context.Context, base *Table) (*Table, error) {
	entry, err := s.catalog.Table(ctx, base.Entry.Database, base.Entry.Name)
	if errors.Is(err, catalog.ErrNotFound) {
		return nil, fail("TABLE_NOT_FOUND", err, "Table '%s' was dropped", base.Name())
	}
	if err != nil {
		return nil, err
	}
	if !Is(entry) {
		return nil, conflict(base, "it is not an Iceberg table any more")
	}
	now, err := s.Load(ctx, entry)
	if err == nil && now.Metadata.UUID != base.Metadata.UUID {
		return nil, conflict(base, "it was replaced by another table")
	}
	return now, err
}

func sameSnapshot(a, b *Table) bool {
	x, y := a.Metadata.Current(), b.Metadata.Current()
	if x == nil || y == nil {
		return x == nil && y == nil
	}
	return x.ID == y.ID
}

// sameWriting says whether files that were written for a fit b.
func sameWriting(a, b *Metadata) bool {
	return a.CurrentSchemaID == b.CurrentSchemaID && a.DefaultSpecID == b.DefaultSpecID
}

func (s *Tables) commitOnce(ctx context.Context, t *Table, c Change) error {
	w := &snapshotWriter{tables: s, table: t, change: c, id: newSnapshotID(t.Metadata), key: uuid.NewString()}
	snapshot, err := w.write(ctx)
	if err == nil {
		err = s.update(ctx, t, func(m *Metadata) error {
			m.addSnapshot(snapshot)
			return nil
		})
	}
	if NotDone(err) {
		s.remove(ctx, w.uris)
	}
	return err
}

func newSnapshotID(m *Metadata) int64 {
	for {
		u := uuid.New()
		var id int64
		for i := range 8 {
			id = id<<8 | int64(u[i]^u[i+8])
		}
		if id &= 1<<63 - 1; id != 0 && m.Snapshot(id) == nil {
			return id
		}
	}
}

// update writes new metadata and makes it the table's, under the version check
// of the catalog (catalog.ErrConflict).
func (s *Tables) update(ctx context.Context, t *Table, change func(*Metadata) error) error {
	if err := writable(t.Metadata); err != nil {
		return err
	}
	m := t.Metadata.after(t.Location, s.now())
	if err := change(m); err != nil {
		return err
	}
	if err := m.check(); err != nil {
		return fail(errCommit, err, "Failed to change table %s: %v", t.Name(), err)
	}
	location, err := s.writeMetadata(ctx, m, nextMetadata(t))
	if err != nil {
		return err
	}
	entry := *t.Entry
	show(&entry, m, location, t.Location)
	entry.Parameters["transient_lastDdlTime"] = strconv.FormatInt(s.now().Unix(), 10)
	if err := s.catalog.UpdateTable(ctx, entry); err != nil {
		if err = refusal(err); NotDone(err) {
			s.remove(ctx, []string{location})
		}
		return err
	}
	return nil
}

// writable refuses tables of version 1: they are read only.
func writable(m *Metadata) error {
	if m.FormatVersion < maxFormatVersion {
		return fail(errNotSupported, nil, "Iceberg tables of format version %d can be read only", m.FormatVersion)
	}
	return nil
}

// nextMetadata is the name of the metadata file after the current one.
func nextMetadata(t *Table) string {
	name := t.Location[strings.LastIndexByte(t.Location, '/')+1:]
	number, _, _ := strings.Cut(name, "-")
	n, err := strconv.Atoi(strings.TrimPrefix(number, "v"))
	if err != nil {
		n = 0
	}
	return fmt.Sprintf("%s/metadata/%05d-%s.metadata.json", t.folder(), n+1, uuid.NewString())
}

func (s *Tables) writeMetadata(ctx context.Context, m *Metadata, uri string) (string, error) {
	data, err := json.Marshal(m)
	if err != nil {
		return "", err
	}
	if err := s.put(ctx, uri, data, "application/json"); err != nil {
		return "", err
	}
	read, err := parseMetadata(uri, data) // what others will read
	if err == nil {
		s.metadata.Add(uri, read)
	}
	return uri, err
}

// snapshotWriter writes the manifests of a new snapshot.
type snapshotWriter struct {
	tables *Tables
	table  *Table
	change Change
	id     int64
	key    string // of file names
	count  int
	uris   []string
	totals summary
}

func (w *snapshotWriter) write(ctx context.Context) (*Snapshot, error) {
	m := w.table.Metadata
	parent := m.Current()
	manifests, err := w.kept(ctx, parent)
	if err != nil {
		return nil, err
	}
	for _, group := range []struct {
		files   []ice.DataFile
		content ice.ManifestContent
	}{{w.change.Data, ice.ManifestContentData}, {w.change.Deletes, ice.ManifestContentDeletes}} {
		added, err := w.added(ctx, group.files, group.content)
		if err != nil {
			return nil, err
		}
		manifests = append(added, manifests...)
	}
	sequence := m.LastSequence + 1
	var parentID *int64
	var previous map[string]string
	if parent != nil {
		parentID, previous = &parent.ID, parent.Summary
	}
	list, err := w.list(ctx, manifests, parentID, sequence)
	if err != nil {
		return nil, err
	}
	schemaID := m.CurrentSchemaID
	properties := w.totals.properties(previous)
	maps.Copy(properties, w.change.Summary)
	properties[operationKey] = string(w.change.Operation)
	return &Snapshot{
		ID: w.id, ParentID: parentID, Sequence: sequence, Timestamp: w.time(m, parent),
		ManifestList: list, SchemaID: &schemaID, Summary: properties,
	}, nil
}

// time is now, and later than the snapshot before and than the metadata.
func (w *snapshotWriter) time(m *Metadata, parent *Snapshot) int64 {
	at := w.tables.now().UnixMilli()
	if parent != nil {
		at = max(at, parent.Timestamp+1)
	}
	return max(at, m.LastUpdated)
}

// kept are the manifests of the snapshot before, without the files that are
// gone: manifests that name such are written anew.
func (w *snapshotWriter) kept(ctx context.Context, parent *Snapshot) ([]ice.ManifestFile, error) {
	list, err := w.tables.manifestList(ctx, parent)
	if err != nil || len(w.change.Removed) == 0 {
		return live(list), err
	}
	found := 0
	var out []ice.ManifestFile
	for _, m := range live(list) {
		entries, err := w.tables.entries(ctx, m)
		if err != nil {
			return nil, err
		}
		gone := 0
		for _, e := range entries {
			if w.change.Removed[e.DataFile().FilePath()] {
				gone++
			}
		}
		if found += gone; gone == 0 {
			out = append(out, m)
			continue
		}
		m, err = w.rewritten(ctx, m, entries)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	if found < len(w.change.Removed) {
		return nil, conflict(w.table, "a file to be replaced is not there any more")
	}
	return out, nil
}

// live leaves out manifests that say only what an earlier snapshot removed.
func live(list []ice.ManifestFile) []ice.ManifestFile {
	var out []ice.ManifestFile
	for _, m := range list {
		if m.HasAddedFiles() || m.HasExistingFiles() {
			out = append(out, m)
		}
	}
	return out
}

func (w *snapshotWriter) rewritten(ctx context.Context, m ice.ManifestFile, entries []ice.ManifestEntry) (ice.ManifestFile, error) {
	return w.manifest(ctx, int(m.PartitionSpecID()), m.ManifestContent(), func(mw *ice.ManifestWriter) error {
		for _, e := range entries {
			var err error
			if w.change.Removed[e.DataFile().FilePath()] {
				w.totals.remove(e.DataFile())
				err = mw.Delete(e)
			} else {
				err = mw.Existing(e)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// added writes manifests of new files, one for each partition spec.
func (w *snapshotWriter) added(ctx context.Context, files []ice.DataFile, content ice.ManifestContent) ([]ice.ManifestFile, error) {
	var specs []int
	bySpec := map[int][]ice.DataFile{}
	for _, f := range files {
		id := int(f.SpecID())
		if bySpec[id] == nil {
			specs = append(specs, id)
		}
		bySpec[id] = append(bySpec[id], f)
	}
	var out []ice.ManifestFile
	for _, id := range specs {
		m, err := w.manifest(ctx, id, content, func(mw *ice.ManifestWriter) error {
			for _, f := range bySpec[id] {
				w.totals.add(f)
				b := ice.NewManifestEntryBuilder(ice.EntryStatusADDED, &w.id, f)
				if w.change.DataSequence > 0 && content == ice.ManifestContentData {
					b.SequenceNum(w.change.DataSequence)
				}
				if err := mw.Add(b.Build()); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

func (w *snapshotWriter) manifest(ctx context.Context, spec int, content ice.ManifestContent, fill func(*ice.ManifestWriter) error) (ice.ManifestFile, error) {
	m := w.table.Metadata
	of := m.Spec(spec)
	if of == nil {
		return nil, fail(errInvalidMetadata, nil, "Table %s has no partition spec %d", w.table.Name(), spec)
	}
	var buf bytes.Buffer
	mw, err := ice.NewManifestWriter(m.FormatVersion, &buf, *of, w.schemaOf(*of), w.id, ice.WithManifestWriterContent(content))
	if err != nil {
		return nil, err
	}
	if err := fill(mw); err != nil {
		return nil, err
	}
	if err := mw.Close(); err != nil {
		return nil, err
	}
	uri := fmt.Sprintf("%s/metadata/%s-m%d.avro", w.table.folder(), w.key, w.count)
	w.count++
	file, err := mw.ToManifestFile(uri, int64(buf.Len()))
	if err != nil {
		return nil, err
	}
	w.uris = append(w.uris, uri)
	return file, w.tables.put(ctx, uri, buf.Bytes(), "application/octet-stream")
}

// schemaOf is a schema that has the columns which a spec partitions by: an old
// spec may be by a column that was dropped.
func (w *snapshotWriter) schemaOf(spec ice.PartitionSpec) *ice.Schema {
	m := w.table.Metadata
	fits := func(s *ice.Schema) bool {
		for _, f := range spec.Fields() {
			if _, ok := s.FindFieldByID(f.SourceID()); !ok {
				return false
			}
		}
		return true
	}
	if s := m.Schema(); fits(s) {
		return s
	}
	for _, s := range m.Schemas {
		if fits(s) {
			return s
		}
	}
	return m.Schema()
}

func (w *snapshotWriter) list(ctx context.Context, manifests []ice.ManifestFile, parent *int64, sequence int64) (string, error) {
	var buf bytes.Buffer
	if err := ice.WriteManifestList(w.table.Metadata.FormatVersion, &buf, w.id, parent, &sequence, 0, manifests); err != nil {
		return "", err
	}
	uri := fmt.Sprintf("%s/metadata/snap-%d-1-%s.avro", w.table.folder(), w.id, w.key)
	w.uris = append(w.uris, uri)
	return uri, w.tables.put(ctx, uri, buf.Bytes(), "application/octet-stream")
}
