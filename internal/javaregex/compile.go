package javaregex

import "unicode/utf8"

// compiler turns expressions into nodes from the back: each node knows what has
// to match behind it.
type compiler struct{ locals int }

func (c *compiler) local() int {
	c.locals++
	return c.locals - 1
}

func (c *compiler) compile(e *expr, next node) node {
	switch e.op {
	case opEmpty:
		return next
	case opLiteral:
		if l, ok := next.(*literal); ok && !l.shared {
			return &literal{text: append(append([]byte{}, e.text...), l.text...), next: l.next}
		}
		return &literal{text: e.text, next: next}
	case opSet:
		return &oneOf{set: newByteSet(e.set), next: next}
	case opSequence:
		for i := len(e.subs) - 1; i >= 0; i-- {
			next = c.compile(e.subs[i], next)
		}
		return next
	case opBranch:
		return c.branch(e, next)
	case opRepeat:
		return c.repeat(e, next)
	case opGroup:
		local := c.local()
		return &open{local: local, next: c.compile(e.subs[0], &closing{local: local, group: e.group, next: next})}
	case opAtomic:
		return &atomic{body: c.compile(e.subs[0], stop{}), next: next}
	case opLook:
		return c.look(e, next)
	case opBackReference:
		return &backReference{group: e.group, fold: e.fold, next: next}
	case opBoundary:
		return &boundary{negative: e.negative, next: next}
	}
	return &anchor{op: e.op, unix: e.unix, next: next}
}

// share keeps a node from being merged into one of several that lead to it.
func share(n node) node {
	if l, ok := n.(*literal); ok {
		l.shared = true
	}
	return n
}

func (c *compiler) branch(e *expr, next node) node {
	b := &branch{}
	share(next)
	for _, s := range e.subs {
		n := c.compile(s, next)
		b.add(n)
	}
	return b
}

func (c *compiler) look(e *expr, next node) node {
	l := &look{negative: e.negative, behind: e.behind, next: next}
	l.least, l.most = e.subs[0].length()
	if !e.behind {
		l.body = c.compile(e.subs[0], stop{})
		return l
	}
	l.local = c.local()
	l.body = c.compile(e.subs[0], stopAt{local: l.local})
	return l
}

// repeat chooses the simplest node for a quantifier.
func (c *compiler) repeat(e *expr, next node) node {
	body := e.subs[0]
	if set, ok := oneCharacter(body); ok {
		return newSetLoop(set, e, share(next))
	}
	switch {
	case e.mode == possessive:
		return &atomic{body: c.compile(&expr{op: opRepeat, subs: e.subs, min: e.min, max: e.max}, stop{}), next: next}
	case e.max == 0:
		return next
	case e.max == 1 && e.min == 1:
		return c.compile(body, next)
	case e.max == 1:
		b := &branch{}
		share(next)
		some := c.compile(body, next)
		if e.mode == lazy {
			b.add(next)
			b.add(some)
		} else {
			b.add(some)
			b.add(next)
		}
		return b
	}
	l := &loop{count: c.local(), begin: c.local(), min: e.min, max: e.max, lazy: e.mode == lazy, next: share(next)}
	l.body = &open{local: l.begin, next: c.compile(body, l)}
	return &enter{loop: l}
}

func oneCharacter(e *expr) (runeSet, bool) {
	switch {
	case e.op == opSet:
		return e.set, true
	case e.op == opLiteral && utf8.RuneCount(e.text) == 1:
		r, _ := utf8.DecodeRune(e.text)
		return single(r), true
	case e.op == opSequence && len(e.subs) == 1:
		return oneCharacter(e.subs[0])
	}
	return nil, false
}
