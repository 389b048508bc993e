package write

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/record"
)

// textWriter writes lines as LazySimpleSerDe does. A value that the SerDe would
// not read back is an error: without an escape character a text cannot hold a
// delimiter, and it never holds the end of a line.
type textWriter struct {
	columns    []record.Column
	options    formats.TextOptions
	separators []byte
	null       []byte
	header     bool
	out        Compressor
	line       []byte
	first      bool
}

func newText(f formats.Format, columns []record.Column) (Writer, error) {
	w := &textWriter{columns: columns, options: f.Text, separators: f.Text.Separators(), null: []byte(f.Text.NullFormat)}
	read := make([]formats.Column, len(columns))
	for i, c := range columns {
		read[i] = formats.Column{Name: c.Name, Type: c.Type, Index: i}
	}
	if _, err := f.NewRowDecoder(read, len(read)); err != nil { // what cannot be read is not written
		return nil, err
	}
	if err := f.CheckWritable(); err != nil {
		return nil, err
	}
	w.header = f.SkipHeader == 1
	var err error
	w.out, err = NewCompressor(f)
	return w, err
}

// Reset implements Writer.
func (w *textWriter) Reset(out io.Writer) {
	w.out.Reset(out)
	w.first = true
}

// Write implements Writer.
func (w *textWriter) Write(row []record.Value) error {
	b := w.line[:0]
	if w.first && w.header {
		for i, c := range w.columns {
			if i > 0 {
				b = append(b, w.separators[0])
			}
			b = append(b, c.Name...)
		}
		b = append(b, '\n')
	}
	begin := len(b)
	for i := range w.columns {
		if i > 0 {
			b = append(b, w.separators[0])
		}
		var err error
		if b, err = w.append(b, &w.columns[i].Type, &row[i], 1); err != nil {
			return fmt.Errorf("column %s: %w", w.columns[i].Name, err)
		}
	}
	if w.first && begin == 0 && bytes.HasPrefix(b, []byte("\xEF\xBB\xBF")) {
		return fmt.Errorf("column %s: %w", w.columns[0].Name, errMark)
	}
	w.first = false
	w.line = append(b, '\n')
	if _, err := w.out.Write(w.line); err != nil {
		return fmt.Errorf("write text: %w", err)
	}
	return nil
}

// Close implements Writer.
func (w *textWriter) Close() error {
	if err := w.out.Close(); err != nil {
		return fmt.Errorf("write text: %w", err)
	}
	return nil
}

// What delimited text cannot hold.
var (
	errMark      = errors.New("a file cannot begin with U+FEFF: it would be read as a byte order mark")
	errLineEnd   = errors.New("the text has an end of line, which delimited text cannot hold: write JSON, Parquet, ORC or Avro")
	errDelimiter = errors.New("the text has a delimiter, which delimited text without an escape character cannot hold: choose another field_delimiter, or write JSON, Parquet, ORC or Avro")
	errNull      = errors.New("the value reads as the text of NULL")
	errOneEmpty  = errors.New("an array of one empty value reads as an empty array")
)

// append writes a value whose parts are separated by the separator of depth.
func (w *textWriter) append(b []byte, t *formats.Type, v *record.Value, depth int) ([]byte, error) {
	if !v.Valid {
		return append(b, w.null...), nil
	}
	begin := len(b)
	var err error
	switch t.Kind {
	case formats.Array:
		b, err = w.appendArray(b, &t.Fields[0].Type, v.List, depth)
	case formats.Map:
		b, err = w.appendMap(b, t, v.List, depth)
	case formats.Struct:
		for i := range v.List {
			if i > 0 {
				b = append(b, w.separators[depth])
			}
			if b, err = w.append(b, &t.Fields[i].Type, &v.List[i], depth+1); err != nil {
				return b, err
			}
		}
	case formats.String, formats.Varchar, formats.Char:
		b, err = w.appendString(b, t, v.Text, depth)
	default:
		b = appendTextScalar(b, t, v)
	}
	if err == nil && string(b[begin:]) == string(w.null) {
		err = errNull
	}
	return b, err
}

func (w *textWriter) appendArray(b []byte, t *formats.Type, list []record.Value, depth int) ([]byte, error) {
	begin := len(b)
	for i := range list {
		if i > 0 {
			b = append(b, w.separators[depth])
		}
		var err error
		if b, err = w.append(b, t, &list[i], depth+1); err != nil {
			return b, err
		}
	}
	if len(list) == 1 && len(b) == begin {
		return b, errOneEmpty
	}
	return b, nil
}

func (w *textWriter) appendMap(b []byte, t *formats.Type, list []record.Value, depth int) ([]byte, error) {
	for i := 0; i < len(list); i += 2 {
		if i > 0 {
			b = append(b, w.separators[depth])
		}
		var err error
		if b, err = w.append(b, &t.Fields[0].Type, &list[i], depth+2); err != nil {
			return b, err
		}
		b = append(b, w.separators[depth+1])
		if b, err = w.append(b, &t.Fields[1].Type, &list[i+1], depth+2); err != nil {
			return b, err
		}
	}
	return b, nil
}

func (w *textWriter) appendString(b []byte, t *formats.Type, s string, depth int) ([]byte, error) {
	for i := range len(s) {
		c := s[i]
		switch {
		case c == '\n' || c == '\r':
			return b, errLineEnd
		case w.options.Escape != 0:
			if c == w.options.Escape || bytes.IndexByte(w.separators, c) >= 0 {
				b = append(b, w.options.Escape)
			}
		case bytes.IndexByte(w.separators[:depth], c) >= 0:
			return b, errDelimiter
		}
		b = append(b, c)
	}
	if t.Kind == formats.Char { // padded, as Hive has it
		for n := utf8.RuneCountInString(s); n < t.Precision; n++ {
			b = append(b, ' ')
		}
	}
	return b, nil
}

func appendTextScalar(b []byte, t *formats.Type, v *record.Value) []byte {
	switch t.Kind {
	case formats.Boolean:
		return strconv.AppendBool(b, v.Int != 0)
	case formats.TinyInt, formats.SmallInt, formats.Int, formats.BigInt:
		return strconv.AppendInt(b, v.Int, 10)
	case formats.Float:
		return formats.AppendFloat(b, v.Float, 32)
	case formats.Double:
		return formats.AppendFloat(b, v.Float, 64)
	case formats.Binary:
		return base64.StdEncoding.AppendEncode(b, v.Bytes())
	case formats.Date:
		return appendDay(b, time.Unix(v.Int*86400, 0).UTC())
	case formats.Timestamp:
		at := time.UnixMilli(v.Int).UTC()
		return at.AppendFormat(appendDay(b, at), " 15:04:05.999")
	}
	return append(b, v.Text...) // decimal
}

// appendDay writes years as Hive does, without zeros in front.
func appendDay(b []byte, at time.Time) []byte {
	return at.AppendFormat(strconv.AppendInt(b, int64(at.Year()), 10), "-01-02")
}
