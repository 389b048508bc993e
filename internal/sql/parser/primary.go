package parser

import (
	"strings"

	"github.com/scopsdb/scops/internal/sql/ast"
)

// primary reads an operand with its subscripts and fields. With star it stops
// before .* instead of refusing the star.
func (p *parser) primary(star bool) ast.Expression {
	e := p.pending
	p.pending = nil
	if e == nil {
		e = p.primaryStart()
	}
	for {
		switch {
		case p.take("["):
			sub := &ast.Subscript{Position: e.Pos(), Base: e}
			sub.Index = p.value()
			p.need("]")
			e = sub
		case p.at("."):
			if star && p.peek(1).word == "*" {
				return e
			}
			p.advance()
			if star {
				p.want("*")
			}
			e = p.dereference(e)
		default:
			return e
		}
	}
}

// dereference reads a field after a dot, or the call of a function with a
// qualified name.
func (p *parser) dereference(base ast.Expression) ast.Expression {
	d := &ast.Dereference{Position: base.Pos(), Base: base, Field: p.identifier()}
	if p.is("(") {
		if name := nameOf(d); name != nil {
			return p.functionCall(name)
		}
	}
	return d
}

// nameOf is the qualified name that a chain of dereferences spells, or nil.
func nameOf(e ast.Expression) *ast.QualifiedName {
	switch e := e.(type) {
	case *ast.Identifier:
		return &ast.QualifiedName{Position: e.Position, Parts: []*ast.Identifier{e}}
	case *ast.Dereference:
		name := nameOf(e.Base)
		if name != nil {
			name.Parts = append(name.Parts, e.Field)
		}
		return name
	}
	return nil
}

// primaryStart reads an operand.
func (p *parser) primaryStart() ast.Expression {
	t := p.tok()
	switch t.kind {
	case tokenString, tokenUnicode:
		return p.stringLiteral()
	case tokenBinary:
		return p.binaryLiteral()
	case tokenInteger, tokenDecimal, tokenDouble:
		return p.numberLiteral()
	}
	if t.word != "" {
		if rule, ok := primaryRules[t.word]; ok {
			if e := rule(p); e != nil {
				return e
			}
		}
	}
	if !t.isName() {
		p.want("<expression>")
		p.fail()
	}
	return p.nameStart()
}

// nameStart reads what begins with an identifier: a lambda, a literal with its
// type, a call or a column.
func (p *parser) nameStart() ast.Expression {
	processing := ""
	if p.is("RUNNING") || p.is("FINAL") {
		processing = p.tok().word
	}
	id := p.identifier()
	switch {
	case p.is("->"):
		return p.lambda(id.Position, []*ast.Identifier{id})
	case p.tok().isString():
		return genericLiteral(id.Position, id.Value, p.str().Value)
	case p.is("("):
		return p.functionCall(&ast.QualifiedName{Position: id.Position, Parts: []*ast.Identifier{id}})
	case p.is("OVER") && p.atOver():
		return &ast.WindowOperation{Position: id.Position, Name: id, Over: p.over()}
	case processing != "" && p.atCall():
		return p.processed(id.Position, processing)
	}
	return id
}

// atCall tells whether a qualified name and a parenthesis are next.
func (p *parser) atCall() bool {
	for n := 0; p.peek(n).isName(); n += 2 {
		switch p.peek(n + 1).word {
		case "(":
			return true
		case ".":
		default:
			return false
		}
	}
	return false
}

// processed reads the call after RUNNING or FINAL.
func (p *parser) processed(pos ast.Position, mode string) ast.Expression {
	e := p.functionCall(p.qualifiedName())
	if f, ok := e.(*ast.FunctionCall); ok {
		f.Position = pos
		f.Processing = mode
	}
	return e
}

// genericLiteral makes a literal from a type's name and a string.
func genericLiteral(pos ast.Position, name, value string) ast.Expression {
	name = strings.ToLower(name)
	if name == "decimal" {
		return &ast.DecimalLiteral{Position: pos, Value: value}
	}
	return &ast.GenericLiteral{Position: pos, Type: name, Value: value}
}

// lambda reads the arrow and the body.
func (p *parser) lambda(pos ast.Position, arguments []*ast.Identifier) ast.Expression {
	p.need("->")
	return &ast.Lambda{Position: pos, Arguments: arguments, Body: p.expression()}
}

func (p *parser) parameter() *ast.Parameter {
	param := &ast.Parameter{Position: p.need("?").pos, Index: p.parameters}
	p.parameters++
	return param
}

// parenQuery reads (query).
func (p *parser) parenQuery() *ast.Query {
	p.need("(")
	q := p.query()
	p.need(")")
	return q
}

// parenthesised reads what begins with a parenthesis: a lambda, a subquery, a
// row, or an expression. Where parentheses nest around a query it can be told
// only afterwards which one it was.
func (p *parser) parenthesised() ast.Expression {
	if p.atLambda() {
		return p.parenLambda()
	}
	pos := p.need("(").pos
	if p.atQuery() {
		q := p.query()
		p.need(")")
		return &ast.SubqueryExpression{Position: pos, Query: q}
	}
	if p.atParenQuery() {
		p.enter()
		inner := p.parenthesised()
		p.leave()
		if sub, ok := inner.(*ast.SubqueryExpression); ok && p.continuesQuery(sub.Query, true) {
			body := &ast.TableSubquery{Position: sub.Position, Query: sub.Query}
			q := p.queryNoWith(sub.Pos(), nil, body)
			p.need(")")
			return &ast.SubqueryExpression{Position: pos, Query: q}
		}
		p.pending = inner
	} else {
		p.want("<query>")
	}
	items := list(p, p.expression)
	p.need(")")
	if len(items) == 1 {
		return items[0]
	}
	return &ast.Row{Position: pos, Items: items}
}

// atLambda tells whether (a, b) -> or () -> is next.
func (p *parser) atLambda() bool {
	n := 1
	if p.peek(n).word != ")" {
		for {
			if !p.peek(n).isName() {
				return false
			}
			n++
			if p.peek(n).word != "," {
				break
			}
			n++
		}
	}
	return p.peek(n).word == ")" && p.peek(n+1).word == "->"
}

func (p *parser) parenLambda() ast.Expression {
	pos := p.need("(").pos
	var arguments []*ast.Identifier
	if !p.is(")") {
		arguments = list(p, p.identifier)
	}
	p.need(")")
	return p.lambda(pos, arguments)
}
