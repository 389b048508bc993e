package formats

import (
	"errors"
	"time"
)

var errNotDateTime = errors.New("not a date or time")

// field reads 1 to most digits.
func digits(b []byte, most int) (int, []byte, bool) {
	n, i := 0, 0
	for i < len(b) && i < most && b[i] >= '0' && b[i] <= '9' {
		n = n*10 + int(b[i]-'0')
		i++
	}
	return n, b[i:], i > 0
}

func skip(b []byte, c byte) ([]byte, bool) {
	if len(b) == 0 || b[0] != c {
		return b, false
	}
	return b[1:], true
}

// parseYMD reads y-m-d, one or two digits for month and day. A day that the
// month does not have is an error: Hive rolls it over into the next month,
// which is never what the writer meant.
func parseYMD(b []byte) (time.Time, []byte, error) {
	y, rest, ok1 := digits(b, 4)
	rest, ok2 := skip(rest, '-')
	m, rest, ok3 := digits(rest, 2)
	rest, ok4 := skip(rest, '-')
	d, rest, ok5 := digits(rest, 2)
	if !(ok1 && ok2 && ok3 && ok4 && ok5) {
		return time.Time{}, nil, errNotDateTime
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if t.Year() != y || int(t.Month()) != m || t.Day() != d {
		return time.Time{}, nil, errOutOfRange
	}
	return t, rest, nil
}

func epochDays(t time.Time) int64 {
	s := t.Unix()
	days := s / 86400
	if s%86400 < 0 {
		days--
	}
	return days
}

// parseDate reads a date as Hive does: y-m-d, and what follows a blank is
// ignored. It returns days since 1970.
func parseDate(b []byte) (int64, error) {
	t, rest, err := parseYMD(trimSpace(b))
	if err != nil {
		return 0, err
	}
	if len(rest) > 0 && rest[0] != ' ' {
		return 0, errNotDateTime
	}
	return epochDays(t), nil
}

// parseTimestamp reads y-m-d h:m:s[.fraction] and the ISO form with T, without
// a zone. It returns microseconds since 1970, rounded to milliseconds, the
// precision of Athena's timestamp.
func parseTimestamp(b []byte) (int64, error) {
	us, rest, err := parseLocal(trimSpace(b))
	if err == nil && len(rest) > 0 {
		err = errNotDateTime
	}
	return us, err
}

// parseZoned is parseTimestamp with an optional Z, +hh:mm or +hhmm at the end,
// moved to UTC.
func parseZoned(b []byte) (int64, error) {
	us, rest, err := parseLocal(trimSpace(b))
	if err != nil || len(rest) == 0 {
		return us, err
	}
	if len(rest) == 1 && (rest[0] == 'Z' || rest[0] == 'z') {
		return us, nil
	}
	sign := int64(1)
	switch rest[0] {
	case '+':
	case '-':
		sign = -1
	default:
		return 0, errNotDateTime
	}
	h, after, ok1 := digits(rest[1:], 2)
	if len(after) > 0 && after[0] == ':' {
		after = after[1:]
	}
	m, after, ok2 := digits(after, 2)
	if !ok1 || !ok2 || len(after) > 0 || h > 18 || m > 59 || len(rest) < 5 {
		return 0, errNotDateTime
	}
	return us - sign*int64(h*3600+m*60)*1e6, nil
}

func parseLocal(b []byte) (int64, []byte, error) {
	day, rest, err := parseYMD(b)
	if err != nil {
		return 0, nil, err
	}
	us := epochDays(day) * 86400 * 1e6
	if len(rest) == 0 || rest[0] != ' ' && rest[0] != 'T' && rest[0] != 't' {
		return 0, nil, errNotDateTime
	}
	iso := rest[0] != ' '
	h, rest, ok1 := digits(rest[1:], 2)
	rest, ok2 := skip(rest, ':')
	m, rest, ok3 := digits(rest, 2)
	if !(ok1 && ok2 && ok3) || h > 23 || m > 59 {
		return 0, nil, errNotDateTime
	}
	s, nanos := 0, 0
	if after, ok := skip(rest, ':'); ok {
		if s, rest, ok = digits(after, 2); !ok || s > 59 {
			return 0, nil, errNotDateTime
		}
		if nanos, rest, err = fraction(rest); err != nil {
			return 0, nil, err
		}
	} else if !iso { // only the ISO form may leave the seconds out
		return 0, nil, errNotDateTime
	}
	us += int64(h*3600+m*60+s) * 1e6
	return us + int64((nanos+500_000)/1_000_000)*1000, rest, nil
}

func fraction(b []byte) (int, []byte, error) {
	after, ok := skip(b, '.')
	if !ok {
		return 0, b, nil
	}
	n, rest, ok := digits(after, 9)
	if !ok {
		return 0, nil, errNotDateTime
	}
	for i := len(after) - len(rest); i < 9; i++ {
		n *= 10
	}
	return n, rest, nil
}

// parseOpenXTimestamp also reads zones, decimal seconds, and integers: seconds,
// or milliseconds from 13 digits on.
func parseOpenXTimestamp(b []byte) (int64, error) {
	for i, c := range b {
		if c == ':' && i > 0 {
			return parseZoned(b)
		}
	}
	point := false
	for _, c := range b {
		if (c < '0' || c > '9') && c != '-' && c != '+' && c != '.' {
			return 0, errNotDateTime
		}
		point = point || c == '.'
	}
	if point {
		d, err := parseBigDecimal(b)
		if err != nil {
			return 0, errNotDateTime
		}
		millis, err := truncated(bigDecimal{d.unscaled, d.scale - 3})
		return toMicros(millis, 1000, err)
	}
	n, err := parseInt64(b)
	if len(b) >= 13 {
		return toMicros(n, 1000, err)
	}
	return toMicros(n, 1_000_000, err)
}

// maxSeconds is far beyond the year 9999 and keeps microseconds an int64.
const maxMicros = int64(1) << 62

func toMicros(n, unit int64, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	if n > maxMicros/unit || n < -maxMicros/unit {
		return 0, errOutOfRange
	}
	return n * unit, nil
}

// truncated is the whole part of d.
func truncated(d bigDecimal) (int64, error) {
	n := d.unscaled
	switch {
	case d.scale > maxDecimalText+100:
		return 0, nil
	case d.scale > 0:
		n = pow10(d.scale).Quo(n, pow10(d.scale))
	case d.scale < -30 && n.Sign() != 0:
		return 0, errOutOfRange
	case d.scale < 0:
		n = pow10(-d.scale).Mul(n, pow10(-d.scale))
	}
	if !n.IsInt64() {
		return 0, errOutOfRange
	}
	return n.Int64(), nil
}
