package e2e

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// null stands for NULL in the rows that tests compare.
const null = "<NULL>"

// execute runs a statement by the Athena API and waits for its end.
func execute(t testing.TB, c *athena.Client, sql string, change ...func(*athena.StartQueryExecutionInput)) *types.QueryExecution {
	t.Helper()
	ctx := context.Background()
	in := &athena.StartQueryExecutionInput{QueryString: &sql, ClientRequestToken: aws.String(uuid.NewString())}
	for _, f := range change {
		f(in)
	}
	started, err := c.StartQueryExecution(ctx, in)
	require.NoError(t, err, sql)
	return await(t, c, *started.QueryExecutionId)
}

func await(t testing.TB, c *athena.Client, id string) *types.QueryExecution {
	t.Helper()
	deadline := time.Now().Add(60 * time.Second)
	for {
		out, err := c.GetQueryExecution(context.Background(), &athena.GetQueryExecutionInput{QueryExecutionId: &id})
		require.NoError(t, err)
		switch out.QueryExecution.Status.State {
		case types.QueryExecutionStateQueued, types.QueryExecutionStateRunning:
			require.True(t, time.Now().Before(deadline), "query %s does not end", id)
		default:
			return out.QueryExecution
		}
	}
}

// run executes a statement that must succeed.
func run(t testing.TB, c *athena.Client, sql string, change ...func(*athena.StartQueryExecutionInput)) *types.QueryExecution {
	t.Helper()
	q := execute(t, c, sql, change...)
	require.Equal(t, types.QueryExecutionStateSucceeded, q.Status.State, "%s: %s", sql, aws.ToString(q.Status.StateChangeReason))
	return q
}

// rows returns all rows of a statement's result as GetQueryResults gives them,
// the header row of a SELECT included.
func rows(t testing.TB, c *athena.Client, sql string, change ...func(*athena.StartQueryExecutionInput)) [][]string {
	t.Helper()
	q := run(t, c, sql, change...)
	out, _ := results(t, c, *q.QueryExecutionId)
	return out
}

func results(t testing.TB, c *athena.Client, id string) ([][]string, []types.ColumnInfo) {
	t.Helper()
	out := [][]string{}
	var columns []types.ColumnInfo
	pages := athena.NewGetQueryResultsPaginator(c, &athena.GetQueryResultsInput{QueryExecutionId: &id})
	for pages.HasMorePages() {
		page, err := pages.NextPage(context.Background())
		require.NoError(t, err)
		columns = page.ResultSet.ResultSetMetadata.ColumnInfo
		for _, r := range page.ResultSet.Rows {
			row := []string{}
			for _, d := range r.Data {
				if d.VarCharValue == nil {
					row = append(row, null)
				} else {
					row = append(row, *d.VarCharValue)
				}
			}
			out = append(out, row)
		}
	}
	return out, columns
}

// values returns the rows of a SELECT without its header row.
func values(t testing.TB, c *athena.Client, sql string, change ...func(*athena.StartQueryExecutionInput)) [][]string {
	t.Helper()
	all := rows(t, c, sql, change...)
	require.NotEmpty(t, all, "a SELECT has a header row")
	return all[1:]
}

func inDatabase(name string) func(*athena.StartQueryExecutionInput) {
	return func(in *athena.StartQueryExecutionInput) {
		in.QueryExecutionContext = &types.QueryExecutionContext{Database: &name}
	}
}
