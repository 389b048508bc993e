package javaregex

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// node matches at a place in the text, together with all that is behind it.
type node interface {
	match(m *Matcher, i int) bool
	// first are the bytes that a match can begin with, nil where it may be
	// empty or they are not known.
	first() *[256]bool
}

// literal is a run of characters.
type literal struct {
	text   []byte
	next   node
	shared bool
}

func (n *literal) match(m *Matcher, i int) bool {
	if len(m.in)-i < len(n.text) || m.in[i] != n.text[0] || string(m.in[i:i+len(n.text)]) != string(n.text) {
		return false
	}
	return n.next.match(m, i+len(n.text))
}

func (n *literal) first() *[256]bool {
	var f [256]bool
	f[n.text[0]] = true
	return &f
}

type oneOf struct {
	set  *byteSet
	next node
}

func (n *oneOf) match(m *Matcher, i int) bool {
	if i >= len(m.in) {
		return false
	}
	size := n.set.at(m.in, i)
	return size > 0 && n.next.match(m, i+size)
}

func (n *oneOf) first() *[256]bool { return n.set.first() }

// branch tries one way after the other.
type branch struct {
	ways   []node
	firsts []*[256]bool
}

func (n *branch) add(way node) {
	n.ways = append(n.ways, way)
	n.firsts = append(n.firsts, way.first())
}

func (n *branch) match(m *Matcher, i int) bool {
	m.step()
	for w, way := range n.ways {
		if f := n.firsts[w]; f != nil && (i >= len(m.in) || !f[m.in[i]]) {
			continue
		}
		if way.match(m, i) {
			return true
		}
	}
	return false
}

func (n *branch) first() *[256]bool {
	var all [256]bool
	for _, f := range n.firsts {
		if f == nil {
			return nil
		}
		for c := range f {
			all[c] = all[c] || f[c]
		}
	}
	return &all
}

// open remembers where a group, or a round of a loop, begins.
type open struct {
	local int
	next  node
}

func (n *open) match(m *Matcher, i int) bool {
	before := m.locals[n.local]
	m.locals[n.local] = i
	ok := n.next.match(m, i)
	m.locals[n.local] = before
	return ok
}

func (n *open) first() *[256]bool { return n.next.first() }

type closing struct {
	local, group int
	next         node
}

func (n *closing) match(m *Matcher, i int) bool {
	g := &m.groups[n.group]
	before := *g
	*g = [2]int{m.locals[n.local], i}
	if n.next.match(m, i) {
		return true
	}
	*g = before
	return false
}

func (n *closing) first() *[256]bool { return n.next.first() }

// loop is any repeated expression; rounds that match nothing end it.
type loop struct {
	count, begin int // locals
	min, max     int
	lazy         bool
	body, next   node
}

func (n *loop) match(m *Matcher, i int) bool {
	m.step()
	if i <= m.locals[n.begin] {
		return n.next.match(m, i)
	}
	count := m.locals[n.count]
	if count < n.min {
		return n.round(m, i, count)
	}
	if n.lazy {
		return n.next.match(m, i) || (n.max < 0 || count < n.max) && n.round(m, i, count)
	}
	return (n.max < 0 || count < n.max) && n.round(m, i, count) || n.next.match(m, i)
}

func (n *loop) round(m *Matcher, i, count int) bool {
	if m.depth++; m.depth > deepestMatch {
		panic(errTooDeep)
	}
	m.locals[n.count] = count + 1
	ok := n.body.match(m, i)
	m.locals[n.count] = count
	m.depth--
	return ok
}

func (n *loop) first() *[256]bool { return nil }

// enter begins a loop.
type enter struct{ loop *loop }

func (n *enter) match(m *Matcher, i int) bool {
	l := n.loop
	before := m.locals[l.count]
	var ok bool
	switch {
	case l.min > 0:
		ok = l.round(m, i, 0)
	case l.lazy:
		ok = l.next.match(m, i) || l.round(m, i, 0)
	default:
		ok = l.round(m, i, 0) || l.next.match(m, i)
	}
	m.locals[l.count] = before
	return ok
}

func (n *enter) first() *[256]bool {
	if n.loop.min > 0 {
		return n.loop.body.first()
	}
	return nil
}

// stop ends the inside of a look-around or an atomic group.
type stop struct{}

func (stop) match(m *Matcher, i int) bool {
	m.last = i
	return true
}

func (stop) first() *[256]bool { return nil }

// stopAt ends a look-behind, which must end where it is looked from.
type stopAt struct{ local int }

func (n stopAt) match(m *Matcher, i int) bool { return i == m.locals[n.local] }

func (stopAt) first() *[256]bool { return nil }

type atomic struct{ body, next node }

func (n *atomic) match(m *Matcher, i int) bool {
	return n.body.match(m, i) && n.next.match(m, m.last)
}

func (n *atomic) first() *[256]bool { return n.body.first() }

type look struct {
	negative, behind bool
	least, most      int // characters, of a look-behind
	local            int
	body, next       node
}

func (n *look) match(m *Matcher, i int) bool {
	found := false
	if n.behind {
		found = n.matchBehind(m, i)
	} else {
		found = n.body.match(m, i)
	}
	return found != n.negative && n.next.match(m, i)
}

func (n *look) matchBehind(m *Matcher, i int) bool {
	before := m.locals[n.local]
	m.locals[n.local] = i
	defer func() { m.locals[n.local] = before }()
	at := i
	m.step()
	for back := 0; back <= n.most; back++ {
		if back >= n.least && n.body.match(m, at) {
			return true
		}
		if at == 0 {
			return false
		}
		_, size := utf8.DecodeLastRune(m.in[:at])
		at -= size
	}
	return false
}

func (n *look) first() *[256]bool { return n.next.first() }

type backReference struct {
	group int
	fold  bool
	next  node
}

func (n *backReference) match(m *Matcher, i int) bool {
	g := m.groups[n.group]
	if g[0] < 0 {
		return false
	}
	text := m.in[g[0]:g[1]]
	m.take(len(text))
	if len(m.in)-i < len(text) {
		return false
	}
	here := m.in[i : i+len(text)]
	if !bytes.Equal(here, text) && (!n.fold || !equalASCIIFold(here, text)) {
		return false
	}
	return n.next.match(m, i+len(text))
}

func equalASCIIFold(a, b []byte) bool {
	for i, c := range a {
		d := b[i]
		if c != d && (c|0x20 != d|0x20 || c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return true
}

func (n *backReference) first() *[256]bool { return nil }

// boundary is \b. Java sees letters and digits of all scripts as parts of words
// up to release 18, and those of ASCII alone since.
type boundary struct {
	negative bool
	next     node
}

func (n *boundary) match(m *Matcher, i int) bool {
	before, behind := false, false
	if i > 0 {
		r, _ := utf8.DecodeLastRune(m.in[:i])
		before = m.word(r)
	}
	if i < len(m.in) {
		r, _ := utf8.DecodeRune(m.in[i:])
		behind = m.word(r)
	}
	return (before != behind) != n.negative && n.next.match(m, i)
}

func (n *boundary) first() *[256]bool { return n.next.first() }

func (m *Matcher) word(r rune) bool {
	if r < utf8.RuneSelf {
		return r == '_' || r|0x20 >= 'a' && r|0x20 <= 'z' || r >= '0' && r <= '9'
	}
	return m.allScripts && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r))
}
