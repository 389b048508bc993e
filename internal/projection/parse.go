package projection

import (
	"fmt"
	"strings"
	"time"
)

// fields gathers what a text says. Month and day are 1 and the clock is 0 where
// it says nothing of them.
type fields struct {
	year, month, day, yearDay      int
	hour, half, minute, sec, nanos int
	weekday                        int // -1 where it says none
	halfDay                        bool
}

func (p *pattern) parse(s string) (time.Time, error) {
	f := fields{month: 1, day: 1, weekday: -1}
	rest := s
	for _, q := range p.parts {
		var ok bool
		if rest, ok = q.parse(rest, &f); !ok {
			return time.Time{}, fmt.Errorf("Text '%s' could not be parsed at index %d", s, len(s)-len(rest)) //nolint:staticcheck // Java's words
		}
	}
	if rest != "" {
		return time.Time{}, fmt.Errorf("Text '%s' could not be parsed, unparsed text found at index %d", s, len(s)-len(rest)) //nolint:staticcheck // Java's words
	}
	t, ok := f.time()
	if !ok {
		return time.Time{}, fmt.Errorf("Text '%s' could not be parsed: it is no date", s) //nolint:staticcheck // Java's words
	}
	return t, nil
}

// parse takes a part off the front of a text.
func (q part) parse(s string, f *fields) (rest string, ok bool) {
	switch {
	case q.letter == 0:
		rest, ok = strings.CutPrefix(s, q.literal)
		return rest, ok
	case q.letter == 'a':
		i, rest, ok := name(s, 2, "AM", "PM")
		f.half, f.halfDay = i, true
		return rest, ok
	case q.letter == 'E':
		i, rest, ok := name(s, q.count, weekdays...)
		f.weekday = i
		return rest, ok
	case !q.number():
		i, rest, ok := name(s, q.count, monthNames...)
		f.month = i + 1
		return rest, ok
	}
	n := q.digits(s)
	if n == 0 {
		return s, false
	}
	value := 0
	for _, c := range s[:n] {
		value = value*10 + int(c-'0')
	}
	return s[n:], q.set(f, value)
}

var (
	weekdays   = strings.Fields("Sunday Monday Tuesday Wednesday Thursday Friday Saturday")
	monthNames = strings.Fields("January February March April May June July August September October November December")
)

// name finds which name a text begins with.
func name(s string, count int, names ...string) (i int, rest string, ok bool) {
	for i, n := range names {
		if count != 2 {
			n = cut(n, count)
		}
		if rest, ok := strings.CutPrefix(s, n); ok {
			return i, rest, true
		}
	}
	return 0, s, false
}

// maxDigits of a number without a width; a year has four.
const mostDigits = 9

// digits is how many digits at the front of a text are of this part, 0 where
// they are too few.
func (q part) digits(s string) int {
	n := 0
	for n < len(s) && n < mostDigits+q.following && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	switch {
	case q.fixed() || q.letter != 'D' && q.count > 3:
		if n < q.count || q.following == 0 && !q.fixed() && n > q.count {
			return 0
		}
		return q.count
	case q.letter == 'D':
		n = min(n, 3+q.following)
	}
	if n = max(n-q.following, min(n, q.count)); n < q.count {
		return 0
	}
	return n
}

// set notes the value of a number and says whether it is in its limits.
func (q part) set(f *fields, n int) bool {
	switch q.letter {
	case 'u', 'y':
		if q.count == 2 {
			n += 2000
		}
		f.year = n
		return n <= maxYear
	case 'M', 'L':
		f.month = n
		return n >= 1 && n <= 12
	case 'd':
		f.day = n
		return n >= 1 && n <= 31
	case 'D':
		f.yearDay = n
		return n >= 1 && n <= 366
	case 'H':
		f.hour = n
		return n <= 23
	case 'k':
		f.hour = n % 24
		return n >= 1 && n <= 24
	case 'K':
		f.hour = n
		return n <= 11
	case 'h':
		f.hour = n % 12
		return n >= 1 && n <= 12
	case 'm':
		f.minute = n
		return n <= 59
	case 's':
		f.sec = n
		return n <= 59
	}
	for range 9 - q.count {
		n *= 10
	}
	f.nanos = n
	return true
}

// time puts the fields together. The days 29 to 31 of a shorter month are its
// last one, as java.time's SMART resolver has it.
func (f *fields) time() (time.Time, bool) {
	hour := f.hour
	if f.halfDay {
		hour = hour%12 + 12*f.half
	}
	if f.yearDay > 0 {
		t := time.Date(f.year, 1, f.yearDay, hour, f.minute, f.sec, f.nanos, time.UTC)
		return t, t.Year() == f.year
	}
	last := time.Date(f.year, time.Month(f.month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
	t := time.Date(f.year, time.Month(f.month), min(f.day, last), hour, f.minute, f.sec, f.nanos, time.UTC)
	return t, f.weekday < 0 || int(t.Weekday()) == f.weekday
}
