package ddl

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/parser"
	"github.com/scopsdb/scops/internal/sql/types"
)

// hiveTypes are all types of columns, nested too.
var hiveTypes = []string{
	"boolean", "tinyint", "smallint", "int", "bigint", "float", "double", "double precision", "string", "binary", "date",
	"timestamp", "decimal", "decimal(5)", "decimal(38,38)", "char(255)", "varchar(65535)", "array<int>", "map<string,double>",
	"struct<a:int,b_c:string>", "struct<`date`:int,`a-b`:string,`_c`:array<struct<`time`:timestamp>>>",
	"array<map<varchar(3),struct<x:decimal(10,2),y:array<array<string>>>>>",
}

// roundTrips are tables with each clause.
func roundTrips() []string {
	statements := []string{
		"CREATE EXTERNAL TABLE t (id bigint, `날짜` date COMMENT 'it\\'s \\\\ \"a\"') COMMENT 'line\\nline' PARTITIONED BY (`year` string COMMENT 'y', month int) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' WITH SERDEPROPERTIES ('mapping.id'='ID') LOCATION 's3://lake/t/' TBLPROPERTIES ('classification'='json', 'a b'='c\\'d', 'tab'='\\t\\u0007')",
		"CREATE EXTERNAL TABLE t (a string, b array<struct<x:int,y:map<string,double>>>) ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\001' ESCAPED BY '\\\\' COLLECTION ITEMS TERMINATED BY '\\002' MAP KEYS TERMINATED BY ':' LINES TERMINATED BY '\\n' NULL DEFINED AS '' LOCATION 's3://lake/t'",
		"CREATE EXTERNAL TABLE t (a int, `user` string) PARTITIONED BY (p string) CLUSTERED BY (a, `user`) SORTED BY (a ASC, `user` DESC) INTO 32 BUCKETS STORED AS PARQUET LOCATION 's3://lake/t/'",
		"CREATE EXTERNAL TABLE t (a string) ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.RegexSerDe' WITH SERDEPROPERTIES ('input.regex'='^(\\\\S+) \\\\[(.*?)\\\\] \\\"([^\\\"]*)\\\"$') LOCATION 's3://lake/t/'",
	}
	for word := range storedFormats {
		if word != "" {
			statements = append(statements, "CREATE EXTERNAL TABLE t (a string) STORED AS "+word+" LOCATION 's3://lake/t/'")
		}
	}
	for serde := range knownSerDes {
		statements = append(statements, "CREATE EXTERNAL TABLE t (a string) ROW FORMAT SERDE '"+serde+"' LOCATION 's3://lake/t/'")
	}
	var columns []string
	for i, typ := range hiveTypes {
		columns = append(columns, fmt.Sprintf("c%d %s", i, typ))
	}
	return append(statements, "CREATE EXTERNAL TABLE t ("+strings.Join(columns, ", ")+") STORED AS ORC LOCATION 's3://lake/t/'")
}

func (l *lake) shown(statement string) string {
	var lines []string
	for _, row := range l.must(statement).Rows {
		lines = append(lines, row[0])
	}
	return strings.Join(lines, "\n")
}

// TestShowCreateTableMakesTheTableAgain runs what SHOW CREATE TABLE prints.
func TestShowCreateTableMakesTheTableAgain(t *testing.T) {
	l := newLake(t)
	l.must("CREATE DATABASE shop")
	for _, statement := range roundTrips() {
		l.must(statement)
		before, err := l.Catalog.Table(t.Context(), "shop", "t")
		require.NoError(t, err)
		text := l.shown("SHOW CREATE TABLE t")
		l.must("DROP TABLE t")
		l.must(text)
		after, err := l.Catalog.Table(t.Context(), "shop", "t")
		require.NoError(t, err)
		again := *after
		again.CreateTime, again.UpdateTime, again.Version = before.CreateTime, before.UpdateTime, before.Version
		require.Equal(t, *before, again, text)
		require.Equal(t, text, l.shown("SHOW CREATE TABLE t"))
		l.must("DROP TABLE t")
	}
}

