package analyzer

import (
	"github.com/scopsdb/scops/internal/sql/ast"
)

// Error is a semantic or syntactic error at a place in the query, in Trino's
// terms.
type Error = ast.Error

// errorAt makes an Error at a node's place.
func errorAt(at ast.Node, name, format string, args ...any) error {
	return ast.Errorf(name, at.Pos(), format, args...)
}

// nowhere is for errors that have no place.
type nowhere struct{}

// Pos is the place that stands for none.
func (nowhere) Pos() ast.Position { return ast.Position{} }

func notSupported(at ast.Node, format string, args ...any) error {
	return errorAt(at, "NOT_SUPPORTED", format, args...)
}

func typeMismatch(at ast.Node, format string, args ...any) error {
	return errorAt(at, "TYPE_MISMATCH", format, args...)
}
