package parser

import "github.com/scopsdb/scops/internal/sql/ast"

// atQuery tells whether a query begins here, other than with a parenthesis.
// TABLE( begins a table function instead.
func (p *parser) atQuery() bool { return p.queryAt(0) }

func (p *parser) queryAt(n int) bool {
	switch p.peek(n).word {
	case "SELECT", "WITH", "VALUES":
		return true
	case "TABLE":
		return p.peek(n+1).word != "("
	}
	return false
}

// atParenQuery tells whether a run of opening parentheses leads to a query.
func (p *parser) atParenQuery() bool {
	if !p.is("(") {
		return false
	}
	for n := 1; n <= MaxDepth+1; n++ {
		if p.peek(n).word != "(" {
			return p.queryAt(n)
		}
	}
	return false
}

// query reads [WITH …] body [ORDER BY …] [OFFSET …] [LIMIT …].
func (p *parser) query() *ast.Query {
	p.enter()
	defer p.leave()
	pos := p.pos()
	var with *ast.With
	if p.is("WITH") {
		with = p.with()
	} else if !p.atQuery() && !p.is("(") {
		p.want("<query>")
		p.fail()
	}
	return p.queryNoWith(pos, with, nil)
}

// queryNoWith reads what follows WITH. A body already read is given as first.
func (p *parser) queryNoWith(pos ast.Position, with *ast.With, first ast.QueryBody) *ast.Query {
	q := &ast.Query{Position: pos, With: with, Body: p.queryTerm(first)}
	if t := p.tok(); p.takeSeq("ORDER", "BY") {
		q.OrderByAt = t.pos
		q.OrderBy = list(p, p.sortItem)
	}
	if t := p.tok(); p.take("OFFSET") {
		q.Offset = &ast.Offset{Position: t.pos, RowCount: p.rowCount()}
		p.takeAny("ROW", "ROWS")
	}
	switch {
	case p.at("LIMIT"):
		q.Limit = p.limit()
	case p.at("FETCH"):
		q.Limit = p.fetch()
	}
	return q
}

func (p *parser) limit() *ast.Limit {
	l := &ast.Limit{Position: p.need("LIMIT").pos}
	if p.take("ALL") {
		l.All = true
		return l
	}
	l.RowCount = p.rowCount()
	return l
}

func (p *parser) fetch() *ast.Limit {
	l := &ast.Limit{Position: p.need("FETCH").pos, Fetch: true}
	p.needAny("FIRST", "NEXT")
	if p.takeAny("ROW", "ROWS") == "" {
		l.RowCount = p.rowCount()
		p.needAny("ROW", "ROWS")
	}
	if p.take("ONLY") {
		return l
	}
	p.need("WITH")
	p.need("TIES")
	l.WithTies = true
	return l
}

// rowCount reads an integer or a parameter.
func (p *parser) rowCount() ast.Expression {
	if p.is("?") {
		return p.parameter()
	}
	if p.tok().kind != tokenInteger {
		p.want("?", "<integer>")
		p.fail()
	}
	return p.numberLiteral()
}

func (p *parser) with() *ast.With {
	w := &ast.With{Position: p.need("WITH").pos}
	if p.isSeq("FUNCTION") && p.peek(1).isName() && p.peek(1).word != "AS" && p.peek(2).word != "AS" {
		p.refuse(p.pos(), "WITH FUNCTION")
	}
	if p.isSeq("SESSION") && p.peek(1).isName() {
		p.refuse(p.pos(), "WITH SESSION")
	}
	w.Recursive = p.take("RECURSIVE")
	w.Queries = list(p, p.withQuery)
	return w
}

func (p *parser) withQuery() *ast.WithQuery {
	w := &ast.WithQuery{Position: p.pos(), Name: p.identifier(), Columns: p.columnAliases()}
	p.need("AS")
	p.need("(")
	w.Query = p.query()
	p.need(")")
	return w
}

// queryTerm reads operands of UNION and EXCEPT.
func (p *parser) queryTerm(first ast.QueryBody) ast.QueryBody {
	left := p.intersectTerm(first)
	for {
		word := p.takeAny("UNION", "EXCEPT")
		if word == "" {
			return left
		}
		op := p.setOperation(word, left)
		op.Right = p.intersectTerm(nil)
		left = op
	}
}

// intersectTerm reads operands of INTERSECT, which binds tighter.
func (p *parser) intersectTerm(first ast.QueryBody) ast.QueryBody {
	left := first
	if left == nil {
		left = p.queryPrimary()
	}
	for p.take("INTERSECT") {
		op := p.setOperation("INTERSECT", left)
		op.Right = p.queryPrimary()
		left = op
	}
	return left
}

