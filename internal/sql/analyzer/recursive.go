package analyzer

import (
	"strings"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/types"
)

// maxRecursionDepth is Trino's session property max_recursion_depth: how often
// the step of a recursive query is taken.
const maxRecursionDepth = 10

// checkRecursive says whether a named query of WITH RECURSIVE is recursive, and
// checks its shape as Trino does.
func checkRecursive(q *ast.WithQuery) (bool, error) {
	if q.Columns == nil {
		return false, errorAt(q, "MISSING_COLUMN_ALIASES", "missing column aliases in recursive WITH query")
	}
	if nested := nestedRecursive(q.Query); nested != nil {
		return false, errorAt(nested, "NESTED_RECURSIVE", "nested recursive WITH query")
	}
	union, ok := q.Query.Body.(*ast.SetOperation)
	if !ok || union.Operator != ast.Union {
		return false, noReference(q)
	}
	name := q.Name.Lower()
	if refs := referencesTo(union.Left, name); len(refs) > 0 {
		return false, recursiveReference(refs[0], "WITH table name is referenced in the base relation of recursion")
	}
	refs := referencesTo(union.Right, name)
	switch len(refs) {
	case 0:
		return false, nil
	case 1:
	default:
		return false, recursiveReference(refs[1], "multiple recursive references in the step relation of recursion")
	}
	from := fromOf(union.Right)
	if from == nil || len(referencesTo(from, name)) == 0 {
		return false, recursiveReference(refs[0], "recursive reference outside of FROM clause of the step relation of recursion")
	}
	if err := immediateClauses(q.Query); err != nil {
		return false, err
	}
	return true, checkStep(from, name)
}

// noReference refuses a reference to itself in a query that is not recursive.
func noReference(q *ast.WithQuery) error {
	if refs := referencesTo(q.Query, q.Name.Lower()); len(refs) > 0 {
		return recursiveReference(refs[0], "recursive reference not allowed in this context")
	}
	return nil
}

func recursiveReference(at ast.Node, format string, args ...any) error {
	return errorAt(at, "INVALID_RECURSIVE_REFERENCE", format, args...)
}

func nestedRecursive(n ast.Node) ast.Node {
	var found ast.Node
	ast.Walk(n, func(n ast.Node) bool {
		if q, ok := n.(*ast.Query); ok && found == nil && q.With != nil && q.With.Recursive {
			found = q.With
		}
		return found == nil
	})
	return found
}

// immediateClauses refuses what may not stand beside the UNION.
func immediateClauses(q *ast.Query) error {
	switch {
	case q.With != nil:
		return notSupported(q.With, "immediate WITH clause in recursive query")
	case len(q.OrderBy) > 0:
		return notSupported(q.OrderByAt, "immediate ORDER BY clause in recursive query")
	case q.Offset != nil:
		return notSupported(q.Offset, "immediate OFFSET clause in recursive query")
	case q.Limit != nil:
		return errorAt(q.Limit, "INVALID_LIMIT_CLAUSE", "immediate FETCH FIRST / LIMIT clause in recursive query")
	}
	return nil
}

// referencesTo are the tables of a tree that have the name of a named query. As
// in Trino there are none where a query of the tree has that name itself.
func referencesTo(n ast.Node, name string) []ast.Node {
	var found []ast.Node
	shadowed := false
	ast.Walk(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Table:
			if n.Name.Lower() == name || strings.HasPrefix(n.Name.Lower(), name+".") {
				found = append(found, n)
			}
		case *ast.Query:
			shadowed = shadowed || defines(n.With, name)
		}
		return true
	})
	if shadowed {
		return nil
	}
	return found
}

func defines(w *ast.With, name string) bool {
	if w == nil {
		return false
	}
	for _, q := range w.Queries {
		if q.Name.Lower() == name {
			return true
		}
	}
	return false
}

// fromOf is the FROM clause of a SELECT, in parentheses or not; nil without.
func fromOf(b ast.QueryBody) ast.Relation {
	for {
		switch x := b.(type) {
		case *ast.TableSubquery:
			b = x.Query.Body
		case *ast.QuerySpecification:
			return x.From
		default:
			return nil
		}
	}
}

