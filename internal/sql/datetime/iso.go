package datetime

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The forms of ISO 8601 that Joda's dateTimeParser takes. Of the forms of a date
// the one that takes most of a text counts.
const (
	isoYear  = `([+-]?\d{1,9})`
	isoClock = `(\d{1,2})(?:[.,](\d{1,9})\d*|:(\d{1,2})(?:[.,](\d{1,9})\d*|:(\d{1,2})(?:[.,](\d{1,9})\d*)?)?)?`
	isoZone  = `([Zz]|[+-]\d{2}(?::?\d{2}(?::?\d{2}(?:[.,:]?\d{1,3})?)?)?)?`
)

var (
	isoDates = []*regexp.Regexp{
		regexp.MustCompile(`^` + isoYear + `(?:-(\d{1,2})(?:-(\d{1,2}))?)?$`),
		regexp.MustCompile(`^` + isoYear + `-(\d{3})$`),
		regexp.MustCompile(`^` + isoYear + `-[Ww](\d{1,2})(?:-(\d))?$`),
	}
	isoFields = [][]field{{year, month, dayOfMonth}, {year, dayOfYear}, {weekyear, week, dayOfWeek}}
	isoTime   = regexp.MustCompile(`^(?:` + isoClock + `)?` + isoZone + `$`)
)

// ISO reads what from_iso8601_timestamp takes: a date, a time after T, or both,
// and an offset.
func ISO(text string) (Parsed, error) {
	date, clock, hasClock := strings.Cut(strings.Replace(text, "t", "T", 1), "T")
	var b bucket
	if date != "" && !b.isoDate(date) || date == "" && !hasClock {
		return Parsed{}, invalidFormat(text, 0)
	}
	var extra time.Duration
	if hasClock {
		m := isoTime.FindStringSubmatch(clock)
		if m == nil || date == "" && m[1] == "" {
			return Parsed{}, invalidFormat(text, 0)
		}
		for i, f := range []field{hourOfDay, 0, minute, 0, second} {
			if n, err := strconv.Atoi(m[i+1]); err == nil && f != noField {
				b.save(f, n)
			}
		}
		extra = part(m[2], time.Hour) + part(m[4], time.Minute) + part(m[6], time.Second)
		if m[7] != "" {
			if _, ok := parseOffset(m[7], 0, &b); !ok {
				return Parsed{}, invalidFormat(text, len(text)-len(m[7]))
			}
		}
	}
	p, err := b.result(text)
	p.Time = p.Time.Add(extra)
	return p, err
}

func (b *bucket) isoDate(text string) bool {
	for i, form := range isoDates {
		m := form.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		for j, f := range isoFields[i] {
			if n, err := strconv.Atoi(m[j+1]); err == nil {
				b.save(f, n)
			}
		}
		return true
	}
	return false
}

// part is a fraction of a unit, cut to milliseconds.
func part(digits string, unit time.Duration) time.Duration {
	var sum time.Duration
	for i := range len(digits) {
		unit /= 10
		sum += time.Duration(digits[i]-'0') * unit
	}
	return sum.Truncate(time.Millisecond)
}

// ISODate reads what from_iso8601_date takes.
func ISODate(text string) (time.Time, error) {
	var b bucket
	if !b.isoDate(text) {
		return time.Time{}, invalidFormat(text, 0)
	}
	p, err := b.result(text)
	return p.Time, err
}

// AppendISO writes a wall clock as to_iso8601 does, with the digits of a
// precision.
func AppendISO(dst []byte, t time.Time, precision int) []byte {
	if t.Year() > 9999 {
		dst = append(dst, '+')
	}
	dst = appendNumber(dst, t.Year(), 4)
	dst = t.AppendFormat(dst, "-01-02T15:04:05")
	if precision == 0 {
		return dst
	}
	return append(dst, "."+fmt.Sprintf("%09d", t.Nanosecond())[:precision]...)
}
