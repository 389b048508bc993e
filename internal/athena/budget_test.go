package athena

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	api "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/tablewriter"
)

// TestBudget: three queries of the least price fit into the day's budget, the
// fourth is refused before it runs. What costs nothing and what fails is free,
// and the count outlives the service.
func TestBudget(t *testing.T) {
	l := newLake(t, tablewriter.Config{})
	at := time.Date(2021, 2, 3, 20, 0, 0, 0, time.UTC)
	l.budgets.now = func() time.Time { return at }
	l.budgets.of = map[string]Budget{primary: {USD: 0.00015, Location: time.FixedZone("Seoul", 9*3600)}}
	body := "{\"n\":1}\n{\"n\":0}\n"
	_, err := l.objects.Put(t.Context(), "lake", "t/a", strings.NewReader(body), int64(len(body)), objects.PutOptions{})
	require.NoError(t, err)
	l.run("CREATE EXTERNAL TABLE t (n int) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/t/'")

	for range 4 {
		require.Contains(t, l.fails("SELECT 1 / n FROM t"), "DIVISION_BY_ZERO")
		l.run("SELECT 1")
		l.run("EXPLAIN SELECT n FROM t")
	}
	l.run("SELECT n FROM t")
	l.run("EXPLAIN ANALYZE SELECT n FROM t")
	l.run("CREATE TABLE copy WITH (format = 'JSON', external_location = 's3://lake/copy/') AS SELECT n FROM t")
	const refused = "EXCEEDED_DAILY_BUDGET: Workgroup primary has spent 0.000150 USD of its budget of 0.000150 USD for 2021-02-04 (Seoul); this query would scan 16 bytes and cost 0.000050 USD (10 MB minimum at 5 USD/TB)"
	end, _ := l.try("SELECT n FROM t")
	require.Equal(t, api.QueryExecutionStateFailed, end.State)
	require.Equal(t, refused, end.Reason)
	out, err := l.GetQueryExecution(t.Context(), &athena.GetQueryExecutionInput{QueryExecutionId: aws.String(string(end.ID))})
	require.NoError(t, err)
	require.Zero(t, *out.QueryExecution.Statistics.DataScannedInBytes)
	require.EqualValues(t, categoryUser, *out.QueryExecution.Status.AthenaError.ErrorCategory)
	require.Equal(t, refused, l.fails("INSERT INTO copy SELECT n FROM t"))
	require.Equal(t, []string{"1", "0"}, l.run("SELECT n FROM (VALUES 1, 0) AS v (n)"))

	again := &budgets{db: l.store, of: l.budgets.of, pricing: l.budgets.pricing, now: l.budgets.now}
	_, err = again.admit(t.Context(), primary, 16)
	require.EqualError(t, err, refused)

	_, err = l.CreateWorkGroup(t.Context(), &athena.CreateWorkGroupInput{Name: aws.String("other")})
	require.NoError(t, err)
	c, err := l.budgets.admit(t.Context(), "other", 1<<50)
	require.NoError(t, err)
	require.Nil(t, c, "a workgroup without a budget")

	at = at.Add(24 * time.Hour)
	l.run("SELECT n FROM t")
}
