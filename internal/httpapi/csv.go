package httpapi

import (
	"bufio"
	"encoding/csv"

	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/types"
)

// csvRows writes RFC 4180 with a header line. NULL is nothing, as in Athena's
// result files, and the empty string is "".
type csvRows struct {
	columns []analyzer.Column
	cell    []byte
}

func (c *csvRows) contentType() string { return "text/csv" }
func (c *csvRows) tellsErrors() bool   { return false }

func (c *csvRows) begin(w *bufio.Writer, columns []analyzer.Column) error {
	c.columns = columns
	if len(columns) == 0 {
		return nil
	}
	names := make([]string, len(columns))
	for i, column := range columns {
		names[i] = column.Name
	}
	header := csv.NewWriter(w)
	if err := header.Write(names); err != nil {
		return err
	}
	header.Flush()
	return header.Error()
}

func (c *csvRows) row(w *bufio.Writer, values []any) error {
	for i, v := range values {
		if i > 0 {
			if err := w.WriteByte(','); err != nil {
				return err
			}
		}
		if v == nil {
			continue
		}
		c.cell = types.AppendText(c.cell[:0], c.columns[i].Type, v)
		if err := writeCell(w, c.cell); err != nil {
			return err
		}
	}
	return w.WriteByte('\n')
}

// writeCell quotes only what must be, and the empty string, which differs from
// NULL.
func writeCell(w *bufio.Writer, text []byte) error {
	if !needsQuotes(text) {
		_, err := w.Write(text)
		return err
	}
	if err := w.WriteByte('"'); err != nil {
		return err
	}
	for _, c := range text {
		if c == '"' {
			if err := w.WriteByte('"'); err != nil {
				return err
			}
		}
		if err := w.WriteByte(c); err != nil {
			return err
		}
	}
	return w.WriteByte('"')
}

func needsQuotes(text []byte) bool {
	if len(text) == 0 || text[0] == ' ' {
		return true
	}
	for _, c := range text {
		if c == ',' || c == '"' || c == '\n' || c == '\r' {
			return true
		}
	}
	return false
}

func (c *csvRows) end(*bufio.Writer, Statistics) error { return nil }
func (c *csvRows) fail(*bufio.Writer, Error) error     { return nil }
