package athena

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	api "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/google/uuid"
	"github.com/scopsdb/scops/internal/ddl"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/sql"
	"github.com/scopsdb/scops/internal/sql/ast"
)

// Limits of API_StartQueryExecution.
const (
	maxQueryLength     = 262_144
	minTokenLength     = 32
	maxTokenLength     = 128
	maxParameterLength = 1024
)

// StartQueryExecution follows API_StartQueryExecution; checks come in the order
// that Athena makes them. The answer waits up to Config.Hold for the query's
// end, so that a client's first look finds it finished.
func (s *Service) StartQueryExecution(ctx context.Context, in *athena.StartQueryExecutionInput) (*athena.StartQueryExecutionOutput, error) {
	if err := checkStart(in); err != nil {
		return nil, err
	}
	req := request{
		sql:        aws.ToString(in.QueryString),
		workGroup:  aws.ToString(in.WorkGroup),
		token:      aws.ToString(in.ClientRequestToken),
		parameters: in.ExecutionParameters,
		result:     in.ResultConfiguration,
		reuse:      in.ResultReuseConfiguration,
	}
	if c := in.QueryExecutionContext; c != nil {
		req.catalog, req.database = aws.ToString(c.Catalog), aws.ToString(c.Database)
	}
	e, err := s.begin(ctx, req)
	if err != nil {
		return nil, err
	}
	e.await(ctx, s.cfg.Hold)
	if err := s.persistOnce(e); err != nil {
		e.cancel(err) // not acknowledged, so it must not go on
		return nil, err
	}
	return &athena.StartQueryExecutionOutput{QueryExecutionId: aws.String(string(e.id))}, nil
}

func checkStart(in *athena.StartQueryExecutionInput) error {
	query, token := aws.ToString(in.QueryString), aws.ToString(in.ClientRequestToken)
	switch {
	case in.QueryString == nil:
		return constraint("Value null at 'queryString' failed to satisfy constraint: Member must not be null")
	case query == "":
		return constraint("Value at 'queryString' failed to satisfy constraint: Member must have length greater than or equal to 1")
	case utf8.RuneCountInString(query) > maxQueryLength:
		return constraint("Value at 'queryString' failed to satisfy constraint: Member must have length less than or equal to %d", maxQueryLength)
	case token == "":
		return invalid(codeInvalidInput, "clientRequestToken is null or empty")
	case utf8.RuneCountInString(token) < minTokenLength:
		return constraint("Value at 'clientRequestToken' failed to satisfy constraint: Member must have length greater than or equal to %d", minTokenLength)
	case utf8.RuneCountInString(token) > maxTokenLength:
		return constraint("Value at 'clientRequestToken' failed to satisfy constraint: Member must have length less than or equal to %d", maxTokenLength)
	case len(token) > maxTokenLength:
		return invalid(codeInvalidInput, "clientRequestToken exceeds maximum allowed length %d", maxTokenLength)
	case in.EngineConfiguration != nil:
		return notSupported("StartQueryExecution", "EngineConfiguration")
	}
	for _, p := range in.ExecutionParameters {
		if n := utf8.RuneCountInString(p); n < 1 || n > maxParameterLength {
			return constraint("Value at 'executionParameters' failed to satisfy constraint: Member must have length between 1 and %d", maxParameterLength)
		}
	}
	if err := checkResultReuse(in.ResultReuseConfiguration); err != nil || in.ResultConfiguration == nil {
		return err
	}
	return checkResultConfiguration(in.ResultConfiguration)
}

func constraint(format string, args ...any) error {
	return invalid(codeInvalidInput, "1 validation error detected: "+format, args...)
}

// request is a query to run, from whichever API.
type request struct {
	sql        string
	workGroup  string
	catalog    string
	database   string
	token      string
	parameters []string
	result     *api.ResultConfiguration
	reuse      *api.ResultReuseConfiguration
}

// begin checks a request and starts its execution, or finds the one that its
// token started before.
func (s *Service) begin(ctx context.Context, req request) (*execution, error) {
	r, stmt, err := s.prepare(ctx, req)
	if err != nil {
		return nil, err
	}
	s.startMu.Lock()
	defer s.startMu.Unlock()
	if e, err := s.byToken(ctx, r); e != nil || err != nil {
		return e, err
	}
	e, err := s.register(r)
	if err != nil {
		return nil, err
	}
	go s.run(e, func(ctx context.Context) error { return s.execute(ctx, e, stmt, nil) })
	return e, nil
}

