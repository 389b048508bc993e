package javaregex

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// op is what an expression does.
type op uint8

const (
	opEmpty    op = iota
	opLiteral     // text
	opSet         // one character of set
	opSequence    // subs one after the other
	opBranch      // one of subs
	opRepeat      // subs[0] from min to max times
	opGroup       // subs[0] captured as group
	opAtomic      // subs[0] without going back into it
	opLook        // subs[0] ahead, or behind
	opBackReference
	opBegin     // \A, ^
	opEnd       // \z
	opDollar    // $, \Z
	opLineBegin // ^ with (?m)
	opLineEnd   // $ with (?m)
	opBoundary  // \b
)

type mode uint8

const (
	greedy mode = iota
	lazy
	possessive
)

// expr is a parsed expression.
type expr struct {
	op       op
	text     []byte
	set      runeSet
	subs     []*expr
	min, max int // of opRepeat; max < 0 for no end
	mode     mode
	group    int
	negative bool // of opLook, opBoundary
	behind   bool // of opLook
	unix     bool // of opDollar and line anchors: only \n ends a line
	fold     bool // of opBackReference
}

type flags struct{ fold, dotAll, lines, comments, unix bool }

// ErrUnsupported is wrapped by errors about constructs that Java has and this
// package has not.
var ErrUnsupported = errors.New("not supported")

const (
	deepestPattern = 200
	mostRepeats    = 1 << 30
)

type parser struct {
	in     string
	at     int
	flags  flags
	depth  int
	groups int
	names  map[string]int
	bounds bool // has \b or \B
}

func (p *parser) errorf(format string, args ...any) error {
	return fmt.Errorf("%s near index %d of the regular expression %s", fmt.Sprintf(format, args...), p.at, p.in)
}

func (p *parser) refused(what string) error {
	return fmt.Errorf("%w: %s in the regular expression %s", ErrUnsupported, what, p.in)
}

func (p *parser) rest() string { return p.in[p.at:] }

func (p *parser) take(prefix string) bool {
	if strings.HasPrefix(p.rest(), prefix) {
		p.at += len(prefix)
		return true
	}
	return false
}

// peek is the next byte, 0 at the end. Where (?x) is set, white space and
// comments before it are passed over.
func (p *parser) peek() byte {
	for p.flags.comments && p.at < len(p.in) {
		c := p.in[p.at]
		if c == '#' {
			i := strings.IndexAny(p.rest(), "\n\r")
			if i < 0 {
				i = len(p.rest())
			}
			p.at += i
			continue
		}
		if c != ' ' && (c < '\t' || c > '\r') {
			break
		}
		p.at++
	}
	if p.at < len(p.in) {
		return p.in[p.at]
	}
	return 0
}

func (p *parser) rune() rune {
	r, n := utf8.DecodeRuneInString(p.rest())
	p.at += n
	return r
}

// alternatives reads up to a closing parenthesis or the end.
func (p *parser) alternatives() (*expr, error) {
	if p.depth++; p.depth > deepestPattern {
		return nil, p.refused("deeper nesting than 200")
	}
	defer func() { p.depth-- }()
	branch := &expr{op: opBranch}
	for {
		e, err := p.sequence()
		if err != nil {
			return nil, err
		}
		branch.subs = append(branch.subs, e)
		if p.peek() != '|' || p.at >= len(p.in) {
			break
		}
		p.at++
	}
	if len(branch.subs) == 1 {
		return branch.subs[0], nil
	}
	return branch, nil
}

func (p *parser) sequence() (*expr, error) {
	seq := &expr{op: opSequence}
	for {
		c := p.peek()
		if p.at >= len(p.in) || c == '|' || c == ')' {
			return seq, nil
		}
		if p.take(`\Q`) {
			text, _, _ := strings.Cut(p.rest(), `\E`)
			p.at = min(len(p.in), p.at+len(text)+2)
			for i, r := range text {
				e := p.literal(r)
				if i+utf8.RuneLen(r) == len(text) {
					var err error
					if e, err = p.quantified(e); err != nil {
						return nil, err
					}
				}
				seq.subs = append(seq.subs, e)
			}
			continue
		}
		e, err := p.atom(c)
		if err != nil {
			return nil, err
		}
		if e == nil { // flags
			continue
		}
		if e, err = p.quantified(e); err != nil {
			return nil, err
		}
		seq.subs = append(seq.subs, e)
	}
}

