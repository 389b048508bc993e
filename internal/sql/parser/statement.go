package parser

import (
	"cmp"
	"slices"
	"strings"

	"github.com/scopsdb/scops/internal/sql/ast"
)

// statementRules are the statements by their first word. Queries are not among
// them.
var statementRules map[string]func(*parser) ast.Statement

func init() { // in init, for EXPLAIN and PREPARE call back into the table
	statementRules = map[string]func(*parser) ast.Statement{
		"CREATE":     (*parser).create,
		"DEALLOCATE": (*parser).deallocate,
		"DELETE":     (*parser).deleteFrom,
		"DESC":       (*parser).describe,
		"DESCRIBE":   (*parser).describe,
		"DROP":       (*parser).drop,
		"EXECUTE":    (*parser).execute,
		"EXPLAIN":    (*parser).explain,
		"INSERT":     (*parser).insert,
		"MERGE":      (*parser).merge,
		"PREPARE":    (*parser).prepare,
		"RESET":      (*parser).reset,
		"SET":        (*parser).set,
		"SHOW":       (*parser).show,
		"UPDATE":     (*parser).update,
		"USE":        (*parser).use,
	}
	for _, word := range strings.Fields(`ALTER ANALYZE CALL COMMENT COMMIT DENY GRANT
		REFRESH REVOKE ROLLBACK START TRUNCATE`) {
		statementRules[word] = (*parser).unsupportedStatement
	}
}

// statement reads a statement without its semicolon.
func (p *parser) statement() ast.Statement {
	p.enter()
	defer p.leave()
	if p.is("(") || p.atQuery() {
		return p.query()
	}
	if p.atUnload() {
		return p.unloadStatement()
	}
	if p.atWord("OPTIMIZE") {
		return p.optimize()
	}
	if p.atWord("VACUUM") {
		return p.vacuum()
	}
	if rule, ok := statementRules[p.tok().word]; ok {
		return rule(p)
	}
	for word := range statementRules {
		p.want(word)
	}
	p.want("<query>")
	p.fail()
	return nil
}

// secondWords are those that belong to the name of a statement that is refused.
var secondWords = map[string]string{
	"ALTER":   "SCHEMA TABLE VIEW",
	"REFRESH": "MATERIALIZED", "RESET": "SESSION", "SET": "PATH ROLE SESSION",
	"START": "TRANSACTION", "TRUNCATE": "TABLE",
}

// unsupportedStatement refuses a statement by its name.
func (p *parser) unsupportedStatement() ast.Statement {
	name, next := p.tok().word, p.peek(1).word
	if next != "" && slices.Contains(strings.Fields(secondWords[name]), next) {
		name += " " + next
	}
	if next == "MATERIALIZED" {
		name += " VIEW"
	}
	if third := p.peek(2).word; next == "SESSION" && third == "AUTHORIZATION" {
		name += " " + third
	}
	p.refuse(p.pos(), name)
	return nil
}

func (p *parser) use() ast.Statement {
	u := &ast.Use{Position: p.advance().pos, Schema: p.identifier()}
	if p.take(".") {
		u.Catalog, u.Schema = u.Schema, p.identifier()
	}
	return u
}

func (p *parser) explain() ast.Statement {
	e := &ast.Explain{Position: p.advance().pos}
	if p.take("ANALYZE") {
		e.Analyze = true
		e.Verbose = p.take("VERBOSE")
	}
	// Athena has options also after ANALYZE.
	if p.is("(") && (p.peek(1).word == "FORMAT" || p.peek(1).word == "TYPE") {
		inParens(p, func() struct{} { p.explainOption(e); return struct{}{} })
	}
	e.Statement = p.statement()
	return e
}

// explainOption reads an option. Of several of a kind the first one counts, as
// in Trino.
func (p *parser) explainOption(e *ast.Explain) {
	if p.needAny("FORMAT", "TYPE") == "FORMAT" {
		e.Format = cmp.Or(e.Format, p.needAny("GRAPHVIZ", "JSON", "TEXT"))
		return
	}
	e.Type = cmp.Or(e.Type, p.needAny("DISTRIBUTED", "IO", "LOGICAL", "VALIDATE"))
}

