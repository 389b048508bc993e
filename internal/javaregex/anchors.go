package javaregex

import "unicode/utf8"

// anchor is a place in the text.
type anchor struct {
	op   op
	unix bool
	next node
}

func (n *anchor) match(m *Matcher, i int) bool { return n.here(m.in, i) && n.next.match(m, i) }

func (n *anchor) here(in []byte, i int) bool {
	switch n.op {
	case opBegin:
		return i == 0
	case opEnd:
		return i == len(in)
	case opDollar:
		return i == len(in) || n.lineEnd(in, i) == len(in)-i
	case opLineEnd:
		return i == len(in) || n.lineEnd(in, i) > 0
	}
	return i == 0 || i < len(in) && n.behindLineEnd(in, i) // opLineBegin
}

// lineEnd is the length of the end of line at i, 0 where there is none. The
// place between \r and \n is none.
func (n *anchor) lineEnd(in []byte, i int) int {
	c := in[i]
	switch {
	case c == '\n' && (n.unix || i == 0 || in[i-1] != '\r'):
		return 1
	case n.unix || c == '\n':
		return 0
	case c == '\r' && i+1 < len(in) && in[i+1] == '\n':
		return 2
	case c == '\r':
		return 1
	case c < utf8.RuneSelf:
		return 0
	}
	r, size := utf8.DecodeRune(in[i:])
	if lineEndSet.contains(r) {
		return size
	}
	return 0
}

func (n *anchor) behindLineEnd(in []byte, i int) bool {
	r, _ := utf8.DecodeLastRune(in[:i])
	if n.unix || r == '\n' {
		return r == '\n'
	}
	return lineEndSet.contains(r) && (r != '\r' || in[i] != '\n')
}

func (n *anchor) first() *[256]bool {
	if n.op == opBegin || n.op == opLineBegin {
		return n.next.first()
	}
	return nil
}
