package datetime

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/sql/types"
)

// saved is a field that parsing found.
type saved struct {
	field field
	value int
}

// bucket collects what the elements of a pattern read.
type bucket struct {
	fields []saved
	offset *int // seconds east of UTC
	zone   string
	zoned  bool
}

// Parsed is what a text gave: an instant and its zone.
type Parsed struct {
	Time time.Time
	// Zone is the zone that the text names, as types.NormalZone gives it.
	Zone string
}

// Parse reads the whole of a text. Without a zone in it the text is in UTC.
func (p *Pattern) Parse(text string) (Parsed, error) {
	var b bucket
	at := 0
	for i := range p.elements {
		next, ok := p.elements[i].parse(text, at, &b)
		if !ok {
			return Parsed{}, invalidFormat(text, next)
		}
		at = next
	}
	if at != len(text) {
		return Parsed{}, invalidFormat(text, at)
	}
	return b.result(text)
}

// invalidFormat is Joda's message for a text that breaks off at a place.
func invalidFormat(text string, at int) error {
	switch {
	case at >= len(text):
		return fmt.Errorf("Invalid format: \"%s\" is too short", text) //nolint:staticcheck // Trino's words
	case at <= 0:
		return fmt.Errorf("Invalid format: \"%s\"", text) //nolint:staticcheck // Trino's words
	}
	return fmt.Errorf("Invalid format: \"%s\" is malformed at \"%s\"", text, text[at:]) //nolint:staticcheck // Trino's words
}

func (e *element) parse(text string, at int, b *bucket) (int, bool) {
	switch e.form {
	case literal:
		end := at + len(e.text)
		return end, end <= len(text) && strings.EqualFold(text[at:end], e.text)
	case number, signedNumber:
		n, end, ok := leadingNumber(text, at, e.most, e.form == signedNumber)
		b.save(e.field, n)
		return end, ok
	case twoDigits:
		return e.parseYear(text, at, b)
	case fractionForm:
		return e.parseFraction(text, at, b)
	case shortText, longText:
		return parseText(e.field, text, at, b)
	case offsetForm:
		return parseOffset(text, at, b)
	case zoneID:
		return parseZoneID(text, at, b)
	}
	return parseZoneName(text, at, b)
}

func (b *bucket) save(f field, n int) { b.fields = append(b.fields, saved{f, n}) }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// leadingNumber reads up to most digits, with a sign before them where signed.
func leadingNumber(text string, at, most int, signed bool) (n, end int, ok bool) {
	end, negative := at, false
	if signed && end+1 < len(text) && (text[end] == '-' || text[end] == '+') && isDigit(text[end+1]) && most > 1 {
		negative = text[end] == '-'
		end++
	}
	start := end
	for end < len(text) && end-start < most && isDigit(text[end]) {
		n = n*10 + int(text[end]-'0')
		end++
		if n > 1<<31-1 {
			return 0, at, false
		}
	}
	if negative {
		n = -n
	}
	return n, end, end > start
}

// parseYear reads two digits of a year; where lenient, any number with a sign,
// and only two digits without one are of the hundred years around the pivot.
func (e *element) parseYear(text string, at int, b *bucket) (int, bool) {
	most, signed := 2, false
	if e.lenient {
		most, signed = 9, true
	}
	n, end, ok := leadingNumber(text, at, most, signed)
	if !ok || !e.lenient && end-at != 2 {
		return at, false
	}
	if end-at == 2 && isDigit(text[at]) {
		low := e.pivot - 50
		base := low % 100
		n += low - base
		if n < low {
			n += 100
		}
	}
	b.save(e.field, n)
	return end, true
}

func (e *element) parseFraction(text string, at int, b *bucket) (int, bool) {
	value, unit, end := 0, 100, at
	for end < len(text) && end-at < e.most && isDigit(text[end]) {
		value += int(text[end]-'0') * unit
		unit /= 10
		end++
	}
	b.save(milli, value)
	return end, end > at
}

// parseText takes the longest name, short or long, in its own case, lower or
// upper.
func parseText(f field, text string, at int, b *bucket) (int, bool) {
	best, value := "", 0
	for i, name := range names[f] {
		for _, n := range []string{name, name[:min(len(name), shortLength)]} {
			for _, form := range []string{n, strings.ToLower(n), strings.ToUpper(n)} {
				if len(form) > len(best) && strings.HasPrefix(text[at:], form) {
					best, value = form, i
				}
			}
		}
	}
	if f == month || f == dayOfWeek {
		value++
	}
	b.save(f, value)
	return at + len(best), best != ""
}

