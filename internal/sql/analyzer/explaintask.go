package analyzer

import (
	"reflect"

	"github.com/scopsdb/scops/internal/sql/ast"
)

// isTask says whether a statement is what Trino runs without a plan: a change
// of the catalog, of prepared statements or of the session.
func isTask(stmt ast.Statement) bool {
	switch stmt.(type) {
	case *ast.CreateView, *ast.DropView, *ast.Prepare, *ast.Deallocate, *ast.Use,
		*ast.SetSession, *ast.ResetSession, *ast.SetTimeZone:
		return true
	}
	return false
}

// taskText is Trino's EXPLAIN of such a statement: its beginning.
func taskText(stmt ast.Statement) (string, error) {
	switch s := stmt.(type) {
	case *ast.CreateView:
		return "CREATE VIEW " + s.Name.Lower(), nil
	case *ast.Prepare:
		return "PREPARE " + ast.Format(s.Name), nil
	case *ast.SetSession:
		return literally(s, s.Value)
	case *ast.SetTimeZone:
		return literally(s, s.Zone)
	case *ast.Use:
		return "", notSupported(s, "EXPLAIN of USE is not supported")
	}
	return ast.Format(stmt), nil
}

// literally is the text of a statement whose value is none or a literal that
// Trino, too, writes as it came.
func literally(stmt ast.Statement, value ast.Expression) (string, error) {
	switch value.(type) {
	case nil, *ast.StringLiteral, *ast.BooleanLiteral, *ast.LongLiteral:
		return ast.Format(stmt), nil
	}
	return "", notSupported(value, "EXPLAIN of %s with a value that is no literal is not supported", statementName(stmt))
}

// CheckExplainAnalyze refuses EXPLAIN ANALYZE with options or of statements
// that do not go with it. Athena has the formats TEXT and JSON there.
func CheckExplainAnalyze(e *ast.Explain) error {
	switch {
	case e.Type != "":
		return notSupported(e, "EXPLAIN ANALYZE (TYPE %s) is not supported", e.Type)
	case e.Format == "GRAPHVIZ":
		return notSupported(e, "EXPLAIN ANALYZE (FORMAT GRAPHVIZ) is not supported")
	case isTask(e.Statement):
		return errorAt(nowhere{}, "NOT_SUPPORTED", "EXPLAIN ANALYZE doesn't support statement type: %s", reflect.TypeOf(e.Statement).Elem().Name())
	}
	switch e.Statement.(type) {
	case *ast.Query, *ast.Execute, *ast.ExecuteImmediate, *ast.ShowFunctions:
		return nil
	}
	return notSupported(e.Statement, "EXPLAIN ANALYZE of %s is not supported", statementName(e.Statement))
}
