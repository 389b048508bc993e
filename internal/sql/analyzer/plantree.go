package analyzer

import (
	"fmt"
	"strconv"
	"strings"
)

// planNode is a node of a plan as EXPLAIN shows it: with the members that
// Trino's JSON of a plan has.
type planNode struct {
	id         int
	name       string
	descriptor object
	outputs    []*Symbol
	details    []string
	children   []*planNode

	title, label, color string // in GRAPHVIZ
}

// maxShownRows is how many rows of a Values node are written.
const maxShownRows = 32

// planTree is the plan of a query. figures, of EXPLAIN ANALYZE, may be nil.
func (an *Analysis) planTree(figures *Figures) *planNode {
	names := make([]string, len(an.Columns))
	root := &planNode{name: "Output", outputs: an.Output, color: "white"}
	for i, c := range an.Columns {
		names[i] = c.Name
		if s := symbolText(an.Output[i]); s != c.Name {
			root.details = append(root.details, c.Name+" := "+s)
		}
	}
	root.descriptor = object{{"columnNames", bracketed(names)}}
	root.title = "Output" + bracketed(names)
	if figures != nil {
		root.details = append(root.details, figures.lines()...)
	}
	b := &planBuilder{scans: an.Scans, figures: figures, next: 1}
	root.id = b.id()
	root.children = []*planNode{b.relation(an.Root)}
	return root
}

type planBuilder struct {
	scans   []*TableScan
	figures *Figures
	next    int
}

func (b *planBuilder) id() int {
	b.next++
	return b.next - 1
}

func bracketed(names []string) string { return "[" + strings.Join(names, ", ") + "]" }

// relation makes the node of a relation, with those below it.
func (b *planBuilder) relation(r Relation) *planNode {
	n := &planNode{id: b.id(), outputs: r.Output()}
	switch r := r.(type) {
	case *Scan:
		b.scan(n, r)
	case *Values:
		b.values(n, r)
	case *Project:
		b.node(n, "Project", "bisque", nil, r.Exprs, r.Input)
		n.details = assigned(r.Out, r.Exprs)
		n.label = lines(n.details)
	case *Filter:
		b.node(n, "Filter", "yellow", object{{"filterPredicate", Text(r.Condition)}}, []Expr{r.Condition}, r.Input)
		n.label = Text(r.Condition)
	case *Join:
		b.join(n, r)
	case *Aggregate:
		b.aggregate(n, r)
	case *Window:
		b.window(n, r)
	case *Distinct:
		b.node(n, "Distinct", "red4", nil, nil, r.Input)
	case *Sort:
		order := "[" + orderText(r.Keys) + "]"
		b.node(n, "Sort", "aliceblue", object{{"orderBy", order}}, nil, r.Input)
		n.title = "Sort" + order
	case *Limit:
		b.limit(n, r)
	default:
		b.others(n, r)
	}
	if n.title == "" {
		n.title = n.name
	}
	return n
}

// others makes the nodes that combine several relations or have none below.
func (b *planBuilder) others(n *planNode, r Relation) {
	switch r := r.(type) {
	case *SetOp:
		kind := string(r.Kind)
		b.node(n, kind[:1]+strings.ToLower(kind[1:]), "turquoise4", object{{"isDistinct", strconv.FormatBool(!r.All)}}, nil, r.Inputs...)
	case *Recursion: // the other steps are the second one again
		b.node(n, "Recursion", "turquoise4", object{{"id", strconv.Itoa(r.ID)}}, nil, r.Steps[:2]...)
	case *Previous:
		b.node(n, "Previous", "gold", object{{"recursion", strconv.Itoa(r.Recursion)}}, nil)
	case *Series:
		b.node(n, "Series", "deepskyblue", object{{"from", strconv.FormatInt(r.Start, 10)},
			{"to", strconv.FormatInt(r.Stop, 10)}, {"by", strconv.FormatInt(r.Step, 10)}}, nil)
	case *Unnest:
		items, exprs := make([]string, len(r.Items)), make([]Expr, len(r.Items))
		for i, it := range r.Items {
			items[i], exprs[i] = Text(it.Expr), it.Expr
		}
		b.node(n, "Unnest", "crimson", object{{"unnest", bracketed(items)}}, exprs)
		n.title = "Unnest" + bracketed(items)
	case *TableWriter:
		b.node(n, "TableWriter", "pink", object{{"table", r.Target}}, nil, r.Input)
		n.title = "TableWriter[" + r.Target + "]"
		n.details = r.assignments()
	default:
		n.name = fmt.Sprintf("%T", r)
	}
}

// node fills in a node: the inputs are its children, and so are the subqueries
// in its expressions.
func (b *planBuilder) node(n *planNode, name, color string, descriptor object, exprs []Expr, inputs ...Relation) {
	n.name, n.color, n.descriptor = name, color, descriptor
	for _, in := range inputs {
		n.children = append(n.children, b.relation(in))
	}
	for _, e := range exprs {
		n.children = append(n.children, b.subqueries(e)...)
	}
}

