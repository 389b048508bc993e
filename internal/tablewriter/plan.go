package tablewriter

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/record"
	"github.com/scopsdb/scops/internal/formats/write"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/projection"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/types"
)

// DefaultMaxOpenPartitions is Athena's bound on the partitions and buckets that
// a statement writes to.
const DefaultMaxOpenPartitions = 100

const (
	// defaultFileSize is where a file ends and the next one begins.
	defaultFileSize = 192 << 20
	// defaultMemory bounds what the open files of a statement hold of their rows.
	defaultMemory = 256 << 20
)

// Config is what writing needs. Numbers have defaults where zero.
type Config struct {
	Catalog *catalog.Store
	Objects objects.Store
	TempDir string // takes files on their way to the object store
	Log     *slog.Logger
	Now     func() time.Time

	MaxOpenPartitions int   // partitions and buckets of a statement
	FileSize          int64 // bytes, about
	Memory            int64 // bytes that the open files of a statement hold, about
	Parallel          int   // files encoded at once
}

// Writer runs statements that write.
type Writer struct{ cfg Config }

// New returns a writer.
func New(cfg Config) *Writer {
	cfg.MaxOpenPartitions = cmp.Or(cfg.MaxOpenPartitions, DefaultMaxOpenPartitions)
	cfg.FileSize = cmp.Or(cfg.FileSize, defaultFileSize)
	cfg.Memory = cmp.Or(cfg.Memory, defaultMemory)
	cfg.Parallel = cmp.Or(cfg.Parallel, min(4, runtime.GOMAXPROCS(0)))
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Writer{cfg: cfg}
}

// Plan is a statement that may be run: where its rows go and how.
type Plan struct {
	writer  *Writer
	id      string // of the query execution
	kind    analyzer.WriteKind
	table   *catalog.Table // the target; of UNLOAD what describes its files
	format  formats.Format
	ending  write.Kind
	columns []record.Column // in the files
	types   []types.Type    // of all columns of a row, partition keys last
	buckets *bucketing      // nil without
	// projected says where the partitions of a table with partition projection
	// are; nil for others.
	projected *projection.Projection
	noData    bool
}

// Plan checks what the language does not: the properties, the table's format
// and the place of the files. results is the folder in which CREATE TABLE AS
// puts tables that name no location.
func (w *Writer) Plan(ctx context.Context, id string, s *analyzer.Write, results string) (*Plan, error) {
	p := &Plan{writer: w, id: id, kind: s.Kind, noData: s.NoData}
	for _, c := range s.Columns {
		p.types = append(p.types, c.Type)
	}
	var err error
	if s.Kind == analyzer.InsertInto {
		p.table, err = s.Target, checkTarget(s.Target)
	} else {
		p.table, err = w.target(ctx, id, s, results)
	}
	if err != nil {
		return nil, err
	}
	if err := p.setFormat(); err != nil {
		return nil, err
	}
	if p.table.Storage.NumberOfBuckets > 0 && s.Kind == analyzer.CreateTableAs {
		p.setBuckets(s.Columns)
	}
	switch {
	case s.Kind != analyzer.InsertInto || len(p.table.PartitionKeys) == 0:
		return p, nil
	case projection.Enabled(p.table):
		p.projected, err = projection.Read(p.table, w.cfg.Now())
		return p, projectionError(err)
	}
	return p, nil
}

func projectionError(err error) error {
	var e *projection.Error
	if errors.As(err, &e) {
		return fail(e.Name, "%s", e.Message)
	}
	return err
}

// target is the table that CREATE TABLE AS makes, or the description of the
// files of UNLOAD, at a location without objects.
func (w *Writer) target(ctx context.Context, id string, s *analyzer.Write, results string) (*catalog.Table, error) {
	properties, err := readProperties(s.Kind, s.Properties)
	if err != nil {
		return nil, err
	}
	location := cmp.Or(properties.location, strings.TrimSuffix(results, "/")+"/tables/"+id+"/")
	if s.Kind == analyzer.UnloadTo {
		if location, err = unloadLocation(s.Location); err != nil {
			return nil, err
		}
	}
	t, err := newTable(s, properties, location, w.cfg.Now())
	if err != nil {
		return nil, err
	}
	return t, w.empty(ctx, t)
}

func unloadLocation(given string) (string, error) {
	bucket, key, err := objects.SplitURI(given)
	if err != nil || bucket == "" || strings.Contains(key, "//") {
		return "", fail(errInvalidProperty, "The destination of UNLOAD is not an S3 folder: %s", given)
	}
	return catalog.FolderURI(given), nil
}

// empty refuses a location that has objects.
func (w *Writer) empty(ctx context.Context, t *catalog.Table) error {
	bucket, prefix, err := objects.SplitURI(t.Location)
	if err != nil {
		return fail(errInvalidProperty, "%v", err)
	}
	found, _, err := w.cfg.Objects.List(ctx, bucket, prefix, "", 2)
	switch {
	case errors.Is(err, objects.ErrNoSuchBucket):
		return fail(errFilesystem, "The bucket %s does not exist", bucket)
	case err != nil:
		return err
	}
	// The object that stands for the folder itself is no data.
	found = slices.DeleteFunc(found, func(o objects.Info) bool { return o.Key == prefix && o.Size == 0 })
	if len(found) > 0 {
		return pathExists(t)
	}
	return nil
}

func pathExists(t *catalog.Table) error {
	if t.Name == "" { // of UNLOAD
		return fail(errPathExists, "Target directory already exists: %s", strings.TrimSuffix(t.Location, "/"))
	}
	return fail(errPathExists, "Target directory for table '%s.%s' already exists: %s", t.Database, t.Name, strings.TrimSuffix(t.Location, "/"))
}

