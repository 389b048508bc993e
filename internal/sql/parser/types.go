package parser

import (
	"slices"
	"strings"

	"github.com/scopsdb/scops/internal/sql/ast"
)

// dataType reads a type.
func (p *parser) dataType() *ast.DataType {
	p.enter()
	defer p.leave()
	if !p.tok().isName() {
		p.want("<type>")
		p.fail()
	}
	t := p.simpleType()
	for p.take("ARRAY") { // bigint ARRAY, bigint ARRAY[3]
		if p.take("[") {
			p.integer()
			p.need("]")
		}
		t = &ast.DataType{Position: t.Position, Name: "array", Params: []ast.TypeParam{{Position: t.Position, Type: t}}}
	}
	return t
}

func (p *parser) simpleType() *ast.DataType {
	t := &ast.DataType{Position: p.pos()}
	switch {
	case p.isSeq("ROW", "("):
		p.advance()
		t.Name = "row"
		t.Fields = inParens(p, p.rowField)
	case p.isSeq("DOUBLE", "PRECISION"):
		p.advance()
		p.advance()
		t.Name = "double"
	case p.is("TIMESTAMP"), p.is("TIME"):
		p.dateTimeType(t)
	case p.is("INTERVAL") && slices.Contains(intervalFields, p.peek(1).word):
		p.advance()
		t.Name = "interval " + strings.ToLower(p.needAny(intervalFields...))
		if p.take("TO") {
			t.Name += " to " + strings.ToLower(p.needAny(intervalFields...))
		}
	case p.isSeq("ARRAY", "<"), p.isSeq("MAP", "<"):
		t.Name = strings.ToLower(p.advance().word)
		p.need("<")
		t.Params = list(p, p.typeOnlyParam)
		p.need(">")
		if want := map[string]int{"array": 1, "map": 2}[t.Name]; len(t.Params) != want {
			p.errorf(t.Position, "%s<> takes %d types", t.Name, want)
		}
	default:
		t.Name = p.identifier().Lower()
		if p.at("(") {
			t.Params = inParens(p, p.typeParam)
		}
	}
	return t
}

// dateTimeType reads TIMESTAMP(3) WITH TIME ZONE and its like.
func (p *parser) dateTimeType(t *ast.DataType) {
	t.Name = strings.ToLower(p.advance().word)
	if p.take("(") {
		t.Params = []ast.TypeParam{p.typeParam()}
		p.need(")")
	}
	switch {
	case p.isSeq("WITH", "TIME"):
		p.takeSeq("WITH", "TIME", "ZONE")
		t.Name += " with time zone"
	case p.isSeq("WITHOUT", "TIME"):
		p.takeSeq("WITHOUT", "TIME", "ZONE")
	}
}

func (p *parser) typeParam() ast.TypeParam {
	if p.tok().kind == tokenInteger {
		return ast.TypeParam{Position: p.pos(), Number: p.integer()}
	}
	p.want("<integer>")
	return p.typeOnlyParam()
}

func (p *parser) typeOnlyParam() ast.TypeParam {
	t := p.dataType()
	return ast.TypeParam{Position: t.Position, Type: t}
}

// integer reads an integer and returns it without underscores.
func (p *parser) integer() string {
	if p.tok().kind != tokenInteger {
		p.want("<integer>")
		p.fail()
	}
	return strings.ReplaceAll(p.advance().text, "_", "")
}

// rowField reads `type` or `name type`.
func (p *parser) rowField() ast.RowField {
	field := ast.RowField{Position: p.pos()}
	if p.namedField() {
		field.Name = p.identifier()
	}
	field.Type = p.dataType()
	return field
}

// namedField tells whether the next token is a field's name: whether a type
// begins after it, rather than going on.
func (p *parser) namedField() bool {
	next := p.peek(1)
	if !p.tok().isName() || !next.isName() {
		return false
	}
	switch p.tok().word + " " + next.word {
	case "DOUBLE PRECISION":
		after := p.peek(2).word
		return after != "," && after != ")" && after != "ARRAY"
	case "TIME WITHOUT", "TIMESTAMP WITHOUT":
		return p.peek(2).word != "TIME"
	}
	if next.word == "ARRAY" { // tags ARRAY(varchar), but bigint ARRAY
		after := p.peek(2).word
		return after == "(" || after == "<"
	}
	if p.is("INTERVAL") {
		for _, unit := range intervalFields {
			if next.word == unit {
				return false
			}
		}
	}
	return true
}
