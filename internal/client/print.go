package client

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	prettytext "github.com/jedib0t/go-pretty/v6/text"
	"github.com/scopsdb/scops/internal/httpapi"
)

// Printer writes the rows of a result for a person or a program.
type Printer interface {
	Begin(columns []httpapi.Column) error
	Row(values []json.RawMessage) error
	End() error
}

// NewPrinter makes the printer of a format: table, csv, json (one array of
// objects) or ndjson (an object a line).
func NewPrinter(format string, w io.Writer) (Printer, error) {
	switch format {
	case "table":
		return &tablePrinter{w: w}, nil
	case "csv":
		return &csvPrinter{w: bufio.NewWriter(w)}, nil
	case "json":
		return &jsonPrinter{w: bufio.NewWriter(w), open: "[\n", between: ",\n", close: "\n]\n"}, nil
	case "ndjson":
		return &jsonPrinter{w: bufio.NewWriter(w), between: "\n", close: "\n"}, nil
	}
	return nil, fmt.Errorf("%q is none of table, csv, json, ndjson", format)
}

// text is a value without the quotes of JSON; nested values stay JSON.
func text(v json.RawMessage) (string, bool) {
	if string(v) == "null" {
		return "", false
	}
	var s string
	if v[0] == '"' && json.Unmarshal(v, &s) == nil {
		return s, true
	}
	return string(v), true
}

type tablePrinter struct {
	w io.Writer
	t table.Writer
}

func (p *tablePrinter) Begin(columns []httpapi.Column) error {
	p.t = table.NewWriter()
	p.t.SetStyle(table.StyleLight)
	p.t.Style().Format.Header = prettytext.FormatDefault // names as they are
	header := make(table.Row, len(columns))
	for i, c := range columns {
		header[i] = c.Name
	}
	if len(header) > 0 {
		p.t.AppendHeader(header)
	}
	return nil
}

func (p *tablePrinter) Row(values []json.RawMessage) error {
	row := make(table.Row, len(values))
	for i, v := range values {
		if s, ok := text(v); ok {
			row[i] = s
		} else {
			row[i] = "NULL"
		}
	}
	p.t.AppendRow(row)
	return nil
}

func (p *tablePrinter) End() error {
	if p.t.Length() == 0 && len(p.t.Render()) == 0 {
		return nil
	}
	_, err := fmt.Fprintln(p.w, p.t.Render())
	return err
}

// csvPrinter writes RFC 4180: NULL is nothing, the empty string "".
type csvPrinter struct{ w *bufio.Writer }

func (p *csvPrinter) Begin(columns []httpapi.Column) error {
	for i, c := range columns {
		p.cell(i, c.Name, true)
	}
	if len(columns) > 0 {
		p.w.WriteByte('\n')
	}
	return nil
}

func (p *csvPrinter) Row(values []json.RawMessage) error {
	for i, v := range values {
		s, ok := text(v)
		p.cell(i, s, ok)
	}
	return p.w.WriteByte('\n')
}

func (p *csvPrinter) cell(i int, s string, notNull bool) {
	if i > 0 {
		p.w.WriteByte(',')
	}
	if notNull && (s == "" || strings.ContainsAny(s, ",\"\r\n") || s[0] == ' ') {
		s = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	p.w.WriteString(s)
}

func (p *csvPrinter) End() error { return p.w.Flush() }

// jsonPrinter writes objects; columns of one name would hide each other, so
// that is an error.
type jsonPrinter struct {
	w                    *bufio.Writer
	open, between, close string
	names                [][]byte
	rows                 int
}

func (p *jsonPrinter) Begin(columns []httpapi.Column) error {
	seen := map[string]bool{}
	for _, c := range columns {
		if seen[c.Name] {
			return fmt.Errorf("two columns are named %q, which a JSON object cannot hold: give one an alias, or use --format csv", c.Name)
		}
		seen[c.Name] = true
		name, err := json.Marshal(c.Name)
		if err != nil {
			return err
		}
		p.names = append(p.names, name)
	}
	_, err := p.w.WriteString(p.open)
	return err
}

func (p *jsonPrinter) Row(values []json.RawMessage) error {
	if p.rows++; p.rows > 1 {
		p.w.WriteString(p.between)
	}
	var b bytes.Buffer
	b.WriteByte('{')
	for i, v := range values {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(p.names[i])
		b.WriteByte(':')
		b.Write(v)
	}
	b.WriteByte('}')
	_, err := p.w.Write(b.Bytes())
	return err
}

func (p *jsonPrinter) End() error {
	if p.rows > 0 || p.open != "" {
		p.w.WriteString(p.close)
	}
	return p.w.Flush()
}
