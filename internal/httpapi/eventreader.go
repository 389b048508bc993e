package httpapi

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// eventReader splits a body into the texts of events, which it does not check.
// next returns a text, valid until the next call, and its line (see
// RejectedEvent); io.EOF after the last; errTooLong for an event of more than
// maxEventBytes, after which it goes on. Any other error is final.
type eventReader interface {
	next() (text []byte, line int, err error)
}

var errTooLong = fmt.Errorf("the event is larger than %d bytes", maxEventBytes)

// splitters are the content types that events come in.
var splitters = map[string]func(io.Reader) eventReader{
	"application/x-ndjson":    newLines,
	"application/ndjson":      newLines,
	"application/jsonl":       newLines,
	"application/x-jsonlines": newLines,
	"application/json-lines":  newLines,
	"application/json":        lookAtJSON,
}

// peeked is how much of application/json is looked at for its form.
const peeked = 64 << 10

// lookAtJSON tells lines from one value: where the first line is an object by
// itself, each line is.
func lookAtJSON(in io.Reader) eventReader {
	r := bufio.NewReaderSize(in, peeked)
	head, _ := r.Peek(peeked) // an error comes again when it is read
	head = bytes.TrimLeft(head, " \t\r\n")
	if line, _, ok := bytes.Cut(head, []byte{'\n'}); ok && bytes.HasPrefix(line, []byte{'{'}) && json.Valid(line) {
		return newLines(r)
	}
	return &values{in: r}
}

// lines reads NDJSON. Empty lines are no events.
type lines struct {
	in   *bufio.Reader
	line int
	text []byte
}

func newLines(in io.Reader) eventReader { return &lines{in: bufio.NewReaderSize(in, peeked)} }

func (l *lines) next() ([]byte, int, error) {
	for {
		whole, err := l.read()
		if err != nil && (len(l.text) == 0 || !errors.Is(err, io.EOF)) {
			return nil, l.line, err
		}
		l.line++
		if !whole {
			return nil, l.line, errTooLong
		}
		if text := bytes.TrimSpace(l.text); len(text) > 0 {
			return text, l.line, nil
		}
	}
}

// read takes a line into text. whole is false where it was too long to keep. The
// last line may have no end: then the error is io.EOF, with a text.
func (l *lines) read() (whole bool, err error) {
	l.text, whole = l.text[:0], true
	for {
		part, err := l.in.ReadSlice('\n')
		if len(l.text)+len(part) > maxEventBytes+2 { // with the end of the line
			whole = false
			l.text = append(l.text[:0], 'x') // not empty, and no more memory
		} else if whole {
			l.text = append(l.text, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return whole, err
		}
	}
}

// values reads one object, several in a row, or the elements of one array.
type values struct {
	in     *bufio.Reader
	array  bool
	begun  bool
	ended  bool
	number int // of values read
	text   []byte
	long   bool
}

func (v *values) next() ([]byte, int, error) {
	if err := v.toValue(); err != nil {
		return nil, v.number, err
	}
	v.number++
	v.text, v.long = v.text[:0], false
	if err := v.value(); err != nil {
		return nil, v.number, err
	}
	if v.long {
		return nil, v.number, errTooLong
	}
	return v.text, v.number, nil
}

// toValue moves to the first byte of the next value.
func (v *values) toValue() error {
	c, err := v.peek()
	if !v.begun && err == nil && c == '[' {
		v.array = true
		v.skip()
		c, err = v.peek()
		if err == nil && c == ']' {
			return v.end()
		}
	} else if v.array && v.begun && err == nil {
		switch {
		case v.ended:
			return errors.New("something follows the array")
		case c == ']':
			return v.end()
		case c != ',':
			return fmt.Errorf("a comma or ] is wanted after element %d of the array", v.number)
		}
		v.skip()
		c, err = v.peek()
	}
	v.begun = true
	if errors.Is(err, io.EOF) && v.array && !v.ended {
		return errors.New("the array does not end")
	}
	if err == nil && (c == ',' || c == ']' || c == '}') {
		return fmt.Errorf("a value is wanted after %d of them, found %q", v.number, c)
	}
	return err
}

// end reads what may follow an array.
func (v *values) end() error {
	v.skip()
	v.begun, v.ended = true, true
	if _, err := v.peek(); err != nil {
		return err
	}
	return errors.New("something follows the array")
}

// peek returns the next byte that is no space.
func (v *values) peek() (byte, error) {
	for {
		b, err := v.in.Peek(1)
		if err != nil {
			return 0, err
		}
		if c := b[0]; c != ' ' && c != '\t' && c != '\n' && c != '\r' {
			return c, nil
		}
		v.skip()
	}
}

func (v *values) skip() { _, _ = v.in.Discard(1) } // after a Peek

// value takes one value into text: to the bracket that closes it, or, of other
// values, up to what delimits them. One that the body ends in is taken as it is;
// whoever parses it says what is missing.
func (v *values) value() error {
	depth, quoted, escaped := 0, false, false
	for {
		c, err := v.in.ReadByte()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if !quoted && depth == 0 && len(v.text) > 0 && delimits(c) {
			return v.in.UnreadByte()
		}
		if v.long = v.long || len(v.text) >= maxEventBytes; !v.long {
			v.text = append(v.text, c)
		}
		switch {
		case escaped:
			escaped = false
		case quoted:
			escaped, quoted = c == '\\', c != '"'
		case c == '"':
			quoted = true
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth--; depth <= 0 {
				return nil
			}
		}
	}
}

func delimits(c byte) bool {
	switch c {
	case ',', ']', '}', ' ', '\t', '\n', '\r':
		return true
	}
	return false
}
