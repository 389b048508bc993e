package duckdbudf

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// joniParser reads a regular expression as Joni does with the syntax that Trino
// sets up (Java's), and writes it for regexp2. Classes are computed here, so
// that both engines mean the same characters; groups are numbered from the left.
type joniParser struct {
	in     string
	pos    int
	depth  int
	groups int
	names  map[string]int
	flags  joniFlags
	folds  bool // (?i) is set somewhere
	behind bool // inside a look-behind, whose length must be known
}

type joniFlags struct{ fold, dotAll, lines, extended bool }

// deepest bounds the nesting of groups and classes.
const deepest = 200

// mostRepeats is the largest count of a quantifier.
const mostRepeats = 100_000

var errRefused = errors.New("refused")

// translateJoni gives the pattern for regexp2, the number of groups and their
// names. An error that wraps errRefused is of what is not supported here.
func translateJoni(pattern string) (string, *joniParser, error) {
	p := &joniParser{in: pattern, names: map[string]int{}}
	out, err := p.alternatives()
	if err == nil && p.folds && strings.ContainsFunc(pattern, foldsToSeveral) {
		err = fmt.Errorf("%w: ß and ligatures where case is ignored", errRefused)
	}
	if err == nil && p.pos < len(p.in) {
		err = errors.New("unmatched close parenthesis")
	}
	return out, p, err
}

func (p *joniParser) rest() string { return p.in[p.pos:] }

func (p *joniParser) peek() byte {
	if p.pos < len(p.in) {
		return p.in[p.pos]
	}
	return 0
}

func (p *joniParser) take(prefix string) bool {
	if !strings.HasPrefix(p.rest(), prefix) {
		return false
	}
	p.pos += len(prefix)
	return true
}

func (p *joniParser) rune() rune {
	r, n := utf8.DecodeRuneInString(p.rest())
	p.pos += n
	return r
}

// alternatives reads up to a closing parenthesis or the end. Flags set inside
// end with it.
func (p *joniParser) alternatives() (string, error) {
	if p.depth++; p.depth > deepest {
		return "", fmt.Errorf("%w: regular expressions nested deeper than %d", errRefused, deepest)
	}
	flags := p.flags
	defer func() { p.depth--; p.flags = flags }()
	var b strings.Builder
	for p.pos < len(p.in) && p.peek() != ')' {
		if p.take("|") {
			b.WriteByte('|')
			continue
		}
		atom, err := p.atom()
		if err != nil {
			return "", err
		}
		if atom, err = p.quantified(atom); err != nil {
			return "", err
		}
		b.WriteString(atom)
	}
	return b.String(), nil
}

// quantified reads the quantifiers behind an atom.
func (p *joniParser) quantified(atom string) (string, error) {
	for {
		p.skipExtended()
		count, ok, err := p.quantifier()
		if err != nil || !ok {
			return atom, err
		}
		if atom == "" {
			return "", errors.New("target of repeat operator is not specified")
		}
		if low, high, fixed := strings.Cut(strings.Trim(count, "{}"), ","); p.behind && (fixed && low != high || count == "*" || count == "+" || count == "?") {
			return "", errors.New("invalid pattern in look-behind")
		}
		switch {
		case p.take("?"):
			atom = "(?:" + atom + ")" + count + "?"
		case p.take("+"):
			atom = "(?>(?:" + atom + ")" + count + ")"
		default:
			atom = "(?:" + atom + ")" + count
		}
	}
}

// quantifier reads *, +, ? or {n,m}; braces around something else are text.
func (p *joniParser) quantifier() (string, bool, error) {
	switch c := p.peek(); c {
	case '*', '+', '?':
		p.pos++
		return string(c), true, nil
	case '{':
	default:
		return "", false, nil
	}
	inside, _, closed := strings.Cut(p.rest()[1:], "}")
	low, high, comma := strings.Cut(inside, ",")
	if !closed || low == "" || !digitsOnly(low) || !digitsOnly(high) {
		return "", false, nil
	}
	n, _ := strconv.Atoi(low)
	m, _ := strconv.Atoi(high)
	if n > mostRepeats || m > mostRepeats {
		return "", false, errors.New("too big number is used for repeat range")
	}
	if comma && high != "" && m < n {
		return "", false, errors.New("upper is smaller than lower in repeat range")
	}
	p.pos += len(inside) + 2
	return "{" + inside + "}", true, nil
}

func digitsOnly(s string) bool { return strings.Trim(s, "0123456789") == "" && len(s) < 10 }

