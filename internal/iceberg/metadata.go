package iceberg

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	ice "github.com/apache/iceberg-go"
)

// Metadata is a metadata file of a table, as Iceberg's specification has it.
// Nothing of it changes; newer metadata is built from it (see builder).
type Metadata struct {
	FormatVersion       int                 `json:"format-version"`
	UUID                string              `json:"table-uuid"`
	Location            string              `json:"location"`
	LastSequence        int64               `json:"last-sequence-number"`
	LastUpdated         int64               `json:"last-updated-ms"`
	LastColumnID        int                 `json:"last-column-id"`
	CurrentSchemaID     int                 `json:"current-schema-id"`
	Schemas             []*ice.Schema       `json:"schemas"`
	DefaultSpecID       int                 `json:"default-spec-id"`
	Specs               []ice.PartitionSpec `json:"partition-specs"`
	LastPartitionID     int                 `json:"last-partition-id"`
	DefaultOrderID      int                 `json:"default-sort-order-id"`
	Orders              json.RawMessage     `json:"sort-orders"`
	Properties          map[string]string   `json:"properties,omitempty"`
	CurrentSnapshotID   *int64              `json:"current-snapshot-id,omitempty"`
	Refs                map[string]Ref      `json:"refs,omitempty"`
	Snapshots           []Snapshot          `json:"snapshots,omitempty"`
	SnapshotLog         []SnapshotLogEntry  `json:"snapshot-log,omitempty"`
	MetadataLog         []MetadataLogEntry  `json:"metadata-log,omitempty"`
	Statistics          []ofSnapshot        `json:"statistics,omitempty"`
	PartitionStatistics []ofSnapshot        `json:"partition-statistics,omitempty"`
}

// Snapshot is the state of a table after a commit.
type Snapshot struct {
	ID           int64             `json:"snapshot-id"`
	ParentID     *int64            `json:"parent-snapshot-id,omitempty"`
	Sequence     int64             `json:"sequence-number"`
	Timestamp    int64             `json:"timestamp-ms"`
	ManifestList string            `json:"manifest-list"`
	Summary      map[string]string `json:"summary"` // "operation" among them
	SchemaID     *int              `json:"schema-id,omitempty"`
}

// Operation is what a snapshot did: append, overwrite, delete or replace.
type Operation string

// The operations.
const (
	Append    Operation = "append"
	Overwrite Operation = "overwrite"
	Delete    Operation = "delete"
	Replace   Operation = "replace"
)

const operationKey = "operation" // in Snapshot.Summary

// MainBranch is the branch that statements read and write.
const MainBranch = "main"

// Ref is a branch or tag.
type Ref struct {
	SnapshotID         int64  `json:"snapshot-id"`
	Type               string `json:"type"` // branch or tag
	MinSnapshotsToKeep *int   `json:"min-snapshots-to-keep,omitempty"`
	MaxSnapshotAgeMs   *int64 `json:"max-snapshot-age-ms,omitempty"`
	MaxRefAgeMs        *int64 `json:"max-ref-age-ms,omitempty"`
}

// SnapshotLogEntry says when a snapshot became the current one.
type SnapshotLogEntry struct {
	SnapshotID int64 `json:"snapshot-id"`
	Timestamp  int64 `json:"timestamp-ms"`
}

// MetadataLogEntry is a metadata file before, and when it was replaced.
type MetadataLogEntry struct {
	File      string `json:"metadata-file"`
	Timestamp int64  `json:"timestamp-ms"`
}

// ofSnapshot is what others keep for a snapshot, as it came.
type ofSnapshot struct {
	id  int64
	raw json.RawMessage
}

// UnmarshalJSON implements json.Unmarshaler.
func (s *ofSnapshot) UnmarshalJSON(data []byte) error {
	s.raw = slices.Clone(data)
	var of struct {
		ID int64 `json:"snapshot-id"`
	}
	err := json.Unmarshal(data, &of)
	s.id = of.ID
	return err
}

// MarshalJSON implements json.Marshaler.
func (s ofSnapshot) MarshalJSON() ([]byte, error) { return s.raw, nil }

// decodeMetadata reads a metadata file of version 1 or 2.
func decodeMetadata(data []byte) (*Metadata, error) {
	m := &Metadata{}
	if err := json.Unmarshal(data, m); err != nil {
		return nil, err
	}
	if m.FormatVersion > maxFormatVersion { // the rest need not be known
		return m, nil
	}
	if m.FormatVersion == 1 {
		if err := m.fromVersion1(data); err != nil {
			return nil, err
		}
	}
	if m.CurrentSnapshotID != nil && *m.CurrentSnapshotID < 0 {
		m.CurrentSnapshotID = nil
	}
	return m, m.check()
}

