package formats

import (
	"bytes"
	"unicode/utf8"
)

// csvDecoder reads lines as OpenCSVSerde does. Quotes do not span lines. Every
// value is a string first; a value that does not fit its column's type is an
// error, also the empty string in a numeric column.
type csvDecoder struct {
	options OpenCSVOptions
	columns []Column
	fields  [][]byte // by place in the table; nil for a missing field
	buffer  []byte
	ends    []int
}

func newCSVDecoder(o OpenCSVOptions, columns []Column, tableColumns int) (*csvDecoder, error) {
	for _, c := range columns {
		if len(c.Type.Fields) > 0 || c.Type.Kind == Binary {
			return nil, unsupported("column %s: type %s is not supported by %s", c.Name, c.Type, SerDeOpenCSV)
		}
	}
	return &csvDecoder{options: o, columns: columns, fields: make([][]byte, tableColumns), buffer: []byte{}}, nil
}

// Decode implements RowDecoder.
func (d *csvDecoder) Decode(line []byte, out []*Vector) error {
	clear(d.fields)
	if len(line) > 0 { // an empty line is a row of NULLs
		d.split(line)
	}
	for i, c := range d.columns {
		value := d.fields[c.Index]
		if value == nil {
			out[i].appendNull()
			continue
		}
		err := csvValue(validText(value), out[i])
		if err != nil && !d.options.NullInvalid {
			return fieldError(c.Name, err)
		}
		if err != nil {
			out[i].appendNull()
		}
	}
	return nil
}

func csvValue(b []byte, v *Vector) error {
	switch v.Type.Kind {
	case String, Varchar, Char:
		appendString(v, b)
		return nil
	case Boolean:
		return appendBoolean(v, b)
	case TinyInt, SmallInt, Int, BigInt, Date, Timestamp:
		// Dates and timestamps are numbers here: days and milliseconds since 1970.
		n, err := parseInt64(b)
		if err == nil && !intRange(v.Type.Kind, n) || v.Type.Kind == Date && !intRange(Int, n) {
			err = errOutOfRange
		}
		if v.Type.Kind == Timestamp {
			n, err = toMicros(n, 1000, err)
		}
		return appendOr(err, b, v, n)
	case Float, Double:
		f, err := parseFloat(b, 8*v.Type.Width())
		if err != nil {
			return textError(err, b, v.Type)
		}
		v.appendFloat(f)
		return nil
	}
	return textError(appendDecimal(v, b), b, v.Type)
}

func (d *csvDecoder) split(line []byte) {
	o := d.options
	if (o.Quote == 0 || bytes.IndexByte(line, o.Quote) < 0) && (o.Escape == 0 || bytes.IndexByte(line, o.Escape) < 0) {
		d.splitPlain(line)
		return
	}
	d.splitQuoted(line)
}

func (d *csvDecoder) splitPlain(line []byte) {
	for i := range d.fields {
		at := bytes.IndexByte(line, d.options.Separator)
		if at < 0 {
			d.fields[i] = line
			if line == nil {
				d.fields[i] = []byte{}
			}
			return
		}
		d.fields[i] = line[:at:at]
		line = line[at+1:]
	}
}

// splitQuoted follows the state machine of opencsv 2, which the SerDe uses,
// with its ways of quotes in the middle of a value.
func (d *csvDecoder) splitQuoted(line []byte) {
	o := d.options
	d.buffer, d.ends = d.buffer[:0], d.ends[:0]
	start := 0
	inQuotes, inField := false, false
	is := func(i int, role byte) bool { return role != 0 && i < len(line) && line[i] == role }
	for i := 0; i < len(line) && len(d.ends) < len(d.fields); i++ {
		switch c := line[i]; {
		case is(i, o.Escape):
			if (inQuotes || inField) && (is(i+1, o.Quote) || is(i+1, o.Escape)) {
				i++
				d.buffer = append(d.buffer, line[i])
			}
		case is(i, o.Quote):
			if (inQuotes || inField) && is(i+1, o.Quote) {
				i++
				d.buffer = append(d.buffer, line[i])
			} else {
				if d.embedded(line, i) {
					if v := d.buffer[start:]; len(v) > 0 && len(trimSpace(v)) == 0 {
						d.buffer = d.buffer[:start]
					} else {
						d.buffer = append(d.buffer, c)
					}
				}
				inQuotes = !inQuotes
			}
			inField = !inField
		case c == o.Separator && !inQuotes:
			d.ends = append(d.ends, len(d.buffer))
			start = len(d.buffer)
			inField = false
		default:
			d.buffer = append(d.buffer, c)
			inField = true
		}
	}
	if len(d.ends) < len(d.fields) && !inQuotes { // a value whose quotes do not end is NULL
		d.ends = append(d.ends, len(d.buffer))
	}
	start = 0
	for i, end := range d.ends {
		d.fields[i] = d.buffer[start:end:end]
		start = end
	}
}

// embedded says whether the quote at i stands within a value: not among the
// first three characters of the line, nor next to a separator.
func (d *csvDecoder) embedded(line []byte, i int) bool {
	if i <= 2 || i < 12 && utf16Length(line[:i]) <= 2 {
		return false
	}
	return line[i-1] != d.options.Separator && i+1 < len(line) && line[i+1] != d.options.Separator
}

func utf16Length(b []byte) int {
	n := 0
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if r > 0xFFFF {
			n++
		}
		n++
		b = b[size:]
	}
	return n
}
