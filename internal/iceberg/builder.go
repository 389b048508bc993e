package iceberg

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	ice "github.com/apache/iceberg-go"
	"github.com/google/uuid"
)

// newMetadata is that of a table without rows, of format version 2.
func newMetadata(schema *ice.Schema, spec ice.PartitionSpec, lastColumn int, location string, properties map[string]string, now time.Time) *Metadata {
	m := &Metadata{
		FormatVersion: maxFormatVersion, UUID: uuid.NewString(), Location: location, LastUpdated: now.UnixMilli(),
		Schemas: []*ice.Schema{schema}, LastColumnID: lastColumn, Specs: []ice.PartitionSpec{spec},
		LastPartitionID: firstPartitionID - 1, Orders: json.RawMessage(`[{"order-id":0,"fields":[]}]`),
		Properties: properties, Refs: map[string]Ref{},
	}
	for _, f := range spec.Fields() {
		m.LastPartitionID = max(m.LastPartitionID, f.FieldID)
	}
	return m
}

// firstPartitionID is the least id of a partition field.
const firstPartitionID = 1000

// Properties of how much of the past the metadata keeps.
const (
	propPreviousFiles    = "write.metadata.previous-versions-max"
	previousFilesDefault = 100
	vacuumMetadataFiles  = "vacuum_max_metadata_files_to_keep"
)

// previousFiles is how many metadata files before are remembered.
func (m *Metadata) previousFiles() int {
	for _, name := range []string{propPreviousFiles, vacuumMetadataFiles} {
		if n, err := strconv.Atoi(m.Properties[name]); err == nil && n > 0 {
			return n
		}
	}
	return previousFilesDefault
}

// after is a copy of metadata that lay in a file, to be changed at a time.
func (m *Metadata) after(file string, now time.Time) *Metadata {
	next := m.clone()
	if file != "" {
		next.MetadataLog = append(next.MetadataLog, MetadataLogEntry{File: file, Timestamp: m.LastUpdated})
		if extra := len(next.MetadataLog) - m.previousFiles(); extra > 0 {
			next.MetadataLog = next.MetadataLog[extra:]
		}
	}
	next.LastUpdated = max(now.UnixMilli(), m.LastUpdated)
	return next
}

// addSnapshot makes a snapshot the current one.
func (m *Metadata) addSnapshot(s *Snapshot) {
	m.Snapshots = append(m.Snapshots, *s)
	m.LastSequence = max(m.LastSequence, s.Sequence)
	m.LastUpdated = max(m.LastUpdated, s.Timestamp)
	id := s.ID
	m.CurrentSnapshotID = &id
	main := m.Refs[MainBranch] // keeps how long it keeps snapshots
	main.SnapshotID, main.Type = s.ID, "branch"
	m.Refs[MainBranch] = main
	m.SnapshotLog = append(m.SnapshotLog, SnapshotLogEntry{SnapshotID: s.ID, Timestamp: s.Timestamp})
}

// removeSnapshots forgets snapshots, with what is kept for them. The history
// goes on from after the last that is forgotten, as there are none with gaps.
func (m *Metadata) removeSnapshots(gone map[int64]bool) {
	m.Snapshots = slices.DeleteFunc(m.Snapshots, func(s Snapshot) bool { return gone[s.ID] })
	var log []SnapshotLogEntry
	for _, e := range m.SnapshotLog {
		if gone[e.SnapshotID] {
			log = nil
			continue
		}
		log = append(log, e)
	}
	m.SnapshotLog = log
	keep := func(s ofSnapshot) bool { return gone[s.id] }
	m.Statistics = slices.DeleteFunc(m.Statistics, keep)
	m.PartitionStatistics = slices.DeleteFunc(m.PartitionStatistics, keep)
}

// setSchema makes a schema the current one; an equal one that is there already
// is taken again.
func (m *Metadata) setSchema(fields []ice.NestedField, identifiers []int, lastColumn int) {
	m.LastColumnID = max(m.LastColumnID, lastColumn)
	next := 0
	for _, s := range m.Schemas {
		next = max(next, s.ID+1)
	}
	schema := ice.NewSchemaWithIdentifiers(next, identifiers, fields...)
	for _, s := range m.Schemas {
		if s.Equals(schema) && sameDocs(s, schema) {
			m.CurrentSchemaID = s.ID
			return
		}
	}
	m.Schemas, m.CurrentSchemaID = append(m.Schemas, schema), next
}

// sameDocs says whether two schemas of equal fields have equal comments.
func sameDocs(a, b *ice.Schema) bool {
	return slices.EqualFunc(a.Fields(), b.Fields(), func(x, y ice.NestedField) bool { return x.Doc == y.Doc })
}