// prepare makes the record of a request that passes every check which Athena
// makes before it takes a query.
func (s *Service) prepare(ctx context.Context, req request) (record, *sql.Statement, error) {
	group, err := s.workGroups.get(req.workGroup)
	if err != nil {
		return record{}, nil, err
	}
	if group.State == api.WorkGroupStateDisabled {
		return record{}, nil, invalid(codeInvalidInput, "WorkGroup %s is disabled.", aws.ToString(group.Name))
	}
	result, location, err := outputLocation(group, req.result)
	if err != nil {
		return record{}, nil, err
	}
	text := trimStatement(req.sql)
	stmt, err := sql.Parse(text)
	if err != nil {
		return record{}, nil, malformed(err)
	}
	r := record{
		ID:            QueryID(uuid.NewString()),
		Query:         text,
		StatementType: api.StatementType(stmt.Type),
		Substatement:  stmt.Substatement,
		WorkGroup:     aws.ToString(group.Name),
		Catalog:       strings.ToLower(req.catalog),
		Database:      req.database,
		Result:        result,
		Parameters:    req.parameters,
		ResultReuse:   req.reuse,
		Token:         req.token,
		State:         api.QueryExecutionStateQueued,
		Submitted:     s.now(),
	}
	if stmt.DDL != nil {
		if err := s.checkDDL(ctx, &r, stmt); err != nil {
			return record{}, nil, err
		}
	}
	if err := checkExternalLocation(group, stmt.Query); err != nil {
		return record{}, nil, err
	}
	r.OutputLocation = location + resultName(stmt, r.ID)
	r.Fingerprint = strings.Join([]string{text, req.catalog, req.database, location}, "\x00")
	return r, stmt, nil
}

func (s *Service) checkDDL(ctx context.Context, r *record, stmt *sql.Statement) error {
	c := ddl.Context{Database: r.database()}
	if s.cfg.DDL.DescribesView(ctx, stmt.DDL, c) {
		r.Substatement = "DESC_VIEW"
	}
	err := s.cfg.DDL.Check(ctx, stmt.DDL, c)
	var missing *ddl.Error
	if errors.As(err, &missing) && missing.Kind == ddl.EntityNotFound {
		return invalid(codeInvalidInput, "%s", missing.Message)
	}
	return err
}

// trimStatement removes what Athena removes of a query before it stores it.
func trimStatement(text string) string {
	return strings.TrimRight(strings.TrimSpace(text), "; \t\r\n")
}

// malformed turns a parser's error into Athena's answer. BI tools read the
// message, which is Trino's: line 1:15: mismatched input 'FORM'. Expecting: …
func malformed(err error) error {
	var syntax *ast.Error
	if !errors.As(err, &syntax) {
		return invalid(codeMalformedQuery, "%v", err)
	}
	message := fmt.Sprintf("line %d:%d: %s", syntax.Line, syntax.Column, syntax.Message)
	if syntax.Name == "SYNTAX_ERROR" {
		return invalid(codeMalformedQuery, "%s", message)
	}
	return invalid(codeMalformedQuery, "%s: %s", syntax.Name, message)
}

// outputLocation decides where the result goes: the workgroup's setting where
// it is enforced, else the client's, else the workgroup's. The location ends
// with a slash.
func outputLocation(group *api.WorkGroup, client *api.ResultConfiguration) (*api.ResultConfiguration, string, error) {
	chosen := client
	ofGroup := group.Configuration.ResultConfiguration
	if aws.ToBool(group.Configuration.EnforceWorkGroupConfiguration) || client == nil || client.OutputLocation == nil {
		chosen = ofGroup
	}
	if chosen == nil || aws.ToString(chosen.OutputLocation) == "" {
		return nil, "", invalid(codeInvalidInput, "No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.")
	}
	location := aws.ToString(chosen.OutputLocation)
	if _, _, err := objects.SplitURI(location); err != nil {
		return nil, "", invalid(codeInvalidInput, "outputLocation is not a valid S3 path.")
	}
	if !strings.HasSuffix(location, "/") {
		location += "/"
	}
	return chosen, location, nil
}

// byToken finds the execution that r's token started before. Another query
// under the same token is refused.
func (s *Service) byToken(ctx context.Context, r record) (*execution, error) {
	if r.Token == "" {
		return nil, nil
	}
	s.mu.Lock()
	e := s.tokens[r.Token]
	s.mu.Unlock()
	if e == nil {
		stored, err := s.store.byToken(ctx, r.Token)
		if errors.Is(err, errNoRecord) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		e = endedExecution(stored)
	}
	if e.fingerprint != r.Fingerprint {
		return nil, invalid(codeIdempotentMismatch, "Idempotent parameters do not match")
	}
	return e, nil
}

// endedExecution wraps a record of an earlier time.
func endedExecution(r *record) *execution {
	e := newExecution(*r)
	e.ctx, e.cancel = context.Background(), func(error) {}
	e.stored, e.recorded = true, true
	close(e.done)
	return e
}

// StopQueryExecution follows API_StopQueryExecution. The execution becomes
// CANCELLED and the engine's work ends; one that has ended stays as it is.
func (s *Service) StopQueryExecution(ctx context.Context, in *athena.StopQueryExecutionInput) (*athena.StopQueryExecutionOutput, error) {
	id := QueryID(aws.ToString(in.QueryExecutionId))
	s.mu.Lock()
	e := s.byID[id]
	s.mu.Unlock()
	if e == nil {
		if _, err := s.find(ctx, id, 0); err != nil {
			return nil, err
		}
		return &athena.StopQueryExecutionOutput{}, nil
	}
	e.cancel(errStopped)
	e.await(ctx, s.cfg.Hold)
	return &athena.StopQueryExecutionOutput{}, nil
}
