package parser

import "github.com/scopsdb/scops/internal/sql/ast"

// patternRecognition reads MATCH_RECOGNIZE (…) after its input.
func (p *parser) patternRecognition(input ast.Relation) ast.Relation {
	r := &ast.PatternRecognition{Position: input.Pos(), Input: input}
	p.need("MATCH_RECOGNIZE")
	p.need("(")
	if p.takeSeq("PARTITION", "BY") {
		r.PartitionBy = list(p, p.expression)
	}
	if p.takeSeq("ORDER", "BY") {
		r.OrderBy = list(p, p.sortItem)
	}
	if p.take("MEASURES") {
		r.Measures = list(p, p.measure)
	}
	r.RowsPerMatch = p.rowsPerMatch()
	p.afterMatch(&r.PatternClauses)
	p.at("PATTERN")
	p.patternAndSubsets(&r.PatternClauses, true)
	p.need("DEFINE")
	r.Defines = list(p, p.variableDefinition)
	p.need(")")
	alias := p.alias()
	if alias == nil {
		return r
	}
	return &ast.AliasedRelation{Position: r.Position, Relation: r, Alias: alias, Columns: p.columnAliases()}
}

func (p *parser) measure() *ast.Measure {
	m := &ast.Measure{Position: p.pos(), Expression: p.expression()}
	p.need("AS")
	m.Name = p.identifier()
	return m
}

func (p *parser) rowsPerMatch() ast.RowsPerMatch {
	switch p.takeAny("ONE", "ALL") {
	case "ONE":
		p.need("ROW")
		p.need("PER")
		p.need("MATCH")
		return ast.OneRowPerMatch
	case "ALL":
		p.need("ROWS")
		p.need("PER")
		p.need("MATCH")
		return p.emptyMatches()
	}
	return ast.RowsPerMatchUnspecified
}

func (p *parser) emptyMatches() ast.RowsPerMatch {
	rows := ast.AllRowsPerMatch
	switch p.takeAny("SHOW", "OMIT", "WITH") {
	case "SHOW":
		rows = ast.AllRowsShowEmpty
	case "OMIT":
		rows = ast.AllRowsOmitEmpty
	case "WITH":
		p.need("UNMATCHED")
		p.need("ROWS")
		return ast.AllRowsWithUnmatched
	default:
		return rows
	}
	p.need("EMPTY")
	p.need("MATCHES")
	return rows
}

// afterMatch reads [AFTER MATCH …] [INITIAL | SEEK].
func (p *parser) afterMatch(c *ast.PatternClauses) {
	if pos := p.pos(); p.take("AFTER") {
		p.need("MATCH")
		p.need("SKIP")
		c.AfterMatch = p.skipTo(pos)
	}
	c.SearchMode = p.takeAny("INITIAL", "SEEK")
}

func (p *parser) skipTo(pos ast.Position) *ast.SkipTo {
	s := &ast.SkipTo{Position: pos}
	if p.needAny("TO", "PAST") == "PAST" {
		p.need("LAST")
		p.need("ROW")
		s.Kind = "PAST LAST ROW"
		return s
	}
	switch t := p.tok(); {
	case p.isSeq("NEXT", "ROW"):
		p.advance()
		p.advance()
		s.Kind = "NEXT ROW"
		return s
	case (t.word == "FIRST" || t.word == "LAST") && p.peek(1).isName() && p.skipNames():
		s.Kind = t.word
		p.advance()
	}
	p.want("NEXT", "FIRST", "LAST")
	s.Name = p.identifier()
	return s
}

// skipNames tells whether the FIRST or LAST that is next is followed by the name
// it applies to, rather than by the next clause.
func (p *parser) skipNames() bool {
	switch next := p.peek(1); next.word {
	case "PATTERN":
		return p.peek(2).word != "("
	case "INITIAL", "SEEK":
		return p.peek(2).word != "PATTERN" || p.peek(3).word != "("
	}
	return true
}

// patternAndSubsets reads PATTERN (…) and [SUBSET …].
func (p *parser) patternAndSubsets(c *ast.PatternClauses, needed bool) {
	if needed {
		p.need("PATTERN")
	}
	if needed || p.take("PATTERN") {
		p.need("(")
		c.Pattern = p.rowPattern()
		p.need(")")
	}
	if p.take("SUBSET") {
		c.Subsets = list(p, p.subsetDefinition)
	}
}

