package parser

import "github.com/scopsdb/scops/internal/sql/ast"

// expression reads terms with OR between.
func (p *parser) expression() ast.Expression {
	return p.logical("OR", ast.Or, p.conjunction)
}

func (p *parser) conjunction() ast.Expression { return p.logical("AND", ast.And, p.negation) }

// logical reads terms with one operator between: one flat node for them all.
func (p *parser) logical(word string, op ast.LogicalOperator, term func() ast.Expression) ast.Expression {
	pos := p.startPos()
	first := term()
	if !p.at(word) {
		return first
	}
	l := &ast.Logical{Position: pos, Operator: op, Terms: []ast.Expression{first}}
	for p.take(word) {
		l.Terms = append(l.Terms, term())
	}
	return l
}

// startPos is where the expression to be read begins.
func (p *parser) startPos() ast.Position {
	if p.pending != nil {
		return p.pending.Pos()
	}
	return p.pos()
}

// negation reads NOT, which binds tighter than AND.
func (p *parser) negation() ast.Expression {
	if p.pending != nil || !p.is("NOT") {
		return p.predicate()
	}
	p.enter()
	defer p.leave()
	pos := p.advance().pos
	return &ast.Not{Position: pos, Value: p.negation()}
}

var comparisons = map[string]ast.ComparisonOperator{
	"=":  ast.Equal,
	"<>": ast.NotEqual,
	"<":  ast.LessThan,
	"<=": ast.LessThanOrEqual,
	">":  ast.GreaterThan,
	">=": ast.GreaterThanOrEqual,
}

// predicate reads a value and at most one predicate on it.
func (p *parser) predicate() ast.Expression {
	left := p.value()
	t := p.tok()
	if op, ok := comparisons[t.word]; ok {
		p.advance()
		return p.comparison(t.pos, op, left)
	}
	switch t.word {
	case "IS":
		return p.isPredicate(left)
	case "BETWEEN", "IN", "LIKE":
		return p.rangePredicate(t.pos, left)
	case "NOT":
		switch p.peek(1).word {
		case "BETWEEN", "IN", "LIKE":
			p.advance()
			return &ast.Not{Position: t.pos, Value: p.rangePredicate(t.pos, left)}
		}
		p.advance()
		p.want("BETWEEN", "IN", "LIKE")
		p.fail()
	}
	p.want("<predicate>")
	return left
}

func (p *parser) comparison(pos ast.Position, op ast.ComparisonOperator, left ast.Expression) ast.Expression {
	switch word := p.tok().word; word {
	case "ALL", "ANY", "SOME":
		if p.peek(1).word != "(" || !p.quantifies() {
			break
		}
		p.advance()
		return &ast.QuantifiedComparison{Position: pos, Operator: op, All: word == "ALL", Left: left, Query: p.parenQuery()}
	}
	return &ast.Comparison{Position: pos, Operator: op, Left: left, Right: p.value()}
}

// quantifies tells whether a query follows the parenthesis after ALL, ANY or
// SOME, which could also be a function's name.
func (p *parser) quantifies() bool {
	for n := 2; n <= MaxDepth+2; n++ {
		if p.peek(n).word != "(" {
			return p.queryAt(n)
		}
	}
	return false
}

// isPredicate reads IS [NOT] NULL and IS [NOT] DISTINCT FROM.
func (p *parser) isPredicate(left ast.Expression) ast.Expression {
	pos := p.need("IS").pos
	not := p.take("NOT")
	if p.needAny("NULL", "DISTINCT") == "NULL" {
		if not {
			return &ast.IsNotNull{Position: pos, Value: left}
		}
		return &ast.IsNull{Position: pos, Value: left}
	}
	p.need("FROM")
	distinct := &ast.Comparison{Position: pos, Operator: ast.IsDistinctFrom, Left: left, Right: p.value()}
	if not {
		return &ast.Not{Position: pos, Value: distinct}
	}
	return distinct
}

