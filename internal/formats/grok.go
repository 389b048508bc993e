package formats

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/scopsdb/scops/internal/formats/grok"
	"github.com/scopsdb/scops/internal/javaregex"
)

// SerDeGrok reads with a Grok pattern.
const SerDeGrok = "com.amazonaws.glue.serde.GrokSerDe"

// GrokOptions are those of the Grok SerDe.
type GrokOptions struct {
	Format string // input.format
	Custom string // input.grokCustomPatterns: one definition a line
}

var grokParams = []string{"input.format", "input.grokCustomPatterns"}

func grokOptions(p map[string]string) (GrokOptions, error) {
	o := GrokOptions{Format: p["input.format"], Custom: p["input.grokCustomPatterns"]}
	if strings.TrimSpace(o.Format) == "" {
		return o, unsupported("SerDe property input.format is missing")
	}
	_, err := o.compile()
	return o, err
}

func (o GrokOptions) compile() (*grok.Pattern, error) {
	p, err := grok.Compile(o.Format, o.Custom)
	if err != nil {
		return nil, unsupported("SerDe property input.format: %v", err)
	}
	return p, nil
}

// grokDecoder reads lines as the Grok SerDe does: the keys of the pattern that
// have a text in the line are the columns in order, whatever their names are. A
// line in which the pattern is not found is a row of NULLs, and what is no value
// of the column's type is NULL.
// https://docs.aws.amazon.com/athena/latest/ug/grok-serde.html
type grokDecoder struct {
	columns []Column
	pattern *grok.Pattern
	matcher *javaregex.Matcher
	texts   [][]byte // by place of the key; nil for none
	values  [][]byte // those that are there
}

func newGrokDecoder(o GrokOptions, columns []Column) (*grokDecoder, error) {
	p, err := o.compile()
	if err != nil {
		return nil, err
	}
	for _, c := range columns {
		switch c.Type.Kind {
		case Boolean, TinyInt, SmallInt, Int, BigInt, Float, Double, String, Varchar, Char:
			continue
		}
		return nil, unsupported("column %s: type %s is not supported by the Grok SerDe", c.Name, c.Type)
	}
	return &grokDecoder{columns: columns, pattern: p, matcher: p.Regexp.NewMatcher(), texts: make([][]byte, len(p.Keys))}, nil
}

// Decode implements RowDecoder.
func (d *grokDecoder) Decode(line []byte, out []*Vector) error {
	line = validText(line)
	found := false
	if len(bytes.TrimSpace(line)) > 0 {
		var err error
		if found, err = d.matcher.Find(line); err != nil {
			return err
		}
	}
	if !found {
		for _, v := range out {
			v.appendNull()
		}
		return nil
	}
	if err := d.collect(line); err != nil {
		return err
	}
	for i, c := range d.columns {
		if c.Index >= len(d.values) {
			return fmt.Errorf("the Grok pattern gives %d values, none for column %s", len(d.values), c.Name)
		}
		if err := plainValue(d.values[c.Index], out[i]); err != nil {
			return fieldError(c.Name, err)
		}
	}
	return nil
}

// collect finds the values of a line in the order of the keys.
func (d *grokDecoder) collect(line []byte) error {
	clear(d.texts)
	for _, c := range d.pattern.Captures {
		from, to := d.matcher.Group(c.Group)
		if from < 0 {
			continue
		}
		text, err := grokValue(line[from:to:to], c.Type)
		if err != nil {
			return fmt.Errorf("Grok key %s: %w", d.pattern.Keys[c.Place], err)
		}
		d.texts[c.Place] = text
	}
	d.values = d.values[:0]
	for _, text := range d.texts {
		if text != nil {
			d.values = append(d.values, text)
		}
	}
	return nil
}

// grokKinds are the Java types that a key may name.
var grokKinds = map[string]TypeKind{"byte": TinyInt, "short": SmallInt, "int": Int, "long": BigInt}

// grokValue takes the quotes around a text away, or rewrites it as its type does.
func grokValue(text []byte, typ string) ([]byte, error) {
	switch typ {
	case "", "string":
		return unquoted(text), nil
	case "boolean":
		v := NewVector(Type{Kind: Boolean})
		return bytes.ToLower(text), appendBoolean(v, text)
	case "float", "double":
		size := 64
		if typ == "float" {
			size = 32
		}
		f, err := parseFloat(text, size)
		return AppendFloat([]byte{}, f, size), textError(err, text, Type{Kind: Double})
	}
	kind := grokKinds[typ]
	n, err := parseInt64(text)
	if err == nil && !intRange(kind, n) {
		err = errOutOfRange
	}
	return strconv.AppendInt([]byte{}, n, 10), textError(err, text, Type{Kind: kind})
}

func unquoted(b []byte) []byte {
	n := len(b)
	if n == 0 || b[0] != '"' && b[0] != '\'' || b[n-1] != b[0] {
		return b
	}
	if n == 1 {
		return b[:0]
	}
	return b[1 : n-1]
}