// checkTarget refuses tables that INSERT cannot write to.
func checkTarget(t *catalog.Table) error {
	name := t.Database + "." + t.Name
	switch {
	case t.Delivery != "":
		return fail(errNotSupported, "INSERT INTO a table that a delivery writes is not supported: %s belongs to delivery %s", name, t.Delivery)
	case t.Parameters["table_type"] != "":
		return fail(errNotSupported, "INSERT INTO table %s of table_type %s is not supported", name, t.Parameters["table_type"])
	case t.Storage.NumberOfBuckets > 0:
		return fail(errNotSupported, "INSERT INTO is not supported on bucketed tables: %s", name)
	case t.Parameters["storage.location.template"] != "" && !projection.Enabled(t):
		return fail(errNotSupported, "INSERT INTO table %s with the property storage.location.template and without projection.enabled is not supported", name)
	case t.Location == "":
		return fail(errNotSupported, "INSERT INTO table %s, which has no location, is not supported", name)
	}
	return nil
}

// setFormat finds how files of the table are written: as they are read.
func (p *Plan) setFormat() error {
	t := p.table
	f, err := formats.Detect(t.SerDe.Library, t.InputFormat, t.SerDe.Parameters, t.Parameters)
	if err == nil && f.SkipHeader > 0 && f.Kind != formats.Text {
		return fail(errNotSupported, "Inserting into table %s.%s with skip.header.line.count is not supported", t.Database, t.Name)
	}
	if err == nil && f.Kind == formats.OpenCSV { // Athena reads it alone
		return fail(errUnsupportedFormat, "Output format %s with SerDe %s is not supported", t.OutputFormat, t.SerDe.Library)
	}
	if err == nil {
		f.Compression = cmp.Or(f.Compression, defaultCompression(t))
		p.ending, err = write.KindOf(f)
	}
	if err != nil {
		return fail(errUnsupportedFormat, "Output format %s with SerDe %s is not supported: %v", t.OutputFormat, t.SerDe.Library, err)
	}
	p.format = f
	for _, c := range t.Columns {
		column, err := record.NewColumn(c.Name, c.Type)
		if err != nil {
			return fail(errNotSupported, "%v", err)
		}
		if f.Kind == formats.Avro {
			if err := checkAvro(c, column.Type); err != nil {
				return err
			}
		}
		p.columns = append(p.columns, column)
	}
	for i, k := range t.PartitionKeys {
		if typ := p.types[len(t.Columns)+i]; !partitionKinds[typ.Kind] {
			return fail(errNotSupported, "Unsupported type [%s] for partition: %s", typ, k.Name)
		}
	}
	if _, err := write.New(f, p.columns); err != nil {
		return fail(errNotSupported, "Table %s.%s cannot be written: %v", t.Database, t.Name, err)
	}
	return nil
}

// checkAvro refuses columns that an Avro file can hold and that no reader of
// Avro tables gives back.
func checkAvro(c catalog.Column, t formats.Type) error {
	if otherMapKeys(t) {
		return fail(errNotSupported, "Column %s: the keys of a map in an Avro file are of type varchar, not of another or with a length", c.Name)
	}
	if small := smallInteger(t); small != "" {
		return fail(errNotSupported, "Column '%s' is %s, which is not supported by Avro. Use integer instead.", c.Name, small)
	}
	return nil
}

// smallInteger names the integer type inside a type that Avro has not.
func smallInteger(t formats.Type) string {
	switch t.Kind {
	case formats.TinyInt:
		return "tinyint"
	case formats.SmallInt:
		return "smallint"
	}
	for _, f := range t.Fields {
		if small := smallInteger(f.Type); small != "" {
			return small
		}
	}
	return ""
}

// otherMapKeys says whether a type has a map inside whose keys are no strings:
// the readers of Avro tables refuse it.
func otherMapKeys(t formats.Type) bool {
	return t.Kind == formats.Map && t.Fields[0].Type.Kind != formats.String ||
		slices.ContainsFunc(t.Fields, func(f formats.Field) bool { return otherMapKeys(f.Type) })
}

func defaultCompression(t *catalog.Table) string {
	for _, s := range storages {
		if s.serde == t.SerDe.Library {
			return s.compression
		}
	}
	return ""
}

func (p *Plan) setBuckets(columns []analyzer.Column) {
	p.buckets = &bucketing{count: p.table.Storage.NumberOfBuckets}
	for _, name := range p.table.Storage.BucketColumns {
		i := slices.IndexFunc(columns, func(c analyzer.Column) bool { return c.Name == name })
		p.buckets.columns, p.buckets.types = append(p.buckets.columns, i), append(p.buckets.types, columns[i].Type)
	}
}

// registered finds a partition of the table that is there.
func (p *Plan) registered(ctx context.Context, values []string) (catalog.Partition, bool, error) {
	if p.kind != analyzer.InsertInto {
		return catalog.Partition{}, false, nil
	}
	exact := make([][]string, len(values))
	for i, v := range values {
		exact[i] = []string{v}
	}
	store := p.writer.cfg.Catalog
	list, _, found, err := store.FindPartitions(ctx, p.table.Database, p.table.Name, catalog.Wanted{Exact: exact, May: func([]string) bool { return true }})
	if err != nil || found && len(list) == 0 {
		return catalog.Partition{}, false, err
	}
	if found {
		return list[0], true, nil
	}
	known, err := store.Partition(ctx, p.table.Database, p.table.Name, values)
	if errors.Is(err, catalog.ErrNotFound) {
		return known, false, nil
	}
	return known, err == nil, err
}