func (p *parser) atom(c byte) (*expr, error) {
	switch c {
	case '*', '+', '?':
		return nil, p.errorf("dangling meta character '%c'", c)
	case '{':
		return nil, p.refused("a repetition of nothing")
	case '(':
		p.at++
		return p.parenthesis()
	case '[':
		p.at++
		set, err := p.class(true)
		return &expr{op: opSet, set: set}, err
	case '\\':
		p.at++
		return p.escape()
	case '.':
		p.at++
		return &expr{op: opSet, set: p.dot()}, nil
	case '^':
		p.at++
		if p.flags.lines {
			return &expr{op: opLineBegin, unix: p.flags.unix}, nil
		}
		return &expr{op: opBegin}, nil
	case '$':
		p.at++
		if p.flags.lines {
			return &expr{op: opLineEnd, unix: p.flags.unix}, nil
		}
		return &expr{op: opDollar, unix: p.flags.unix}, nil
	}
	return p.literal(p.rune()), nil
}

func (p *parser) dot() runeSet {
	switch {
	case p.flags.dotAll:
		return runeSet(nil).negated()
	case p.flags.unix:
		return single('\n').negated()
	}
	return lineEndSet.negated()
}

func (p *parser) literal(r rune) *expr {
	if p.flags.fold && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') {
		return &expr{op: opSet, set: single(r).folded()}
	}
	return &expr{op: opLiteral, text: utf8.AppendRune(nil, r)}
}

// quantified reads the quantifier behind an atom.
func (p *parser) quantified(e *expr) (*expr, error) {
	low, high, ok, err := p.counts()
	if err != nil || !ok {
		return e, err
	}
	r := &expr{op: opRepeat, subs: []*expr{e}, min: low, max: high}
	switch p.peek() {
	case '?':
		p.at++
		r.mode = lazy
	case '+':
		p.at++
		r.mode = possessive
	}
	if p.peek() == '{' {
		return nil, p.refused("two quantifiers in a row")
	}
	if _, most := e.length(); most == 0 && high != 1 {
		return nil, p.refused("a repetition of what matches no character")
	}
	return r, nil
}

func (p *parser) counts() (low, high int, ok bool, err error) {
	c := p.peek()
	if p.at >= len(p.in) {
		return 0, 0, false, nil
	}
	switch c {
	case '*':
		p.at++
		return 0, -1, true, nil
	case '+':
		p.at++
		return 1, -1, true, nil
	case '?':
		p.at++
		return 0, 1, true, nil
	case '{':
		p.at++
		low, high, err = p.braces()
		return low, high, true, err
	}
	return 0, 0, false, nil
}

func (p *parser) braces() (low, high int, err error) {
	if low, err = p.number(); err != nil {
		return 0, 0, err
	}
	high = low
	if p.take(",") {
		high = -1
		if p.peek() != '}' {
			if high, err = p.number(); err != nil {
				return 0, 0, err
			}
		}
	}
	if !p.take("}") {
		return 0, 0, p.errorf("unclosed counted closure")
	}
	if high >= 0 && high < low {
		return 0, 0, p.errorf("illegal repetition range")
	}
	return low, high, nil
}

func (p *parser) number() (int, error) {
	n, digits := 0, 0
	for ; p.at < len(p.in) && p.in[p.at] >= '0' && p.in[p.at] <= '9'; p.at++ {
		n = n*10 + int(p.in[p.at]-'0')
		if digits++; n > mostRepeats {
			return 0, p.errorf("illegal repetition range")
		}
	}
	if digits == 0 {
		return 0, p.errorf("illegal repetition")
	}
	return n, nil
}
