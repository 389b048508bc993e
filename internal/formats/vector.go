package formats

import (
	"encoding/binary"
	"math"
)

// Vector is a column of values of one type, laid out for an engine to copy:
// little-endian fixed-width values, or bytes with their ends, or lists.
type Vector struct {
	Type  Type
	Rows  int
	Nulls []uint64 // bit i set: row i is NULL; short or nil where the rest is not

	Data     []byte    // fixed-width values, a NULL's are zero; or the bytes of all texts
	Ends     []int     // texts: end of row i in Data
	Lists    []ListRef // arrays and maps
	Children []*Vector // elements; keys and values; fields
}

// ListRef is where the elements of a row lie in the children.
type ListRef struct{ Offset, Length uint64 }

// NewVector makes an empty vector.
func NewVector(t Type) *Vector {
	v := &Vector{Type: t}
	for _, f := range t.Fields {
		v.Children = append(v.Children, NewVector(f.Type))
	}
	return v
}

// Reset empties the vector and keeps its memory.
func (v *Vector) Reset() {
	v.Rows = 0
	v.Nulls, v.Data, v.Ends, v.Lists = v.Nulls[:0], v.Data[:0], v.Ends[:0], v.Lists[:0]
	for _, c := range v.Children {
		c.Reset()
	}
}

// IsNull says whether row i is NULL.
func (v *Vector) IsNull(i int) bool {
	return i/64 < len(v.Nulls) && v.Nulls[i/64]&(1<<(i%64)) != 0
}

// Bytes is the text of row i.
func (v *Vector) Bytes(i int) []byte {
	start := 0
	if i > 0 {
		start = v.Ends[i-1]
	}
	return v.Data[start:v.Ends[i]]
}

// Width is the bytes of a fixed-width value, and 0 for texts and nested types.
func (t Type) Width() int {
	switch t.Kind {
	case Boolean, TinyInt:
		return 1
	case SmallInt:
		return 2
	case Int, Float, Date:
		return 4
	case BigInt, Double, Timestamp:
		return 8
	case Decimal:
		return decimalWidth(t.Precision)
	}
	return 0
}

func decimalWidth(precision int) int {
	switch {
	case precision <= 4:
		return 2
	case precision <= 9:
		return 4
	case precision <= 18:
		return 8
	}
	return 16
}

// isText says whether values are bytes with their ends.
func (t Type) isText() bool { return t.Kind >= String && t.Kind <= Binary }

var zeroes [16]byte

// appendNull adds a NULL.
func (v *Vector) appendNull() {
	v.setNull()
	switch {
	case v.Type.isText():
		v.Ends = append(v.Ends, len(v.Data))
	case v.Type.Kind == Array || v.Type.Kind == Map:
		v.Lists = append(v.Lists, ListRef{Offset: uint64(v.Children[0].Rows)})
	case v.Type.Kind == Struct:
		for _, c := range v.Children {
			c.appendNull()
		}
	default:
		v.Data = append(v.Data, zeroes[:v.Type.Width()]...)
	}
	v.Rows++
}

func (v *Vector) appendText(b []byte) {
	v.Data = append(v.Data, b...)
	v.Ends = append(v.Ends, len(v.Data))
	v.Rows++
}

// appendInt adds a value of 1 to 8 bytes: integers, dates, timestamps,
// booleans, and decimals up to 18 digits.
func (v *Vector) appendInt(n int64) {
	switch v.Type.Width() {
	case 1:
		v.Data = append(v.Data, byte(n))
	case 2:
		v.Data = binary.LittleEndian.AppendUint16(v.Data, uint16(n))
	case 4:
		v.Data = binary.LittleEndian.AppendUint32(v.Data, uint32(n))
	case 8:
		v.Data = binary.LittleEndian.AppendUint64(v.Data, uint64(n))
	}
	v.Rows++
}

func (v *Vector) appendBool(b bool) {
	var n int64
	if b {
		n = 1
	}
	v.appendInt(n)
}

func (v *Vector) appendFloat(f float64) {
	if v.Type.Kind == Float {
		v.Data = binary.LittleEndian.AppendUint32(v.Data, math.Float32bits(float32(f)))
	} else {
		v.Data = binary.LittleEndian.AppendUint64(v.Data, math.Float64bits(f))
	}
	v.Rows++
}

// appendWide adds a decimal of 16 bytes.
func (v *Vector) appendWide(lower uint64, upper int64) {
	v.Data = binary.LittleEndian.AppendUint64(v.Data, lower)
	v.Data = binary.LittleEndian.AppendUint64(v.Data, uint64(upper))
	v.Rows++
}

// beginList and endList enclose the elements of one row.
func (v *Vector) beginList() {
	v.Lists = append(v.Lists, ListRef{Offset: uint64(v.Children[0].Rows)})
}

func (v *Vector) endList() {
	last := &v.Lists[len(v.Lists)-1]
	last.Length = uint64(v.Children[0].Rows) - last.Offset
	v.Rows++
}

// truncate drops rows from n on, which a map does with a key that it has already.
func (v *Vector) truncate(n int) {
	if n >= v.Rows {
		return
	}
	for i := n; i < v.Rows && i/64 < len(v.Nulls); i++ {
		v.Nulls[i/64] &^= 1 << (i % 64)
	}
	switch {
	case v.Type.isText():
		end := 0
		if n > 0 {
			end = v.Ends[n-1]
		}
		v.Data, v.Ends = v.Data[:end], v.Ends[:n]
	case v.Type.Kind == Array || v.Type.Kind == Map:
		for _, c := range v.Children {
			c.truncate(int(v.Lists[n].Offset))
		}
		v.Lists = v.Lists[:n]
	case v.Type.Kind == Struct:
		for _, c := range v.Children {
			c.truncate(n)
		}
	default:
		v.Data = v.Data[:n*v.Type.Width()]
	}
	v.Rows = n
}

// size is the bytes that the vector holds, roughly.
func (v *Vector) size() int {
	n := len(v.Data) + 8*len(v.Ends) + 16*len(v.Lists)
	for _, c := range v.Children {
		n += c.size()
	}
	return n
}
