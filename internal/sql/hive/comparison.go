package hive

// partitionFilter reads PARTITION (k < 'v', …) of DROP PARTITION: comparisons
// that all must hold. Hive takes other operators than = here only.
func (p *parser) partitionFilter() PartitionSpec {
	spec := PartitionSpec{Position: p.need("PARTITION").pos}
	spec.Values = inParens(p, p.partitionComparison)
	return spec
}

func (p *parser) partitionComparison() PartitionValue {
	v := PartitionValue{Position: p.pos(), Column: p.name()}
	v.Operator = p.comparison()
	v.Value = p.constant()
	return v
}

// comparison reads an operator; "" is =. Its characters stand together.
func (p *parser) comparison() string {
	first := p.tok()
	switch p.takeAny("=", "<", ">", "!") {
	case "=":
		p.takeTouching(first, "=") // == is = in Hive
		return ""
	case "<":
		return "<" + p.takeTouching(first, "=", ">")
	case ">":
		return ">" + p.takeTouching(first, "=")
	case "!":
		p.need("=")
		return "<>"
	}
	p.fail()
	return ""
}

// takeTouching goes past one of the symbols if it stands directly after t, and
// returns it, or "".
func (p *parser) takeTouching(t token, symbols ...string) string {
	next := p.pos()
	if next.Line != t.pos.Line || next.Column != t.pos.Column+1 {
		return ""
	}
	return p.takeAny(symbols...)
}
