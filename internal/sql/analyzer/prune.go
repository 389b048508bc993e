package analyzer

// prune leaves only the columns and aggregates that the output needs, and gives
// each Scan of what remains its own TableScan.
func prune(root Relation, output []*Symbol, scans []*TableScan) (Relation, []*TableScan) {
	p := &pruner{scans: scans}
	return p.relation(root, symbols{}.add(output...)), p.kept
}

type symbols map[*Symbol]bool

func (s symbols) add(list ...*Symbol) symbols {
	for _, sym := range list {
		s[sym] = true
	}
	return s
}

// with is s and what the expressions refer to, also in their subqueries.
func (s symbols) with(es ...Expr) symbols {
	out := make(symbols, len(s)+len(es))
	for sym := range s {
		out[sym] = true
	}
	for _, e := range es {
		out.refs(e)
	}
	return out
}

func (s symbols) refs(e Expr) {
	if e == nil {
		return
	}
	walk(e, func(e Expr) bool {
		if r, ok := e.(*Ref); ok {
			s[r.Symbol] = true
		}
		return true
	})
}

// treeRefs are all columns that the expressions of a tree refer to.
func treeRefs(r Relation, into symbols) {
	rewriteRelation(r, func(e Expr) (Expr, bool) {
		if ref, ok := e.(*Ref); ok {
			into[ref.Symbol] = true
		}
		return e, false
	})
}

type pruner struct {
	scans []*TableScan
	kept  []*TableScan
}

// expr prunes the subqueries of an expression.
func (p *pruner) expr(e Expr) Expr {
	if e == nil {
		return nil
	}
	return rewrite(e, func(e Expr) (Expr, bool) {
		switch e := e.(type) {
		case *Subquery:
			return &Subquery{Rel: p.relation(e.Rel, symbols{e.Col: true}), Col: e.Col}, true
		case *InSubquery:
			c := *e
			c.Value, c.Rel = p.expr(e.Value), p.relation(e.Rel, symbols{e.Col: true})
			return &c, true
		case *Exists:
			return &Exists{p.relation(e.Rel, symbols{})}, true
		}
		return e, false
	})
}

func (p *pruner) exprs(es []Expr) []Expr {
	out := make([]Expr, len(es))
	for i, e := range es {
		out[i] = p.expr(e)
	}
	return out
}

// relation prunes a tree of which the columns in need are used.
func (p *pruner) relation(r Relation, need symbols) Relation {
	switch r := r.(type) {
	case *Scan:
		return p.scan(r, need)
	case *Values:
		return p.values(r, need)
	case *Project:
		return p.project(r, need)
	case *Filter:
		return &Filter{Input: p.relation(r.Input, need.with(r.Condition)), Condition: p.expr(r.Condition)}
	case *Join:
		return p.join(r, need)
	case *Aggregate:
		return p.aggregate(r, need)
	case *Window:
		return p.window(r, need)
	case *Distinct:
		return &Distinct{p.relation(r.Input, symbols{}.add(r.Output()...))}
	case *Sort:
		return p.sort(r, need)
	case *Limit:
		c := *r
		c.Input = p.relation(r.Input, need)
		return &c
	case *SetOp:
		return p.setOp(r, need)
	case *Recursion: // each step needs all columns of the one before
		c := &Recursion{ID: r.ID, Out: r.Out}
		for _, s := range r.Steps {
			c.Steps = append(c.Steps, p.relation(s, symbols{}.add(s.Output()...)))
		}
		return c
	case *Unnest:
		c := &Unnest{Items: make([]UnnestItem, len(r.Items)), Ordinality: r.Ordinality}
		for i, it := range r.Items {
			c.Items[i] = UnnestItem{Expr: p.expr(it.Expr), Out: it.Out}
		}
		return c
	default:
		return r
	}
}

