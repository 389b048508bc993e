package iceberg

import (
	"strings"
	"time"

	ice "github.com/apache/iceberg-go"

	"github.com/scopsdb/scops/internal/sql/types"
)

// View is a table as of one snapshot: what a query reads.
type View struct {
	Table    *Table
	Schema   *ice.Schema
	Snapshot *Snapshot       // nil for a table without rows
	only     map[string]bool // paths of data files; nil: all of the snapshot
}

// Column is a column of a view.
type Column struct {
	ID       int
	Name     string // lower-case
	Type     types.Type
	Required bool
	Comment  string
}

// Current is the table as it is now.
func (t *Table) Current() *View {
	return &View{Table: t, Schema: t.Metadata.Schema(), Snapshot: t.Metadata.Current()}
}

// AtSnapshot is the table as of a snapshot (FOR VERSION AS OF 123).
func (t *Table) AtSnapshot(id int64) (*View, error) {
	s := t.Metadata.Snapshot(id)
	if s == nil {
		return nil, fail(errArguments, nil, "Iceberg snapshot ID does not exists: %d", id)
	}
	return t.at(s)
}

// AtRef is the table as of a branch or tag (FOR VERSION AS OF 'name').
func (t *Table) AtRef(name string) (*View, error) {
	if ref, ok := t.Metadata.Refs[name]; ok {
		return t.AtSnapshot(ref.SnapshotID)
	}
	return nil, fail(errArguments, nil, "Cannot find snapshot with reference name: %s", name)
}

// AtTime is the table as it was at a time (FOR TIMESTAMP AS OF): by the history
// of what was current, as in Trino.
func (t *Table) AtTime(at time.Time, shown string) (*View, error) {
	millis := at.UnixMilli()
	var found *SnapshotLogEntry
	for _, entry := range t.Metadata.SnapshotLog {
		if entry.Timestamp <= millis && (found == nil || entry.Timestamp >= found.Timestamp) {
			found = &entry
		}
	}
	if found == nil {
		return nil, fail(errArguments, nil, "No version history table %q.%q at or before %s", t.Entry.Database, t.Entry.Name, shown)
	}
	return t.AtSnapshot(found.SnapshotID)
}

func (t *Table) at(s *Snapshot) (*View, error) {
	v := &View{Table: t, Schema: t.Metadata.Schema(), Snapshot: s}
	if s.SchemaID == nil {
		return v, nil
	}
	if v.Schema = t.Metadata.schema(*s.SchemaID); v.Schema != nil {
		return v, nil
	}
	return nil, fail(errInvalidMetadata, nil, "Cannot find schema with schema id %d of snapshot %d", *s.SchemaID, s.ID)
}

// Columns are the columns of a view in order.
func (v *View) Columns() ([]Column, error) {
	fields := v.Schema.Fields()
	out := make([]Column, len(fields))
	for i, f := range fields {
		t, err := SQLType(f.Type)
		if err != nil {
			return nil, fail(errNotSupported, err, "Column '%s' of table '%s': %v", f.Name, v.Table.Name(), err)
		}
		out[i] = Column{ID: f.ID, Name: strings.ToLower(f.Name), Type: t, Required: f.Required, Comment: f.Doc}
	}
	return out, nil
}
