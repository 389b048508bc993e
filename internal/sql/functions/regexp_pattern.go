package functions

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
)

// translated is a Java regular expression as RE2, DuckDB's engine, takes it.
type translated struct {
	re2    string
	groups int
	// end is set where $ stands outside multi-line mode: Java's also matches
	// before a last newline, RE2's does not.
	end bool
	// boundary is set for \b and \B, which RE2 sees between ASCII words only.
	boundary bool
	// fold is set where case is ignored, which the engines do alike for ASCII.
	fold bool
}

// classes are what \d, \w and \s match in Trino's engine (Joni, as Trino sets it
// up): ASCII alone. Its \b is of all scripts.
var classes = map[byte]string{
	'd': `0-9`,
	'w': `0-9A-Za-z_`,
	's': `\t\n\v\f\r `,
}

// passed are the escapes that mean the same in both.
const passed = `\.+*?()|[]{}^$-/"'#&~!@%,:;<=>_` + "` tnrfvaAzpPx0123456789"

// translate turns a pattern into RE2's, or says what it cannot.
func translatePattern(pattern string) (translated, error) {
	t := translator{in: pattern}
	if err := t.run(); err != nil {
		return translated{}, err
	}
	re, err := syntax.Parse(t.out.String(), syntax.Perl)
	if err != nil {
		return translated{}, fmt.Errorf("regular expression is not supported: %s", pattern)
	}
	t.result.re2, t.result.groups = t.out.String(), re.MaxCap()
	return t.result, nil
}

type translator struct {
	in      string
	pos     int
	out     strings.Builder
	inClass bool
	result  translated
}

func (t *translator) run() error {
	for t.pos < len(t.in) {
		if err := t.step(); err != nil {
			return err
		}
	}
	if t.inClass {
		return fmt.Errorf("premature end of char-class")
	}
	return nil
}

func (t *translator) step() error {
	c := t.in[t.pos]
	switch {
	case c == '\\':
		return t.escape()
	case t.inClass:
		return t.inside(c)
	case c == '[':
		return t.openClass()
	case c == '$':
		t.result.end = true
	case c == '(':
		return t.group()
	case (c == '+' || c == '*' || c == '?' || c == '}') && t.next(1) == '+':
		return t.refused("possessive quantifiers")
	case c == '{' && t.next(1) == ',':
		return t.refused("quantifiers without a lower bound")
	}
	t.out.WriteByte(c)
	t.pos++
	return nil
}

func (t *translator) next(n int) byte {
	if t.pos+n < len(t.in) {
		return t.in[t.pos+n]
	}
	return 0
}

func (t *translator) refused(what string) error {
	return fmt.Errorf("%s are not supported in regular expressions: %s", what, t.in)
}

func (t *translator) openClass() error {
	t.inClass = true
	t.out.WriteByte('[')
	t.pos++
	if t.next(0) == '^' {
		t.out.WriteByte('^')
		t.pos++
	}
	if t.next(0) == ']' {
		return t.refused("classes that begin with ]")
	}
	return nil
}

func (t *translator) inside(c byte) error {
	switch {
	case c == ']':
		t.inClass = false
	case c == '[':
		return t.refused("nested classes")
	case c == '&' && t.next(1) == '&':
		return t.refused("intersections of classes")
	}
	t.out.WriteByte(c)
	t.pos++
	return nil
}

// group lets plain, non-capturing and named groups pass, and flags that both
// engines know.
func (t *translator) group() error {
	rest := t.in[t.pos:]
	switch {
	case !strings.HasPrefix(rest, "(?"):
		t.copy(1)
	case strings.HasPrefix(rest, "(?:"):
		t.copy(3)
	case strings.HasPrefix(rest, "(?i)") && t.pos == 0:
		t.result.fold = true
		t.copy(4)
	case strings.HasPrefix(rest, "(?s)") && t.pos == 0:
		t.copy(4)
	case strings.HasPrefix(rest, "(?is)") && t.pos == 0, strings.HasPrefix(rest, "(?si)") && t.pos == 0:
		t.result.fold = true
		t.copy(5)
	case strings.HasPrefix(rest, "(?<") && len(rest) > 3 && rest[3] != '=' && rest[3] != '!':
		t.out.WriteString("(?P<")
		t.pos += 3
	default:
		return t.refused("look-around, atomic groups and these flags")
	}
	return nil
}

func (t *translator) copy(n int) {
	t.out.WriteString(t.in[t.pos : t.pos+n])
	t.pos += n
}

func (t *translator) escape() error {
	c := t.next(1)
	if set, ok := classes[c]; ok {
		if !t.inClass {
			set = "[" + set + "]"
		}
		t.out.WriteString(set)
		t.pos += 2
		return nil
	}
	switch {
	case (c == 'D' || c == 'W' || c == 'S') && !t.inClass:
		t.out.WriteString("[^" + classes[c+'a'-'A'] + "]")
		t.pos += 2
		return nil
	case (c == 'b' || c == 'B') && !t.inClass:
		t.result.boundary = true
	case c == 'p' || c == 'P': // Joni is of an older Unicode
		return t.refused("properties")
	case c >= '1' && c <= '9':
		return t.refused("back references")
	case c == 'Q':
		return t.quoted()
	case c == 0 || strings.IndexByte(passed, c) < 0 && c < 0x80:
		return fmt.Errorf("\\%c is not supported in regular expressions: %s", c, t.in)
	case c == '0':
		return t.refused("octal escapes")
	}
	t.copy(2)
	return nil
}

// quoted is \Q…\E.
func (t *translator) quoted() error {
	if t.inClass {
		return t.refused("quotes in classes")
	}
	text, _, _ := strings.Cut(t.in[t.pos+2:], `\E`)
	for i := range len(text) {
		t.out.WriteString(quoteMeta(text[i]))
	}
	t.pos = min(len(t.in), t.pos+len(text)+4)
	return nil
}

// matchesEmpty says whether a pattern, known to be valid, matches ”.
func matchesEmpty(re2 string) bool {
	re, err := regexp.Compile(re2)
	return err != nil || re.MatchString("")
}
