package duckdbudf

import (
	"math"
	"strconv"
	"strings"
)

// jsonQuote is the JSON of a text.
func jsonQuote(text string) string {
	return string(appendString(make([]byte, 0, len(text)+2), text))
}

// jsonFloatText quotes what is no JSON number.
func jsonFloatText(f float64, text []byte) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return `"` + string(text) + `"`
	}
	return string(text)
}

// jsonDecimal writes a decimal's text as Java's BigDecimal.toString does: with
// an exponent where its first digit is behind the sixth place.
func jsonDecimal(text string) string {
	sign := ""
	if rest, ok := strings.CutPrefix(text, "-"); ok {
		sign, text = "-", rest
	}
	whole, fraction, _ := strings.Cut(text, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	if digits == "" {
		digits = "0"
	}
	exponent := len(digits) - 1 - len(fraction)
	if exponent >= -6 {
		if whole == "" {
			whole = "0"
		}
		if fraction == "" {
			return sign + whole
		}
		return sign + whole + "." + fraction
	}
	out := sign + digits[:1]
	if len(digits) > 1 {
		out += "." + digits[1:]
	}
	return out + "E" + strconv.Itoa(exponent)
}

// javaOrder is a text whose order by code points is that of the argument by
// Java, which compares 16-bit units: the characters from U+E000 to U+FFFF stand
// behind all that are beyond them.
func javaOrder(text string) string {
	plain := true
	for i := range len(text) {
		plain = plain && text[i] < privateUse
	}
	if plain {
		return text
	}
	const last = '\U0010FFFF'
	var b strings.Builder
	for _, r := range text {
		if r >= 0xE000 && r <= 0xFFFF || r == last {
			b.WriteRune(last)
		}
		if r == last {
			r = 1
		}
		b.WriteRune(r)
	}
	return b.String()
}
