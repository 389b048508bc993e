package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protowire"
)

func TestAthenaStart(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	a, bucket := s.athena(), s.bucket()
	token := uuid.NewString()
	in := func(change ...func(*athena.StartQueryExecutionInput)) *athena.StartQueryExecutionInput {
		in := &athena.StartQueryExecutionInput{
			QueryString: aws.String("  SELECT 1 AS one ;\n"), ClientRequestToken: &token,
			QueryExecutionContext: &types.QueryExecutionContext{Catalog: aws.String("AwsDataCatalog"), Database: aws.String("default")},
			ResultConfiguration:   &types.ResultConfiguration{OutputLocation: aws.String("s3://" + bucket + "/out")},
			WorkGroup:             aws.String("primary"),
		}
		for _, f := range change {
			f(in)
		}
		return in
	}
	first, err := a.StartQueryExecution(ctx, in())
	require.NoError(t, err)
	again, err := a.StartQueryExecution(ctx, in())
	require.NoError(t, err)
	require.Equal(t, first.QueryExecutionId, again.QueryExecutionId, "the same token is the same execution")
	for name, change := range map[string]func(*athena.StartQueryExecutionInput){
		"query":    func(in *athena.StartQueryExecutionInput) { in.QueryString = aws.String("SELECT 2") },
		"database": func(in *athena.StartQueryExecutionInput) { in.QueryExecutionContext.Database = aws.String("other") },
		"output": func(in *athena.StartQueryExecutionInput) {
			in.ResultConfiguration.OutputLocation = aws.String("s3://" + bucket + "/x")
		},
	} {
		_, err := a.StartQueryExecution(ctx, in(change))
		requireInvalid(t, err, "IDEMPOTENT_PARAMETER_MISMATCH", "Idempotent parameters do not match")
		require.Error(t, err, name)
	}
	q := await(t, a, *first.QueryExecutionId)
	require.Equal(t, "SELECT 1 AS one", *q.Query)
	require.Equal(t, types.StatementTypeDml, q.StatementType)
	require.Equal(t, "SELECT", aws.ToString(q.SubstatementType))
	require.Equal(t, "s3://"+bucket+"/out/"+*first.QueryExecutionId+".csv", *q.ResultConfiguration.OutputLocation)
	require.Equal(t, &types.QueryExecutionContext{Catalog: aws.String("awsdatacatalog"), Database: aws.String("default")}, q.QueryExecutionContext)
	require.Equal(t, "primary", *q.WorkGroup)
	require.Equal(t, "Athena engine version 3", *q.EngineVersion.EffectiveEngineVersion)
	require.Nil(t, q.Status.AthenaError)
	require.WithinDuration(t, time.Now(), *q.Status.SubmissionDateTime, time.Minute)
	require.False(t, q.Status.CompletionDateTime.Before(*q.Status.SubmissionDateTime))
	require.Equal(t, "\"one\"\n\"1\"\n", string(s.get(*q.ResultConfiguration.OutputLocation)))

	for name, c := range map[string]struct {
		change        func(*athena.StartQueryExecutionInput)
		code, message string
	}{
		"short token": {func(in *athena.StartQueryExecutionInput) { in.ClientRequestToken = aws.String("short") }, "INVALID_INPUT", "greater than or equal to 32"},
		"output location": {func(in *athena.StartQueryExecutionInput) {
			in.ResultConfiguration.OutputLocation = aws.String("http://x/y")
		}, "INVALID_INPUT", "outputLocation is not a valid S3 path."},
		"workgroup":        {func(in *athena.StartQueryExecutionInput) { in.WorkGroup = aws.String("nobody") }, "INVALID_INPUT", "WorkGroup is not found."},
		"syntax":           {func(in *athena.StartQueryExecutionInput) { in.QueryString = aws.String("SELEC 1") }, "MALFORMED_QUERY", "line 1:1: mismatched input 'SELEC'. Expecting: "},
		"syntax, later":    {func(in *athena.StartQueryExecutionInput) { in.QueryString = aws.String("SELECT a\nFORM t x y") }, "MALFORMED_QUERY", "line 2:6: mismatched input 't'. Expecting: "},
		"two statements":   {func(in *athena.StartQueryExecutionInput) { in.QueryString = aws.String("SELECT 1; SELECT 2") }, "MALFORMED_QUERY", "line 1:"},
		"nothing":          {func(in *athena.StartQueryExecutionInput) { in.QueryString = aws.String(" ; ") }, "MALFORMED_QUERY", "line 1:1"},
		"describe nothing": {func(in *athena.StartQueryExecutionInput) { in.QueryString = aws.String("DESCRIBE nothing_here") }, "INVALID_INPUT", "Entity Not Found"},
	} {
		fresh := func(in *athena.StartQueryExecutionInput) { in.ClientRequestToken = aws.String(uuid.NewString()) }
		_, err := a.StartQueryExecution(ctx, in(fresh, c.change))
		require.Error(t, err, name)
		requireInvalid(t, err, c.code, c.message)
	}
}

