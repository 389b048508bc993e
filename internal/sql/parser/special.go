package parser

import (
	"slices"
	"strings"

	"github.com/scopsdb/scops/internal/sql/ast"
)

// primaryRules are the operands that begin with a symbol or keyword of their
// own. A rule returns nil, having read nothing, where a keyword that is not
// reserved is only a name here.
var primaryRules map[string]func(*parser) ast.Expression

func init() { // in init, for the rules call back into the table
	primaryRules = map[string]func(*parser) ast.Expression{
		"(":           (*parser).parenthesised,
		"-":           (*parser).negativeNumber,
		"?":           func(p *parser) ast.Expression { return p.parameter() },
		"NULL":        func(p *parser) ast.Expression { return &ast.NullLiteral{Position: p.advance().pos} },
		"TRUE":        func(p *parser) ast.Expression { return &ast.BooleanLiteral{Position: p.advance().pos, Value: true} },
		"FALSE":       func(p *parser) ast.Expression { return &ast.BooleanLiteral{Position: p.advance().pos} },
		"ARRAY":       (*parser).array,
		"CASE":        (*parser).caseExpression,
		"CAST":        (*parser).cast,
		"DOUBLE":      (*parser).doublePrecision,
		"EXISTS":      func(p *parser) ast.Expression { return &ast.Exists{Position: p.advance().pos, Query: p.parenQuery()} },
		"EXTRACT":     (*parser).extract,
		"GROUPING":    (*parser).grouping,
		"INTERVAL":    (*parser).interval,
		"JSON_ARRAY":  (*parser).jsonArray,
		"JSON_EXISTS": (*parser).jsonExists,
		"JSON_OBJECT": (*parser).jsonObject,
		"JSON_QUERY":  (*parser).jsonQuery,
		"JSON_VALUE":  (*parser).jsonValue,
		"LISTAGG":     (*parser).listAgg,
		"NORMALIZE":   (*parser).normalize,
		"POSITION":    (*parser).position,
		"ROW":         (*parser).row,
		"TRIM":        (*parser).trim,
		"TRY_CAST":    (*parser).cast,
	}
	for _, word := range []string{"CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP",
		"CURRENT_USER", "CURRENT_CATALOG", "CURRENT_SCHEMA", "CURRENT_PATH"} {
		primaryRules[word] = (*parser).current
	}
}

func (p *parser) negativeNumber() ast.Expression {
	if !p.peek(1).isNumber() {
		return nil
	}
	return p.numberLiteral()
}

func (p *parser) array() ast.Expression {
	if p.peek(1).word != "[" {
		return nil
	}
	a := &ast.Array{Position: p.advance().pos}
	p.need("[")
	if p.take("]") {
		return a
	}
	a.Values = list(p, p.expression)
	p.need("]")
	return a
}

func (p *parser) row() ast.Expression {
	if p.peek(1).word != "(" || p.peek(2).word == ")" {
		return nil // ROW() is a call
	}
	return &ast.Row{Position: p.advance().pos, Items: inParens(p, p.expression)}
}

func (p *parser) interval() ast.Expression {
	n := 1
	if next := p.peek(1); next.word == "+" || next.word == "-" {
		n = 2
	}
	if !p.peek(n).isString() {
		return nil // interval - 1: a column of that name
	}
	if p.peek(n+1).word == "UESCAPE" {
		n += 2
	}
	if !slices.Contains(intervalFields, p.peek(n+1).word) {
		return nil // a literal of a type of that name
	}
	return p.intervalLiteral()
}

// doublePrecision reads DOUBLE PRECISION '1'.
func (p *parser) doublePrecision() ast.Expression {
	if p.peek(1).word != "PRECISION" || !p.peek(2).isString() {
		return nil
	}
	pos := p.advance().pos
	p.advance()
	return genericLiteral(pos, "double", p.str().Value)
}

func (p *parser) cast() ast.Expression {
	if p.is("TRY_CAST") && p.peek(1).word != "(" {
		return nil
	}
	t := p.advance()
	c := &ast.Cast{Position: t.pos, Try: t.word == "TRY_CAST"}
	p.need("(")
	c.Value = p.expression()
	p.need("AS")
	c.Type = p.dataType()
	p.need(")")
	return c
}

