package formats

import (
	"bytes"
	"errors"
	"math"
	"math/big"
	"math/bits"
	"strconv"
)

var (
	errNotNumber  = errors.New("not a number")
	errOutOfRange = errors.New("out of range")
)

// intRange says whether n fits an integer type.
func intRange(k TypeKind, n int64) bool {
	switch k {
	case TinyInt:
		return n >= math.MinInt8 && n <= math.MaxInt8
	case SmallInt:
		return n >= math.MinInt16 && n <= math.MaxInt16
	case Int:
		return n >= math.MinInt32 && n <= math.MaxInt32
	}
	return true
}

// parseInt64 reads [+-]digits, as Java's Long.parseLong does.
func parseInt64(b []byte) (int64, error) {
	i, negative := 0, false
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		negative, i = b[0] == '-', 1
	}
	if i == len(b) {
		return 0, errNotNumber
	}
	var n uint64
	overflow := false
	for ; i < len(b); i++ {
		d := b[i] - '0'
		if d > 9 {
			return 0, errNotNumber
		}
		hi, lo := bits.Mul64(n, 10)
		sum, carry := bits.Add64(lo, uint64(d), 0)
		overflow = overflow || hi != 0 || carry != 0
		n = sum
	}
	switch {
	case overflow, !negative && n > math.MaxInt64, negative && n > 1<<63:
		return 0, errOutOfRange
	case negative:
		return -int64(n), nil // -(1<<63) wraps to itself
	}
	return int64(n), nil
}

// parseFloat reads a decimal number, NaN or Infinity, as Java's
// Double.parseDouble does, with its suffixes d and f; its hexadecimal form is no
// number here.
func parseFloat(b []byte, size int) (float64, error) {
	b = trimSpace(b)
	unsigned := b
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		unsigned = b[1:]
	}
	if s := string(unsigned); s == "NaN" || s == "Infinity" {
		return strconv.ParseFloat(string(b), size)
	}
	if n := len(b); n > 1 && bytes.IndexByte([]byte("dDfF"), b[n-1]) >= 0 {
		b, unsigned = b[:n-1], unsigned[:len(unsigned)-1]
	}
	for _, c := range unsigned {
		if (c < '0' || c > '9') && c != '.' && c != 'e' && c != 'E' && c != '-' && c != '+' {
			return 0, errNotNumber
		}
	}
	f, err := strconv.ParseFloat(string(b), size)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, errNotNumber
	}
	return f, nil // out of range is an infinity, as in Java
}

func trimSpace(b []byte) []byte {
	for len(b) > 0 && b[0] <= ' ' {
		b = b[1:]
	}
	for len(b) > 0 && b[len(b)-1] <= ' ' {
		b = b[:len(b)-1]
	}
	return b
}

// bigDecimal is unscaled * 10^-scale.
type bigDecimal struct {
	unscaled *big.Int
	scale    int
}

const maxDecimalText = 1 << 10

// parseBigDecimal reads what Java's BigDecimal does: digits with an optional
// point and exponent.
func parseBigDecimal(b []byte) (bigDecimal, error) {
	if len(b) == 0 || len(b) > maxDecimalText {
		return bigDecimal{}, errNotNumber
	}
	digits := make([]byte, 0, len(b))
	i, scale, point := 0, 0, false
	if b[0] == '-' || b[0] == '+' {
		if b[0] == '-' {
			digits = append(digits, '-')
		}
		i++
	}
	begin := len(digits)
	for ; i < len(b) && b[i] != 'e' && b[i] != 'E'; i++ {
		switch {
		case b[i] == '.' && !point:
			point = true
		case b[i] >= '0' && b[i] <= '9':
			digits = append(digits, b[i])
			if point {
				scale++
			}
		default:
			return bigDecimal{}, errNotNumber
		}
	}
	if len(digits) == begin {
		return bigDecimal{}, errNotNumber
	}
	if i < len(b) {
		e, err := parseInt64(b[i+1:])
		if err != nil || e > 1<<20 || e < -1<<20 {
			return bigDecimal{}, errNotNumber
		}
		scale -= int(e)
	}
	n, ok := new(big.Int).SetString(string(digits), 10)
	if !ok {
		return bigDecimal{}, errNotNumber
	}
	return bigDecimal{n, scale}, nil
}

