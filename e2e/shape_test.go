package e2e

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/stretchr/testify/require"
)

// shapedPipeline has everything that a delivery can make of events.
const shapedPipeline = `
queues: [{name: events}]
buckets: [{name: lake}]
statements:
  - sql: CREATE DATABASE IF NOT EXISTS shop
  - sql: |
      CREATE EXTERNAL TABLE IF NOT EXISTS shop.orders (order_id string, amount decimal(12,2), customer string, ordered_at timestamp)
      PARTITIONED BY (dt string, district string)
      ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/orders/' TBLPROPERTIES ('write.compression' = 'ZSTD')
deliveries:
  - name: orders
    queue: events
    table: shop.orders
    event_time: ordered_at
    timezone: Asia/Seoul
    max_wait: 50ms
    errors: s3://logs/errors/
    fields: {order_id: string, district: string, quantity: int, price: 'decimal(10,2)', ordered_at: timestamp}
    transform: |
      SELECT order_id, CAST(quantity * price AS decimal(12,2)) AS amount, ordered_at,
             json_extract_scalar("$body", '$.customer.id') AS customer
      FROM batch WHERE quantity <> 0
    partition:
      dt: date_format(ordered_at AT TIME ZONE 'Asia/Seoul', '%Y-%m-%d')
      district: lower(district)
    sort_by: [ordered_at]
    dedup: {key: order_id, window: 1h}
    target_file_size: 16MiB
    late: {older_than: 30d, action: reject}
    future: {ahead_of: 1h, action: receive_time}
`

// TestShapedDelivery sends events of every fate, some of them again, kills scops
// between, and counts.
func TestShapedDelivery(t *testing.T) {
	t.Parallel()
	s := start(t, shapedPipeline)
	now := time.Now().UTC().Truncate(time.Second)
	event := func(id string, quantity any, at time.Time) string {
		return fmt.Sprintf(`{"order_id":%q,"district":"GangNam","quantity":%v,"price":"12.50","ordered_at":%q,"customer":{"id":"c-%s"}}`, id, quantity, at.Format(time.RFC3339), id)
	}
	send := func(bodies ...string) {
		for _, body := range bodies {
			_, err := s.sender().SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: aws.String(eventsQueue), MessageBody: aws.String(body)})
			require.NoError(t, err)
		}
	}
	send(event("a", 2, now), event("b", 0, now), event("c", 1, now.Add(-31*24*time.Hour)), event("d", 3, now.Add(48*time.Hour)), event("e", `"x"`, now))
	s.kill()
	s.run()
	send(event("f", 1, now), event("a", 2, now), event("f", 5, now), event("b", 7, now))
	b := awaitBooks(t, s, 30*time.Second, "delivered", func(b books) bool { return b.sent == 9 && delivered(b) })
	require.EqualValues(t, 4, b.inFiles)
	require.EqualValues(t, 2, b.duplicates)
	require.EqualValues(t, 2, b.rejected)
	require.EqualValues(t, 1, b.filtered)
	day := func(at time.Time) string { return at.Add(9 * time.Hour).Format("2006-01-02") }
	require.Equal(t, [][]string{
		{"a", "25.00", "c-a", day(now), "gangnam"}, {"b", "87.50", "c-b", day(now), "gangnam"}, {"d", "37.50", "c-d", day(now.Add(48 * time.Hour)), "gangnam"}, {"f", "12.50", "c-f", day(now), "gangnam"},
	}, values(t, s.athena(), "SELECT order_id, amount, customer, dt, district FROM shop.orders ORDER BY 1"))
	for _, row := range values(t, s.athena(), `SELECT DISTINCT "$path" FROM shop.orders`) {
		require.Regexp(t, `^s3://lake/orders/dt=\d{4}-\d\d-\d\d/district=gangnam/orders-.*\.json\.zst$`, row[0])
	}
	list, err := s.client().Deliveries(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 1, list[0].Late)
	require.EqualValues(t, 1, list[0].Future)
}
