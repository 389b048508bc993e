package parser

import "github.com/scopsdb/scops/internal/sql/ast"

// jsonExists reads JSON_EXISTS(…).
func (p *parser) jsonExists() ast.Expression {
	e := &ast.JSONExists{Position: p.advance().pos}
	p.need("(")
	e.Path = p.jsonPath()
	if word := p.takeAny("ERROR", "FALSE", "TRUE", "UNKNOWN"); word != "" {
		e.OnError = ast.JSONBehavior(word)
		p.need("ON")
		p.need("ERROR")
	}
	p.need(")")
	return e
}

// jsonValue reads JSON_VALUE(…).
func (p *parser) jsonValue() ast.Expression {
	v := &ast.JSONValue{Position: p.advance().pos}
	p.need("(")
	v.Path = p.jsonPath()
	if p.take("RETURNING") {
		v.Returning = p.dataType()
	}
	v.OnEmpty, v.OnError = p.jsonValueBehaviors()
	p.need(")")
	return v
}

// jsonQuery reads JSON_QUERY(…).
func (p *parser) jsonQuery() ast.Expression {
	q := &ast.JSONQuery{Position: p.advance().pos}
	p.need("(")
	q.Path = p.jsonPath()
	q.Returning, q.Format = p.jsonReturning()
	q.Wrapper = p.jsonWrapper()
	q.Quotes = p.jsonQuotes()
	q.OnEmpty, q.OnError = p.jsonQueryBehaviors()
	p.need(")")
	return q
}

// jsonPath reads value, 'path' [AS name] [PASSING …].
func (p *parser) jsonPath() *ast.JSONPathInvocation {
	path := &ast.JSONPathInvocation{Position: p.pos(), Input: p.jsonInput()}
	p.need(",")
	path.Path = p.str()
	if p.take("AS") {
		path.Name = p.identifier()
	}
	if p.take("PASSING") {
		path.Passing = list(p, p.jsonArgument)
	}
	return path
}

func (p *parser) jsonArgument() *ast.JSONArgument {
	a := &ast.JSONArgument{Position: p.pos(), Input: p.jsonInput()}
	p.need("AS")
	a.Name = p.identifier()
	return a
}

// jsonInput reads value [FORMAT JSON [ENCODING …]].
func (p *parser) jsonInput() *ast.JSONInput {
	return &ast.JSONInput{Position: p.pos(), Value: p.expression(), Format: p.jsonFormat()}
}

func (p *parser) jsonFormat() ast.JSONFormat {
	if !p.take("FORMAT") {
		return ast.NoJSONFormat
	}
	p.need("JSON")
	if !p.take("ENCODING") {
		return ast.JSONText
	}
	return ast.JSONFormat(p.needAny("UTF16", "UTF32", "UTF8"))
}

// jsonReturning reads [RETURNING type [FORMAT JSON …]].
func (p *parser) jsonReturning() (*ast.DataType, ast.JSONFormat) {
	if !p.take("RETURNING") {
		return nil, ast.NoJSONFormat
	}
	t := p.dataType()
	return t, p.jsonFormat()
}

func (p *parser) jsonWrapper() ast.JSONWrapper {
	wrapper := ast.JSONWrapperUnspecified
	switch p.takeAny("WITH", "WITHOUT") {
	case "":
		return wrapper
	case "WITHOUT":
		wrapper = ast.JSONWithoutWrapper
	default:
		wrapper = ast.JSONUnconditionalWrapper
		if p.takeAny("CONDITIONAL", "UNCONDITIONAL") == "CONDITIONAL" {
			wrapper = ast.JSONConditionalWrapper
		}
	}
	p.take("ARRAY")
	p.need("WRAPPER")
	return wrapper
}

func (p *parser) jsonQuotes() ast.JSONQuotes {
	word := p.takeAny("KEEP", "OMIT")
	if word == "" {
		return ast.JSONQuotesUnspecified
	}
	p.need("QUOTES")
	if p.take("ON") {
		p.need("SCALAR")
		p.need("STRING")
	}
	return ast.JSONQuotes(word)
}

// jsonValueBehaviors reads [… ON EMPTY] [… ON ERROR] of JSON_VALUE.
func (p *parser) jsonValueBehaviors() (empty, failure ast.JSONValueBehavior) {
	for _, at := range []string{"ON EMPTY", "ON ERROR"} {
		word := p.takeAny("DEFAULT", "ERROR", "NULL")
		if word == "" {
			return empty, failure
		}
		b := ast.JSONValueBehavior{Kind: ast.JSONBehavior(word)}
		if b.Kind == ast.JSONDefault {
			b.Default = p.expression()
		}
		if p.jsonOn(at == "ON EMPTY") {
			empty = b
			continue
		}
		return empty, b
	}
	return empty, failure
}

