package analyzer

import (
	"context"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/sql/types"
)

// Options are what a query is analyzed with.
type Options struct {
	Catalog     Catalog
	CatalogName string // the data catalog's name, lower-case; "" is awsdatacatalog
	Database    string // default schema; "" for none
	// Parameters are bound to the `?` of the text, in order. As in Athena they
	// are ignored where the text has none.
	Parameters []ast.Expression
	// ExactParameters refuses parameters where the text has none, as EXECUTE does.
	ExactParameters bool

	Now  time.Time // the time of current_timestamp and its like
	User string    // current_user

	// Partitions gives the partitions of a table that a filter on its keys may
	// leave, for the table t$partitions. Without, there are no such tables.
	Partitions func(ctx context.Context, t *catalog.Table, filter predicate.Predicate) ([]catalog.Partition, error)
	// Versions knows the tables that keep versions; nil knows none.
	Versions Versions

	// Estimate says what running a query would read, for EXPLAIN; nil leaves
	// that out.
	Estimate func(ctx context.Context, a *Analysis) Estimate

	// Hidden gives the hidden columns of a table; nil is those of Athena.
	Hidden func(*catalog.Table) []ScanColumn
}

// Limits of a query. What a person writes is far below them.
const (
	maxDepth     = 500    // nesting of queries, relations and expressions
	maxRelations = 20_000 // relations, after views and named queries are expanded
	maxSymbols   = 1_000_000
	maxLambdas   = 6 // nesting of lambdas
)

// analyzer is the state of one analysis.
type analyzer struct {
	ctx       context.Context
	opts      Options
	database  string           // the default schema; a view has its own
	views     []string         // being expanded
	expanded  []*catalog.Table // views, in the order that they were met
	varies    string           // see Analysis.Unrepeatable
	symbols   int
	scans     []*TableScan
	sources   []*source // whose rows are not fetched yet
	depth     int
	lambdas   int // around the current expression
	relations int

	versions map[*catalog.Table]*Version // as they are now, of what the query reads

	recursions int          // recursive queries so far
	described  *description // of a statement whose parameters have no values; nil for others
	binding    bool         // the current expression is what a parameter is bound to
}

// Analyze checks a query (*ast.Query) or EXPLAIN of one. An error that is the
// query's fault is an *Error; others come from the catalog.
func Analyze(ctx context.Context, stmt ast.Statement, opts Options) (*Analysis, error) {
	a := newAnalyzer(ctx, opts)
	if s, ok := stmt.(*ast.ExecuteImmediate); ok {
		return a.executeImmediate(s)
	}
	if e, ok := stmt.(*ast.Explain); ok && !e.Analyze {
		if _, ok := e.Statement.(*ast.ExecuteImmediate); ok { // it brings its own values
			return a.explain(e)
		}
	}
	if n := countParameters(stmt); (n > 0 || opts.ExactParameters) && n != len(opts.Parameters) {
		return nil, wrongCount(stmt, n, len(opts.Parameters))
	}
	return a.statement(stmt)
}

func newAnalyzer(ctx context.Context, opts Options) *analyzer {
	if opts.CatalogName == "" {
		opts.CatalogName = "awsdatacatalog"
	}
	return &analyzer{ctx: ctx, opts: opts, database: strings.ToLower(opts.Database)}
}

func (a *analyzer) statement(stmt ast.Statement) (*Analysis, error) {
	switch s := stmt.(type) {
	case *ast.Query:
		return a.analysis(s)
	case *ast.Explain:
		return a.explain(s)
	case *ast.ShowFunctions:
		return a.showFunctions(s)
	case *ast.ShowCatalogs:
		return a.showCatalogs(s)
	default:
		return nil, notSupported(stmt, "%s is not supported", statementName(stmt))
	}
}

// statementName is how the error calls a statement that parses and does not run.
func statementName(stmt ast.Statement) string {
	switch stmt.(type) {
	case *ast.CreateTableAs:
		return string(CreateTableAs)
	case *ast.Delete:
		return "DELETE"
	case *ast.Update:
		return "UPDATE"
	case *ast.Merge:
		return "MERGE"
	case *ast.Optimize:
		return "OPTIMIZE"
	case *ast.Vacuum:
		return "VACUUM"
	case *ast.Insert:
		return string(InsertInto)
	case *ast.Unload:
		return string(UnloadTo)
	case *ast.Prepare:
		return "PREPARE"
	case *ast.Execute:
		return "EXECUTE"
	case *ast.ExecuteImmediate:
		return "EXECUTE IMMEDIATE"
	case *ast.Deallocate:
		return "DEALLOCATE PREPARE"
	case *ast.DescribeInput:
		return "DESCRIBE INPUT"
	case *ast.DescribeOutput:
		return "DESCRIBE OUTPUT"
	case *ast.Use:
		return "USE"
	case *ast.ShowFunctions:
		return "SHOW FUNCTIONS"
	case *ast.ShowSchemas:
		return "SHOW SCHEMAS"
	case *ast.ShowTables:
		return "SHOW TABLES"
	case *ast.ShowColumns:
		return "SHOW COLUMNS"
	case *ast.ShowSession:
		return "SHOW SESSION"
	case *ast.ShowCreate:
		return "SHOW CREATE"
	case *ast.ShowStats:
		return "SHOW STATS"
	case *ast.SetSession:
		return "SET SESSION"
	case *ast.ResetSession:
		return "RESET SESSION"
	case *ast.SetTimeZone:
		return "SET TIME ZONE"
	}
	return "This statement"
}

// analysis analyzes the outermost query, then removes what it does not need
// and finds the partition predicates.
func (a *analyzer) analysis(q *ast.Query) (*Analysis, error) {
	p, err := a.query(q, &scope{})
	if err != nil {
		return nil, err
	}
	out := &Analysis{Root: p.rel, Unrepeatable: a.varies, Views: a.expanded}
	for i, f := range p.fields {
		t := f.expr.Type()
		out.Columns = append(out.Columns, Column{Name: columnName(f.name, i), Type: t})
		out.Output = append(out.Output, f.expr.(*Ref).Symbol)
	}
	out.Root, out.Scans, err = a.optimize(out.Root, out.Output)
	if err != nil {
		return nil, err
	}
	return out, nil
}

// symbol makes a new column.
func (a *analyzer) symbol(name string, t types.Type) *Symbol {
	a.symbols++
	return &Symbol{ID: a.symbols, Name: name, Type: t}
}

// enter counts a level of nesting, and honours the context.
func (a *analyzer) enter(at ast.Node) (leave func(), err error) {
	if err := a.ctx.Err(); err != nil {
		return nil, err
	}
	a.relations++
	if a.relations > maxRelations {
		return nil, errorAt(at, "QUERY_HAS_TOO_MANY_STAGES", "Query is too large: views and named queries expand to more than %d relations", maxRelations)
	}
	if a.symbols > maxSymbols {
		return nil, errorAt(at, "QUERY_HAS_TOO_MANY_STAGES", "Query is too large: it has more than %d columns in all its relations", maxSymbols)
	}
	if a.depth++; a.depth > maxDepth {
		a.depth--
		return nil, errorAt(at, "STACK_OVERFLOW", "statement is too large (stack overflow during analysis)")
	}
	return func() { a.depth-- }, nil
}
