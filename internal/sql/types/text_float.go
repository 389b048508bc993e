package types

import (
	"bytes"
	"math"
	"strconv"
)

// Java writes floating point plainly in [1e-3, 1e7), else with an exponent.
const (
	javaPlainMin = 1e-3
	javaPlainMax = 1e7
)

// AppendDouble appends a double as Java's Double.toString does: 1.0, 1.0E10,
// 4.9E-324, NaN, -Infinity.
func AppendDouble(dst []byte, f float64) []byte { return appendFloat(dst, f, 64) }

// AppendReal appends a real as Java's Float.toString does.
func AppendReal(dst []byte, f float32) []byte { return appendFloat(dst, float64(f), 32) }

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
