package parser

import "github.com/scopsdb/scops/internal/sql/ast"

func (p *parser) groupBy() *ast.GroupBy {
	g := &ast.GroupBy{Position: p.need("GROUP").pos}
	p.need("BY")
	g.Distinct = p.setQuantifier()
	g.Elements = list(p, p.groupingElement)
	return g
}

func (p *parser) groupingElement() *ast.GroupingElement {
	e := &ast.GroupingElement{Position: p.pos()}
	switch {
	case p.take("ROLLUP"):
		e.Kind = ast.Rollup
	case p.take("CUBE"):
		e.Kind = ast.Cube
	case p.isSeq("GROUPING", "SETS"):
		p.advance()
		p.advance()
		e.Kind = ast.GroupingSets
	default:
		p.want("(", "GROUPING")
		e.Sets = [][]ast.Expression{p.groupingSet()}
		return e
	}
	if e.Kind != ast.GroupingSets && p.isSeq("(", ")") {
		panic(&ast.Error{Name: "GENERIC_INTERNAL_ERROR", Message: "grouping sets cannot be empty"})
	}
	e.Sets = inParens(p, p.groupingSet)
	return e
}

// groupingSet reads (a, b), () or a single expression.
func (p *parser) groupingSet() []ast.Expression {
	open := p.pos()
	if p.isSeq("(", ")") && !p.atLambda() {
		p.advance()
		p.advance()
		return []ast.Expression{}
	}
	parenthesised := p.is("(")
	e := p.expression()
	// (a, b) reads as a row; it is one when it is the whole element.
	if row, ok := e.(*ast.Row); ok && parenthesised && row.Pos() == open {
		return row.Items
	}
	return []ast.Expression{e}
}
