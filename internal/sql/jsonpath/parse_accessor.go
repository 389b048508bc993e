package jsonpath

// methods are the methods without arguments.
var methods = map[string]bool{
	"type": true, "size": true, "double": true, "ceiling": true, "floor": true, "abs": true, "keyvalue": true,
}

// member reads what stands behind a ".": a name, a wildcard or a method.
func (p *pathParser) member(base node) (node, error) {
	t := p.peek()
	p.pos++
	switch {
	case t.kind == signToken && t.text == "*":
		return &memberNode{base: base, all: true}, nil
	case t.kind == stringToken:
		return &memberNode{base: base, name: t.text}, nil
	case t.kind != wordToken:
		p.pos--
		return nil, p.unexpected()
	}
	if next := p.peek(); next.kind != signToken || next.text != "(" {
		return &memberNode{base: base, name: t.text}, nil
	}
	if t.text == "datetime" {
		p.pos++
		if p.peek().kind == stringToken {
			p.pos++
		}
		if err := p.need(")"); err != nil {
			return nil, err
		}
		return nil, &UnsupportedError{"datetime method"}
	}
	if !methods[t.text] {
		return nil, p.unexpected()
	}
	p.pos++
	return &methodNode{base, t.text}, p.need(")")
}

func (p *pathParser) descendant(base node) (node, error) {
	t := p.peek()
	if t.kind != stringToken && t.kind != wordToken {
		return nil, p.unexpected()
	}
	p.pos++
	return &descendantNode{base, t.text}, nil
}

func (p *pathParser) array(base node) (node, error) {
	if p.sign("*") {
		return &arrayNode{base: base}, p.need("]")
	}
	a := &arrayNode{base: base}
	if err := p.deeper(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	for {
		var s subscript
		var err error
		if s.from, err = p.expression(); err != nil {
			return nil, err
		}
		if p.word("to") {
			if s.to, err = p.expression(); err != nil {
				return nil, err
			}
		}
		a.subscripts = append(a.subscripts, s)
		if !p.sign(",") {
			return a, p.need("]")
		}
	}
}

func (p *pathParser) filter(base node) (node, error) {
	if err := p.need("("); err != nil {
		return nil, err
	}
	condition, err := p.predicate()
	if err != nil {
		return nil, err
	}
	return &filterNode{base, condition}, p.need(")")
}

// predicate is a disjunction.
func (p *pathParser) predicate() (predicate, error) {
	if err := p.deeper(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	return p.logical("||", func() (predicate, error) { return p.logical("&&", p.condition) })
}

func (p *pathParser) logical(operator string, operand func() (predicate, error)) (predicate, error) {
	left, err := operand()
	for err == nil && p.sign(operator) {
		var right predicate
		right, err = operand()
		left = &logicalPredicate{operator == "||", left, right}
	}
	return left, err
}

func (p *pathParser) condition() (predicate, error) {
	if p.sign("!") {
		of, err := p.delimited()
		return &notPredicate{of}, err
	}
	if t := p.peek(); t.kind == wordToken && t.text == "exists" || p.opensPredicate() {
		of, err := p.delimited()
		if err != nil || !p.word("is") {
			return of, err
		}
		if t.text != "(" || !p.word("unknown") {
			return nil, p.unexpected()
		}
		return &unknownPredicate{of}, nil
	}
	return p.compared()
}

// opensPredicate says whether a predicate is in the parentheses that begin
// here: behind those around a path something is done with it.
func (p *pathParser) opensPredicate() bool {
	if t := p.peek(); t.kind != signToken || t.text != "(" {
		return false
	}
	end, ok := p.close[p.pos]
	if !ok {
		return false
	}
	behind := p.tokens[end+1]
	switch behind.kind {
	case endToken:
		return true
	case wordToken:
		return behind.text == "is"
	case signToken:
		return behind.text == ")" || behind.text == "&&" || behind.text == "||"
	}
	return false
}

// delimited is exists(path) or (predicate).
func (p *pathParser) delimited() (predicate, error) {
	if !p.word("exists") {
		if err := p.need("("); err != nil {
			return nil, err
		}
		of, err := p.predicate()
		if err != nil {
			return nil, err
		}
		return of, p.need(")")
	}
	if err := p.need("("); err != nil {
		return nil, err
	}
	of, err := p.expression()
	if err != nil {
		return nil, err
	}
	return &existsPredicate{of}, p.need(")")
}

var comparisons = map[string]bool{"==": true, "<>": true, "!=": true, "<": true, ">": true, "<=": true, ">=": true}

func (p *pathParser) compared() (predicate, error) {
	left, err := p.expression()
	if err != nil {
		return nil, err
	}
	t := p.peek()
	switch {
	case t.kind == signToken && comparisons[t.text]:
		p.pos++
		right, err := p.expression()
		return &comparison{t.text, left, right}, err
	case p.word("like_regex"):
		return p.likeRegex()
	case p.word("starts"):
		if !p.word("with") {
			return nil, p.unexpected()
		}
		return p.startsWith(left)
	}
	return nil, p.unexpected()
}

// likeRegex is read to its end, as Trino finds errors of syntax first.
func (p *pathParser) likeRegex() (predicate, error) {
	if p.peek().kind != stringToken {
		return nil, p.unexpected()
	}
	p.pos++
	if p.word("flag") {
		if p.peek().kind != stringToken {
			return nil, p.unexpected()
		}
		p.pos++
	}
	return nil, &UnsupportedError{"like_regex predicate"}
}

func (p *pathParser) startsWith(whole node) (predicate, error) {
	t := p.peek()
	p.pos++
	switch t.kind {
	case stringToken:
		return &startsPredicate{whole, &literalNode{t.text}}, nil
	case variableToken:
		return &startsPredicate{whole, &variableNode{t.text[1:]}}, nil
	}
	p.pos--
	return nil, p.unexpected()
}
