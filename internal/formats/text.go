package formats

import (
	"bytes"
	"encoding/base64"
)

// textDecoder reads lines as LazySimpleSerDe does. What is no value of the
// column's type is NULL, as there.
type textDecoder struct {
	options    TextOptions
	separators []byte
	null       []byte
	columns    []int            // by place in the table: index of the wanted column, or -1
	multi      []byte           // the delimiter of several characters
	timestamps timestampFormats // tried before Hive's own
	scratch    []byte
}

// deeperSeparators follow the three that a table names: Hive's list, which leaves
// out white space and the escape character.
var deeperSeparators = func() []byte {
	out := []byte{4, 5, 6, 7, 8, 11}
	for c := byte(14); c < 32; c++ {
		if c != 27 {
			out = append(out, c)
		}
	}
	for c := 128; c < 256; c++ {
		out = append(out, byte(c))
	}
	return out
}()

// Levels of separators.
const (
	plainLevels    = 8
	extendedLevels = 24
)

// Separators are those between columns and, one a level of nesting, between the
// parts of their values.
func (o TextOptions) Separators() []byte {
	levels := o.Levels
	if levels == 0 {
		levels = plainLevels
	}
	all := append([]byte{o.Delimiter, o.CollectionDelimiter, o.MapKeyDelimiter}, deeperSeparators...)
	return all[:min(levels, len(all))]
}

func newTextDecoder(o TextOptions, columns []Column, tableColumns int) (*textDecoder, error) {
	d := &textDecoder{options: o, null: []byte(o.NullFormat), columns: byIndex(columns, tableColumns)}
	d.separators, d.multi = o.Separators(), []byte(o.MultiDelimiter)
	var err error
	if d.timestamps, err = parseFormats(o.TimestampFormats); err != nil {
		return nil, err
	}
	for _, c := range columns {
		if textDepth(c.Type) > len(d.separators) {
			return nil, unsupported("column %s: type %s is nested deeper than delimited text allows", c.Name, c.Type)
		}
		if c.Type.Kind == Map && !scalarKey(c.Type) {
			return nil, unsupported("column %s: type %s", c.Name, c.Type)
		}
	}
	return d, nil
}

func scalarKey(t Type) bool {
	k := t.Fields[0].Type.Kind
	return k != Array && k != Map && k != Struct
}

func byIndex(columns []Column, tableColumns int) []int {
	at := make([]int, tableColumns)
	for i := range at {
		at[i] = -1
	}
	for i, c := range columns {
		at[c.Index] = i
	}
	return at
}

// textDepth is how many separators a column of the type uses.
func textDepth(t Type) int {
	deepest := 0
	for _, f := range t.Fields {
		deepest = max(deepest, textDepth(f.Type))
	}
	if t.Kind == Map {
		return deepest + 2
	}
	return deepest + 1
}

// Decode implements RowDecoder.
func (d *textDecoder) Decode(line []byte, out []*Vector) error {
	column, rest := 0, line
	for more := true; column < len(d.columns); column++ {
		var value []byte
		if !more { // missing fields are NULL
			if i := d.columns[column]; i >= 0 {
				out[i].appendNull()
			}
			continue
		}
		if d.options.LastTakesRest && column == len(d.columns)-1 {
			value, more = rest, false
		} else {
			value, rest, more = d.column(rest)
		}
		if i := d.columns[column]; i >= 0 {
			if err := d.decode(value, out[i], 1); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *textDecoder) column(b []byte) (value, rest []byte, more bool) {
	if len(d.multi) > 0 {
		return d.splitMulti(b)
	}
	return d.split(b, d.separators[0])
}

// split cuts b at the first separator that is not escaped.
func (d *textDecoder) split(b []byte, separator byte) (value, rest []byte, more bool) {
	if d.options.Escape == 0 {
		i := bytes.IndexByte(b, separator)
		if i < 0 {
			return b, nil, false
		}
		return b[:i], b[i+1:], true
	}
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case separator:
			return b[:i], b[i+1:], true
		case d.options.Escape:
			i++
		}
	}
	return b, nil, false
}

