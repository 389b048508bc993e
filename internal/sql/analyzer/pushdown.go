package analyzer

import (
	"slices"

	"github.com/scopsdb/scops/internal/sql/predicate"
)

// maxPushed bounds the size of a condition whose columns are replaced by what
// computes them, again and again down a tree.
const maxPushed = 1000

// pushPredicates finds for each scan what the query's conditions say of its
// partition keys. The tree stays as it is: the engine applies the conditions
// again, so that only what is certain needs to be found here.
func pushPredicates(root Relation, scans []*TableScan) {
	p := &pusher{scans: scans, seen: make([]bool, len(scans))}
	p.push(root, nil)
}

type pusher struct {
	scans []*TableScan
	seen  []bool
}

// push takes conditions that hold for every row of r that matters to the
// result.
func (p *pusher) push(r Relation, conds []Expr) {
	switch r := r.(type) {
	case *Scan:
		p.scan(r, conds)
	case *Values:
		if r.source != nil {
			r.source.require(r.Out, conds)
		}
		for _, row := range r.Rows {
			p.subqueries(row...)
		}
	case *Project:
		p.subqueries(r.Exprs...)
		p.push(r.Input, substitute(conds, r.Out, r.Exprs))
	case *Filter:
		p.subqueries(r.Condition)
		p.push(r.Input, append(slices.Clip(conds), conjuncts(r.Condition)...))
	case *Join:
		p.join(r, conds)
	case *Aggregate:
		p.aggregate(r, conds)
	case *Window:
		p.window(r, conds)
	case *Distinct:
		p.push(r.Input, conds)
	case *Sort:
		for _, k := range r.Keys {
			p.subqueries(k.Expr)
		}
		p.push(r.Input, conds)
	case *Limit: // which rows pass depends on those that do not match
		p.push(r.Input, nil)
	case *SetOp:
		for _, in := range r.Inputs {
			p.push(in, substitute(conds, r.Out, references(in.Output())))
		}
	case *Recursion:
		for _, s := range r.Steps {
			p.push(s, nil)
		}
	case *Unnest:
		for _, it := range r.Items {
			p.subqueries(it.Expr)
		}
	}
}

func references(symbols []*Symbol) []Expr {
	out := make([]Expr, len(symbols))
	for i, s := range symbols {
		out[i] = &Ref{s}
	}
	return out
}

// scan notes the conditions: on partition keys, and of a table that keeps
// statistics of its files with its versions, on all columns. A table read at two
// places by one node (which a repeated subquery gives) is read where either
// needs it.
func (p *pusher) scan(r *Scan, conds []Expr) {
	ts := p.scans[r.Index]
	keys := map[*Symbol]string{}
	for i, c := range ts.Columns {
		if c.PartitionKey || ts.Version != nil && !c.OfFile {
			keys[r.Out[i]] = c.Name
		}
	}
	var all predicate.And
	for _, c := range conds {
		p := toPredicate(c, keys)
		if _, any := p.(predicate.Any); any && mixed(c, r, keys) {
			ts.Unpruned = append(ts.Unpruned, Text(c))
		}
		all = append(all, p)
	}
	filter := conditions(all)
	if p.seen[r.Index] {
		filter = simplifyOr(predicate.Or{ts.Filter, filter})
	}
	ts.Filter, p.seen[r.Index] = filter, true
}

// mixed says whether a condition is on partition keys and other columns of one
// scan, and on nothing else.
func mixed(c Expr, r *Scan, keys map[*Symbol]string) bool {
	refs, own := symbols{}, symbols{}.add(r.Out...)
	refs.refs(c)
	some, all := false, true
	for s := range refs {
		some = some || keys[s] != ""
		all = all && own[s]
	}
	return some && all
}

// join passes conditions to the sides whose rows they can remove. A row of the
// side that is kept whole is removed only by a condition on the result; a row
// of the other side also by the join's own condition.
func (p *pusher) join(r *Join, conds []Expr) {
	var on []Expr
	if r.On != nil {
		p.subqueries(r.On)
		on = conjuncts(r.On)
	}
	both := append(slices.Clip(conds), on...)
	switch r.Kind {
	case InnerJoin, CrossJoin:
		both = append(both, transferred(both, both)...)
		p.push(r.Left, both)
		p.push(r.Right, both)
	case LeftJoin:
		p.push(r.Left, conds)
		p.push(r.Right, slices.Concat(on, rejecting(conds, r.Right.Output()), transferred(both, on)))
	case RightJoin:
		p.push(r.Left, slices.Concat(on, rejecting(conds, r.Left.Output()), transferred(both, on)))
		p.push(r.Right, conds)
	default:
		p.push(r.Left, nil)
		p.push(r.Right, nil)
	}
}

