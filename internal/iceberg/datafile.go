package iceberg

import (
	"fmt"
	"io"
	"os"

	ice "github.com/apache/iceberg-go"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"

	"github.com/scopsdb/scops/internal/sql/types"
)

// Bounds of what is held in memory of a file under way.
const (
	rowsBuffered   = 256
	rowGroupRows   = 1 << 18
	dictionaryMost = 1 << 20 // bytes
	pageMost       = 1 << 20 // bytes
)

// parquetFile writes a data or delete file into a temporary file.
type parquetFile struct {
	file    *os.File
	writer  *parquet.Writer //nolint:staticcheck // the generic writer wants a Go type; ours come from the table's schema
	columns []*shape
	leaves  []*shape
	values  [][]parquet.Value // by leaf
	metrics []metrics         // by leaf
	pending int               // rows in values
	group   int               // rows of the row group under way
	rows    int64
}

func newParquetFile(dir string, fields []ice.NestedField, codec compress.Codec, keyValues map[string]string) (*parquetFile, error) {
	schema, columns, leaves, err := fileSchema(fields)
	if err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(dir, "iceberg-*.parquet")
	if err != nil {
		return nil, err
	}
	options := []parquet.WriterOption{
		schema, parquet.CreatedBy("scops", "1", ""), parquet.Compression(codec), parquet.DataPageVersion(1),
		parquet.DictionaryMaxBytes(dictionaryMost), parquet.PageBufferSize(pageMost), parquet.DataPageStatistics(false),
	}
	for k, v := range keyValues {
		options = append(options, parquet.KeyValueMetadata(k, v))
	}
	return &parquetFile{
		file: f, writer: parquet.NewWriter(f, options...), //nolint:staticcheck // see parquetFile
		columns: columns, leaves: leaves, values: make([][]parquet.Value, len(leaves)), metrics: make([]metrics, len(leaves)),
	}, nil
}

// add writes a row: a value a column, in the Go forms of package types.
func (f *parquetFile) add(row []any) error {
	for i, s := range f.columns {
		if err := f.value(s, row[i], 0, 0); err != nil {
			return err
		}
	}
	f.rows++
	if f.pending++; f.pending == rowsBuffered {
		return f.drain()
	}
	return nil
}

func (f *parquetFile) drain() error {
	f.group += f.pending
	f.pending = 0
	for i, c := range f.writer.ColumnWriters() {
		if len(f.values[i]) == 0 {
			continue
		}
		if _, err := c.WriteRowValues(f.values[i]); err != nil {
			return fmt.Errorf("write Parquet: %w", err)
		}
		f.values[i] = f.values[i][:0]
	}
	if f.group < rowGroupRows {
		return nil
	}
	f.group = 0
	return f.writer.Flush()
}

// value writes a value to its leaves, with repetition level rep; def is the
// definition level of what holds it.
func (f *parquetFile) value(s *shape, v any, rep, def int) error {
	if v == nil {
		if s.required {
			return fail(errConstraint, nil, "NULL value not allowed for NOT NULL column")
		}
		f.null(s, rep, def)
		return nil
	}
	if !s.required {
		def++
	}
	switch s.of.(type) {
	case *ice.StructType:
		fields, ok := v.([]any)
		if !ok || len(fields) != len(s.parts) {
			return misfit(s, v)
		}
		for i, p := range s.parts {
			if err := f.value(p, fields[i], rep, def); err != nil {
				return err
			}
		}
		return nil
	case *ice.ListType, *ice.MapType:
		return f.list(s, v, rep, def)
	}
	p, ok := s.convert(v)
	if !ok {
		return misfit(s, v)
	}
	f.values[s.leaf] = append(f.values[s.leaf], p.Level(rep, def, s.leaf))
	if s.repeats == 0 {
		f.metrics[s.leaf].add(v)
	}
	return nil
}

// list writes a list's elements, or a map's keys and values.
func (f *parquetFile) list(s *shape, v any, rep, def int) error {
	var items [][]any
	switch list := v.(type) {
	case []any:
		for _, e := range list {
			items = append(items, []any{e})
		}
	case types.MapValue:
		for _, e := range list {
			items = append(items, []any{e.Key, e.Value})
		}
	default:
		return misfit(s, v)
	}
	if len(items) == 0 {
		f.null(s, rep, def)
		return nil
	}
	for n, item := range items {
		if n > 0 {
			rep = s.repeats
		}
		for i, part := range s.parts {
			if err := f.value(part, item[i], rep, def+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// null writes that there is nothing below a level.
func (f *parquetFile) null(s *shape, rep, def int) {
	if s.parts == nil {
		f.values[s.leaf] = append(f.values[s.leaf], parquet.Value{}.Level(rep, def, s.leaf))
		if s.repeats == 0 {
			f.metrics[s.leaf].add(nil)
		}
		return
	}
	for _, p := range s.parts {
		f.null(p, rep, def)
	}
}

// finish ends the file and returns its length; it can be read from the start.
func (f *parquetFile) finish() (int64, error) {
	if err := f.drain(); err != nil {
		return 0, err
	}
	if err := f.writer.Close(); err != nil {
		return 0, fmt.Errorf("write Parquet: %w", err)
	}
	size, err := f.file.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, err
	}
	_, err = f.file.Seek(0, io.SeekStart)
	return size, err
}

// discard removes the temporary file.
func (f *parquetFile) discard() {
	_ = f.file.Close()
	_ = os.Remove(f.file.Name()) // the folder is emptied at start
}

// describe adds to a data file of the metadata what a manifest says of this
// finished file.
func (f *parquetFile) describe(b *ice.DataFileBuilder, size int64) error {
	meta, err := parquet.OpenFile(f.file, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return err
	}
	sizes, counts, nulls, nans := map[int]int64{}, map[int]int64{}, map[int]int64{}, map[int]int64{}
	lower, upper := map[int][]byte{}, map[int][]byte{}
	var offsets []int64
	for _, g := range meta.Metadata().RowGroups {
		if len(g.Columns) > 0 {
			first := g.Columns[0].MetaData
			at := first.DataPageOffset
			if first.DictionaryPageOffset > 0 && first.DictionaryPageOffset < at {
				at = first.DictionaryPageOffset
			}
			offsets = append(offsets, at)
		}
		for i, c := range g.Columns {
			sizes[f.leaves[i].id] += c.MetaData.TotalCompressedSize
		}
	}
	for i, s := range f.leaves {
		if s.repeats > 0 {
			continue
		}
		m := &f.metrics[i]
		counts[s.id], nulls[s.id] = m.values, m.nulls
		if mayBeNaN(s.of) {
			nans[s.id] = m.nans
		}
		if low := m.lower(s.of); low != nil {
			lower[s.id] = low
		}
		if high := m.upper(s.of); high != nil {
			upper[s.id] = high
		}
	}
	b.ColumnSizes(sizes).ValueCounts(counts).NullValueCounts(nulls).NaNValueCounts(nans).
		LowerBoundValues(lower).UpperBoundValues(upper).SplitOffsets(offsets)
	return nil
}
