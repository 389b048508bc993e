package analyzer

// rewrite maps an expression from the top down. f gives a node's replacement;
// where it says done, the replacement's parts are left alone. The trees of
// subqueries are mapped too. Nothing is changed in place.
func rewrite(e Expr, f func(Expr) (Expr, bool)) Expr {
	e, done := f(e)
	if done || e == nil {
		return e
	}
	switch e := e.(type) {
	case *Ref, *Literal:
		return e
	case *Call:
		c := *e
		c.Args = rewriteAll(e.Args, f)
		return &c
	case *Cast:
		c := *e
		c.Arg = rewrite(e.Arg, f)
		return &c
	case *Logical:
		return &Logical{Or: e.Or, Terms: rewriteAll(e.Terms, f)}
	case *Not:
		return &Not{rewrite(e.Arg, f)}
	case *IsNull:
		return &IsNull{rewrite(e.Arg, f)}
	case *In:
		return &In{Value: rewrite(e.Value, f), List: rewriteAll(e.List, f), Equal: e.Equal}
	case *Between:
		c := *e
		c.Value, c.Min, c.Max = rewrite(e.Value, f), rewrite(e.Min, f), rewrite(e.Max, f)
		return &c
	case *Case:
		return rewriteCase(e, f)
	case *Coalesce:
		return &Coalesce{rewriteAll(e.Args, f)}
	case *Try:
		return &Try{rewrite(e.Arg, f)}
	case *RowField:
		return &RowField{Base: rewrite(e.Base, f), Index: e.Index}
	case *MakeRow:
		return &MakeRow{Items: rewriteAll(e.Items, f), Typ: e.Typ}
	case *MakeArray:
		return &MakeArray{Items: rewriteAll(e.Items, f), Typ: e.Typ}
	case *Lambda:
		return &Lambda{Params: e.Params, Body: rewrite(e.Body, f)}
	default:
		return rewriteBig(e, f)
	}
}

// rewriteBig maps the nodes that hold relations, keys or windows.
func rewriteBig(e Expr, f func(Expr) (Expr, bool)) Expr {
	switch e := e.(type) {
	case *Subquery:
		return &Subquery{Rel: rewriteRelation(e.Rel, f), Col: e.Col}
	case *InSubquery:
		c := *e
		c.Value, c.Rel = rewrite(e.Value, f), rewriteRelation(e.Rel, f)
		return &c
	case *Exists:
		return &Exists{rewriteRelation(e.Rel, f)}
	case *AggCall:
		return rewriteAgg(e, f)
	case *GroupingCall:
		c := *e
		c.Args = rewriteAll(e.Args, f)
		return &c
	case *WindowCall:
		return rewriteWindow(e, f)
	default:
		return e
	}
}

func rewriteAll(es []Expr, f func(Expr) (Expr, bool)) []Expr {
	out := make([]Expr, len(es))
	for i, e := range es {
		out[i] = rewrite(e, f)
	}
	return out
}

// rewriteSome maps an expression that may be absent.
func rewriteSome(e Expr, f func(Expr) (Expr, bool)) Expr {
	if e == nil {
		return nil
	}
	return rewrite(e, f)
}

func rewriteCase(e *Case, f func(Expr) (Expr, bool)) Expr {
	c := &Case{Whens: make([]When, len(e.Whens)), Else: rewriteSome(e.Else, f), Typ: e.Typ}
	for i, w := range e.Whens {
		c.Whens[i] = When{rewrite(w.Condition, f), rewrite(w.Result, f)}
	}
	return c
}

func rewriteAgg(e *AggCall, f func(Expr) (Expr, bool)) *AggCall {
	c := *e
	c.Args, c.OrderBy, c.Filter = rewriteAll(e.Args, f), rewriteKeys(e.OrderBy, f), rewriteSome(e.Filter, f)
	return &c
}

func rewriteKeys(keys []SortKey, f func(Expr) (Expr, bool)) []SortKey {
	out := make([]SortKey, len(keys))
	for i, k := range keys {
		k.Expr = rewrite(k.Expr, f)
		out[i] = k
	}
	return out
}

func rewriteWindow(e *WindowCall, f func(Expr) (Expr, bool)) *WindowCall {
	c := *e
	c.Args, c.Filter = rewriteAll(e.Args, f), rewriteSome(e.Filter, f)
	c.PartitionBy, c.OrderBy = rewriteAll(e.PartitionBy, f), rewriteKeys(e.OrderBy, f)
	if e.Frame != nil {
		frame := *e.Frame
		frame.Start.Value = rewriteSome(frame.Start.Value, f)
		frame.End.Value = rewriteSome(frame.End.Value, f)
		c.Frame = &frame
	}
	return &c
}

