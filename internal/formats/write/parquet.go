package write

import (
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/record"
)

// Rows are collected by column, up to so many or so many bytes of texts, before
// they go to the Parquet writer, which makes a page of all that it gets at once.
const (
	rowsBuffered  = 256
	bytesBuffered = 256 << 10
)

// A row group is what a reader takes as a whole and what engines read side by
// side: enough rows to pack well, few enough for several cores to share a file.
const (
	rowGroupRows  = 1 << 18
	rowGroupBytes = 32 << 20
	fixedBytes    = 8 // counted for a value besides its text
)

const (
	// dictionaryMost is the size at which a column's texts differ too much for
	// a dictionary to save anything: from there on they are written as they
	// are. The dictionary and its page would hold them all in memory twice.
	dictionaryMost = 1 << 20 // bytes
	// pageMost is how much goes into a page. The library counts a text in a
	// dictionary as four bytes, and looks at the dictionary's size only when a
	// page is full. It keeps the least and the greatest value of each page, so
	// pages of few large texts would cost more memory than the texts.
	pageMost = 4 << 20 // bytes
)

type parquetWriter struct {
	schema  *parquet.Schema
	file    *parquet.Writer //nolint:staticcheck // the generic writer wants a Go type; ours come from the catalog
	columns []*shape
	leaves  [][]parquet.Value // by leaf column
	rows    int
	bytes   int   // of texts in leaves
	paged   []int // bytes of texts in the page of each leaf column

	codec     compress.Codec
	groupMost int64 // bytes of values in a row group
	groupRows int   // of the row group under way, without those in leaves
	group     int64 // its bytes
}

func newParquet(f formats.Format, columns []record.Column, o Options) (Writer, error) {
	schema, shapes, leaves, err := parquetSchema(columns)
	if err != nil {
		return nil, err
	}
	w := &parquetWriter{
		schema: schema, columns: shapes, leaves: make([][]parquet.Value, leaves), paged: make([]int, leaves),
		codec: parquetCodecs[compressionOf(f)], groupMost: o.RowGroupBytes,
	}
	if w.groupMost <= 0 {
		w.groupMost = rowGroupBytes
	}
	return w, nil
}

// Reset makes a new writer of the library: with version 0.32 one that is used
// again (its Reset) leaves out the names of the columns in the footer.
func (w *parquetWriter) Reset(out io.Writer) {
	w.file = parquet.NewWriter(out, w.schema,
		parquet.CreatedBy("scops", "1", ""),
		parquet.Compression(w.codec),
		parquet.DataPageVersion(1), // what every reader of Hive tables knows
		parquet.DictionaryMaxBytes(dictionaryMost),
		parquet.PageBufferSize(pageMost),
		parquet.DataPageStatistics(false), // readers use those of the footer
	)
	w.rows, w.bytes, w.groupRows, w.group = 0, 0, 0, 0
	clear(w.paged)
	for i := range w.leaves {
		w.leaves[i] = w.leaves[i][:0]
	}
}

func (w *parquetWriter) Write(row []record.Value) error {
	for i, s := range w.columns {
		if err := w.add(s, &row[i], 0, 0); err != nil {
			return err
		}
	}
	if w.rows++; w.rows == rowsBuffered || w.bytes >= bytesBuffered {
		return w.drain()
	}
	return nil
}

func (w *parquetWriter) drain() error {
	w.groupRows += w.rows
	w.group += int64(w.bytes) + int64(w.rows)*fixedBytes*int64(len(w.leaves))
	w.rows, w.bytes = 0, 0
	for i, c := range w.file.ColumnWriters() {
		if len(w.leaves[i]) == 0 {
			continue
		}
		if _, err := c.WriteRowValues(w.leaves[i]); err != nil {
			return fmt.Errorf("write Parquet: %w", err)
		}
		w.leaves[i] = w.leaves[i][:0]
		if w.paged[i] < pageMost {
			continue
		}
		w.paged[i] = 0
		if err := c.Flush(); err != nil {
			return fmt.Errorf("write Parquet: %w", err)
		}
	}
	if w.groupRows < rowGroupRows && w.group < w.groupMost {
		return nil
	}
	w.groupRows, w.group = 0, 0
	clear(w.paged)
	if err := w.file.Flush(); err != nil {
		return fmt.Errorf("write Parquet: %w", err)
	}
	return nil
}

func (w *parquetWriter) Close() error {
	if err := w.drain(); err != nil {
		return err
	}
	if err := w.file.Close(); err != nil {
		return fmt.Errorf("write Parquet: %w", err)
	}
	return nil
}

// add writes a value to its leaves, with repetition level rep; def is the
// definition level of what holds it.
func (w *parquetWriter) add(s *shape, v *record.Value, rep, def int) error {
	if !v.Valid {
		w.null(s, rep, def)
		return nil
	}
	def++ // every value may be NULL, so being there is a level
	switch s.kind {
	case formats.Struct:
		for i, f := range s.parts {
			if err := w.add(f, &v.List[i], rep, def); err != nil {
				return err
			}
		}
		return nil
	case formats.Array, formats.Map:
		return w.addList(s, v.List, rep, def)
	}
	return w.leaf(s, v, rep, def)
}

// addList writes an array's elements, or a map's keys and values in turn.
func (w *parquetWriter) addList(s *shape, list []record.Value, rep, def int) error {
	if len(list) == 0 {
		w.null(s, rep, def)
		return nil
	}
	for i := range list {
		part := s.parts[i%len(s.parts)]
		if i == len(s.parts) {
			rep = s.repetition
		}
		var err error
		if part.required {
			err = w.leaf(part, &list[i], rep, def+1)
		} else {
			err = w.add(part, &list[i], rep, def+1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *parquetWriter) leaf(s *shape, v *record.Value, rep, def int) error {
	p, err := s.convert(v)
	if err != nil {
		return err
	}
	w.leaves[s.leaf] = append(w.leaves[s.leaf], p.Level(rep, def, s.leaf))
	w.bytes += len(v.Text)
	w.paged[s.leaf] += len(v.Text)
	return nil
}

func (w *parquetWriter) null(s *shape, rep, def int) {
	if s.parts == nil {
		w.leaves[s.leaf] = append(w.leaves[s.leaf], parquet.Value{}.Level(rep, def, s.leaf))
		return
	}
	for _, p := range s.parts {
		w.null(p, rep, def)
	}
}
