package e2e

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/stretchr/testify/require"
)

// TestAthenaPreparedStatements: a statement that the API or PREPARE made is run
// by EXECUTE, with values after USING or with those of the call.
func TestAthenaPreparedStatements(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	a := s.athena()
	parameters := func(values ...string) func(*athena.StartQueryExecutionInput) {
		return func(in *athena.StartQueryExecutionInput) { in.ExecutionParameters = values }
	}
	_, err := a.CreatePreparedStatement(ctx, &athena.CreatePreparedStatementInput{
		WorkGroup: aws.String("primary"), StatementName: aws.String("by_api"),
		QueryStatement: aws.String("SELECT a, ? FROM (VALUES 1, 2, 3) t(a) WHERE a > ? ORDER BY a LIMIT ?"),
	})
	require.NoError(t, err)
	require.Equal(t, [][]string{{"2", "x"}}, values(t, a, "EXECUTE by_api USING 'x', 1, 1"))
	require.Equal(t, [][]string{{"2", "y"}, {"3", "y"}}, values(t, a, "EXECUTE by_api", parameters("'y'", "1", "2 + 3")))
	require.Equal(t, [][]string{{"0", "unknown"}, {"1", "integer"}, {"2", "bigint"}}, values(t, a, "DESCRIBE INPUT by_api"))
	require.Equal(t, [][]string{{"a", "", "", "", "integer", "4", "false"}, {"_col1", "", "", "", "unknown", "1", "false"}},
		values(t, a, "DESCRIBE OUTPUT by_api"))
	requireFailed(t, execute(t, a, "EXECUTE by_api USING 1"), "INVALID_PARAMETER_USAGE: line 1:1: Incorrect number of parameters: expected 3 but found 1")
	requireFailed(t, execute(t, a, "EXECUTE by_api USING 1, 'a', 1"), "TYPE_MISMATCH: line 1:48: ")

	q := run(t, a, "PREPARE by_sql FROM SELECT ? + 1")
	require.Equal(t, "DDL", string(q.StatementType))
	require.Equal(t, [][]string{{"42"}}, values(t, a, "EXECUTE by_sql USING 41"))
	q = run(t, a, "EXECUTE by_sql USING 41")
	require.Equal(t, "DML", string(q.StatementType))
	require.Equal(t, "EXECUTE", aws.ToString(q.SubstatementType))
	run(t, a, "DEALLOCATE PREPARE by_sql")
	requireFailed(t, execute(t, a, "EXECUTE by_sql USING 41"), "NOT_FOUND: ")
	require.Equal(t, [][]string{{"3"}}, values(t, a, "EXECUTE IMMEDIATE 'SELECT ? + ?' USING 1, 2"))
	require.Contains(t, values(t, a, "SHOW FUNCTIONS LIKE 'abs'"), []string{"abs", "bigint", "bigint", "scalar", "true", "Absolute value"})
}
