package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"
)

// listed are the objects of a bucket below a prefix, as the S3 API lists them.
func (s *scops) listed(bucket, prefix string) []string {
	s.t.Helper()
	out := []string{}
	pages := s3.NewListObjectsV2Paginator(s.s3(), &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(s.t.Context())
		require.NoError(s.t, err)
		for _, o := range page.Contents {
			out = append(out, aws.ToString(o.Key))
		}
	}
	return out
}

// TestWriting creates, fills, unloads and drops tables by the Athena API, and
// looks at them by those of Glue and S3.
func TestWriting(t *testing.T) {
	s := shared(t)
	ctx, a, bucket, db := t.Context(), s.athena(), s.bucket(), s.database()
	table := db + ".days"
	location := fmt.Sprintf("s3://%s/days/", bucket)
	e := run(t, a, fmt.Sprintf(`CREATE TABLE %s WITH (format = 'PARQUET', write_compression = 'SNAPPY', external_location = '%s', partitioned_by = ARRAY['day'])
		AS SELECT n, 'v' || CAST(n AS varchar) AS v, DATE '2021-02-01' + (n %% 3) * INTERVAL '1' DAY AS day FROM UNNEST(sequence(1, 300)) AS t (n)`, table, location))
	require.Equal(t, "CREATE_TABLE_AS_SELECT", aws.ToString(e.SubstatementType))
	require.True(t, strings.HasSuffix(aws.ToString(e.ResultConfiguration.OutputLocation), "/tables/"+aws.ToString(e.QueryExecutionId)))
	results, err := a.GetQueryResults(ctx, &athena.GetQueryResultsInput{QueryExecutionId: e.QueryExecutionId})
	require.NoError(t, err)
	require.EqualValues(t, 300, aws.ToInt64(results.UpdateCount))
	require.Empty(t, results.ResultSet.Rows)

	files := s.listed(bucket, "days/")
	require.GreaterOrEqual(t, len(files), 3)
	manifest := strings.Fields(string(s.get(aws.ToString(e.Statistics.DataManifestLocation))))
	require.Len(t, manifest, len(files))
	for i, key := range files {
		require.Equal(t, "s3://"+bucket+"/"+key, manifest[i])
	}
	got, err := s.glue().GetTable(ctx, &glue.GetTableInput{DatabaseName: &db, Name: aws.String("days")})
	require.NoError(t, err)
	require.Equal(t, location, aws.ToString(got.Table.StorageDescriptor.Location))
	require.Equal(t, "SNAPPY", got.Table.Parameters["write.compression"])
	partitions, err := s.glue().GetPartitions(ctx, &glue.GetPartitionsInput{DatabaseName: &db, TableName: aws.String("days")})
	require.NoError(t, err)
	require.Len(t, partitions.Partitions, 3)

	e = run(t, a, fmt.Sprintf("INSERT INTO %s SELECT n + 1000, v, day FROM %s WHERE day = DATE '2021-02-02'", table, table))
	require.Positive(t, aws.ToInt64(e.Statistics.DataScannedInBytes))
	require.Equal(t, [][]string{{"400", "100"}}, values(t, a, fmt.Sprintf("SELECT count(*), count_if(n > 1000) FROM %s", table)))

	e = run(t, a, fmt.Sprintf("UNLOAD (SELECT * FROM %s) TO 's3://%s/out/' WITH (format = 'JSON')", table, bucket))
	require.NotEmpty(t, aws.ToString(e.Statistics.DataManifestLocation))
	require.NotEmpty(t, s.listed(bucket, "out/"))
	requireFailed(t, execute(t, a, fmt.Sprintf("UNLOAD (SELECT * FROM %s) TO 's3://%s/out/' WITH (format = 'JSON')", table, bucket)), "HIVE_PATH_ALREADY_EXISTS")

	before := s.listed(bucket, "")
	run(t, a, "DROP TABLE "+table)
	require.Equal(t, before, s.listed(bucket, ""), "the data of an external table stays")
}

// A stopped statement leaves no table and no object.
func TestStoppedWritingLeavesNothing(t *testing.T) {
	s := shared(t)
	ctx, a, bucket, db := t.Context(), s.athena(), s.bucket(), s.database()
	start, err := a.StartQueryExecution(ctx, &athena.StartQueryExecutionInput{QueryString: aws.String(fmt.Sprintf(
		`CREATE TABLE %s.t WITH (external_location = 's3://%s/t/') AS SELECT a.x * 1e0 AS x, random() AS y
		FROM UNNEST(sequence(1, 10000)) a (x) CROSS JOIN UNNEST(sequence(1, 10000)) b (x) CROSS JOIN UNNEST(sequence(1, 10000)) c (x)`, db, bucket))})
	require.NoError(t, err)
	_, err = a.StopQueryExecution(ctx, &athena.StopQueryExecutionInput{QueryExecutionId: start.QueryExecutionId})
	require.NoError(t, err)
	require.Equal(t, types.QueryExecutionStateCancelled, await(t, a, aws.ToString(start.QueryExecutionId)).Status.State)
	require.Empty(t, s.listed(bucket, ""))
	requireFailed(t, execute(t, a, fmt.Sprintf("SELECT * FROM %s.t", db)), "TABLE_NOT_FOUND")
	run(t, a, fmt.Sprintf("CREATE TABLE %s.t WITH (external_location = 's3://%s/t/') AS SELECT 1 AS x", db, bucket))
}
