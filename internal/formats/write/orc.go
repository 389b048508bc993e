package write

import (
	"io"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/orc"
	"github.com/scopsdb/scops/internal/formats/record"
)

// orcWriter collects the rows of a stripe.
type orcWriter struct {
	columns []formats.Column
	codec   string
	most    int // bytes of a stripe
	file    *orc.Writer
	vectors []*formats.Vector
	rows    int
	err     error // of beginning the file
}

func newORC(f formats.Format, columns []record.Column, o Options) (Writer, error) {
	w := &orcWriter{codec: compressionOf(f), most: int(o.RowGroupBytes)}
	if w.most <= 0 {
		w.most = rowGroupBytes
	}
	for i, c := range columns {
		w.columns = append(w.columns, formats.Column{Name: c.Name, Type: c.Type, Index: i})
		w.vectors = append(w.vectors, formats.NewVector(c.Type))
	}
	return w, nil
}

func (w *orcWriter) Reset(out io.Writer) {
	w.empty()
	w.file, w.err = orc.NewWriter(out, w.columns, w.codec)
}

func (w *orcWriter) empty() {
	w.rows = 0
	for _, v := range w.vectors {
		v.Reset()
	}
}

func (w *orcWriter) Write(row []record.Value) error {
	if w.err != nil {
		return w.err
	}
	for i, v := range w.vectors {
		if err := record.Append(v, &row[i]); err != nil {
			return err
		}
	}
	if w.rows++; w.rows%rowsBuffered != 0 {
		return nil
	}
	held := 0
	for _, v := range w.vectors {
		held += v.Held()
	}
	if held < w.most && w.rows < rowGroupRows*4 {
		return nil
	}
	return w.flush()
}

func (w *orcWriter) flush() error {
	if w.rows == 0 {
		return nil
	}
	err := w.file.WriteStripe(w.vectors, w.rows)
	w.empty()
	return err
}

func (w *orcWriter) Close() error {
	if w.err != nil {
		return w.err
	}
	if err := w.flush(); err != nil {
		return err
	}
	return w.file.Close()
}
