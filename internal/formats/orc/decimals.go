package orc

import (
	"math/big"

	"github.com/scopsdb/scops/internal/formats"
)

// decimals is a column of decimals: unscaled values, and the scale of each.
type decimals struct {
	presence
	values *stream
	scales integers
	buffer buffer
}

func (c *decimals) read(n int, in []bool, to *formats.Vector) error {
	valid, have, err := c.rows(n, in)
	if err != nil {
		return err
	}
	scales := c.buffer.of(have)
	if err := c.scales.read(scales); err != nil {
		return err
	}
	next := 0
	for i := range n {
		if valid != nil && !valid[i] {
			to.AppendNull()
			continue
		}
		small, large, err := c.value()
		if err != nil {
			return err
		}
		scale := scales[next]
		next++
		if scale < -38 || scale > 38 {
			return corrupt("A decimal has the scale %d", scale)
		}
		if err := appendDecimal(to, small, large, int(scale)); err != nil {
			return err
		}
	}
	return nil
}

// maxDecimalBytes hold 128 bits, 7 a byte.
const maxDecimalBytes = 19

// value reads a number of any length: large is nil where it fits 64 bits.
func (c *decimals) value() (small int64, large *big.Int, err error) {
	var low uint64
	for i := 0; ; i++ {
		b, err := c.values.byte()
		if err != nil {
			return 0, nil, err
		}
		switch {
		case i < 9:
			low |= uint64(b&0x7f) << (7 * i)
		case i >= maxDecimalBytes:
			return 0, nil, corrupt("A decimal is too long")
		default:
			if large == nil {
				large = new(big.Int).SetUint64(low)
			}
			large.Or(large, new(big.Int).Lsh(big.NewInt(int64(b&0x7f)), uint(7*i)))
		}
		if b < 0x80 {
			break
		}
	}
	if large == nil {
		return unzigzag(low), nil, nil
	}
	negative := large.Bit(0) == 1
	large.Rsh(large, 1)
	if negative {
		large.Not(large)
	}
	return 0, large, nil
}

// appendDecimal adds a value of a scale. Digits that the declared type does not
// have are an error, since they would be lost.
func appendDecimal(to *formats.Vector, small int64, large *big.Int, scale int) error {
	if large == nil {
		if scale == to.Type.Scale && small < 1e18 && small > -1e18 {
			if to.Type.Precision > 18 {
				to.AppendWide(uint64(small), small>>63)
				return nil
			}
			if limit := limits[to.Type.Precision]; small < limit && small > -limit {
				to.AppendInt(small)
				return nil
			}
		}
		large = big.NewInt(small)
	}
	if err := to.AppendUnscaled(large, scale); err != nil {
		return corrupt("%v", err)
	}
	return nil
}

// limits are the powers of ten.
var limits = func() (p [19]int64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = 10 * p[i-1]
	}
	return p
}()
