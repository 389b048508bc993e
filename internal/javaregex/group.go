package javaregex

import "strings"

// parenthesis reads what is behind an opening one. It is nil for flags that
// hold up to the end of the group around.
func (p *parser) parenthesis() (*expr, error) {
	if !p.take("?") {
		return p.capture("")
	}
	switch {
	case p.take(":"):
		return p.inside()
	case p.take("="):
		return p.look(false, false)
	case p.take("!"):
		return p.look(false, true)
	case p.take(">"):
		e, err := p.inside()
		return &expr{op: opAtomic, subs: []*expr{e}}, err
	case p.take("<="):
		return p.look(true, false)
	case p.take("<!"):
		return p.look(true, true)
	case p.take("<"):
		name, _, ok := strings.Cut(p.rest(), ">")
		if !ok || !groupName(name) {
			return nil, p.errorf("capturing group name does not start with a Latin letter, or has other characters than Latin letters and digits")
		}
		p.at += len(name) + 1
		if _, twice := p.names[name]; twice {
			return nil, p.errorf("named capturing group <%s> is already defined", name)
		}
		return p.capture(name)
	}
	return p.options()
}

func groupName(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// inside reads to the closing parenthesis. Flags that are set inside end with it.
func (p *parser) inside() (*expr, error) {
	before := p.flags
	e, err := p.alternatives()
	if err != nil {
		return nil, err
	}
	if p.peek() != ')' || !p.take(")") {
		return nil, p.errorf("unclosed group")
	}
	p.flags = before
	return e, nil
}

func (p *parser) capture(name string) (*expr, error) {
	p.groups++
	n := p.groups
	if name != "" {
		p.names[name] = n
	}
	e, err := p.inside()
	return &expr{op: opGroup, subs: []*expr{e}, group: n}, err
}

func (p *parser) look(behind, negative bool) (*expr, error) {
	e, err := p.inside()
	if err != nil {
		return nil, err
	}
	if behind {
		if _, longest := e.length(); longest < 0 {
			return nil, p.refused("a look-behind without a greatest length")
		}
	}
	return &expr{op: opLook, subs: []*expr{e}, behind: behind, negative: negative}, nil
}

// options reads the letters of (?i) or (?i:…).
func (p *parser) options() (*expr, error) {
	before, on := p.flags, true
	set := before
	for p.at < len(p.in) {
		c := p.in[p.at]
		p.at++
		switch c {
		case '-':
			on = false
		case 'i':
			set.fold = on
		case 's':
			set.dotAll = on
		case 'm':
			set.lines = on
		case 'x':
			set.comments = on
		case 'd':
			set.unix = on
		case 'u', 'U':
			if on {
				return nil, p.refused("flag (?" + string(c) + ")")
			}
		case ')':
			p.flags = set
			return nil, nil
		case ':':
			p.flags = set
			e, err := p.inside()
			p.flags = before
			return e, err
		default:
			return nil, p.errorf("unknown inline modifier")
		}
	}
	return nil, p.errorf("unknown inline modifier")
}

// length is the least and the greatest number of characters that an expression
// matches; the greatest is -1 where it has no bound that Java sees.
func (e *expr) length() (least, most int) {
	switch e.op {
	case opLiteral:
		n := len([]rune(string(e.text)))
		return n, n
	case opSet:
		return 1, 1
	case opSequence:
		for _, s := range e.subs {
			l, m := s.length()
			least = min(least+l, mostRepeats)
			most = addLength(most, m)
		}
		return least, most
	case opBranch:
		least, most = e.subs[0].length()
		for _, s := range e.subs[1:] {
			l, m := s.length()
			least = min(least, l)
			if most >= 0 {
				most = max(most, m)
			}
			if m < 0 {
				most = -1
			}
		}
		return least, most
	case opRepeat:
		l, m := e.subs[0].length()
		if e.max < 0 || m < 0 {
			return min(l*e.min, mostRepeats), -1
		}
		return min(l*e.min, mostRepeats), min(m*e.max, mostRepeats)
	case opGroup, opAtomic:
		return e.subs[0].length()
	case opBackReference:
		return 0, -1
	}
	return 0, 0
}

func addLength(a, b int) int {
	if a < 0 || b < 0 {
		return -1
	}
	return min(a+b, mostRepeats)
}
