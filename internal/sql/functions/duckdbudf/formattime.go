package duckdbudf

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// moment is the time of a date or time argument; zone is the name of a
// ZonedDateTime's zone.
//
//	D  days since 1970
//	T  microseconds since 1970, wall clock
//	Z  microseconds since 1970, a blank and the zone
//	C  microseconds since midnight
func (a formatArg) moment() (t time.Time, zone string, ok bool) {
	text, zone, _ := strings.Cut(a.text, " ")
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return t, "", false
	}
	switch a.class {
	case 'D':
		return time.Unix(n*86400, 0).UTC(), "", true
	case 'T', 'C':
		return time.UnixMicro(n).UTC(), "", true
	case 'Z':
		location, err := zoneOf(zone)
		return time.UnixMicro(n).In(location), zone, err == nil
	}
	return t, "", false
}

// zoneOf reads a zone as types.Type.Zone writes it.
func zoneOf(name string) (*time.Location, error) {
	if name != "" && (name[0] == '+' || name[0] == '-') {
		t, err := time.Parse("-07:00", name)
		if err != nil {
			return time.UTC, err
		}
		_, offset := t.Zone()
		return time.FixedZone(name, offset), nil
	}
	location, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC, err
	}
	return location, nil
}

// timeText is the toString of java.time's classes.
func (a formatArg) timeText() string {
	t, zone, _ := a.moment()
	switch a.class {
	case 'D':
		return isoDate(t)
	case 'C':
		return isoTime(t)
	case 'T':
		return isoDate(t) + "T" + isoTime(t)
	}
	offset := t.Format("Z07:00")
	text := isoDate(t) + "T" + isoTime(t) + offset
	if zone == "" {
		zone = "UTC"
	}
	if zone == offset {
		return text
	}
	return text + "[" + zone + "]"
}

func isoDate(t time.Time) string {
	year, sign := t.Year(), ""
	switch {
	case year > 9999:
		sign = "+"
	case year < 0:
		year, sign = -year, "-"
	}
	return fmt.Sprintf("%s%04d-%02d-%02d", sign, year, t.Month(), t.Day())
}

// isoTime leaves out what is zero, and writes fractions in threes.
func isoTime(t time.Time) string {
	text := t.Format("15:04")
	if t.Second() == 0 && t.Nanosecond() == 0 {
		return text
	}
	text += t.Format(":05")
	switch n := t.Nanosecond(); {
	case n == 0:
		return text
	case n%1_000_000 == 0:
		return text + fmt.Sprintf(".%03d", n/1_000_000)
	default:
		return text + fmt.Sprintf(".%06d", n/1000)
	}
}

// dateParts and timeParts are the conversions of %t that need a date or a time.
var dateParts = map[byte]string{
	'B': "January", 'b': "Jan", 'h': "Jan", 'A': "Monday", 'a': "Mon", 'Y': "", 'y': "06", 'C': "",
	'j': "002", 'm': "01", 'd': "02", 'e': "2", 'D': "01/02/06", 'F': "2006-01-02",
}

var timeParts = map[byte]string{
	'H': "15", 'k': "", 'I': "03", 'l': "3", 'M': "04", 'S': "05", 'L': "", 'N': "", 'p': "pm",
	'R': "15:04", 'T': "15:04:05", 'r': "03:04:05 PM",
}

func (f *formatter) dateTime(s spec, arg formatArg) error {
	if s.precision >= 0 {
		return f.wrong("IllegalFormatPrecision")
	}
	if err := f.mismatch(s, "#+ 0,("); err != nil {
		return err
	}
	if arg.class == 'N' {
		f.justify(s, "null")
		return nil
	}
	if arg.class == 'i' {
		return failure("NOT_SUPPORTED", "The conversion %%t of a number is not supported")
	}
	t, zone, ok := arg.moment()
	layout, date := dateParts[s.conversion]
	clock, timed := timeParts[s.conversion]
	zoned := strings.IndexByte("zZsQc", s.conversion) >= 0
	if !ok || !date && !timed && !zoned || date && arg.class == 'C' || timed && arg.class == 'D' || zoned && arg.class != 'Z' {
		return f.illegal(s, arg)
	}
	if date {
		f.justify(s, datePart(s.conversion, layout, t))
		return nil
	}
	if timed {
		f.justify(s, timePart(s.conversion, clock, t))
		return nil
	}
	switch s.conversion {
	case 'z':
		f.justify(s, t.Format("-0700"))
	case 's':
		f.justify(s, strconv.FormatInt(t.Unix(), 10))
	case 'Q':
		f.justify(s, strconv.FormatInt(t.UnixMilli(), 10))
	default:
		return failure("NOT_SUPPORTED", "The conversion %%t%c of zone %s is not supported", s.conversion, zone)
	}
	return nil
}

func datePart(conversion byte, layout string, t time.Time) string {
	switch conversion {
	case 'Y':
		return fmt.Sprintf("%04d", t.Year())
	case 'C':
		return fmt.Sprintf("%02d", t.Year()/100)
	case 'y':
		return fmt.Sprintf("%02d", t.Year()%100)
	}
	return t.Format(layout)
}

func timePart(conversion byte, layout string, t time.Time) string {
	switch conversion {
	case 'k':
		return strconv.Itoa(t.Hour())
	case 'L':
		return fmt.Sprintf("%03d", t.Nanosecond()/1_000_000)
	case 'N':
		return fmt.Sprintf("%09d", t.Nanosecond())
	}
	return t.Format(layout)
}
