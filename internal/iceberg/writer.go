package iceberg

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	ice "github.com/apache/iceberg-go"
	"github.com/google/uuid"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
)

// MaxOpenPartitions is how many partitions a statement writes into, as Athena
// allows.
const MaxOpenPartitions = 100

// targetFileSize is what a data file grows to, Athena's
// write_target_data_file_size_bytes.
const targetFileSize = 512 << 20

// Writer writes the files of one statement. They are part of no table until
// they are committed. It is not safe for concurrent use.
type Writer struct {
	tables  *Tables
	table   *Table
	prefix  string // of file names
	dir     string // of files under way
	schema  *ice.Schema
	spec    ice.PartitionSpec
	sources []int // of the partition fields: places among the columns
	codec   compress.Codec
	target  int64

	open    map[string]*openFile
	gone    map[string]*deletions // by data file
	Data    []ice.DataFile        // finished data files
	Deletes []ice.DataFile        // finished delete files
	uris    []string              // of what was stored
	count   int
}

// openFile is a data file under way.
type openFile struct {
	*parquetFile
	partition map[int]any // by partition field id
	path      string      // of the partition, with a slash at the end, or ""
}

// deletions are the places of rows of a data file that are gone.
type deletions struct {
	of        ice.DataFile
	positions []int64
}

// NewWriter begins to write into a table as it is. id names the statement; files
// lie in dir until they are objects.
func (s *Tables) NewWriter(t *Table, id, dir string) (*Writer, error) {
	w := &Writer{
		tables: s, table: t, prefix: id, dir: dir, schema: t.Metadata.Schema(), spec: *t.Metadata.Spec(t.Metadata.DefaultSpecID),
		open: map[string]*openFile{}, gone: map[string]*deletions{},
		target: number(t.Metadata, "write_target_data_file_size_bytes", number(t.Metadata, "write.target-file-size-bytes", targetFileSize)),
	}
	err := writable(t.Metadata)
	if err != nil {
		return nil, err
	}
	if w.codec, err = codecOf(t.Metadata); err != nil {
		return nil, err
	}
	fields := w.schema.Fields()
	for _, f := range w.spec.Fields() {
		place := slices.IndexFunc(fields, func(c ice.NestedField) bool { return c.ID == f.SourceID() })
		_, void := f.Transform.(ice.VoidTransform)
		if _, unknown := f.Transform.(ice.UnknownTransform); unknown || place < 0 && !void {
			return nil, fail(errNotSupported, nil, "Partition field %s with transform %s cannot be written", f.Name, f.Transform)
		}
		w.sources = append(w.sources, place)
	}
	return w, nil
}

// Add writes a row: one value for each column of the current schema, in the Go
// forms of package types.
func (w *Writer) Add(ctx context.Context, row []any) error {
	f, err := w.fileFor(row)
	if err != nil {
		return err
	}
	for i, field := range w.schema.Fields() {
		if row[i] == nil && field.Required {
			return fail(errConstraint, nil, "NULL value not allowed for NOT NULL column: %s", field.Name)
		}
	}
	if err := f.add(row); err != nil {
		return err
	}
	if f.group == 0 && f.pending == 0 { // a row group has ended
		if at, err := f.file.Seek(0, 1); err == nil && at >= w.target {
			return w.finishData(ctx, f)
		}
	}
	return nil
}

// fileFor is the open file of a row's partition.
func (w *Writer) fileFor(row []any) (*openFile, error) {
	values := make(map[int]any, w.spec.NumFields())
	var key strings.Builder
	fields := w.schema.Fields()
	for i, f := range w.spec.Fields() {
		var v any
		if place := w.sources[i]; place >= 0 {
			var err error
			if v, err = apply(f.Transform, fields[place].Type, row[place]); err != nil {
				return nil, err
			}
		}
		values[f.FieldID] = v
		fmt.Fprintf(&key, "%T%q/", v, fmt.Sprint(v))
	}
	if f := w.open[key.String()]; f != nil {
		return f, nil
	}
	if len(w.open) >= MaxOpenPartitions {
		return nil, fail(errOpenPartitions, nil, "Exceeded limit of %d open writers for partitions", MaxOpenPartitions)
	}
	file, err := newParquetFile(w.dir, fields, w.codec, nil)
	if err != nil {
		return nil, err
	}
	f := &openFile{parquetFile: file, partition: values, path: w.partitionPath(values)}
	w.open[key.String()] = f
	return f, nil
}

// record is the values of a partition in the order of its spec.
type record []any

func (r record) Size() int        { return len(r) }
func (r record) Get(i int) any    { return r[i] }
func (r record) Set(i int, v any) { r[i] = v }

// longestName is what a file system takes for one name of a path.
const longestName = 200

