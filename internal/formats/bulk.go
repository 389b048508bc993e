package formats

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"slices"
)

// Columnar readers append many rows at once. valid says which rows have a
// value; nil: all of them. The values are those of these rows alone.

// AppendNulls adds rows that are NULL.
func (v *Vector) AppendNulls(rows int) {
	for range rows {
		v.appendNull()
	}
}

// AppendBits adds values of up to 8 bytes as they lie in memory: integers,
// booleans, dates, timestamps, decimals up to 18 digits, and the bits of floats.
func (v *Vector) AppendBits(values []int64, valid []bool) {
	if valid == nil {
		v.appendAll(values)
		return
	}
	next := 0
	for _, ok := range valid {
		if !ok {
			v.appendNull()
			continue
		}
		v.appendInt(values[next])
		next++
	}
}

func (v *Vector) appendAll(values []int64) {
	width, from := v.Type.Width(), len(v.Data)
	v.Data = slices.Grow(v.Data, len(values)*width)[:from+len(values)*width]
	to := v.Data[from:]
	switch width {
	case 1:
		for i, n := range values {
			to[i] = byte(n)
		}
	case 2:
		for i, n := range values {
			binary.LittleEndian.PutUint16(to[i*2:], uint16(n))
		}
	case 4:
		for i, n := range values {
			binary.LittleEndian.PutUint32(to[i*4:], uint32(n))
		}
	case 8:
		for i, n := range values {
			binary.LittleEndian.PutUint64(to[i*8:], uint64(n))
		}
	}
	v.Rows += len(values)
}

// AppendWide adds a decimal of more than 18 digits: the unscaled value of 128
// bits.
func (v *Vector) AppendWide(lower uint64, upper int64) { v.appendWide(lower, upper) }

// AppendListEnds adds arrays or maps whose elements are in the children
// already, by their numbers.
func (v *Vector) AppendListEnds(lengths []int64, valid []bool, first int) {
	rows := len(valid)
	if valid == nil {
		rows = len(lengths)
	}
	at, next := uint64(first), 0
	for i := range rows {
		if valid != nil && !valid[i] {
			v.setNull()
			v.Lists = append(v.Lists, ListRef{Offset: at})
			v.Rows++
			continue
		}
		n := uint64(lengths[next])
		next++
		v.Lists = append(v.Lists, ListRef{at, n})
		at += n
		v.Rows++
	}
}

// AppendStructs adds structs whose fields are in the children already, NULL
// where the struct is.
func (v *Vector) AppendStructs(rows int, valid []bool) {
	for i := range rows {
		if valid != nil && !valid[i] {
			v.setNull()
		}
		v.Rows++
	}
}

// setNull marks the next row.
func (v *Vector) setNull() {
	for len(v.Nulls) <= v.Rows/64 {
		v.Nulls = append(v.Nulls, 0)
	}
	v.Nulls[v.Rows/64] |= 1 << (v.Rows % 64)
}

// AppendUnscaled adds a decimal of an unscaled value and its scale. Digits that
// the vector's scale would lose are an error, as is a value out of its range.
func (v *Vector) AppendUnscaled(n *big.Int, scale int) error {
	switch power := v.Type.Scale - scale; {
	case power > 0:
		n = new(big.Int).Mul(n, pow10(power))
	case power < 0:
		quotient, rest := new(big.Int).QuoRem(n, pow10(-power), new(big.Int))
		if rest.Sign() != 0 {
			return fmt.Errorf("a decimal has more than %d digits after the point", v.Type.Scale)
		}
		n = quotient
	}
	if n.CmpAbs(pow10(v.Type.Precision)) >= 0 {
		return fmt.Errorf("a decimal is out of range for %s", v.Type)
	}
	if v.Type.Width() < 16 {
		v.appendInt(n.Int64())
		return nil
	}
	lower := new(big.Int).And(n, new(big.Int).SetUint64(math.MaxUint64)).Uint64()
	v.appendWide(lower, new(big.Int).Rsh(n, 64).Int64())
	return nil
}

// Unscaled is the unscaled value of a decimal, in 128 bits.
func (v *Vector) Unscaled(i int) (lower uint64, upper int64) {
	switch v.Type.Width() {
	case 2:
		lower = uint64(int16(binary.LittleEndian.Uint16(v.Data[2*i:])))
	case 4:
		lower = uint64(int32(binary.LittleEndian.Uint32(v.Data[4*i:])))
	case 8:
		lower = binary.LittleEndian.Uint64(v.Data[8*i:])
	default:
		return binary.LittleEndian.Uint64(v.Data[16*i:]), int64(binary.LittleEndian.Uint64(v.Data[16*i+8:]))
	}
	return lower, int64(lower) >> 63
}
