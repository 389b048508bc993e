package analyzer

import (
	"unicode/utf8"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/types"
)

// showCatalogs analyzes SHOW CATALOGS: the one data catalog, where its name is
// LIKE the pattern.
func (a *analyzer) showCatalogs(s *ast.ShowCatalogs) (*Analysis, error) {
	match, err := likeMatcher(s.Like, s.Escape)
	if err != nil {
		return nil, err
	}
	name := a.opts.CatalogName
	var rows [][]any
	if match(name) {
		rows = append(rows, []any{name})
	}
	return a.rowsOf([]Column{{"Catalog", types.VarcharType(utf8.RuneCountInString(name))}}, rows), nil
}
