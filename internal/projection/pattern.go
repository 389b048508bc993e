package projection

import (
	"fmt"
	"strings"
	"time"
)

// pattern is a date format of java.time.format.DateTimeFormatter, without zones,
// eras, weeks of years and optional sections, which are refused by name.
type pattern struct {
	source string
	parts  []part
}

// part is a literal, or letters that stand for a field.
type part struct {
	letter  byte // 0 for a literal
	count   int
	literal string
	// following is how many digits the numbers right after need, which a number
	// without a width leaves to them.
	following int
}

// letter is what one stands for.
type letter struct {
	unit unit
	most int // letters in a row
	// rank orders the letters of a text whose order is that of time: a year of
	// four digits, then each the next unit in its full width; 0 for others.
	rank, width int
}

var letters = map[byte]letter{
	'u': {years, 18, 1, 4}, 'y': {years, 18, 1, 4},
	'M': {months, 4, 2, 2}, 'L': {months, 4, 2, 2},
	'd': {days, 2, 3, 2}, 'D': {days, 3, 0, 3}, 'E': {days, 4, 0, 0},
	'H': {hours, 2, 4, 2}, 'k': {hours, 2, 0, 2}, 'K': {hours, 2, 0, 2}, 'h': {hours, 2, 0, 2}, 'a': {hours, 1, 0, 0},
	'm': {minutes, 2, 5, 2}, 's': {seconds, 2, 6, 2}, 'S': {millis, 9, 7, 0},
}

func compile(source string) (*pattern, error) {
	p := &pattern{source: source}
	for rest := source; rest != ""; {
		one, n, err := nextPart(rest)
		if err != nil {
			return nil, err
		}
		p.parts = append(p.parts, one)
		rest = rest[n:]
	}
	for i := range p.parts {
		for _, f := range p.parts[i+1:] {
			if !f.fixed() {
				break
			}
			p.parts[i].following += f.count
		}
	}
	return p, p.check()
}

// nextPart reads the first part of a pattern and says how long it is.
func nextPart(s string) (part, int, error) {
	c := s[0]
	switch {
	case c == '\'':
		return quoted(s)
	case strings.IndexByte("[]{}#", c) >= 0:
		return part{}, 0, fmt.Errorf("'%c' in a pattern is not supported", c)
	case !isLetter(c):
		return part{literal: s[:1]}, 1, nil
	}
	n := len(s) - len(strings.TrimLeft(s, string(c)))
	l, ok := letters[c]
	switch {
	case !ok:
		return part{}, 0, fmt.Errorf("the pattern letter %c is not supported", c)
	case n > l.most:
		return part{}, 0, fmt.Errorf("Too many pattern letters: %c", c) //nolint:staticcheck // Java's words
	}
	return part{letter: c, count: n}, n, nil
}

// quoted reads a text in quotes, in which two stand for one.
func quoted(s string) (part, int, error) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] != '\'':
			b.WriteByte(s[i])
		case i+1 < len(s) && s[i+1] == '\'':
			b.WriteByte('\'')
			i++
		case i == 1: // '' outside of quotes
			return part{literal: "'"}, 2, nil
		default:
			return part{literal: b.String()}, i + 1, nil
		}
	}
	return part{}, 0, fmt.Errorf("Pattern ends with an incomplete string literal: %s", s) //nolint:staticcheck // Java's words
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// check refuses formats that say no date.
func (p *pattern) check() error {
	if p.finest() > years || !p.has('u') && !p.has('y') {
		return fmt.Errorf("it has no year")
	}
	return nil
}

func (p *pattern) has(letter byte) bool {
	for _, q := range p.parts {
		if q.letter == letter {
			return true
		}
	}
	return false
}

// finest is the smallest unit of the format.
func (p *pattern) finest() unit {
	finest := unit(1 << 62)
	for _, q := range p.parts {
		if q.letter != 0 {
			finest = min(finest, letters[q.letter].unit)
		}
	}
	return finest
}

// ordered says whether later times have texts that are never less: from the
// year on each unit in its full width.
func (p *pattern) ordered() bool {
	rank := 0
	for _, q := range p.parts {
		if q.letter == 0 {
			continue
		}
		l := letters[q.letter]
		if l.rank != rank+1 || l.width != 0 && l.width != q.count {
			return false
		}
		rank++
	}
	return rank > 0
}

// number says whether a part is written in digits.
func (q part) number() bool {
	switch q.letter {
	case 0, 'a', 'E':
		return false
	case 'M', 'L':
		return q.count <= 2
	}
	return true
}

// fixed says whether a part always has count digits.
func (q part) fixed() bool {
	switch q.letter {
	case 'u', 'y', 'D':
		return q.number() && q.count == 2 && q.letter != 'D'
	case 'S':
		return true
	}
	return q.number() && q.count > 1
}

func (p *pattern) format(t time.Time) string {
	b := make([]byte, 0, len(p.source)+8)
	for _, q := range p.parts {
		b = q.append(b, t)
	}
	return string(b)
}

func (q part) append(b []byte, t time.Time) []byte {
	switch q.letter {
	case 0:
		return append(b, q.literal...)
	case 'a':
		return append(b, halves[t.Hour()/12]...)
	case 'E':
		return append(b, cut(t.Weekday().String(), q.count)...)
	case 'S':
		return append(b, fmt.Sprintf("%09d", t.Nanosecond())[:q.count]...)
	case 'M', 'L':
		if q.count > 2 {
			return append(b, cut(t.Month().String(), q.count)...)
		}
	}
	return fmt.Appendf(b, "%0*d", q.count, fieldOf(q, t))
}

var halves = [2]string{"AM", "PM"}

// cut shortens a name to three letters unless four are asked for.
func cut(name string, count int) string {
	if count > 3 {
		return name
	}
	return name[:3]
}

func fieldOf(q part, t time.Time) int {
	switch q.letter {
	case 'M', 'L':
		return int(t.Month())
	case 'd':
		return t.Day()
	case 'D':
		return t.YearDay()
	case 'H':
		return t.Hour()
	case 'k':
		return (t.Hour()+23)%24 + 1
	case 'K':
		return t.Hour() % 12
	case 'h':
		return (t.Hour()+11)%12 + 1
	case 'm':
		return t.Minute()
	case 's':
		return t.Second()
	}
	if q.count == 2 {
		return t.Year() % 100
	}
	return t.Year()
}