// decode appends a value whose parts are separated by the separator of depth.
func (d *textDecoder) decode(b []byte, v *Vector, depth int) error {
	if bytes.Equal(b, d.null) {
		v.appendNull()
		return nil
	}
	switch v.Type.Kind {
	case Array:
		return d.array(b, v, depth)
	case Map:
		return d.mapping(b, v, depth)
	case Struct:
		return d.structure(b, v, depth)
	case String, Varchar, Char:
		appendString(v, validText(d.unescape(b)))
		return nil
	case Binary:
		decoded, err := base64.StdEncoding.DecodeString(string(b))
		if err != nil {
			return textError(err, b, v.Type)
		}
		v.appendText(decoded)
		return nil
	}
	if !d.plain(b, v) {
		v.appendNull()
	}
	return nil
}

func (d *textDecoder) unescape(b []byte) []byte {
	e := d.options.Escape
	if e == 0 || bytes.IndexByte(b, e) < 0 {
		return b
	}
	d.scratch = d.scratch[:0]
	for i := 0; i < len(b); i++ {
		if b[i] == e && i+1 < len(b) {
			i++
		}
		d.scratch = append(d.scratch, b[i])
	}
	return d.scratch
}

// plain appends a value of a type without parts, and says whether b is one.
func (d *textDecoder) plain(b []byte, v *Vector) bool {
	switch v.Type.Kind {
	case TinyInt, SmallInt, Int, BigInt:
		n, ok := lazyInteger(b)
		if ok = ok && intRange(v.Type.Kind, n); ok {
			v.appendInt(n)
		}
		return ok
	case Float, Double:
		f, err := parseFloat(b, 8*v.Type.Width())
		if err == nil {
			v.appendFloat(f)
		}
		return err == nil
	case Boolean:
		return appendBoolean(v, b) == nil
	case Decimal:
		return appendDecimal(v, trimSpace(b)) == nil
	case Date:
		n, err := parseDate(b)
		if err == nil {
			v.appendInt(n)
		}
		return err == nil
	case Timestamp:
		if len(b) < 8 {
			return false
		}
		n, err := d.timestamps.parse(b)
		if err == nil {
			v.appendInt(n)
		}
		return err == nil
	}
	return false
}

// lazyInteger reads [+-]digits; digits behind a point are dropped.
func lazyInteger(b []byte) (int64, bool) {
	if i := bytes.IndexByte(b, '.'); i >= 0 {
		for _, c := range b[i+1:] {
			if c < '0' || c > '9' {
				return 0, false
			}
		}
		whole := b[:i]
		if len(whole) == 0 { // ".5" is 0
			return 0, true
		}
		b = whole
	}
	n, err := parseInt64(b)
	return n, err == nil
}

func (d *textDecoder) array(b []byte, v *Vector, depth int) error {
	v.beginList()
	defer v.endList()
	for more := len(b) > 0; more; {
		var value []byte
		value, b, more = d.split(b, d.separators[depth])
		if err := d.decode(value, v.Children[0], depth+1); err != nil {
			return err
		}
	}
	return nil
}

// mapping keeps the first of equal keys, and drops entries whose key is no
// value of the key's type.
func (d *textDecoder) mapping(b []byte, v *Vector, depth int) error {
	keys, values := v.Children[0], v.Children[1]
	seen := map[string]bool{}
	v.beginList()
	defer v.endList()
	for more := len(b) > 0; more; {
		var entry []byte
		entry, b, more = d.split(b, d.separators[depth])
		key, value, has := d.split(entry, d.separators[depth+1])
		n := keys.Rows
		if err := d.decode(key, keys, depth+2); err != nil {
			return err
		}
		if keys.IsNull(n) || seen[keys.identity(n)] {
			keys.truncate(n)
			continue
		}
		seen[keys.identity(n)] = true
		if !has {
			values.appendNull()
			continue
		}
		if err := d.decode(value, values, depth+2); err != nil {
			return err
		}
	}
	return nil
}

func (d *textDecoder) structure(b []byte, v *Vector, depth int) error {
	more := true
	for i, child := range v.Children {
		if !more {
			child.appendNull()
			continue
		}
		var value []byte
		if d.options.LastTakesRest && i == len(v.Children)-1 {
			value, more = b, false
		} else {
			value, b, more = d.split(b, d.separators[depth])
		}
		if err := d.decode(value, child, depth+1); err != nil {
			return err
		}
	}
	v.Rows++
	return nil
}
