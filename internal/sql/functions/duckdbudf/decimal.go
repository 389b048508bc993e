package duckdbudf

import (
	"strconv"
	"strings"
)

// longestDecimal is where plainDecimal gives up: the text fits no decimal.
const longestDecimal = 400

// plainDecimal writes a number without its exponent: 12345e-3 is 12.345. Other
// text stays as it is.
func plainDecimal(s string) string {
	i := strings.IndexAny(s, "eE")
	if i < 0 {
		return s
	}
	exponent, err := strconv.Atoi(s[i+1:])
	if err != nil || exponent > longestDecimal || exponent < -longestDecimal {
		if err == nil && exponent < 0 {
			return "0"
		}
		return s
	}
	sign, mantissa := "", s[:i]
	if mantissa != "" && (mantissa[0] == '-' || mantissa[0] == '+') {
		sign, mantissa = mantissa[:1], mantissa[1:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits, point := whole+fraction, len(whole)+exponent
	if point <= 0 {
		return sign + "0." + strings.Repeat("0", -point) + digits
	}
	if point >= len(digits) {
		return sign + digits + strings.Repeat("0", point-len(digits))
	}
	return sign + digits[:point] + "." + digits[point:]
}
