package duckdbudf

import (
	"math"
	"strconv"
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

// checkNumeric refuses flags that contradict each other.
func (f *formatter) checkNumeric(s spec, bad string) error {
	switch {
	case s.has('0') && s.width < 0:
		return f.wrong("MissingFormatWidth: %0" + string(s.conversion))
	case s.has('+') && s.has(' '), s.has('-') && s.has('0'):
		return f.wrong("IllegalFormatFlags: Flags = '" + s.flags + "'")
	}
	return f.mismatch(s, bad)
}

func (f *formatter) integral(s spec, arg formatArg) error {
	bad := ","
	if s.conversion == 'd' {
		bad = "#"
	}
	if err := f.checkNumeric(s, bad); err != nil {
		return err
	}
	if s.precision >= 0 {
		return f.wrong("IllegalFormatPrecision: " + strconv.Itoa(s.precision))
	}
	if arg.class == 'N' {
		f.justify(s, "null")
		return nil
	}
	if arg.class != 'i' {
		return f.illegal(s, arg)
	}
	n, err := strconv.ParseInt(arg.text, 10, 64)
	if err != nil {
		return err
	}
	if s.conversion == 'd' {
		f.justify(s, s.signed(n < 0, strings.TrimPrefix(arg.text, "-"), ""))
		return nil
	}
	if err := f.mismatch(s, "( +"); err != nil {
		return err
	}
	base, prefix := 8, "0"
	if s.conversion == 'x' {
		base, prefix = 16, "0x"
	}
	if !s.has('#') {
		prefix = ""
	}
	text := strconv.FormatUint(uint64(n), base)
	if s.has('0') {
		text = strings.Repeat("0", max(0, s.width-len(text)-len(prefix))) + text
	}
	f.justify(s, prefix+text)
	return nil
}

// signed puts the sign, the groups and the zeros of the width around the
// digits of a number; exponent stands behind them.
func (s *spec) signed(negative bool, digits, exponent string) string {
	before, behind, width := "", "", s.width
	switch {
	case negative && s.has('('):
		before, behind, width = "(", ")", width-1
	case negative:
		before = "-"
	case s.has('+'):
		before = "+"
	case s.has(' '):
		before = " "
	}
	if s.has(',') {
		digits = grouped(digits)
	}
	digits += exponent
	if s.has('0') {
		digits = strings.Repeat("0", max(0, width-len(before)-len(digits))) + digits
	}
	return before + digits + behind
}

// grouped puts a comma between each three digits of the whole part.
func grouped(digits string) string {
	whole, fraction, point := strings.Cut(digits, ".")
	var b strings.Builder
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteByte(whole[i])
	}
	if point {
		b.WriteString("." + fraction)
	}
	return b.String()
}

// number is 0.d1d2d3… times ten to the point.
type number struct {
	negative bool
	digits   string
	point    int
}

func (f *formatter) floating(s spec, arg formatArg) error {
	bad := map[byte]string{'e': ",", 'g': "#", 'a': ",("}[s.conversion]
	if err := f.checkNumeric(s, bad); err != nil {
		return err
	}
	if arg.class == 'N' {
		text := "null"
		if s.precision >= 0 { // Java cuts it, as a text
			text = text[:min(s.precision, len(text))]
		}
		f.justify(s, text)
		return nil
	}
	if arg.class == 'n' && s.conversion != 'a' {
		f.justify(s, s.number(parseNumber(arg.text)))
		return nil
	}
	if arg.class != 'd' && arg.class != 'f' {
		return f.illegal(s, arg)
	}
	v, err := strconv.ParseFloat(arg.text, map[byte]int{'d': 64, 'f': 32}[arg.class])
	switch {
	case err != nil:
		return err
	case math.IsNaN(v):
		f.justify(s, "NaN")
	case math.IsInf(v, 0):
		plain := s
		plain.flags = strings.NewReplacer("0", "", ",", "").Replace(s.flags)
		f.justify(s, plain.signed(v < 0, "Infinity", ""))
	case s.conversion == 'a':
		return f.hexFloat(s, v)
	default:
		f.justify(s, s.number(parseNumber(strconv.FormatFloat(v, 'e', -1, 64))))
	}
	return nil
}

