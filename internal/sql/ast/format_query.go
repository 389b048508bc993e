package ast

func (f *formatter) query(q *Query) {
	if q.With != nil {
		f.write("WITH ")
		if q.With.Recursive {
			f.write("RECURSIVE ")
		}
		join(f, q.With.Queries, ", ", f.withQuery)
		f.write(" ")
	}
	f.queryBody(q.Body)
	f.orderBy(" ORDER BY ", q.OrderBy)
	if q.Offset != nil {
		f.write(" OFFSET ")
		f.expression(q.Offset.RowCount)
	}
	if q.Limit != nil {
		f.limit(q.Limit)
	}
}

func (f *formatter) parenQuery(q *Query) {
	f.write("(")
	f.query(q)
	f.write(")")
}

func (f *formatter) withQuery(w *WithQuery) {
	f.identifier(w.Name)
	if w.Columns != nil {
		f.write(" ")
		f.identifiers(w.Columns)
	}
	f.write(" AS ")
	f.parenQuery(w.Query)
}

func (f *formatter) orderBy(intro string, items []*SortItem) {
	if items == nil {
		return
	}
	f.write(intro)
	join(f, items, ", ", func(item *SortItem) {
		f.expression(item.Key)
		if item.Ordering == Descending {
			f.write(" DESC")
		}
		switch item.NullOrdering {
		case NullsFirst:
			f.write(" NULLS FIRST")
		case NullsLast:
			f.write(" NULLS LAST")
		}
	})
}

func (f *formatter) limit(l *Limit) {
	switch {
	case l.All:
		f.write(" LIMIT ALL")
		return
	case !l.Fetch:
		f.write(" LIMIT ")
		f.expression(l.RowCount)
		return
	}
	f.write(" FETCH FIRST ")
	if l.RowCount != nil {
		f.expression(l.RowCount)
		f.write(" ")
	}
	f.write("ROWS ")
	if l.WithTies {
		f.write("WITH TIES")
		return
	}
	f.write("ONLY")
}

func (f *formatter) queryBody(b QueryBody) {
	switch b := b.(type) {
	case *QuerySpecification:
		f.specification(b)
	case *SetOperation:
		f.operand(b.Left, b.Operator == Intersect)
		f.write(" ", string(b.Operator), " ")
		if b.All {
			f.write("ALL ")
		}
		f.operand(b.Right, true)
	case *Values:
		f.write("VALUES ")
		f.expressions(b.Rows)
	case *Table:
		f.write("TABLE ")
		f.name(b.Name)
	case *TableSubquery:
		f.parenQuery(b.Query)
	}
}

// operand writes a side of a set operation, in parentheses where it binds
// looser than its place: with tight only INTERSECT may stand bare.
func (f *formatter) operand(b QueryBody, tight bool) {
	if op, ok := b.(*SetOperation); ok && tight && op.Operator != Intersect {
		f.write("(")
		f.queryBody(b)
		f.write(")")
		return
	}
	f.queryBody(b)
}

func (f *formatter) specification(q *QuerySpecification) {
	f.write("SELECT ")
	if q.Select.Distinct {
		f.write("DISTINCT ")
	}
	join(f, q.Select.Items, ", ", f.selectItem)
	if q.From != nil {
		f.write(" FROM ")
		f.relation(q.From)
	}
	if q.Where != nil {
		f.write(" WHERE ")
		f.expression(q.Where)
	}
	if q.GroupBy != nil {
		f.groupBy(q.GroupBy)
	}
	if q.Having != nil {
		f.write(" HAVING ")
		f.expression(q.Having)
	}
	if q.Windows != nil {
		f.write(" WINDOW ")
		join(f, q.Windows, ", ", func(w *WindowDefinition) {
			f.identifier(w.Name)
			f.write(" AS ")
			f.windowSpec(w.Spec)
		})
	}
}

func (f *formatter) selectItem(item SelectItem) {
	switch item := item.(type) {
	case *SingleColumn:
		f.expression(item.Expression)
		if item.Alias != nil {
			f.write(" AS ")
			f.identifier(item.Alias)
		}
	case *AllColumns:
		if item.Target != nil {
			f.base(item.Target)
			f.write(".")
		}
		f.write("*")
		if item.Aliases != nil {
			f.write(" AS ")
			f.identifiers(item.Aliases)
		}
	}
}

func (f *formatter) groupBy(g *GroupBy) {
	f.write(" GROUP BY ")
	if g.Distinct {
		f.write("DISTINCT ")
	}
	join(f, g.Elements, ", ", func(e *GroupingElement) {
		words := [...]string{SimpleGroupBy: "", GroupingSets: "GROUPING SETS ", Rollup: "ROLLUP ", Cube: "CUBE "}
		if e.Kind == SimpleGroupBy {
			f.groupingSet(e.Sets[0])
			return
		}
		f.write(words[e.Kind], "(")
		join(f, e.Sets, ", ", f.groupingSet)
		f.write(")")
	})
}