func (p *parser) prepare() ast.Statement {
	s := &ast.Prepare{Position: p.advance().pos, Name: p.identifier()}
	p.need("FROM")
	s.Statement = p.statement()
	return s
}

func (p *parser) execute() ast.Statement {
	pos := p.advance().pos
	if p.is("IMMEDIATE") && p.peek(1).isString() {
		return p.executeImmediate(pos)
	}
	return &ast.Execute{Position: pos, Name: p.identifier(), Parameters: p.using()}
}

func (p *parser) executeImmediate(pos ast.Position) ast.Statement {
	p.need("IMMEDIATE")
	s := &ast.ExecuteImmediate{Position: pos, Text: p.str()}
	inner := &parser{tokens: lex(s.Text.Value), depth: p.depth}
	within(inner.tokens, s.Text.Position)
	s.Statement = inner.statement()
	inner.takeEnd()
	if inner.tok().kind != tokenEnd {
		inner.want("<EOF>")
		inner.fail()
	}
	s.Parameters = p.using()
	return s
}

// within moves the places of a statement in quotes to where it stands in the
// text around it, as Trino gives them.
func within(tokens []token, quote ast.Position) {
	for i := range tokens {
		t := &tokens[i]
		if t.pos.Line == 1 {
			t.pos.Column += quote.Column
		}
		t.pos.Line += quote.Line - 1
	}
}

func (p *parser) using() []ast.Expression {
	if !p.take("USING") {
		return nil
	}
	return list(p, p.expression)
}

func (p *parser) deallocate() ast.Statement {
	pos := p.advance().pos
	p.need("PREPARE")
	return &ast.Deallocate{Position: pos, Name: p.identifier()}
}

// describe reads DESCRIBE INPUT and OUTPUT of prepared statements, and DESCRIBE
// and DESC of a table.
func (p *parser) describe() ast.Statement {
	t := p.advance()
	next := p.peek(1).isName()
	switch {
	case t.word == "DESCRIBE" && p.is("INPUT") && next:
		p.advance()
		return &ast.DescribeInput{Position: t.pos, Name: p.identifier()}
	case t.word == "DESCRIBE" && p.is("OUTPUT") && next:
		p.advance()
		return &ast.DescribeOutput{Position: t.pos, Name: p.identifier()}
	}
	return &ast.ShowColumns{Position: t.pos, Table: p.qualifiedName()}
}

func (p *parser) create() ast.Statement {
	pos := p.advance().pos
	replace := false
	if p.takeSeq("OR", "REPLACE") {
		replace = true
	}
	if p.take("VIEW") {
		return p.createView(pos, replace)
	}
	if p.take("TABLE") {
		return p.createTableAs(pos, replace)
	}
	p.refuseObject(pos, "CREATE", "CATALOG", "FUNCTION", "MATERIALIZED", "ROLE", "SCHEMA")
	return nil
}

func (p *parser) createView(pos ast.Position, replace bool) ast.Statement {
	v := &ast.CreateView{Position: pos, Replace: replace, Name: p.qualifiedName()}
	if p.take("COMMENT") {
		v.Comment = p.str()
	}
	if p.take("SECURITY") {
		v.Security = p.needAny("DEFINER", "INVOKER")
	}
	p.need("AS")
	v.Query = p.query()
	return v
}

func (p *parser) drop() ast.Statement {
	pos := p.advance().pos
	if p.take("VIEW") {
		v := &ast.DropView{Position: pos, Exists: p.ifExists()}
		v.Name = p.qualifiedName()
		return v
	}
	p.refuseObject(pos, "DROP", "CATALOG", "FUNCTION", "MATERIALIZED", "ROLE", "SCHEMA", "TABLE")
	return nil
}

// ifExists reads an optional IF EXISTS.
func (p *parser) ifExists() bool {
	if !p.at("IF") || p.peek(1).word != "EXISTS" {
		return false
	}
	p.advance()
	p.advance()
	return true
}

// refuseObject refuses a statement on one of the kinds of object, or reports
// that none of them is next.
func (p *parser) refuseObject(at ast.Position, verb string, kinds ...string) {
	for _, kind := range kinds {
		if !p.at(kind) {
			continue
		}
		if kind == "MATERIALIZED" {
			kind += " VIEW"
		}
		p.refuse(at, verb+" "+kind)
	}
	p.fail()
}
