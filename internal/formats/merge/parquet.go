package merge

import (
	"fmt"
	"io"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/write"
)

const (
	// groupRows is the most rows of a row group: engines read row groups side by
	// side and pass over those whose least and greatest values do not fit.
	groupRows = 122_880
	// groupBytes is the most that the values of a row group may take in memory.
	groupBytes = 64 << 20
	rowsAtOnce = 1024

	// As package write has them (see there), but with smaller pages: the sooner
	// a dictionary that saves nothing is given up.
	dictionaryMost = 1 << 20 // bytes
	pageMost       = 1 << 20 // bytes
)

// parquetMerger copies Parquet files column by column: no row is ever put
// together, and no more is in memory than a row group of what is written.
type parquetMerger struct {
	inputs  []Input
	options Options
	files   []*parquet.File
	starts  []int64 // first row of each input; one more at the end
	schema  *parquet.Schema
	codec   compress.Codec
	leaves  []*column
	keys    []*column // to sort by
	group   int64     // rows of a row group

	at      int64 // next row
	cursors []*cursor
	failed  bool
}

func openParquet(format formats.Format, inputs []Input, o Options) (*parquetMerger, error) {
	m := &parquetMerger{codec: write.ParquetCodec(format), inputs: inputs, options: o, starts: []int64{0}}
	var bytes int64
	for _, in := range inputs {
		f, err := parquet.OpenFile(in.Reader, in.Size, parquet.SkipBloomFilters(true))
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", in.Name, err)
		}
		if f.NumRows() != in.Rows {
			return nil, fmt.Errorf("read %s: it has %d rows, not %d", in.Name, f.NumRows(), in.Rows)
		}
		for _, g := range f.Metadata().RowGroups {
			bytes += g.TotalByteSize
		}
		m.files = append(m.files, f)
		m.starts = append(m.starts, m.starts[len(m.starts)-1]+in.Rows)
	}
	root, leaves, err := unite(m.files)
	if err != nil {
		return nil, err
	}
	m.schema, m.leaves = parquet.NewSchema("hive_schema", root.node()), leaves
	for _, name := range o.SortBy {
		for _, p := range root.parts {
			if strings.EqualFold(p.name, name) && p.isLeaf && !p.of.Repeated() {
				m.keys = append(m.keys, p)
			}
		}
	}
	m.group = min(groupRows, max(1, groupBytes/(bytes/max(1, m.total())+1)))
	return m, nil
}

func (m *parquetMerger) total() int64 { return m.starts[len(m.starts)-1] }

// Write implements Merger.
func (m *parquetMerger) Write(w io.Writer, rows int64) (err error) {
	defer func() { m.failed = m.failed || err != nil }()
	if m.at+rows > m.total() {
		return fmt.Errorf("there are no more rows: %d of %d are written", m.at, m.total())
	}
	out := m.newWriter(w)
	for end := m.at + rows; m.at < end; {
		n := min(runRows, end-m.at)
		order, err := m.order(m.at, n)
		if err != nil {
			return err
		}
		if order == nil {
			n = min(m.group, n)
			err = m.copyGroup(out, n)
		} else {
			err = m.writeSorted(out, order)
		}
		if err != nil {
			return err
		}
		m.at += n
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("write Parquet: %w", err)
	}
	return nil
}

func (m *parquetMerger) newWriter(w io.Writer) *parquet.Writer { //nolint:staticcheck // as in package write
	return parquet.NewWriter(w, m.schema,
		parquet.CreatedBy("scops", "1", ""),
		parquet.Compression(m.codec),
		parquet.DataPageVersion(1),
		parquet.DictionaryMaxBytes(dictionaryMost),
		parquet.PageBufferSize(pageMost),
		parquet.DataPageStatistics(false),
	)
}

// copyGroup writes the next rows, in the order of the inputs, as a row group.
func (m *parquetMerger) copyGroup(out *parquet.Writer, rows int64) error { //nolint:staticcheck // as in package write
	if m.cursors == nil {
		if err := m.openCursors(); err != nil {
			return err
		}
	}
	var values []parquet.Value
	var err error
	for i, c := range out.ColumnWriters() {
		w := pageWriter{column: c}
		for left := rows; left > 0; {
			n := min(left, rowsAtOnce)
			if values, err = m.cursors[i].read(values[:0], n); err != nil {
				return err
			}
			if err := m.put(&w, values); err != nil {
				return err
			}
			left -= n
		}
	}
	return m.flush(out)
}

func (m *parquetMerger) openCursors() error {
	for _, c := range m.leaves {
		k, err := m.cursorAt(c, m.at)
		if err != nil {
			return err
		}
		m.cursors = append(m.cursors, k)
	}
	return nil
}

func (m *parquetMerger) closeCursors() {
	for _, k := range m.cursors {
		k.close()
	}
	m.cursors = nil
}

func (m *parquetMerger) flush(out *parquet.Writer) error { //nolint:staticcheck // as in package write
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write Parquet: %w", err)
	}
	return nil
}

// put writes values of whole rows and takes a step.
func (m *parquetMerger) put(w *pageWriter, values []parquet.Value) error {
	n, err := w.write(values)
	if err != nil {
		return fmt.Errorf("write Parquet: %w", err)
	}
	return m.options.step(n)
}

// pageWriter ends a page of texts in time: the library counts a text of a
// dictionary as four bytes.
type pageWriter struct {
	column *parquet.ColumnWriter
	paged  int64 // bytes of texts in the page
}

// write returns the bytes of the values.
func (w *pageWriter) write(values []parquet.Value) (int64, error) {
	bytes := int64(8 * len(values))
	for i := range values {
		if k := values[i].Kind(); k == parquet.ByteArray || k == parquet.FixedLenByteArray {
			bytes += int64(len(values[i].ByteArray()))
		}
	}
	if _, err := w.column.WriteRowValues(values); err != nil {
		return bytes, err
	}
	if w.paged += bytes; w.paged < pageMost {
		return bytes, nil
	}
	w.paged = 0
	return bytes, w.column.Flush()
}

// Close implements Merger.
func (m *parquetMerger) Close() error {
	m.closeCursors()
	if !m.failed && m.at != m.total() {
		return fmt.Errorf("%d of %d rows were merged", m.at, m.total())
	}
	return nil
}