func (p *parser) caseExpression() ast.Expression {
	pos := p.need("CASE").pos
	var operand ast.Expression
	if !p.at("WHEN") {
		operand = p.expression()
	}
	var whens []*ast.WhenClause
	for t := p.need("WHEN"); ; t = p.advance() {
		w := &ast.WhenClause{Position: t.pos, Operand: p.expression()}
		p.need("THEN")
		w.Result = p.expression()
		whens = append(whens, w)
		if !p.at("WHEN") {
			break
		}
	}
	var otherwise ast.Expression
	if p.take("ELSE") {
		otherwise = p.expression()
	}
	p.need("END")
	if operand == nil {
		return &ast.SearchedCase{Position: pos, Whens: whens, Default: otherwise}
	}
	return &ast.SimpleCase{Position: pos, Operand: operand, Whens: whens, Default: otherwise}
}

func (p *parser) extract() ast.Expression {
	e := &ast.Extract{Position: p.advance().pos}
	p.need("(")
	e.Field = p.identifier()
	p.need("FROM")
	e.Value = p.value()
	p.need(")")
	return e
}

func (p *parser) grouping() ast.Expression {
	g := &ast.Grouping{Position: p.advance().pos}
	p.need("(")
	if p.take(")") {
		return g
	}
	g.Columns = list(p, p.column)
	p.need(")")
	return g
}

// column reads a qualified name as an expression.
func (p *parser) column() ast.Expression {
	var e ast.Expression = p.identifier()
	for p.take(".") {
		e = &ast.Dereference{Position: e.Pos(), Base: e, Field: p.identifier()}
	}
	return e
}

// normalize reads NORMALIZE(x [, NFKC]) as the call that Trino makes of it.
func (p *parser) normalize() ast.Expression {
	pos := p.advance().pos
	p.need("(")
	arguments := []ast.Expression{p.value(), nil}
	form := &ast.StringLiteral{Position: pos, Value: "NFC"}
	if p.take(",") {
		form.Position = p.pos()
		form.Value = p.needAny("NFD", "NFC", "NFKD", "NFKC")
	}
	p.need(")")
	arguments[1] = form
	return call(pos, "normalize", arguments...)
}

// position reads POSITION(a IN b) as the call that Trino makes of it.
func (p *parser) position() ast.Expression {
	if p.peek(1).word != "(" {
		return nil
	}
	pos := p.advance().pos
	p.need("(")
	what := p.value()
	p.need("IN")
	where := p.value()
	p.need(")")
	return call(pos, "strpos", where, what)
}

func (p *parser) trim() ast.Expression {
	t := &ast.Trim{Position: p.advance().pos, Specification: ast.TrimBoth}
	p.need("(")
	side := p.trimSide()
	if side != "" {
		t.Specification = ast.TrimSpecification(side)
	}
	if p.take("FROM") {
		if t.Value = p.value(); side == "" {
			p.errorf(t.Position, "The 'trim' function must have specification, char or both arguments when it takes FROM")
		}
		p.need(")")
		return t
	}
	t.Value = p.value()
	switch {
	case p.take("FROM"):
		t.Characters = t.Value
		t.Value = p.value()
	case side != "":
		p.fail()
	case p.take(","):
		t.Characters = p.value()
	}
	p.need(")")
	return t
}

// trimSide reads LEADING, TRAILING or BOTH where it is not a column's name.
func (p *parser) trimSide() string {
	switch p.peek(1).word {
	case ")", ",", ".", "||", "+", "*", "/", "%", "->", "[":
		return ""
	}
	return p.takeAny("BOTH", "LEADING", "TRAILING")
}

// current reads current_date, current_timestamp(6) and the like.
func (p *parser) current() ast.Expression {
	t := p.advance()
	c := &ast.Current{Position: t.pos, Function: ast.CurrentFunction(strings.ToLower(t.word))}
	switch t.word {
	case "CURRENT_TIME", "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP":
		if p.take("(") {
			if p.tok().kind != tokenInteger {
				p.want("<integer>")
				p.fail()
			}
			c.Precision = p.numberLiteral()
			p.need(")")
		}
	}
	return c
}