// parseOffset reads Z, +hh, +hhmm, +hh:mm and with seconds.
func parseOffset(text string, at int, b *bucket) (int, bool) {
	if at < len(text) && (text[at] == 'Z' || text[at] == 'z') {
		b.offset = new(int)
		return at + 1, true
	}
	if at+1 >= len(text) || text[at] != '+' && text[at] != '-' {
		return at, false
	}
	negative := text[at] == '-'
	at++
	total, unit := 0, 3600
	colon := false
	for part := 0; part < 3; part++ {
		rest := text[at:]
		if part == 1 && strings.HasPrefix(rest, ":") {
			colon, rest, at = true, rest[1:], at+1
		} else if part > 0 && colon {
			if !strings.HasPrefix(rest, ":") {
				break
			}
			rest, at = rest[1:], at+1
		}
		if part > 0 && !colon && (rest == "" || !isDigit(rest[0])) {
			break
		}
		if len(rest) < 2 || !isDigit(rest[0]) || !isDigit(rest[1]) {
			return at, false
		}
		n := int(rest[0]-'0')*10 + int(rest[1]-'0')
		if part == 0 && n > 23 || n > 59 {
			return at, false
		}
		total, unit, at = total+n*unit, unit/60, at+2
	}
	if negative {
		total = -total
	}
	b.offset = &total
	return at, true
}

// parseZoneID takes the longest beginning that is a zone.
func parseZoneID(text string, at int, b *bucket) (int, bool) {
	const longest = 40
	for end := min(len(text), at+longest); end > at; end-- {
		if zone, err := types.NormalZone(text[at:end]); err == nil && text[at:end] != "Z" && text[at] != '+' && text[at] != '-' {
			b.zone, b.zoned = zone, true
			return end, true
		}
	}
	return at, false
}

// zoneNames are the short names that Joda reads.
var zoneNames = map[string]string{
	"UT": "", "UTC": "", "GMT": "", "EST": "America/New_York", "EDT": "America/New_York",
	"CST": "America/Chicago", "CDT": "America/Chicago", "MST": "America/Denver", "MDT": "America/Denver",
	"PST": "America/Los_Angeles", "PDT": "America/Los_Angeles",
}

func parseZoneName(text string, at int, b *bucket) (int, bool) {
	for _, n := range []int{3, 2} {
		if at+n > len(text) {
			continue
		}
		if zone, ok := zoneNames[text[at:at+n]]; ok {
			b.zone, b.zoned = zone, true
			return at + n, true
		}
	}
	return at, false
}

// order sorts fields as Joda sets them: by the length of the field that each is
// a part of, the longest first, then by its own.
var order = map[field][2]int{
	era: {9, 9}, century: {9, 8}, yearOfEra: {9, 7}, year: {9, 7}, weekyear: {9, 7},
	month: {7, 6}, week: {7, 5}, dayOfYear: {7, 4}, dayOfMonth: {6, 4}, dayOfWeek: {5, 4},
	halfday: {4, 3}, clockhourOfDay: {4, 2}, hourOfDay: {4, 2}, clockhourOfHalfday: {3, 2}, hourOfHalfday: {3, 2},
	minute: {2, 1}, second: {1, 0}, milli: {0, 0},
}

// defaultYear is that of a text with a month or day and no year.
const defaultYear = 2000

func (b *bucket) result(text string) (Parsed, error) {
	sort.SliceStable(b.fields, func(i, j int) bool {
		x, y := order[b.fields[i].field], order[b.fields[j].field]
		return x[0] > y[0] || x[0] == y[0] && x[1] > y[1]
	})
	if len(b.fields) > 0 {
		if own := order[b.fields[0].field][1]; own <= 6 && own >= 4 {
			b.fields = append([]saved{{year, defaultYear}}, b.fields...)
		}
	}
	t := time.Unix(0, 0).UTC()
	for range 2 { // again, because a later field may give an earlier one its room
		for _, f := range b.fields {
			t = f.set(t)
		}
	}
	t = b.floor(t)
	for _, f := range b.fields {
		if n, low, high := f.value, 0, 0; true {
			if low, high = f.limits(t); n < low || n > high {
				return Parsed{}, fmt.Errorf("Cannot parse \"%s\": Value %d for %s must be in the range [%d,%d]", text, n, fieldNames[f.field], low, high) //nolint:staticcheck // Trino's words
			}
		}
	}
	return b.inZone(text, t)
}

// inZone makes an instant of a wall clock.
func (b *bucket) inZone(text string, wall time.Time) (Parsed, error) {
	if b.offset != nil {
		if *b.offset%60 != 0 || *b.offset > 14*3600 || *b.offset < -14*3600 {
			return Parsed{}, Unsupported("time zone " + string(appendOffset(nil, *b.offset, true)))
		}
		return Parsed{wall.Add(-time.Duration(*b.offset) * time.Second), types.OffsetZone(*b.offset / 60)}, nil
	}
	if !b.zoned {
		return Parsed{Time: wall}, nil
	}
	loc, err := types.LoadZone(b.zone)
	if err != nil {
		return Parsed{}, err
	}
	t, gap := FromLocal(wall, loc)
	if gap {
		return Parsed{}, fmt.Errorf("Cannot parse \"%s\": Illegal instant due to time zone offset transition (%s)", text, b.zone) //nolint:staticcheck // Trino's words
	}
	return Parsed{t, b.zone}, nil
}
