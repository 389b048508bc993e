package analyzer

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/parser"
	"github.com/scopsdb/scops/internal/sql/types"
)

// View is a stored view, as Trino keeps it in the text of a table.
type View struct {
	SQL          string       `json:"originalSql"`
	Catalog      string       `json:"catalog,omitempty"`
	Schema       string       `json:"schema,omitempty"` // the default schema of SQL
	Columns      []ViewColumn `json:"columns"`
	Comment      string       `json:"comment,omitempty"`
	Owner        string       `json:"owner,omitempty"`
	RunAsInvoker bool         `json:"runAsInvoker"`
}

// ViewColumn is a column of a view, with Trino's text of its type.
type ViewColumn struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

const (
	viewPrefix = "/* Presto View: "
	viewSuffix = " */"
)

// EncodeView makes catalog.Table.ViewOriginalText of a view.
func EncodeView(v View) (string, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("encode view: %w", err)
	}
	return viewPrefix + base64.StdEncoding.EncodeToString(text) + viewSuffix, nil
}

// ForeignViewError is a view that is not one of Athena's language: those of Hive
// and Spark are SQL as it is. The text is that of Trino's Hive connector.
type ForeignViewError struct{ Kind string }

func (e *ForeignViewError) Error() string { return e.Kind + " views are not supported" }

const materializedPrefix = "/* Presto Materialized View: "

// DecodeView reads catalog.Table.ViewOriginalText of a view that Athena or
// Trino wrote, or is a *ForeignViewError.
func DecodeView(text string) (View, error) {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, materializedPrefix) {
		return View{}, &ForeignViewError{"Materialized"}
	}
	body, ok := strings.CutPrefix(text, viewPrefix)
	if !ok {
		return View{}, &ForeignViewError{"Hive"}
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(body, viewSuffix))
	if err != nil {
		return View{}, fmt.Errorf("decode view: %w", err)
	}
	var v View
	if err := json.Unmarshal(raw, &v); err != nil {
		return View{}, fmt.Errorf("decode view: %w", err)
	}
	return v, nil
}

// view analyzes the query of a view in place of its name.
func (a *analyzer) view(at *ast.Table, table *catalog.Table) (plan, error) {
	name := a.opts.CatalogName + "." + table.Database + "." + table.Name
	if slices.Contains(a.views, name) {
		return plan{}, errorAt(at, "VIEW_IS_RECURSIVE", "View is recursive")
	}
	v, err := DecodeView(table.ViewOriginalText)
	var foreign *ForeignViewError
	if errors.As(err, &foreign) {
		return plan{}, notSupported(at, "%v: '%s.%s'", foreign, table.Database, table.Name)
	}
	if err != nil {
		return plan{}, errorAt(at, "INVALID_VIEW", "View '%s' cannot be read: %v", name, err)
	}
	a.expanded = append(a.expanded, table)
	p, err := a.expand(v, name)
	if err != nil {
		return plan{}, viewError(at, name, err)
	}
	return a.viewColumns(at, p, v, table)
}

// viewError says which view is at fault. What is not the view's fault (the
// catalog cannot be read) passes as it is.
func viewError(at ast.Node, name string, err error) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	if e.Name == "NOT_SUPPORTED" || e.Name == "VIEW_IS_RECURSIVE" || e.Name == "STACK_OVERFLOW" {
		return errorAt(at, e.Name, "Failed analyzing stored view '%s': %s", name, e.Error())
	}
	return errorAt(at, "INVALID_VIEW", "Failed analyzing stored view '%s': %s", name, e.Error())
}

// expand analyzes a view's query with the view's own default schema, without
// the names around it.
func (a *analyzer) expand(v View, name string) (plan, error) {
	stmt, err := parser.ParseStatement(v.SQL)
	if err != nil {
		return plan{}, err
	}
	q, ok := stmt.(*ast.Query)
	if !ok {
		return plan{}, errorAt(stmt, "INVALID_VIEW", "not a query")
	}
	if countParameters(q) > 0 {
		return plan{}, errorAt(q, "INVALID_VIEW", "a view cannot have parameters")
	}
	database, views := a.database, a.views
	defer func() { a.database, a.views = database, views }()
	a.views = append(slices.Clip(views), name)
	a.database = strings.ToLower(v.Schema)
	return a.query(q, &scope{})
}

// viewColumns gives the columns the names and types that the view declares.
func (a *analyzer) viewColumns(at ast.Node, p plan, v View, table *catalog.Table) (plan, error) {
	if len(v.Columns) != len(p.fields) {
		return plan{}, stale(at, a, table, "stored view column count (%d) does not match column count derived from the view query analysis (%d)", len(v.Columns), len(p.fields))
	}
	want := make([]types.Type, len(v.Columns))
	for i, c := range v.Columns {
		t, err := types.Parse(c.Type)
		if err != nil {
			return plan{}, stale(at, a, table, "column '%s' has the unknown type %s", c.Name, c.Type)
		}
		have := p.fields[i].expr.Type()
		if !types.CanCoerce(have, t) {
			return plan{}, stale(at, a, table, "column [%s] of type %s projected from query view at position %d cannot be coerced to column [%s] of type %s stored in view definition",
				p.fields[i].name, have, i, c.Name, t)
		}
		want[i] = t.WithZonesOf(have)
	}
	rel, err := a.align(p, want, at)
	if err != nil {
		return plan{}, err
	}
	origin := []string{a.opts.CatalogName, table.Database, table.Name}
	fields := make([]field, len(want))
	for i, s := range rel.Output() {
		fields[i] = field{name: strings.ToLower(v.Columns[i].Name), origin: origin, expr: &Ref{s}}
	}
	return plan{rel: rel, fields: fields}, nil
}

func stale(at ast.Node, a *analyzer, table *catalog.Table, format string, args ...any) error {
	return errorAt(at, "VIEW_IS_STALE", "View '%s.%s.%s' is stale or in invalid state: %s",
		a.opts.CatalogName, table.Database, table.Name, fmt.Sprintf(format, args...))
}
