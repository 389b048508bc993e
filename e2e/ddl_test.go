package e2e

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/stretchr/testify/require"
)

// TestDDL runs the statements of the catalog through the Athena API, in order,
// and compares what each prints.
func TestDDL(t *testing.T) {
	t.Parallel()
	s := shared(t)
	a, db, bucket := s.athena(), unique("ddl_"), s.bucket()
	for _, key := range []string{"orders/year=2021/month=02/a.json", "orders/year=2021/month=03/a.json", "moved/a.json"} {
		s.put(bucket, key, []byte(`{"order_id":"`+key+`","items":[{"sku":"s","n":2}]}`+"\n"))
	}
	fill := strings.NewReplacer("$db", db, "$b", bucket)
	pad := func(texts ...string) string {
		for i, text := range texts {
			texts[i] = text + strings.Repeat(" ", max(0, 20-len(text)))
		}
		return strings.Join(texts, "\t")
	}
	// A statement that prints nothing has nil rows.
	for _, c := range []struct {
		sql, kind, substatement string
		columns                 string // names, with spaces between
		want                    []string
	}{
		{"CREATE DATABASE IF NOT EXISTS $db COMMENT 'of a test' LOCATION 's3://$b/'", "DDL", "CREATE_DATABASE", "", nil},
		{"CREATE SCHEMA IF NOT EXISTS $db", "DDL", "CREATE_DATABASE", "", nil},
		{"SHOW DATABASES LIKE '$db'", "UTILITY", "SHOW_DATABASES", "database_name", []string{db}},
		{"SHOW SCHEMAS LIKE '$db'", "UTILITY", "SHOW_DATABASES", "database_name", []string{db}},
		{`CREATE EXTERNAL TABLE IF NOT EXISTS $db.orders (
			order_id string, District string COMMENT 'of Seoul', items array<struct<sku:string, n:int>>
		) PARTITIONED BY (year string, month string) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
		LOCATION 's3://$b/orders/' TBLPROPERTIES ('has_encrypted_data'='false')`, "DDL", "CREATE_TABLE", "", nil},
		{"CREATE EXTERNAL TABLE $db.hive (a int, b map<string,double>) ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe' LOCATION 's3://$b/hive/'", "DDL", "CREATE_TABLE", "", nil},
		{"CREATE EXTERNAL TABLE $db.lazy (a int, b string) ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t' ESCAPED BY '\\\\' LINES TERMINATED BY '\\n' STORED AS TEXTFILE LOCATION 's3://$b/lazy/'", "DDL", "CREATE_TABLE", "", nil},
		{"CREATE EXTERNAL TABLE $db.open (a string) ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde' WITH SERDEPROPERTIES ('separatorChar'=';','quoteChar'='\"','escapeChar'='\\\\') LOCATION 's3://$b/open/'", "DDL", "CREATE_TABLE", "", nil},
		{"CREATE EXTERNAL TABLE $db.pq (a decimal(10,2), day date) STORED AS PARQUET LOCATION 's3://$b/pq/' TBLPROPERTIES ('parquet.compression'='ZSTD')", "DDL", "CREATE_TABLE", "", nil},
		{"SHOW TABLES IN $db", "UTILITY", "SHOW_TABLES", "tab_name", []string{"hive", "lazy", "open", "orders", "pq"}},
		{"SHOW TABLES IN $db 'o*'", "UTILITY", "SHOW_TABLES", "tab_name", []string{"open", "orders"}},
		{"SHOW COLUMNS IN $db.orders", "UTILITY", "SHOW_COLUMNS", "field", []string{pad("order_id"), pad("district"), pad("items"), pad("year"), pad("month")}},
		{"ALTER TABLE $db.orders ADD PARTITION (year='2021', month='02')", "DDL", "ALTER_TABLE_ADD_PARTITION", "", nil},
		{"ALTER TABLE $db.orders ADD IF NOT EXISTS PARTITION (year='2021', month='02') PARTITION (year='2021', month='09') LOCATION 's3://$b/moved/'", "DDL", "ALTER_TABLE_ADD_PARTITION", "", nil},
		{"SHOW PARTITIONS $db.orders", "UTILITY", "SHOW_PARTITIONS", "partition", []string{"year=2021/month=02", "year=2021/month=09"}},
		{"MSCK REPAIR TABLE $db.orders", "DDL", "MSCK_REPAIR", "", []string{
			"Partitions not in metastore:\torders:year=2021/month=03", "Repair: Added partition to metastore orders:year=2021/month=03"}},
		{"SELECT order_id, month FROM $db.orders ORDER BY month", "DML", "SELECT", "order_id month", nil},
		{"ALTER TABLE $db.orders DROP PARTITION (year='2021', month='09'), PARTITION (year='2021', month='02')", "DDL", "ALTER_TABLE_DROP_PARTITION", "", nil},
		{"SHOW PARTITIONS $db.orders", "UTILITY", "SHOW_PARTITIONS", "partition", []string{"year=2021/month=03"}},
		{"ALTER TABLE $db.orders ADD PARTITION (year='2021', month='01') PARTITION (year='2020', month='12')", "DDL", "ALTER_TABLE_ADD_PARTITION", "", nil},
		{"ALTER TABLE $db.orders DROP PARTITION (year <= '2021', month < '02')", "DDL", "ALTER_TABLE_DROP_PARTITION", "", nil},
		{"ALTER TABLE `$db.orders` PARTITION (year='2020', month='12') RENAME TO PARTITION (year='2021', month='04')", "DDL", "ALTER_TABLE_RENAME_PARTITION", "", nil},
		{"SHOW PARTITIONS $db.orders PARTITION (month='04')", "UTILITY", "SHOW_PARTITIONS", "partition", []string{"year=2021/month=04"}},
		{"DESCRIBE $db.orders", "UTILITY", "DESCRIBE_TABLE", "col_name data_type comment", []string{
			pad("order_id", "string", ""), pad("district", "string", "of Seoul"), pad("items", "array<struct<sku:string,n:int>>", ""), pad("year", "string", ""), pad("month", "string", ""),
			"\t \t ", "# Partition Information\t \t ", "# " + pad("col_name", "data_type", "comment"), "\t \t ", pad("year", "string", ""), pad("month", "string", ""),
		}},
		{"SHOW TBLPROPERTIES $db.pq ('parquet.compression')", "UTILITY", "SHOW_TABLE_PROPERTIES", "prpt_name prpt_value", []string{"ZSTD"}},
		{"CREATE OR REPLACE VIEW $db.days AS SELECT month, count(*) AS n FROM $db.orders GROUP BY month", "DDL", "CREATE_VIEW", "", nil},
		{"SHOW VIEWS IN $db", "UTILITY", "SHOW_VIEWS", "views", []string{"days"}},
		{"DESCRIBE $db.days", "UTILITY", "DESC_VIEW", "column type", []string{pad("month", "varchar"), pad("n", "bigint")}},
		{"SHOW CREATE VIEW $db.days", "UTILITY", "SHOW_CREATE_VIEW", "create view", []string{"CREATE VIEW $db.days AS ", "SELECT month, count(*) AS n FROM $db.orders GROUP BY month"}},
		{"DROP VIEW $db.days", "DDL", "DROP_VIEW", "", nil},
		{"DROP TABLE IF EXISTS $db.nothing", "DDL", "DROP_TABLE", "", nil},
		{"DROP TABLE $db.open", "DDL", "DROP_TABLE", "", nil},
	} {
		sql := fill.Replace(c.sql)
		q := run(t, a, sql)
		require.Equal(t, c.kind, string(q.StatementType), sql)
		require.Equal(t, c.substatement, aws.ToString(q.SubstatementType), sql)
		got, columns := results(t, a, *q.QueryExecutionId)
		var names []string
		for _, column := range columns {
			names = append(names, *column.Name)
		}
		require.Equal(t, c.columns, strings.Join(names, " "), sql)
		if c.kind == "DML" {
			continue
		}
		var lines []string
		for _, row := range got {
			require.Len(t, row, 1, "one text a row")
			lines = append(lines, row[0])
		}
		for i, line := range c.want {
			c.want[i] = fill.Replace(line)
		}
		require.Equal(t, c.want, lines, sql)
		require.True(t, strings.HasSuffix(*q.ResultConfiguration.OutputLocation, ".txt"))
		require.Equal(t, strings.Join(lines, "\n"), string(s.get(*q.ResultConfiguration.OutputLocation)), sql)
	}
	for sql, want := range map[string][]string{
		`SELECT * FROM $db."orders$partitions" ORDER BY month`:                                                                                         {"2021 03", "2021 04"},
		`SELECT max(month) FROM $db."orders$partitions" WHERE month < '04'`:                                                                            {"03"},
		`SELECT "parquet.compression" FROM $db."pq$properties"`:                                                                                        {"ZSTD"},
		"SELECT table_name FROM information_schema.tables WHERE table_schema = '$db' AND table_name LIKE 'o%'":                                         {"orders"},
		"SELECT column_name, extra_info FROM information_schema.columns WHERE table_schema = '$db' AND table_name = 'orders' AND ordinal_position > 3": {"year partition key", "month partition key"},
	} {
		var got []string
		for _, row := range rows(t, a, fill.Replace(sql))[1:] {
			got = append(got, strings.Join(row, " "))
		}
		require.ElementsMatch(t, want, got, sql)
	}
	// SHOW CREATE TABLE prints a statement that makes the table again.
	create := rows(t, a, "SHOW CREATE TABLE "+db+".orders")
	var text []string
	for _, row := range create {
		text = append(text, row[0])
	}
	require.Contains(t, text, "CREATE EXTERNAL TABLE `orders`(")
	run(t, a, "DROP TABLE "+db+".orders")
	run(t, a, strings.Join(text, "\n"), inDatabase(db))
	require.Equal(t, text[:len(text)-1], firstCells(rows(t, a, "SHOW CREATE TABLE "+db+".orders"))[:len(text)-1])

	for _, c := range []struct{ sql, reason string }{
		{"CREATE DATABASE $db", "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. AlreadyExistsException"},
		{"DROP DATABASE $db", "is not empty"},
		{"DROP TABLE $db.nothing", "FAILED: SemanticException [Error 10001]: Table not found"},
		{"SHOW PARTITIONS $db.pq", "is not a partitioned table"},
		{"CREATE EXTERNAL TABLE $db.x (a int) LOCATION '/tmp/x'", "S3 URI"},
		{"CREATE EXTERNAL TABLE $db.x (a int) ROW FORMAT SERDE 'com.example.S' LOCATION 's3://$b/x/'", "Cannot validate serde: com.example.S"},
	} {
		q := execute(t, a, fill.Replace(c.sql))
		requireFailed(t, q, c.reason)
		reason := aws.ToString(q.Status.StateChangeReason)
		require.Equal(t, reason, string(s.get(*q.ResultConfiguration.OutputLocation)))
		failed, err := a.GetQueryResults(t.Context(), &athena.GetQueryResultsInput{QueryExecutionId: q.QueryExecutionId})
		require.NoError(t, err)
		require.Nil(t, failed.ResultSet.ResultSetMetadata)
		require.Equal(t, reason, *failed.ResultSet.Rows[0].Data[0].VarCharValue)
	}
	// A partition with columns of its own is read by them.
	s.put(bucket, "own/p=1/f", []byte("7,x\n"))
	for _, sql := range []string{
		"CREATE EXTERNAL TABLE $db.own (a bigint, b string) PARTITIONED BY (p string) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LOCATION 's3://$b/own/'",
		"MSCK REPAIR TABLE $db.own",
		"ALTER TABLE $db.own PARTITION (p='1') REPLACE COLUMNS (a int, b string)",
	} {
		run(t, a, fill.Replace(sql))
	}
	require.Equal(t, []string{"7", "x", "1"}, rows(t, a, "SELECT * FROM "+db+".own")[1])
	run(t, a, fill.Replace("ALTER TABLE $db.own PARTITION (p='1') REPLACE COLUMNS (a string, b string)"))
	requireFailed(t, execute(t, a, "SELECT * FROM "+db+".own"), "HIVE_PARTITION_SCHEMA_MISMATCH")

	run(t, a, "DROP DATABASE "+db+" CASCADE")
	require.Empty(t, rows(t, a, "SHOW DATABASES LIKE '"+db+"'"))
	require.Len(t, s.keys("s3://"+bucket+"/orders/"), 2, "the objects of dropped external tables stay")
}

