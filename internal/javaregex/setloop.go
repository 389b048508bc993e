package javaregex

import (
	"bytes"
	"unicode/utf8"
)

// setLoop repeats one character of a set, which most patterns of log files are
// made of.
type setLoop struct {
	set      *byteSet
	min, max int
	mode     mode
	next     node
	follow   *[256]bool // what next can begin with
	apart    bool       // next cannot begin with a character of the set: going back is of no use
}

func newSetLoop(set runeSet, e *expr, next node) *setLoop {
	n := &setLoop{set: newByteSet(set), min: e.min, max: e.max, mode: e.mode, next: next, follow: next.first()}
	if n.follow != nil {
		mine := n.set.first()
		n.apart = true
		for c := range mine {
			if mine[c] && n.follow[c] {
				n.apart = false
			}
		}
	}
	return n
}

func (n *setLoop) first() *[256]bool {
	if n.min > 0 {
		return n.set.first()
	}
	if n.follow == nil {
		return nil
	}
	f := *n.set.first()
	for c, ok := range n.follow {
		f[c] = f[c] || ok
	}
	return &f
}

// can says whether next may match at i.
func (n *setLoop) can(m *Matcher, i int) bool {
	return n.follow == nil || i < len(m.in) && n.follow[m.in[i]]
}

func (n *setLoop) match(m *Matcher, i int) bool {
	from := i
	for count := 0; count < n.min; count++ {
		if i >= len(m.in) {
			return false
		}
		size := n.set.at(m.in, i)
		if size == 0 {
			return false
		}
		i += size
	}
	if n.mode == lazy {
		return n.lazily(m, i)
	}
	end := n.run(m.in, i)
	m.take(end - from)
	switch {
	case n.mode == possessive || end == i:
		return n.can(m, end) && n.next.match(m, end)
	case n.apart && n.max < 0:
		return n.can(m, end) && n.next.match(m, end)
	}
	for at := end; ; {
		if n.can(m, at) && n.next.match(m, at) {
			return true
		}
		if at <= i {
			return false
		}
		for at--; m.in[at]&0xC0 == 0x80; {
			at--
		}
		if (end-at)&0x0F == 0 { // going back takes time too
			m.step()
		}
	}
}

// run is where the characters of the set end.
func (n *setLoop) run(in []byte, i int) int {
	if n.max >= 0 {
		for count := n.min; count < n.max && i < len(in); count++ {
			size := n.set.at(in, i)
			if size == 0 {
				break
			}
			i += size
		}
		return i
	}
	if n.set.without >= 0 {
		if at := bytes.IndexByte(in[i:], byte(n.set.without)); at >= 0 {
			return i + at
		}
		return len(in)
	}
	for {
		for i < len(in) && n.set.bytes[in[i]] {
			i++
		}
		if i >= len(in) || !n.set.some {
			return i
		}
		size := n.set.at(in, i)
		if size == 0 {
			return i
		}
		i += size
	}
}

func (n *setLoop) lazily(m *Matcher, i int) bool {
	m.step()
	for count := n.min; ; count++ {
		if n.max < 0 && n.follow != nil { // over what neither ends the loop nor begins what follows
			from := i
			for i < len(m.in) && m.in[i] < utf8.RuneSelf && n.set.bytes[m.in[i]] && !n.follow[m.in[i]] {
				i++
			}
			m.take(i - from)
		}
		if n.can(m, i) && n.next.match(m, i) {
			return true
		}
		if n.max >= 0 && count >= n.max || i >= len(m.in) {
			return false
		}
		size := n.set.at(m.in, i)
		if size == 0 {
			return false
		}
		i += size
		if count&0x0F == 0 {
			m.step()
		}
	}
}
