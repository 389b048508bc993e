package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/scopsdb/scops/internal/httpapi"
	"github.com/stretchr/testify/require"
)

func reuseFor(minutes int32) func(*athena.StartQueryExecutionInput) {
	return func(in *athena.StartQueryExecutionInput) {
		in.ResultReuseConfiguration = &types.ResultReuseConfiguration{
			ResultReuseByAgeConfiguration: &types.ResultReuseByAgeConfiguration{Enabled: true, MaxAgeInMinutes: &minutes},
		}
	}
}

// TestResultReuse: a result answers again exactly as long as the query would
// give it again.
func TestResultReuse(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	a, store := s.athena(), s.s3()
	bucket := "reuse"
	_, err := store.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &bucket})
	require.NoError(t, err)
	put := func(key, text string) {
		_, err := store.PutObject(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader(text)})
		require.NoError(t, err)
	}
	put("t/day=1/a.csv", "1,seoul\n2,\n")
	put("t/day=2/a.csv", "3,busan\n")
	run(t, a, "CREATE DATABASE reuse")
	run(t, a, `CREATE EXTERNAL TABLE reuse.t (n int, name string) PARTITIONED BY (day string)
		ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LOCATION 's3://reuse/t/'`)
	run(t, a, "ALTER TABLE reuse.t ADD PARTITION (day='1') PARTITION (day='2')")
	run(t, a, "CREATE VIEW reuse.v AS SELECT n, name FROM reuse.t WHERE day = '1'")

	ask := func(sql string, options ...func(*athena.StartQueryExecutionInput)) *types.QueryExecution {
		t.Helper()
		return run(t, a, sql, append(options, reuseFor(10_080))...)
	}
	reused := func(q *types.QueryExecution) bool { return q.Statistics.ResultReuseInformation.ReusedPreviousResult }
	answer := func(q *types.QueryExecution) [][]string { // without the header
		t.Helper()
		all, _ := results(t, a, *q.QueryExecutionId)
		return all[1:]
	}
	again := func(sql string) { // asks twice: the first computes, the second reuses
		t.Helper()
		first, second := ask(sql), ask(sql)
		require.False(t, reused(first), sql)
		require.True(t, reused(second), sql)
		require.Equal(t, first.ResultConfiguration.OutputLocation, second.ResultConfiguration.OutputLocation)
		require.NotEqual(t, first.QueryExecutionId, second.QueryExecutionId)
		require.Zero(t, aws.ToInt64(second.Statistics.DataScannedInBytes))
		require.Equal(t, answer(first), answer(second))
	}
	const one = "SELECT n, name FROM reuse.t WHERE day = '1' ORDER BY n"
	again(one)
	require.False(t, reused(run(t, a, one)), "not asked for")
	require.False(t, reused(run(t, a, one, reuseFor(0))), "nothing is that young")
	require.True(t, reused(ask(one)), "of the newest computed one")

	t.Run("what the rows follow from", func(t *testing.T) {
		put("t/day=2/b.csv", "4,jeju\n")
		require.True(t, reused(ask(one)), "a partition that the query does not read")
		put("t/day=1/a.csv", "1,seoul\n2,\n")
		again(one) // the same bytes, but nobody knows that of an object
		put("t/day=1/b.csv", "5,ulsan\n")
		again(one)
		run(t, a, "ALTER TABLE reuse.t ADD COLUMNS (extra string)")
		again(one)
		run(t, a, "ALTER TABLE reuse.t DROP PARTITION (day='1')")
		require.Empty(t, answer(ask(one)))
		run(t, a, "ALTER TABLE reuse.t ADD PARTITION (day='1')")

		g := s.glue()
		kept, err := g.GetPartition(ctx, &glue.GetPartitionInput{DatabaseName: aws.String("reuse"), TableName: aws.String("t"), PartitionValues: []string{"1"}})
		require.NoError(t, err)
		require.True(t, reused(ask(one)), "the partition is what it was")
		descriptor := kept.Partition.StorageDescriptor
		descriptor.SerdeInfo.Parameters["field.delim"] = "u"
		_, err = g.UpdatePartition(ctx, &glue.UpdatePartitionInput{
			DatabaseName: aws.String("reuse"), TableName: aws.String("t"), PartitionValueList: []string{"1"},
			PartitionInput: &gluetypes.PartitionInput{Values: []string{"1"}, StorageDescriptor: descriptor},
		})
		require.NoError(t, err)
		again(one)

		again("SELECT * FROM reuse.v ORDER BY 1")
		run(t, a, "CREATE OR REPLACE VIEW reuse.v AS SELECT n, name FROM reuse.t WHERE day = '2'")
		again("SELECT * FROM reuse.v ORDER BY 1")

		run(t, a, "PREPARE reuse_p FROM SELECT n FROM reuse.t WHERE n > ?")
		again("EXECUTE reuse_p USING 1")
		run(t, a, "DEALLOCATE PREPARE reuse_p")
		run(t, a, "PREPARE reuse_p FROM SELECT n + 1 FROM reuse.t WHERE n > ?")
		again("EXECUTE reuse_p USING 1")
	})
	t.Run("parameters", func(t *testing.T) {
		with := func(value string) func(*athena.StartQueryExecutionInput) {
			return func(in *athena.StartQueryExecutionInput) { in.ExecutionParameters = []string{value} }
		}
		const sql = "SELECT count(*) FROM reuse.t WHERE n > ?"
		require.False(t, reused(ask(sql, with("1"))))
		require.False(t, reused(ask(sql, with("2"))))
		require.True(t, reused(ask(sql, with("1"))))
	})
	t.Run("rows that vary", func(t *testing.T) {
		for _, sql := range []string{
			"SELECT n, random() FROM reuse.t", "SELECT current_date, n FROM reuse.t", "SELECT now()", "SELECT n FROM reuse.t TABLESAMPLE BERNOULLI (50)",
			"SELECT table_name FROM information_schema.tables WHERE table_schema = 'reuse'", "SELECT uuid() FROM reuse.v",
		} {
			require.False(t, reused(ask(sql)), sql)
			require.False(t, reused(ask(sql)), sql)
		}
	})
	t.Run("the result is gone", func(t *testing.T) {
		const sql = "SELECT 1, n FROM reuse.t"
		q := ask(sql)
		key := strings.SplitN(aws.ToString(q.ResultConfiguration.OutputLocation), "/", 4)
		put2 := &s3.PutObjectInput{Bucket: &key[2], Key: &key[3], Body: strings.NewReader("\"_col0\",\"n\"\n\"7\",\"7\"\n")}
		_, err := store.PutObject(ctx, put2)
		require.NoError(t, err)
		require.False(t, reused(ask(sql)), "somebody put another object in its place")
	})
	t.Run("one call", func(t *testing.T) {
		const sql = "SELECT n, name, n / 2e0 half, CAST(n AS decimal(5,2)) d, n > 2 big, date '2021-02-03' day FROM reuse.t ORDER BY n"
		var answers [2][][]json.RawMessage
		for i := range answers {
			rows, err := s.client().Query(ctx, httpapi.QueryRequest{SQL: sql, Reuse: true})
			require.NoError(t, err)
			for {
				row, err := rows.Next()
				if errors.Is(err, io.EOF) {
					break
				}
				require.NoError(t, err)
				answers[i] = append(answers[i], row)
			}
			require.NoError(t, rows.Close())
			require.Equal(t, i == 1, rows.Statistics.ReusedFrom != "")
			require.Equal(t, i == 1, rows.Statistics.BytesScanned == 0)
		}
		require.Len(t, answers[0], 5)
		require.Equal(t, answers[0], answers[1])
	})
	_, err = a.StartQueryExecution(ctx, &athena.StartQueryExecutionInput{QueryString: aws.String("SELECT 1"),
		ResultReuseConfiguration: &types.ResultReuseConfiguration{
			ResultReuseByAgeConfiguration: &types.ResultReuseByAgeConfiguration{Enabled: true, MaxAgeInMinutes: aws.Int32(10_081)}}})
	require.ErrorContains(t, err, "maxAgeInMinutes")
}
