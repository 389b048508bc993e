package analyzer

import (
	"github.com/scopsdb/scops/internal/sql/ast"
)

// outerJoinQueries takes the subqueries out of the condition of an outer join:
// each is computed beside the rows of the side that it speaks of, before the
// join, and the condition refers to its value.
func (a *analyzer) outerJoinQueries(at ast.Node, node *Join) error {
	left, right := &Project{Input: node.Left}, &Project{Input: node.Right}
	for _, side := range []*Project{left, right} {
		side.Out = append(side.Out, side.Input.Output()...)
		side.Exprs = references(side.Out)
	}
	var failed error
	node.On = rewrite(node.On, func(e Expr) (Expr, bool) {
		switch e.(type) {
		case *Subquery, *InSubquery, *Exists:
		default:
			return e, false
		}
		side := left
		if exprRefersTo(e, node.Right.Output()) {
			side = right
		}
		if side == right && exprRefersTo(e, node.Left.Output()) {
			failed = notSupported(at, "A subquery that refers to both sides of a %s JOIN is not supported", node.Kind)
			return e, true
		}
		s := a.symbol("", e.Type())
		side.Exprs, side.Out = append(side.Exprs, e), append(side.Out, s)
		return &Ref{s}, true
	})
	node.Left, node.Right = left, right
	return failed
}

func exprRefersTo(e Expr, columns []*Symbol) bool {
	refs := symbols{}.with(e)
	for _, s := range columns {
		if refs[s] {
			return true
		}
	}
	return false
}
