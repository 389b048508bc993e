package httpapi

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"math"
	"strconv"

	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/types"
)

// ndjson writes lines that say what they are, so that a cut answer never passes
// for a whole one: {"columns": […]}, then {"row": […]} each, then {"statistics":
// {…}} or {"error": {…}}.
//
// Integers, real, double, boolean, arrays, maps and rows are JSON values of
// their kind; NaN and Infinity are strings; varbinary is base64; all else is
// text as Athena prints it.
type ndjson struct {
	columns []analyzer.Column
	line    []byte
}

func (n *ndjson) contentType() string { return "application/x-ndjson" }
func (n *ndjson) tellsErrors() bool   { return true }

// Column is a result column in the first line.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"` // Trino's type text
}

func (n *ndjson) begin(w *bufio.Writer, columns []analyzer.Column) error {
	n.columns = columns
	out := make([]Column, len(columns))
	for i, c := range columns {
		out[i] = Column{Name: c.Name, Type: c.Type.String()}
	}
	return writeLine(w, map[string]any{"columns": out})
}

func (n *ndjson) end(w *bufio.Writer, s Statistics) error {
	return writeLine(w, map[string]any{"statistics": s})
}

func (n *ndjson) fail(w *bufio.Writer, e Error) error {
	return writeLine(w, map[string]any{"error": e})
}

func writeLine(w *bufio.Writer, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

func (n *ndjson) row(w *bufio.Writer, values []any) error {
	n.line = append(n.line[:0], `{"row":[`...)
	for i, v := range values {
		if i > 0 {
			n.line = append(n.line, ',')
		}
		n.line = appendJSON(n.line, n.columns[i].Type, v)
	}
	n.line = append(n.line, "]}\n"...)
	_, err := w.Write(n.line)
	return err
}

func appendJSON(dst []byte, t types.Type, v any) []byte {
	if v == nil {
		return append(dst, "null"...)
	}
	switch t.Kind {
	case types.Boolean:
		return strconv.AppendBool(dst, v.(bool))
	case types.TinyInt, types.SmallInt, types.Integer, types.BigInt:
		return strconv.AppendInt(dst, v.(int64), 10)
	case types.Real:
		return appendFloat(dst, t, v, float64(v.(float32)), 32)
	case types.Double:
		return appendFloat(dst, t, v, v.(float64), 64)
	case types.Varbinary:
		return appendJSONString(dst, base64.StdEncoding.EncodeToString(v.([]byte)))
	case types.Array:
		return appendJSONArray(dst, v.([]any), func(int) types.Type { return t.Elem() })
	case types.Row:
		return appendJSONRow(dst, t, v.([]any))
	case types.Map:
		return appendJSONMap(dst, t, v.(types.MapValue))
	}
	text, _ := types.Text(t, v)
	return appendJSONString(dst, text)
}

func appendFloat(dst []byte, t types.Type, v any, f float64, bits int) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		text, _ := types.Text(t, v)
		return appendJSONString(dst, text)
	}
	return strconv.AppendFloat(dst, f, 'g', -1, bits)
}

func appendJSONArray(dst []byte, values []any, typeOf func(int) types.Type) []byte {
	dst = append(dst, '[')
	for i, v := range values {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendJSON(dst, typeOf(i), v)
	}
	return append(dst, ']')
}

// appendJSONRow writes an object where every field has a name of its own, else
// an array.
func appendJSONRow(dst []byte, t types.Type, values []any) []byte {
	names := map[string]bool{}
	for _, f := range t.Fields {
		names[f.Name] = true
	}
	if names[""] || len(names) < len(t.Fields) {
		return appendJSONArray(dst, values, func(i int) types.Type { return t.Fields[i].Type })
	}
	dst = append(dst, '{')
	for i, v := range values {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendJSONString(dst, t.Fields[i].Name), ':')
		dst = appendJSON(dst, t.Fields[i].Type, v)
	}
	return append(dst, '}')
}

func appendJSONMap(dst []byte, t types.Type, entries types.MapValue) []byte {
	dst = append(dst, '{')
	for i, e := range entries {
		if i > 0 {
			dst = append(dst, ',')
		}
		key, _ := types.Text(t.Key(), e.Key)
		dst = append(appendJSONString(dst, key), ':')
		dst = appendJSON(dst, t.Value(), e.Value)
	}
	return append(dst, '}')
}

func appendJSONString(dst []byte, s string) []byte {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always marshals
	}
	return append(dst, text...)
}