func requireInvalid(t testing.TB, err error, code, message string) {
	t.Helper()
	var e *types.InvalidRequestException
	require.ErrorAs(t, err, &e)
	require.Contains(t, e.ErrorMessage(), message)
	require.Equal(t, code, aws.ToString(e.AthenaErrorCode))
}

func TestAthenaSemanticErrors(t *testing.T) {
	t.Parallel()
	s := shared(t)
	a, table := s.athena(), s.table("n int, text string", openx, map[string][]byte{"a": []byte(`{"n":1,"text":"x"}` + "\n")})
	for sql, c := range map[string]struct {
		reason string
		kind   int32
	}{
		"SELECT m FROM " + table:                             {"COLUMN_NOT_FOUND: line 1:8: Column 'm' cannot be resolved", 1006},
		"SELECT *\nFROM nowhere":                             {"TABLE_NOT_FOUND: line 2:6: Table 'awsdatacatalog.default.nowhere' does not exist", 1301},
		"SELECT * FROM nodb.t":                               {"SCHEMA_NOT_FOUND: line 1:15: ", 1301},
		"SELECT n + text FROM " + table:                      {"TYPE_MISMATCH: line 1:10: ", 1002},
		"SELECT frobnicate(n) FROM " + table:                 {"FUNCTION_NOT_FOUND: line 1:8: ", 1303},
		"SELECT text, count(*) FROM " + table:                {"EXPRESSION_NOT_AGGREGATE: line 1:8: ", 1006},
		"SELECT CAST(text AS integer) FROM " + table:         {"INVALID_CAST_ARGUMENT: Cannot cast 'x' to INT", 1100},
		"SELECT CAST(n + 299 AS tinyint) FROM " + table:      {"NUMERIC_VALUE_OUT_OF_RANGE: Out of range for tinyint: 300", 1100},
		"SELECT 2147483647 + n FROM " + table:                {"NUMERIC_VALUE_OUT_OF_RANGE: integer addition overflow: 2147483647 + 1", 1100},
		"SELECT n FROM " + table + " WHERE text = 1":         {"TYPE_MISMATCH: line 1:", 1002},
		"SELECT n FROM " + table + " ORDER BY 2":             {"INVALID_COLUMN_REFERENCE: line 1:", 1000},
		"SELECT ? FROM " + table:                             {"INVALID_PARAMETER_USAGE: line 1:1: ", 1100},
		"SELECT (SELECT n FROM " + table + ", (VALUES 1,2))": {"SUBQUERY_MULTIPLE_ROWS: Scalar sub-query has returned multiple rows", 1000},
	} {
		q := execute(t, a, sql)
		requireFailed(t, q, c.reason)
		require.Equal(t, int32(2), aws.ToInt32(q.Status.AthenaError.ErrorCategory), sql)
		require.Equal(t, c.kind, aws.ToInt32(q.Status.AthenaError.ErrorType), sql)
		require.Empty(t, s.keys(*q.ResultConfiguration.OutputLocation), "a failed query writes nothing")
	}
}