func firstCells(rows [][]string) []string {
	out := make([]string, len(rows))
	for i, row := range rows {
		out[i] = row[0]
	}
	return out
}

// TestBlogScreens runs the statements of the fulfilment service as its authors
// wrote them.
func TestBlogScreens(t *testing.T) {
	t.Parallel()
	s := shared(t)
	a, db, bucket := s.athena(), unique("log_"), s.bucket()
	line := func(district, kind string) string {
		return `{"district":"` + district + `","delivery_type":"` + kind + `","product_name":"양말","order_date":"2021-02-03 10:00:00"}` + "\n"
	}
	s.put(bucket, "logs/year=2021/month=02/day=03/1.json", []byte(line("강남구", "dawn")+line("마포구", "dawn")))
	s.put(bucket, "logs/year=2021/month=02/day=04/1.json.gz", zipped(t, line("강남구", "normal")))
	run(t, a, "CREATE DATABASE "+db)
	run(t, a, "CREATE EXTERNAL TABLE IF NOT EXISTS `"+db+"`.`order_log` (\n  `district` string,\n  `delivery_type` string,\n  `product_name` string,\n  `order_date` timestamp\n)\n"+
		"PARTITIONED BY (\n  year string,\n  month string,\n  day string\n)\nROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'\nWITH SERDEPROPERTIES (\n  'serialization.format' = '1'\n) LOCATION 's3://"+bucket+"/logs/'\nTBLPROPERTIES ('has_encrypted_data'='false');")
	run(t, a, "ALTER TABLE order_log ADD PARTITION (year='2021', month='02', day='03') LOCATION 's3://"+bucket+"/logs/year=2021/month=02/day=03/'", inDatabase(db))
	run(t, a, "MSCK REPAIR TABLE order_log;", inDatabase(db))
	require.Equal(t, [][]string{{"강남구", "2"}, {"마포구", "1"}},
		values(t, a, "SELECT district, COUNT(*) AS cnt FROM order_log WHERE year = '2021' AND month = '02' AND day BETWEEN '03' AND '04' GROUP BY district ORDER BY cnt DESC", inDatabase(db)))
	require.Equal(t, [][]string{{"dawn", "2"}}, values(t, a, `SELECT delivery_type, COUNT(*) FROM "`+db+`"."order_log" WHERE day = '03' GROUP BY 1;`))
	q := execute(t, a, "SELECT date_format(order_date, '%Y-%m-%d') d, count(*) c FROM order_log GROUP BY 1 LIMIT 10", inDatabase(db))
	require.Equal(t, types.QueryExecutionStateSucceeded, q.Status.State, aws.ToString(q.Status.StateChangeReason))
}
