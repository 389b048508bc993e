package duckdbudf

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// letters are the characters that \b sees as parts of words: also the digits and
// fractions of Latin-1.
var letters = sync.OnceValue(func() string {
	return classes()["word"].union(runeSet{{0xb2, 0xb3}, {0xb9, 0xb9}, {0xbc, 0xbe}}).pattern()
})

var controls = map[byte]rune{'t': '\t', 'n': '\n', 'r': '\r', 'f': '\f', 'v': '\v', 'a': '\a', 'e': 0x1b}

// escape reads what is behind a backslash, outside classes.
func (p *joniParser) escape() (string, error) {
	if p.pos >= len(p.in) {
		return "", errors.New("end pattern at escape")
	}
	c := p.peek()
	if set, ok := shorthand(c); ok {
		p.pos++
		return set.pattern(), nil
	}
	switch c {
	case 'b':
		p.pos++
		return `(?:(?<=` + letters() + `)(?!` + letters() + `)|(?<!` + letters() + `)(?=` + letters() + `))`, nil
	case 'B':
		p.pos++
		return `(?:(?<=` + letters() + `)(?=` + letters() + `)|(?<!` + letters() + `)(?!` + letters() + `))`, nil
	case 'A', 'z', 'G':
		p.pos++
		return `\` + string(c), nil
	case 'Z':
		p.pos++
		return `(?=\n?\z)`, nil
	case 'Q':
		text, _, _ := strings.Cut(p.rest()[1:], `\E`)
		p.pos = min(len(p.in), p.pos+1+len(text)+2)
		var b strings.Builder
		for _, r := range text {
			b.WriteString(p.literal(r))
		}
		if text == "" {
			return "(?:)", nil
		}
		return b.String(), nil
	case 'k':
		p.pos++
		return p.namedReference()
	}
	if c >= '1' && c <= '9' {
		return p.reference()
	}
	set, err := p.member()
	if err != nil {
		return "", err
	}
	return p.set(set), nil
}

// reference is \1: a group that comes later or not at all is refused.
func (p *joniParser) reference() (string, error) {
	end := p.pos
	for end < len(p.in) && p.in[end] >= '0' && p.in[end] <= '9' {
		end++
	}
	n, err := strconv.Atoi(p.in[p.pos:end])
	if err != nil || n > p.groups {
		return "", fmt.Errorf("%w: a reference to a group that is not before it", errRefused)
	}
	p.pos = end
	return p.refer(n), nil
}

func (p *joniParser) refer(n int) string {
	if p.flags.fold {
		return `(?i:\k<` + strconv.Itoa(n) + `>)`
	}
	return `\k<` + strconv.Itoa(n) + `>`
}

func (p *joniParser) namedReference() (string, error) {
	name, _, ok := strings.Cut(strings.TrimPrefix(p.rest(), "<"), ">")
	n, known := p.names[name]
	if !ok || p.peek() != '<' || !known {
		return "", errors.New("undefined name <" + name + "> reference")
	}
	p.pos += len(name) + 2
	return p.refer(n), nil
}

// member reads an escape that stands for characters, in a class or outside.
func (p *joniParser) member() (runeSet, error) {
	c := p.peek()
	if set, ok := shorthand(c); ok {
		p.pos++
		return set, nil
	}
	if r, ok := controls[c]; ok {
		p.pos++
		return runeSet{{r, r}}, nil
	}
	switch c {
	case 'p', 'P':
		return p.property(c == 'P')
	case 'x':
		p.pos++
		return p.code(2, 16, strings.HasPrefix(p.rest(), "{"))
	case 'u':
		p.pos++
		return p.code(4, 16, false)
	case '0':
		p.pos++
		return p.code(2, 8, false)
	case 'c':
		if p.pos+1 >= len(p.in) {
			return nil, errors.New("end pattern at control")
		}
		r := rune(p.in[p.pos+1] & 0x9f)
		p.pos += 2
		return runeSet{{r, r}}, nil
	}
	r := p.rune()
	return runeSet{{r, r}}, nil
}

// code reads up to count digits, or digits in braces.
func (p *joniParser) code(count, base int, braces bool) (runeSet, error) {
	text := p.rest()
	if braces {
		inside, _, ok := strings.Cut(text[1:], "}")
		if n, err := strconv.ParseInt(inside, 16, 32); ok && err == nil && n >= 0 {
			p.pos += len(inside) + 2
			return runeSet{{rune(n), rune(n)}}, nil
		}
		return nil, errors.New("invalid code point value")
	}
	end := 0
	for end < count && end < len(text) {
		if _, err := strconv.ParseUint(text[end:end+1], base, 8); err != nil {
			break
		}
		end++
	}
	if base == 16 && count == 4 && end < count {
		return nil, errors.New("too short escape sequence")
	}
	n, _ := strconv.ParseUint("0"+text[:end], base, 32)
	p.pos += end
	if base == 16 && count == 2 && n > 0x7f {
		return nil, fmt.Errorf("%w: \\x of a byte that is not ASCII", errRefused)
	}
	return runeSet{{rune(n), rune(n)}}, nil
}

// property reads p{Name} or P{Name}.
func (p *joniParser) property(negated bool) (runeSet, error) {
	if letter := p.rest()[1:]; letter == "" || letter[0] != '{' {
		return nil, fmt.Errorf("%w: properties without braces", errRefused)
	}
	name, _, ok := strings.Cut(p.rest()[2:], "}")
	if !ok {
		return nil, errors.New("invalid character property name {" + name + "}")
	}
	p.pos += len(name) + 3
	if strings.HasPrefix(strings.ToLower(name), "in") {
		return nil, fmt.Errorf("%w: blocks of characters", errRefused)
	}
	set, ok, refused := property(name)
	if refused {
		return nil, fmt.Errorf("%w: the property %s", errRefused, name)
	}
	if !ok {
		return nil, errors.New("invalid character property name {" + name + "}")
	}
	if negated {
		set = set.negated()
	}
	return set, nil
}

// class reads what is behind [ up to its ], with nested classes and &&.
func (p *joniParser) class() (runeSet, error) {
	if p.depth++; p.depth > deepest {
		return nil, fmt.Errorf("%w: classes nested deeper than %d", errRefused, deepest)
	}
	defer func() { p.depth-- }()
	negated := p.take("^")
	var set, before runeSet
	joined := false
	for first := true; ; first = false {
		switch {
		case p.pos >= len(p.in):
			return nil, errors.New("premature end of char-class")
		case p.peek() == ']' && !first:
			p.pos++
			if joined {
				set = before.both(set)
			}
			if p.flags.fold {
				set = set.folded()
			}
			if negated {
				set = set.negated()
			}
			return set, nil
		case p.take("&&"):
			if joined {
				set = before.both(set)
			}
			before, set, joined = set, nil, true
			continue
		}
		part, err := p.part()
		if err != nil {
			return nil, err
		}
		set = set.union(part)
	}
}

// part reads a character, a range, an escape or a nested class.
func (p *joniParser) part() (runeSet, error) {
	if strings.HasPrefix(p.rest(), "[:") {
		name, _, ok := strings.Cut(p.rest()[2:], ":]")
		bare, caret := strings.CutPrefix(name, "^")
		if set, known := posixSet(bare); ok && known {
			p.pos += len(name) + 4
			if caret {
				set = set.negated()
			}
			return set, nil
		}
	}
	if p.take("[") {
		return p.class()
	}
	low, err := p.single()
	if err != nil || len(low) != 1 || low[0][0] != low[0][1] || p.peek() != '-' || strings.HasPrefix(p.rest(), "-]") || strings.HasPrefix(p.rest(), "-[") || strings.HasPrefix(p.rest(), "-&&") {
		return low, err
	}
	p.pos++
	high, err := p.single()
	if err != nil {
		return nil, err
	}
	if len(high) != 1 || high[0][0] != high[0][1] {
		return low.union(high).union(runeSet{{'-', '-'}}), nil
	}
	if high[0][0] < low[0][0] {
		return nil, errors.New("empty range in char class")
	}
	return runeSet{{low[0][0], high[0][0]}}, nil
}

func (p *joniParser) single() (runeSet, error) {
	if p.pos >= len(p.in) {
		return nil, errors.New("premature end of char-class")
	}
	if p.take(`\`) {
		if p.pos >= len(p.in) {
			return nil, errors.New("end pattern at escape")
		}
		switch p.peek() {
		case 'Q':
			return nil, fmt.Errorf("%w: quotes in classes", errRefused)
		case 'b':
			p.pos++
			return runeSet{{'\b', '\b'}}, nil
		}
		return p.member()
	}
	r := p.rune()
	return runeSet{{r, r}}, nil
}
