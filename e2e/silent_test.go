package e2e

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"
)

const (
	openx = "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'"
	csv   = "ROW FORMAT DELIMITED FIELDS TERMINATED BY ','"
)

// TestSilentErrors shows that scops does right what other systems get wrong
// without a word.
func TestSilentErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		test func(t *testing.T, s *scops)
	}{
		{"01 only registered partitions are read", onlyRegisteredPartitions},
		{"02 integer division and division by zero", division},
		{"03 columns have types", columnTypes},
		{"04 an unreadable file fails the query", unreadableFiles},
		{"05 NULL is not the empty string", nullAndEmpty},
		{"06 one header row", oneHeaderRow},
		{"07 a table name in a text stays", tableNameInText},
		{"08 no classification is needed", noClassification},
		{"09 the first line of a CSV without header is data", firstLine},
		{"10 files of any name are read", anyFileName},
		{"11 bytes scanned are honest", bytesScanned},
		{"12 a broken part is never success", brokenParts},
		{"13 what is not implemented says so", notImplemented},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.test(t, shared(t))
		})
	}
}

func onlyRegisteredPartitions(t *testing.T, s *scops) {
	bucket, table, a := s.bucket(), s.database()+".t", s.athena()
	for _, key := range []string{"t/day=01/a", "t/day=02/a", "elsewhere/a"} {
		s.put(bucket, key, []byte(`{"f":"`+key+`"}`+"\n"))
	}
	run(t, a, fmt.Sprintf("CREATE EXTERNAL TABLE %s (f string) PARTITIONED BY (day string) %s LOCATION 's3://%s/t/'", table, openx, bucket))
	query := "SELECT f, day FROM " + table + " ORDER BY day"
	require.Empty(t, values(t, a, query))
	run(t, a, fmt.Sprintf("ALTER TABLE %s ADD PARTITION (day='01')", table))
	require.Equal(t, [][]string{{"t/day=01/a", "01"}}, values(t, a, query))
	run(t, a, fmt.Sprintf("ALTER TABLE %s ADD PARTITION (day='09') LOCATION 's3://%s/elsewhere/'", table, bucket))
	require.Equal(t, [][]string{{"t/day=01/a", "01"}, {"elsewhere/a", "09"}}, values(t, a, query))
	run(t, a, fmt.Sprintf("ALTER TABLE %s DROP PARTITION (day='01')", table))
	require.Equal(t, [][]string{{"elsewhere/a", "09"}}, values(t, a, query))
	require.Equal(t, "{\"f\":\"t/day=01/a\"}\n", string(s.get("s3://"+bucket+"/t/day=01/a")), "the data of an external table stays")
}

func division(t *testing.T, s *scops) {
	table := s.table("n int, d int", openx, map[string][]byte{"a": []byte(`{"n":7,"d":2}` + "\n" + `{"n":-7,"d":2}` + "\n")})
	a := s.athena()
	require.Equal(t, [][]string{{"3", "-3", "1", "3.5"}}, values(t, a, "SELECT 7/2, -7/2, 7%2, 7/2e0"))
	require.Equal(t, [][]string{{"3"}, {"-3"}}, values(t, a, "SELECT n/d FROM "+table+" ORDER BY n DESC"))
	for _, sql := range []string{"SELECT 1/0", "SELECT 1%0", "SELECT n/(d-2) FROM " + table, "SELECT CAST(1 AS decimal(3,1))/0"} {
		q := execute(t, a, sql)
		requireFailed(t, q, "DIVISION_BY_ZERO")
		require.Equal(t, int32(1001), aws.ToInt32(q.Status.AthenaError.ErrorType))
	}
}

// requireFailed checks everything that clients read of a failed execution.
func requireFailed(t testing.TB, q *types.QueryExecution, reason string) {
	t.Helper()
	require.Equal(t, types.QueryExecutionStateFailed, q.Status.State, aws.ToString(q.Query))
	require.Contains(t, aws.ToString(q.Status.StateChangeReason), reason)
	require.NotNil(t, q.Status.AthenaError)
	require.Equal(t, q.Status.StateChangeReason, q.Status.AthenaError.ErrorMessage)
	require.NotNil(t, q.Status.CompletionDateTime)
}

