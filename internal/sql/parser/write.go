package parser

import (
	"strings"

	"github.com/scopsdb/scops/internal/sql/ast"
)

// createTableAs reads what follows CREATE TABLE of Trino's CREATE TABLE … AS. A
// table without a query is Hive's to define.
func (p *parser) createTableAs(pos ast.Position, replace bool) ast.Statement {
	s := &ast.CreateTableAs{Position: pos, Replace: replace, NotExists: p.ifNotExists(), Name: p.qualifiedName()}
	if p.at("(") {
		if !p.peek(1).isName() || p.peek(2).word != "," && p.peek(2).word != ")" {
			p.refuse(pos, "CREATE TABLE")
		}
		s.Columns = p.columnAliases()
	}
	if p.take("COMMENT") {
		s.Comment = p.str()
	}
	s.Properties = p.properties()
	p.need("AS")
	s.Query = p.query()
	if p.take("WITH") {
		s.NoData = p.take("NO")
		p.need("DATA")
	}
	return s
}

// ifNotExists reads an optional IF NOT EXISTS.
func (p *parser) ifNotExists() bool {
	if !p.at("IF") || p.peek(1).word != "NOT" {
		return false
	}
	p.advance()
	p.need("NOT")
	p.need("EXISTS")
	return true
}

// properties reads an optional WITH (name = value, …).
func (p *parser) properties() []*ast.Property {
	if !p.take("WITH") {
		return nil
	}
	return inParens(p, p.property)
}

func (p *parser) property() *ast.Property {
	s := &ast.Property{Position: p.pos(), Name: p.identifier()}
	p.need("=")
	if p.is("DEFAULT") {
		p.advance()
		return s
	}
	s.Value = p.expression()
	return s
}

func (p *parser) insert() ast.Statement {
	s := &ast.Insert{Position: p.advance().pos}
	p.need("INTO")
	s.Table = &ast.Table{Position: p.pos(), Name: p.qualifiedName()}
	if p.is("(") && !p.atParenQuery() {
		s.Columns = p.columnAliases()
	}
	s.Query = p.query()
	return s
}

// atUnload tells whether Athena's UNLOAD begins here. The word is none of
// Trino's.
func (p *parser) atUnload() bool {
	t := p.tok()
	return t.kind == tokenIdentifier && strings.EqualFold(t.text, "UNLOAD")
}

func (p *parser) unloadStatement() ast.Statement {
	p.athena = true
	s := &ast.Unload{Position: p.advance().pos}
	p.need("(")
	s.Query = p.query()
	p.need(")")
	p.need("TO")
	s.To = p.str()
	s.Properties = p.properties()
	return s
}