// partitionPath is the folder of a partition, which readers do not need: a
// value that is too long for a name has none.
func (w *Writer) partitionPath(values map[int]any) string {
	if w.spec.IsUnpartitioned() {
		return ""
	}
	var r record
	for _, f := range w.spec.Fields() {
		r = append(r, values[f.FieldID])
	}
	path := w.spec.PartitionToPath(r, w.schema)
	for name := range strings.SplitSeq(path, "/") {
		if len(name) > longestName {
			return ""
		}
	}
	return path + "/"
}

// Remove notes that a row of a data file is gone.
func (w *Writer) Remove(of ice.DataFile, position int64) {
	d := w.gone[of.FilePath()]
	if d == nil {
		d = &deletions{of: of}
		w.gone[of.FilePath()] = d
	}
	d.positions = append(d.positions, position)
}

// Finish stores what is open: the files are in Data and Deletes, durable.
func (w *Writer) Finish(ctx context.Context) error {
	for _, key := range slices.Sorted(maps.Keys(w.open)) {
		if err := w.finishData(ctx, w.open[key]); err != nil {
			return err
		}
	}
	for _, path := range slices.Sorted(maps.Keys(w.gone)) {
		if err := w.finishDeletes(ctx, w.gone[path]); err != nil {
			return err
		}
	}
	return nil
}

// Abort removes what was written.
func (w *Writer) Abort(ctx context.Context) {
	for key, f := range w.open {
		f.discard()
		delete(w.open, key)
	}
	w.tables.remove(ctx, w.uris)
	w.uris = nil
}

func (w *Writer) finishData(ctx context.Context, f *openFile) error {
	for key, open := range w.open {
		if open == f {
			delete(w.open, key)
		}
	}
	defer f.discard()
	if f.rows == 0 {
		return nil
	}
	b, size, err := w.store(ctx, f.parquetFile, ice.EntryContentData, w.spec, f.partition, f.path)
	if err != nil {
		return err
	}
	if err := f.describe(b, size); err != nil {
		return err
	}
	w.Data = append(w.Data, b.Build())
	return nil
}

// store makes an object of a file.
func (w *Writer) store(ctx context.Context, f *parquetFile, content ice.ManifestEntryContent, spec ice.PartitionSpec, partition map[int]any, path string) (*ice.DataFileBuilder, int64, error) {
	size, err := f.finish()
	if err != nil {
		return nil, 0, err
	}
	w.count++
	uri := fmt.Sprintf("%s/%s%s-%05d-%s.parquet", w.dataFolder(), path, w.prefix, w.count, uuid.NewString())
	w.uris = append(w.uris, uri)
	if err := w.tables.putFrom(ctx, uri, f.file, size, "application/vnd.apache.parquet"); err != nil {
		return nil, 0, err
	}
	b, err := ice.NewDataFileBuilder(spec, content, uri, ice.ParquetFile, partition, nil, nil, f.rows, size)
	return b, size, err
}

func (w *Writer) dataFolder() string {
	if path := w.table.Metadata.Properties[propDataPath]; path != "" {
		return folder(path)
	}
	return w.table.folder() + "/data"
}

// deleteFields are the columns of position delete files.
var deleteFields = []ice.NestedField{
	{ID: DeletePathID, Name: "file_path", Type: ice.StringType{}, Required: true},
	{ID: DeletePositionID, Name: "pos", Type: ice.Int64Type{}, Required: true},
}

// finishDeletes writes the position delete file of a data file, in the same
// partition.
func (w *Writer) finishDeletes(ctx context.Context, d *deletions) error {
	slices.Sort(d.positions)
	d.positions = slices.Compact(d.positions)
	spec := w.table.Metadata.Spec(int(d.of.SpecID()))
	if spec == nil {
		return fail(errInvalidMetadata, nil, "File %s has partition spec %d, which the table does not have", d.of.FilePath(), d.of.SpecID())
	}
	f, err := newParquetFile(w.dir, deleteFields, &parquet.Zstd, map[string]string{"delete-type": "position"})
	if err != nil {
		return err
	}
	defer f.discard()
	for _, p := range d.positions {
		if err := f.add([]any{d.of.FilePath(), p}); err != nil {
			return err
		}
	}
	b, size, err := w.store(ctx, f, ice.EntryContentPosDeletes, *spec, d.of.Partition(), "")
	if err != nil {
		return err
	}
	if err := f.describe(b, size); err != nil {
		return err
	}
	// The whole path: readers find by it which file the deletes are of.
	path := []byte(d.of.FilePath())
	positions := f.metrics[1]
	b.LowerBoundValues(map[int][]byte{DeletePathID: path, DeletePositionID: positions.lower(ice.Int64Type{})})
	b.UpperBoundValues(map[int][]byte{DeletePathID: path, DeletePositionID: positions.upper(ice.Int64Type{})})
	w.Deletes = append(w.Deletes, b.Build())
	return nil
}
