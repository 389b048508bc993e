package write

import (
	"io"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/avro"
	"github.com/scopsdb/scops/internal/formats/record"
)

// avroWriter gives the records to package avro.
type avroWriter struct{ *avro.Writer }

func newAvro(f formats.Format, columns []record.Column) (Writer, error) {
	w, err := avro.NewWriter(columns, compressionOf(f))
	if err != nil {
		return nil, err
	}
	return avroWriter{w}, nil
}

func (w avroWriter) Reset(out io.Writer) { w.Writer.Reset(out) }
