package types

import (
	"bytes"
	"math"
	"strconv"
	"strings"
)

// Java writes floating point plainly in [1e-3, 1e7), else with an exponent.
const (
	javaPlainMin = 1e-3
	javaPlainMax = 1e7
)

// AppendDouble appends a double as Java's Double.toString does: 1.0, 1.0E10,
// 4.9E-324, NaN, -Infinity.
func AppendDouble(dst []byte, f float64) []byte { return appendFloat(dst, f, 64) }

// AppendDoubleVarchar appends a double as CAST(x AS varchar) gives it, always
// with an exponent: 1.5E0, 1.0E-3, 0E0, -0E0, NaN.
func AppendDoubleVarchar(dst []byte, f float64) []byte {
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return appendFloat(dst, f, 64)
	case f == 0:
		return appendZero(dst, math.Signbit(f))
	}
	return appendScientific(dst, f, 64)
}

// realVarcharDigits are the digits that CAST of a real to varchar keeps behind
// the point.
const realVarcharDigits = 6

// AppendRealVarchar appends a real as CAST(x AS varchar) gives it. Trino rounds
// the real's shortest text to seven digits.
func AppendRealVarchar(dst []byte, f float32) []byte {
	wide := float64(f)
	switch {
	case math.IsNaN(wide) || math.IsInf(wide, 0):
		return appendFloat(dst, wide, 32)
	case f == 0:
		return appendZero(dst, math.Signbit(wide))
	}
	short, _ := strconv.ParseFloat(strconv.FormatFloat(wide, 'e', -1, 32), 64)
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(short, 'e', realVarcharDigits, 64), "e")
	mantissa = strings.TrimRight(mantissa, "0")
	if strings.HasSuffix(mantissa, ".") {
		mantissa += "0"
	}
	n, _ := strconv.Atoi(exponent)
	return strconv.AppendInt(append(append(dst, mantissa...), 'E'), int64(n), 10)
}

func appendZero(dst []byte, negative bool) []byte {
	if negative {
		dst = append(dst, '-')
	}
	return append(dst, "0E0"...)
}

func appendFloat(dst []byte, f float64, bits int) []byte {
	switch {
	case math.IsNaN(f):
		return append(dst, "NaN"...)
	case math.IsInf(f, 1):
		return append(dst, "Infinity"...)
	case math.IsInf(f, -1):
		return append(dst, "-Infinity"...)
	case f == 0 && math.Signbit(f):
		return append(dst, "-0.0"...)
	case f == 0:
		return append(dst, "0.0"...)
	}
	if abs := math.Abs(f); abs >= javaPlainMin && abs < javaPlainMax {
		return appendPlain(dst, f, bits)
	}
	return appendScientific(dst, f, bits)
}

func appendPlain(dst []byte, f float64, bits int) []byte {
	start := len(dst)
	dst = strconv.AppendFloat(dst, f, 'f', -1, bits)
	if bytes.IndexByte(dst[start:], '.') < 0 {
		dst = append(dst, ".0"...)
	}
	return dst
}

// appendScientific writes d.dddE±n. Java wants two digits at least, and of all
// decimals of that length the one nearest to the value: 4.9E-324, not 5.0E-324.
func appendScientific(dst []byte, f float64, bits int) []byte {
	var buf [32]byte
	text := strconv.AppendFloat(buf[:0], f, 'e', -1, bits)
	if bytes.IndexByte(text, '.') < 0 {
		text = twoDigits(text, f, bits)
	}
	mantissa, exponent, _ := bytes.Cut(text, []byte{'e'})
	dst = append(append(dst, mantissa...), 'E')
	if exponent[0] == '-' {
		dst = append(dst, '-')
	}
	exponent = exponent[1:]
	if exponent[0] == '0' && len(exponent) > 1 {
		exponent = exponent[1:]
	}
	return append(dst, exponent...)
}

func twoDigits(text []byte, f float64, bits int) []byte {
	near := strconv.AppendFloat(nil, f, 'e', 1, bits)
	if back, err := strconv.ParseFloat(string(near), bits); err == nil && back == f {
		return near
	}
	mantissa, exponent, _ := bytes.Cut(text, []byte{'e'})
	return append(append(append([]byte{}, mantissa...), ".0e"...), exponent...)
}
