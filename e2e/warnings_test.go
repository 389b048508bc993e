package e2e

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/scopsdb/scops/internal/httpapi"
	"github.com/stretchr/testify/require"
)

// TestWarnings: beside a result stands what its reader would trip over, and
// nothing beside others.
func TestWarnings(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	a, store, bucket := s.athena(), s.s3(), "warnings"
	_, err := store.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &bucket})
	require.NoError(t, err)
	put := func(key, text string) {
		_, err := store.PutObject(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader(text)})
		require.NoError(t, err)
	}
	for _, day := range []string{"01", "02", "03"} {
		put("t/year=2021/day="+day+"/a.csv", "1,01\n")
	}
	put("t/year=2021/day=04/_SUCCESS", "x")
	put("t/other/a.csv", "1,01\n")
	run(t, a, "CREATE DATABASE warnings")
	run(t, a, `CREATE EXTERNAL TABLE warnings.t (n int, name string) PARTITIONED BY (year int, day string)
		ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LOCATION 's3://warnings/t/'`)
	run(t, a, `CREATE EXTERNAL TABLE warnings.big (name string) PARTITIONED BY (k string) LOCATION 's3://warnings/big/'`)
	for i := range 100 {
		put(fmt.Sprintf("big/k=%d/a", i), strings.Repeat("a line that is not looked at\n", 5000))
	}
	run(t, a, "MSCK REPAIR TABLE warnings.big")

	warnings := func(sql string) []string {
		t.Helper()
		rows, err := s.client().Query(ctx, httpapi.QueryRequest{SQL: sql})
		require.NoError(t, err)
		for err == nil {
			_, err = rows.Next()
		}
		require.ErrorIs(t, err, io.EOF)
		require.NoError(t, rows.Close())
		var out []string
		for _, w := range rows.Statistics.Warnings {
			out = append(out, w.Code+": "+w.Message)
		}
		return out
	}
	const add = "; ALTER TABLE `warnings`.`t` ADD PARTITION (`year` = '2021', `day` = '%s') fixes it"
	for sql, want := range map[string][]string{
		"SELECT * FROM warnings.t": {
			"UNREGISTERED_PARTITIONS: warnings.t: 0 of 3 folders that match are registered" + fmt.Sprintf(add, "01") + " for the first, MSCK REPAIR TABLE `warnings`.`t` for all"},
		"SELECT * FROM warnings.t WHERE year = 2021 AND day >= '03'": {
			"UNREGISTERED_PARTITIONS: warnings.t: 0 of 1 folders that match are registered" + fmt.Sprintf(add, "03")},
		"SELECT * FROM warnings.t WHERE year = 2021 AND day = '04'":                         nil,
		"SELECT * FROM warnings.t WHERE year = 2020":                                        nil,
		"SELECT * FROM warnings.t WHERE false":                                              nil,
		"SELECT count(*) FROM warnings.big WHERE k = '3'":                                   nil,
		"SELECT count(*) FROM warnings.big a, warnings.big b WHERE a.k = b.k AND a.k = '3'": nil,
		"SELECT count(*) FROM warnings.big WHERE k < '2' AND (k = '3' OR name = 'x')": {
			`CONDITION_CANNOT_PRUNE: warnings.big: the condition ((k = '3') OR (name = 'x')) has a partition key and other columns in it, so it cannot leave out partitions: all that the other conditions leave are read`},
		"SELECT count(*) FROM warnings.big WHERE name = ''": {
			"SCAN_COULD_BE_CUT: warnings.big: 100 partitions are read, 14500000 bytes; conditions on k would leave about a 100th of that"},
	} {
		require.Equal(t, want, warnings(sql), sql)
	}
	run(t, a, "ALTER TABLE warnings.t ADD PARTITION (year=2021, day='01')")
	require.Nil(t, warnings("SELECT * FROM warnings.t WHERE year = 2021 AND day = '01'"))

	_, stderr, err := s.command(ctx, "query", "--data", s.data, "SELECT * FROM warnings.t WHERE year = 2021 AND day = '02'")
	require.NoError(t, err)
	require.Contains(t, stderr, "warning: UNREGISTERED_PARTITIONS: warnings.t: 0 of 1 folders that match are registered")
	body := "SELECT n FROM warnings.t WHERE year = 2021 AND day = '02'"
	r, err := http.NewRequest(http.MethodPost, s.endpoint+"/_scops/v1/query", strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "text/plain")
	s.signing("scops").sign(t, r, []byte(body))
	_, header, _ := exchange(t, r)
	require.Contains(t, header.Get(httpapi.HeaderWarning), "UNREGISTERED_PARTITIONS: warnings.t: 0 of 1 folders")
}
