package write

import (
	"encoding/base64"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/record"
)

// gzipLevel packs to within 5 % of gzip's default at the same speed or better.
const gzipLevel = 5

// jsonWriter writes a JSON object a line, compressed as a whole. NULL columns are left out.
type jsonWriter struct {
	columns []record.Column
	keys    map[string]string // column or field to the key that the SerDe maps it to
	names   []string          // `"name":` of each column
	out     Compressor
	line    []byte
}

func newJSON(f formats.Format, columns []record.Column, _ Options) (Writer, error) {
	if err := f.CheckWritable(); err != nil {
		return nil, err
	}
	if f.JSON.DotsInKeys {
		return nil, fmt.Errorf("records cannot be written for a SerDe with dots.in.keys")
	}
	for _, c := range columns {
		if f.JSON.Hive && hasBinary(c.Type) {
			return nil, fmt.Errorf("column %s: the Hive JSON SerDe reads binary as text: use the openx SerDe or Parquet", c.Name)
		}
	}
	out, err := NewCompressor(f)
	if err != nil {
		return nil, err
	}
	w := &jsonWriter{columns: columns, keys: f.JSON.Mapping, out: out}
	for _, c := range columns {
		w.names = append(w.names, string(append(appendString(nil, w.key(c.Name)), ':')))
	}
	return w, nil
}

func hasBinary(t formats.Type) bool {
	return t.Kind == formats.Binary || slices.ContainsFunc(t.Fields, func(f formats.Field) bool { return hasBinary(f.Type) })
}

func (w *jsonWriter) key(name string) string {
	if k, ok := w.keys[name]; ok {
		return k
	}
	return name
}

func (w *jsonWriter) Reset(out io.Writer) { w.out.Reset(out) }

func (w *jsonWriter) Write(row []record.Value) error {
	b := append(w.line[:0], '{')
	for i := range w.columns {
		if !row[i].Valid {
			continue
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(b, w.names[i]...)
		b = w.append(b, &w.columns[i].Type, &row[i])
	}
	w.line = append(b, '}', '\n')
	if _, err := w.out.Write(w.line); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}

func (w *jsonWriter) Close() error {
	if err := w.out.Close(); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}

func (w *jsonWriter) append(b []byte, t *formats.Type, v *record.Value) []byte {
	if !v.Valid {
		return append(b, "null"...)
	}
	switch t.Kind {
	case formats.Array:
		b = append(b, '[')
		for i := range v.List {
			if i > 0 {
				b = append(b, ',')
			}
			b = w.append(b, &t.Fields[0].Type, &v.List[i])
		}
		return append(b, ']')
	case formats.Map:
		return w.appendMap(b, t, v.List)
	case formats.Struct:
		return w.appendStruct(b, t, v.List)
	}
	return appendScalar(b, t, v)
}

func (w *jsonWriter) appendMap(b []byte, t *formats.Type, list []record.Value) []byte {
	b = append(b, '{')
	key := &t.Fields[0].Type
	for i := 0; i < len(list); i += 2 {
		if i > 0 {
			b = append(b, ',')
		}
		k := appendScalar(nil, key, &list[i])
		if k[0] != '"' {
			k = append(append([]byte{'"'}, k...), '"')
		}
		b = append(append(b, k...), ':')
		b = w.append(b, &t.Fields[1].Type, &list[i+1])
	}
	return append(b, '}')
}

func (w *jsonWriter) appendStruct(b []byte, t *formats.Type, list []record.Value) []byte {
	b = append(b, '{')
	for i := range t.Fields {
		if !list[i].Valid {
			continue
		}
		if b[len(b)-1] != '{' {
			b = append(b, ',')
		}
		b = append(appendString(b, w.key(t.Fields[i].Name)), ':')
		b = w.append(b, &t.Fields[i].Type, &list[i])
	}
	return append(b, '}')
}

func appendScalar(b []byte, t *formats.Type, v *record.Value) []byte {
	switch t.Kind {
	case formats.Boolean:
		return strconv.AppendBool(b, v.Int != 0)
	case formats.TinyInt, formats.SmallInt, formats.Int, formats.BigInt:
		return strconv.AppendInt(b, v.Int, 10)
	case formats.Float:
		return strconv.AppendFloat(b, v.Float, 'g', -1, 32)
	case formats.Double:
		return strconv.AppendFloat(b, v.Float, 'g', -1, 64)
	case formats.Decimal:
		return append(b, v.Text...)
	case formats.Binary:
		b = append(b, '"')
		b = base64.StdEncoding.AppendEncode(b, v.Bytes())
		return append(b, '"')
	case formats.Date:
		return time.Unix(v.Int*86400, 0).UTC().AppendFormat(b, `"2006-01-02"`)
	case formats.Timestamp:
		return time.UnixMilli(v.Int).UTC().AppendFormat(b, `"2006-01-02 15:04:05.000"`)
	}
	return appendString(b, v.Text)
}

const hex = "0123456789abcdef"

// appendString quotes text, which is valid UTF-8.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := range len(s) {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		case '\t':
			b = append(b, '\\', 't')
		case '\r':
			b = append(b, '\\', 'r')
		default:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(append(b, s[from:]...), '"')
}
