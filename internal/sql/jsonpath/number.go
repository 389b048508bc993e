package jsonpath

import (
	"cmp"
	"math"
	"math/big"
	"strconv"
)

// maxPrecision is that of SQL's decimals.
const maxPrecision = 38

var ten = big.NewInt(10)

func power(n int) *big.Int { return new(big.Int).Exp(ten, big.NewInt(int64(n)), nil) }

// integerDigits are the digits of the decimal that holds an integer of so many
// bits.
var integerDigits = map[int]int{8: 3, 16: 5, 32: 10, 64: 19}

func (n Int) decimal() Decimal { return Decimal{big.NewInt(n.Value), integerDigits[n.Bits], 0} }

// round is the nearest integer, half away from zero.
func (d Decimal) round() *big.Int { return divide(d.Unscaled, power(d.Scale)) }

// divide rounds half away from zero.
func divide(n, by *big.Int) *big.Int {
	q, r := new(big.Int).QuoRem(n, by, new(big.Int))
	if r.Abs(r).Lsh(r, 1).Cmp(new(big.Int).Abs(by)) >= 0 {
		if n.Sign()*by.Sign() < 0 {
			return q.Sub(q, big.NewInt(1))
		}
		return q.Add(q, big.NewInt(1))
	}
	return q
}

// Text is the decimal as SQL writes it.
func (d Decimal) Text() string {
	text := new(big.Int).Abs(d.Unscaled).String()
	for len(text) <= d.Scale {
		text = "0" + text
	}
	if d.Scale > 0 {
		text = text[:len(text)-d.Scale] + "." + text[len(text)-d.Scale:]
	}
	if d.Unscaled.Sign() < 0 {
		return "-" + text
	}
	return text
}

func (d Decimal) float(bits int) float64 {
	f, _ := strconv.ParseFloat(d.Text(), bits)
	return f
}

// floatOf is a number as a double.
func floatOf(v any) float64 {
	switch n := v.(type) {
	case Int:
		return float64(n.Value)
	case Decimal:
		return n.float(64)
	case float32:
		return float64(n)
	}
	return v.(float64)
}

// realOf is a number as a real.
func realOf(v any) float32 {
	switch n := v.(type) {
	case Int:
		return float32(n.Value)
	case Decimal:
		return float32(n.float(32))
	}
	return v.(float32)
}

func isDouble(v any) bool  { _, ok := v.(float64); return ok }
func isReal(v any) bool    { _, ok := v.(float32); return ok }
func isDecimal(v any) bool { _, ok := v.(Decimal); return ok }

func decimalOf(v any) Decimal {
	if n, ok := v.(Int); ok {
		return n.decimal()
	}
	return v.(Decimal)
}

// orderNumbers compares two numbers in their common type.
func orderNumbers(a, b any) (order int, nan, ok bool) {
	switch {
	case isDouble(a) || isDouble(b):
		x, y := floatOf(a), floatOf(b)
		return cmp.Compare(x, y), math.IsNaN(x) || math.IsNaN(y), true
	case isReal(a) || isReal(b):
		x, y := realOf(a), realOf(b)
		return cmp.Compare(x, y), x != x || y != y, true
	}
	x, y := decimalOf(a), decimalOf(b)
	scale := max(x.Scale, y.Scale)
	return x.at(scale).Cmp(y.at(scale)), false, true
}

// at is the unscaled value at a larger scale.
func (d Decimal) at(scale int) *big.Int {
	return new(big.Int).Mul(d.Unscaled, power(scale-d.Scale))
}
