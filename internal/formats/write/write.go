package write

import (
	"fmt"
	"io"

	"github.com/scopsdb/scops/internal/formats"
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

// Kind is what an object of a format is called and labelled.
type Kind struct {
	Ending      string // of the object's name, with its dot
	ContentType string
	open        func(formats.Format, []record.Column) (Writer, error)
}

var kinds = map[formats.Kind]Kind{
	formats.Parquet: {".parquet", "application/vnd.apache.parquet", newParquet},
	formats.JSON:    {".json.gz", "application/gzip", newJSON},
}

// KindOf returns how objects of a format are written. Formats that are read
// only are refused by name.
func KindOf(f formats.Format) (Kind, error) {
	k, ok := kinds[f.Kind]
	if !ok {
		return Kind{}, fmt.Errorf("records cannot be written as %s: use a Parquet or a JSON table", f.Kind)
	}
	return k, nil
}

// New returns a writer of a table's format and columns, before its first Reset.
func New(f formats.Format, columns []record.Column) (Writer, error) {
	k, err := KindOf(f)
	if err != nil {
		return nil, err
	}
	if len(columns) == 0 {
		return nil, fmt.Errorf("records need at least one column")
	}
	return k.open(f, columns)
}
