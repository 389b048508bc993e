package e2e

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/stretchr/testify/require"
)

// crawlNow starts a crawler and returns it after its run.
func crawlNow(t testing.TB, g *glue.Client, name string) *types.Crawler {
	t.Helper()
	ctx := context.Background()
	_, err := g.StartCrawler(ctx, &glue.StartCrawlerInput{Name: &name})
	require.NoError(t, err)
	return crawled(t, g, name)
}

func crawled(t testing.TB, g *glue.Client, name string) *types.Crawler {
	t.Helper()
	var out *types.Crawler
	require.Eventually(t, func() bool {
		got, err := g.GetCrawler(context.Background(), &glue.GetCrawlerInput{Name: &name})
		require.NoError(t, err)
		out = got.Crawler
		return out.State == types.CrawlerStateReady
	}, 60*time.Second, time.Millisecond)
	return out
}

func TestCrawlerLifeCycle(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	g, a, db, bucket, name := s.glue(), s.athena(), unique("c_"), s.bucket(), aws.String(unique("spider-"))
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := z.Write([]byte("{\"id\":3,\"item\":{\"Name\":\"c\",\"price\":2.5}}\n"))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	s.put(bucket, "lake/orders/year=2021/month=02/a.json.gz", packed.Bytes())
	s.put(bucket, "lake/orders/year=2021/month=03/b.json.gz", packed.Bytes())
	s.put(bucket, "lake/people/x.csv", []byte("id;name\n1;one\n2;two\n"))
	s.put(bucket, "lake/events/2021/02/03/e.tsv", []byte("1\ta b\n2\tc\n"))
	s.put(bucket, "lake/events/2021/02/04/e.tsv", []byte("3\td\n4\te\n"))

	_, err = g.GetCrawler(ctx, &glue.GetCrawlerInput{Name: name})
	var missing *types.EntityNotFoundException
	require.ErrorAs(t, err, &missing)
	create := &glue.CreateCrawlerInput{
		Name: name, Role: aws.String("arn:aws:iam::000000000000:role/glue"), DatabaseName: &db, TablePrefix: aws.String("raw_"),
		Targets:  &types.CrawlerTargets{S3Targets: []types.S3Target{{Path: aws.String("s3://" + bucket + "/lake/")}}},
		Schedule: aws.String("cron(15 12 * * ? *)"), Tags: map[string]string{"team": *name},
	}
	_, err = g.CreateCrawler(ctx, create)
	require.NoError(t, err)
	_, err = g.CreateCrawler(ctx, create)
	var exists *types.AlreadyExistsException
	require.ErrorAs(t, err, &exists)
	c := crawlNow(t, g, *name)
	require.Equal(t, types.LastCrawlStatusSucceeded, c.LastCrawl.Status, "%v", aws.ToString(c.LastCrawl.ErrorMessage))
	require.Equal(t, types.ScheduleStateScheduled, c.Schedule.State)

	require.Equal(t, [][]string{{"3", "c", "2.5", "2021", "02"}, {"3", "c", "2.5", "2021", "03"}},
		values(t, a, "SELECT id, item.name, item.price, year, month FROM "+db+".raw_orders ORDER BY month"))
	require.Equal(t, [][]string{{"3", "one,two"}}, values(t, a, "SELECT sum(id), array_join(array_agg(name ORDER BY id), ',') FROM "+db+".raw_people"))
	require.Equal(t, [][]string{{"7", "d,e"}}, values(t, a, "SELECT sum(col0), array_join(array_agg(col1 ORDER BY col0), ',') FROM "+db+".raw_events WHERE partition_2 = '04'"))
	table, err := g.GetTable(ctx, &glue.GetTableInput{DatabaseName: &db, Name: aws.String("raw_people")})
	require.NoError(t, err)
	for key, want := range map[string]string{
		"UPDATED_BY_CRAWLER": *name, "classification": "csv", "delimiter": ";", "skip.header.line.count": "1", "compressionType": "none",
		"typeOfData": "file", "objectCount": "1", "recordCount": "2", "CrawlerSchemaSerializerVersion": "1.0", "areColumnsQuoted": "false",
	} {
		require.Equal(t, want, table.Table.Parameters[key], key)
	}

	s.put(bucket, "lake/orders/year=2021/month=04/c.json.gz", packed.Bytes())
	crawlNow(t, g, *name)
	require.Equal(t, [][]string{{"3"}}, values(t, a, "SELECT count(*) FROM "+db+".raw_orders"))
	crawls, err := g.ListCrawls(ctx, &glue.ListCrawlsInput{CrawlerName: name, Filters: []types.CrawlsFilter{
		{FieldName: types.FieldNameState, FilterOperator: types.FilterOperatorEq, FieldValue: aws.String("COMPLETED")},
	}})
	require.NoError(t, err)
	require.Len(t, crawls.Crawls, 2)
	var summary map[string]map[string]struct{ Count int }
	require.NoError(t, json.Unmarshal([]byte(*crawls.Crawls[0].Summary), &summary))
	require.Equal(t, 1, summary["PARTITION"]["ADD"].Count)
	metrics, err := g.GetCrawlerMetrics(ctx, &glue.GetCrawlerMetricsInput{CrawlerNameList: []string{*name}})
	require.NoError(t, err)
	require.EqualValues(t, 3, metrics.CrawlerMetricsList[0].TablesCreated)

	_, err = g.StopCrawler(ctx, &glue.StopCrawlerInput{Name: name})
	var idle *types.CrawlerNotRunningException
	require.ErrorAs(t, err, &idle)
	_, err = g.StartCrawlerSchedule(ctx, &glue.StartCrawlerScheduleInput{CrawlerName: name})
	var scheduled *types.SchedulerRunningException
	require.ErrorAs(t, err, &scheduled)
	_, err = g.StopCrawlerSchedule(ctx, &glue.StopCrawlerScheduleInput{CrawlerName: name})
	require.NoError(t, err)
	_, err = g.StopCrawlerSchedule(ctx, &glue.StopCrawlerScheduleInput{CrawlerName: name})
	var unscheduled *types.SchedulerNotRunningException
	require.ErrorAs(t, err, &unscheduled)
	_, err = g.UpdateCrawlerSchedule(ctx, &glue.UpdateCrawlerScheduleInput{CrawlerName: name, Schedule: aws.String("cron(0 0 * * * *)")})
	var invalid *types.InvalidInputException
	require.ErrorAs(t, err, &invalid)
	_, err = g.UpdateCrawler(ctx, &glue.UpdateCrawlerInput{Name: name, Description: aws.String("all of it")})
	require.NoError(t, err)
	batch, err := g.BatchGetCrawlers(ctx, &glue.BatchGetCrawlersInput{CrawlerNames: []string{*name, "nobody"}})
	require.NoError(t, err)
	require.Equal(t, []string{"nobody"}, batch.CrawlersNotFound)
	require.Equal(t, "all of it", *batch.Crawlers[0].Description)
	require.Equal(t, types.ScheduleStateNotScheduled, batch.Crawlers[0].Schedule.State)
	names, err := g.ListCrawlers(ctx, &glue.ListCrawlersInput{Tags: map[string]string{"team": *name}})
	require.NoError(t, err)
	require.Equal(t, []string{*name}, names.CrawlerNames)
	_, err = g.DeleteCrawler(ctx, &glue.DeleteCrawlerInput{Name: name})
	require.NoError(t, err)
	_, err = g.StartCrawler(ctx, &glue.StartCrawlerInput{Name: name})
	require.ErrorAs(t, err, &missing)
}