func (p *parser) subsetDefinition() *ast.SubsetDefinition {
	s := &ast.SubsetDefinition{Position: p.pos(), Name: p.identifier()}
	p.need("=")
	s.Union = inParens(p, p.identifier)
	return s
}

func (p *parser) variableDefinition() *ast.VariableDefinition {
	d := &ast.VariableDefinition{Position: p.pos(), Name: p.identifier()}
	p.need("AS")
	d.Condition = p.expression()
	return d
}

// rowPattern reads alternatives with bars between.
func (p *parser) rowPattern() ast.RowPattern {
	p.enter()
	defer p.leave()
	pos := p.pos()
	patterns := []ast.RowPattern{p.patternConcatenation()}
	for p.take("|") {
		patterns = append(patterns, p.patternConcatenation())
	}
	if len(patterns) == 1 {
		return patterns[0]
	}
	return &ast.PatternAlternation{Position: pos, Patterns: patterns}
}

func (p *parser) patternConcatenation() ast.RowPattern {
	pos := p.pos()
	patterns := []ast.RowPattern{p.quantifiedPattern()}
	for p.startsPattern() {
		patterns = append(patterns, p.quantifiedPattern())
	}
	if len(patterns) == 1 {
		return patterns[0]
	}
	return &ast.PatternConcatenation{Position: pos, Patterns: patterns}
}

// startsPattern tells whether a pattern begins here.
func (p *parser) startsPattern() bool {
	switch p.tok().word {
	case "(", "^", "$", "{-":
		return true
	}
	return p.tok().isName()
}

func (p *parser) quantifiedPattern() ast.RowPattern {
	pos := p.pos()
	primary := p.patternPrimary()
	q := &ast.QuantifiedPattern{Position: pos, Pattern: primary}
	switch q.Symbol = p.takeAny("*", "+", "?", "{"); q.Symbol {
	case "":
		return primary
	case "{":
		q.Symbol = "{}"
		p.patternRange(q)
	}
	q.Reluctant = p.take("?")
	return q
}

// patternRange reads the bounds and the closing brace.
func (p *parser) patternRange(q *ast.QuantifiedPattern) {
	if p.tok().kind == tokenInteger {
		q.AtLeast = p.integer()
		if p.take("}") {
			q.AtMost = q.AtLeast
			return
		}
	}
	p.need(",")
	if p.tok().kind == tokenInteger {
		q.AtMost = p.integer()
	}
	p.need("}")
}

func (p *parser) patternPrimary() ast.RowPattern {
	pos := p.pos()
	switch {
	case p.take("("):
		if p.take(")") {
			return &ast.EmptyPattern{Position: pos}
		}
		inner := p.rowPattern()
		p.need(")")
		return inner
	case p.isSeq("PERMUTE", "("):
		p.advance()
		return &ast.PatternPermutation{Position: pos, Patterns: inParens(p, p.rowPattern)}
	case p.take("^"):
		return &ast.PatternAnchor{Position: pos}
	case p.take("$"):
		return &ast.PatternAnchor{Position: pos, End: true}
	case p.take("{-"):
		inner := p.rowPattern()
		p.need("-}")
		return &ast.ExcludedPattern{Position: pos, Pattern: inner}
	}
	return &ast.PatternVariable{Position: pos, Name: p.identifier()}
}

// framePattern reads the clauses of row pattern recognition after the extent of
// a frame; c has what came before it, or is nil.
func (p *parser) framePattern(c *ast.PatternClauses) *ast.PatternClauses {
	if c == nil {
		c = &ast.PatternClauses{}
	}
	p.afterMatch(c)
	p.patternAndSubsets(c, false)
	if p.take("DEFINE") {
		c.Defines = list(p, p.variableDefinition)
	}
	if c.Measures == nil && c.AfterMatch == nil && c.SearchMode == "" && c.Pattern == nil && c.Subsets == nil && c.Defines == nil {
		return nil
	}
	return c
}
