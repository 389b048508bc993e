package iceberg

import (
	"context"
	"strings"
	"time"

	ice "github.com/apache/iceberg-go"
	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/objects"
)

// Parameters of a Glue table that make it an Iceberg table, as Athena, Trino,
// Spark and pyiceberg write them.
const (
	ParamTableType        = "table_type"
	ParamMetadataLocation = "metadata_location"
	ParamPreviousLocation = "previous_metadata_location"
	tableType             = "ICEBERG"
)

// What is kept of files that never change.
const (
	metadataKept  = 256  // metadata files
	manifestsKept = 4096 // manifests, each with its entries
)

// Tables reads and changes Iceberg tables. It is safe for concurrent use.
type Tables struct {
	catalog   *catalog.Store
	objects   objects.Store
	now       func() time.Time
	metadata  *lru.Cache[string, *Metadata]
	manifests *lru.Cache[string, []ice.ManifestEntry]
}

// Options of Tables.
type Options struct {
	Now func() time.Time // nil is time.Now
}

// New returns the Iceberg tables of a catalog, whose files lie in a store.
func New(c *catalog.Store, o objects.Store, opts Options) *Tables {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	metadata, _ := lru.New[string, *Metadata](metadataKept)             // fails for sizes below 1 alone
	manifests, _ := lru.New[string, []ice.ManifestEntry](manifestsKept) // likewise
	return &Tables{catalog: c, objects: o, now: opts.Now, metadata: metadata, manifests: manifests}
}

// Is says whether a table of the catalog is an Iceberg table.
func Is(t *catalog.Table) bool { return strings.EqualFold(t.Parameters[ParamTableType], tableType) }

// Table is an Iceberg table at one moment. Nothing of it changes.
type Table struct {
	Entry    *catalog.Table // as in the catalog, shared
	Location string         // of the metadata file
	Metadata *Metadata
}

// Name is database.table, for messages.
func (t *Table) Name() string { return t.Entry.Database + "." + t.Entry.Name }

// folder is where the table's files lie, without a slash at the end.
func (t *Table) folder() string { return folder(t.Metadata.Location) }

// Load reads the metadata that a table of the catalog names.
func (s *Tables) Load(ctx context.Context, t *catalog.Table) (*Table, error) {
	location := t.Parameters[ParamMetadataLocation]
	if location == "" {
		return nil, fail(errInvalidMetadata, nil, "Table %s.%s is missing [%s] property", t.Database, t.Name, ParamMetadataLocation)
	}
	m, err := s.metadataAt(ctx, location)
	if err != nil {
		return nil, err
	}
	return &Table{Entry: t, Location: location, Metadata: m}, nil
}

func (s *Tables) metadataAt(ctx context.Context, location string) (*Metadata, error) {
	if m, ok := s.metadata.Get(location); ok {
		return m, nil
	}
	data, err := s.read(ctx, location)
	if err != nil {
		return nil, err
	}
	m, err := parseMetadata(location, data)
	if err != nil {
		return nil, err
	}
	s.metadata.Add(location, m)
	return m, nil
}

// maxFormatVersion is the newest format that is read: deletion vectors, row
// lineage and default values of version 3 are not.
const maxFormatVersion = 2

func parseMetadata(location string, data []byte) (m *Metadata, err error) {
	if strings.HasSuffix(location, ".gz.metadata.json") || strings.HasSuffix(location, ".metadata.json.gz") {
		if data, err = gunzip(data); err != nil {
			return nil, fail(errInvalidMetadata, err, "Invalid metadata file: %s: %v", location, err)
		}
	}
	m, err = decodeMetadata(data)
	if err != nil {
		return nil, fail(errInvalidMetadata, err, "Invalid metadata file: %s: %v", location, err)
	}
	if m.FormatVersion > maxFormatVersion {
		return nil, fail(errNotSupported, nil, "Iceberg format version %d is not supported: %s", m.FormatVersion, location)
	}
	return m, nil
}
