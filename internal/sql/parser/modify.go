package parser

import (
	"strings"

	"github.com/scopsdb/scops/internal/sql/ast"
)

func (p *parser) deleteFrom() ast.Statement {
	s := &ast.Delete{Position: p.advance().pos}
	p.need("FROM")
	s.Table = &ast.Table{Position: s.Position, Name: p.qualifiedName()}
	if p.take("WHERE") {
		s.Where = p.expression()
	}
	return s
}

func (p *parser) update() ast.Statement {
	s := &ast.Update{Position: p.advance().pos}
	s.Table = &ast.Table{Position: s.Position, Name: p.qualifiedName()}
	p.need("SET")
	s.Assignments = list(p, p.assignment)
	if p.take("WHERE") {
		s.Where = p.expression()
	}
	return s
}

func (p *parser) assignment() *ast.Assignment {
	a := &ast.Assignment{Position: p.pos(), Name: p.identifier()}
	p.need("=")
	a.Value = p.expression()
	return a
}

func (p *parser) merge() ast.Statement {
	s := &ast.Merge{Position: p.advance().pos}
	p.need("INTO")
	s.Table = &ast.Table{Position: s.Position, Name: p.qualifiedName()}
	if p.take("AS") || !p.at("USING") && p.tok().isName() {
		s.Alias = p.identifier()
	}
	p.need("USING")
	s.Source = p.relation()
	p.need("ON")
	s.On = p.expression()
	s.Cases = append(s.Cases, p.mergeCase())
	for p.at("WHEN") {
		s.Cases = append(s.Cases, p.mergeCase())
	}
	return s
}

func (p *parser) mergeCase() *ast.MergeCase {
	c := &ast.MergeCase{Position: p.need("WHEN").pos}
	matched := !p.take("NOT")
	p.need("MATCHED")
	if p.take("AND") {
		c.Condition = p.expression()
	}
	p.need("THEN")
	if !matched {
		p.need("INSERT")
		c.Action = ast.MergeInsert
		if p.at("(") {
			c.Columns = inParens(p, p.identifier)
		}
		p.need("VALUES")
		c.Values = inParens(p, p.expression)
		return c
	}
	c.Action = ast.MergeAction(p.needAny("DELETE", "UPDATE"))
	if c.Action == ast.MergeUpdate {
		p.need("SET")
		for _, a := range list(p, p.assignment) {
			c.Columns, c.Values = append(c.Columns, a.Name), append(c.Values, a.Value)
		}
	}
	return c
}

// atWord tells whether a word that Athena has and Trino has not is next.
func (p *parser) atWord(word string) bool {
	t := p.tok()
	return t.kind == tokenIdentifier && strings.EqualFold(t.text, word)
}

// needWord goes past such a word.
func (p *parser) needWord(word string) {
	if !p.atWord(word) {
		p.want(word)
		p.fail()
	}
	p.advance()
}

func (p *parser) optimize() ast.Statement {
	p.athena = true
	s := &ast.Optimize{Position: p.advance().pos}
	s.Table = &ast.Table{Position: s.Position, Name: p.qualifiedName()}
	p.needWord("REWRITE")
	p.need("DATA")
	p.need("USING")
	p.needWord("BIN_PACK")
	if p.take("WHERE") {
		s.Where = p.expression()
	}
	return s
}

func (p *parser) vacuum() ast.Statement {
	p.athena = true
	s := &ast.Vacuum{Position: p.advance().pos}
	s.Table = &ast.Table{Position: s.Position, Name: p.qualifiedName()}
	return s
}