// TestCrawlCommand crawls real order lines and sums them up, as a program does
// on its own.
func TestCrawlCommand(t *testing.T) {
	t.Parallel()
	lines := retailLines(t)
	s, a, db := shared(t), shared(t).athena(), unique("retail_")
	bucket := s.bucket()
	dir := os.Getenv("SCOPS_TEST_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	body, err := os.ReadFile(filepath.Join(dir, "online-retail.csv"))
	require.NoError(t, err)
	s.put(bucket, "lines/online-retail.csv", body)
	out, notes, err := s.command(context.Background(), "crawl", "s3://"+bucket+"/lines", "--database", db, "--prefix", "r_", "--format", "json", "--endpoint", s.endpoint, "--data", s.data)
	require.NoError(t, err, notes)
	require.Contains(t, out, db+".r_lines")
	require.Contains(t, notes, "tables: 1 added")
	var quantity int64
	byCountry := map[string]int{}
	for _, l := range lines {
		quantity += l.quantity
		byCountry[l.country]++
	}
	require.Equal(t, [][]string{{fmt.Sprint(len(lines)), fmt.Sprint(quantity), fmt.Sprint(len(byCountry)), fmt.Sprint(byCountry["Spain"])}},
		values(t, a, "SELECT count(*), sum(CAST(quantity AS bigint)), count(DISTINCT country), count_if(country = 'Spain') FROM "+db+".r_lines"))
	_, notes, err = s.command(context.Background(), "crawl", "s3://"+bucket+"/lines", "--database", db, "--prefix", "r_", "--endpoint", s.endpoint, "--data", s.data)
	require.NoError(t, err)
	require.Contains(t, notes, "tables: 0 added, 0 updated")
	_, notes, err = s.command(context.Background(), "crawl", "lines", "--endpoint", s.endpoint, "--data", s.data)
	require.Error(t, err)
	require.Contains(t, notes, "not an S3 URI")
}

// TestCrawlWhatSQLWrote writes the same rows in every format, crawls them all at
// once and reads them back.
func TestCrawlWhatSQLWrote(t *testing.T) {
	t.Parallel()
	s, a, db := shared(t), shared(t).athena(), unique("w_")
	bucket := s.bucket()
	const source = `SELECT * FROM (VALUES
		(1, BIGINT '5000000000', 1.5e0, 'one', DATE '2021-02-03', CAST(ROW('x', ARRAY[1, 2]) AS ROW(name varchar, list array(integer))), 'a'),
		(2, BIGINT '-1', -0.25e0, 'two, "quoted"', DATE '1969-12-31', CAST(ROW('y', ARRAY[3]) AS ROW(name varchar, list array(integer))), 'a'),
		(3, NULL, NULL, NULL, NULL, NULL, 'b')) AS t(id, big, ratio, text, day, nested, p)`
	const columns = "id, big, ratio, text, day, nested.name, nested.list, p"
	want := values(t, a, "SELECT "+columns+" FROM ("+source+") ORDER BY id")
	for _, format := range []string{"PARQUET", "ORC", "AVRO", "JSON"} {
		rows(t, a, fmt.Sprintf("UNLOAD (%s) TO 's3://%s/out/%s/' WITH (format = '%[3]s', partitioned_by = ARRAY['p'])", source, bucket, format))
	}
	rows(t, a, fmt.Sprintf("UNLOAD (SELECT id, big, ratio, text, p FROM (%s)) TO 's3://%s/out/TEXTFILE/' WITH (format = 'TEXTFILE', partitioned_by = ARRAY['p'])", source, bucket))
	out, notes, err := s.command(context.Background(), "crawl", "s3://"+bucket+"/out/", "--database", db, "--format", "csv", "--endpoint", s.endpoint, "--data", s.data)
	require.NoError(t, err, notes)
	require.Contains(t, notes, "tables: 5 added", "%s%s", out, notes)
	for _, table := range []string{"parquet", "orc", "avro"} {
		require.Equal(t, want, values(t, a, "SELECT "+columns+" FROM "+db+"."+table+" ORDER BY id"), table)
	}
	// JSON and text do not say that a text is a date.
	require.Equal(t, want, values(t, a, "SELECT id, big, ratio, text, CAST(day AS date), nested.name, nested.list, p FROM "+db+".json ORDER BY id"))
	require.Equal(t, values(t, a, "SELECT id, big, ratio, text, p FROM ("+source+") ORDER BY id"),
		values(t, a, "SELECT col0, col1, col2, col3, p FROM "+db+".textfile ORDER BY col0"))
}

// TestCrawlAccessLog crawls a real log and counts what its lines say.
func TestCrawlAccessLog(t *testing.T) {
	t.Parallel()
	body, err := os.ReadFile(filepath.Join("..", "..", "shared", "data", "apache-access.log"))
	if os.IsNotExist(err) {
		t.Skip("the access log is not there")
	}
	require.NoError(t, err)
	s, db := shared(t), unique("log_")
	bucket := s.bucket()
	s.put(bucket, "logs/access.log", body)
	_, notes, err := s.command(context.Background(), "crawl", "s3://"+bucket+"/logs/", "--database", db, "--endpoint", s.endpoint, "--data", s.data)
	require.NoError(t, err, notes)
	var gets, found, bytesSent, sized int64
	for line := range strings.Lines(string(body)) {
		if !strings.HasSuffix(line, "\"\n") {
			continue // it lacks its last quote
		}
		_, rest, _ := strings.Cut(line, `] "`)
		request, rest, _ := strings.Cut(rest, `" `)
		if strings.HasPrefix(request, "GET ") {
			gets++
		}
		fields := strings.Fields(rest)
		if fields[0] == "200" {
			found++
		}
		if n, err := strconv.ParseInt(fields[1], 10, 64); err == nil {
			bytesSent += n
			sized++
		}
	}
	require.Equal(t, [][]string{{"10000", fmt.Sprint(gets), fmt.Sprint(found), fmt.Sprint(sized), fmt.Sprint(bytesSent)}}, values(t, s.athena(),
		"SELECT count(*), count_if(verb = 'GET'), count_if(response = '200'), count(bytes), sum(CAST(bytes AS bigint)) FROM "+db+".logs"))
}
