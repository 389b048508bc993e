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
	groupBytes = 32 << 20
	// rowsAtOnce and bytesAtOnce bound what is read at once.
	rowsAtOnce  = 1024
	bytesAtOnce = 256 << 10

	// As package write has them (see there), but with smaller pages: the sooner
	// a dictionary that saves nothing is given up. Only pages of few large texts
	// are of largePage, since the least and the greatest of each are kept.
	dictionaryMost = 1 << 20 // bytes
	pageMost       = 1 << 20 // bytes
	largePage      = 4 << 20 // bytes
	fewValues      = 256
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
	batch   int64     // rows that are read at once

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
	row := bytes/max(1, m.total()) + 1
	m.group, m.batch = min(groupRows, max(1, groupBytes/row)), min(rowsAtOnce, max(1, bytesAtOnce/row))
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
			n := min(left, m.batch)
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
	bytes  int64 // of values in the page
	values int
}

// write writes values of whole rows and returns their bytes.
func (w *pageWriter) write(values []parquet.Value) (int64, error) {
	var all int64
	from := 0
	for i := range values {
		if values[i].RepetitionLevel() == 0 && w.full() {
			if err := w.end(values[from:i]); err != nil {
				return all, err
			}
			from = i
		}
		n := int64(8)
		if k := values[i].Kind(); k == parquet.ByteArray || k == parquet.FixedLenByteArray {
			n += int64(len(values[i].ByteArray()))
		}
		w.bytes, w.values, all = w.bytes+n, w.values+1, all+n
	}
	_, err := w.column.WriteRowValues(values[from:])
	return all, err
}

func (w *pageWriter) full() bool {
	return w.bytes >= largePage || w.bytes >= pageMost && w.values >= fewValues
}

// end writes the last values of a page.
func (w *pageWriter) end(values []parquet.Value) error {
	w.bytes, w.values = 0, 0
	if len(values) > 0 {
		if _, err := w.column.WriteRowValues(values); err != nil {
			return err
		}
	}
	return w.column.Flush()
}

// Close implements Merger.
func (m *parquetMerger) Close() error {
	m.closeCursors()
	if !m.failed && m.at != m.total() {
		return fmt.Errorf("%d of %d rows were merged", m.at, m.total())
	}
	return nil
}
