package formats

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// The OpenX SerDe accepts more than JSON: comments, single quotes, bare keys,
// = and => for :, ; for commas, left-out array elements, text behind the value.
// lenient rewrites such a line as regular JSON (bare words stay bare), so that
// one decoder reads both. Lines that are regular never come here.
type lenient struct {
	in    []byte
	at    int
	out   []byte
	depth int
}

func regularise(line []byte) ([]byte, error) {
	l := lenient{in: line}
	if err := l.value(); err != nil {
		return nil, err
	}
	return l.out, nil
}

func (l *lenient) fail(what string) error {
	return fmt.Errorf("%s at character %d", what, l.at)
}

// next is the next byte that begins a token, or -1 at the end.
func (l *lenient) next() (int, error) {
	for l.at < len(l.in) {
		c := l.in[l.at]
		l.at++
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
		case c == '#':
			l.lineComment()
		case c == '/' && l.at < len(l.in) && l.in[l.at] == '/':
			l.lineComment()
		case c == '/' && l.at < len(l.in) && l.in[l.at] == '*':
			end := bytes.Index(l.in[l.at+1:], []byte("*/"))
			if end < 0 {
				return 0, l.fail("unterminated comment")
			}
			l.at += 1 + end + 2
		default:
			return int(c), nil
		}
	}
	return -1, nil
}

func (l *lenient) lineComment() {
	for l.at < len(l.in) {
		c := l.in[l.at]
		l.at++
		if c == '\r' || c == '\n' {
			return
		}
	}
}

func (l *lenient) value() error {
	if l.depth++; l.depth > maxJSONDepth {
		return l.fail("nested too deeply")
	}
	defer func() { l.depth-- }()
	c, err := l.next()
	switch {
	case err != nil:
		return err
	case c < 0:
		return l.fail("end of input")
	case c == '{':
		return l.object()
	case c == '[':
		return l.array()
	case c == '\'' || c == '"':
		return l.quoted(byte(c))
	}
	l.at--
	return l.word(false)
}

// word copies a bare word, as a string where it is a key.
func (l *lenient) word(key bool) error {
	begin := l.at
	for l.at < len(l.in) && !endsLiteral[l.in[l.at]] {
		l.at++
	}
	w := l.in[begin:l.at]
	switch {
	case len(w) == 0:
		return l.fail("value expected")
	case key && bytes.EqualFold(w, []byte("null")):
		return l.fail("a field name is null")
	case key:
		l.out = appendJSONString(l.out, validText(w))
	case w[0] == '"' || w[0] == '\'':
		return l.fail("value expected")
	default:
		l.out = append(l.out, w...)
	}
	return nil
}

func (l *lenient) object() error {
	l.out = append(l.out, '{')
	c, err := l.next()
	if err != nil || c == '}' {
		l.out = append(l.out, '}')
		return err
	}
	for {
		if err := l.key(c); err != nil {
			return err
		}
		if err := l.value(); err != nil {
			return err
		}
		if c, err = l.next(); err != nil {
			return err
		}
		if c == '}' {
			l.out = append(l.out, '}')
			return nil
		}
		if c != ',' && c != ';' {
			return l.fail("unterminated object")
		}
		l.out = append(l.out, ',')
		if c, err = l.next(); err != nil {
			return err
		}
	}
}

// key reads a key that begins with c, and what separates it from its value.
func (l *lenient) key(c int) error {
	var err error
	switch {
	case c < 0:
		return l.fail("end of input")
	case c == '{' || c == '[':
		return l.fail("a field name must be a string")
	case c == '"' || c == '\'':
		err = l.quoted(byte(c))
	default:
		l.at--
		err = l.word(true)
	}
	if err != nil {
		return err
	}
	if c, err = l.next(); err != nil {
		return err
	}
	if c != ':' && c != '=' {
		return l.fail("expected ':' after a field name")
	}
	if c == '=' && l.at < len(l.in) && l.in[l.at] == '>' {
		l.at++
	}
	l.out = append(l.out, ':')
	return nil
}

func (l *lenient) array() error {
	l.out = append(l.out, '[')
	for n := 0; ; n++ {
		c, err := l.next()
		if err != nil {
			return err
		}
		if c < 0 {
			return l.fail("unterminated array")
		}
		if n > 0 {
			l.out = append(l.out, ',')
		}
		switch c {
		case ']':
			if n > 0 { // a separator was the last: one more NULL
				l.out = append(l.out, "null"...)
			}
			l.out = append(l.out, ']')
			return nil
		case ',', ';':
			l.out = append(l.out, "null"...)
			continue
		}
		l.at--
		if err := l.value(); err != nil {
			return err
		}
		if c, err = l.next(); err != nil {
			return err
		}
		if c == ']' {
			l.out = append(l.out, ']')
			return nil
		}
		if c != ',' && c != ';' {
			return l.fail("unterminated array")
		}
	}
}

// quoted copies a string in either kind of quotes.
func (l *lenient) quoted(quote byte) error {
	l.out = append(l.out, '"')
	for l.at < len(l.in) {
		c := l.in[l.at]
		l.at++
		switch {
		case c == quote:
			l.out = append(l.out, '"')
			return nil
		case c == '\\':
			if err := l.escape(); err != nil {
				return err
			}
		default:
			l.out = appendJSONByte(l.out, c)
		}
	}
	return l.fail("unterminated string")
}

func (l *lenient) escape() error {
	if l.at >= len(l.in) {
		return l.fail("unterminated escape")
	}
	c := l.in[l.at]
	l.at++
	switch c {
	case 'u':
		if _, ok := hex4(l.in[l.at:]); !ok {
			return l.fail("invalid escape")
		}
		l.out = append(l.out, '\\', 'u')
		l.out = append(l.out, l.in[l.at:l.at+4]...)
		l.at += 4
	case 't', 'b', 'n', 'r', 'f':
		l.out = append(l.out, '\\', c)
	case 'a':
		l.out = appendJSONByte(l.out, 7)
	case 'v':
		l.out = appendJSONByte(l.out, 9) // what the SerDe makes of it
	default:
		l.out = appendJSONByte(l.out, c)
	}
	return nil
}

const hexDigits = "0123456789abcdef"

func appendJSONByte(out []byte, c byte) []byte {
	switch {
	case c == '"' || c == '\\':
		return append(out, '\\', c)
	case c == '\t':
		return append(out, '\\', 't')
	case c == '\b':
		return append(out, '\\', 'b')
	case c == '\n':
		return append(out, '\\', 'n')
	case c == '\r':
		return append(out, '\\', 'r')
	case c == '\f':
		return append(out, '\\', 'f')
	case c < ' ':
		return append(out, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
	}
	return append(out, c)
}

// appendJSONString writes valid text as a JSON string; </ is written <\/, as
// the SerDe does for the sake of HTML.
func appendJSONString(out, text []byte) []byte {
	out = append(out, '"')
	for i, c := range text {
		if c == '/' && i > 0 && text[i-1] == '<' {
			out = append(out, '\\')
		}
		if c < utf8.RuneSelf {
			out = appendJSONByte(out, c)
		} else {
			out = append(out, c)
		}
	}
	return append(out, '"')
}
