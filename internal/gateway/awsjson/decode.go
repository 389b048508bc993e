package awsjson

import (
	"bytes"
	"fmt"
	"reflect"
	"unicode/utf16"
	"unicode/utf8"
)

// SyntaxError is a body that is no JSON, or JSON of other types than the
// operation has. Clients see it as SerializationException.
type SyntaxError struct{ Message string }

func (e *SyntaxError) Error() string { return e.Message }

// maxDepth is how deep a body may be nested.
const maxDepth = 200

type decoder struct {
	data  []byte
	pos   int
	depth int
	text  []byte // scratch for strings with escapes
}

// Decode reads a body into v, a pointer to a struct. An empty body is an empty
// object. Every error is a *SyntaxError. v does not refer to data afterwards.
func Decode(data []byte, v any) error {
	if !utf8.Valid(data) {
		return &SyntaxError{Message: "The body is not valid UTF-8"}
	}
	d := decoder{data: data}
	d.space()
	if d.pos == len(data) {
		return nil
	}
	rv := reflect.ValueOf(v)
	if err := planFor(rv.Type().Elem()).read(&d, rv.UnsafePointer()); err != nil {
		return err
	}
	if d.space(); d.pos != len(data) {
		return d.malformed("something follows the value")
	}
	return nil
}

func (d *decoder) malformed(why string) error {
	return &SyntaxError{Message: fmt.Sprintf("Malformed JSON at byte %d: %s", d.pos, why)}
}

func (d *decoder) space() {
	for d.pos < len(d.data) {
		switch d.data[d.pos] {
		case ' ', '\t', '\n', '\r':
			d.pos++
		default:
			return
		}
	}
}

// peek returns the first byte of the next token, or 0 at the end.
func (d *decoder) peek() byte {
	d.space()
	if d.pos == len(d.data) {
		return 0
	}
	return d.data[d.pos]
}

// null consumes a null, if one comes.
func (d *decoder) null() bool {
	if d.peek() == 'n' && bytes.HasPrefix(d.data[d.pos:], []byte("null")) {
		d.pos += 4
		return true
	}
	return false
}

func (d *decoder) enter() error {
	d.pos++
	if d.depth++; d.depth > maxDepth {
		return d.malformed("nested too deep")
	}
	return nil
}

// object reads an object and calls member after each name. The name is valid
// until the member's value is read.
func (d *decoder) object(member func(name []byte) error) error {
	if d.peek() != '{' {
		return d.mismatch("a Structure")
	}
	if err := d.enter(); err != nil {
		return err
	}
	for first := true; ; first = false {
		c := d.peek()
		if c == '}' {
			d.pos++
			d.depth--
			return nil
		}
		if !first {
			if c != ',' {
				return d.malformed("a comma or } is wanted")
			}
			d.pos++
			c = d.peek()
		}
		if c != '"' {
			return d.malformed("a name is wanted")
		}
		name, err := d.str()
		if err != nil {
			return err
		}
		if d.peek() != ':' {
			return d.malformed("a colon is wanted")
		}
		d.pos++
		if err := member(name); err != nil {
			return err
		}
	}
}

// list reads a list and calls item before each item.
func (d *decoder) list(item func() error) error {
	if d.peek() != '[' {
		return d.mismatch("a List")
	}
	if err := d.enter(); err != nil {
		return err
	}
	for first := true; ; first = false {
		c := d.peek()
		if c == ']' {
			d.pos++
			d.depth--
			return nil
		}
		if !first {
			if c != ',' {
				return d.malformed("a comma or ] is wanted")
			}
			d.pos++
			if d.peek() == ']' {
				return d.malformed("a value is wanted")
			}
		}
		if err := item(); err != nil {
			return err
		}
	}
}

// mismatch is the error for a value of another type than wanted, in the words
// of AWS.
func (d *decoder) mismatch(want string) error {
	switch c := d.peek(); {
	case c == '"':
		return &SyntaxError{Message: "STRING_VALUE can not be converted to " + want}
	case c == '-' || c >= '0' && c <= '9':
		return &SyntaxError{Message: "NUMBER_VALUE can not be converted to " + want}
	case d.word("true"):
		return &SyntaxError{Message: "TRUE_VALUE can not be converted to " + want}
	case d.word("false"):
		return &SyntaxError{Message: "FALSE_VALUE can not be converted to " + want}
	case d.word("null"):
		return &SyntaxError{Message: "NULL_VALUE can not be converted to " + want}
	case c == '{':
		return &SyntaxError{Message: "Start of structure or map found where not expected."}
	case c == '[':
		return &SyntaxError{Message: "Start of list found where not expected"}
	}
	return d.malformed("a value is wanted")
}

