package parser

import "github.com/scopsdb/scops/internal/sql/ast"

// from reads the relations after FROM; the comma is an implicit join, at the
// place of its query.
func (p *parser) from(at ast.Position) ast.Relation {
	left := p.relation()
	for p.take(",") {
		left = &ast.Join{Position: at, Type: ast.ImplicitJoin, Left: left, Right: p.relation()}
	}
	return left
}

// relation reads joins.
func (p *parser) relation() ast.Relation {
	p.enter()
	defer p.leave()
	return p.joins(p.sampledRelation(nil))
}

// joins reads what is joined to left.
func (p *parser) joins(left ast.Relation) ast.Relation {
	for {
		join := &ast.Join{Position: left.Pos(), Left: left}
		switch {
		case p.take("CROSS"):
			p.need("JOIN")
			join.Type = ast.CrossJoin
			join.Right = p.sampledRelation(nil)
		case p.take("NATURAL"):
			join.Type = p.joinType()
			p.need("JOIN")
			join.Natural = true
			join.Right = p.sampledRelation(nil)
		case p.at("JOIN"), p.at("INNER"), p.at("LEFT"), p.at("RIGHT"), p.at("FULL"):
			join.Type = p.joinType()
			p.need("JOIN")
			join.Right = p.relation()
			p.joinCriteria(join)
		default:
			return left
		}
		left = join
	}
}

func (p *parser) joinType() ast.JoinType {
	switch word := p.takeAny("INNER", "LEFT", "RIGHT", "FULL"); word {
	case "", "INNER":
		return ast.InnerJoin
	default:
		p.take("OUTER")
		return ast.JoinType(word)
	}
}

func (p *parser) joinCriteria(join *ast.Join) {
	if p.needAny("ON", "USING") == "ON" {
		join.On = p.expression()
		return
	}
	join.Using = inParens(p, p.identifier)
}

// sampledRelation reads a relation with its alias and TABLESAMPLE. A relation
// whose parentheses are already read is given as first.
func (p *parser) sampledRelation(first ast.Relation) ast.Relation {
	r := p.aliasedRelation(first)
	if p.at("MATCH_RECOGNIZE") && p.peek(1).word == "(" {
		r = p.patternRecognition(r)
	}
	if !p.take("TABLESAMPLE") {
		return r
	}
	s := &ast.SampledRelation{Position: r.Pos(), Relation: r}
	s.System = p.needAny("BERNOULLI", "SYSTEM") == "SYSTEM"
	p.need("(")
	s.Percentage = p.expression()
	p.need(")")
	return s
}

func (p *parser) aliasedRelation(first ast.Relation) ast.Relation {
	r := first
	if r == nil {
		r = p.relationPrimary()
	}
	alias := p.alias()
	if alias == nil {
		return r
	}
	return &ast.AliasedRelation{Position: r.Pos(), Relation: r, Alias: alias, Columns: p.columnAliases()}
}

func (p *parser) relationPrimary() ast.Relation {
	pos := p.pos()
	next := p.peek(1).word
	p.want("LATERAL", "TABLE", "UNNEST", "(")
	switch {
	case p.is("("):
		return p.parenRelation()
	case p.is("UNNEST"):
		return p.unnest()
	case p.is("LATERAL") && next == "(":
		p.advance()
		p.need("(")
		q := p.query()
		p.need(")")
		return &ast.Lateral{Position: pos, Query: q}
	case p.is("TABLE") && next == "(":
		return p.tableFunction()
	case p.is("JSON_TABLE"):
		return p.jsonTable()
	}
	t := &ast.Table{Position: pos, Name: p.qualifiedName()}
	if at := p.pos(); p.take("FOR") {
		t.Version = p.tableVersion(at)
	}
	return t
}

// tableVersion reads what follows FOR, which stands at a place.
func (p *parser) tableVersion(at ast.Position) *ast.TableVersion {
	v := &ast.TableVersion{Position: at}
	v.Timestamp = p.needAny("TIMESTAMP", "VERSION") == "TIMESTAMP"
	p.need("AS")
	p.need("OF")
	v.AsOf = p.value()
	return v
}

func (p *parser) unnest() *ast.Unnest {
	u := &ast.Unnest{Position: p.need("UNNEST").pos, Expressions: inParens(p, p.expression)}
	if next := p.peek(1).word; p.is("WITH") && next != "NO" && next != "DATA" { // of CREATE TABLE … AS
		p.need("WITH")
		p.need("ORDINALITY")
		u.WithOrdinality = true
	}
	return u
}

// parenRelation reads (query) or (relation). Where parentheses nest it can be
// told only afterwards which one they hold.
func (p *parser) parenRelation() ast.Relation {
	p.enter()
	defer p.leave()
	pos := p.need("(").pos
	var r ast.Relation
	switch {
	case p.atQuery():
		r = &ast.TableSubquery{Position: pos, Query: p.query()}
	case p.atParenQuery():
		inner := p.parenRelation()
		if body, ok := inner.(*ast.TableSubquery); ok && p.continuesQuery(body.Query, true) {
			r = &ast.TableSubquery{Position: pos, Query: p.queryNoWith(body.Pos(), nil, body)}
			break
		}
		r = p.joins(p.sampledRelation(inner))
	default:
		p.want("<query>")
		r = p.relation()
	}
	p.need(")")
	return r
}

// continuesQuery tells whether a query in parentheses, just read, is the first
// operand of a larger query that goes on here; with alone also whether it is
// that query's whole body.
func (p *parser) continuesQuery(q *ast.Query, alone bool) bool {
	if q.With != nil {
		return false
	}
	switch p.tok().word {
	case "UNION", "EXCEPT", "INTERSECT", "ORDER":
		return true
	case ")":
		return alone
	}
	return p.startsClause() && !p.is("TABLESAMPLE") && !p.is("MATCH_RECOGNIZE") && !p.is("WINDOW")
}
