package iceberg

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/google/uuid"

	"github.com/scopsdb/scops/internal/catalog"
)

// Create makes a table without rows. With ifNotExists an existing one is no
// error and stays. Errors of the catalog are as of catalog.CreateTable.
func (s *Tables) Create(ctx context.Context, d Definition, ifNotExists bool) error {
	_, err := s.catalog.Table(ctx, d.Database, d.Name)
	if err == nil && ifNotExists {
		return nil
	}
	if err != nil && !errors.Is(err, catalog.ErrNotFound) {
		return err
	}
	t, err := s.Stage(d)
	if err != nil {
		return err
	}
	return s.register(ctx, t, t.Metadata, ifNotExists)
}

// Stage is a table that is in no catalog yet, for a Writer: CreateWith makes it
// be with what was written.
func (s *Tables) Stage(d Definition) (*Table, error) {
	m, err := d.metadata(s.now())
	if err != nil {
		return nil, err
	}
	entry := &catalog.Table{Database: d.Database, Name: d.Name, Type: catalog.ExternalTable, Description: d.Comment, Parameters: map[string]string{}}
	if d.Comment != "" {
		entry.Parameters["comment"] = d.Comment
	}
	return &Table{Entry: entry, Metadata: m}, nil
}

// CreateWith registers a staged table whose first snapshot is a change: there
// is no moment at which it is there without its rows.
func (s *Tables) CreateWith(ctx context.Context, t *Table, c Change) error {
	w := &snapshotWriter{tables: s, table: t, change: c, id: newSnapshotID(t.Metadata), key: uuid.NewString()}
	snapshot, err := w.write(ctx)
	if err == nil {
		err = s.createWith(ctx, t, snapshot)
	}
	if NotDone(err) {
		s.remove(ctx, w.uris)
	}
	return err
}

func (s *Tables) createWith(ctx context.Context, t *Table, snapshot *Snapshot) error {
	m := t.Metadata.after("", s.now())
	m.addSnapshot(snapshot)
	return s.register(ctx, t, m, false)
}

// register writes the first metadata of a table and puts it into the catalog.
func (s *Tables) register(ctx context.Context, t *Table, m *Metadata, ifNotExists bool) error {
	location, err := s.writeMetadata(ctx, m, fmt.Sprintf("%s/metadata/00000-%s.metadata.json", t.folder(), uuid.NewString()))
	if err != nil {
		return err
	}
	entry := *t.Entry
	show(&entry, m, location, "")
	entry.Parameters["transient_lastDdlTime"] = strconv.FormatInt(s.now().Unix(), 10)
	if err := s.catalog.CreateTable(ctx, entry, ifNotExists); err != nil {
		if err = refusal(err); NotDone(err) {
			s.remove(ctx, []string{location})
		}
		return err
	}
	return nil
}