func columnTypes(t *testing.T, s *scops) {
	table := s.table("s string, v varchar(10), c char(3), b boolean, d decimal(12,2), day date, ts timestamp, l array<int>, f float", openx, nil)
	a := s.athena()
	const unbounded = 2147483647
	for _, c := range []struct {
		expression, from, name string
		precision, scale       int32
		caseSensitive          bool
	}{
		{"true", "", "boolean", 0, 0, false},
		{"CAST(1 AS tinyint)", "", "tinyint", 3, 0, false},
		{"CAST(1 AS smallint)", "", "smallint", 5, 0, false},
		{"1", "", "integer", 10, 0, false},
		{"count(*)", "", "bigint", 19, 0, false},
		{"CAST(1 AS real)", "", "float", 17, 0, false},
		{"1e0", "", "double", 17, 0, false},
		{"CAST(1 AS decimal(7,3))", "", "decimal", 7, 3, false},
		{"CAST('a' AS varchar)", "", "varchar", unbounded, 0, true},
		{"CAST('a' AS varchar(10))", "", "varchar", 10, 0, true},
		{"CAST('a' AS char(4))", "", "char", 4, 0, true},
		{"CAST('a' AS varbinary)", "", "varbinary", 1073741824, 0, false},
		{"DATE '2021-01-02'", "", "date", 0, 0, false},
		{"TIMESTAMP '2021-01-02 03:04:05.678'", "", "timestamp", 3, 0, false},
		{"TIMESTAMP '2021-01-02 03:04:05.678 UTC'", "", "timestamp with time zone", 3, 0, false},
		{"TIME '03:04:05.678'", "", "time", 3, 0, false},
		{"ARRAY[1,2]", "", "array", 0, 0, false},
		{"MAP(ARRAY['a'],ARRAY[1])", "", "map", 0, 0, false},
		{"ROW(1,'a')", "", "row", 0, 0, false},
		{"s", table, "varchar", unbounded, 0, true},
		{"v", table, "varchar", 10, 0, true},
		{"c", table, "char", 3, 0, true},
		{"b", table, "boolean", 0, 0, false},
		{"d", table, "decimal", 12, 2, false},
		{"sum(d)", table, "decimal", 38, 2, false},
		{"day", table, "date", 0, 0, false},
		{"ts", table, "timestamp", 3, 0, false},
		{"l", table, "array", 0, 0, false},
		{"f", table, "float", 17, 0, false},
		{"avg(f)", table, "float", 17, 0, false},
	} {
		sql := "SELECT " + c.expression + " AS x"
		if c.from != "" {
			sql += " FROM " + c.from
		}
		_, columns := results(t, a, *run(t, a, sql).QueryExecutionId)
		require.Equal(t, []types.ColumnInfo{{
			CatalogName: aws.String("hive"), SchemaName: aws.String(""), TableName: aws.String(""),
			Name: aws.String("x"), Label: aws.String("x"), Type: aws.String(c.name),
			Precision: c.precision, Scale: c.scale, Nullable: types.ColumnNullableUnknown, CaseSensitive: c.caseSensitive,
		}}, columns, sql)
	}
}

