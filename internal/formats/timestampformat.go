package formats

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"
)

// timestampFormats are the patterns of SerDe property timestamp.formats: Joda's,
// or millis. The first that takes a whole text counts; a text that none takes is
// read as without them.
// https://docs.aws.amazon.com/athena/latest/ug/hive-json-serde.html
type timestampFormats []timestampPattern

// timestampPattern is a pattern as its fields; nil is millis.
type timestampPattern []timestampField

type timestampField struct {
	letter byte   // 0 for text
	count  int    // how often the letter stands there
	text   string // what stands between fields
	most   int    // digits of a number
}

// splitFormats cuts at commas; \, and \\ stand for themselves.
func splitFormats(property string) ([]string, error) {
	var out []string
	var b strings.Builder
	end := func() {
		if b.Len() > 0 {
			out = append(out, b.String())
		}
		b.Reset()
	}
	for i := 0; i < len(property); i++ {
		switch c := property[i]; {
		case c == ',':
			end()
		case c == '\\' && i+1 < len(property) && (property[i+1] == ',' || property[i+1] == '\\'):
			i++
			b.WriteByte(property[i])
		case c == '\\':
			return nil, unsupported("SerDe property timestamp.formats=%q: a backslash stands before a comma or a backslash alone", property)
		default:
			b.WriteByte(c)
		}
	}
	end()
	return out, nil
}

func parseFormats(texts []string) (timestampFormats, error) {
	var out timestampFormats
	for _, text := range texts {
		if strings.EqualFold(text, "millis") {
			out = append(out, nil)
			continue
		}
		p, err := parsePattern(text)
		if err != nil {
			return nil, unsupported("SerDe property timestamp.formats: pattern %s: %v", text, err)
		}
		out = append(out, p)
	}
	return out, nil
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func parsePattern(text string) (timestampPattern, error) {
	p := timestampPattern{}
	literal := func(s string) {
		if n := len(p); n > 0 && p[n-1].letter == 0 {
			p[n-1].text += s
			return
		}
		p = append(p, timestampField{text: s})
	}
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c == '\'' && strings.HasPrefix(text[i:], "''"):
			literal("'")
			i += 2
		case c == '\'':
			inside, after, ok := strings.Cut(text[i+1:], "'")
			if !ok {
				return nil, errors.New("a quote does not end")
			}
			literal(inside)
			i = len(text) - len(after)
		case isLetter(c):
			n := i
			for i < len(text) && text[i] == c {
				i++
			}
			f, err := newField(c, i-n)
			if err != nil {
				return nil, err
			}
			p = append(p, f)
		default:
			literal(string(c))
			i++
		}
	}
	for i := range p { // a year before another number has as many digits as letters
		if (p[i].letter == 'y' || p[i].letter == 'Y') && i+1 < len(p) && p[i+1].isNumber() {
			p[i].most = p[i].count
		}
	}
	return p, nil
}

func newField(c byte, count int) (timestampField, error) {
	f := timestampField{letter: c, count: count, most: 2}
	switch {
	case c == 'y' || c == 'Y':
		if count == 2 {
			return f, fmt.Errorf("a year of two digits depends on the present year: not supported")
		}
		f.most = 9
	case c == 'S':
		f.most = count
	case strings.IndexByte("MdHhKkmsaE", c) >= 0:
	case c == 'Z' && count <= 2:
	default:
		return f, fmt.Errorf("%s is not supported", strings.Repeat(string(c), count))
	}
	return f, nil
}

func (f timestampField) isNumber() bool {
	return f.letter == 'M' && f.count <= 2 || f.letter != 'M' && f.letter != 0 && strings.IndexByte("yYdHhKkmsS", f.letter) >= 0
}

// parse reads a text by the formats. It returns microseconds since 1970.
func (formats timestampFormats) parse(b []byte) (int64, error) {
	b = trimSpace(b)
	for _, p := range formats {
		if us, ok := p.parse(b); ok {
			return us, nil
		}
	}
	return parseTimestamp(b)
}

// moment is what the fields of a pattern say; what they do not say is of
// 1970-01-01 00:00.
type moment struct {
	year, month, day     int
	hour, minute, second int
	milli, offset        int // offset in minutes
	half                 int // 0 or 12, -1 where the hour is of the whole day
	afternoon            bool
	weekday              time.Weekday
	hasWeekday           bool
}

func (p timestampPattern) parse(b []byte) (int64, bool) {
	if p == nil {
		return parseMillis(b)
	}
	m := moment{year: 1970, month: 1, day: 1, half: -1}
	for _, f := range p {
		rest, ok := m.read(f, b)
		if !ok {
			return 0, false
		}
		b = rest
	}
	if len(b) > 0 {
		return 0, false
	}
	return m.micros()
}

func parseMillis(b []byte) (int64, bool) {
	whole, fraction, point := bytes.Cut(b, []byte("."))
	if len(whole) > 0 && whole[0] == '+' || point && (len(fraction) == 0 || !isPlainInteger(append([]byte("1"), fraction[:min(len(fraction), 17)]...))) {
		return 0, false
	}
	n, err := parseInt64(whole)
	us, err := toMicros(n, 1000, err)
	return us, err == nil
}

