package athena

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/scopsdb/scops/internal/ddl"
	"github.com/scopsdb/scops/internal/sql"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/parser"
)

// preparedStatement parses a prepared statement. As in Athena it must be a query
// or one that writes: CREATE TABLE AS, INSERT INTO, UNLOAD.
func preparedStatement(p *api.PreparedStatement) (ast.Statement, error) {
	stmt, err := parser.ParseStatement(trimStatement(aws.ToString(p.QueryStatement)))
	if err != nil {
		return nil, err
	}
	if _, ok := stmt.(*ast.Query); !ok && !analyzer.Writes(stmt) {
		return nil, ast.Errorf("NOT_SUPPORTED", stmt.Pos(), "Invalid statement type for prepared statement: it is no query")
	}
	return stmt, nil
}

// prepareStatement runs PREPARE: the text after FROM is stored in the
// workgroup, where the operations of the API find it.
func (s *Service) prepareStatement(ctx context.Context, e *execution, stmt *sql.Statement, q *ast.Prepare, sink RowSink) error {
	r := e.snapshot()
	name := q.Name.Value
	if !statementName.MatchString(name) || len(name) > maxStatementName {
		return ast.Errorf("INVALID_ARGUMENTS", q.Name.Pos(), "The name of a prepared statement must match [a-zA-Z_][a-zA-Z0-9_@:]{1,256}: %s", name)
	}
	p := &api.PreparedStatement{
		StatementName: aws.String(name), WorkGroupName: aws.String(r.WorkGroup), LastModifiedTime: aws.Time(s.now()),
		QueryStatement: aws.String(textFrom(r.Query, q.Statement.Pos())),
	}
	if _, err := preparedStatement(p); err != nil {
		return within(err, q.Statement.Pos())
	}
	switch err := s.store.addPrepared(ctx, p); {
	case errors.Is(err, errPreparedExists):
		return ast.Errorf("ALREADY_EXISTS", q.Name.Pos(), "Prepared statement already exists: %s", name)
	case errors.Is(err, errPreparedLimit):
		return ast.Errorf("EXCEEDED_LIMIT", q.Name.Pos(), "WorkGroup %s has the maximum of %d prepared statements", r.WorkGroup, maxPrepared)
	case err != nil:
		return err
	}
	return s.writeDDLResult(ctx, e, stmt, ddl.Result{}, sink)
}

// within gives an error of a part of a text that begins at a place its place in
// the text.
func within(err error, begin ast.Position) error {
	var e *ast.Error
	if !errors.As(err, &e) || e.Line == 0 {
		return err
	}
	moved := *e
	if moved.Line == 1 {
		moved.Column += begin.Column - 1
	}
	moved.Line += begin.Line - 1
	return &moved
}

// textFrom is the text from a place on.
func textFrom(text string, from ast.Position) string {
	for range from.Line - 1 {
		_, text, _ = strings.Cut(text, "\n")
	}
	for range from.Column - 1 {
		_, n := utf8.DecodeRuneInString(text)
		text = text[n:]
	}
	return text
}

func (s *Service) deallocate(ctx context.Context, e *execution, stmt *sql.Statement, q *ast.Deallocate, sink RowSink) error {
	r := e.snapshot()
	err := s.store.deletePrepared(ctx, r.WorkGroup, q.Name.Value)
	if errors.Is(err, errNoRecord) {
		return preparedNotFound(q.Name)
	}
	if err != nil {
		return err
	}
	return s.writeDDLResult(ctx, e, stmt, ddl.Result{}, sink)
}

func preparedNotFound(name *ast.Identifier) error {
	return ast.Errorf("NOT_FOUND", ast.Position{}, "Prepared statement not found: %s", name.Value)
}

// named reads a prepared statement of an execution's workgroup.
func (s *Service) named(ctx context.Context, r *record, name *ast.Identifier) (ast.Statement, error) {
	p, err := s.store.prepared(ctx, r.WorkGroup, name.Value)
	if errors.Is(err, errNoRecord) {
		return nil, preparedNotFound(name)
	}
	if err != nil {
		return nil, err
	}
	r.prepared = aws.ToString(p.QueryStatement)
	return preparedStatement(p)
}

// analyzeExecute analyzes the statement that EXECUTE names.
func (s *Service) analyzeExecute(ctx context.Context, r *record, q *ast.Execute, o analyzer.Options) (*analyzer.Analysis, error) {
	query, o, err := s.bound(ctx, r, q, o)
	if err != nil {
		return nil, err
	}
	return analyzer.Analyze(ctx, query, o)
}

// analyzeExplain analyzes EXPLAIN, which may be of an EXECUTE.
func (s *Service) analyzeExplain(ctx context.Context, r *record, q *ast.Explain, o analyzer.Options) (*analyzer.Analysis, error) {
	execute, ok := q.Statement.(*ast.Execute)
	if !ok {
		return analyzer.Analyze(ctx, q, o)
	}
	query, o, err := s.bound(ctx, r, execute, o)
	if err != nil {
		return nil, err
	}
	explain := *q
	explain.Statement = query
	return analyzer.Analyze(ctx, &explain, o)
}

// bound is the statement that EXECUTE names, with the parameters after USING
// or, where there is no USING, those of the call.
func (s *Service) bound(ctx context.Context, r *record, q *ast.Execute, o analyzer.Options) (ast.Statement, analyzer.Options, error) {
	query, err := s.named(ctx, r, q.Name)
	if err != nil {
		return nil, o, err
	}
	if q.Parameters != nil {
		o.Parameters = q.Parameters
	}
	o.ExactParameters = true
	return query, o, nil
}