// jsonQueryBehaviors reads [… ON EMPTY] [… ON ERROR] of JSON_QUERY.
func (p *parser) jsonQueryBehaviors() (empty, failure ast.JSONBehavior) {
	for _, at := range []string{"ON EMPTY", "ON ERROR"} {
		word := p.takeAny("EMPTY", "ERROR", "NULL")
		if word == "" {
			return empty, failure
		}
		if word == "EMPTY" {
			word += " " + p.needAny("ARRAY", "OBJECT")
		}
		if p.jsonOn(at == "ON EMPTY") {
			empty = ast.JSONBehavior(word)
			continue
		}
		return empty, ast.JSONBehavior(word)
	}
	return empty, failure
}

// jsonOn reads ON EMPTY, if that may come, or ON ERROR, and tells whether it
// was ON EMPTY.
func (p *parser) jsonOn(mayBeEmpty bool) bool {
	p.need("ON")
	if mayBeEmpty && p.take("EMPTY") {
		return true
	}
	p.need("ERROR")
	return false
}

// jsonObject reads JSON_OBJECT(…).
func (p *parser) jsonObject() ast.Expression {
	o := &ast.JSONObject{Position: p.advance().pos}
	p.need("(")
	if !p.at(")") && !p.atJSONReturning() {
		o.Members = list(p, p.jsonMember)
		o.Nulls = p.jsonNulls()
		if word := p.takeAny("WITH", "WITHOUT"); word != "" {
			p.need("UNIQUE")
			p.take("KEYS")
			o.UniqueKeys = word == "WITH"
		}
	}
	o.Returning, o.Format = p.jsonReturning()
	p.need(")")
	return o
}

// jsonArray reads JSON_ARRAY(…).
func (p *parser) jsonArray() ast.Expression {
	a := &ast.JSONArray{Position: p.advance().pos}
	p.need("(")
	if !p.at(")") && !p.atJSONReturning() {
		a.Elements = list(p, p.jsonInput)
		a.Nulls = p.jsonNulls()
	}
	a.Returning, a.Format = p.jsonReturning()
	p.need(")")
	return a
}

func (p *parser) jsonNulls() ast.JSONNulls {
	word := p.takeAny("NULL", "ABSENT")
	if word == "" {
		return ast.JSONNullsUnspecified
	}
	p.need("ON")
	p.need("NULL")
	return ast.JSONNulls(word)
}

// atJSONReturning tells whether RETURNING is next and a clause, not a column
// of that name.
func (p *parser) atJSONReturning() bool {
	next := p.peek(1)
	if !p.is("RETURNING") || !next.isName() {
		return false
	}
	switch next.word {
	case "FORMAT":
		return p.peek(2).word != "JSON"
	case "ABSENT":
		return p.peek(2).word != "ON"
	case "VALUE":
		return p.peek(2).word == ")" || p.peek(2).word == "(" || p.peek(2).word == "FORMAT"
	}
	return true
}

// jsonMember reads [KEY] key VALUE value, or key : value.
func (p *parser) jsonMember() *ast.JSONObjectMember {
	m := &ast.JSONObjectMember{Position: p.pos()}
	keyword := p.atKeyWord()
	if keyword {
		p.advance()
	}
	m.Key = p.expression()
	if !keyword && p.take(":") {
		m.Value = p.jsonInput()
		return m
	}
	p.need("VALUE")
	m.Value = p.jsonInput()
	return m
}

// atKeyWord tells whether KEY is next and the keyword, not a column or function
// of that name.
func (p *parser) atKeyWord() bool {
	if !p.is("KEY") {
		return false
	}
	switch next := p.peek(1); next.word {
	case ":", ".", "[", "*", "/", "%", "||", "->", "=", "<>", "<", "<=", ">", ">=", "AND", "OR", "IS", "IN", "BETWEEN", "LIKE":
		return false
	case "VALUE":
		return p.peek(2).word == "VALUE" || p.peek(2).word == "." || p.peek(2).word == "["
	case "NOT":
		after := p.peek(2).word
		return after != "IN" && after != "BETWEEN" && after != "LIKE"
	}
	// key(a) : 1 has no keyword, KEY (a) VALUE 1 has one.
	depth := 0
	for n := 1; ; n++ {
		switch t := p.peek(n); {
		case t.kind == tokenEnd:
			return true
		case t.word == "(" || t.word == "[":
			depth++
		case t.word == ")" || t.word == "]":
			if depth--; depth < 0 {
				return true
			}
		case depth == 0 && t.word == ":":
			return false
		case depth == 0 && (t.word == "VALUE" || t.word == ","):
			return true
		}
	}
}
