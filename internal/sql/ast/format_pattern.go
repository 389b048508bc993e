package ast

func (f *formatter) patternRecognition(r *PatternRecognition) {
	f.primaryRelation(r.Input)
	f.write(" MATCH_RECOGNIZE (")
	if r.PartitionBy != nil {
		f.write("PARTITION BY ")
		f.expressions(r.PartitionBy)
		f.write(" ")
	}
	if r.OrderBy != nil {
		f.orderBy("ORDER BY ", r.OrderBy)
		f.write(" ")
	}
	f.measures(r.Measures)
	if r.RowsPerMatch != RowsPerMatchUnspecified {
		f.write(string(r.RowsPerMatch), " ")
	}
	f.patternClauses(&r.PatternClauses)
	f.write(")")
}

// measures writes MEASURES and a space, if there are any.
func (f *formatter) measures(measures []*Measure) {
	if measures == nil {
		return
	}
	f.write("MEASURES ")
	join(f, measures, ", ", func(m *Measure) {
		f.expression(m.Expression)
		f.write(" AS ")
		f.identifier(m.Name)
	})
	f.write(" ")
}

// patternClauses writes what follows the measures.
func (f *formatter) patternClauses(c *PatternClauses) {
	var parts []func()
	if c.AfterMatch != nil {
		parts = append(parts, func() { f.skipTo(c.AfterMatch) })
	}
	if c.SearchMode != "" {
		parts = append(parts, func() { f.write(c.SearchMode) })
	}
	if c.Pattern != nil {
		parts = append(parts, func() { f.write("PATTERN ("); f.rowPattern(c.Pattern); f.write(")") })
	}
	if c.Subsets != nil {
		parts = append(parts, func() { f.write("SUBSET "); join(f, c.Subsets, ", ", f.subset) })
	}
	if c.Defines != nil {
		parts = append(parts, func() { f.write("DEFINE "); join(f, c.Defines, ", ", f.define) })
	}
	join(f, parts, " ", func(part func()) { part() })
}

func (f *formatter) skipTo(s *SkipTo) {
	f.write("AFTER MATCH SKIP ")
	if s.Kind != "PAST LAST ROW" {
		f.write("TO ")
	}
	f.write(s.Kind)
	if s.Name != nil {
		f.write(" ")
		f.identifier(s.Name)
	}
}

func (f *formatter) subset(s *SubsetDefinition) {
	f.identifier(s.Name)
	f.write(" = ")
	f.identifiers(s.Union)
}

func (f *formatter) define(d *VariableDefinition) {
	f.identifier(d.Name)
	f.write(" AS ")
	f.expression(d.Condition)
}

func (f *formatter) rowPattern(p RowPattern) {
	switch p := p.(type) {
	case *PatternAlternation:
		join(f, p.Patterns, " | ", f.patternTerm)
	case *PatternConcatenation:
		join(f, p.Patterns, " ", f.patternFactor)
	case *PatternVariable:
		f.identifier(p.Name)
	case *EmptyPattern:
		f.write("()")
	case *PatternPermutation:
		f.write("PERMUTE(")
		join(f, p.Patterns, ", ", f.rowPattern)
		f.write(")")
	case *PatternAnchor:
		f.write(map[bool]string{false: "^", true: "$"}[p.End])
	case *ExcludedPattern:
		f.write("{- ")
		f.rowPattern(p.Pattern)
		f.write(" -}")
	case *QuantifiedPattern:
		f.quantified(p)
	}
}

// patternTerm writes what can stand between bars.
func (f *formatter) patternTerm(p RowPattern) {
	if _, ok := p.(*PatternAlternation); ok {
		f.parenPattern(p)
		return
	}
	f.rowPattern(p)
}

// patternFactor writes what can stand beside another pattern.
func (f *formatter) patternFactor(p RowPattern) {
	if _, ok := p.(*PatternConcatenation); ok {
		f.parenPattern(p)
		return
	}
	f.patternTerm(p)
}

func (f *formatter) parenPattern(p RowPattern) {
	f.write("(")
	f.rowPattern(p)
	f.write(")")
}

func (f *formatter) quantified(p *QuantifiedPattern) {
	if _, ok := p.Pattern.(*QuantifiedPattern); ok {
		f.parenPattern(p.Pattern)
	} else {
		f.patternFactor(p.Pattern)
	}
	switch {
	case p.Symbol != "{}":
		f.write(p.Symbol)
	case p.AtLeast == p.AtMost && p.AtLeast != "":
		f.write("{", p.AtLeast, "}")
	default:
		f.write("{", p.AtLeast, ",", p.AtMost, "}")
	}
	if p.Reluctant {
		f.write("?")
	}
}
