package orc

import (
	"math"

	"github.com/scopsdb/scops/internal/formats"
)

// column reads the values of a column of one stripe.
type column interface {
	// read appends n rows to a vector. in says which of them the column that
	// holds this one has; nil: all. The others are NULL.
	read(n int, in []bool, to *formats.Vector) error
}

// presence reads which rows of a column have a value.
type presence struct {
	bits  *bitRuns // nil: all rows
	valid []bool
}

// rows returns which of n rows have a value, nil for all, and how many do.
func (p *presence) rows(n int, in []bool) ([]bool, int, error) {
	if p.bits == nil {
		if in == nil {
			return nil, n, nil
		}
		return in, count(in), nil
	}
	if cap(p.valid) < n {
		p.valid = make([]bool, n)
	}
	valid, have := p.valid[:n], 0
	for i := range valid {
		valid[i] = false
		if in != nil && !in[i] {
			continue
		}
		v, err := p.bits.next()
		if err != nil {
			return nil, 0, err
		}
		if valid[i] = v; v {
			have++
		}
	}
	if have == n {
		return nil, n, nil
	}
	return valid, have, nil
}

func count(valid []bool) int {
	n := 0
	for _, v := range valid {
		if v {
			n++
		}
	}
	return n
}

// buffer gives room for n numbers.
type buffer []int64

func (b *buffer) of(n int) []int64 {
	if cap(*b) < n {
		*b = make([]int64, n)
	}
	return (*b)[:n]
}

// missing is a column that the file does not have.
type missing struct{}

func (missing) read(n int, _ []bool, to *formats.Vector) error {
	to.AppendNulls(n)
	return nil
}

// numbers is a column of integers, booleans or dates.
type numbers struct {
	presence
	data        integers
	buffer      buffer
	least, most int64 // of the declared type
}

func (c *numbers) read(n int, in []bool, to *formats.Vector) error {
	valid, have, err := c.rows(n, in)
	if err != nil {
		return err
	}
	values := c.buffer.of(have)
	if err := c.data.read(values); err != nil {
		return err
	}
	if c.most != math.MaxInt64 {
		for _, v := range values {
			if v < c.least || v > c.most {
				return corrupt("Decoded value %d is out of range for %s", v, to.Type)
			}
		}
	}
	to.AppendBits(values, valid)
	return nil
}

// floats is a column of FLOAT or DOUBLE.
type floats struct {
	presence
	in     *stream
	size   int // bytes
	widen  bool
	raw    []byte
	buffer buffer
}

func (c *floats) read(n int, in []bool, to *formats.Vector) error {
	valid, have, err := c.rows(n, in)
	if err != nil {
		return err
	}
	if c.raw, err = c.in.read(c.raw[:0], have*c.size); err != nil {
		return err
	}
	values := c.buffer.of(have)
	for i := range values {
		var bits uint64
		for j, b := range c.raw[i*c.size : (i+1)*c.size] {
			bits |= uint64(b) << (8 * j)
		}
		if c.widen {
			bits = math.Float64bits(float64(math.Float32frombits(uint32(bits))))
		}
		values[i] = int64(bits)
	}
	to.AppendBits(values, valid)
	return nil
}

// structs is a column of structs; its parts are in the order of the table's.
type structs struct {
	presence
	parts []column
}

func (c *structs) read(n int, in []bool, to *formats.Vector) error {
	valid, _, err := c.rows(n, in)
	if err != nil {
		return err
	}
	for i, p := range c.parts {
		if err := p.read(n, valid, to.Children[i]); err != nil {
			return err
		}
	}
	to.AppendStructs(n, valid)
	return nil
}

// maxElements bounds the elements of the lists of a batch, which a few broken
// bytes could ask for by the billion.
const maxElements = 64 << 20

// lists is a column of lists or maps.
type lists struct {
	presence
	lengths integers
	buffer  buffer
	parts   []column
}

func (c *lists) read(n int, in []bool, to *formats.Vector) error {
	valid, have, err := c.rows(n, in)
	if err != nil {
		return err
	}
	lengths := c.buffer.of(have)
	if err := c.lengths.read(lengths); err != nil {
		return err
	}
	total := int64(0)
	for _, l := range lengths {
		if total += l; l < 0 || total > maxElements || l > maxElements {
			return corrupt("A list has %d elements", l)
		}
	}
	first := to.Children[0].Rows
	for i, p := range c.parts {
		for left := int(total); left > 0; left -= formats.BatchRows {
			if err := p.read(min(left, formats.BatchRows), nil, to.Children[i]); err != nil {
				return err
			}
		}
	}
	if to.Type.Kind == formats.Map && total > 0 && hasNulls(to.Children[0], first) {
		return corrupt("A map has a key that is NULL")
	}
	to.AppendListEnds(lengths, valid, first)
	return nil
}

func hasNulls(v *formats.Vector, from int) bool {
	for i := from; i < v.Rows; i++ {
		if v.IsNull(i) {
			return true
		}
	}
	return false
}
