package datetime

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// timestampForm is the text of a timestamp with or without a zone, timeForm that
// of a time.
var (
	timestampForm = regexp.MustCompile(`^([-+]?\d{4,})-(\d{1,2})-(\d{1,2})(?: (?:(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d+))?)?)?\s*(\S.*)?)?$`)
	timeForm      = regexp.MustCompile(`^(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d+))?)?\s*(?:([+-])(\d\d):(\d\d))?$`)
)

// Timestamp is a text that was read: a wall clock, cut to nanoseconds, and the
// text of its zone.
type Timestamp struct {
	Wall   time.Time
	Digits string // of the fraction
	Zone   string // as it stands, or ""
}

// ReadTimestamp reads yyyy-mm-dd [hh:mm[:ss[.fraction]] [zone]].
func ReadTimestamp(text string) (Timestamp, bool) {
	m := timestampForm.FindStringSubmatch(text)
	if m == nil || len(m[1]) > 7 {
		return Timestamp{}, false
	}
	n := func(i int) int { v, _ := strconv.Atoi(strings.TrimPrefix(m[i], "+")); return v }
	y, mon, d := n(1), n(2), n(3)
	if mon < 1 || mon > 12 || d < 1 || d > daysOf(y, time.Month(mon)) || n(4) > 23 || n(5) > 59 || n(6) > 59 {
		return Timestamp{}, false
	}
	return Timestamp{time.Date(y, time.Month(mon), d, n(4), n(5), n(6), nanos(m[7]), time.UTC), m[7], m[8]}, true
}

// nanos is the nanoseconds of the digits of a fraction, cut.
func nanos(digits string) int {
	n, _ := strconv.Atoi((digits + "000000000")[:9])
	return n
}

// Clock is a time of day that was read, cut to nanoseconds.
type Clock struct {
	Time    time.Duration
	Digits  string // of the fraction
	Zoned   bool
	Minutes int // offset
}

// ReadTime reads hh:mm[:ss[.fraction]] [+hh:mm].
func ReadTime(text string) (Clock, bool) {
	m := timeForm.FindStringSubmatch(text)
	if m == nil {
		return Clock{}, false
	}
	n := func(i int) int { v, _ := strconv.Atoi(m[i]); return v }
	if n(1) > 23 || n(2) > 59 || n(3) > 59 || n(7) > 59 || n(6)*60+n(7) > 14*60 {
		return Clock{}, false
	}
	c := Clock{Digits: m[4], Zoned: m[5] != "", Minutes: n(6)*60 + n(7)}
	if m[5] == "-" {
		c.Minutes = -c.Minutes
	}
	c.Time = time.Duration(n(1)*3600+n(2)*60+n(3))*time.Second + time.Duration(nanos(m[4]))
	return c, true
}

// Round rounds nanoseconds half up to the digits of a precision, up to 9.
func Round(nanos int64, precision int) int64 {
	unit := int64(1)
	for i := precision; i < 9; i++ {
		unit *= 10
	}
	rest := nanos % unit
	if rest < 0 {
		rest += unit
	}
	nanos -= rest
	if rest*2 >= unit && unit > 1 {
		nanos += unit
	}
	return nanos
}

// RoundTime is Round of the part of a time below a second.
func RoundTime(t time.Time, precision int) time.Time {
	return t.Add(time.Duration(Round(int64(t.Nanosecond()), precision) - int64(t.Nanosecond())))
}

var dateForm = regexp.MustCompile(`^([-+]?\d{1,9})-(\d{1,2})-(\d{1,2})$`)

// ReadDate reads yyyy-mm-dd.
func ReadDate(text string) (time.Time, bool) {
	m := dateForm.FindStringSubmatch(text)
	if m == nil {
		return time.Time{}, false
	}
	y, _ := strconv.Atoi(m[1])
	mon, _ := strconv.Atoi(m[2])
	d, _ := strconv.Atoi(m[3])
	if mon < 1 || mon > 12 || d < 1 || d > daysOf(y, time.Month(mon)) || y > 5_881_579 || y < -5_877_640 {
		return time.Time{}, false
	}
	return time.Date(y, time.Month(mon), d, 0, 0, 0, 0, time.UTC), true
}
