package orc

import (
	"io"

	"github.com/scopsdb/scops/internal/formats"
)

// Reader reads the bound columns of one stripe, from its first row to its last.
// It is not safe for concurrent use.
type Reader struct {
	columns []column
	left    int64
}

// Stripe begins to read a stripe, by its number.
func (f *File) Stripe(r io.ReaderAt, i int, columns []Binding) (*Reader, error) {
	l, err := f.layout(r, i)
	if err != nil {
		return nil, err
	}
	o := opener{file: f, in: r, layout: l, rows: f.stripes[i].rows}
	if o.present(f.Root) != nil { // of the rows themselves, which no writer uses
		return nil, corrupt("Rows that are NULL are not supported")
	}
	out := &Reader{left: o.rows}
	for _, b := range columns {
		c, err := o.open(b)
		if err != nil {
			return nil, err
		}
		out.columns = append(out.columns, c)
	}
	return out, nil
}

// Read implements formats.FileReader.
func (r *Reader) Read(to []*formats.Vector, most int) (int, error) {
	n := int(min(int64(most), r.left))
	if n == 0 {
		return 0, nil
	}
	for i, c := range r.columns {
		if err := c.read(n, nil, to[i]); err != nil {
			return 0, err
		}
	}
	r.left -= int64(n)
	return n, nil
}

// opener makes the columns of one stripe.
type opener struct {
	file   *File
	in     io.ReaderAt
	layout *layout
	rows   int64
}

// stream opens a stream; one that the stripe lacks has no bytes.
func (o *opener) stream(t *Type, k streamKind) *stream {
	p := o.layout.streams[streamKey{t.ID, k}]
	return o.file.stream(o.in, p.at, p.length)
}

func (o *opener) integers(t *Type, k streamKind, signed bool) integers {
	return newIntegers(o.stream(t, k), signed, o.layout.encodings[t.ID].v2())
}

func (o *opener) present(t *Type) *bitRuns {
	if _, ok := o.layout.streams[streamKey{t.ID, presentStream}]; !ok {
		return nil
	}
	return &bitRuns{bytes: byteRuns{in: o.stream(t, presentStream)}}
}

func (o *opener) open(b Binding) (column, error) {
	t := b.File
	if t == nil {
		return missing{}, nil
	}
	p := presence{bits: o.present(t)}
	switch t.Kind {
	case Boolean:
		return o.number(b, p, &bitRuns{bytes: byteRuns{in: o.stream(t, dataStream)}}), nil
	case Byte:
		return o.number(b, p, &byteRuns{in: o.stream(t, dataStream)}), nil
	case Short, Int, Long, Date:
		return o.number(b, p, o.integers(t, dataStream, true)), nil
	case Float:
		return &floats{presence: p, in: o.stream(t, dataStream), size: 4, widen: b.Type.Kind == formats.Double}, nil
	case Double:
		return &floats{presence: p, in: o.stream(t, dataStream), size: 8}, nil
	case Timestamp:
		return newTimestamps(p, o.integers(t, dataStream, true), o.integers(t, secondaryStream, false), o.layout.zone), nil
	case Decimal:
		return &decimals{presence: p, values: o.stream(t, dataStream), scales: o.integers(t, secondaryStream, true)}, nil
	case String, Varchar, Char, Binary:
		return o.text(b, p)
	}
	return o.nested(b, p)
}

func (o *opener) number(b Binding, p presence, data integers) column {
	c := &numbers{presence: p, data: data}
	c.least, c.most = rangeOf(b.Type.Kind)
	return c
}

func (o *opener) text(b Binding, p presence) (column, error) {
	t, checked := b.File, b.Type.Kind != formats.Binary
	e := o.layout.encodings[t.ID]
	if !e.dictionary() {
		return &texts{presence: p, data: o.stream(t, dataStream), lengths: o.integers(t, lengthStream, false), checked: checked}, nil
	}
	if e.size > maxElements {
		return nil, corrupt("A dictionary has %d words", e.size)
	}
	return &dictionary{
		presence: p, data: o.integers(t, dataStream, false), words: o.stream(t, dictionaryStream),
		lengths: o.integers(t, lengthStream, false), size: e.size, checked: checked,
	}, nil
}

func (o *opener) nested(b Binding, p presence) (column, error) {
	parts := make([]column, len(b.Parts))
	for i, part := range b.Parts {
		var err error
		if parts[i], err = o.open(part); err != nil {
			return nil, err
		}
	}
	if b.File.Kind == Struct {
		return &structs{presence: p, parts: parts}, nil
	}
	return &lists{presence: p, lengths: o.integers(b.File, lengthStream, false), parts: parts}, nil
}