func TestAthenaParametersAndContext(t *testing.T) {
	t.Parallel()
	s := shared(t)
	a, table := s.athena(), s.table("n int, text string, day date", openx, map[string][]byte{"a": []byte(`{"n":1,"text":"it's","day":"2021-02-03"}` + "\n" + `{"n":2,"text":"b"}` + "\n")})
	parameters := func(values ...string) func(*athena.StartQueryExecutionInput) {
		return func(in *athena.StartQueryExecutionInput) { in.ExecutionParameters = values }
	}
	require.Equal(t, [][]string{{"1"}}, values(t, a, "SELECT n FROM "+table+" WHERE text = ? AND n < ?", parameters("'it''s'", "2")))
	require.Equal(t, [][]string{{"1"}}, values(t, a, "SELECT n FROM "+table+" WHERE day = ?", parameters("DATE '2021-02-03'")))
	require.Equal(t, [][]string{{"2"}}, values(t, a, "SELECT n FROM "+table+" WHERE text = ?", parameters("'b'")))
	q := run(t, a, "SELECT ?, ?", parameters("1 + 1", "not an expression"))
	require.Equal(t, []string{"1 + 1", "not an expression"}, q.ExecutionParameters)
	got, _ := results(t, a, *q.QueryExecutionId)
	require.Equal(t, []string{"2", "not an expression"}, got[1])
	requireFailed(t, execute(t, a, "SELECT ?", parameters("1", "2")), "INVALID_PARAMETER_USAGE")
	database, _, _ := strings.Cut(table, ".")
	require.Equal(t, [][]string{{"2"}}, values(t, a, "SELECT count(*) FROM t", inDatabase(database)))
	requireFailed(t, execute(t, a, "SELECT count(*) FROM t", inDatabase("default")), "TABLE_NOT_FOUND")
	requireFailed(t, execute(t, a, "SELECT 1", func(in *athena.StartQueryExecutionInput) {
		in.QueryExecutionContext = &types.QueryExecutionContext{Catalog: aws.String("other")}
	}), "CATALOG_NOT_FOUND")
}