// parseNumber reads "-12.50" or "1.5e-07".
func parseNumber(text string) number {
	n := number{}
	text, n.negative = strings.CutPrefix(text, "-")
	mantissa, exponent, _ := strings.Cut(text, "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	n.point, _ = strconv.Atoi(exponent)
	n.point += len(whole)
	n.digits = strings.TrimLeft(whole+fraction, "0")
	n.point -= len(whole) + len(fraction) - len(n.digits)
	if n.digits == "" {
		n.point = 1
	}
	return n
}

// rounded keeps count digits, rounding half up; it may gain a digit in front.
func (n number) rounded(count int) number {
	if count >= len(n.digits) {
		return n
	}
	if count < 0 || n.digits == "" {
		return number{negative: n.negative, point: 1}
	}
	kept := []byte(n.digits[:count])
	if n.digits[count] < '5' {
		n.digits = string(kept)
		return n
	}
	for i := count - 1; i >= 0; i-- {
		if kept[i]++; kept[i] <= '9' {
			n.digits = string(kept)
			return n
		}
		kept[i] = '0'
	}
	n.digits, n.point = "1"+string(kept), n.point+1
	return n
}

const defaultPrecision = 6

func (s *spec) number(n number) string {
	precision := s.precision
	if precision < 0 {
		precision = defaultPrecision
	}
	switch s.conversion {
	case 'f':
		return s.signed(n.negative, n.plain(precision, s.has('#')), "")
	case 'e':
		return s.scientific(n, precision)
	}
	precision = max(1, precision)
	r := n.rounded(precision)
	if exponent := r.point - 1; r.digits != "" && (exponent < -4 || exponent >= precision) {
		return s.scientific(n, precision-1)
	}
	decimals := precision - r.point
	return s.signed(n.negative, n.plain(decimals, false), "")
}

// plain writes a number with decimals digits behind the point.
func (n number) plain(decimals int, point bool) string {
	n = n.rounded(n.point + decimals)
	digits := n.digits
	if n.point <= 0 {
		digits, n.point = strings.Repeat("0", 1-n.point)+digits, 1
	}
	if short := n.point + decimals - len(digits); short > 0 {
		digits += strings.Repeat("0", short)
	}
	if decimals == 0 {
		if point {
			return digits[:n.point] + "."
		}
		return digits[:n.point]
	}
	return digits[:n.point] + "." + digits[n.point:n.point+decimals]
}

func (s *spec) scientific(n number, decimals int) string {
	r := n.rounded(decimals + 1)
	digits := r.digits
	if short := decimals + 1 - len(digits); short > 0 {
		digits += strings.Repeat("0", short)
	}
	text := digits[:1]
	if decimals > 0 || s.has('#') {
		text += "."
	}
	exponent, sign := r.point-1, "+"
	if exponent < 0 {
		exponent, sign = -exponent, "-"
	}
	tail := strconv.Itoa(exponent)
	if len(tail) < 2 {
		tail = "0" + tail
	}
	return s.signed(n.negative, text+digits[1:decimals+1], "e"+sign+tail)
}

// hexFloat is Java's Double.toHexString.
func (f *formatter) hexFloat(s spec, v float64) error {
	if s.precision >= 0 {
		return failure("NOT_SUPPORTED", "A precision of the conversion %%a is not supported")
	}
	negative := math.Signbit(v)
	v = math.Abs(v)
	const smallestNormal, subnormalBits = 0x1p-1022, 0x1p52
	mantissa, exponent := "0x0.0", "0"
	switch {
	case v == 0:
	case v < smallestNormal:
		digits := strconv.FormatUint(uint64(v*subnormalBits*0x1p1022), 16)
		mantissa, exponent = "0x0."+strings.TrimRight(strings.Repeat("0", 13-len(digits))+digits, "0"), "-1022"
	default:
		text := strconv.FormatFloat(v, 'x', -1, 64)
		mantissa, exponent, _ = strings.Cut(text, "p")
		exponent = strings.TrimPrefix(exponent, "+")
		if sign, rest := exponent[:1], exponent[1:]; sign == "-" {
			exponent = "-" + strings.TrimPrefix(rest, "0")
		} else if len(exponent) > 1 {
			exponent = strings.TrimPrefix(exponent, "0")
		}
		if !strings.Contains(mantissa, ".") {
			mantissa += ".0"
		}
	}
	sign := ""
	switch {
	case negative:
		sign = "-"
	case s.has('+'):
		sign = "+"
	case s.has(' '):
		sign = " "
	}
	body := mantissa[2:] + "p" + exponent
	if s.has('0') {
		body = strings.Repeat("0", max(0, s.width-len(sign)-2-len(body))) + body
	}
	f.justify(s, sign+"0x"+body)
	return nil
}

// String is what Java's toString gives.
func (a formatArg) String() string {
	switch a.class {
	case 'N':
		return "null"
	case 'd':
		v, _ := strconv.ParseFloat(a.text, 64)
		return string(types.AppendDouble(nil, v))
	case 'f':
		v, _ := strconv.ParseFloat(a.text, 32)
		text, _ := types.Text(types.RealType, float32(v))
		return text
	case 'n':
		return bigDecimalText(a.text)
	case 'D', 'T', 'Z', 'C':
		return a.timeText()
	}
	return a.text
}

// bigDecimalText is BigDecimal.toString: with an exponent where the number is
// far below its scale.
func bigDecimalText(text string) string {
	n := parseNumber(text)
	_, fraction, _ := strings.Cut(text, ".")
	digits := n.digits
	if digits == "" {
		digits = "0"
	}
	exponent := len(digits) - 1 - len(fraction)
	if exponent >= -6 || len(fraction) == 0 {
		return text
	}
	mantissa := digits[:1]
	if len(digits) > 1 {
		mantissa += "." + digits[1:]
	}
	sign := ""
	if n.negative {
		sign = "-"
	}
	return sign + mantissa + "E" + strconv.Itoa(exponent)
}