func zipped(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

func unreadableFiles(t *testing.T, s *scops) {
	a := s.athena()
	gz := zipped(t, strings.Repeat(`{"n":1}`+"\n", 10_000))
	pq := parquetFile(t, 1000)
	for _, c := range []struct {
		name, clauses string
		body          []byte
	}{
		{"broken.json", openx, []byte("{\"n\":1}\n{\"n\":2\n{\"n\":3}\n")},
		{"no.json", openx, []byte("{\"n\":1}\nhello\n")},
		{"type.json", openx, []byte("{\"n\":\"abc\"}\n")},
		{"cut.json.gz", openx, gz[:len(gz)-20]},
		{"text.json.gz", openx, []byte("{\"n\":1}\n")},
		{"text.zst", openx, []byte("{\"n\":1}\n")},
		{"text.parquet", "STORED AS PARQUET", []byte("this is no Parquet file at all")},
		{"cut.parquet", "STORED AS PARQUET", pq[:len(pq)/2]},
	} {
		table := s.table("n int", c.clauses, map[string][]byte{"good": nil, c.name: c.body})
		if c.clauses != openx {
			table = s.table("n int", c.clauses, map[string][]byte{c.name: c.body})
		}
		q := execute(t, a, "SELECT sum(n) FROM "+table)
		requireFailed(t, q, c.name)
		_, err := a.GetQueryResults(context.Background(), &athena.GetQueryResultsInput{QueryExecutionId: q.QueryExecutionId})
		requireCode(t, err, "InvalidRequestException", "Query did not finish successfully. Final query state: FAILED")
	}
}

// requireCode checks an error's code and a part of its message.
func requireCode(t testing.TB, err error, code, message string) {
	t.Helper()
	var e smithy.APIError
	require.ErrorAs(t, err, &e)
	require.Equal(t, code, e.ErrorCode())
	require.Contains(t, e.ErrorMessage(), message)
}

func nullAndEmpty(t *testing.T, s *scops) {
	table := s.table("a string, b string, c string", openx, map[string][]byte{"x": []byte(`{"a":"","b":null}` + "\n" + `{"a":"\"q\", r","c":"NULL"}` + "\n")})
	a := s.athena()
	sql := "SELECT a, b, c FROM " + table + " ORDER BY a"
	q := run(t, a, sql)
	got, _ := results(t, a, *q.QueryExecutionId)
	require.Equal(t, [][]string{{"a", "b", "c"}, {"", null, null}, {`"q", r`, null, "NULL"}}, got)
	require.Equal(t, "\"a\",\"b\",\"c\"\n\"\",,\n\"\"\"q\"\", r\",,\"NULL\"\n", string(s.get(*q.ResultConfiguration.OutputLocation)))
	require.Equal(t, [][]string{{"1", "1"}}, values(t, a, "SELECT count_if(a = ''), count_if(c IS NULL) FROM "+table))
	require.Equal(t, [][]string{{null}}, values(t, a, "SELECT CAST(NULL AS varchar)"))
	// What CSV writes with care comes back whole, across pages too.
	odd := values(t, a, "SELECT chr(10) || '\",' || chr(13) || CAST(x AS varchar) FROM UNNEST(sequence(1, 1500)) u(x) ORDER BY x")
	require.Len(t, odd, 1500)
	for i, row := range odd {
		require.Equal(t, []string{"\n\",\r" + strconv.Itoa(i+1)}, row)
	}
	require.Equal(t, [][]string{{""}}, values(t, a, "SELECT ''"))
}

func oneHeaderRow(t *testing.T, s *scops) {
	a := s.athena()
	q := run(t, a, "SELECT x AS n, 'n' AS label FROM UNNEST(sequence(1, 2500)) AS u(x) ORDER BY x")
	for _, c := range []struct {
		limit *int32
		pages []int
	}{
		{nil, []int{1000, 1000, 501}},
		{aws.Int32(1000), []int{1000, 1000, 501}},
		{aws.Int32(900), []int{900, 900, 701}},
	} {
		in := &athena.GetQueryResultsInput{QueryExecutionId: q.QueryExecutionId, MaxResults: c.limit}
		next := 0
		for i, size := range c.pages {
			page, err := a.GetQueryResults(context.Background(), in)
			require.NoError(t, err)
			require.Len(t, page.ResultSet.Rows, size)
			require.Len(t, page.ResultSet.ResultSetMetadata.ColumnInfo, 2, "each page says the types")
			for _, row := range page.ResultSet.Rows {
				if next == 0 {
					require.Equal(t, []string{"n", "label"}, []string{*row.Data[0].VarCharValue, *row.Data[1].VarCharValue})
				} else {
					require.Equal(t, strconv.Itoa(next), *row.Data[0].VarCharValue)
				}
				next++
			}
			last := i == len(c.pages)-1
			require.Equal(t, last, page.NextToken == nil)
			require.False(t, page.NextToken != nil && *page.NextToken == "")
			in.NextToken = page.NextToken
		}
		require.Equal(t, 2501, next)
	}
	empty := run(t, a, "SELECT 1 AS n WHERE false")
	got, _ := results(t, a, *empty.QueryExecutionId)
	require.Equal(t, [][]string{{"n"}}, got)
	require.Equal(t, "\"n\"\n", string(s.get(*empty.ResultConfiguration.OutputLocation)))
}

func tableNameInText(t *testing.T, s *scops) {
	bucket, db, a := s.bucket(), s.database(), s.athena()
	s.put(bucket, "o/a", []byte(`{"orders":"orders of orders","note":"from orders"}`+"\n"))
	run(t, a, fmt.Sprintf("CREATE EXTERNAL TABLE %s.orders (orders string, note string) %s LOCATION 's3://%s/o/'", db, openx, bucket))
	got := rows(t, a, `SELECT 'orders' AS "orders", orders, orders.orders AS "`+db+`.orders", /* orders */ note -- orders
		FROM orders WHERE note = 'from orders' AND orders LIKE 'orders of%'`, inDatabase(db))
	require.Equal(t, [][]string{{"orders", "orders", db + ".orders", "note"}, {"orders", "orders of orders", "orders of orders", "from orders"}}, got)
}

type parquetRow struct {
	N    int32  `parquet:"n,optional"`
	Text string `parquet:"text,optional,zstd"`
}

// parquetFile writes n rows with another program's writer.
func parquetFile(t testing.TB, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[parquetRow](&b)
	for i := range n {
		_, err := w.Write([]parquetRow{{N: int32(i), Text: fmt.Sprintf("row %d of %d %x", i, n, i*i*7919)}})
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.Bytes()
}

func noClassification(t *testing.T, s *scops) {
	a := s.athena()
	json := s.table("n int, text string", openx, map[string][]byte{"a": []byte(`{"n":1,"text":"a,b"}` + "\n")})
	require.Equal(t, [][]string{{"1", "a,b"}}, values(t, a, "SELECT * FROM "+json))
	hive := s.table("n int, text string", "ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe'", map[string][]byte{"a": []byte(`{"n":1,"text":"a,b"}` + "\n")})
	require.Equal(t, [][]string{{"1", "a,b"}}, values(t, a, "SELECT * FROM "+hive))
	pq := s.table("n int, text string", "STORED AS PARQUET", map[string][]byte{"a": parquetFile(t, 1000)})
	require.Equal(t, [][]string{{"1000", "499500", "row 0 of 1000 0"}}, values(t, a, "SELECT count(*), sum(n), min(text) FROM "+pq))
	database, name, _ := strings.Cut(pq, ".")
	meta, err := a.GetTableMetadata(context.Background(), &athena.GetTableMetadataInput{CatalogName: aws.String("AwsDataCatalog"), DatabaseName: &database, TableName: &name})
	require.NoError(t, err)
	require.NotContains(t, meta.TableMetadata.Parameters, "classification")
}

func firstLine(t *testing.T, s *scops) {
	a := s.athena()
	text := []byte("id,name\n1,a\n2,b\n")
	plain := s.table("id string, name string", csv, map[string][]byte{"a.csv": text})
	require.Equal(t, [][]string{{"id", "name"}, {"1", "a"}, {"2", "b"}}, values(t, a, "SELECT * FROM "+plain))
	bucket, header := s.bucket(), s.database()+".h"
	s.put(bucket, "h/a.csv", text)
	run(t, a, fmt.Sprintf("CREATE EXTERNAL TABLE %s (id int, name string) %s LOCATION 's3://%s/h/' TBLPROPERTIES ('skip.header.line.count'='1')", header, csv, bucket))
	require.Equal(t, [][]string{{"1", "a"}, {"2", "b"}}, values(t, a, "SELECT * FROM "+header))
	open := s.table("id string, name string", "ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde'", map[string][]byte{"a": []byte("\"id\",\"a, \"\"b\"\"\"\n")})
	require.Len(t, values(t, a, "SELECT * FROM "+open), 1)
}

func anyFileName(t *testing.T, s *scops) {
	line := func(n int) string { return fmt.Sprintf("{\"n\":%d}\n", n) }
	enc, err := zstd.NewWriter(nil)
	require.NoError(t, err)
	table := s.table("n int", openx, map[string][]byte{
		"a.json": []byte(line(1)), "b.json.gz": zipped(t, line(2)), "no-ending": []byte(line(4)), "c.log": []byte(line(8)),
		"deep/er/d": []byte(line(16)), "e.zst": enc.EncodeAll([]byte(line(32)), nil), "f.gz": zipped(t, line(64)),
		"한국 파일": []byte(line(128)), "g=1%20+": []byte(line(256)),
		"_hidden": []byte("not JSON"), ".hidden": []byte("not JSON"), "_SUCCESS": nil, "deep/_h": []byte("not JSON"), "empty": nil,
	})
	require.Equal(t, [][]string{{"511", "9"}}, values(t, s.athena(), "SELECT sum(n), count(*) FROM "+table))
}

func scanned(q *types.QueryExecution) int64 { return aws.ToInt64(q.Statistics.DataScannedInBytes) }

func bytesScanned(t *testing.T, s *scops) {
	a := s.athena()
	plain := []byte(strings.Repeat(`{"n":1,"text":"abcdefgh"}`+"\n", 1000))
	gz := zipped(t, string(plain))
	table := s.table("n int, text string", openx, map[string][]byte{"a": plain, "b.gz": gz})
	for range 3 {
		for _, sql := range []string{"SELECT sum(n) FROM ", "SELECT * FROM "} {
			require.Equal(t, int64(len(plain)+len(gz)), scanned(run(t, a, sql+table)), "JSON is read whole, and compressed files count as they lie")
		}
	}
	body := parquetFile(t, 50_000)
	chunks := columnChunks(t, body)
	pq := s.table("n int, text string", "STORED AS PARQUET", map[string][]byte{"a": body})
	for range 3 {
		require.Equal(t, chunks["n"], scanned(run(t, a, "SELECT sum(n) FROM "+pq)))
		require.Equal(t, chunks["text"], scanned(run(t, a, "SELECT max(text) FROM "+pq)))
		require.Equal(t, chunks["n"]+chunks["text"], scanned(run(t, a, "SELECT sum(n), max(text) FROM "+pq)))
	}
	require.Zero(t, scanned(run(t, a, "SELECT 1")))
	require.Zero(t, scanned(run(t, a, "SHOW TABLES")))
	q := run(t, a, "SELECT sum(n) FROM "+pq)
	stats, err := a.GetQueryRuntimeStatistics(context.Background(), &athena.GetQueryRuntimeStatisticsInput{QueryExecutionId: q.QueryExecutionId})
	require.NoError(t, err)
	require.Equal(t, chunks["n"], *stats.QueryRuntimeStatistics.Rows.InputBytes)
	require.Equal(t, int64(1), *stats.QueryRuntimeStatistics.Rows.OutputRows)
}

// columnChunks sums the compressed sizes of a Parquet file's columns, as its
// footer tells them.
func columnChunks(t testing.TB, body []byte) map[string]int64 {
	t.Helper()
	f, err := parquet.OpenFile(bytes.NewReader(body), int64(len(body)))
	require.NoError(t, err)
	out := map[string]int64{}
	for _, group := range f.Metadata().RowGroups {
		for _, c := range group.Columns {
			out[strings.Join(c.MetaData.PathInSchema, ".")] += c.MetaData.TotalCompressedSize
		}
	}
	return out
}

// brokenParts takes away what a query needs, one part at a time.
func brokenParts(t *testing.T, s *scops) {
	a, ctx := s.athena(), context.Background()
	t.Run("the table's bucket is gone", func(t *testing.T) {
		table := s.database() + ".t"
		run(t, a, "CREATE EXTERNAL TABLE "+table+" (n int) "+openx+" LOCATION 's3://"+unique("gone-")+"/t/'")
		requireFailed(t, execute(t, a, "SELECT count(*) FROM "+table), "gone-")
	})
	t.Run("the object's data is gone", func(t *testing.T) {
		bucket, table := s.bucket(), s.database()+".t"
		s.put(bucket, "t/a", []byte(`{"n":1}`))
		run(t, a, "CREATE EXTERNAL TABLE "+table+" (n int) "+openx+" LOCATION 's3://"+bucket+"/t/'")
		require.NoError(t, os.Remove(s.file(bucket, "t/a")))
		require.NoError(t, os.Symlink("/etc/passwd", s.file(bucket, "t/a")))
		q := execute(t, a, "SELECT * FROM "+table)
		if q.Status.State == types.QueryExecutionStateSucceeded {
			got, _ := results(t, a, *q.QueryExecutionId)
			require.Equal(t, [][]string{{"n"}}, got, "a link out of the objects is never followed")
		}
	})
	t.Run("a delivered file is gone", func(t *testing.T) {
		day := time.Unix(rand.Int64N(1_600_000_000), 0).UTC().Format(time.DateOnly)
		u, err := s.sqs().GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String("shared-events")})
		require.NoError(t, err)
		_, err = s.sqs().SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: u.QueueUrl, MessageBody: aws.String(`{"id":1,"page":"/","at":"` + day + `T10:00:00Z"}`)})
		require.NoError(t, err)
		sql := "SELECT id FROM shared.visits WHERE day = DATE '" + day + "'"
		inFile := sql + ` AND "$path" IS NOT NULL`
		require.Eventually(t, func() bool { return len(values(t, a, inFile)) == 1 }, 20*time.Second, 50*time.Millisecond)
		files, err := filepath.Glob(s.file("shared-lake", "visits/day="+day+"/*"))
		require.NoError(t, err)
		require.Len(t, files, 1)
		require.NoError(t, os.Remove(files[0]))
		requireFailed(t, execute(t, a, sql), filepath.Base(files[0]))
	})
	t.Run("the output bucket does not exist", func(t *testing.T) {
		q := execute(t, a, "SELECT 1", func(in *athena.StartQueryExecutionInput) {
			in.ResultConfiguration = &types.ResultConfiguration{OutputLocation: aws.String("s3://no-such-bucket-here/x/")}
		})
		requireFailed(t, q, "no-such-bucket-here")
	})
	t.Run("the result is gone", func(t *testing.T) {
		q := run(t, a, "SELECT 1")
		bucket, key, _ := strings.Cut(strings.TrimPrefix(*q.ResultConfiguration.OutputLocation, "s3://"), "/")
		_, err := s.s3().DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &bucket, Key: &key})
		require.NoError(t, err)
		_, err = a.GetQueryResults(ctx, &athena.GetQueryResultsInput{QueryExecutionId: q.QueryExecutionId})
		requireCode(t, err, "InvalidRequestException", "Could not find results")
	})
	t.Run("a column chunk is damaged", func(t *testing.T) {
		body := parquetFile(t, 5000)
		for i := 200; i < len(body)-2000; i++ {
			body[i] ^= 0x5a
		}
		table := s.table("n int, text string", "STORED AS PARQUET", map[string][]byte{"damaged": body})
		requireFailed(t, execute(t, a, "SELECT max(text) FROM "+table), "damaged")
	})
}

