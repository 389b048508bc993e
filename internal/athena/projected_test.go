package athena

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/tablewriter"
)

// TestInsertIntoProjected: rows go where queries look for them, and nowhere
// else.
func TestInsertIntoProjected(t *testing.T) {
	l := newLake(t, tablewriter.Config{})
	l.run(`CREATE EXTERNAL TABLE p (n int) PARTITIONED BY (day date, hour int) STORED AS PARQUET LOCATION 's3://lake/p/'
		TBLPROPERTIES ('projection.enabled'='true', 'projection.day.type'='date', 'projection.day.format'='yyyy/MM/dd', 'projection.day.range'='2021/02/01,2021/02/28',
		'projection.hour.type'='integer', 'projection.hour.range'='0,23', 'projection.hour.digits'='2', 'storage.location.template'='s3://lake/p/${day}/${hour}/')`)
	l.run("INSERT INTO p VALUES (1, DATE '2021-02-03', 4), (2, DATE '2021-02-04', 15)")
	require.Equal(t, []string{"1|2021-02-03|4", "2|2021-02-04|15"}, l.run("SELECT n, day, hour FROM p ORDER BY n"))
	require.Regexp(t, "^p/2021/02/03/04/", l.keys("lake", "p/")[0])
	require.Contains(t, l.fails("INSERT INTO p VALUES (3, DATE '2021-03-01', 4)"), "HIVE_INVALID_PARTITION_VALUE: The value '2021-03-01' of partition key day is not one that table shop.p projects")
	require.Len(t, l.keys("lake", "p/"), 2)
	require.Equal(t, []string{"2021-02-03|4"}, l.run(`SELECT day, hour FROM "p$partitions" WHERE day = DATE '2021-02-03' AND hour = 4`))
}

// TestEstimatesOfTables: EXPLAIN says of each kind of table and of statements
// that write what a run scans.
func TestEstimatesOfTables(t *testing.T) {
	l := newLake(t, tablewriter.Config{})
	for i, with := range []string{"format = 'PARQUET'", "format = 'ORC'", "format = 'AVRO'", "format = 'JSON'", "format = 'TEXTFILE'"} {
		name := fmt.Sprintf("e%d", i)
		l.run(fmt.Sprintf("CREATE TABLE %s WITH (%s, external_location = 's3://lake/%s/') AS SELECT * FROM (VALUES (1, 'a long text'), (2, 'another text')) AS v (n, t)", name, with, name))
		for _, sql := range []string{"SELECT n FROM " + name, "SELECT t, n FROM " + name, "SELECT count(*) FROM " + name, "INSERT INTO " + name + " SELECT n + 1, 'x' FROM " + name} {
			m := regexp.MustCompile(`Estimate: \d+ files?, (\d+)B to scan\n`).FindStringSubmatch(fmt.Sprint(l.run("EXPLAIN " + sql)))
			require.NotNil(t, m, sql)
			end, _ := l.try(sql)
			out, err := l.GetQueryExecution(t.Context(), &athena.GetQueryExecutionInput{QueryExecutionId: aws.String(string(end.ID))})
			require.NoError(t, err)
			require.Equal(t, fmt.Sprint(*out.QueryExecution.Statistics.DataScannedInBytes), m[1], "%s: %s", with, sql)
		}
	}
}