func (d *decoder) word(w string) bool { return bytes.HasPrefix(d.data[d.pos:], []byte(w)) }

// skip reads a value of any type.
func (d *decoder) skip() error {
	switch c := d.peek(); {
	case c == '"':
		_, err := d.str()
		return err
	case c == '{':
		return d.object(func([]byte) error { return d.skip() })
	case c == '[':
		return d.list(d.skip)
	case c == '-' || c >= '0' && c <= '9':
		_, err := d.number()
		return err
	}
	for _, w := range []string{"true", "false", "null"} {
		if d.word(w) {
			d.pos += len(w)
			return nil
		}
	}
	return d.malformed("a value is wanted")
}

// str reads a string and returns its bytes, valid until the next string.
func (d *decoder) str() ([]byte, error) {
	start := d.pos + 1
	d.pos = start + plainPrefix(d.data[start:])
	if d.pos == len(d.data) {
		return nil, d.malformed("a string does not end")
	}
	if d.data[d.pos] == '"' {
		d.pos++
		return d.data[start : d.pos-1], nil
	}
	d.text = append(d.text[:0], d.data[start:d.pos]...)
	return d.escaped()
}

// escaped goes on with a string at its first backslash.
func (d *decoder) escaped() ([]byte, error) {
	for d.pos < len(d.data) {
		c := d.data[d.pos]
		switch {
		case c == '"':
			d.pos++
			return d.text, nil
		case c == '\\':
			if err := d.escape(); err != nil {
				return nil, err
			}
		case c < 0x20:
			return nil, d.malformed("a control character in a string")
		default:
			end := d.pos + plainPrefix(d.data[d.pos:])
			d.text = append(d.text, d.data[d.pos:end]...)
			d.pos = end
		}
	}
	return nil, d.malformed("a string does not end")
}

var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (d *decoder) escape() error {
	if d.pos+1 >= len(d.data) {
		return d.malformed("a string does not end")
	}
	c := d.data[d.pos+1]
	if e := escapes[c]; e != 0 {
		d.text = append(d.text, e)
		d.pos += 2
		return nil
	}
	if c != 'u' {
		return d.malformed("an unknown escape")
	}
	r, ok := d.hex4(d.pos + 2)
	if !ok {
		return d.malformed("\\u wants four hexadecimal digits")
	}
	d.pos += 6
	if utf16.IsSurrogate(r) {
		low, ok := rune(0), false
		if d.word(`\u`) {
			low, ok = d.hex4(d.pos + 2)
		}
		if r = utf16.DecodeRune(r, low); !ok || r == utf8.RuneError {
			return d.malformed("half of a surrogate pair")
		}
		d.pos += 6
	}
	d.text = utf8.AppendRune(d.text, r)
	return nil
}

func (d *decoder) hex4(at int) (rune, bool) {
	if at+4 > len(d.data) {
		return 0, false
	}
	var r rune
	for _, c := range d.data[at : at+4] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// number returns the text of a number.
func (d *decoder) number() ([]byte, error) {
	start := d.pos
	if d.data[d.pos] == '-' {
		d.pos++
	}
	lead := d.pos
	n := d.digits()
	if n == 0 || n > 1 && d.data[lead] == '0' {
		return nil, d.malformed("no number")
	}
	if d.pos < len(d.data) && d.data[d.pos] == '.' {
		d.pos++
		if d.digits() == 0 {
			return nil, d.malformed("no number")
		}
	}
	if d.pos < len(d.data) && d.data[d.pos]|0x20 == 'e' {
		d.pos++
		if d.pos < len(d.data) && (d.data[d.pos] == '+' || d.data[d.pos] == '-') {
			d.pos++
		}
		if d.digits() == 0 {
			return nil, d.malformed("no number")
		}
	}
	return d.data[start:d.pos], nil
}

func (d *decoder) digits() int {
	start := d.pos
	for d.pos < len(d.data) && d.data[d.pos] >= '0' && d.data[d.pos] <= '9' {
		d.pos++
	}
	return d.pos - start
}
