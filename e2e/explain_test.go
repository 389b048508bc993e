package e2e

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/require"
)

// TestAthenaExplain: EXPLAIN reads nothing; EXPLAIN ANALYZE runs the query and
// counts what it scanned.
func TestAthenaExplain(t *testing.T) {
	t.Parallel()
	s := shared(t)
	a := s.athena()
	text := func(sql string) string {
		q := run(t, a, sql)
		require.Equal(t, "UTILITY", string(q.StatementType))
		require.Equal(t, "EXPLAIN", aws.ToString(q.SubstatementType))
		require.True(t, strings.HasSuffix(*q.ResultConfiguration.OutputLocation, ".txt"))
		rows, columns := results(t, a, *q.QueryExecutionId)
		require.Equal(t, "Query Plan", *columns[0].Name)
		require.Equal(t, []string{"Query Plan"}, rows[0])
		lines := make([]string, 0, len(rows))
		for _, r := range rows[1:] {
			lines = append(lines, r[0])
		}
		return strings.Join(lines, "\n")
	}
	var plan struct {
		Name     string
		Children []struct{ Children []struct{ Name string } }
	}
	require.NoError(t, json.Unmarshal([]byte(text("EXPLAIN (TYPE LOGICAL, FORMAT JSON) SELECT * FROM shared.visits")), &plan))
	require.Equal(t, "Output", plan.Name)
	require.Equal(t, "TableScan", plan.Children[0].Children[0].Name)
	var io struct {
		InputTableColumnInfos []struct {
			Table struct {
				SchemaTable struct{ Schema, Table string }
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(text("EXPLAIN (TYPE IO, FORMAT JSON) SELECT * FROM shared.visits")), &io))
	require.Equal(t, "visits", io.InputTableColumnInfos[0].Table.SchemaTable.Table)
	require.True(t, strings.HasPrefix(text("EXPLAIN (FORMAT GRAPHVIZ) SELECT 1"), "digraph distributed_plan {\n"))

	bucket, table := s.bucket(), s.database()+".t"
	s.put(bucket, "t/day=01/a", []byte(`{"n":1}`+"\n"+`{"n":2}`+"\n"))
	s.put(bucket, "t/day=02/a", []byte(`{"n":3}`+"\n"))
	run(t, a, "CREATE EXTERNAL TABLE "+table+" (n int) PARTITIONED BY (day string) "+openx+" LOCATION 's3://"+bucket+"/t/'")
	run(t, a, "MSCK REPAIR TABLE "+table)
	q := run(t, a, "EXPLAIN ANALYZE SELECT n FROM "+table+" WHERE day = '01'")
	require.EqualValues(t, 16, *q.Statistics.DataScannedInBytes)
	analyzed := text("EXPLAIN ANALYZE VERBOSE SELECT n FROM " + table + " WHERE day = '01'")
	require.Regexp(t, `^Analysis: [0-9.]+[mun]?s, Planning: [0-9.]+[mun]?s, Execution: [0-9.]+[mun]?s\nOutput: 2 rows, Physical input: 16B\nOutput\[`, analyzed)
	require.Contains(t, analyzed, "Input: 1 file (16B), 1 of 2 partitions")
	var fragments map[string]struct{ Details []string }
	require.NoError(t, json.Unmarshal([]byte(text("EXPLAIN ANALYZE (FORMAT JSON) SELECT 1")), &fragments))
	require.Contains(t, fragments["0"].Details, "Output: 1 row, Physical input: 0B")

	requireFailed(t, execute(t, a, "EXPLAIN ANALYZE DROP VIEW v"), "NOT_SUPPORTED: EXPLAIN ANALYZE doesn't support statement type: DropView")
	requireFailed(t, execute(t, a, "EXPLAIN ANALYZE SELECT 1 / 0"), "DIVISION_BY_ZERO: ")
	requireFailed(t, execute(t, a, "EXPLAIN ANALYZE (TYPE IO) SELECT 1"), "NOT_SUPPORTED: line 1:1: EXPLAIN ANALYZE (TYPE IO) is not supported")

	run(t, a, "PREPARE explained FROM SELECT ? + 1")
	require.Contains(t, text("EXPLAIN EXECUTE explained USING 41"), "Output[")
	require.Contains(t, text("EXPLAIN ANALYZE EXECUTE explained USING 41"), "Output: 1 row")
	requireFailed(t, execute(t, a, "EXPLAIN EXECUTE explained"), "INVALID_PARAMETER_USAGE: ")
}
