package javaregex

import (
	"errors"
	"slices"
	"unicode/utf8"
)

// Options are flags of Pattern.compile.
type Options struct {
	IgnoreCase bool // CASE_INSENSITIVE: of ASCII letters
	DotAll     bool // DOTALL: . matches line ends
}

// Regexp is a compiled pattern. It is safe for concurrent use; its matchers are
// not.
type Regexp struct {
	program node
	groups  int
	names   map[string]int
	locals  int
	least   int // characters of the shortest match
	first   *[256]bool
	bounds  bool
	begins  bool // can match at the beginning alone
}

// Compile reads a pattern. An error that wraps ErrUnsupported is about what Java
// has and this package has not; others are about the pattern.
func Compile(pattern string, o Options) (*Regexp, error) {
	if !utf8.ValidString(pattern) {
		return nil, errors.New("the regular expression is not UTF-8")
	}
	p := &parser{in: pattern, names: map[string]int{}, flags: flags{fold: o.IgnoreCase, dotAll: o.DotAll}}
	e, err := p.alternatives()
	if err != nil {
		return nil, err
	}
	if p.at < len(p.in) {
		return nil, p.errorf("unmatched closing ')'")
	}
	c := &compiler{}
	r := &Regexp{groups: p.groups, names: p.names, bounds: p.bounds}
	r.program = c.compile(e, accept{})
	r.locals = c.locals
	r.least, _ = e.length()
	r.first = r.program.first()
	a, anchored := r.program.(*anchor)
	r.begins = anchored && a.op == opBegin
	return r, nil
}

// Groups is how many capturing groups there are.
func (r *Regexp) Groups() int { return r.groups }

// GroupNumber finds a named group.
func (r *Regexp) GroupNumber(name string) (int, bool) {
	n, ok := r.names[name]
	return n, ok
}

// Bounds of one search, behind which it is an error instead of an answer.
const (
	mostSteps    = 10_000_000
	deepestMatch = 50_000
)

var (
	errTooLong = errors.New("the regular expression takes too many steps on this text")
	errTooDeep = errors.New("the regular expression repeats a group too often on this text")
	// ErrBoundary is a text of which releases of Java differ.
	ErrBoundary = errors.New(`the regular expression's \b next to letters that are not ASCII has a different meaning in different releases of Java`)
)

// Matcher holds the state of a search.
type Matcher struct {
	re         *Regexp
	in         []byte
	groups     [][2]int
	locals     []int
	last       int
	whole      bool
	allScripts bool
	steps      int
	depth      int
}

// NewMatcher makes a matcher, which is for one goroutine.
func (r *Regexp) NewMatcher() *Matcher {
	return &Matcher{re: r, groups: make([][2]int, r.groups+1), locals: make([]int, r.locals)}
}

// Group is where the text of a group lies; -1, -1 where it took no part. Group 0
// is the whole match.
func (m *Matcher) Group(n int) (from, to int) { return m.groups[n][0], m.groups[n][1] }

// Matches says whether the whole of a text, valid UTF-8, matches.
func (m *Matcher) Matches(in []byte) (bool, error) { return m.search(in, true) }

// Find says whether a part of a text, valid UTF-8, matches, and finds the first.
func (m *Matcher) Find(in []byte) (bool, error) { return m.search(in, false) }

func (m *Matcher) search(in []byte, whole bool) (ok bool, err error) {
	m.in, m.whole, m.allScripts = in, whole, false
	if ok, err = m.run(); err != nil || !m.re.bounds || isASCII(in) {
		return ok, err
	}
	groups := slices.Clone(m.groups)
	m.allScripts = true
	again, err := m.run()
	if err == nil && (again != ok || ok && !slices.Equal(groups, m.groups)) {
		err = ErrBoundary
	}
	return ok && err == nil, err
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func (m *Matcher) run() (ok bool, err error) {
	m.steps, m.depth = 0, 0
	for i := range m.groups {
		m.groups[i] = [2]int{-1, -1}
	}
	for i := range m.locals {
		m.locals[i] = -1
	}
	defer func() {
		if r := recover(); r != nil {
			failure, known := r.(error)
			if !known || !errors.Is(failure, errTooLong) && !errors.Is(failure, errTooDeep) {
				panic(r)
			}
			ok, err = false, failure
		}
	}()
	if m.whole {
		return m.tryAt(0), nil
	}
	for i := 0; i+m.re.least <= len(m.in); {
		if (m.re.first == nil || i < len(m.in) && m.re.first[m.in[i]]) && m.tryAt(i) {
			return true, nil
		}
		if m.re.begins || i >= len(m.in) {
			return false, nil
		}
		for i++; i < len(m.in) && m.in[i]&0xC0 == 0x80; {
			i++
		}
	}
	return false, nil
}

func (m *Matcher) tryAt(i int) bool {
	m.step()
	if !m.re.program.match(m, i) {
		return false
	}
	m.groups[0] = [2]int{i, m.last}
	return true
}

func (m *Matcher) step() { m.take(0) }

// take counts a step and what it walked over, in bytes.
func (m *Matcher) take(walked int) {
	if m.steps += 1 + walked/16; m.steps > mostSteps {
		panic(errTooLong)
	}
}

// accept ends the pattern.
type accept struct{}

func (accept) match(m *Matcher, i int) bool {
	if m.whole && i != len(m.in) {
		return false
	}
	m.last = i
	return true
}

func (accept) first() *[256]bool { return nil }
