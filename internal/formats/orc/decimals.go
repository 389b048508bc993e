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
		if err := appendDecimal(to, small, large, to.Type.Scale-int(scale)); err != nil {
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

var pow10 = func() (p [77]*big.Int) {
	p[0] = big.NewInt(1)
	for i := 1; i < len(p); i++ {
		p[i] = new(big.Int).Mul(p[i-1], big.NewInt(10))
	}
	return p
}()

// appendDecimal adds a value times ten to a power. Digits that the declared type
// does not have are an error, since they would be lost.
func appendDecimal(to *formats.Vector, small int64, large *big.Int, power int) error {
	if large == nil && power == 0 && to.Type.Precision > 18 {
		to.AppendWide(uint64(small), small>>63)
		return nil
	}
	if large == nil {
		if power == 0 {
			if limit := pow10[to.Type.Precision].Int64(); small < limit && small > -limit {
				to.AppendInt(small)
				return nil
			}
		}
		large = big.NewInt(small)
	}
	if power > 0 {
		large = new(big.Int).Mul(large, pow10[power])
	} else if power < 0 {
		quotient, rest := new(big.Int).QuoRem(large, pow10[-power], new(big.Int))
		if rest.Sign() != 0 {
			return corrupt("A decimal has more than %d digits after the point", to.Type.Scale)
		}
		large = quotient
	}
	if large.CmpAbs(pow10[to.Type.Precision]) >= 0 {
		return corrupt("A decimal is out of range for %s", to.Type)
	}
	if to.Type.Precision <= 18 {
		to.AppendInt(large.Int64())
		return nil
	}
	lower := new(big.Int).And(large, lowBits).Uint64()
	to.AppendWide(lower, new(big.Int).Rsh(large, 64).Int64())
	return nil
}

var lowBits = new(big.Int).SetUint64(1<<64 - 1)
