package analyzer

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/functions"
	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/sql/types"
)

// showFunctions analyzes SHOW FUNCTIONS: a row for each form of each function
// whose name is LIKE the pattern.
func (a *analyzer) showFunctions(s *ast.ShowFunctions) (*Analysis, error) {
	if s.From != nil {
		return nil, notSupported(s.From, "SHOW FUNCTIONS FROM a schema is not supported")
	}
	match, err := likeMatcher(s.Like, s.Escape)
	if err != nil {
		return nil, err
	}
	var rows, matching [][]any
	for _, f := range functions.Listing() {
		row := []any{f.Name, f.Result, f.Arguments, f.Kind, f.Deterministic, f.Description}
		rows = append(rows, row)
		if match(f.Name) {
			matching = append(matching, row)
		}
	}
	return a.rowsOf([]Column{
		{"Function", longest(rows, 0)}, {"Return Type", longest(rows, 1)}, {"Argument Types", longest(rows, 2)},
		{"Function Type", longest(rows, 3)}, {"Deterministic", types.BooleanType}, {"Description", longest(rows, 5)},
	}, matching), nil
}

// likeMatcher is LIKE with a pattern of a SHOW statement; nil takes all.
func likeMatcher(pattern, escape *ast.StringLiteral) (func(string) bool, error) {
	if pattern == nil {
		return func(string) bool { return true }, nil
	}
	var e rune
	if escape != nil {
		if utf8.RuneCountInString(escape.Value) != 1 {
			return nil, errorAt(escape, "INVALID_FUNCTION_ARGUMENT", "Escape string must be a single character")
		}
		e, _ = utf8.DecodeRuneInString(escape.Value)
	}
	if _, ok := predicate.MatchLike("", pattern.Value, e); !ok {
		return nil, errorAt(pattern, "INVALID_FUNCTION_ARGUMENT", "Escape character must be followed by '%%', '_' or the escape character itself")
	}
	return func(s string) bool {
		match, _ := predicate.MatchLike(s, pattern.Value, e)
		return match
	}, nil
}

// rowsOf is an analysis of constant rows, in order.
func (a *analyzer) rowsOf(columns []Column, rows [][]any) *Analysis {
	node := &Values{}
	out := &Analysis{Columns: columns}
	for _, c := range columns {
		node.Out = append(node.Out, a.symbol(strings.ToLower(c.Name), c.Type))
	}
	order := a.symbol("", types.BigIntType)
	out.Output = slices.Clone(node.Out)
	node.Out = append(node.Out, order)
	for n, r := range rows {
		row := make([]Expr, len(r), len(r)+1)
		for i, v := range r {
			row[i] = &Literal{Value: v, Typ: columns[i].Type}
		}
		node.Rows = append(node.Rows, append(row, &Literal{Value: int64(n), Typ: types.BigIntType}))
	}
	out.Root = &Sort{Input: node, Keys: []SortKey{{Expr: &Ref{order}}}}
	return out
}
