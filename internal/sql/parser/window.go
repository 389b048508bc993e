package parser

import "github.com/scopsdb/scops/internal/sql/ast"

func (p *parser) windowDefinition() *ast.WindowDefinition {
	w := &ast.WindowDefinition{Position: p.pos(), Name: p.identifier()}
	p.need("AS")
	p.need("(")
	w.Spec = p.windowSpec()
	p.need(")")
	return w
}

// windowSpec reads what stands between the parentheses.
func (p *parser) windowSpec() *ast.WindowSpec {
	w := &ast.WindowSpec{Position: p.pos()}
	if p.atName() && !p.startsWindowClause() {
		w.Existing = p.identifier()
	}
	if p.takeSeq("PARTITION", "BY") {
		w.PartitionBy = list(p, p.expression)
	}
	w.OrderAt = p.pos()
	if p.takeSeq("ORDER", "BY") {
		w.OrderBy = list(p, p.sortItem)
	}
	w.Frame = p.windowFrame()
	return w
}

// startsWindowClause tells whether the next token, which could be the name of
// a window, begins a clause instead.
func (p *parser) startsWindowClause() bool {
	next := p.peek(1)
	switch p.tok().word {
	case "PARTITION":
		return next.word == "BY"
	case "RANGE", "ROWS", "GROUPS":
		return next.word != ")" && next.word != "PARTITION" && next.word != "ORDER"
	case "MEASURES":
		return next.word != ")" && next.word != "PARTITION" && next.word != "ORDER"
	}
	return false
}

func (p *parser) windowFrame() *ast.WindowFrame {
	pos := p.pos()
	var recognition *ast.PatternClauses
	if p.take("MEASURES") {
		recognition = &ast.PatternClauses{Measures: list(p, p.measure)}
	}
	kind := p.takeAny("RANGE", "ROWS", "GROUPS")
	if kind == "" {
		if recognition != nil {
			p.fail()
		}
		return nil
	}
	f := &ast.WindowFrame{Position: pos, Type: ast.FrameType(kind)}
	if p.take("BETWEEN") {
		f.Start = p.frameBound()
		p.need("AND")
		f.End = p.frameBound()
	} else {
		f.Start = p.frameBound()
	}
	f.Recognition = p.framePattern(recognition)
	return f
}

func (p *parser) frameBound() *ast.FrameBound {
	b := &ast.FrameBound{Position: p.pos()}
	switch next := p.peek(1).word; {
	case p.at("UNBOUNDED") && next != "." && next != "(":
		p.advance()
		b.Type = ast.FrameBoundType("UNBOUNDED " + p.needAny("PRECEDING", "FOLLOWING"))
	case p.at("CURRENT") && next != "." && next != "(":
		p.advance()
		p.need("ROW")
		b.Type = ast.CurrentRow
	default:
		b.Value = p.expression()
		b.Type = ast.FrameBoundType(p.needAny("PRECEDING", "FOLLOWING"))
	}
	return b
}
