package transform

import (
	"strings"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/functions"
)

// tableName is the one table of a transform.
const tableName = "batch"

const notSupported = "NOT_SUPPORTED"

// placed is a node of a tree, or a place.
type placed interface{ Pos() ast.Position }

func refuse(at placed, what string) error {
	return ast.Errorf(notSupported, at.Pos(), "%s is not supported in a transform: each event gives at most one row, and the same one each time", what)
}

// checkQuery returns the SELECT of a query that is expressions and a WHERE
// clause over batch.
func checkQuery(q *ast.Query) (*ast.QuerySpecification, error) {
	switch {
	case q.With != nil:
		return nil, refuse(q.With, "WITH")
	case len(q.OrderBy) > 0:
		return nil, refuse(q.OrderByAt, "ORDER BY")
	case q.Offset != nil:
		return nil, refuse(q.Offset, "OFFSET")
	case q.Limit != nil:
		return nil, refuse(q.Limit, "LIMIT")
	}
	spec, ok := q.Body.(*ast.QuerySpecification)
	if !ok {
		return nil, refuse(q.Body, bodyName(q.Body))
	}
	switch {
	case spec.Select.Distinct:
		return nil, refuse(spec.Select, "DISTINCT")
	case spec.GroupBy != nil:
		return nil, refuse(spec.GroupBy, "GROUP BY")
	case spec.Having != nil:
		return nil, refuse(spec.Having, "HAVING")
	case len(spec.Windows) > 0:
		return nil, refuse(spec.Windows[0], "WINDOW")
	case spec.From == nil:
		return nil, ast.Errorf(notSupported, spec.Pos(), "a transform selects FROM %s", tableName)
	}
	return spec, checkFrom(spec.From)
}

func bodyName(b ast.QueryBody) string {
	switch b := b.(type) {
	case *ast.SetOperation:
		return string(b.Operator)
	case *ast.Values:
		return "VALUES"
	case *ast.Table:
		return "TABLE"
	}
	return "This query"
}

func checkFrom(r ast.Relation) error {
	at := r
	if a, ok := r.(*ast.AliasedRelation); ok {
		if a.Columns != nil {
			return refuse(a, "A list of column aliases")
		}
		r = a.Relation
	}
	switch r := r.(type) {
	case *ast.Table:
		if r.Version != nil {
			return refuse(r.Version, "FOR ... AS OF")
		}
		if len(r.Name.Parts) != 1 || r.Name.Parts[0].Lower() != tableName {
			return ast.Errorf(notSupported, r.Pos(), "a transform selects FROM %s alone: it cannot read table %s", tableName, r.Name.Lower())
		}
		return nil
	case *ast.Join:
		return refuse(r.Right, "JOIN")
	case *ast.Unnest:
		return refuse(r, "UNNEST")
	case *ast.SampledRelation:
		return refuse(r, "TABLESAMPLE")
	}
	return ast.Errorf(notSupported, at.Pos(), "a transform selects FROM %s alone", tableName)
}

// checkExpressions refuses what depends on other rows, on time or on chance.
func checkExpressions(of ast.Node) (err error) {
	ast.Walk(of, func(n ast.Node) bool {
		if err != nil || n == nil {
			return false
		}
		err = checkNode(n)
		return err == nil
	})
	return err
}

func checkNode(n ast.Node) error {
	switch n := n.(type) {
	case *ast.SubqueryExpression:
		return refuse(n, "A subquery")
	case *ast.Exists:
		return refuse(n, "EXISTS")
	case *ast.QuantifiedComparison:
		return refuse(n, "A subquery")
	case *ast.Query:
		return refuse(n, "A subquery")
	case *ast.Grouping:
		return refuse(n, "GROUPING")
	case *ast.ListAgg:
		return refuse(n, "LISTAGG")
	case *ast.WindowOperation:
		return refuse(n, "A window function")
	case *ast.Parameter:
		return refuse(n, "A parameter")
	case *ast.Current:
		return refuse(n, strings.ToLower(string(n.Function)))
	case *ast.FunctionCall:
		return checkCall(n)
	}
	return nil
}

// timeFunctions are the calls that depend on when the query runs, or who runs
// it, and that are no functions of the table.
var timeFunctions = map[string]bool{"now": true, "current_groups": true, "version": true}

func checkCall(c *ast.FunctionCall) error {
	name := c.Name.Suffix().Lower()
	f := functions.Lookup(name)
	switch {
	case c.Over != nil:
		return refuse(c, "Window function "+name)
	case timeFunctions[name], f != nil && f.Volatile:
		return refuse(c, name+"()")
	case f != nil && f.Kind == functions.Window:
		return refuse(c, "Window function "+name)
	case f != nil && f.Kind == functions.Aggregate:
		return refuse(c, "Aggregate function "+name)
	}
	return nil
}