func (p *pruner) scan(r *Scan, need symbols) Relation {
	old := p.scans[r.Index]
	ts := &TableScan{Table: old.Table, Filter: old.Filter, Unpruned: old.Unpruned, Version: old.Version}
	out := &Scan{Index: len(p.kept)}
	for i, s := range r.Out {
		if need[s] {
			out.Out, ts.Columns = append(out.Out, s), append(ts.Columns, old.Columns[i])
		}
	}
	p.kept = append(p.kept, ts)
	return out
}

func (p *pruner) values(r *Values, need symbols) Relation {
	rows := r.Rows
	if r.source != nil {
		rows = r.source.rows
	}
	out := &Values{Rows: make([][]Expr, len(rows))}
	var keep []int
	for i, s := range r.Out {
		if need[s] {
			keep, out.Out = append(keep, i), append(out.Out, s)
		}
	}
	for i, row := range rows {
		out.Rows[i] = make([]Expr, len(keep))
		for j, k := range keep {
			out.Rows[i][j] = p.expr(row[k])
		}
	}
	return out
}

func (p *pruner) project(r *Project, need symbols) Relation {
	out := &Project{}
	var used []Expr
	for i, s := range r.Out {
		if need[s] {
			used, out.Out = append(used, r.Exprs[i]), append(out.Out, s)
		}
	}
	out.Input = p.relation(r.Input, symbols{}.with(used...))
	out.Exprs = p.exprs(used)
	return out
}

func (p *pruner) join(r *Join, need symbols) Relation {
	c := *r
	if r.On != nil {
		need = need.with(r.On)
	}
	left := need
	if r.Lateral {
		left = need.with()
		treeRefs(r.Right, left)
	}
	c.Left, c.Right, c.On = p.relation(r.Left, left), p.relation(r.Right, need), p.expr(r.On)
	return &c
}

func (p *pruner) aggregate(r *Aggregate, need symbols) Relation {
	out := &Aggregate{KeyOut: r.KeyOut, GroupingSets: r.GroupingSets, Groupings: r.Groupings}
	below := symbols{}.with(r.Keys...)
	for i, agg := range r.Aggs {
		if need[r.AggOut[i]] {
			out.Aggs, out.AggOut = append(out.Aggs, p.expr(agg).(*AggCall)), append(out.AggOut, r.AggOut[i])
			below.refs(agg)
		}
	}
	out.Input, out.Keys = p.relation(r.Input, below), p.exprs(r.Keys)
	return out
}

func (p *pruner) window(r *Window, need symbols) Relation {
	out := &Window{}
	below := need.with()
	for i, c := range r.Calls {
		if need[r.Out[i]] {
			out.Calls, out.Out = append(out.Calls, p.expr(c).(*WindowCall)), append(out.Out, r.Out[i])
			below.refs(c)
		}
	}
	input := p.relation(r.Input, below)
	if len(out.Calls) == 0 {
		return input
	}
	out.Input = input
	return out
}

func (p *pruner) sort(r *Sort, need symbols) Relation {
	below := need.with()
	keys := make([]SortKey, len(r.Keys))
	for i, k := range r.Keys {
		below.refs(k.Expr)
		k.Expr = p.expr(k.Expr)
		keys[i] = k
	}
	return &Sort{Input: p.relation(r.Input, below), Keys: keys}
}

// setOp prunes UNION ALL by position; the others compare whole rows.
func (p *pruner) setOp(r *SetOp, need symbols) Relation {
	out := &SetOp{Kind: r.Kind, All: r.All}
	var keep []int
	for i, s := range r.Out {
		if need[s] || r.Kind != Union || !r.All {
			keep, out.Out = append(keep, i), append(out.Out, s)
		}
	}
	for _, in := range r.Inputs {
		columns, below := in.Output(), symbols{}
		for _, i := range keep {
			below[columns[i]] = true
		}
		out.Inputs = append(out.Inputs, p.relation(in, below))
	}
	return out
}
