package parser

import "github.com/scopsdb/scops/internal/sql/ast"

// tableFunction reads TABLE(name(…)).
func (p *parser) tableFunction() ast.Relation {
	t := &ast.TableFunctionInvocation{Position: p.need("TABLE").pos}
	p.need("(")
	t.Name = p.qualifiedName()
	p.need("(")
	if !p.at(")") && !p.isSeq("COPARTITION", "(") {
		t.Arguments = list(p, p.tableFunctionArgument)
	}
	if p.take("COPARTITION") {
		t.Copartition = list(p, p.copartition)
	}
	p.need(")")
	p.need(")")
	return t
}

func (p *parser) copartition() []*ast.QualifiedName {
	p.need("(")
	tables := []*ast.QualifiedName{p.qualifiedName()}
	p.need(",")
	tables = append(tables, list(p, p.qualifiedName)...)
	p.need(")")
	return tables
}

func (p *parser) tableFunctionArgument() *ast.TableFunctionArgument {
	a := &ast.TableFunctionArgument{Position: p.pos()}
	if p.tok().isName() && p.peek(1).word == "=>" {
		a.Name = p.identifier()
		p.advance()
	}
	switch {
	case p.at("TABLE") && p.peek(1).word == "(":
		a.Table = p.tableArgument()
	case p.atDescriptor():
		a.Descriptor = p.descriptor()
	default:
		a.Value = p.expression()
	}
	return a
}

// tableArgument reads TABLE(t) or TABLE(query) and its clauses.
func (p *parser) tableArgument() *ast.TableArgument {
	a := &ast.TableArgument{Position: p.need("TABLE").pos}
	open := p.need("(").pos
	if p.atQuery() || p.is("(") {
		a.Relation = &ast.TableSubquery{Position: open, Query: p.query()}
	} else {
		a.Relation = &ast.Table{Position: a.Position, Name: p.qualifiedName()}
	}
	p.need(")")
	if alias := p.alias(); alias != nil {
		a.Relation = &ast.AliasedRelation{Position: a.Position, Relation: a.Relation, Alias: alias, Columns: p.columnAliases()}
	}
	if p.takeSeq("PARTITION", "BY") {
		a.PartitionBy = p.groupingSet()
	}
	if word := p.takeAny("PRUNE", "KEEP"); word != "" {
		a.WhenEmpty = word
		p.need("WHEN")
		p.need("EMPTY")
	}
	if p.takeSeq("ORDER", "BY") {
		a.OrderBy = p.tableArgumentOrder()
	}
	return a
}

// tableArgumentOrder reads (a, b DESC), or one item without parentheses.
func (p *parser) tableArgumentOrder() []*ast.SortItem {
	if p.is("(") && !p.atParenQuery() && p.endsArgumentAfterParen() {
		return inParens(p, p.sortItem)
	}
	return []*ast.SortItem{p.sortItem()}
}

// endsArgumentAfterParen tells whether the parenthesis that is next closes
// where its argument ends.
func (p *parser) endsArgumentAfterParen() bool {
	depth := 0
	for n := 0; ; n++ {
		switch t := p.peek(n); {
		case t.kind == tokenEnd:
			return true
		case t.word == "(":
			depth++
		case t.word == ")":
			if depth--; depth > 0 {
				continue
			}
			after := p.peek(n + 1)
			return after.word == "," || after.word == ")" || after.word == "COPARTITION"
		}
	}
}

// atDescriptor tells whether a descriptor is next, not a call of a function of
// that name.
func (p *parser) atDescriptor() bool {
	if p.isSeq("CAST", "(", "NULL", "AS", "DESCRIPTOR", ")") {
		return true
	}
	if !p.isSeq("DESCRIPTOR", "(") || !p.peek(2).isName() {
		return false
	}
	after := p.peek(3)
	return after.word == "," || after.word == ")" || after.isName()
}

func (p *parser) descriptor() *ast.Descriptor {
	d := &ast.Descriptor{Position: p.pos()}
	if p.is("CAST") {
		for range 6 {
			p.advance()
		}
		return d
	}
	p.need("DESCRIPTOR")
	d.Fields = inParens(p, p.descriptorField)
	return d
}

func (p *parser) descriptorField() *ast.DescriptorField {
	f := &ast.DescriptorField{Position: p.pos(), Name: p.identifier()}
	if !p.at(",") && !p.at(")") {
		f.Type = p.dataType()
	}
	return f
}
