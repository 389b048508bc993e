package types

import (
	"strconv"
	"time"
)

func appendDate(dst []byte, v time.Time) []byte {
	y, m, d := v.Date()
	switch {
	case y < 0:
		dst, y = append(dst, '-'), -y
	case y > 9999: // as Java does
		dst = append(dst, '+')
	}
	dst = appendPadded(dst, y, 4)
	dst = appendPadded(append(dst, '-'), int(m), 2)
	return appendPadded(append(dst, '-'), d, 2)
}

func appendTimestamp(dst []byte, v time.Time, precision int) []byte {
	dst = append(appendDate(dst, v), ' ')
	h, m, s := v.Clock()
	return appendFraction(appendHMS(dst, h, m, s), v.Nanosecond(), precision)
}

func appendTimestampTZ(dst []byte, t Type, v time.Time) []byte {
	if t.Zone != MixedZone && t.Zone != "" {
		if loc, err := LoadZone(t.Zone); err == nil {
			v = v.In(loc)
		}
	}
	dst = append(appendTimestamp(dst, v, t.Precision), ' ')
	return append(dst, v.Location().String()...)
}

func appendClock(dst []byte, v time.Duration, precision int) []byte {
	s := int(v / time.Second)
	return appendFraction(appendHMS(dst, s/3600, s/60%60, s%60), int(v%time.Second), precision)
}

func appendHMS(dst []byte, h, m, s int) []byte {
	dst = append(appendPadded(dst, h, 2), ':')
	dst = append(appendPadded(dst, m, 2), ':')
	return appendPadded(dst, s, 2)
}

// appendFraction writes the first digits of a second's fraction; beyond nine
// they are zero.
func appendFraction(dst []byte, nanos, precision int) []byte {
	if precision == 0 {
		return dst
	}
	var digits [9]byte
	for i := 8; i >= 0; i-- {
		digits[i] = byte('0' + nanos%10)
		nanos /= 10
	}
	dst = append(append(dst, '.'), digits[:min(precision, 9)]...)
	for i := 9; i < precision; i++ {
		dst = append(dst, '0')
	}
	return dst
}

func appendOffset(dst []byte, seconds int) []byte {
	sign := byte('+')
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	dst = appendPadded(append(dst, sign), seconds/3600, 2)
	return appendPadded(append(dst, ':'), seconds/60%60, 2)
}

// appendMillis writes milliseconds as 1 00:00:00.000.
func appendMillis(dst []byte, ms int64) []byte {
	const day = int64(24 * time.Hour / time.Millisecond)
	days, rest := ms/day, ms%day
	if ms < 0 {
		dst, days, rest = append(dst, '-'), -days, -rest
	}
	dst = strconv.AppendInt(dst, days, 10)
	return appendClock(append(dst, ' '), time.Duration(rest)*time.Millisecond, 3)
}

// appendYearMonth writes 1-0, years and months.
func appendYearMonth(dst []byte, months int64) []byte {
	if months < 0 {
		dst, months = append(dst, '-'), -months
	}
	dst = append(strconv.AppendInt(dst, months/12, 10), '-')
	return strconv.AppendInt(dst, months%12, 10)
}

func appendPadded(dst []byte, n, width int) []byte {
	limit := 10
	for i := 1; i < width; i++ {
		if n < limit {
			dst = append(dst, '0')
		}
		limit *= 10
	}
	return strconv.AppendInt(dst, int64(n), 10)
}
