package e2e

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"
)

// estimated is a row of the files of TestEstimates.
type estimated struct {
	N    int32  `parquet:"n"`
	Text string `parquet:"text"`
}

// TestEstimates: what EXPLAIN says that a query would scan, it scans, for each
// format; of tables with partition projection too.
func TestEstimates(t *testing.T) {
	t.Parallel()
	s := shared(t)
	a := s.athena()
	bucket, database := s.bucket(), s.database()
	rows := make([]estimated, 500)
	var json, csv, packed, columns bytes.Buffer
	for i := range rows {
		rows[i] = estimated{int32(i), strings.Repeat("x", i%50)}
		fmt.Fprintf(&json, "{\"n\":%d,\"text\":%q}\n", rows[i].N, rows[i].Text)
		fmt.Fprintf(&csv, "\"%d\",\"%s\"\n", rows[i].N, rows[i].Text)
	}
	z := gzip.NewWriter(&packed)
	_, err := z.Write(json.Bytes())
	require.NoError(t, err)
	require.NoError(t, z.Close())
	w := parquet.NewGenericWriter[estimated](&columns)
	_, err = w.Write(rows)
	require.NoError(t, err)
	require.NoError(t, w.Close())

	for name, c := range map[string]struct {
		file   []byte
		suffix string
		format string
	}{
		"json":    {json.Bytes(), "", openx},
		"json_gz": {packed.Bytes(), ".gz", openx},
		"csv":     {csv.Bytes(), "", "ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde'"},
		"parquet": {columns.Bytes(), "", "STORED AS PARQUET"},
	} {
		table := database + "." + name
		for _, day := range []string{"2021-02-01", "2021-02-02", "2021-02-03"} {
			s.put(bucket, name+"/"+day+"/f"+c.suffix, c.file)
		}
		run(t, a, "CREATE EXTERNAL TABLE "+table+" (n int, text string) PARTITIONED BY (day string) "+c.format+" LOCATION 's3://"+bucket+"/"+name+"/'"+
			` TBLPROPERTIES ('projection.enabled'='true', 'projection.day.type'='date', 'projection.day.format'='yyyy-MM-dd',
			'projection.day.range'='2021-01-01,NOW', 'storage.location.template'='s3://`+bucket+"/"+name+"/${day}/')")
		for _, q := range []struct {
			sql    string
			files  int
			scans  bool // of any format
			answer string
		}{
			{"SELECT sum(CAST(n AS bigint)) FROM " + table + " WHERE day = '2021-02-02'", 1, true, "124750"},
			{"SELECT count(*) FROM " + table + " WHERE day BETWEEN '2021-02-02' AND '2021-02-04'", 2, name != "parquet", "1000"},
			{"SELECT count(DISTINCT day) FROM " + table + " WHERE day < '2021-03'", 3, name != "parquet", "3"},
			{"SELECT count(*) FROM " + table + " a, " + table + " b WHERE a.n = b.n AND a.day = '2021-02-01' AND b.day = '2021-02-02'", 2, true, "500"},
			{"SELECT count(*) FROM " + table + " WHERE day = '2020-01-01'", 0, false, "0"},
		} {
			plan := explainText(t, s, q.sql)
			m := regexp.MustCompile(`\n\nEstimate: \d+ of \d+ partitions, (\d+) files?, (\d+)B to scan\nCost: ([0-9.]+) USD`).FindStringSubmatch(plan)
			require.NotNil(t, m, plan)
			require.Equal(t, strconv.Itoa(q.files), m[1], q.sql)
			ran := run(t, a, q.sql)
			require.Equal(t, strconv.FormatInt(*ran.Statistics.DataScannedInBytes, 10), m[2], q.sql)
			require.Equal(t, q.scans, *ran.Statistics.DataScannedInBytes > 0, q.sql)
			require.Equal(t, map[bool]string{true: "0.000050", false: "0.000000"}[q.scans], m[3])
			got, _ := results(t, a, *ran.QueryExecutionId)
			require.Equal(t, q.answer, got[1][0], q.sql)
		}
	}
	require.Regexp(t, `"estimate" *: *{\s*"partitionsRead" *: *"1",`, explainText(t, s, "(FORMAT JSON) SELECT n FROM "+database+".json WHERE day = '2021-02-01'"))
	require.NotContains(t, explainText(t, s, "(TYPE IO) SELECT n FROM "+database+".json"), "Estimate")
	require.NotContains(t, explainText(t, s, "SELECT 1"), "Estimate")
}

// explainText is the whole result of EXPLAIN of a statement.
func explainText(t *testing.T, s *scops, sql string) string {
	q := run(t, s.athena(), "EXPLAIN "+sql)
	rows, _ := results(t, s.athena(), *q.QueryExecutionId)
	lines := make([]string, 0, len(rows))
	for _, r := range rows {
		lines = append(lines, r[0])
	}
	return strings.Join(lines, "\n")
}
