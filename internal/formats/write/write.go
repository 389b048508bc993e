package write

import (
	"fmt"
	"io"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/avro"
	"github.com/scopsdb/scops/internal/formats/orc"
	"github.com/scopsdb/scops/internal/formats/record"
)

// Writer writes one object after the other, all of the same columns. It is not
// safe for concurrent use.
type Writer interface {
	// Reset begins an object.
	Reset(w io.Writer)
	// Write adds a row: one value a column. The row may be reused afterwards,
	// but the memory of its texts must not change before Close.
	Write(row []record.Value) error
	// Close ends the object.
	Close() error
}

// Options of a writer.
type Options struct {
	// RowGroupBytes is about how many bytes of values go into a row group of a
	// Parquet file or a stripe of an ORC file, and stay in memory until it is
	// full; 0 is 32 MiB.
	RowGroupBytes int64
}

// Kind is what an object of a format is called and labelled.
type Kind struct {
	Ending      string // of the object's name, with its dot
	ContentType string
}

// KindOf returns what objects of a format are called. Formats that are read
// only are refused by name.
func KindOf(f formats.Format) (Kind, error) {
	var k Kind
	known := false
	switch f.Kind {
	case formats.Parquet:
		_, known = parquetCodecs[compressionOf(f)]
		k = Kind{".parquet", "application/vnd.apache.parquet"}
	case formats.ORC:
		known = orc.Codecs[compressionOf(f)]
		k = Kind{".orc", "application/vnd.apache.orc"}
	case formats.Avro:
		known = avro.Codecs[compressionOf(f)] != ""
		k = Kind{".avro", "application/vnd.apache.avro"}
	case formats.JSON:
		k, known = lineKind(f, ".json", "application/x-ndjson")
	case formats.Text:
		k, known = lineKind(f, ".txt", "text/plain")
	case formats.OpenCSV:
		k, known = lineKind(f, ".csv", "text/csv")
	default:
		return k, fmt.Errorf("records cannot be written as %s: use a Parquet, ORC, Avro or JSON table", f.Kind)
	}
	if !known {
		return k, notWritten(f)
	}
	return k, nil
}

// New returns a writer of a table's format and columns, before its first Reset.
func New(f formats.Format, columns []record.Column) (Writer, error) {
	return NewWith(f, columns, Options{})
}

// NewWith is New with options.
func NewWith(f formats.Format, columns []record.Column, o Options) (Writer, error) {
	if _, err := KindOf(f); err != nil {
		return nil, err
	}
	if len(columns) == 0 {
		return nil, fmt.Errorf("records need at least one column")
	}
	switch f.Kind {
	case formats.JSON:
		return newJSON(f, columns, o)
	case formats.Text:
		return newText(f, columns)
	case formats.OpenCSV:
		return newCSV(f, columns)
	case formats.ORC:
		return newORC(f, columns, o)
	case formats.Avro:
		return newAvro(f, columns)
	}
	return newParquet(f, columns, o)
}
