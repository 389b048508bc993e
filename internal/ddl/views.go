package ddl

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/hive"
	"github.com/scopsdb/scops/internal/sql/parser"
	"github.com/scopsdb/scops/internal/sql/types"
)

// View is a view to create. Its query is analyzed already.
type View struct {
	Database string // "" is the database of the query execution
	Name     string
	SQL      string            // the query, after AS
	Columns  []analyzer.Column // what the query answers
	Comment  string
	Replace  bool // OR REPLACE
}

// athenaCatalog is the data catalog that views name.
const athenaCatalog = "awsdatacatalog"

// CreateView stores a view as Athena and Trino store theirs.
func (e *Executor) CreateView(ctx context.Context, v View, c Context) error {
	r := e.run(ctx, c)
	n := r.resolve(hive.TableName{Database: strings.ToLower(v.Database), Name: strings.ToLower(v.Name)})
	t, err := viewTable(n, v, r.database)
	if err != nil {
		return err
	}
	for {
		old, err := e.Catalog.Table(ctx, n.Database, n.Name)
		switch {
		case errors.Is(err, catalog.ErrNotFound):
			if _, err := e.Catalog.Database(ctx, n.Database); err != nil {
				return r.missing(n, err)
			}
			err = e.Catalog.CreateTable(ctx, t, false)
			if errors.Is(err, catalog.ErrAlreadyExists) && v.Replace {
				continue // created in between
			}
			return viewExists(n, err)
		case err != nil:
			return err
		case old.Type != catalog.VirtualView:
			return &Error{Kind: Semantic, Message: fmt.Sprintf("TABLE_ALREADY_EXISTS: line 1:1: Table already exists: '%s.%s'", athenaCatalog, n)}
		case !v.Replace:
			return viewExists(n, catalog.ErrAlreadyExists)
		}
		t.Version = old.Version
		if err := e.Catalog.UpdateTable(ctx, t); !errors.Is(err, catalog.ErrConflict) {
			return refused(err)
		}
	}
}

func viewExists(n hive.TableName, err error) error {
	if !errors.Is(err, catalog.ErrAlreadyExists) {
		return refused(err)
	}
	return &Error{Kind: Semantic, Message: fmt.Sprintf("TABLE_ALREADY_EXISTS: line 1:1: View already exists: '%s.%s'", athenaCatalog, n), Cause: err}
}

// viewTable makes the table that holds a view. Its columns have Hive types; a
// type without one is refused, as in Athena. The property comment is that of
// every view: by it Trino tells a view from a materialized one, and finds the
// view's own comment in its text.
func viewTable(n hive.TableName, v View, schema string) (catalog.Table, error) {
	stored := analyzer.View{SQL: v.SQL, Catalog: athenaCatalog, Schema: schema, Comment: v.Comment}
	t := catalog.Table{
		Database:         n.Database,
		Name:             n.Name,
		Owner:            "hadoop", // of tables too; Trino runs a view as its owner
		Type:             catalog.VirtualView,
		ViewExpandedText: "/* Presto View */",
		Parameters:       map[string]string{"presto_view": "true", paramComment: "Presto View"},
	}
	for _, c := range v.Columns {
		hiveType, err := types.ToHive(c.Type)
		if err != nil {
			return t, &Error{Kind: NotSupported, Message: fmt.Sprintf("NOT_SUPPORTED: Unsupported Hive type: %s (column %s). You can use CAST to convert the column to a supported type", c.Type, c.Name), Cause: err}
		}
		stored.Columns = append(stored.Columns, analyzer.ViewColumn{Name: c.Name, Type: c.Type.String()})
		t.Columns = append(t.Columns, catalog.Column{Name: c.Name, Type: hiveType})
	}
	var err error
	t.ViewOriginalText, err = analyzer.EncodeView(stored)
	return t, err
}

// DropView drops a view.
func (e *Executor) DropView(ctx context.Context, database, name string, ifExists bool, c Context) error {
	r := e.run(ctx, c)
	n := r.resolve(hive.TableName{Database: strings.ToLower(database), Name: strings.ToLower(name)})
	t, err := e.Catalog.Table(ctx, n.Database, n.Name)
	switch {
	case errors.Is(err, catalog.ErrNotFound) && ifExists:
		return nil
	case errors.Is(err, catalog.ErrNotFound):
		return &Error{Kind: Semantic, Message: fmt.Sprintf("TABLE_NOT_FOUND: line 1:1: View '%s.%s' does not exist", athenaCatalog, n), Cause: err}
	case err != nil:
		return err
	case t.Type != catalog.VirtualView:
		return &Error{Kind: Semantic, Message: fmt.Sprintf("TABLE_NOT_FOUND: line 1:1: View '%s.%s' does not exist, but a table with that name exists", athenaCatalog, n)}
	}
	return refused(e.Catalog.DropTable(ctx, n.Database, n.Name, ifExists))
}

func (r *run) showCreateView(s *hive.ShowCreateView) (Result, error) {
	t, err := r.table(s.View)
	if err != nil {
		return Result{}, err
	}
	if t.Type != catalog.VirtualView {
		return Result{}, semantic(s.View, "%s.%s is a table, not a view", t.Database, t.Name)
	}
	v, err := decodeView(s.View, t)
	if err != nil {
		return Result{}, err
	}
	head := "CREATE VIEW " + trinoName(t.Database) + "." + trinoName(t.Name)
	if v.Comment != "" {
		head += " COMMENT '" + strings.ReplaceAll(v.Comment, "'", "''") + "'"
	}
	rows := strings.Split(head+" AS \n"+v.SQL, "\n")
	return result([]Column{{"create view", "varchar"}}, rows), nil
}

// decodeView reads the text of a view; those of Hive and Spark are refused by
// name.
func decodeView(at ast.Node, t *catalog.Table) (analyzer.View, error) {
	v, err := analyzer.DecodeView(t.ViewOriginalText)
	var foreign *analyzer.ForeignViewError
	if errors.As(err, &foreign) {
		return v, notSupported(at, fmt.Sprintf("%v: '%s.%s'", err, t.Database, t.Name))
	}
	if err != nil {
		return v, semantic(at, "view %s.%s cannot be read: %v", t.Database, t.Name, err)
	}
	return v, nil
}

// trinoName writes a name as views' language needs it, quoted where it is no
// plain word there.
func trinoName(name string) string {
	if e, err := parser.ParseExpression(name); err == nil {
		if id, ok := e.(*ast.Identifier); ok && id.Value == name && !id.Quoted {
			return name
		}
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}
