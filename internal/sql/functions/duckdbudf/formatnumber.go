package duckdbudf

import (
	"database/sql/driver"
	"math"
	"math/big"
	"strconv"
	"strings"
)

var formatUDFs = []udf{
	{name: "scops_format", in: in(text), rest: text, out: text, run: format},
	{name: "scops_format_number", in: in(bigint), out: text, run: func(a []driver.Value) (any, error) {
		return formatNumber(a[0].(int64)), nil
	}},
	{name: "scops_data_size", in: in(text), out: text, run: dataSize},
	{name: "scops_human_seconds", in: in(double), out: text, run: func(a []driver.Value) (any, error) {
		return humanSeconds(a[0].(float64))
	}},
	{name: "scops_to_base", in: in(bigint, bigint), out: text, run: toBase},
	{name: "scops_from_base", in: in(text, bigint), out: bigint, run: fromBase},
}

// formatNumber gives three digits and a unit.
func formatNumber(n int64) string {
	value, unit := float64(n), ""
	for _, u := range []string{"K", "M", "B", "T", "Q"} {
		if value > -1000 && value < 1000 {
			break
		}
		value, unit = value/1000, u
	}
	digits := 0
	switch {
	case value < 10: // also all negative numbers
		digits = 2
	case value < 100:
		digits = 1
	}
	text := halfUp(value, digits)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text + unit
}

// halfUp rounds the exact value of a double to digits behind the point, half
// away from zero.
func halfUp(f float64, digits int) string {
	return new(big.Rat).SetFloat64(f).FloatString(digits)
}

// dataUnits are the powers of 1024.
var dataUnits = []string{"B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"}

// dataSize is the number of bytes of "2.5MB" as text.
func dataSize(a []driver.Value) (any, error) {
	s := a[0].(string)
	wrong := failure("INVALID_FUNCTION_ARGUMENT", "Invalid data size: '%s'", s)
	at := strings.IndexFunc(s, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
	if at < 0 {
		return nil, wrong
	}
	number, ok := new(big.Rat).SetString(s[:at])
	if !ok || !decimalText(s[:at]) {
		return nil, wrong
	}
	for i, unit := range dataUnits {
		if unit != s[at:] {
			continue
		}
		factor := new(big.Int).Lsh(big.NewInt(1), uint(10*i))
		number.Mul(number, new(big.Rat).SetInt(factor))
		whole := new(big.Int).Quo(number.Num(), number.Denom())
		if len(whole.String()) > 38 {
			return nil, failure("NUMERIC_VALUE_OUT_OF_RANGE", "Value out of range: '%s' ('%sB')", s, whole)
		}
		return whole.String(), nil
	}
	return nil, wrong
}

// longestNumber bounds the digits of a number that is read exactly.
const longestNumber = 1000

// decimalText is a plain number as Java's BigDecimal reads it.
func decimalText(s string) bool {
	return len(s) <= longestNumber && strings.Count(s, ".") <= 1 && strings.Trim(s, ".") != ""
}

var secondUnits = []struct {
	name    string
	seconds int64
}{{"week", 604800}, {"day", 86400}, {"hour", 3600}, {"minute", 60}, {"second", 1}}

// humanSeconds names weeks, days, hours, minutes and seconds. It rounds, and
// drops the sign.
func humanSeconds(seconds float64) (string, error) {
	if math.IsNaN(seconds) || math.IsInf(seconds, 0) {
		return "", failure("INVALID_FUNCTION_ARGUMENT", "Invalid argument found: %v", seconds)
	}
	rest := int64(math.MaxInt64)
	if f := math.Floor(math.Abs(seconds) + 0.5); f < math.MaxInt64 {
		rest = int64(f)
	}
	var parts []string
	for _, u := range secondUnits {
		n := rest / u.seconds
		rest %= u.seconds
		switch {
		case n == 1:
			parts = append(parts, "1 "+u.name)
		case n > 1 || u.seconds == 1 && len(parts) == 0:
			parts = append(parts, strconv.FormatInt(n, 10)+" "+u.name+"s")
		}
	}
	return strings.Join(parts, ", "), nil
}

const (
	smallestRadix = 2
	largestRadix  = 36
)

func checkRadix(radix int64) error {
	if radix < smallestRadix || radix > largestRadix {
		return failure("INVALID_FUNCTION_ARGUMENT", "Radix must be between %d and %d", smallestRadix, largestRadix)
	}
	return nil
}

func toBase(a []driver.Value) (any, error) {
	n, radix := a[0].(int64), a[1].(int64)
	if err := checkRadix(radix); err != nil {
		return nil, err
	}
	return strconv.FormatInt(n, int(radix)), nil
}

func fromBase(a []driver.Value) (any, error) {
	s, radix := a[0].(string), a[1].(int64)
	if err := checkRadix(radix); err != nil {
		return nil, err
	}
	n, err := strconv.ParseInt(s, int(radix), 64)
	if err != nil {
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "Not a valid base-%d number: %s", radix, s)
	}
	return n, nil
}
