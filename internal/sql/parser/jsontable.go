package parser

import "github.com/scopsdb/scops/internal/sql/ast"

// jsonTable reads JSON_TABLE(…).
func (p *parser) jsonTable() ast.Relation {
	t := &ast.JSONTable{Position: p.need("JSON_TABLE").pos}
	p.need("(")
	t.Path = p.jsonPath()
	t.Columns = p.jsonColumns()
	if p.take("PLAN") {
		t.Plan = p.jsonTablePlan()
	}
	switch p.takeAny("EMPTY", "ERROR") {
	case "EMPTY":
		t.OnError = ast.JSONEmptyArray
	case "ERROR":
		t.OnError = ast.JSONError
	}
	if t.OnError != ast.JSONUnspecified {
		p.need("ON")
		p.need("ERROR")
	}
	p.need(")")
	return t
}

func (p *parser) jsonColumns() []*ast.JSONTableColumn {
	p.enter()
	defer p.leave()
	p.need("COLUMNS")
	return inParens(p, p.jsonColumn)
}

func (p *parser) jsonColumn() *ast.JSONTableColumn {
	c := &ast.JSONTableColumn{Position: p.pos()}
	if p.at("NESTED") && (p.peek(1).isString() || p.peek(1).word == "PATH" && p.peek(2).isString()) {
		return p.nestedColumns(c)
	}
	c.Name = p.identifier()
	if p.takeSeq("FOR", "ORDINALITY") {
		return c
	}
	c.Kind = ast.JSONValueColumn
	c.Type = p.dataType()
	c.Format = p.jsonFormat()
	if p.take("PATH") {
		c.Path = p.str()
	}
	if c.Format == ast.NoJSONFormat {
		c.ValueOnEmpty, c.ValueOnError = p.jsonValueBehaviors()
		return c
	}
	c.Kind = ast.JSONQueryColumn
	c.Wrapper = p.jsonWrapper()
	c.Quotes = p.jsonQuotes()
	c.QueryOnEmpty, c.QueryOnError = p.jsonQueryBehaviors()
	return c
}

func (p *parser) nestedColumns(c *ast.JSONTableColumn) *ast.JSONTableColumn {
	p.advance()
	c.Kind = ast.JSONNestedColumns
	p.take("PATH")
	c.Path = p.str()
	if p.take("AS") {
		c.Name = p.identifier()
	}
	c.Columns = p.jsonColumns()
	return c
}

// jsonTablePlan reads (plan) or DEFAULT (…) after PLAN.
func (p *parser) jsonTablePlan() *ast.JSONTablePlan {
	pos := p.pos()
	if p.take("DEFAULT") {
		plan := &ast.JSONTablePlan{Position: pos, Kind: ast.JSONDefaultPlan}
		p.need("(")
		p.defaultPlan(plan)
		p.need(")")
		return plan
	}
	p.need("(")
	plan := p.jsonPlan()
	p.need(")")
	return plan
}

func (p *parser) defaultPlan(plan *ast.JSONTablePlan) {
	switch word := p.needAny("CROSS", "INNER", "OUTER", "UNION"); word {
	case "INNER", "OUTER":
		plan.ParentChild = word
		if p.take(",") {
			plan.Siblings = p.needAny("CROSS", "UNION")
		}
	default:
		plan.Siblings = word
		if p.take(",") {
			plan.ParentChild = p.needAny("INNER", "OUTER")
		}
	}
}

func (p *parser) jsonPlan() *ast.JSONTablePlan {
	p.enter()
	defer p.leave()
	plan := &ast.JSONTablePlan{Position: p.pos()}
	first := p.jsonPlanPrimary()
	if first.Kind == ast.JSONLeafPlan {
		if word := p.takeAny("INNER", "OUTER"); word != "" {
			plan.Kind, plan.Name = ast.JSONPlanKind(word), first.Name
			plan.Children = []*ast.JSONTablePlan{p.jsonPlanPrimary()}
			return plan
		}
	}
	word := p.takeAny("CROSS", "UNION")
	if word == "" {
		if first.Kind != ast.JSONLeafPlan {
			p.fail()
		}
		return first
	}
	plan.Kind = ast.JSONPlanKind(word)
	plan.Children = []*ast.JSONTablePlan{first, p.jsonPlanPrimary()}
	for p.take(word) {
		plan.Children = append(plan.Children, p.jsonPlanPrimary())
	}
	return plan
}

// jsonPlanPrimary reads a path's name or (plan).
func (p *parser) jsonPlanPrimary() *ast.JSONTablePlan {
	if p.take("(") {
		plan := p.jsonPlan()
		p.need(")")
		return plan
	}
	return &ast.JSONTablePlan{Position: p.pos(), Name: p.identifier()}
}
