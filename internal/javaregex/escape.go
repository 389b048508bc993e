package javaregex

import (
	"strconv"
	"strings"
	"unicode"
)

// escape reads what is behind a backslash outside of a class.
func (p *parser) escape() (*expr, error) {
	if p.at >= len(p.in) {
		return nil, p.errorf("unexpected internal error: a single backslash at the end")
	}
	c := p.in[p.at]
	switch c {
	case 'A':
		p.at++
		return &expr{op: opBegin}, nil
	case 'z':
		p.at++
		return &expr{op: opEnd}, nil
	case 'Z':
		p.at++
		return &expr{op: opDollar, unix: p.flags.unix}, nil
	case 'b', 'B':
		if strings.HasPrefix(p.rest(), "b{") {
			return nil, p.refused(`\b{g}`)
		}
		p.at++
		p.bounds = true
		return &expr{op: opBoundary, negative: c == 'B'}, nil
	case 'R':
		p.at++
		return &expr{op: opBranch, subs: []*expr{{op: opLiteral, text: []byte("\r\n")}, {op: opSet, set: verticalSet}}}, nil
	case 'G', 'X', 'N':
		return nil, p.refused(`\` + string(c))
	case 'k':
		return p.namedReference()
	}
	if c >= '1' && c <= '9' {
		return p.backReference()
	}
	r, set, err := p.character(false)
	if err != nil {
		return nil, err
	}
	if set != nil {
		return &expr{op: opSet, set: set}, nil
	}
	return p.literal(r), nil
}

func (p *parser) namedReference() (*expr, error) {
	p.at++
	name, _, ok := strings.Cut(strings.TrimPrefix(p.rest(), "<"), ">")
	n, known := p.names[name]
	if !ok || !strings.HasPrefix(p.rest(), "<") || !known {
		return nil, p.errorf("named capturing group <%s> does not exist", name)
	}
	p.at += len(name) + 2
	return &expr{op: opBackReference, group: n, fold: p.flags.fold}, nil
}

// backReference takes as many digits as make the number of a group.
func (p *parser) backReference() (*expr, error) {
	n := int(p.in[p.at] - '0')
	p.at++
	for p.at < len(p.in) && p.in[p.at] >= '0' && p.in[p.at] <= '9' {
		next := n*10 + int(p.in[p.at]-'0')
		if next > p.groups {
			break
		}
		n = next
		p.at++
	}
	if n > p.groups {
		return nil, p.refused(`\` + strconv.Itoa(n) + ", a reference to a group that does not stand before it,")
	}
	return &expr{op: opBackReference, group: n, fold: p.flags.fold}, nil
}

// character reads an escape that is one character, or a set of them.
func (p *parser) character(inClass bool) (rune, runeSet, error) {
	if p.at >= len(p.in) {
		return 0, nil, p.errorf("illegal escape sequence")
	}
	c := p.in[p.at]
	if set, ok := shorthands[c|0x20]; ok && (c|0x20 != c || c >= 'a') {
		p.at++
		if c < 'a' {
			set = set.negated()
		}
		return 0, set, nil
	}
	if c >= 0x80 {
		return p.rune(), nil, nil
	}
	p.at++
	switch c {
	case 't':
		return '\t', nil, nil
	case 'n':
		return '\n', nil, nil
	case 'r':
		return '\r', nil, nil
	case 'f':
		return '\f', nil, nil
	case 'a':
		return 7, nil, nil
	case 'e':
		return 27, nil, nil
	case 'c':
		if p.at >= len(p.in) {
			return 0, nil, p.errorf("illegal control escape sequence")
		}
		p.at++
		return rune(p.in[p.at-1] ^ 64), nil, nil
	case '0':
		return p.octal()
	case 'x':
		if p.take("{") {
			digits, _, ok := strings.Cut(p.rest(), "}")
			p.at += len(digits) + 1
			return p.hex(digits, ok && digits != "")
		}
		return p.hexDigits(2)
	case 'u':
		r, set, err := p.hexDigits(4)
		if err == nil && r >= 0xD800 && r <= 0xDFFF {
			err = p.refused(`half of a surrogate pair`)
		}
		return r, set, err
	case 'p', 'P':
		set, err := p.property()
		if c == 'P' {
			set = set.negated()
		}
		return 0, set, err
	case 'Q', 'E':
		return 0, nil, p.refused(`\` + string(c))
	}
	if c|0x20 >= 'a' && c|0x20 <= 'z' || inClass && c >= '1' && c <= '9' {
		return 0, nil, p.errorf("illegal or unsupported escape sequence")
	}
	return rune(c), nil, nil
}

func (p *parser) hexDigits(n int) (rune, runeSet, error) {
	if len(p.rest()) < n {
		return 0, nil, p.errorf("illegal hexadecimal escape sequence")
	}
	digits := p.rest()[:n]
	p.at += n
	return p.hex(digits, true)
}

func (p *parser) hex(digits string, ok bool) (rune, runeSet, error) {
	n, err := strconv.ParseUint(digits, 16, 32)
	if err != nil || !ok || n > unicode.MaxRune {
		return 0, nil, p.errorf("illegal hexadecimal escape sequence")
	}
	return rune(n), nil, nil
}

// octal reads one to three digits, up to 377.
func (p *parser) octal() (rune, runeSet, error) {
	n, digits := 0, 0
	for digits < 3 && p.at < len(p.in) && p.in[p.at] >= '0' && p.in[p.at] <= '7' && n*8+int(p.in[p.at]-'0') <= 0o377 {
		n = n*8 + int(p.in[p.at]-'0')
		p.at++
		digits++
	}
	if digits == 0 {
		return 0, nil, p.errorf("illegal octal escape sequence")
	}
	return rune(n), nil, nil
}

// property reads the name behind \p.
func (p *parser) property() (runeSet, error) {
	name := ""
	switch {
	case p.take("{"):
		inside, _, ok := strings.Cut(p.rest(), "}")
		if !ok || inside == "" {
			return nil, p.errorf("unclosed character family")
		}
		name = inside
		p.at += len(inside) + 1
	case p.at < len(p.in):
		name = string(p.rune())
	}
	if p.flags.fold && (strings.HasSuffix(name, "Lower") || strings.HasSuffix(name, "Upper") || len(name) >= 2 && strings.ContainsAny(name[len(name)-2:], "L")) {
		return nil, p.refused(`\p{` + name + `} where case is ignored`)
	}
	if set, ok := posixSets[name]; ok {
		return set, nil
	}
	short := strings.TrimPrefix(name, "Is")
	if t, ok := unicode.Categories[short]; ok && len(short) <= 2 {
		return tableSet(t), nil
	}
	script := short
	for _, prefix := range []string{"script=", "sc="} {
		script = strings.TrimPrefix(script, prefix)
	}
	if t, ok := unicode.Scripts[script]; ok && script != name {
		return tableSet(t), nil
	}
	return nil, p.refused(`\p{` + name + `}`)
}
