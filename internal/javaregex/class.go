package javaregex

import "strings"

// class reads a character class behind its opening bracket. consume is unset
// for the right side of && without brackets of its own, which ends before the
// closing bracket.
func (p *parser) class(consume bool) (runeSet, error) {
	if p.depth++; p.depth > deepestPattern {
		return nil, p.refused("deeper nesting than 200")
	}
	defer func() { p.depth-- }()
	negative := consume && p.take("^")
	var set runeSet
	some := false
	for {
		c := p.peek()
		switch {
		case p.at >= len(p.in):
			return nil, p.errorf("unclosed character class")
		case c == ']' && some:
			if consume {
				p.at++
			}
			if negative {
				set = set.negated()
			}
			return set, nil
		case c == '[':
			p.at++
			inner, err := p.class(true)
			if err != nil {
				return nil, err
			}
			set, some = set.union(inner), true
			continue
		case strings.HasPrefix(p.rest(), "&&"):
			p.at += 2
			right, found, err := p.intersection()
			switch {
			case err != nil:
				return nil, err
			case !found && !some:
				return nil, p.errorf("bad class syntax")
			case !found: // [a&&] and [a&&&&b]: Java keeps what is there
				return nil, p.refused("&& with nothing behind it")
			case some:
				set = set.intersect(right)
			default:
				set = right
			}
			some = true
			continue
		}
		r, err := p.classRange()
		if err != nil {
			return nil, err
		}
		if p.flags.fold {
			r = r.folded()
		}
		set, some = set.union(r), true
	}
}

// intersection reads the right side of &&.
func (p *parser) intersection() (right runeSet, found bool, err error) {
	for {
		c := p.peek()
		if p.at >= len(p.in) || c == ']' || c == '&' {
			return right, found, nil
		}
		var part runeSet
		if c == '[' {
			p.at++
			part, err = p.class(true)
		} else {
			part, err = p.class(false)
		}
		if err != nil {
			return nil, false, err
		}
		right, found = right.union(part), true
	}
}

// classRange reads a character, a range or an escape inside of a class.
func (p *parser) classRange() (runeSet, error) {
	low, set, err := p.classCharacter()
	if err != nil || set != nil {
		return set, err
	}
	if p.peek() != '-' || p.at+1 >= len(p.in) {
		return single(low), nil
	}
	if next := p.in[p.at+1]; next == '[' || next == ']' {
		return single(low), nil // the hyphen is a character of its own
	}
	if strings.HasPrefix(p.rest(), "-&&") {
		return nil, p.refused("-&& in a class")
	}
	p.at++
	p.peek()
	high, set, err := p.classCharacter()
	switch {
	case err != nil:
		return nil, err
	case set != nil || high < low:
		return nil, p.errorf("illegal character range")
	}
	return runeSet{{low, high}}, nil
}

func (p *parser) classCharacter() (rune, runeSet, error) {
	if p.at >= len(p.in) {
		return 0, nil, p.errorf("unclosed character class")
	}
	if p.in[p.at] != '\\' {
		return p.rune(), nil, nil
	}
	p.at++
	return p.character(true)
}
