package e2e

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/stretchr/testify/require"
)

// writeStatements are run in order; rows are how many the table then has, of
// the statements that write to it.
var writeStatements = []struct {
	sql  string
	rows int64
}{
	{`CREATE TABLE shop.made WITH (partitioned_by = ARRAY['p'], external_location = 's3://lake/made/') AS SELECT n, n % 3 AS p FROM UNNEST(sequence(1, 30)) AS t (n)`, 30},
	{`INSERT INTO shop.made SELECT n + 100, p FROM shop.made`, 60},
	{`INSERT INTO shop.made VALUES (1, 7), (2, 8)`, 62},
	{`UNLOAD (SELECT * FROM shop.made) TO 's3://lake/out/' WITH (format = 'JSON')`, 0},
}

const writePipeline = `
buckets: [{name: lake}]
statements:
  - sql: CREATE DATABASE IF NOT EXISTS shop
athena: {hold: 1s}
`

// TestCrashWriting stops scops at each of its fault points while statements
// write, and looks after the restart whether each of them is there as a whole
// or not at all, in SQL and in the bucket, as its query execution says.
func TestCrashWriting(t *testing.T) {
	step := int(environmentInt(t, "SCOPS_CRASH_STEP", 0))
	if step < 1 {
		t.Skip("set SCOPS_CRASH_STEP, or run make crashtest")
	}
	path, err := faultBinary()
	require.NoError(t, err)
	covered := map[string]int{}
	n := 1 + rand.IntN(step)
	for ; ; n += step {
		c := &writeRun{crashRun: crashRun{t: t, binary: path, point: n}}
		died := c.live()
		covered[c.died]++
		if !died {
			break
		}
	}
	t.Logf("%d points, at each %d, stopped at %v", n-1, step, covered)
	for _, name := range []string{"tablewriter.put", "tablewriter.commit", "sqlite.commit"} {
		require.True(t, step > 1 || covered[name] > 0, "no run was stopped at a point %s", name)
	}
}

// writeRun is one life in which statements write.
type writeRun struct {
	crashRun
	ids  []string // of the statements that were taken
	done int      // statements that SUCCEEDED, as a client saw
}

// live reports whether the process was stopped by its point.
func (c *writeRun) live() bool {
	c.folder("")
	c.configure(writePipeline)
	c.spawn(fmt.Sprintf("SCOPS_FAULT=%d", c.point), "SCOPS_FAULT_LOG="+c.log)
	if c.awaitOrDeath() {
		c.write()
	}
	dead := c.end()
	if points := c.points(); dead && len(points) > 0 {
		c.died = points[len(points)-1]
	}
	if c.point%3 == 0 { // and while it recovers
		c.spawn(fmt.Sprintf("SCOPS_FAULT=%d", 1+c.point%20))
		c.awaitOrDeath()
		c.end()
	}
	c.spawn()
	c.s.awaitEndpoint()
	c.s.readCredentials()
	c.look()
	require.NoError(c.t, c.s.stop())
	return dead
}

func (c *writeRun) write() {
	a := c.s.athena()
	once := func(o *athena.Options) { o.Retryer = aws.NopRetryer{} }
	for _, st := range writeStatements {
		started, err := a.StartQueryExecution(c.t.Context(), &athena.StartQueryExecutionInput{QueryString: &st.sql}, once)
		if err != nil {
			return
		}
		c.ids = append(c.ids, aws.ToString(started.QueryExecutionId))
		for {
			out, err := a.GetQueryExecution(c.t.Context(), &athena.GetQueryExecutionInput{QueryExecutionId: started.QueryExecutionId}, once)
			if err != nil {
				return
			}
			state := out.QueryExecution.Status.State
			if state == types.QueryExecutionStateSucceeded {
				c.done++
				break
			}
			require.Contains(c.t, []types.QueryExecutionState{types.QueryExecutionStateQueued, types.QueryExecutionStateRunning}, state, aws.ToString(out.QueryExecution.Status.StateChangeReason))
		}
	}
}

// look checks what is there after the restart.
func (c *writeRun) look() {
	what := fmt.Sprintf("stopped at point %d, %s, after %d statements", c.point, c.died, c.done)
	a := c.s.athena()
	succeeded := 0
	for i, id := range c.ids {
		out, err := a.GetQueryExecution(c.t.Context(), &athena.GetQueryExecutionInput{QueryExecutionId: &id})
		require.NoError(c.t, err, what)
		if out.QueryExecution.Status.State == types.QueryExecutionStateSucceeded {
			succeeded = i + 1
		}
	}
	require.GreaterOrEqual(c.t, succeeded, c.done, what)

	var rows int64
	files := c.s.listed("lake", "made/")
	if e := execute(c.t, a, "SELECT count(*), count(DISTINCT \"$path\") FROM shop.made"); e.Status.State == types.QueryExecutionStateSucceeded {
		got, _ := results(c.t, a, aws.ToString(e.QueryExecutionId))
		_, err := fmt.Sscan(got[1][0], &rows)
		require.NoError(c.t, err)
		require.Equal(c.t, fmt.Sprint(len(files)), got[1][1], "%s: every object is the table's", what)
	} else {
		require.Empty(c.t, files, what)
	}
	allowed := []int64{0}
	if n := min(succeeded, 3); n > 0 {
		allowed = []int64{writeStatements[n-1].rows}
	}
	if next := len(c.ids); next < 3 && succeeded == next { // one that was never answered may have run
		allowed = append(allowed, writeStatements[next].rows)
	}
	require.True(c.t, slices.Contains(allowed, rows), "%s: %d rows, of %v", what, rows, allowed)
	if unloaded := len(c.s.listed("lake", "out/")) > 0; len(c.ids) == 4 {
		require.Equal(c.t, succeeded == 4, unloaded, what)
	}
}
