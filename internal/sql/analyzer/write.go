package analyzer

import (
	"context"
	"errors"
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/types"
)

// WriteKind is what a statement does with the rows of its query.
type WriteKind string

// The statements that write, as messages name them.
const (
	CreateTableAs WriteKind = "CREATE TABLE AS"
	InsertInto    WriteKind = "INSERT INTO"
	UnloadTo      WriteKind = "UNLOAD"
)

// Write is a checked statement that writes what a query gives: where to, and
// the query with one output column for each column that is written.
type Write struct {
	Kind WriteKind
	// Source is the query. Its output has the names and types of Columns: an
	// INSERT's values are converted to the columns of its table, in the table's
	// order, NULL for those that it does not name.
	Source  *Analysis
	Columns []Column

	Database, Table string         // what is written to, lower-case; "" for UNLOAD
	Target          *catalog.Table // of INSERT

	// Exists says that the table of CREATE TABLE IF NOT EXISTS is there: there
	// is nothing to do, and no Source.
	Exists     bool
	NoData     bool       // WITH NO DATA
	Comment    string     // of CREATE TABLE
	Location   string     // of UNLOAD
	Properties []Property // of CREATE TABLE and UNLOAD
}

// AnalyzeWrite checks CREATE TABLE … AS, INSERT INTO and UNLOAD as far as the
// language goes: names, columns and types. What the properties and the table's
// format mean is for those who write. Errors are as of Analyze.
func AnalyzeWrite(ctx context.Context, stmt ast.Statement, opts Options) (*Write, error) {
	if n := countParameters(stmt); (n > 0 || opts.ExactParameters) && n != len(opts.Parameters) {
		return nil, wrongCount(stmt, n, len(opts.Parameters))
	}
	return newAnalyzer(ctx, opts).write(stmt)
}

// Writes says whether a statement is one for AnalyzeWrite.
func Writes(stmt ast.Statement) bool {
	switch stmt.(type) {
	case *ast.CreateTableAs, *ast.Insert, *ast.Unload:
		return true
	}
	return false
}

func (a *analyzer) write(stmt ast.Statement) (*Write, error) {
	switch s := stmt.(type) {
	case *ast.CreateTableAs:
		return a.createTableAs(s)
	case *ast.Insert:
		return a.insert(s)
	case *ast.Unload:
		return a.unload(s)
	}
	return nil, notSupported(stmt, "%s is not supported", statementName(stmt))
}

// createTableAs follows visitCreateTableAsSelect of Trino's StatementAnalyzer.
func (a *analyzer) createTableAs(s *ast.CreateTableAs) (*Write, error) {
	w := &Write{Kind: CreateTableAs, NoData: s.NoData}
	if s.Comment != nil {
		w.Comment = s.Comment.Value
	}
	if s.Replace {
		return nil, notSupported(s, "This connector does not support replacing tables")
	}
	var err error
	if w.Database, w.Table, err = a.qualify(&ast.Table{Position: s.Position, Name: s.Name}); err != nil {
		return nil, err
	}
	if w.Exists, err = a.tableExists(s, w.Database, w.Table); err != nil {
		return nil, err
	}
	if w.Exists && !s.NotExists {
		return nil, errorAt(s, "TABLE_ALREADY_EXISTS", "Destination table '%s.%s.%s' already exists", a.opts.CatalogName, w.Database, w.Table)
	}
	if w.Properties, err = a.properties(s.Properties); err != nil || w.Exists {
		return w, err
	}
	p, err := a.query(s.Query, &scope{})
	if err != nil {
		return nil, err
	}
	if err := nameColumns(s, &p, s.Columns); err != nil {
		return nil, err
	}
	return w, w.from(a, p)
}

// tableExists looks for the table to be made, in a database that must be there.
func (a *analyzer) tableExists(at ast.Node, database, name string) (bool, error) {
	_, err := a.lookUp(at, database, name)
	var e *Error
	if errors.As(err, &e) && e.Name == "TABLE_NOT_FOUND" {
		return false, nil
	}
	return err == nil, err
}

// nameColumns checks that the columns of a plan have names of their own and
// types, after they have got the names of a list, if there is one.
func nameColumns(at ast.Node, p *plan, names []*ast.Identifier) error {
	if names != nil && len(names) != len(p.fields) {
		return errorAt(at, "MISMATCHED_COLUMN_ALIASES", "Column alias list has %d entries but relation has %d columns", len(names), len(p.fields))
	}
	seen := map[string]bool{}
	for i := range p.fields {
		f := &p.fields[i]
		if names != nil {
			f.name = names[i].Value
		}
		f.name = strings.ToLower(f.name)
		switch {
		case f.name == "":
			return errorAt(at, "MISSING_COLUMN_NAME", "Column name not specified at position %d", i+1)
		case seen[f.name]:
			return errorAt(at, "DUPLICATE_COLUMN_NAME", "Column name '%s' specified more than once", f.name)
		case f.expr.Type().Kind == types.Unknown:
			return errorAt(at, "COLUMN_TYPE_UNKNOWN", "Column type is unknown at position %d", i+1)
		}
		seen[f.name] = true
	}
	return nil
}

// from makes a plan the source, as it is.
func (w *Write) from(a *analyzer, p plan) error {
	rel := &Project{Input: p.rel}
	for _, f := range p.fields {
		t := f.expr.Type()
		rel.Exprs, rel.Out = append(rel.Exprs, f.expr), append(rel.Out, a.symbol(f.name, t))
		w.Columns = append(w.Columns, Column{Name: f.name, Type: t})
	}
	return w.source(a, rel)
}

// source ends the analysis of a query that gives w.Columns.
func (w *Write) source(a *analyzer, rel *Project) (err error) {
	w.Source = &Analysis{Columns: w.Columns, Output: rel.Out}
	w.Source.Root, w.Source.Scans, err = a.optimize(rel, rel.Out)
	return err
}

// unload checks UNLOAD: its columns become those of files, as with CREATE TABLE
// AS.
func (a *analyzer) unload(s *ast.Unload) (*Write, error) {
	w := &Write{Kind: UnloadTo, Location: s.To.Value}
	var err error
	if w.Properties, err = a.properties(s.Properties); err != nil {
		return nil, err
	}
	p, err := a.query(s.Query, &scope{})
	if err != nil {
		return nil, err
	}
	if err := nameColumns(s, &p, nil); err != nil {
		return nil, err
	}
	return w, w.from(a, p)
}
