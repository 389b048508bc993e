package datetime

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// field is a part of a date or time that an element prints and parses.
type field uint8

const (
	noField field = iota
	era
	century
	yearOfEra
	year
	weekyear
	month
	week
	dayOfYear
	dayOfMonth
	dayOfWeek
	halfday
	clockhourOfHalfday // 1 to 12
	hourOfHalfday      // 0 to 11
	clockhourOfDay     // 1 to 24
	hourOfDay
	minute
	second
	milli
)

// form is how an element writes its field.
type form uint8

const (
	literal form = iota
	number
	signedNumber // parses a sign
	twoDigits    // the last two digits of a year
	fractionForm
	shortText
	longText
	offsetForm // +hhmm or +hh:mm
	zoneID
	zoneName
)

// element is a piece of a pattern.
type element struct {
	form     form
	field    field
	least    int    // digits to print
	most     int    // digits to parse
	text     string // of a literal
	pivot    int    // middle of the hundred years of two digits
	lenient  bool   // two digits: take any number of them
	colon    bool   // in an offset
	fullName bool
}

// Pattern is a compiled pattern.
type Pattern struct{ elements []element }

// NamesZone says whether the pattern has an offset or a zone.
func (p *Pattern) NamesZone() bool {
	for _, e := range p.elements {
		if e.form >= offsetForm {
			return true
		}
	}
	return false
}

// Format writes an instant, cut to milliseconds, in its zone.
func (p *Pattern) Format(t time.Time) (string, error) {
	var b []byte
	for i := range p.elements {
		var err error
		if b, err = p.elements[i].print(b, t); err != nil {
			return "", err
		}
	}
	return string(b), nil
}

func (e *element) print(b []byte, t time.Time) ([]byte, error) {
	switch e.form {
	case literal:
		return append(b, e.text...), nil
	case number, signedNumber:
		return appendNumber(b, valueOf(t, e.field), e.least), nil
	case twoDigits:
		n := valueOf(t, e.field)
		if n < 0 {
			n = -n
		}
		return appendNumber(b, n%100, 2), nil
	case fractionForm:
		return appendFraction(b, t.Nanosecond()/int(time.Millisecond), e.least, e.most), nil
	case shortText, longText:
		return append(b, textOf(t, e.field, e.form == longText)...), nil
	case offsetForm:
		_, seconds := t.Zone()
		return appendOffset(b, seconds, e.colon), nil
	case zoneID:
		return append(b, t.Location().String()...), nil
	}
	return appendZoneName(b, t, e.fullName)
}

func appendNumber(b []byte, n, width int) []byte {
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	text := strconv.Itoa(n)
	for i := len(text); i < width; i++ {
		b = append(b, '0')
	}
	return append(b, text...)
}

// appendFraction writes the milliseconds with at least so many digits, and
// zeros up to most left out.
func appendFraction(b []byte, millis, least, most int) []byte {
	digits := fmt.Sprintf("%03d", millis)
	for len(digits) < most {
		digits += "0"
	}
	digits = digits[:most]
	for len(digits) > least && digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
	}
	return append(b, digits...)
}

func appendOffset(b []byte, seconds int, colon bool) []byte {
	sign := byte('+')
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	b = appendNumber(append(b, sign), seconds/3600, 2)
	if colon {
		b = append(b, ':')
	}
	return appendNumber(b, seconds/60%60, 2)
}

// appendZoneName writes the short name of a zone, where the tz database has one;
// long names are Java's own.
func appendZoneName(b []byte, t time.Time, full bool) ([]byte, error) {
	zone := t.Location().String()
	if zone[0] == '+' || zone[0] == '-' {
		return append(b, zone...), nil
	}
	if zone == "UTC" && full {
		return append(b, "Coordinated Universal Time"...), nil
	}
	name, _ := t.Zone()
	if full || name == "" || name[0] == '+' || name[0] == '-' {
		return nil, Unsupported("the name of the time zone " + zone)
	}
	return append(b, name...), nil
}

// Unsupported is an error about what Trino can do and this package cannot.
type Unsupported string

func (u Unsupported) Error() string { return string(u) + " is not supported" }

// valueOf is the number of a field.
func valueOf(t time.Time, f field) int {
	switch f {
	case year:
		return t.Year()
	case yearOfEra:
		if t.Year() <= 0 {
			return 1 - t.Year()
		}
		return t.Year()
	case century:
		return valueOf(t, yearOfEra) / 100
	case weekyear:
		y, _ := t.ISOWeek()
		return y
	case week:
		_, w := t.ISOWeek()
		return w
	case month:
		return int(t.Month())
	case dayOfYear:
		return t.YearDay()
	case dayOfMonth:
		return t.Day()
	case dayOfWeek:
		return (int(t.Weekday())+6)%7 + 1
	}
	return clockValue(t, f)
}

func clockValue(t time.Time, f field) int {
	switch f {
	case halfday:
		return t.Hour() / 12
	case clockhourOfHalfday:
		return (t.Hour()+11)%12 + 1
	case hourOfHalfday:
		return t.Hour() % 12
	case clockhourOfDay:
		return (t.Hour()+23)%24 + 1
	case hourOfDay:
		return t.Hour()
	case minute:
		return t.Minute()
	}
	return t.Second()
}

// names are the English texts of fields, from the field's least value on.
var names = map[field][]string{
	month:     strings.Fields("January February March April May June July August September October November December"),
	dayOfWeek: strings.Fields("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
	halfday:   {"AM", "PM"},
	era:       {"BC", "AD"},
}

const shortLength = 3

func textOf(t time.Time, f field, long bool) string {
	list := names[f]
	i := 0
	switch f {
	case era:
		if t.Year() > 0 {
			i = 1
		}
	case halfday:
		i = valueOf(t, f)
	default:
		i = valueOf(t, f) - 1
	}
	if name := list[i]; long || len(name) < shortLength {
		return name
	}
	return list[i][:shortLength]
}
