package athena

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	api "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/stretchr/testify/require"
)

func createPrepared(s *Service, t *testing.T, group, name, query string) error {
	_, err := s.CreatePreparedStatement(t.Context(), &athena.CreatePreparedStatementInput{
		WorkGroup: &group, StatementName: &name, QueryStatement: &query,
	})
	return err
}

// requireCode says which of Athena's exceptions an error is.
func requireCode(t *testing.T, err error, code string) {
	t.Helper()
	var e *awsapi.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, code, e.Code, e.Message)
}

// TestPreparedStatementAPI walks through the life of a prepared statement.
func TestPreparedStatementAPI(t *testing.T) {
	s := newLifeService(t)
	group, name := aws.String(primary), aws.String("my_select")
	require.NoError(t, createPrepared(s, t, primary, "my_select", "SELECT ?"))
	requireCode(t, createPrepared(s, t, primary, "my_select", "SELECT 2"), exceptionInvalidRequest)

	got, err := s.GetPreparedStatement(t.Context(), &athena.GetPreparedStatementInput{WorkGroup: group, StatementName: name})
	require.NoError(t, err)
	require.Equal(t, "SELECT ?", *got.PreparedStatement.QueryStatement)
	require.Equal(t, primary, *got.PreparedStatement.WorkGroupName)
	require.NotNil(t, got.PreparedStatement.LastModifiedTime)

	_, err = s.UpdatePreparedStatement(t.Context(), &athena.UpdatePreparedStatementInput{
		WorkGroup: group, StatementName: name, QueryStatement: aws.String("SELECT 3"), Description: aws.String("three"),
	})
	require.NoError(t, err)
	batch, err := s.BatchGetPreparedStatement(t.Context(), &athena.BatchGetPreparedStatementInput{
		WorkGroup: group, PreparedStatementNames: []string{"my_select", "other"},
	})
	require.NoError(t, err)
	require.Len(t, batch.PreparedStatements, 1)
	require.Equal(t, "SELECT 3", *batch.PreparedStatements[0].QueryStatement)
	require.Equal(t, "three", *batch.PreparedStatements[0].Description)
	require.Equal(t, "other", *batch.UnprocessedPreparedStatementNames[0].StatementName)

	_, err = s.DeletePreparedStatement(t.Context(), &athena.DeletePreparedStatementInput{WorkGroup: group, StatementName: name})
	require.NoError(t, err)
	_, err = s.DeletePreparedStatement(t.Context(), &athena.DeletePreparedStatementInput{WorkGroup: group, StatementName: name})
	requireCode(t, err, exceptionNotFound)
	_, err = s.GetPreparedStatement(t.Context(), &athena.GetPreparedStatementInput{WorkGroup: group, StatementName: name})
	requireCode(t, err, exceptionNotFound)
	_, err = s.UpdatePreparedStatement(t.Context(), &athena.UpdatePreparedStatementInput{
		WorkGroup: group, StatementName: name, QueryStatement: aws.String("SELECT 3"),
	})
	requireCode(t, err, exceptionNotFound)
}

func TestPreparedStatementInputs(t *testing.T) {
	s := newLifeService(t)
	for _, c := range []struct{ group, name, query string }{
		{"nowhere", "a", "SELECT 1"},
		{primary, "", "SELECT 1"},
		{primary, "1a", "SELECT 1"},
		{primary, "a b", "SELECT 1"},
		{primary, "a", ""},
		{primary, "a", "SELEC 1"},
		{primary, "a", "PREPARE b FROM SELECT 1"},
	} {
		requireCode(t, createPrepared(s, t, c.group, c.name, c.query), exceptionInvalidRequest)
	}
}

// TestPreparedStatementsOfAWorkGroup: names are of one workgroup, go with it,
// and are listed in pages.
func TestPreparedStatementsOfAWorkGroup(t *testing.T) {
	s := newLifeService(t)
	_, err := s.CreateWorkGroup(t.Context(), &athena.CreateWorkGroupInput{Name: aws.String("team")})
	require.NoError(t, err)
	for i := range 3 {
		require.NoError(t, createPrepared(s, t, "team", fmt.Sprintf("p%d", i), "SELECT 1"))
	}
	require.NoError(t, createPrepared(s, t, primary, "p0", "SELECT 1"))
	list := func(group string, token *string) *athena.ListPreparedStatementsOutput {
		out, err := s.ListPreparedStatements(t.Context(), &athena.ListPreparedStatementsInput{WorkGroup: &group, MaxResults: aws.Int32(2), NextToken: token})
		require.NoError(t, err)
		return out
	}
	page := list("team", nil)
	require.Len(t, page.PreparedStatements, 2)
	page = list("team", page.NextToken)
	require.Equal(t, "p2", *page.PreparedStatements[0].StatementName)
	require.Nil(t, page.NextToken)

	_, err = s.DeleteWorkGroup(t.Context(), &athena.DeleteWorkGroupInput{WorkGroup: aws.String("team")})
	require.NoError(t, err)
	_, err = s.CreateWorkGroup(t.Context(), &athena.CreateWorkGroupInput{Name: aws.String("team")})
	require.NoError(t, err)
	require.Empty(t, list("team", nil).PreparedStatements)
	require.Len(t, list(primary, nil).PreparedStatements, 1)
}

// ended runs a statement and gives its end.
func ended(t *testing.T, s *Service, text string) QuerySummary {
	t.Helper()
	end, err := s.Query(t.Context(), QueryInput{SQL: text}, nil)
	require.NoError(t, err)
	return end
}

// TestPrepareAndDeallocate: PREPARE stores the text as it stands after FROM in
// the place that the API reads.
func TestPrepareAndDeallocate(t *testing.T) {
	s := newLifeService(t)
	require.Equal(t, api.QueryExecutionStateSucceeded, ended(t, s, "PREPARE p FROM\n  -- héllo\n  SELECT 'é', ?\n;").State)
	got, err := s.GetPreparedStatement(t.Context(), &athena.GetPreparedStatementInput{WorkGroup: aws.String(primary), StatementName: aws.String("p")})
	require.NoError(t, err)
	require.Equal(t, "SELECT 'é', ?", *got.PreparedStatement.QueryStatement)

	require.Equal(t, "ALREADY_EXISTS: line 1:9: Prepared statement already exists: p", ended(t, s, "PREPARE p FROM SELECT 1").Reason)
	require.Contains(t, ended(t, s, "PREPARE q FROM EXECUTE p").Reason, "NOT_SUPPORTED: line 1:16: ")
	require.Equal(t, api.QueryExecutionStateSucceeded, ended(t, s, "DEALLOCATE PREPARE p").State)
	require.Equal(t, "NOT_FOUND: Prepared statement not found: p", ended(t, s, "DEALLOCATE PREPARE p").Reason)
	require.Equal(t, "NOT_FOUND: Prepared statement not found: p", ended(t, s, "EXECUTE p USING 1").Reason)
}