// transferred says of one column what conditions say of another that a join
// makes equal to it: with a.day = b.day and a.day = '03', b.day = '03'.
func transferred(conds, equalities []Expr) []Expr {
	var out []Expr
	for _, eq := range equalities {
		c, ok := eq.(*Call)
		if !ok || c.Name != "=" {
			continue
		}
		l, ok1 := c.Args[0].(*Ref)
		r, ok2 := c.Args[1].(*Ref)
		if !ok1 || !ok2 || l.Symbol == r.Symbol {
			continue
		}
		out = append(out, substitute(within(conds, symbols{l.Symbol: true}), []*Symbol{l.Symbol}, []Expr{r})...)
		out = append(out, substitute(within(conds, symbols{r.Symbol: true}), []*Symbol{r.Symbol}, []Expr{l})...)
	}
	return out
}

// rejecting are the conditions on columns of an outer join's other side that
// are not true where all of them are NULL: then the row without a partner,
// which removing a partner makes, does not pass either.
func rejecting(conds []Expr, columns []*Symbol) []Expr {
	side := symbols{}.add(columns...)
	nulls := make(map[*Symbol]any, len(columns))
	for _, s := range columns {
		nulls[s] = nil
	}
	var out []Expr
	for _, c := range within(conds, side) {
		if v, ok := eval(c, nulls); ok && v != true {
			out = append(out, c)
		}
	}
	return out
}

// aggregate passes conditions on keys that every grouping set has: they remove
// whole groups.
func (p *pusher) aggregate(r *Aggregate, conds []Expr) {
	p.subqueries(r.Keys...)
	for _, a := range r.Aggs {
		p.subqueries(a)
	}
	allowed := symbols{}
	for i, s := range r.KeyOut {
		if inAllSets(r.GroupingSets, i) {
			allowed[s] = true
		}
	}
	p.push(r.Input, substitute(within(conds, allowed), r.KeyOut, r.Keys))
}

func inAllSets(sets [][]int, key int) bool {
	for _, set := range sets {
		if !slices.Contains(set, key) {
			return false
		}
	}
	return true
}

// window passes conditions on columns that every call partitions by: they
// remove whole partitions.
func (p *pusher) window(r *Window, conds []Expr) {
	count := map[*Symbol]int{}
	for _, c := range r.Calls {
		p.subqueries(c)
		mine := symbols{}
		for _, by := range c.PartitionBy {
			if ref, ok := by.(*Ref); ok {
				mine[ref.Symbol] = true
			}
		}
		for s := range mine {
			count[s]++
		}
	}
	allowed := symbols{}
	for s, n := range count {
		if n == len(r.Calls) {
			allowed[s] = true
		}
	}
	p.push(r.Input, within(conds, allowed))
}

// within are the conditions on some of the allowed columns and no others.
func within(conds []Expr, allowed symbols) []Expr {
	var out []Expr
	for _, c := range conds {
		refs := symbols{}
		refs.refs(c)
		ok := len(refs) > 0
		for s := range refs {
			ok = ok && allowed[s]
		}
		if ok {
			out = append(out, c)
		}
	}
	return out
}

// subqueries pushes the conditions inside the subqueries of expressions.
func (p *pusher) subqueries(es ...Expr) {
	for _, e := range es {
		walk(e, func(e Expr) bool {
			switch e := e.(type) {
			case *Subquery:
				p.push(e.Rel, nil)
				return false
			case *Exists:
				p.push(e.Rel, nil)
				return false
			case *InSubquery:
				p.subqueries(e.Value)
				p.push(e.Rel, nil)
				return false
			}
			return true
		})
	}
}

// conjuncts splits a condition at its ANDs.
func conjuncts(e Expr) []Expr {
	l, ok := e.(*Logical)
	if !ok || l.Or {
		return []Expr{e}
	}
	var out []Expr
	for _, t := range l.Terms {
		out = append(out, conjuncts(t)...)
	}
	return out
}

// substitute replaces columns in conditions by what computes them. What would
// grow too large, or is not the same when it is evaluated again, is dropped.
func substitute(conds []Expr, out []*Symbol, exprs []Expr) []Expr {
	if len(conds) == 0 {
		return nil
	}
	by := make(map[*Symbol]Expr, len(out))
	for i, s := range out {
		by[s] = exprs[i]
	}
	var result []Expr
	for _, c := range conds {
		if anywhereQuery(c) {
			continue
		}
		ok := true
		c = rewrite(c, func(e Expr) (Expr, bool) {
			r, isRef := e.(*Ref)
			if !isRef || by[r.Symbol] == nil {
				return e, false
			}
			x := by[r.Symbol]
			ok = ok && !volatile(x) && !anywhereQuery(x)
			return x, true
		})
		if ok && size(c) <= maxPushed {
			result = append(result, c)
		}
	}
	return result
}

// size counts the nodes of an expression, up to a little beyond maxPushed.
func size(e Expr) int {
	n := 0
	walk(e, func(Expr) bool {
		n++
		return n <= maxPushed
	})
	return n
}
