package jsonpath

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// SyntaxError is a path that is none. Offset is its place in bytes.
type SyntaxError struct {
	Offset  int
	Message string
}

func (e *SyntaxError) Error() string { return e.Message }

// UnsupportedError is what Trino 435 parses and refuses.
type UnsupportedError struct{ What string }

func (e *UnsupportedError) Error() string { return e.What + " in JSON path is not yet supported" }

// maxDepth bounds the nesting of a path.
const maxDepth = 200

type pathParser struct {
	tokens []token
	pos    int
	close  map[int]int // the place of each ")" by that of its "("
	depth  int
}

// Parse reads a path: a mode and an expression.
func Parse(path string) (*Path, error) {
	all, err := tokens(path)
	if err != nil {
		return nil, err
	}
	p := &pathParser{tokens: all, close: matching(all)}
	mode := p.peek()
	if mode.kind != wordToken || mode.text != "lax" && mode.text != "strict" {
		return nil, p.unexpected()
	}
	p.pos++
	root, err := p.expression()
	if err != nil {
		return nil, err
	}
	if p.peek().kind != endToken {
		return nil, p.unexpected()
	}
	return &Path{lax: mode.text == "lax", root: root}, nil
}

// matching finds the parentheses that belong together.
func matching(all []token) map[int]int {
	out := map[int]int{}
	var open []int
	for i, t := range all {
		switch {
		case t.kind == signToken && t.text == "(":
			open = append(open, i)
		case t.kind == signToken && t.text == ")" && len(open) > 0:
			out[open[len(open)-1]] = i
			open = open[:len(open)-1]
		}
	}
	return out
}

func (p *pathParser) peek() token { return p.tokens[p.pos] }

func (p *pathParser) sign(text string) bool {
	t := p.peek()
	if t.kind != signToken || t.text != text {
		return false
	}
	p.pos++
	return true
}

func (p *pathParser) word(text string) bool {
	t := p.peek()
	if t.kind != wordToken || t.text != text {
		return false
	}
	p.pos++
	return true
}

func (p *pathParser) need(sign string) error {
	if !p.sign(sign) {
		return p.unexpected()
	}
	return nil
}

func (p *pathParser) unexpected() error {
	t := p.peek()
	return &SyntaxError{Offset: t.offset, Message: "mismatched input '" + t.text + "'"}
}

// expression is a sum of products.
func (p *pathParser) expression() (node, error) {
	return p.binary([]string{"+", "-"}, func() (node, error) {
		return p.binary([]string{"*", "/", "%"}, p.unary)
	})
}

func (p *pathParser) binary(operators []string, operand func() (node, error)) (node, error) {
	left, err := operand()
	for err == nil && p.peek().kind == signToken && slices.Contains(operators, p.peek().text) {
		operator := p.peek().text
		p.pos++
		var right node
		right, err = operand()
		left = &binaryNode{operator, left, right}
	}
	return left, err
}

func (p *pathParser) unary() (node, error) {
	t := p.peek()
	if t.kind != signToken || t.text != "-" && t.text != "+" {
		return p.accessors()
	}
	p.pos++
	if n := p.peek().kind; t.text == "-" && (n == integerToken || n == decimalToken || n == doubleToken) {
		p.pos--
		return p.accessors()
	}
	if err := p.deeper(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	base, err := p.unary()
	return &unaryNode{base, t.text == "-"}, err
}

func (p *pathParser) deeper() error {
	p.depth++
	if p.depth > maxDepth {
		return &SyntaxError{Offset: p.peek().offset, Message: fmt.Sprintf("nested deeper than %d", maxDepth)}
	}
	return nil
}

func (p *pathParser) accessors() (node, error) {
	base, err := p.primary()
	for err == nil {
		switch {
		case p.sign(".."):
			base, err = p.descendant(base)
		case p.sign("."):
			base, err = p.member(base)
		case p.sign("["):
			base, err = p.array(base)
		case p.sign("?"):
			base, err = p.filter(base)
		default:
			return base, nil
		}
	}
	return nil, err
}

func (p *pathParser) primary() (node, error) {
	t := p.peek()
	p.pos++
	switch t.kind {
	case stringToken:
		return &literalNode{t.text}, nil
	case integerToken, decimalToken, doubleToken:
		return numberLiteral(t, false)
	case variableToken:
		return &variableNode{t.text[1:]}, nil
	case wordToken:
		switch t.text {
		case "null":
			return &literalNode{Null{}}, nil
		case "true", "false":
			return &literalNode{t.text == "true"}, nil
		case "last":
			return &lastNode{}, nil
		}
	case signToken:
		switch t.text {
		case "$":
			return &contextNode{}, nil
		case "@":
			return &currentNode{}, nil
		case "-":
			number := p.peek()
			p.pos++
			return numberLiteral(number, true)
		case "(":
			return p.parenthesized()
		}
	}
	p.pos--
	return nil, p.unexpected()
}

func (p *pathParser) parenthesized() (node, error) {
	if err := p.deeper(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	inner, err := p.expression()
	if err != nil {
		return nil, err
	}
	return inner, p.need(")")
}

// numberLiteral has the type that the number has in SQL.
func numberLiteral(t token, negative bool) (node, error) {
	text := t.text
	if negative {
		text = "-" + text
	}
	bad := &SyntaxError{Offset: t.offset, Message: "invalid number: " + text}
	switch t.kind {
	case integerToken:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, bad
		}
		if n == int64(int32(n)) {
			return &literalNode{Int{n, 32}}, nil
		}
		return &literalNode{Int{n, 64}}, nil
	case doubleToken:
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, bad
		}
		return &literalNode{f}, nil
	}
	whole, fraction, _ := strings.Cut(text, ".")
	n, ok := new(big.Int).SetString(whole+fraction, 10)
	if whole == "" || whole == "-" {
		n, ok = new(big.Int).SetString(whole+"0"+fraction, 10)
	}
	digits := max(len(strings.TrimLeft(strings.TrimPrefix(whole, "-"), "0"))+len(fraction), 1)
	if !ok || digits > maxPrecision {
		return nil, bad
	}
	return &literalNode{Decimal{n, digits, len(fraction)}}, nil
}