// fromVersion1 reads what version 1 has elsewhere.
func (m *Metadata) fromVersion1(data []byte) error {
	var old struct {
		Schema *ice.Schema          `json:"schema"`
		Spec   []ice.PartitionField `json:"partition-spec"`
	}
	if err := json.Unmarshal(data, &old); err != nil {
		return err
	}
	if len(m.Schemas) == 0 && old.Schema != nil {
		m.Schemas, m.CurrentSchemaID = []*ice.Schema{old.Schema}, old.Schema.ID
	}
	if len(m.Specs) == 0 {
		m.Specs, m.DefaultSpecID = []ice.PartitionSpec{ice.NewPartitionSpecID(0, old.Spec...)}, 0
	}
	return nil
}

func (m *Metadata) check() error {
	switch {
	case m.FormatVersion < 1:
		return errors.New("format-version is missing")
	case m.Location == "":
		return errors.New("location is missing")
	case m.schema(m.CurrentSchemaID) == nil:
		return fmt.Errorf("there is no schema %d, the current one", m.CurrentSchemaID)
	case m.Spec(m.DefaultSpecID) == nil:
		return fmt.Errorf("there is no partition spec %d, the default one", m.DefaultSpecID)
	case m.CurrentSnapshotID != nil && m.Snapshot(*m.CurrentSnapshotID) == nil:
		return fmt.Errorf("there is no snapshot %d, the current one", *m.CurrentSnapshotID)
	}
	for name, ref := range m.Refs {
		if m.Snapshot(ref.SnapshotID) == nil {
			return fmt.Errorf("there is no snapshot %d, of %s %s", ref.SnapshotID, ref.Type, name)
		}
	}
	return nil
}

func (m *Metadata) schema(id int) *ice.Schema {
	for _, s := range m.Schemas {
		if s.ID == id {
			return s
		}
	}
	return nil
}

// Schema is the current schema.
func (m *Metadata) Schema() *ice.Schema { return m.schema(m.CurrentSchemaID) }

// Spec is a partition spec by its id; nil for none.
func (m *Metadata) Spec(id int) *ice.PartitionSpec {
	for i := range m.Specs {
		if m.Specs[i].ID() == id {
			return &m.Specs[i]
		}
	}
	return nil
}

// Snapshot is a snapshot by its id; nil for none.
func (m *Metadata) Snapshot(id int64) *Snapshot {
	for i := range m.Snapshots {
		if m.Snapshots[i].ID == id {
			return &m.Snapshots[i]
		}
	}
	return nil
}

// Current is the current snapshot; nil for a table without one.
func (m *Metadata) Current() *Snapshot {
	if m.CurrentSnapshotID == nil {
		return nil
	}
	return m.Snapshot(*m.CurrentSnapshotID)
}

const propNameMapping = "schema.name-mapping.default"

// nameMapping gives ids to columns of files without them; nil for none.
func (m *Metadata) nameMapping() (ice.NameMapping, error) {
	text := m.Properties[propNameMapping]
	if text == "" {
		return nil, nil
	}
	var mapping ice.NameMapping
	if err := json.Unmarshal([]byte(text), &mapping); err != nil {
		return nil, fail(errInvalidMetadata, err, "Invalid property %s: %v", propNameMapping, err)
	}
	return mapping, nil
}

// clone is a copy whose lists can be appended to.
func (m *Metadata) clone() *Metadata {
	c := *m
	c.Schemas, c.Specs = slices.Clone(m.Schemas), slices.Clone(m.Specs)
	c.Snapshots, c.SnapshotLog, c.MetadataLog = slices.Clone(m.Snapshots), slices.Clone(m.SnapshotLog), slices.Clone(m.MetadataLog)
	c.Statistics, c.PartitionStatistics = slices.Clone(m.Statistics), slices.Clone(m.PartitionStatistics)
	c.Refs, c.Properties = maps.Clone(m.Refs), maps.Clone(m.Properties)
	if c.Refs == nil {
		c.Refs = map[string]Ref{}
	}
	if c.Properties == nil {
		c.Properties = map[string]string{}
	}
	return &c
}
