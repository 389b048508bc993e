package e2e

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"
)

// hiddenPipeline delivers one queue into a table of each SerDe.
const hiddenPipeline = `
queues: [{name: a}, {name: b}, {name: c}, {name: d}]
buckets: [{name: lake}]
statements:
  - sql: CREATE DATABASE shop
  - sql: CREATE EXTERNAL TABLE shop.parquet (id bigint) PARTITIONED BY (shop string) STORED AS PARQUET LOCATION 's3://lake/parquet/'
  - sql: CREATE EXTERNAL TABLE shop.openx (id bigint) PARTITIONED BY (shop string) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/openx/'
  - sql: CREATE EXTERNAL TABLE shop.hive (id bigint) PARTITIONED BY (shop string) ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe' LOCATION 's3://lake/hive/'
  - sql: CREATE EXTERNAL TABLE shop.grown (id bigint) STORED AS PARQUET LOCATION 's3://lake/grown/'
deliveries:
  - {name: grown, queue: d, table: shop.grown, max_wait: 20ms, errors: 's3://logs/errors/', unknown_fields: add}
  - {name: parquet, queue: a, table: shop.parquet, max_wait: 20ms, errors: 's3://logs/errors/'}
  - {name: openx, queue: b, table: shop.openx, max_wait: 20ms, errors: 's3://logs/errors/'}
  - {name: hive, queue: c, table: shop.hive, max_wait: 20ms, errors: 's3://logs/errors/'}
`

// TestHiddenColumns reads what a delivery adds to the files, and what Trino
// says of them, by name alone.
func TestHiddenColumns(t *testing.T) {
	t.Parallel()
	s := start(t, hiddenPipeline)
	a, q := s.athena(), s.sender()
	for i, table := range []string{"parquet", "openx", "hive"} {
		ids := map[string]string{}
		url := aws.String("http://127.0.0.1/000000000000/" + string(rune('a'+i)))
		before := time.Now().UTC().Truncate(time.Millisecond)
		for n := range 3 {
			sent, err := q.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: url, MessageBody: aws.String(fmt.Sprintf(`{"id":%d,"shop":"s%d"}`, n, n%2))})
			require.NoError(t, err)
			ids[fmt.Sprint(n)] = aws.ToString(sent.MessageId)
		}
		require.Eventually(t, func() bool { return values(t, a, `SELECT count("$path") FROM shop.`+table)[0][0] == "3" }, 20*time.Second, 20*time.Millisecond)
		for _, row := range values(t, a, `SELECT id, "$message_id", "$received_at", "$path", "$file_size", "$file_modified_time", "$partition", shop FROM shop.`+table) {
			require.Equal(t, ids[row[0]], row[1])
			at, err := time.Parse("2006-01-02 15:04:05.000", row[2])
			require.NoError(t, err)
			require.False(t, at.Before(before) || at.After(time.Now()), row[2])
			require.Equal(t, "shop="+row[7], row[6])
			require.Contains(t, row[3], "s3://lake/"+table+"/shop="+row[7]+"/"+table+"-")
			require.Equal(t, fmt.Sprint(len(s.get(row[3]))), row[4])
			modified, err := time.Parse("2006-01-02 15:04:05.000 UTC", row[5])
			require.NoError(t, err)
			require.False(t, modified.Before(before) || modified.After(time.Now()), row[5])
		}
		require.Len(t, values(t, a, "SELECT * FROM shop."+table)[0], 2, "a star leaves them out")
		require.Equal(t, [][]string{{"2"}}, values(t, a, "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'shop' AND table_name = '"+table+"'"))
		require.Equal(t, [][]string{{"1"}}, values(t, a, `SELECT count(*) FROM shop.`+table+` WHERE "$message_id" = '`+ids["2"]+`'`))
		require.Equal(t, [][]string{{"3"}}, values(t, a, `SELECT count(DISTINCT m) FROM (SELECT t."$message_id" AS m FROM shop.`+table+` t)`))
		requireFailed(t, execute(t, a, `SELECT "$message_id" FROM (SELECT * FROM shop.`+table+`)`), "COLUMN_NOT_FOUND")
	}
	// A file without the columns, which another writer left in the folder of an
	// external table: the file's own are there, the delivery's are not.
	s.put("lake", "other/x.json", []byte(`{"id":7}`+"\n"))
	run(t, a, "CREATE EXTERNAL TABLE shop.other (id bigint) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/other/'")
	require.Equal(t, [][]string{{"7", "s3://lake/other/x.json", "9"}}, values(t, a, `SELECT id, "$path", "$file_size" FROM shop.other`))
	require.Equal(t, [][]string{{"s3://lake/other/x.json"}}, values(t, a, `SELECT DISTINCT "$path" FROM shop.other`))
	for _, hidden := range []string{"$message_id", "$received_at", "$partition"} {
		requireFailed(t, execute(t, a, `SELECT "`+hidden+`" FROM shop.other`), "COLUMN_NOT_FOUND")
	}
	requireFailed(t, execute(t, a, `SELECT "$bucket" FROM shop.other`), "Hidden column '$bucket' is not supported")
	// Fields that no column asks for become columns; older rows read as NULL.
	for n, body := range []string{`{"id":1}`, `{"id":2,"Coupon":"A","item":{"sku":"x"}}`} {
		_, err := q.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: aws.String("http://127.0.0.1/000000000000/d"), MessageBody: aws.String(body)})
		require.NoError(t, err)
		require.Eventually(t, func() bool {
			return values(t, a, `SELECT count(*) FROM shop.grown WHERE "$path" IS NOT NULL`)[0][0] == fmt.Sprint(n+1)
		}, 20*time.Second, 20*time.Millisecond)
	}
	require.Equal(t, [][]string{{"1", "<NULL>", "<NULL>"}, {"2", "A", "x"}}, values(t, a, "SELECT id, coupon, json_extract_scalar(item, '$.sku') FROM shop.grown ORDER BY id"))
	// Delivered messages are gone from the queue.
	got, err := q.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: aws.String("http://127.0.0.1/000000000000/a"), MessageSystemAttributeNames: []sqstypes.MessageSystemAttributeName{sqstypes.MessageSystemAttributeNameAll}})
	require.NoError(t, err)
	require.Empty(t, got.Messages)
}