// rescale rounds half away from zero, Java's HALF_UP.
func (d bigDecimal) rescale(scale int) (*big.Int, error) {
	if d.unscaled.Sign() == 0 {
		return d.unscaled, nil
	}
	if scale >= d.scale {
		if scale-d.scale > 100 {
			return nil, errOutOfRange
		}
		return new(big.Int).Mul(d.unscaled, pow10(scale-d.scale)), nil
	}
	if d.scale-scale > maxDecimalText+100 {
		return new(big.Int), nil // far below half a unit
	}
	unit := pow10(d.scale - scale)
	q, r := new(big.Int).QuoRem(d.unscaled, unit, new(big.Int))
	if new(big.Int).Abs(r.Lsh(r, 1)).Cmp(unit) >= 0 {
		q.Add(q, big.NewInt(int64(d.unscaled.Sign())))
	}
	return q, nil
}

func pow10(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// String is Java's BigDecimal.toString.
func (d bigDecimal) String() string {
	digits := new(big.Int).Abs(d.unscaled).String()
	sign := ""
	if d.unscaled.Sign() < 0 {
		sign = "-"
	}
	exponent := len(digits) - 1 - d.scale
	if d.scale >= 0 && exponent >= -6 {
		if d.scale == 0 {
			return sign + digits
		}
		for len(digits) <= d.scale {
			digits = "0" + digits
		}
		return sign + digits[:len(digits)-d.scale] + "." + digits[len(digits)-d.scale:]
	}
	s := sign + digits[:1]
	if len(digits) > 1 {
		s += "." + digits[1:]
	}
	if exponent == 0 {
		return s
	}
	if exponent > 0 {
		return s + "E+" + strconv.Itoa(exponent)
	}
	return s + "E" + strconv.Itoa(exponent)
}

// appendDecimal adds the number in b, rounded to the scale of the vector's type.
func appendDecimal(v *Vector, b []byte) error {
	if n, ok := plainDecimal(b, v.Type.Scale); ok {
		if limit := int64Pow10(v.Type.Precision); limit != 0 && (n >= limit || n <= -limit) {
			return errOutOfRange
		}
		if v.Type.Width() == 16 {
			v.appendWide(uint64(n), n>>63)
		} else {
			v.appendInt(n)
		}
		return nil
	}
	d, err := parseBigDecimal(b)
	if err != nil {
		return err
	}
	n, err := d.rescale(v.Type.Scale)
	if err != nil {
		return err
	}
	if new(big.Int).Abs(n).Cmp(pow10(v.Type.Precision)) >= 0 {
		return errOutOfRange
	}
	if v.Type.Width() < 16 {
		v.appendInt(n.Int64())
		return nil
	}
	lower := new(big.Int).And(n, new(big.Int).SetUint64(math.MaxUint64)).Uint64()
	upper := new(big.Int).Rsh(n, 64).Int64()
	v.appendWide(lower, upper)
	return nil
}

// plainDecimal is the common case: at most 17 digits, no more of them behind
// the point than the scale, no exponent.
func plainDecimal(b []byte, scale int) (int64, bool) {
	i, negative := 0, false
	if len(b) > 0 && b[0] == '-' {
		negative, i = true, 1
	}
	var n int64
	digits, behind, point := 0, 0, false
	for ; i < len(b); i++ {
		if b[i] == '.' && !point {
			point = true
			continue
		}
		if b[i] < '0' || b[i] > '9' {
			return 0, false
		}
		n = n*10 + int64(b[i]-'0')
		digits++
		if point {
			behind++
		}
	}
	if digits == 0 || behind > scale || digits+scale-behind > 17 {
		return 0, false
	}
	for ; behind < scale; behind++ {
		n *= 10
	}
	if negative {
		n = -n
	}
	return n, true
}

// int64Pow10 is 10^n, and 0 where that is no int64.
func int64Pow10(n int) int64 {
	if n > 18 {
		return 0
	}
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}