// TestShowCreateTableOfGlue: a table that no DDL made, with a dot in its name
// and without what is optional, comes back as one that reads the same files.
func TestShowCreateTableOfGlue(t *testing.T) {
	l := newLake(t)
	l.must("CREATE DATABASE shop")
	require.NoError(t, l.Catalog.CreateTable(t.Context(), catalog.Table{
		Database: "shop", Name: "a.b`c", Location: "s3://lake/ab/", Columns: []catalog.Column{{Name: "a-b", Type: "struct<x-y:int>"}},
	}, false))
	text := l.shown("SHOW CREATE TABLE shop.`a.b``c`")
	l.must("DROP TABLE `shop`.`a.b``c`")
	l.must(text)
	made, err := l.Catalog.Table(t.Context(), "shop", "a.b`c")
	require.NoError(t, err)
	require.Equal(t, []catalog.Column{{Name: "a-b", Type: "struct<x-y:int>"}}, made.Columns)
	require.Equal(t, storedFormats[""], storedAs{made.InputFormat, made.OutputFormat, made.SerDe.Library})
}

// TestShowCreateViewMakesTheViewAgain reads what SHOW CREATE VIEW prints.
func TestShowCreateViewMakesTheViewAgain(t *testing.T) {
	l := newLake(t)
	l.must("CREATE DATABASE shop")
	for name, comment := range map[string]string{
		"plain": "", "by_day": "it's 한국", "123view": "", "select": "", "my-view": "a\nb", `quo"ted`: "", "a.b": "",
	} {
		v := View{Name: name, SQL: "SELECT day\nFROM\n  orders", Comment: comment, Columns: []analyzer.Column{{Name: "day", Type: types.VarcharUnbounded}}}
		require.NoError(t, l.CreateView(t.Context(), v, Context{Database: "shop"}))
		text := l.shown("SHOW CREATE VIEW shop." + quoteName(name))
		stmt, err := parser.ParseStatement(text)
		require.NoError(t, err, text)
		made := stmt.(*ast.CreateView)
		require.Len(t, made.Name.Parts, 2)
		require.Equal(t, []string{"shop", name}, []string{made.Name.Parts[0].Value, made.Name.Parts[1].Value})
		if comment != "" {
			require.Equal(t, comment, made.Comment.Value)
		}
		require.Equal(t, "SELECT day FROM orders", ast.Format(made.Query))
	}
}

// TestViewsOfOthers: what Trino wrote is shown, what Hive or Spark wrote is
// refused by its name.
func TestViewsOfOthers(t *testing.T) {
	l := newLake(t)
	l.must("CREATE DATABASE shop")
	trino, err := analyzer.EncodeView(analyzer.View{SQL: "SELECT 1 x", Catalog: "hive", Schema: "shop", Columns: []analyzer.ViewColumn{{Name: "x", Type: "integer"}}, Owner: "someone"})
	require.NoError(t, err)
	materialized := strings.Replace(trino, "Presto View", "Presto Materialized View", 1)
	for name, text := range map[string]string{"of_trino": trino, "materialized": materialized, "of_hive": "SELECT `t`.`a` FROM `shop`.`t`", "of_spark": "/* Spark View */ SELECT 1"} {
		require.NoError(t, l.Catalog.CreateTable(t.Context(), catalog.Table{
			Database: "shop", Name: name, Type: catalog.VirtualView, ViewOriginalText: text, Columns: []catalog.Column{{Name: "x", Type: "int"}},
		}, false))
	}
	require.Equal(t, "CREATE VIEW shop.of_trino AS \nSELECT 1 x", l.shown("SHOW CREATE VIEW of_trino"))
	require.Equal(t, "x                   \tinteger             ", l.shown("DESCRIBE of_trino"))
	for name, kind := range map[string]string{"of_hive": "Hive", "of_spark": "Hive", "materialized": "Materialized"} {
		for _, statement := range []string{"SHOW CREATE VIEW ", "DESCRIBE "} {
			_, err := l.exec(statement + name)
			require.ErrorContains(t, err, "NOT_SUPPORTED")
			require.ErrorContains(t, err, kind+" views are not supported: 'shop."+name+"'")
		}
		require.Contains(t, l.shown("SHOW VIEWS"), name)
		require.Equal(t, "x                   ", l.shown("SHOW COLUMNS IN "+name))
		require.NoError(t, l.DropView(t.Context(), "shop", name, false, Context{}))
	}
}
