package analyzer

import "github.com/scopsdb/scops/internal/sql/ast"

// refusedRelation is the name of what parses in FROM and has no meaning here
// yet.
func refusedRelation(r ast.Relation) string {
	switch r.(type) {
	case *ast.JSONTable:
		return "JSON_TABLE"
	case *ast.PatternRecognition:
		return "MATCH_RECOGNIZE"
	}
	return "This relation"
}

// refusePattern refuses what only row pattern recognition gives a meaning to, as
// Trino does outside of it.
func refusePattern(e *ast.FunctionCall) error {
	if e.Label != nil {
		return errorAt(e.Label, "INVALID_FUNCTION_ARGUMENT", "label.* syntax is only supported as the only argument of row pattern count function")
	}
	if e.Processing != "" {
		return errorAt(e, "INVALID_PROCESSING_MODE", "%s semantics is not supported out of pattern recognition context", e.Processing)
	}
	return nil
}
