package athena

import (
	"context"
	"errors"
	"regexp"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	api "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/scopsdb/scops/internal/awsapi"
)

// Limits of API_CreatePreparedStatement and API_BatchGetPreparedStatement.
const (
	maxStatementName        = 256
	maxStatementDescription = 1024
	maxBatchPrepared        = 256
	maxListedPrepared       = 50
)

const exceptionNotFound = "ResourceNotFoundException"

// statementName is what API_CreatePreparedStatement takes. Athena's pattern asks
// for two characters; its SQL takes one, and so does this.
var statementName = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_@:]*$`)

// checkPrepared checks the members that create and update have in common.
func (s *Service) checkPrepared(group, name, query, description *string) (*api.PreparedStatement, error) {
	if err := s.checkStatementName(group, name); err != nil {
		return nil, err
	}
	switch n := utf8.RuneCountInString(aws.ToString(query)); {
	case query == nil:
		return nil, constraint("Value null at 'queryStatement' failed to satisfy constraint: Member must not be null")
	case n == 0:
		return nil, constraint("Value at 'queryStatement' failed to satisfy constraint: Member must have length greater than or equal to 1")
	case n > maxQueryLength:
		return nil, constraint("Value at 'queryStatement' failed to satisfy constraint: Member must have length less than or equal to %d", maxQueryLength)
	}
	if n := utf8.RuneCountInString(aws.ToString(description)); description != nil && (n < 1 || n > maxStatementDescription) {
		return nil, constraint("Value at 'description' failed to satisfy constraint: Member must have length between 1 and %d", maxStatementDescription)
	}
	p := &api.PreparedStatement{
		StatementName: name, QueryStatement: query, Description: description,
		WorkGroupName: group, LastModifiedTime: aws.Time(s.now()),
	}
	_, err := preparedStatement(p)
	if err != nil {
		return nil, malformed(err)
	}
	return p, nil
}

func (s *Service) checkStatementName(group, name *string) error {
	if name == nil {
		return constraint("Value null at 'statementName' failed to satisfy constraint: Member must not be null")
	}
	if !statementName.MatchString(*name) || len(*name) > maxStatementName {
		return constraint("Value '%s' at 'statementName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z_][a-zA-Z0-9_@:]{1,256}", *name)
	}
	if group == nil {
		return constraint("Value null at 'workGroup' failed to satisfy constraint: Member must not be null")
	}
	_, err := s.workGroups.get(*group)
	return err
}

func noPrepared(group, name string) error {
	return &awsapi.Error{
		Code: exceptionNotFound, Message: "PreparedStatement " + name + " was not found in WorkGroup " + group,
		Fields: map[string]any{"ResourceName": name},
	}
}

// preparedError gives a failure of the store its place in the API.
func preparedError(err error, group, name string) error {
	switch {
	case errors.Is(err, errNoRecord):
		return noPrepared(group, name)
	case errors.Is(err, errPreparedExists):
		return invalid(codeInvalidInput, "PreparedStatement %s already exists in WorkGroup %s", name, group)
	case errors.Is(err, errPreparedLimit):
		return invalid(codeInvalidInput, "WorkGroup %s has the maximum of %d prepared statements", group, maxPrepared)
	}
	return err
}

// CreatePreparedStatement follows API_CreatePreparedStatement.
func (s *Service) CreatePreparedStatement(ctx context.Context, in *athena.CreatePreparedStatementInput) (*athena.CreatePreparedStatementOutput, error) {
	p, err := s.checkPrepared(in.WorkGroup, in.StatementName, in.QueryStatement, in.Description)
	if err != nil {
		return nil, err
	}
	if err := s.store.addPrepared(ctx, p); err != nil {
		return nil, preparedError(err, *in.WorkGroup, *in.StatementName)
	}
	return &athena.CreatePreparedStatementOutput{}, nil
}

// UpdatePreparedStatement follows API_UpdatePreparedStatement: the statement
// and its description are replaced.
func (s *Service) UpdatePreparedStatement(ctx context.Context, in *athena.UpdatePreparedStatementInput) (*athena.UpdatePreparedStatementOutput, error) {
	p, err := s.checkPrepared(in.WorkGroup, in.StatementName, in.QueryStatement, in.Description)
	if err != nil {
		return nil, err
	}
	if err := s.store.replacePrepared(ctx, p); err != nil {
		return nil, preparedError(err, *in.WorkGroup, *in.StatementName)
	}
	return &athena.UpdatePreparedStatementOutput{}, nil
}

// DeletePreparedStatement follows API_DeletePreparedStatement.
func (s *Service) DeletePreparedStatement(ctx context.Context, in *athena.DeletePreparedStatementInput) (*athena.DeletePreparedStatementOutput, error) {
	if err := s.checkStatementName(in.WorkGroup, in.StatementName); err != nil {
		return nil, err
	}
	if err := s.store.deletePrepared(ctx, *in.WorkGroup, *in.StatementName); err != nil {
		return nil, preparedError(err, *in.WorkGroup, *in.StatementName)
	}
	return &athena.DeletePreparedStatementOutput{}, nil
}

// GetPreparedStatement follows API_GetPreparedStatement.
func (s *Service) GetPreparedStatement(ctx context.Context, in *athena.GetPreparedStatementInput) (*athena.GetPreparedStatementOutput, error) {
	if err := s.checkStatementName(in.WorkGroup, in.StatementName); err != nil {
		return nil, err
	}
	p, err := s.store.prepared(ctx, *in.WorkGroup, *in.StatementName)
	if err != nil {
		return nil, preparedError(err, *in.WorkGroup, *in.StatementName)
	}
	return &athena.GetPreparedStatementOutput{PreparedStatement: p}, nil
}

// ListPreparedStatements follows API_ListPreparedStatements: by name.
func (s *Service) ListPreparedStatements(ctx context.Context, in *athena.ListPreparedStatementsInput) (*athena.ListPreparedStatementsOutput, error) {
	if in.WorkGroup == nil {
		return nil, constraint("Value null at 'workGroup' failed to satisfy constraint: Member must not be null")
	}
	if _, err := s.workGroups.get(*in.WorkGroup); err != nil {
		return nil, err
	}
	names, err := s.store.preparedNames(ctx, *in.WorkGroup)
	if err != nil {
		return nil, err
	}
	page, next, err := pageByName(names, in.NextToken, in.MaxResults, maxListedPrepared)
	if err != nil {
		return nil, err
	}
	out := &athena.ListPreparedStatementsOutput{NextToken: next, PreparedStatements: []api.PreparedStatementSummary{}}
	for _, name := range page {
		p, err := s.store.prepared(ctx, *in.WorkGroup, name)
		if errors.Is(err, errNoRecord) {
			continue // deleted since
		}
		if err != nil {
			return nil, err
		}
		out.PreparedStatements = append(out.PreparedStatements, api.PreparedStatementSummary{
			StatementName: p.StatementName, LastModifiedTime: p.LastModifiedTime,
		})
	}
	return out, nil
}

// BatchGetPreparedStatement follows API_BatchGetPreparedStatement.
func (s *Service) BatchGetPreparedStatement(ctx context.Context, in *athena.BatchGetPreparedStatementInput) (*athena.BatchGetPreparedStatementOutput, error) {
	switch n := len(in.PreparedStatementNames); {
	case n < 1 || n > maxBatchPrepared:
		return nil, constraint("Value at 'preparedStatementNames' failed to satisfy constraint: Member must have length between 1 and %d", maxBatchPrepared)
	case in.WorkGroup == nil:
		return nil, constraint("Value null at 'workGroup' failed to satisfy constraint: Member must not be null")
	}
	if _, err := s.workGroups.get(*in.WorkGroup); err != nil {
		return nil, err
	}
	out := &athena.BatchGetPreparedStatementOutput{
		PreparedStatements: []api.PreparedStatement{}, UnprocessedPreparedStatementNames: []api.UnprocessedPreparedStatementName{},
	}
	for _, name := range in.PreparedStatementNames {
		p, err := s.store.prepared(ctx, *in.WorkGroup, name)
		if errors.Is(err, errNoRecord) {
			out.UnprocessedPreparedStatementNames = append(out.UnprocessedPreparedStatementNames, api.UnprocessedPreparedStatementName{
				StatementName: aws.String(name), ErrorCode: aws.String("STATEMENT_NOT_FOUND"),
				ErrorMessage: aws.String("PreparedStatement " + name + " was not found in WorkGroup " + *in.WorkGroup),
			})
			continue
		}
		if err != nil {
			return nil, err
		}
		out.PreparedStatements = append(out.PreparedStatements, *p)
	}
	return out, nil
}
