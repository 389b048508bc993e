package write

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/record"
)

// csvWriter writes lines as OpenCSVSerde does: texts in quotes, NULL as nothing,
// which reads as the empty text.
type csvWriter struct {
	columns []record.Column
	options formats.OpenCSVOptions
	escape  byte
	header  bool
	out     Compressor
	line    []byte
}

func newCSV(f formats.Format, columns []record.Column) (Writer, error) {
	for _, c := range columns {
		if c.Type.Kind != formats.String {
			return nil, fmt.Errorf("column %s: the OpenCSV SerDe writes columns of type string alone, not %s", c.Name, c.Type)
		}
	}
	if f.OpenCSV.Quote == 0 {
		return nil, errors.New("CSV is not written without a quote character")
	}
	if err := f.CheckWritable(); err != nil {
		return nil, err
	}
	out, err := NewCompressor(f)
	if err != nil {
		return nil, err
	}
	w := &csvWriter{columns: columns, options: f.OpenCSV, escape: f.OpenCSV.WriteEscape, header: f.SkipHeader == 1, out: out}
	return w, nil
}

// errEscape is of tables that name no escape character: the SerDe then writes
// quotes twice, but drops backslashes where it reads.
var errEscape = errors.New("the text has a backslash, which the OpenCSV SerDe would not read back: name an escapeChar")

// Reset implements Writer.
func (w *csvWriter) Reset(out io.Writer) {
	w.out.Reset(out)
	w.line = w.line[:0]
	if !w.header {
		return
	}
	for i, c := range w.columns {
		w.line = w.appendText(w.line, i, c.Name)
	}
	w.line = append(w.line, '\n')
}

// Write implements Writer.
func (w *csvWriter) Write(row []record.Value) error {
	b := w.line
	for i := range w.columns {
		switch {
		case !row[i].Valid:
			if i > 0 {
				b = append(b, w.options.Separator)
			}
		case strings.ContainsAny(row[i].Text, "\r\n"):
			return fmt.Errorf("column %s: %w", w.columns[i].Name, errLineEnd)
		case w.escape != w.options.Escape && w.options.Escape != 0 && strings.IndexByte(row[i].Text, w.options.Escape) >= 0:
			return fmt.Errorf("column %s: %w", w.columns[i].Name, errEscape)
		default:
			b = w.appendText(b, i, row[i].Text)
		}
	}
	b = append(b, '\n')
	_, err := w.out.Write(b)
	w.line = b[:0]
	if err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

func (w *csvWriter) appendText(b []byte, column int, text string) []byte {
	if column > 0 {
		b = append(b, w.options.Separator)
	}
	b = append(b, w.options.Quote)
	for i := range len(text) {
		if c := text[i]; c == w.escape || c == w.options.Quote {
			b = append(b, w.escape)
		}
		b = append(b, text[i])
	}
	return append(b, w.options.Quote)
}

// Close implements Writer.
func (w *csvWriter) Close() error {
	if err := w.out.Close(); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}