// skipExtended skips white space and comments where (?x) is set.
func (p *joniParser) skipExtended() {
	for p.flags.extended && p.pos < len(p.in) {
		switch c := p.peek(); {
		case c == '#':
			_, after, _ := strings.Cut(p.rest(), "\n")
			p.pos = len(p.in) - len(after)
		case c == ' ' || c >= '\t' && c <= '\r':
			p.pos++
		default:
			return
		}
	}
}

func (p *joniParser) atom() (string, error) {
	p.skipExtended()
	switch c := p.peek(); {
	case p.pos >= len(p.in) || c == ')' || c == '|':
		return "", nil
	case c == '*' || c == '+' || c == '?':
		return "", errors.New("target of repeat operator is not specified")
	case c == '(':
		p.pos++
		return p.group()
	case c == '[':
		p.pos++
		set, err := p.class()
		return p.set(set), err
	case c == '\\':
		p.pos++
		return p.escape()
	case c == '.':
		p.pos++
		if p.flags.dotAll {
			return `[\s\S]`, nil
		}
		return `[^\n]`, nil
	case c == '^':
		p.pos++
		if p.flags.lines {
			return `(?:\A|(?<=\n)(?!\z))`, nil
		}
		return `\A`, nil
	case c == '$':
		p.pos++
		if p.flags.lines {
			return `(?=\n|\z)`, nil
		}
		return `(?=\n?\z)`, nil
	}
	return p.literal(p.rune()), nil
}

func (p *joniParser) set(s runeSet) string {
	if p.flags.fold {
		s = s.folded()
	}
	return s.pattern()
}

func (p *joniParser) literal(r rune) string {
	if p.flags.fold {
		if s := (runeSet{{r, r}}).folded(); len(s) > 1 || s[0][0] != s[0][1] {
			return s.pattern()
		}
	}
	var b strings.Builder
	writeRune(&b, r)
	return b.String()
}

// group reads what is behind an opening parenthesis.
func (p *joniParser) group() (string, error) {
	if !p.take("?") {
		return p.capture("")
	}
	switch {
	case p.take("#"):
		_, after, ok := strings.Cut(p.rest(), ")")
		p.pos = len(p.in) - len(after)
		if !ok {
			return "", errors.New("end pattern in group")
		}
		return "(?:)", nil
	case p.take(":"):
		return p.inside("(?:")
	case p.take("="):
		return p.inside("(?=")
	case p.take("!"):
		return p.inside("(?!")
	case p.take(">"):
		return p.inside("(?>")
	case p.take("<="):
		return p.lookBehind("(?<=")
	case p.take("<!"):
		return p.lookBehind("(?<!")
	case p.take("<"):
		name, _, ok := strings.Cut(p.rest(), ">")
		if !ok || !groupName(name) {
			return "", errors.New("group name is invalid")
		}
		p.pos += len(name) + 1
		if _, twice := p.names[name]; twice {
			return "", fmt.Errorf("%w: a group name twice", errRefused)
		}
		return p.capture(name)
	}
	return p.options()
}

func groupName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c != '_' && !isLetter(c) && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

func (p *joniParser) lookBehind(open string) (string, error) {
	before := p.behind
	p.behind = true
	out, err := p.inside(open)
	p.behind = before
	return out, err
}

func (p *joniParser) capture(name string) (string, error) {
	p.groups++
	n := p.groups
	if name != "" {
		p.names[name] = n
	}
	return p.inside("(?<" + strconv.Itoa(n) + ">")
}

func (p *joniParser) inside(open string) (string, error) {
	body, err := p.alternatives()
	if err == nil && !p.take(")") {
		err = errors.New("end pattern with unmatched parenthesis")
	}
	return open + body + ")", err
}

// options reads the letters of (?i) or (?i:…).
func (p *joniParser) options() (string, error) {
	flags, on := p.flags, true
	for {
		if p.pos >= len(p.in) {
			return "", errors.New("end pattern in group")
		}
		c := p.in[p.pos]
		p.pos++
		switch c {
		case '-':
			on = false
		case 'i':
			flags.fold = on
			p.folds = p.folds || on
		case 's':
			flags.dotAll = on
		case 'm':
			flags.lines = on
		case 'x':
			flags.extended = on
		case ')':
			p.flags = flags // up to the end of the group around
			body, err := p.alternatives()
			return "(?:" + body + ")", err
		case ':':
			before := p.flags
			p.flags = flags
			out, err := p.inside("(?:")
			p.flags = before
			return out, err
		default:
			return "", errors.New("undefined group option")
		}
	}
}
