package athena

import (
	"context"

	"github.com/scopsdb/scops/internal/ddl"
	"github.com/scopsdb/scops/internal/sql"
	"github.com/scopsdb/scops/internal/sql/ast"
)

// createView checks the view's query, since its columns and their types are
// stored with it, and stores the view.
func (s *Service) createView(ctx context.Context, e *execution, stmt *sql.Statement, v *ast.CreateView, sink RowSink) error {
	r := e.snapshot()
	if v.Security != "" {
		return ast.Errorf("NOT_SUPPORTED", v.Pos(), "SECURITY %s of a view is not supported", v.Security)
	}
	database, name, err := viewName(v.Name)
	if err != nil {
		return err
	}
	analysis, err := s.analyze(ctx, r, v.Query)
	if err != nil {
		return err
	}
	view := ddl.View{
		Database: database, Name: name, SQL: ast.Format(v.Query), Columns: analysis.Columns, Replace: v.Replace,
	}
	if v.Comment != nil {
		view.Comment = v.Comment.Value
	}
	if err := s.cfg.DDL.CreateView(ctx, view, ddl.Context{Database: r.database()}); err != nil {
		return err
	}
	return s.writeDDLResult(ctx, e, stmt, ddl.Result{}, sink)
}

func (s *Service) dropView(ctx context.Context, e *execution, stmt *sql.Statement, v *ast.DropView, sink RowSink) error {
	database, name, err := viewName(v.Name)
	if err != nil {
		return err
	}
	if err := s.cfg.DDL.DropView(ctx, database, name, v.Exists, ddl.Context{Database: e.snapshot().database()}); err != nil {
		return err
	}
	return s.writeDDLResult(ctx, e, stmt, ddl.Result{}, sink)
}

// viewName takes [[catalog.]database.]name apart.
func viewName(n *ast.QualifiedName) (database, name string, err error) {
	parts := n.Parts
	if len(parts) == 3 {
		if c := parts[0].Lower(); !catalogNames[c] {
			return "", "", ast.Errorf("CATALOG_NOT_FOUND", n.Pos(), "Catalog '%s' not found", c)
		}
		parts = parts[1:]
	}
	switch len(parts) {
	case 1:
		return "", parts[0].Lower(), nil
	case 2:
		return parts[0].Lower(), parts[1].Lower(), nil
	}
	return "", "", ast.Errorf("SYNTAX_ERROR", n.Pos(), "Too many dots in view name: %s", n.Lower())
}
