package iceberg

import (
	"context"
	"errors"
	"strconv"

	"github.com/scopsdb/scops/internal/catalog"
)

// Drop removes a table from the catalog and then all files that its metadata
// names: Athena's Iceberg tables own their data.
func (s *Tables) Drop(ctx context.Context, entry *catalog.Table, ifExists bool) error {
	t, err := s.Load(ctx, entry)
	if err != nil {
		t = nil // what its files are cannot be told: they stay
	}
	var files map[string]bool
	if t != nil {
		if files, err = s.reachable(ctx, t.Metadata, t.Location); err != nil {
			files = nil
		}
	}
	if err := s.catalog.DropTable(ctx, entry.Database, entry.Name, ifExists); err != nil {
		return err
	}
	uris := make([]string, 0, len(files))
	for uri := range files {
		uris = append(uris, uri)
	}
	s.remove(ctx, uris)
	return nil
}

// reachable are all files that metadata names, with its own.
func (s *Tables) reachable(ctx context.Context, m *Metadata, location string) (map[string]bool, error) {
	out := map[string]bool{location: true}
	for _, e := range m.MetadataLog {
		out[e.File] = true
	}
	for i := range m.Snapshots {
		snap := &m.Snapshots[i]
		out[snap.ManifestList] = true
		list, err := s.manifestList(ctx, snap)
		if err != nil {
			return nil, err
		}
		for _, mf := range list {
			if out[mf.FilePath()] {
				continue
			}
			out[mf.FilePath()] = true
			entries, err := s.entries(ctx, mf)
			if err != nil {
				return nil, err
			}
			for _, e := range entries {
				out[e.DataFile().FilePath()] = true
			}
		}
	}
	return out, nil
}

// Rename gives a table another name in its catalog. Its files stay where they
// are. At the old name it is gone a moment after it is there at the new one.
func (s *Tables) Rename(ctx context.Context, entry *catalog.Table, database, name string) error {
	t := *entry
	t.Database, t.Name = database, name
	if err := s.catalog.CreateTable(ctx, t, false); err != nil {
		return err
	}
	now, err := s.catalog.Table(ctx, entry.Database, entry.Name)
	if err == nil && now.Parameters[ParamMetadataLocation] != entry.Parameters[ParamMetadataLocation] {
		err = fail(errCommit, nil, "Failed to rename table %s.%s: the table was changed by another statement", entry.Database, entry.Name)
	}
	if err == nil {
		err = s.catalog.DropTable(ctx, entry.Database, entry.Name, false)
	}
	if err != nil {
		return errors.Join(err, s.catalog.DropTable(context.WithoutCancel(ctx), database, name, true))
	}
	return nil
}

// ShownProperties are the table properties by Athena's names, as SHOW CREATE
// TABLE has them.
func (t *Table) ShownProperties() map[string]string {
	out := map[string]string{ParamTableType: "iceberg"}
	for name, in := range TableProperties {
		if in == "" {
			in = name
		}
		if v, ok := t.Metadata.Properties[in]; ok {
			out[name] = v
		}
	}
	if v, ok := out["write_compression"]; ok {
		for athena, codec := range compressions {
			if codec == v && athena != "UNCOMPRESSED" {
				out["write_compression"] = athena
			}
		}
	}
	return out
}

// SpecField is a partition field as statements show it.
type SpecField struct {
	Name, Transform, Column string
	Width                   int // of bucket and truncate
}

// SpecFields are the fields that a table is partitioned by now.
func (t *Table) SpecFields() []SpecField {
	m := t.Metadata
	var out []SpecField
	for _, f := range m.Spec(m.DefaultSpecID).Fields() {
		column, _ := m.Schema().FindColumnName(f.SourceID())
		field := SpecField{Name: f.Name, Transform: f.Transform.String(), Column: column}
		for i, c := range field.Transform {
			if c != '[' {
				continue
			}
			field.Width, _ = strconv.Atoi(field.Transform[i+1 : len(field.Transform)-1])
			field.Transform = field.Transform[:i]
			break
		}
		out = append(out, field)
	}
	return out
}