func (b *planBuilder) subqueries(e Expr) []*planNode {
	var out []*planNode
	add := func(r Relation) {
		n := &planNode{id: b.id(), outputs: r.Output(), title: "Subquery"}
		b.node(n, "Subquery", "cornsilk", nil, nil, r)
		out = append(out, n)
	}
	walk(e, func(e Expr) bool {
		switch e := e.(type) {
		case *Subquery:
			add(e.Rel)
			return false
		case *Exists:
			add(e.Rel)
			return false
		case *InSubquery:
			out = append(out, b.subqueries(e.Value)...)
			add(e.Rel)
			return false
		}
		return true
	})
	return out
}

func (b *planBuilder) scan(n *planNode, r *Scan) {
	ts := b.scans[r.Index]
	table := ts.Table.Database + ":" + ts.Table.Name
	b.node(n, "TableScan", "deepskyblue", object{{"table", table}}, nil)
	n.title = "TableScan[" + table + "]"
	for i, c := range ts.Columns {
		kind := "REGULAR"
		if c.PartitionKey {
			kind = "PARTITION_KEY"
		}
		n.details = append(n.details, symbolText(r.Out[i])+" := "+c.Name+":"+c.Type.String()+":"+kind)
	}
	if len(ts.Table.PartitionKeys) > 0 {
		n.details = append(n.details, "partitions: "+PredicateText(ts.Filter))
	}
	if b.figures != nil {
		n.details = append(n.details, b.figures.Scans[r.Index].line())
	}
}

func (b *planBuilder) values(n *planNode, r *Values) {
	var exprs []Expr
	for _, row := range r.Rows {
		exprs = append(exprs, row...)
	}
	b.node(n, "Values", "deepskyblue", nil, exprs)
	if len(r.Rows) > maxShownRows {
		n.details = []string{fmt.Sprintf("%d rows", len(r.Rows))}
		return
	}
	for _, row := range r.Rows {
		cells := make([]string, len(row))
		for i, e := range row {
			cells[i] = Text(e)
		}
		n.details = append(n.details, "("+strings.Join(cells, ", ")+")")
	}
}

func (b *planBuilder) join(n *planNode, r *Join) {
	kind := string(r.Kind)
	descriptor := object{}
	var on []Expr
	if r.On != nil {
		on = []Expr{r.On}
		descriptor = append(descriptor, member{"criteria", Text(r.On)})
		n.label = Text(r.On)
	}
	if r.Lateral {
		descriptor = append(descriptor, member{"lateral", "true"})
	}
	b.node(n, kind[:1]+strings.ToLower(kind[1:])+"Join", "orange", descriptor, on, r.Left, r.Right)
}

func (b *planBuilder) aggregate(n *planNode, r *Aggregate) {
	exprs := make([]Expr, 0, len(r.Keys)+len(r.Aggs))
	exprs = append(exprs, r.Keys...)
	for _, a := range r.Aggs {
		exprs = append(exprs, a)
	}
	keys := make([]string, len(r.KeyOut))
	for i, s := range r.KeyOut {
		keys[i] = symbolText(s)
	}
	descriptor := object{{"keys", bracketed(keys)}}
	if r.GroupingSets != nil {
		descriptor = append(descriptor, member{"groupingSets", fmt.Sprint(r.GroupingSets)})
	}
	b.node(n, "Aggregate", "chartreuse3", descriptor, exprs, r.Input)
	n.details = append(assigned(r.KeyOut, r.Keys), assigned(r.AggOut, exprs[len(r.Keys):])...)
	n.label = lines(n.details)
}

func (b *planBuilder) window(n *planNode, r *Window) {
	exprs := make([]Expr, len(r.Calls))
	for i, c := range r.Calls {
		exprs[i] = c
	}
	b.node(n, "Window", "darkolivegreen4", nil, exprs, r.Input)
	n.details = assigned(r.Out, exprs)
	n.label = lines(n.details)
}

func (b *planBuilder) limit(n *planNode, r *Limit) {
	var descriptor object
	if r.Offset > 0 {
		descriptor = append(descriptor, member{"offset", strconv.FormatInt(r.Offset, 10)})
	}
	if r.Count != nil {
		descriptor = append(descriptor, member{"count", strconv.FormatInt(*r.Count, 10)})
	}
	if r.WithTies {
		descriptor = append(descriptor, member{"withTies", "true"})
	}
	b.node(n, "Limit", "gray83", descriptor, nil, r.Input)
	n.title = limitText(r)
}

// assigned is "symbol := expression" for what is no mere column of that name.
func assigned(out []*Symbol, exprs []Expr) []string {
	var parts []string
	for i, s := range out {
		if r, ok := exprs[i].(*Ref); ok && symbolText(r.Symbol) == symbolText(s) {
			continue
		}
		parts = append(parts, symbolText(s)+" := "+Text(exprs[i]))
	}
	return parts
}

func lines(parts []string) string {
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, "\n") + "\n"
}