func (m *moment) micros() (int64, bool) {
	if m.half >= 0 {
		m.hour = m.hour%12 + m.half
	} else if m.afternoon {
		m.hour = m.hour%12 + 12
	}
	at := time.Date(m.year, time.Month(m.month), m.day, m.hour, m.minute, m.second, m.milli*1e6, time.UTC)
	if at.Day() != m.day || int(at.Month()) != m.month {
		return 0, false
	}
	if m.hasWeekday { // Joda sets it last: another one is another day of the same week
		at = at.AddDate(0, 0, weekdayOf(m.weekday)-weekdayOf(at.Weekday()))
	}
	return at.UnixMicro() - int64(m.offset)*60e6, true
}

// weekdayOf counts from Monday.
func weekdayOf(d time.Weekday) int { return (int(d) + 6) % 7 }

func (m *moment) read(f timestampField, b []byte) ([]byte, bool) {
	switch f.letter {
	case 0:
		if len(b) < len(f.text) || !bytes.EqualFold(b[:len(f.text)], []byte(f.text)) {
			return nil, false
		}
		return b[len(f.text):], true
	case 'S':
		return m.readFraction(f.most, b)
	case 'Z':
		return m.readOffset(b)
	case 'a':
		return m.readHalf(b)
	case 'E':
		n, rest, ok := readName(b, 7, func(i int) string { return time.Weekday(i).String() })
		m.weekday, m.hasWeekday = time.Weekday(n), true
		return rest, ok
	case 'M':
		if f.count > 2 {
			n, rest, ok := readName(b, 12, func(i int) string { return time.Month(i + 1).String() })
			m.month = n + 1
			return rest, ok
		}
	}
	negative := false
	if f.letter == 'y' && len(b) > 0 && b[0] == '-' {
		negative, b = true, b[1:]
	}
	n, rest, ok := digits(b, f.most)
	if negative {
		n = -n
	}
	return rest, ok && m.set(f.letter, n)
}

// numberFields are the letters of numbers with their least and greatest values.
var numberFields = map[byte]struct {
	least, most int
	set         func(m *moment, n int)
}{
	'y': {-290_000, 290_000, func(m *moment, n int) { m.year = n }},
	'Y': {1, 290_000, func(m *moment, n int) { m.year = n }},
	'M': {1, 12, func(m *moment, n int) { m.month = n }},
	'd': {1, 31, func(m *moment, n int) { m.day = n }},
	'H': {0, 23, func(m *moment, n int) { m.hour = n }},
	'k': {1, 24, func(m *moment, n int) { m.hour = n % 24 }},
	'K': {0, 11, func(m *moment, n int) { m.hour, m.half = n, max(m.half, 0) }},
	'h': {1, 12, func(m *moment, n int) { m.hour, m.half = n%12, max(m.half, 0) }},
	'm': {0, 59, func(m *moment, n int) { m.minute = n }},
	's': {0, 59, func(m *moment, n int) { m.second = n }},
}

func (m *moment) set(letter byte, n int) bool {
	f := numberFields[letter]
	if n < f.least || n > f.most {
		return false
	}
	f.set(m, n)
	return true
}

// readFraction reads up to so many digits behind the second's point, of which
// three count.
func (m *moment) readFraction(most int, b []byte) ([]byte, bool) {
	unit := 100
	i := 0
	for ; i < len(b) && i < most && b[i] >= '0' && b[i] <= '9'; i++ {
		m.milli += int(b[i]-'0') * unit
		unit /= 10
	}
	return b[i:], i > 0
}

func (m *moment) readHalf(b []byte) ([]byte, bool) {
	if len(b) < 2 || b[1]|0x20 != 'm' || b[0]|0x20 != 'a' && b[0]|0x20 != 'p' {
		return nil, false
	}
	if b[0]|0x20 == 'p' {
		m.afternoon = true
		if m.half >= 0 {
			m.half = 12
		}
	}
	return b[2:], true
}

// readOffset reads Z, +hh, +hhmm or +hh:mm.
func (m *moment) readOffset(b []byte) ([]byte, bool) {
	if len(b) > 0 && b[0]|0x20 == 'z' {
		return b[1:], true
	}
	if len(b) < 3 || b[0] != '+' && b[0] != '-' {
		return nil, false
	}
	sign := 1
	if b[0] == '-' {
		sign = -1
	}
	h, rest, ok := digits(b[1:], 2)
	if !ok || len(rest) != len(b)-3 || h > 23 {
		return nil, false
	}
	minutes := rest
	if len(minutes) > 0 && minutes[0] == ':' {
		minutes = minutes[1:]
	}
	if n, after, ok := digits(minutes, 2); ok && len(after) == len(minutes)-2 && n < 60 {
		m.offset = sign * (h*60 + n)
		return after, true
	}
	m.offset = sign * h * 60
	return rest, true
}

// readName reads an English name, whole or its first three letters.
func readName(b []byte, names int, name func(int) string) (int, []byte, bool) {
	for i := range names {
		for _, text := range []string{name(i), name(i)[:3]} {
			if len(b) >= len(text) && bytes.EqualFold(b[:len(text)], []byte(text)) {
				return i, b[len(text):], true
			}
		}
	}
	return 0, nil, false
}