func notImplemented(t *testing.T, s *scops) {
	ctx := context.Background()
	calls := map[string]func() error{
		"GetJob": func() error {
			_, err := s.glue().GetJob(ctx, &glue.GetJobInput{JobName: aws.String("j")})
			return err
		},
		"GetJobRuns": func() error {
			_, err := s.glue().GetJobRuns(ctx, &glue.GetJobRunsInput{JobName: aws.String("j")})
			return err
		},
		"StartJobRun": func() error {
			_, err := s.glue().StartJobRun(ctx, &glue.StartJobRunInput{JobName: aws.String("j")})
			return err
		},
		"CreateNamedQuery": func() error {
			_, err := s.athena().CreateNamedQuery(ctx, &athena.CreateNamedQueryInput{Name: aws.String("n"), Database: aws.String("d"), QueryString: aws.String("SELECT 1")})
			return err
		},
		"StartSession": func() error {
			_, err := s.athena().StartSession(ctx, &athena.StartSessionInput{WorkGroup: aws.String("primary"), EngineConfiguration: &types.EngineConfiguration{}})
			return err
		},
		"KmsMasterKeyId": func() error {
			_, err := s.sqs().CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("secret"), Attributes: map[string]string{"KmsMasterKeyId": "k"}})
			return err
		},
	}
	for name, call := range calls {
		err := call()
		var e smithy.APIError
		require.True(t, errors.As(err, &e), "%s: %v", name, err)
		require.Contains(t, e.ErrorMessage(), name)
		require.NotEmpty(t, e.ErrorCode())
		require.NotContains(t, e.ErrorCode(), "InternalServer")
	}
	// An operation that no service has.
	status, body := s.post(t, "athena", "AmazonAthena.MakeCoffee", `{}`)
	require.Equal(t, 400, status)
	require.Contains(t, body, `"__type":"UnknownOperationException"`)
	requireFailed(t, execute(t, s.athena(), "SELECT * FROM (VALUES 1) t (x) MATCH_RECOGNIZE (ORDER BY x PATTERN (a) DEFINE a AS true)"), "NOT_SUPPORTED: line 1:15: ")
	for _, sql := range []string{"GRANT SELECT ON t TO USER u", "ALTER TABLE t TOUCH", "CREATE MATERIALIZED VIEW v AS SELECT 1"} {
		_, err := s.athena().StartQueryExecution(ctx, &athena.StartQueryExecutionInput{QueryString: &sql})
		if err == nil {
			requireFailed(t, execute(t, s.athena(), sql), "NOT_SUPPORTED")
			continue
		}
		requireCode(t, err, "InvalidRequestException", "NOT_SUPPORTED: line 1:")
	}
}

