package parser_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/parser"
)

// TestWalkVisitsEverything compares what Walk visits with what reflection finds
// in the trees of the whole corpus: every expression in a place for one, every
// query and relation.
func TestWalkVisitsEverything(t *testing.T) {
	texts := readList(t, "testdata/statements.sql", ";\n")
	for _, e := range expressions(t) {
		texts = append(texts, "SELECT "+e)
	}
	for _, text := range texts {
		statement, err := parser.ParseStatement(text)
		require.NoError(t, err, text)
		visited := make(map[ast.Node]bool)
		depth := 0
		ast.Walk(statement, func(n ast.Node) bool {
			if n == nil {
				depth--
				return true
			}
			depth++
			require.False(t, visited[n], "visited twice in %s", text)
			visited[n] = true
			return true
		})
		require.Zero(t, depth)
		for _, n := range found(reflect.ValueOf(statement), nil) {
			require.True(t, visited[n], "%T at %s is not visited in %s", n, n.Pos(), text)
		}
	}
}

var (
	expressionType = reflect.TypeFor[ast.Expression]()
	relationType   = reflect.TypeFor[ast.Relation]()
	bodyType       = reflect.TypeFor[ast.QueryBody]()
	queryType      = reflect.TypeFor[*ast.Query]()
	sortType       = reflect.TypeFor[*ast.SortItem]()
)

// found collects the nodes in fields of the types above.
func found(v reflect.Value, all []ast.Node) []ast.Node {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return all
		}
		switch v.Type() {
		case expressionType, relationType, bodyType, queryType, sortType:
			all = append(all, v.Interface().(ast.Node))
		}
		return found(v.Elem(), all)
	case reflect.Slice:
		for i := range v.Len() {
			all = found(v.Index(i), all)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			all = found(v.Field(i), all)
		}
	}
	return all
}