// setOperation starts an operation whose word was taken.
func (p *parser) setOperation(word string, left ast.QueryBody) *ast.SetOperation {
	op := &ast.SetOperation{Position: p.tokens[p.i-1].pos, Operator: ast.SetOperator(word), Left: left}
	op.All = p.takeAny("ALL", "DISTINCT") == "ALL"
	return op
}

func (p *parser) queryPrimary() ast.QueryBody {
	pos := p.pos()
	switch {
	case p.at("SELECT"):
		return p.querySpecification()
	case p.at("VALUES"):
		p.advance()
		return &ast.Values{Position: pos, Rows: list(p, p.expression)}
	case p.at("TABLE"):
		p.advance()
		name := p.qualifiedName()
		return &ast.Table{Position: pos, Name: name}
	case p.at("("):
		p.enter()
		defer p.leave()
		p.advance()
		q := p.queryNoWith(p.pos(), nil, nil)
		p.need(")")
		return &ast.TableSubquery{Position: pos, Query: q}
	}
	p.fail()
	return nil
}

func (p *parser) querySpecification() *ast.QuerySpecification {
	q := &ast.QuerySpecification{Position: p.pos(), Select: p.selectClause()}
	if p.take("FROM") {
		q.From = p.from(q.Position)
	}
	if p.take("WHERE") {
		q.Where = p.expression()
	}
	if p.at("GROUP") {
		q.GroupBy = p.groupBy()
	}
	if p.take("HAVING") {
		q.Having = p.expression()
	}
	if p.take("WINDOW") {
		q.Windows = list(p, p.windowDefinition)
	}
	return q
}

func (p *parser) selectClause() *ast.Select {
	s := &ast.Select{Position: p.need("SELECT").pos}
	s.Distinct = p.setQuantifier()
	s.Items = list(p, p.selectItem)
	return s
}

// setQuantifier reads an optional DISTINCT or ALL. An ALL that nothing can
// follow as its operand is a column of that name.
func (p *parser) setQuantifier() (distinct bool) {
	if p.take("DISTINCT") {
		return true
	}
	if p.at("ALL") {
		switch next := p.peek(1); {
		case next.kind == tokenEnd, next.word == ",", next.word == ")", next.word == "FROM", next.word == ".", next.word == ";":
		default:
			p.advance()
		}
	}
	return false
}

func (p *parser) selectItem() ast.SelectItem {
	pos := p.pos()
	if p.take("*") {
		return &ast.AllColumns{Position: pos}
	}
	// An item may be row.*, so the first primary is read before the rest of
	// its expression.
	if !p.is("NOT") && !p.is("-") && !p.is("+") {
		first := p.primary(true)
		if p.isSeq(".", "*") {
			return p.allColumns(pos, first)
		}
		p.pending = first
	}
	return &ast.SingleColumn{Position: pos, Expression: p.expression(), Alias: p.alias()}
}

// allColumns reads .* [AS (a, b)] after its target.
func (p *parser) allColumns(pos ast.Position, target ast.Expression) *ast.AllColumns {
	p.need(".")
	p.need("*")
	all := &ast.AllColumns{Position: pos, Target: target}
	if p.take("AS") {
		all.Aliases = inParens(p, p.identifier)
	}
	return all
}

// alias reads an optional [AS] name.
func (p *parser) alias() *ast.Identifier {
	if p.take("AS") {
		return p.identifier()
	}
	if p.atName() && !p.startsClause() {
		return p.identifier()
	}
	return nil
}

// startsClause tells whether the next token, which could be a name, begins a
// clause instead.
func (p *parser) startsClause() bool {
	next := p.peek(1)
	switch p.tok().word {
	case "LIMIT", "OFFSET":
		return !p.endsName(next)
	case "FETCH":
		return next.word == "FIRST" || next.word == "NEXT"
	case "WINDOW":
		return next.isName() && p.peek(2).word == "AS"
	case "TABLESAMPLE":
		return next.isName()
	case "MATCH_RECOGNIZE":
		return next.word == "("
	case "PARTITION":
		return next.word == "BY"
	case "PRUNE", "KEEP":
		return next.word == "WHEN"
	}
	return false
}

// endsName tells whether a token can follow an alias, so that a LIMIT or OFFSET
// before it is one.
func (p *parser) endsName(next token) bool {
	switch next.word {
	case ",", ")", "(", ";", "LIMIT", "OFFSET", "FETCH", "TABLESAMPLE":
		return true
	}
	return next.kind == tokenEnd || keywords[next.word]
}

func (p *parser) sortItem() *ast.SortItem {
	item := &ast.SortItem{Position: p.pos(), Key: p.expression()}
	if p.takeAny("ASC", "DESC") == "DESC" {
		item.Ordering = ast.Descending
	}
	if p.take("NULLS") {
		item.NullOrdering = ast.NullsLast
		if p.needAny("FIRST", "LAST") == "FIRST" {
			item.NullOrdering = ast.NullsFirst
		}
	}
	return item
}