func (f *formatter) groupingSet(set []Expression) {
	if len(set) == 1 {
		f.expression(set[0])
		return
	}
	f.write("(")
	f.expressions(set)
	f.write(")")
}

func (f *formatter) windowSpec(w *WindowSpec) {
	var parts []func()
	if w.Existing != nil {
		parts = append(parts, func() { f.identifier(w.Existing) })
	}
	if w.PartitionBy != nil {
		parts = append(parts, func() { f.write("PARTITION BY "); f.expressions(w.PartitionBy) })
	}
	if w.OrderBy != nil {
		parts = append(parts, func() { f.orderBy("ORDER BY ", w.OrderBy) })
	}
	if w.Frame != nil {
		parts = append(parts, func() { f.frame(w.Frame) })
	}
	f.write("(")
	join(f, parts, " ", func(part func()) { part() })
	f.write(")")
}

func (f *formatter) frame(w *WindowFrame) {
	if w.Recognition != nil {
		f.measures(w.Recognition.Measures)
	}
	f.write(string(w.Type), " ")
	if w.End == nil {
		f.bound(w.Start)
	} else {
		f.write("BETWEEN ")
		f.bound(w.Start)
		f.write(" AND ")
		f.bound(w.End)
	}
	if w.Recognition != nil {
		f.write(" ")
		f.patternClauses(w.Recognition)
	}
}

func (f *formatter) bound(b *FrameBound) {
	if b.Value != nil {
		// AND in a bound would end it.
		f.at(b.Value, levelNot)
		f.write(" ")
	}
	f.write(string(b.Type))
}

func (f *formatter) relation(r Relation) {
	switch r := r.(type) {
	case *Table:
		f.name(r.Name)
		if r.Version != nil {
			f.write(" FOR ", map[bool]string{true: "TIMESTAMP", false: "VERSION"}[r.Version.Timestamp], " AS OF ")
			f.at(r.Version.AsOf, levelValue)
		}
	case *AliasedRelation:
		f.aliasable(r.Relation)
		f.aliasOf(r)
	case *TableSubquery:
		f.parenQuery(r.Query)
	case *Lateral:
		f.write("LATERAL ")
		f.parenQuery(r.Query)
	case *Unnest:
		f.write("UNNEST(")
		f.expressions(r.Expressions)
		f.write(")")
		if r.WithOrdinality {
			f.write(" WITH ORDINALITY")
		}
	case *SampledRelation:
		f.aliasedRelation(r.Relation)
		f.write(" TABLESAMPLE ", map[bool]string{true: "SYSTEM", false: "BERNOULLI"}[r.System], " (")
		f.expression(r.Percentage)
		f.write(")")
	case *Join:
		f.join(r)
	case *JSONTable:
		f.jsonTable(r)
	case *TableFunctionInvocation:
		f.tableFunction(r)
	case *PatternRecognition:
		f.patternRecognition(r)
	}
}

func (f *formatter) aliasOf(r *AliasedRelation) {
	f.write(" AS ")
	f.identifier(r.Alias)
	if r.Columns != nil {
		f.write(" ")
		f.identifiers(r.Columns)
	}
}

// aliasable writes what an alias can follow: also MATCH_RECOGNIZE (…).
func (f *formatter) aliasable(r Relation) {
	if _, aliased := r.(*AliasedRelation); aliased {
		f.parenRelation(r)
		return
	}
	f.aliasedRelation(r)
}

// primaryRelation writes what MATCH_RECOGNIZE can follow.
func (f *formatter) primaryRelation(r Relation) {
	if _, matched := r.(*PatternRecognition); matched {
		f.parenRelation(r)
		return
	}
	f.aliasedRelation(r)
}

// aliasedRelation writes what TABLESAMPLE can follow.
func (f *formatter) aliasedRelation(r Relation) {
	switch r.(type) {
	case *Join, *SampledRelation:
		f.parenRelation(r)
	default:
		f.relation(r)
	}
}

func (f *formatter) parenRelation(r Relation) {
	f.write("(")
	f.relation(r)
	f.write(")")
}

func (f *formatter) join(j *Join) {
	left, isJoin := j.Left.(*Join)
	if isJoin && left.Type == ImplicitJoin && j.Type != ImplicitJoin {
		f.parenRelation(j.Left)
	} else {
		f.relation(j.Left)
	}
	switch {
	case j.Type == ImplicitJoin:
		f.write(", ")
		f.relation(j.Right)
		return
	case j.Natural:
		f.write(" NATURAL ", string(j.Type), " JOIN ")
	default:
		f.write(" ", string(j.Type), " JOIN ")
	}
	if _, nested := j.Right.(*Join); nested {
		f.parenRelation(j.Right)
	} else {
		f.relation(j.Right)
	}
	switch {
	case j.On != nil:
		f.write(" ON ")
		f.expression(j.On)
	case j.Using != nil:
		f.write(" USING ")
		f.identifiers(j.Using)
	}
}