// rewriteRelation maps all expressions of a tree.
func rewriteRelation(r Relation, f func(Expr) (Expr, bool)) Relation {
	switch r := r.(type) {
	case *Values:
		c := &Values{Rows: make([][]Expr, len(r.Rows)), Out: r.Out, source: r.source}
		for i, row := range r.Rows {
			c.Rows[i] = rewriteAll(row, f)
		}
		return c
	case *Project:
		return &Project{Input: rewriteRelation(r.Input, f), Exprs: rewriteAll(r.Exprs, f), Out: r.Out}
	case *Filter:
		return &Filter{Input: rewriteRelation(r.Input, f), Condition: rewrite(r.Condition, f)}
	case *Join:
		c := *r
		c.Left, c.Right, c.On = rewriteRelation(r.Left, f), rewriteRelation(r.Right, f), rewriteSome(r.On, f)
		return &c
	case *Aggregate:
		c := *r
		c.Input, c.Keys, c.Aggs = rewriteRelation(r.Input, f), rewriteAll(r.Keys, f), make([]*AggCall, len(r.Aggs))
		for i, agg := range r.Aggs {
			c.Aggs[i] = rewriteAgg(agg, f)
		}
		return &c
	case *Window:
		c := &Window{Input: rewriteRelation(r.Input, f), Calls: make([]*WindowCall, len(r.Calls)), Out: r.Out}
		for i, w := range r.Calls {
			c.Calls[i] = rewriteWindow(w, f)
		}
		return c
	case *Distinct:
		return &Distinct{rewriteRelation(r.Input, f)}
	case *Sort:
		return &Sort{Input: rewriteRelation(r.Input, f), Keys: rewriteKeys(r.Keys, f)}
	case *Limit:
		c := *r
		c.Input = rewriteRelation(r.Input, f)
		return &c
	case *SetOp:
		c := *r
		c.Inputs = make([]Relation, len(r.Inputs))
		for i, in := range r.Inputs {
			c.Inputs[i] = rewriteRelation(in, f)
		}
		return &c
	case *Recursion:
		c := &Recursion{ID: r.ID, Steps: make([]Relation, len(r.Steps)), Out: r.Out}
		for i, s := range r.Steps {
			c.Steps[i] = rewriteRelation(s, f)
		}
		return c
	case *Unnest:
		c := &Unnest{Items: make([]UnnestItem, len(r.Items)), Ordinality: r.Ordinality}
		for i, it := range r.Items {
			c.Items[i] = UnnestItem{Expr: rewrite(it.Expr, f), Out: it.Out}
		}
		return c
	default:
		return r
	}
}

// walk calls f for every node of an expression, also those of its subqueries,
// until f says not to go deeper.
func walk(e Expr, f func(Expr) bool) {
	rewrite(e, func(e Expr) (Expr, bool) { return e, !f(e) })
}

// Walk calls f for every node of an expression, also those of its subqueries,
// until f says not to go deeper.
func Walk(e Expr, f func(Expr) bool) { walk(e, f) }

// ChangingCall says whether an expression is a call that gives another value each
// time.
func ChangingCall(e Expr) bool {
	c, ok := e.(*Call)
	return ok && c.Fn.Function != nil && c.Fn.Function.Volatile
}

// anywhere says whether a node of the expression itself (subqueries left out)
// has a property.
func anywhere(e Expr, has func(Expr) bool) bool {
	found := false
	walk(e, func(e Expr) bool {
		found = found || has(e)
		switch e := e.(type) {
		case *Subquery, *Exists:
			return false
		case *InSubquery:
			found = found || anywhere(e.Value, has)
			return false
		}
		return !found
	})
	return found
}

func hasAggregate(e Expr) bool {
	return anywhere(e, func(e Expr) bool {
		switch e.(type) {
		case *AggCall, *GroupingCall:
			return true
		}
		return false
	})
}

func hasWindow(e Expr) bool {
	return anywhere(e, func(e Expr) bool { _, ok := e.(*WindowCall); return ok })
}

// volatile says whether evaluating twice may give two values.
func volatile(e Expr) bool {
	found := false
	walk(e, func(e Expr) bool {
		if c, ok := e.(*Call); ok && c.Fn.Function != nil && c.Fn.Function.Volatile {
			found = true
		}
		return !found
	})
	return found
}