// endless is a query that takes far longer than any test.
const endless = "SELECT sum((a.x * b.x + c.x) % 7) FROM UNNEST(sequence(1,10000)) a(x) CROSS JOIN UNNEST(sequence(1,10000)) b(x) CROSS JOIN UNNEST(sequence(1,10000)) c(x)"

// TestSilentStop is the 14th: a stopped query stays CANCELLED, and its work
// ends. It has a process of its own, whose processor time tells.
func TestSilentStop(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, ""), context.Background()
	a := s.athena()
	started, err := a.StartQueryExecution(ctx, &athena.StartQueryExecutionInput{QueryString: aws.String(endless)})
	require.NoError(t, err)
	id := started.QueryExecutionId
	state := func() *types.QueryExecution {
		out, err := a.GetQueryExecution(ctx, &athena.GetQueryExecutionInput{QueryExecutionId: id})
		require.NoError(t, err)
		return out.QueryExecution
	}
	require.Eventually(t, func() bool { return state().Status.State == types.QueryExecutionStateRunning }, 20*time.Second, 10*time.Millisecond)
	_, err = a.GetQueryResults(ctx, &athena.GetQueryResultsInput{QueryExecutionId: id})
	requireCode(t, err, "InvalidRequestException", "Query has not yet finished. Current state: RUNNING")
	require.Eventually(t, func() bool { return s.cpu() > 300*time.Millisecond }, 20*time.Second, 10*time.Millisecond, "the query works")
	_, err = a.StopQueryExecution(ctx, &athena.StopQueryExecutionInput{QueryExecutionId: id})
	require.NoError(t, err)
	q := state()
	require.Equal(t, types.QueryExecutionStateCancelled, q.Status.State)
	require.Equal(t, "Query cancelled by user", aws.ToString(q.Status.StateChangeReason))
	require.NotNil(t, q.Status.CompletionDateTime)
	// The work has ended when the process uses next to no processor time.
	require.Eventually(t, func() bool {
		before := s.cpu()
		<-time.After(500 * time.Millisecond)
		return s.cpu()-before < 100*time.Millisecond
	}, 20*time.Second, time.Millisecond, "the engine goes on after the stop")
	_, err = a.StopQueryExecution(ctx, &athena.StopQueryExecutionInput{QueryExecutionId: id})
	require.NoError(t, err, "a second stop changes nothing")
	require.Equal(t, q.Status, state().Status)
	_, err = a.GetQueryResults(ctx, &athena.GetQueryResultsInput{QueryExecutionId: id})
	requireCode(t, err, "InvalidRequestException", "Could not find results")
	require.Empty(t, s.keys(*q.ResultConfiguration.OutputLocation), "a cancelled query writes nothing")
	require.Equal(t, [][]string{{"1"}}, values(t, a, "SELECT 1"), "the engine is free again")

	done := run(t, a, "SELECT 1")
	_, err = a.StopQueryExecution(ctx, &athena.StopQueryExecutionInput{QueryExecutionId: done.QueryExecutionId})
	require.NoError(t, err)
	require.Equal(t, types.QueryExecutionStateSucceeded, await(t, a, *done.QueryExecutionId).Status.State, "an ended query stays as it is")
	require.NoError(t, s.stop())
	s.run()
	a = s.athena()
	require.Equal(t, q.Status, state().Status, "also after a restart")
}

// cpu is the processor time that the process has used.
func (s *scops) cpu() time.Duration {
	s.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	require.NoError(s.t, err)
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	user, err := strconv.Atoi(fields[11])
	require.NoError(s.t, err)
	system, err := strconv.Atoi(fields[12])
	require.NoError(s.t, err)
	return time.Duration(user+system) * 10 * time.Millisecond // USER_HZ is 100
}

// keys are the objects whose names begin with a location.
func (s *scops) keys(location string) []string {
	s.t.Helper()
	bucket, prefix, _ := strings.Cut(strings.TrimPrefix(location, "s3://"), "/")
	out, err := s.s3().ListObjectsV2(context.Background(), &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix})
	var e smithy.APIError
	if errors.As(err, &e) && e.ErrorCode() == "NoSuchBucket" {
		return nil
	}
	require.NoError(s.t, err)
	var keys []string
	for _, o := range out.Contents {
		keys = append(keys, *o.Key)
	}
	return keys
}
