package analyzer

import (
	"fmt"
	"strings"

	"github.com/scopsdb/scops/internal/sql/predicate"
)

// Explain is the query's tree as text: each relation with what it does, and for
// each scan its columns and the condition on its partition keys.
func (an *Analysis) Explain() string { return an.text(nil) }

// text is Explain with the figures of a run; nil for none.
func (an *Analysis) text(figures *Figures) string {
	w := &treeWriter{scans: an.Scans, figures: figures}
	names := make([]string, len(an.Columns))
	for i, c := range an.Columns {
		names[i] = fmt.Sprintf("%s := %s", c.Name, symbolText(an.Output[i]))
	}
	w.line(0, "Output[%s]", strings.Join(names, ", "))
	w.relation(an.Root, 1)
	return strings.TrimSuffix(w.b.String(), "\n")
}

type treeWriter struct {
	b       strings.Builder
	scans   []*TableScan
	figures *Figures // nil where the query has not run
}

func (w *treeWriter) line(depth int, format string, args ...any) {
	w.b.WriteString(strings.Repeat("    ", depth))
	fmt.Fprintf(&w.b, format, args...)
	w.b.WriteByte('\n')
}

func (w *treeWriter) relation(r Relation, depth int) {
	switch r := r.(type) {
	case *Scan:
		w.scan(r, depth)
	case *Values:
		w.line(depth, "Values[%d rows]", len(r.Rows))
		for _, row := range r.Rows {
			w.subqueries(depth, row...)
		}
	case *Project:
		w.line(depth, "Project[%s]", assignments(r.Out, r.Exprs))
		w.subqueries(depth, r.Exprs...)
		w.relation(r.Input, depth+1)
	case *Filter:
		w.line(depth, "Filter[%s]", Text(r.Condition))
		w.subqueries(depth, r.Condition)
		w.relation(r.Input, depth+1)
	case *Join:
		w.join(r, depth)
	case *Aggregate:
		w.aggregate(r, depth)
	case *Window:
		exprs := make([]Expr, len(r.Calls))
		for i, c := range r.Calls {
			exprs[i] = c
		}
		w.line(depth, "Window[%s]", assignments(r.Out, exprs))
		w.relation(r.Input, depth+1)
	case *Distinct:
		w.line(depth, "Distinct")
		w.relation(r.Input, depth+1)
	case *Sort:
		w.line(depth, "Sort[%s]", orderText(r.Keys))
		w.relation(r.Input, depth+1)
	case *Limit:
		w.line(depth, "%s", limitText(r))
		w.relation(r.Input, depth+1)
	case *SetOp:
		w.line(depth, "%s%s", r.Kind, all(r.All))
		for _, in := range r.Inputs {
			w.relation(in, depth+1)
		}
	case *Recursion:
		w.line(depth, "Recursion[%d]", r.ID)
		w.relation(r.Steps[0], depth+1)
		w.relation(r.Steps[1], depth+1)
	case *Series:
		w.line(depth, "Series[from %d to %d by %d]", r.Start, r.Stop, r.Step)
	case *Previous:
		w.line(depth, "Previous[step of recursion %d]", r.Recursion)
	case *TableWriter:
		w.line(depth, "TableWriter[%s]", r.Target)
		w.line(depth+1, "columns: %s", strings.Join(r.assignments(), ", "))
		w.relation(r.Input, depth+1)
	case *Unnest:
		exprs := make([]string, len(r.Items))
		for i, it := range r.Items {
			exprs[i] = Text(it.Expr)
		}
		w.line(depth, "Unnest[%s]", strings.Join(exprs, ", "))
	}
}

func assignments(out []*Symbol, exprs []Expr) string {
	parts := make([]string, len(out))
	for i, s := range out {
		parts[i] = symbolText(s) + " := " + Text(exprs[i])
		if r, ok := exprs[i].(*Ref); ok && symbolText(r.Symbol) == symbolText(s) {
			parts[i] = symbolText(s)
		}
	}
	return strings.Join(parts, ", ")
}

func limitText(r *Limit) string {
	var parts []string
	if r.Offset > 0 {
		parts = append(parts, fmt.Sprintf("offset %d", r.Offset))
	}
	if r.Count != nil {
		parts = append(parts, fmt.Sprintf("count %d", *r.Count))
	}
	if r.WithTies {
		parts = append(parts, "with ties")
	}
	return "Limit[" + strings.Join(parts, ", ") + "]"
}

func (w *treeWriter) scan(r *Scan, depth int) {
	ts := w.scans[r.Index]
	columns := make([]string, len(ts.Columns))
	for i, c := range ts.Columns {
		columns[i] = c.Name + ":" + c.Type.String()
		if c.PartitionKey {
			columns[i] += ":PARTITION_KEY"
		}
	}
	w.line(depth, "TableScan[%s.%s]", ts.Table.Database, ts.Table.Name)
	w.line(depth+1, "columns: %s", strings.Join(columns, ", "))
	if len(ts.Table.PartitionKeys) > 0 {
		w.line(depth+1, "partitions: %s", PredicateText(ts.Filter))
	}
	if w.figures != nil {
		w.line(depth+1, "%s", w.figures.Scans[r.Index].line())
	}
}

func (w *treeWriter) join(r *Join, depth int) {
	word := string(r.Kind) + " Join"
	if r.Lateral {
		word += ", lateral"
	}
	if r.On != nil {
		word += "[" + Text(r.On) + "]"
	}
	w.line(depth, "%s", word)
	if r.On != nil {
		w.subqueries(depth, r.On)
	}
	w.relation(r.Left, depth+1)
	w.relation(r.Right, depth+1)
}

func (w *treeWriter) aggregate(r *Aggregate, depth int) {
	var exprs []Expr
	for _, a := range r.Aggs {
		exprs = append(exprs, a)
	}
	sets := ""
	if r.GroupingSets != nil {
		sets = fmt.Sprintf(" sets %v", r.GroupingSets)
	}
	w.line(depth, "Aggregate[by (%s)%s; %s]", assignments(r.KeyOut, r.Keys), sets, assignments(r.AggOut, exprs))
	w.relation(r.Input, depth+1)
}

// subqueries writes the trees inside expressions.
func (w *treeWriter) subqueries(depth int, es ...Expr) {
	for _, e := range es {
		walk(e, func(e Expr) bool {
			switch e := e.(type) {
			case *Subquery:
				w.subquery(e.Rel, depth)
				return false
			case *Exists:
				w.subquery(e.Rel, depth)
				return false
			case *InSubquery:
				w.subqueries(depth, e.Value)
				w.subquery(e.Rel, depth)
				return false
			}
			return true
		})
	}
}

func (w *treeWriter) subquery(r Relation, depth int) {
	w.line(depth+1, "Subquery")
	w.relation(r, depth+2)
}

// PredicateText is a partition predicate as SQL; "all" where it keeps every
// partition.
func PredicateText(p predicate.Predicate) string {
	if and, ok := p.(predicate.And); ok && len(and) == 0 {
		return "all"
	}
	return predicate.String(p)
}