func TestAthenaWorkGroups(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	a, name, bucket := s.athena(), unique("wg-"), s.bucket()
	primary, err := a.GetWorkGroup(ctx, &athena.GetWorkGroupInput{WorkGroup: aws.String("primary")})
	require.NoError(t, err)
	require.Equal(t, types.WorkGroupStateEnabled, primary.WorkGroup.State)
	require.NotNil(t, primary.WorkGroup.Configuration.EnforceWorkGroupConfiguration)
	require.Equal(t, "Athena engine version 3", *primary.WorkGroup.Configuration.EngineVersion.EffectiveEngineVersion)
	_, err = a.CreateWorkGroup(ctx, &athena.CreateWorkGroupInput{Name: &name, Description: aws.String("of a test"), Configuration: &types.WorkGroupConfiguration{
		ResultConfiguration: &types.ResultConfiguration{OutputLocation: aws.String("s3://" + bucket + "/wg/")}, BytesScannedCutoffPerQuery: aws.Int64(10_000_000),
	}})
	require.NoError(t, err)
	var listed []string
	pages := athena.NewListWorkGroupsPaginator(a, &athena.ListWorkGroupsInput{MaxResults: aws.Int32(1)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		require.NoError(t, err)
		for _, g := range page.WorkGroups {
			listed = append(listed, *g.Name)
		}
	}
	require.Subset(t, listed, []string{"primary", name})

	// 11 MB of JSON are more than the limit.
	line := `{"n":1,"text":"` + strings.Repeat("x", 1000) + `"}` + "\n"
	table := s.table("n int, text string", openx, map[string][]byte{"a": []byte(strings.Repeat(line, 11_000_000/len(line)+1))})
	in := func(group string) func(*athena.StartQueryExecutionInput) {
		return func(in *athena.StartQueryExecutionInput) {
			in.WorkGroup = &group
			in.ResultConfiguration = &types.ResultConfiguration{OutputLocation: aws.String("s3://" + bucket + "/mine/")}
		}
	}
	q := execute(t, a, "SELECT count(*) FROM "+table, in(name))
	require.Equal(t, types.QueryExecutionStateCancelled, q.Status.State)
	require.Contains(t, aws.ToString(q.Status.StateChangeReason), "Bytes scanned limit was exceeded")
	require.Equal(t, "s3://"+bucket+"/wg/"+*q.QueryExecutionId+".csv", *q.ResultConfiguration.OutputLocation, "the workgroup's settings are enforced")
	require.Equal(t, types.QueryExecutionStateSucceeded, execute(t, a, "SELECT count(*) FROM "+table).Status.State)
	_, err = a.UpdateWorkGroup(ctx, &athena.UpdateWorkGroupInput{WorkGroup: &name, ConfigurationUpdates: &types.WorkGroupConfigurationUpdates{
		RemoveBytesScannedCutoffPerQuery: aws.Bool(true), EnforceWorkGroupConfiguration: aws.Bool(false),
	}})
	require.NoError(t, err)
	q = run(t, a, "SELECT count(*) FROM "+table, in(name))
	require.Equal(t, "s3://"+bucket+"/mine/"+*q.QueryExecutionId+".csv", *q.ResultConfiguration.OutputLocation)
	_, err = a.UpdateWorkGroup(ctx, &athena.UpdateWorkGroupInput{WorkGroup: &name, ConfigurationUpdates: &types.WorkGroupConfigurationUpdates{BytesScannedCutoffPerQuery: aws.Int64(1)}})
	requireInvalid(t, err, "INVALID_INPUT", "greater than or equal to 10000000")
	_, err = a.UpdateWorkGroup(ctx, &athena.UpdateWorkGroupInput{WorkGroup: &name, State: types.WorkGroupStateDisabled})
	require.NoError(t, err)
	_, err = a.StartQueryExecution(ctx, &athena.StartQueryExecutionInput{QueryString: aws.String("SELECT 1"), WorkGroup: &name})
	requireInvalid(t, err, "INVALID_INPUT", "disabled")

	ids, err := a.ListQueryExecutions(ctx, &athena.ListQueryExecutionsInput{WorkGroup: &name})
	require.NoError(t, err)
	require.Len(t, ids.QueryExecutionIds, 2)
	require.Nil(t, ids.NextToken)
	_, err = a.DeleteWorkGroup(ctx, &athena.DeleteWorkGroupInput{WorkGroup: &name, RecursiveDeleteOption: aws.Bool(true)})
	require.NoError(t, err)
	_, err = a.GetWorkGroup(ctx, &athena.GetWorkGroupInput{WorkGroup: &name})
	requireInvalid(t, err, "INVALID_INPUT", "WorkGroup is not found.")
}

func TestAthenaListsAndBatches(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	a, group, bucket := s.athena(), unique("wg-"), s.bucket()
	_, err := a.CreateWorkGroup(ctx, &athena.CreateWorkGroupInput{Name: &group, Configuration: &types.WorkGroupConfiguration{
		ResultConfiguration: &types.ResultConfiguration{OutputLocation: aws.String("s3://" + bucket + "/")},
	}})
	require.NoError(t, err)
	var want []string // newest first
	for i := range 7 {
		q := run(t, a, fmt.Sprintf("SELECT %d", i), func(in *athena.StartQueryExecutionInput) { in.WorkGroup = &group })
		want = append([]string{*q.QueryExecutionId}, want...)
	}
	var got []string
	in := &athena.ListQueryExecutionsInput{WorkGroup: &group, MaxResults: aws.Int32(3)}
	for {
		page, err := a.ListQueryExecutions(ctx, in)
		require.NoError(t, err)
		require.LessOrEqual(t, len(page.QueryExecutionIds), 3)
		got = append(got, page.QueryExecutionIds...)
		if page.NextToken == nil {
			break
		}
		require.NotEmpty(t, *page.NextToken)
		in.NextToken = page.NextToken
	}
	require.Equal(t, want, got)
	unknown := uuid.NewString()
	batch, err := a.BatchGetQueryExecution(ctx, &athena.BatchGetQueryExecutionInput{QueryExecutionIds: append(want[:2:2], unknown)})
	require.NoError(t, err)
	require.Len(t, batch.QueryExecutions, 2)
	require.Equal(t, "SELECT 6", *batch.QueryExecutions[0].Query)
	require.Len(t, batch.UnprocessedQueryExecutionIds, 1)
	require.Equal(t, unknown, *batch.UnprocessedQueryExecutionIds[0].QueryExecutionId)
	require.Equal(t, "QUERY_EXECUTION_NOT_FOUND", *batch.UnprocessedQueryExecutionIds[0].ErrorCode)
	_, err = a.GetQueryExecution(ctx, &athena.GetQueryExecutionInput{QueryExecutionId: &unknown})
	requireInvalid(t, err, "QUERY_EXECUTION_NOT_FOUND", "QueryExecution "+unknown+" was not found")
	_, err = a.GetQueryResults(ctx, &athena.GetQueryResultsInput{QueryExecutionId: &want[0], MaxResults: aws.Int32(1001)})
	requireInvalid(t, err, "INVALID_INPUT", "MaxResults is more than maximum allowed length 1000")
	_, err = a.GetQueryResults(ctx, &athena.GetQueryResultsInput{QueryExecutionId: &want[0], NextToken: aws.String("nonsense")})
	requireInvalid(t, err, "INVALID_INPUT", "Malformed nextPageToken nonsense")
	stats, err := a.GetQueryRuntimeStatistics(ctx, &athena.GetQueryRuntimeStatisticsInput{QueryExecutionId: &want[0]})
	require.NoError(t, err)
	line := stats.QueryRuntimeStatistics.Timeline
	require.GreaterOrEqual(t, *line.TotalExecutionTimeInMillis, *line.EngineExecutionTimeInMillis)
	require.NotNil(t, line.QueryPlanningTimeInMillis)
	require.NotNil(t, line.QueryQueueTimeInMillis)
	require.Positive(t, *stats.QueryRuntimeStatistics.Rows.OutputBytes)
}

func TestAthenaMetadata(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	a, db, bucket := s.athena(), s.database(), s.bucket()
	catalog := aws.String("AwsDataCatalog")
	catalogs, err := a.ListDataCatalogs(ctx, &athena.ListDataCatalogsInput{})
	require.NoError(t, err)
	require.Equal(t, "AwsDataCatalog", *catalogs.DataCatalogsSummary[0].CatalogName)
	for i := range 3 {
		run(t, a, fmt.Sprintf("CREATE EXTERNAL TABLE %s.t%d (a int COMMENT 'c', B array<string>) PARTITIONED BY (day string) %s LOCATION 's3://%s/t%d/' TBLPROPERTIES ('k'='v')", db, i, openx, bucket, i))
	}
	run(t, a, fmt.Sprintf("CREATE VIEW %s.v AS SELECT a, day FROM %s.t0", db, db))
	var names []string
	pages := athena.NewListTableMetadataPaginator(a, &athena.ListTableMetadataInput{CatalogName: catalog, DatabaseName: &db, MaxResults: aws.Int32(2)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		require.NoError(t, err)
		require.False(t, page.NextToken != nil && *page.NextToken == "")
		for _, m := range page.TableMetadataList {
			names = append(names, *m.Name+" "+*m.TableType)
		}
	}
	require.Equal(t, []string{"t0 EXTERNAL_TABLE", "t1 EXTERNAL_TABLE", "t2 EXTERNAL_TABLE", "v VIRTUAL_VIEW"}, names)
	matching, err := a.ListTableMetadata(ctx, &athena.ListTableMetadataInput{CatalogName: catalog, DatabaseName: &db, Expression: aws.String("t1")})
	require.NoError(t, err)
	require.Len(t, matching.TableMetadataList, 1)
	meta, err := a.GetTableMetadata(ctx, &athena.GetTableMetadataInput{CatalogName: catalog, DatabaseName: &db, TableName: aws.String("t1")})
	require.NoError(t, err)
	m := meta.TableMetadata
	require.Equal(t, []types.Column{{Name: aws.String("a"), Type: aws.String("int"), Comment: aws.String("c")}, {Name: aws.String("b"), Type: aws.String("array<string>")}}, m.Columns)
	require.Equal(t, []types.Column{{Name: aws.String("day"), Type: aws.String("string")}}, m.PartitionKeys)
	require.Equal(t, "v", m.Parameters["k"])
	require.Equal(t, "s3://"+bucket+"/t1/", m.Parameters["location"])
	require.Equal(t, "org.openx.data.jsonserde.JsonSerDe", m.Parameters["serde.serialization.lib"])
	_, err = a.GetTableMetadata(ctx, &athena.GetTableMetadataInput{CatalogName: catalog, DatabaseName: &db, TableName: aws.String("none")})
	var missing *types.MetadataException
	require.ErrorAs(t, err, &missing)
	found := false
	databases := athena.NewListDatabasesPaginator(a, &athena.ListDatabasesInput{CatalogName: catalog, MaxResults: aws.Int32(1)})
	for databases.HasMorePages() {
		page, err := databases.NextPage(ctx)
		require.NoError(t, err)
		found = found || *page.DatabaseList[0].Name == db
	}
	require.True(t, found)
	one, err := a.GetDatabase(ctx, &athena.GetDatabaseInput{CatalogName: catalog, DatabaseName: &db})
	require.NoError(t, err)
	require.Equal(t, db, *one.Database.Name)
	_, err = a.GetDatabase(ctx, &athena.GetDatabaseInput{CatalogName: catalog, DatabaseName: aws.String("none")})
	require.ErrorAs(t, err, &missing)
}

// metaColumn is a column in a .csv.metadata object.
type metaColumn struct {
	Name, Type       string
	Precision, Scale uint64
}

// readMetadata decodes the protobuf of a .metadata object with the field
// numbers that burtcorp/athena-jdbc reads.
func readMetadata(t testing.TB, b []byte) (id string, columns []metaColumn) {
	t.Helper()
	fields(t, b, func(n protowire.Number, text []byte, _ uint64) {
		switch n {
		case 1:
			id = string(text)
		case 4:
			c := metaColumn{}
			fields(t, text, func(n protowire.Number, text []byte, v uint64) {
				switch n {
				case 1:
					require.Equal(t, "hive", string(text))
				case 4:
					c.Name = string(text)
				case 5:
					require.Equal(t, c.Name, string(text))
				case 6:
					c.Type = string(text)
				case 7:
					c.Precision = v
				case 8:
					c.Scale = v
				case 9:
					require.Equal(t, uint64(3), v)
				}
			})
			columns = append(columns, c)
		}
	})
	return id, columns
}

func fields(t testing.TB, b []byte, visit func(protowire.Number, []byte, uint64)) {
	t.Helper()
	for len(b) > 0 {
		n, kind, size := protowire.ConsumeTag(b)
		require.Positive(t, size)
		b = b[size:]
		switch kind {
		case protowire.BytesType:
			text, size := protowire.ConsumeBytes(b)
			require.Positive(t, size)
			visit(n, text, 0)
			b = b[size:]
		case protowire.VarintType:
			v, size := protowire.ConsumeVarint(b)
			require.Positive(t, size)
			visit(n, nil, v)
			b = b[size:]
		default:
			t.Fatalf("field %d has wire type %d", n, kind)
		}
	}
}

// TestAthenaResultObjects compares the objects in the output location with what
// Athena writes, byte by byte.
func TestAthenaResultObjects(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	a := s.athena()
	sql := `SELECT 1 AS i, CAST('한"국' AS varchar) AS "a ""b""", 1.5e0 AS d, CAST(2.50 AS decimal(10,2)) AS m, true AS t,
		DATE '2021-02-03' AS day, TIMESTAMP '2021-02-03 04:05:06.789' AS ts, ARRAY[1,NULL] AS l, MAP(ARRAY['k'],ARRAY['v, w']) AS map,
		CAST(ROW(1,'x') AS ROW(a integer, b varchar)) AS r, CAST(NULL AS varchar) AS n, '' AS e, 1e20 AS big, CAST('ab' AS varbinary) AS bin`
	q := run(t, a, sql)
	require.Equal(t, `"i","a ""b""","d","m","t","day","ts","l","map","r","n","e","big","bin"`+"\n"+
		`"1","한""국","1.5","2.50","true","2021-02-03","2021-02-03 04:05:06.789","[1, null]","{k=v, w}","{a=1, b=x}",,"","1.0E20","61 62"`+"\n",
		string(s.get(*q.ResultConfiguration.OutputLocation)))
	id, columns := readMetadata(t, s.get(*q.ResultConfiguration.OutputLocation+".metadata"))
	require.Equal(t, *q.QueryExecutionId, id)
	_, infos := results(t, a, id)
	require.Len(t, columns, len(infos))
	for i, c := range infos {
		require.Equal(t, metaColumn{*c.Name, *c.Type, uint64(c.Precision), uint64(c.Scale)}, columns[i])
	}
	bucket, key, _ := strings.Cut(strings.TrimPrefix(*q.ResultConfiguration.OutputLocation, "s3://"), "/")
	head, err := s.s3().HeadObject(ctx, &s3.HeadObjectInput{Bucket: &bucket, Key: &key})
	require.NoError(t, err)
	require.Equal(t, "text/csv", aws.ToString(head.ContentType))

	show := run(t, a, "SHOW TABLES IN shared")
	require.True(t, strings.HasSuffix(*show.ResultConfiguration.OutputLocation, *show.QueryExecutionId+".txt"))
	require.Equal(t, "visits", string(s.get(*show.ResultConfiguration.OutputLocation)))
	_, columns = readMetadata(t, s.get(*show.ResultConfiguration.OutputLocation+".metadata"))
	require.Equal(t, []metaColumn{{Name: "tab_name", Type: "string"}}, columns)
	explain := run(t, a, "EXPLAIN SELECT 1")
	require.Equal(t, "EXPLAIN", aws.ToString(explain.SubstatementType))
	got, _ := results(t, a, *explain.QueryExecutionId)
	require.Equal(t, []string{"Query Plan"}, got[0])
	require.Greater(t, len(got), 1)
}
