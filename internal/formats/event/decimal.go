package event

import (
	"fmt"
	"strconv"
	"strings"
)

const hasFraction = "has a fraction"

// isNumber reports whether s is a JSON number and nothing else.
func isNumber(s string) bool {
	sc := scanner{text: s}
	_, r := sc.number()
	return r == nil && sc.pos == len(s)
}

// toDecimal writes a JSON number with exactly scale fraction digits. It never
// rounds: detail says why a number does not fit.
func toDecimal(n string, precision, scale int) (text, detail string) {
	n, negative := strings.CutPrefix(n, "-")
	exponent := 0
	if i := strings.IndexAny(n, "eE"); i >= 0 {
		exponent = clampedInt(n[i+1:])
		n = n[:i]
	}
	whole, fraction, _ := strings.Cut(n, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	point := len(whole) + exponent - (len(whole) + len(fraction) - len(digits)) // digits before the point
	digits = strings.TrimRight(digits, "0")
	switch {
	case digits == "":
		negative, point = false, 0
	case point > precision-scale:
		return "", fmt.Sprintf("more than %d digits before the point", precision-scale)
	case len(digits)-point > scale:
		if scale == 0 {
			return "", hasFraction
		}
		return "", fmt.Sprintf("more than %d digits after the point", scale)
	}
	return decimalText(digits, point, scale, negative), ""
}

// decimalText writes 0.digits × 10^point.
func decimalText(digits string, point, scale int, negative bool) string {
	var b strings.Builder
	if negative {
		b.WriteByte('-')
	}
	if point <= 0 {
		b.WriteByte('0')
	}
	for i := range max(point, 0) {
		b.WriteByte(digitAt(digits, i))
	}
	if scale > 0 {
		b.WriteByte('.')
		for i := range scale {
			b.WriteByte(digitAt(digits, point+i))
		}
	}
	return b.String()
}

func digitAt(digits string, i int) byte {
	if i < 0 || i >= len(digits) {
		return '0'
	}
	return digits[i]
}

// clampedInt reads an exponent; beyond a million only its size matters.
func clampedInt(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil && strings.HasPrefix(s, "-") {
		return -1e6
	}
	if err != nil {
		return 1e6
	}
	return max(-1e6, min(n, 1e6))
}