// rangePredicate reads BETWEEN, IN or LIKE.
func (p *parser) rangePredicate(pos ast.Position, left ast.Expression) ast.Expression {
	p.enter()
	defer p.leave()
	switch p.advance().word {
	case "BETWEEN":
		b := &ast.Between{Position: pos, Value: left, Min: p.value()}
		p.need("AND")
		b.Max = p.value()
		return b
	case "LIKE":
		l := &ast.Like{Position: pos, Value: left, Pattern: p.value()}
		if p.take("ESCAPE") {
			l.Escape = p.value()
		}
		return l
	}
	in := &ast.In{Position: pos, Value: left}
	p.need("(")
	switch {
	case p.atQuery():
		in.Query = p.query()
	case p.atParenQuery():
		p.inParenQuery(in)
	default:
		p.want("<query>")
		in.List = list(p, p.expression)
	}
	p.need(")")
	return in
}

// inParenQuery reads the inside of IN ((SELECT …) …): a query that goes on, or
// a list whose first value is a subquery. ((SELECT 1)) is such a list, as in Trino.
func (p *parser) inParenQuery(in *ast.In) {
	first := p.parenthesised()
	if sub, ok := first.(*ast.SubqueryExpression); ok && p.continuesQuery(sub.Query, false) {
		body := &ast.TableSubquery{Position: sub.Position, Query: sub.Query}
		in.Query = p.queryNoWith(sub.Pos(), nil, body)
		return
	}
	p.pending = first
	in.List = list(p, p.expression)
}

// value reads operands of ||, the loosest of the value operators. Whatever
// nests in an expression passes here (or IN's list), so here nesting is counted.
func (p *parser) value() ast.Expression {
	p.enter()
	defer p.leave()
	left := p.sum()
	for {
		t := p.tok()
		if !p.take("||") {
			return left
		}
		left = call(t.pos, "concat", left, p.sum())
	}
}

func (p *parser) sum() ast.Expression { return p.arithmetic(p.product, "+", "-") }

func (p *parser) product() ast.Expression { return p.arithmetic(p.unary, "*", "/", "%") }

// arithmetic reads operands of operators of one strength, from the left.
func (p *parser) arithmetic(operand func() ast.Expression, operators ...string) ast.Expression {
	left := operand()
	for {
		pos := p.pos()
		op := p.takeAny(operators...)
		if op == "" {
			return left
		}
		left = &ast.ArithmeticBinary{Position: pos, Operator: ast.ArithmeticOperator(op), Left: left, Right: operand()}
	}
}

// unary reads a sign. A minus right before a number belongs to the number.
func (p *parser) unary() ast.Expression {
	if p.pending != nil || !p.is("-") && !p.is("+") {
		return p.atTimeZone()
	}
	if p.is("-") && p.peek(1).isNumber() {
		return p.atTimeZone()
	}
	p.enter()
	defer p.leave()
	t := p.advance()
	return &ast.ArithmeticUnary{Position: t.pos, Negative: t.word == "-", Value: p.unary()}
}

// atTimeZone reads value AT TIME ZONE '…', which binds tightest.
func (p *parser) atTimeZone() ast.Expression {
	e := p.primary(false)
	for {
		t := p.tok()
		if !p.at("AT") || !p.isSeq("AT", "TIME", "ZONE") {
			return e
		}
		p.i += 2
		p.advance()
		e = &ast.AtTimeZone{Position: t.pos, Value: e, Zone: p.timeZone()}
	}
}

// timeZone reads the zone after AT TIME ZONE: an interval or a string.
func (p *parser) timeZone() ast.Expression {
	if p.is("INTERVAL") {
		return p.intervalLiteral()
	}
	p.want("INTERVAL")
	return p.str()
}

// call makes a call of an unqualified function.
func call(pos ast.Position, name string, arguments ...ast.Expression) *ast.FunctionCall {
	id := &ast.Identifier{Position: pos, Value: name}
	return &ast.FunctionCall{
		Position:  pos,
		Name:      &ast.QualifiedName{Position: pos, Parts: []*ast.Identifier{id}},
		Arguments: arguments,
	}
}