// checkStep refuses what makes a step's rows depend on more than the rows of
// the step before: the optional side of an outer join, and some set operations.
func checkStep(from ast.Relation, name string) error {
	var failed error
	refuse := func(n ast.Node, format string, args ...any) {
		if refs := referencesTo(n, name); len(refs) > 0 && failed == nil {
			failed = recursiveReference(refs[0], format, args...)
		}
	}
	ast.Walk(from, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Join:
			if n.Type == ast.RightJoin || n.Type == ast.FullJoin {
				refuse(n.Left, "recursive reference in left source of %s join", n.Type)
			}
			if n.Type == ast.LeftJoin || n.Type == ast.FullJoin {
				refuse(n.Right, "recursive reference in right source of %s join", n.Type)
			}
		case *ast.SetOperation:
			if n.Operator == ast.Intersect && n.All {
				refuse(n, "recursive reference in INTERSECT ALL")
			}
			if n.Operator == ast.Except {
				refuse(n.Right, "recursive reference in right relation of EXCEPT")
			}
			if n.Operator == ast.Except && n.All {
				refuse(n.Left, "recursive reference in left relation of EXCEPT ALL")
			}
		}
		return failed == nil
	})
	return failed
}

// recursive analyzes a recursive query. As in Trino its step is taken a fixed
// number of times, each over the rows of the one before.
func (a *analyzer) recursive(w *withScope) (plan, error) {
	union := w.query.Query.Body.(*ast.SetOperation)
	base, err := a.body(union.Left, w.around)
	if err != nil {
		return plan{}, err
	}
	if err := checkColumns(w.query, len(base.fields)); err != nil {
		return plan{}, err
	}
	want := base.types()
	if err := comparableColumns(union, want); err != nil {
		return plan{}, err
	}
	a.recursions++
	node := &Recursion{ID: a.recursions}
	rel, err := a.align(base, want, union)
	if err != nil {
		return plan{}, err
	}
	node.Steps = []Relation{rel}
	for len(node.Steps) < maxRecursionDepth+2 {
		if rel, err = a.step(w, union, node, want); err != nil {
			return plan{}, err
		}
		node.Steps = append(node.Steps, rel)
	}
	p := plan{rel: node}
	for i, t := range want {
		s := a.symbol(base.fields[i].name, t)
		node.Out = append(node.Out, s)
		p.fields = append(p.fields, field{name: base.fields[i].name, expr: &Ref{s}})
	}
	if !union.All {
		p.rel = &Distinct{Input: node}
	}
	return p.as(w.name, w.query.Columns), nil
}

func comparableColumns(union *ast.SetOperation, columns []types.Type) error {
	for _, t := range columns {
		if !union.All && !t.IsComparable() {
			return typeMismatch(union, "Type %s is not comparable and therefore cannot be used in UNION", t)
		}
	}
	return nil
}

// step takes the step once more.
func (a *analyzer) step(w *withScope, union *ast.SetOperation, node *Recursion, want []types.Type) (Relation, error) {
	inner := *w
	inner.before = node
	inner.used = true
	p, err := a.body(union.Right, &scope{outer: w.around.outer, with: &inner})
	if err != nil {
		return nil, err
	}
	if len(p.fields) != len(want) {
		return nil, typeMismatch(union.Right, "base and step relations of recursion have different number of fields: %d, %d", len(want), len(p.fields))
	}
	for i, f := range p.fields {
		if have := f.expr.Type(); !types.CanCoerce(have, want[i]) {
			return nil, typeMismatch(union.Right, "recursion step relation output type (%s) is not coercible to recursion base relation output type (%s) at column %d", have, want[i], i+1)
		}
	}
	return a.align(p, want, union.Right)
}

// previous are the rows of the step before.
func (a *analyzer) previous(w *withScope) plan {
	step := len(w.before.Steps) - 1
	node := &Previous{Recursion: w.before.ID, Step: step, Of: w.before.Steps[step].Output()}
	p := plan{rel: node}
	for i, of := range node.Of {
		s := a.symbol(w.query.Columns[i].Value, of.Type)
		node.Out = append(node.Out, s)
		p.fields = append(p.fields, field{name: s.Name, expr: &Ref{s}})
	}
	return p.as(w.name, w.query.Columns)
}
