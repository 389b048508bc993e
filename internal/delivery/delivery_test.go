package delivery

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/queue"
)

func TestEventsBecomeRows(t *testing.T) {
	for _, kind := range []formats.Kind{formats.Parquet, formats.JSON} {
		t.Run(kind.String(), func(t *testing.T) {
			r := newRig(t, []catalog.Table{ordersTable(kind)}, ordersConfig())
			r.start()
			for id := range 10 {
				r.send(orderEvent(id))
			}
			s := r.waitDone()
			require.EqualValues(t, 10, s.Sent)
			require.EqualValues(t, 10, s.InFiles)
			require.Zero(t, s.Rejected)
			require.Zero(t, s.Elsewhere)
			require.Equal(t, Running, s.State)
			rows := r.rows()
			require.Equal(t, []int64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, ids(rows))
			require.Len(t, rows["year=2021/month=02/day=01"], 4)
			first := rows["year=2021/month=02/day=01"][0]
			require.Equal(t, "강남구", *first.District)
			table, err := r.catalog.Table(context.Background(), "shop", "orders")
			require.NoError(t, err)
			require.Equal(t, "orders", table.Delivery)
			parts, err := r.catalog.Partitions(context.Background(), "shop", "orders")
			require.NoError(t, err)
			require.Len(t, parts, 3)
			require.Equal(t, "s3://lake/orders/year=2021/month=02/day=01/", parts[0].Location)
		})
	}
}

func TestDaysFollowTheZone(t *testing.T) {
	sent := time.Date(2021, 3, 1, 15, 30, 0, 0, time.UTC) // 00:30 of March 2 in Seoul
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, ordersConfig())
	l := mustLayout(t, ordersTable(formats.Parquet), ordersConfig())
	for event, want := range map[string]string{
		`{"id":1,"ordered_at":"2021-02-02T14:59:59.999Z"}`:  "year=2021/month=02/day=02",
		`{"id":2,"ordered_at":"2021-02-02T15:00:00Z"}`:      "year=2021/month=02/day=03",
		`{"id":3,"ordered_at":"2021-02-03 00:00:00"}`:       "year=2021/month=02/day=03",
		`{"id":4,"ordered_at":1612278000000}`:               "year=2021/month=02/day=03",
		`{"id":5,"ordered_at":"1999-12-31T23:59:59+09:00"}`: "year=1999/month=12/day=31", // years late
		`{"id":6}`:                   "year=2021/month=03/day=02",
		`{"id":7,"ordered_at":null}`: "year=2021/month=03/day=02",
	} {
		p := mustPlan(t, l, "b", sent, []message{{seq: 1, sentAt: sent, body: event}}, nil)
		require.Len(t, p.Objects, 1, event)
		require.Equal(t, "orders/"+want+"/orders-b-0.parquet", p.Objects[0].Key, event)
	}
	r.start()
	r.send(`{"id":1,"ordered_at":"2021-02-02T15:00:00Z"}`)
	r.waitDone()
	at := r.rows()["year=2021/month=02/day=03"][0].At
	require.Equal(t, "2021-02-02 15:00:00", time.UnixMilli(*at).UTC().Format(time.DateTime), "the column keeps the instant, in UTC")
}

func mustLayout(t testing.TB, table catalog.Table, c Config) *layout {
	target, err := newTarget(c.withDefaults(), &table)
	require.NoError(t, err)
	l, err := target.layout(t.Context(), nil)
	require.NoError(t, err)
	return l
}

func TestPartitionKeys(t *testing.T) {
	at := time.Date(2021, 2, 3, 4, 5, 6, 0, time.UTC)
	keys := func(defs ...string) []catalog.Column {
		var cs []catalog.Column
		for _, d := range defs {
			name, hive, _ := strings.Cut(d, " ")
			cs = append(cs, catalog.Column{Name: name, Type: hive})
		}
		return cs
	}
	event := `{"id":1,"ordered_at":"2021-02-03T04:05:06Z","region":"seoul/강남","shop":7,"vip":true,"due":"2021-03-04","blank":""}`
	for _, c := range []struct {
		keys []catalog.Column
		want string // or the error
	}{
		{keys(), "orders/"},
		{keys("year string", "month string", "day string", "hour string"), "orders/year=2021/month=02/day=03/hour=04/"},
		{keys("year int", "month int", "day int", "hour tinyint"), "orders/year=2021/month=2/day=3/hour=4/"},
		{keys("year varchar(4)", "month char(2)"), "orders/year=2021/month=02/"},
		{keys("dt string"), "orders/dt=2021-02-03/"},
		{keys("dt date", "hour int"), "orders/dt=2021-02-03/hour=4/"},
		{keys("date date"), "orders/date=2021-02-03/"},
		{keys("region string", "year int"), "orders/region=seoul%2F강남/year=2021/"},
		{keys("shop int", "vip boolean", "due date"), "orders/shop=7/vip=true/due=2021-03-04/"},
		{keys("blank string", "missing int"), "orders/blank=__HIVE_DEFAULT_PARTITION__/missing=__HIVE_DEFAULT_PARTITION__/"},
		{keys("day date"), "orders/day=2021-02-03/"},
		{keys("year varchar(3)"), "partition key year varchar(3): it must be a string or an integer that holds a year"},
		{keys("year tinyint"), "partition key year tinyint: it must be a string or an integer that holds a year"},
		{keys("dt int"), "partition key dt int: it holds the day as YYYY-MM-DD and must be a date or a string"},
		{keys("day string"), "partition key day string: it would mix days: the table needs a partition key month as well"},
		{keys("month string"), "partition key month string: it would mix days: the table needs a partition key year as well"},
		{keys("hour string"), "partition key hour string: it would mix days: the table needs a partition key day as well"},
		{keys("price double"), "partition key price double: a delivery can compute string, integer, boolean and date keys only"},
	} {
		table := ordersTable(formats.Parquet)
		table.PartitionKeys = c.keys
		config := ordersConfig()
		config.Timezone = "UTC"
		target, err := newTarget(config, &table)
		require.NoError(t, err)
		l, err := target.layout(t.Context(), nil)
		if err != nil {
			require.EqualError(t, err, "table shop.orders: "+c.want)
			continue
		}
		p := mustPlan(t, l, "b", at, []message{{sentAt: at, body: event}}, nil)
		require.Empty(t, p.rejected)
		require.Equal(t, c.want+"orders-b-0.parquet", p.Objects[0].Key)
	}
}

func TestBadInputGoesToTheErrorLocation(t *testing.T) {
	table := ordersTable(formats.Parquet)
	table.PartitionKeys = append(table.PartitionKeys, catalog.Column{Name: "region", Type: "string"})
	r := newRig(t, []catalog.Table{table}, ordersConfig())
	fixed := time.Date(2021, 4, 5, 23, 0, 0, 0, time.UTC)
	r.now = func() time.Time { return fixed }
	bad := map[string]string{ // body to reason
		`{"id":1`:                              "invalid JSON at byte 7: expected ',' or '}', found the end",
		``:                                     "empty body",
		`[1]`:                                  "not a JSON object: found an array",
		`{"id":"x"}`:                           `column id: expected bigint, found string "x"`,
		`{"id":1.5}`:                           "column id: expected bigint, found number 1.5 (has a fraction)",
		`{"price":1e9999}`:                     "column price: expected int, found number 1e9999 (out of range -2147483648 to 2147483647)",
		`{"district":{"a":1}}`:                 "column district: expected string, found an object",
		`{"ordered_at":"2021-02-30 00:00:00"}`: `column ordered_at: expected the event's time, found string "2021-02-30 00:00:00" (no such day)`,
		"{\"district\":\"\xff\xfe\"}":          "invalid UTF-8 at byte 13",
		`{"region":"` + strings.Repeat("가", 100) + `"}`: "column region: the value is too long for a partition: its object name would exceed 255 bytes in a part or 1024 in all",
		`{"id":1,"region":[]}`:                          "column region: expected string, found an array",
		strings.Repeat("x", 1<<20):                      "invalid JSON at byte 0: expected a value, found 'x'",
	}
	var bodies []string
	for body := range bad {
		bodies = append(bodies, body)
	}
	bodies = append(bodies, `{"id":99,"unheard_of":{"a":[1]},"district":"`+strings.Repeat("x", 1<<20-200)+`"}`)
	r.start()
	r.send(bodies...)
	s := r.waitDone()
	require.EqualValues(t, len(bad), s.Rejected)
	require.EqualValues(t, 1, s.InFiles)
	require.EqualValues(t, 1, s.UnknownFields)
	require.Equal(t, []int64{99}, ids(r.rows()))
	records := r.errorRecords()
	require.Len(t, records, len(bad))
	for _, e := range records {
		body := e.Body
		if e.Encoding == "base64" {
			raw, err := base64.StdEncoding.DecodeString(body)
			require.NoError(t, err)
			body = string(raw)
		}
		reason, ok := bad[body]
		require.True(t, ok, "a body that was not sent: %q", body)
		require.Equal(t, reason, e.Reason)
		require.Len(t, e.MessageID, 36)
		require.Equal(t, "orders", e.Delivery)
		delete(bad, body)
	}
	require.Empty(t, bad)
	require.True(t, strings.HasPrefix(r.keys("logs", "errors/")[0], "errors/orders/2021/04/05/"), "by the day of the batch")
}

func TestConfigErrorsNameTheField(t *testing.T) {
	change := func(f func(*Config)) Config {
		c := ordersConfig()
		f(&c)
		return c
	}
	for want, c := range map[string]Config{
		`delivery "../x": name: it must be 1 to 64 letters, digits, _ or -, and begin with a letter or digit`: change(func(c *Config) { c.Name = "../x" }),
		`delivery "orders": queue: is missing`:                                                            change(func(c *Config) { c.Queue = "" }),
		`delivery "orders": table: give database.table`:                                                   change(func(c *Config) { c.Table = "" }),
		`delivery "orders": timezone: "Seoul" is not a time zone such as Asia/Seoul`:                      change(func(c *Config) { c.Timezone = "Seoul" }),
		`delivery "orders": timezone: "Local" is not a time zone such as Asia/Seoul`:                      change(func(c *Config) { c.Timezone = "Local" }),
		`delivery "orders": max_wait: 1h0m0s is not within 1ms and 15m0s`:                                 change(func(c *Config) { c.MaxWait = time.Hour }),
		`delivery "orders": max_records: -1 is not within 1 and 1000000`:                                  change(func(c *Config) { c.MaxRecords = -1 }),
		`delivery "orders": max_bytes: 1000 is not within 1 MiB, so that every message fits, and 512 MiB`: change(func(c *Config) { c.MaxBytes = 1000 }),
		`delivery "orders": errors: "logs/" is not an S3 URI of the form s3://bucket/key`:                 change(func(c *Config) { c.Errors = "logs/" }),
	} {
		require.EqualError(t, c.Validate(), want)
	}
	require.NoError(t, ordersConfig().Validate())
	err := checkTogether([]Config{ordersConfig(), change(func(c *Config) { c.Name = "again" })})
	require.ErrorContains(t, err, `delivery "again": table: shop.orders is filled by delivery "orders" already`)
}

func TestOpenRefuses(t *testing.T) {
	csv := ordersTable(formats.Parquet)
	csv.SerDe.Library = formats.SerDeOpenCSV
	blob := ordersTable(formats.Parquet)
	blob.Columns = append(blob.Columns, catalog.Column{Name: "m", Type: "map<array<int>,int>"})
	for want, table := range map[string]catalog.Table{
		`delivery "orders": table shop.orders: records cannot be written as CSV: use a Parquet or a JSON table`: csv,
		`delivery "orders": table shop.orders: column m: a map key cannot be array<int>`:                        blob,
	} {
		require.EqualError(t, newRig(t, []catalog.Table{table}, ordersConfig()).open(), want)
	}
	inside := ordersConfig()
	inside.Errors = "s3://lake/orders/errors/"
	require.ErrorContains(t, newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, inside).open(), "lies inside the table's location")

	r := newRig(t, nil, ordersConfig())
	require.ErrorContains(t, r.open(), "orders")
	r = newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, ordersConfig())
	require.NoError(t, r.queue.DeleteQueue(context.Background(), "order-events"))
	require.ErrorIs(t, r.open(), queue.ErrQueueNotFound)
}

func TestForeignDataIsNotHidden(t *testing.T) {
	ctx := context.Background()
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, ordersConfig())
	require.NoError(t, r.objects.CreateBucket(ctx, "lake"))
	put := func(key string) {
		_, err := r.objects.Put(ctx, "lake", key, strings.NewReader("x"), 1, objects.PutOptions{})
		require.NoError(t, err)
	}
	put("orders/_SUCCESS")
	put("orders/year=2020/.hidden")
	put("orders-of-others/a.parquet")
	put("orders/year=2020/month=01/day=01/old.parquet")
	err := r.open()
	require.ErrorContains(t, err, "holds data that no delivery wrote (s3://lake/orders/year=2020/month=01/day=01/old.parquet)")
	table, terr := r.catalog.Table(ctx, "shop", "orders")
	require.NoError(t, terr)
	require.Empty(t, table.Delivery)
	require.NoError(t, r.objects.Delete(ctx, "lake", "orders/year=2020/month=01/day=01/old.parquet"))
	require.NoError(t, r.open())
	require.NoError(t, r.open(), "its own table")
	r.configs[0].Name = "other"
	require.ErrorContains(t, r.open(), `delivery "other": table: shop.orders is filled by delivery "orders" already`)
}

func TestBatchesCloseByCount(t *testing.T) {
	c := ordersConfig()
	c.MaxWait, c.MaxRecords = 10*time.Minute, 4
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, c)
	for id := range 12 {
		r.send(orderEvent(id))
	}
	r.start()
	s := r.waitDone()
	require.EqualValues(t, 3, s.Batches)
	require.Len(t, ids(r.rows()), 12)
}

func TestBatchesCloseByBytes(t *testing.T) {
	c := ordersConfig()
	c.MaxWait, c.MaxBytes = 10*time.Minute, 1<<20
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, c)
	r.start()
	big := fmt.Sprintf(`{"id":1,"district":"%s"}`, strings.Repeat("x", 600<<10))
	r.send(big, big)
	require.EqualValues(t, 1, r.waitDone().Batches, "the second message reaches the limit")
}

func TestMemoryIsBounded(t *testing.T) {
	c := ordersConfig()
	c.MaxWait = 10 * time.Minute // only the budget closes batches
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, c)
	r.memory = 8 << 20
	body := fmt.Sprintf(`{"id":1,"district":"%s"}`, strings.Repeat("x", 900<<10))
	for range 12 {
		r.send(body, body)
	}
	r.start()
	require.Eventually(t, func() bool { return r.status().InFiles >= 16 }, 10*time.Second, time.Millisecond)
	require.Greater(t, r.status().Batches, int64(1))
	r.closeManager()
}

func TestCloseReturnsWhatIsNotFixed(t *testing.T) {
	c := ordersConfig()
	c.MaxWait = 10 * time.Minute
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, c)
	r.start()
	r.send(orderEvent(1), orderEvent(2))
	require.Eventually(t, func() bool { return r.status().InFlight == 2 }, 5*time.Second, time.Millisecond)
	r.closeManager()
	counts, err := r.queue.Counts(context.Background(), "order-events")
	require.NoError(t, err)
	require.EqualValues(t, 2, counts.Visible)
	r.configs[0].MaxWait = 5 * time.Millisecond
	r.start()
	require.EqualValues(t, 2, r.waitDone().InFiles)
}

func TestOthersAreCounted(t *testing.T) {
	ctx := context.Background()
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, ordersConfig())
	r.send(orderEvent(1), orderEvent(2), orderEvent(3), orderEvent(4))
	got, err := r.queue.Receive(ctx, "order-events", queue.ReceiveOptions{Max: 1, Visibility: time.Hour})
	require.NoError(t, err)
	_, err = r.queue.Delete(ctx, "order-events", []queue.ReceiptHandle{got[0].Receipt}) // before the delivery began
	require.NoError(t, err)
	require.NoError(t, r.open())
	require.EqualValues(t, 3, r.status().Sent)
	got, err = r.queue.Receive(ctx, "order-events", queue.ReceiveOptions{Max: 1, Visibility: time.Hour})
	require.NoError(t, err)
	require.EqualValues(t, 1, r.status().InFlight)
	_, err = r.queue.Delete(ctx, "order-events", []queue.ReceiptHandle{got[0].Receipt})
	require.NoError(t, err)
	require.EqualValues(t, 1, r.status().Elsewhere)
	r.m.Start()
	s := r.waitDone()
	require.EqualValues(t, 3, s.Sent)
	require.EqualValues(t, 2, s.InFiles)
	require.EqualValues(t, 1, s.Elsewhere)
}

// A message that another consumer's receives move to a dead-letter queue has left
// the queue without the delivery.
func TestDeadLettersAreElsewhere(t *testing.T) {
	ctx := context.Background()
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, ordersConfig())
	require.NoError(t, r.queue.CreateQueue(ctx, "dead", queue.DefaultAttributes()))
	require.NoError(t, r.queue.UpdateQueue(ctx, "order-events", func(a queue.Attributes) (queue.Attributes, error) {
		a.DeadLetter = &queue.DeadLetter{Queue: "dead", MaxReceives: 1}
		return a, nil
	}))
	require.NoError(t, r.open())
	r.send(orderEvent(1), orderEvent(2))
	got, err := r.queue.Receive(ctx, "order-events", queue.ReceiveOptions{Max: 1, Visibility: time.Hour})
	require.NoError(t, err)
	require.NoError(t, r.queue.ChangeVisibility(ctx, "order-events", got[0].Receipt, 0))
	other, err := r.queue.Receive(ctx, "order-events", queue.ReceiveOptions{Max: 10, Visibility: time.Hour})
	require.NoError(t, err)
	require.Len(t, other, 1, "the first has moved")
	require.EqualValues(t, 1, r.status().Elsewhere)
	require.NoError(t, r.queue.ChangeVisibility(ctx, "order-events", other[0].Receipt, 0))
	r.m.Start()
	s := r.waitDone()
	require.EqualValues(t, 2, s.Sent)
	require.EqualValues(t, 1, s.InFiles, "a delivery takes what was received before")
	require.EqualValues(t, 1, s.Elsewhere)
}

func TestCompleteUpTo(t *testing.T) {
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, ordersConfig())
	require.NoError(t, r.open())
	before := time.Now()
	require.False(t, r.status().CompleteUpTo.Before(before), "with nothing in the queue, now")
	r.send(orderEvent(1))
	oldest := r.status().CompleteUpTo
	r.send(orderEvent(2))
	require.Equal(t, oldest, r.status().CompleteUpTo, "the first is still there")
	require.LessOrEqual(t, oldest.UnixMilli(), time.Now().UnixMilli())
	r.m.Start()
	r.waitDone()
	require.Eventually(t, func() bool { return r.status().CompleteUpTo.After(oldest) }, 5*time.Second, time.Millisecond)
	require.False(t, r.status().NewestDelivered.IsZero())
}

func TestTroubleIsVisibleAndNothingIsLost(t *testing.T) {
	ctx := context.Background()
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, ordersConfig())
	broken := errors.New("no space left on device")
	fail := make(chan error, 1)
	fail <- broken
	r.hook = func(_, step string) error {
		if step != "object" {
			return nil
		}
		err := <-fail
		fail <- err
		return err
	}
	r.start()
	r.send(orderEvent(1))
	require.Eventually(t, func() bool { return r.status().State == Retrying }, 5*time.Second, time.Millisecond)
	s := r.status()
	require.Equal(t, "write objects: no space left on device", s.Reason)
	require.EqualValues(t, 1, s.InFlight)
	<-fail
	fail <- nil
	s = r.waitDone()
	require.EqualValues(t, 1, s.InFiles)
	require.Equal(t, Running, s.State)
	require.Equal(t, "write objects: no space left on device", s.LastError)

	// A table that is dropped pauses the delivery until it is back.
	again := ordersTable(formats.Parquet)
	again.Location = "s3://lake/orders2/"
	require.NoError(t, r.catalog.DropTable(ctx, "shop", "orders", false))
	r.send(orderEvent(2))
	require.Eventually(t, func() bool { return r.status().State == Paused }, 5*time.Second, time.Millisecond)
	require.NoError(t, r.catalog.CreateTable(ctx, again, false))
	require.EqualValues(t, 2, r.waitDone().InFiles)
}

func TestTableChangesApplyToTheNextBatch(t *testing.T) {
	ctx := context.Background()
	r := newRig(t, []catalog.Table{ordersTable(formats.JSON)}, ordersConfig())
	r.start()
	r.send(`{"id":1,"note":"a"}`)
	require.EqualValues(t, 1, r.waitDone().UnknownFields)
	table, err := r.catalog.Table(ctx, "shop", "orders")
	require.NoError(t, err)
	wider := *table
	wider.Columns = append(wider.Columns[:len(wider.Columns):len(wider.Columns)], catalog.Column{Name: "note", Type: "string"})
	require.NoError(t, r.catalog.UpdateTable(ctx, wider))
	r.send(`{"id":2,"note":"b"}`)
	s := r.waitDone()
	require.EqualValues(t, 2, s.InFiles)
	require.EqualValues(t, 1, s.UnknownFields)
}

func TestQueueMadeAgain(t *testing.T) {
	ctx := context.Background()
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, ordersConfig())
	r.start()
	r.send(orderEvent(1), orderEvent(2))
	r.waitDone()
	require.NoError(t, r.queue.DeleteQueue(ctx, "order-events"))
	require.Eventually(t, func() bool { return r.status().State == Paused }, 30*time.Second, time.Millisecond)
	require.EqualValues(t, 2, r.status().Sent)
	require.NoError(t, r.queue.CreateQueue(ctx, "order-events", queue.DefaultAttributes()))
	r.send(orderEvent(3))
	require.Eventually(t, func() bool { return r.status().InFiles == 3 }, 20*time.Second, time.Millisecond)
	s := r.waitDone()
	require.EqualValues(t, 3, s.Sent)
	require.Zero(t, s.Elsewhere)
	r.reopen()
	r.start()
	require.EqualValues(t, 3, r.status().Sent)
}

// The messages of a committed batch are still to be deleted when their queue is
// made again: the new queue's books must not count them.
func TestQueueMadeAgainBeforeTheDelete(t *testing.T) {
	ctx := context.Background()
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, ordersConfig())
	committed, goOn := make(chan struct{}, 1), make(chan struct{})
	release := sync.OnceFunc(func() { close(goOn) })
	t.Cleanup(release) // before the rig closes, which waits for the batch
	r.hook = func(_, step string) error {
		if step == "committed" {
			select {
			case committed <- struct{}{}:
			default:
			}
			<-goOn
		}
		return nil
	}
	r.start()
	r.send(orderEvent(1), orderEvent(2))
	<-committed
	require.NoError(t, r.queue.DeleteQueue(ctx, "order-events"))
	require.EqualValues(t, 2, r.status().Sent)
	require.NoError(t, r.queue.CreateQueue(ctx, "order-events", queue.DefaultAttributes()))
	r.send(orderEvent(3))
	s := r.status()
	require.EqualValues(t, 3, s.Sent)
	require.EqualValues(t, 2, s.InFiles)
	release()
	require.Eventually(t, func() bool { return r.status().InFiles == 3 }, 20*time.Second, time.Millisecond)
	require.Zero(t, r.waitDone().Elsewhere)
}

func TestTablesWithoutPartitions(t *testing.T) {
	table := ordersTable(formats.JSON)
	table.PartitionKeys = nil
	table.Location = "s3a://lake/orders" // as Hive may write it
	table.SerDe.Parameters = map[string]string{"mapping.district": "gu"}
	r := newRig(t, []catalog.Table{table}, ordersConfig())
	r.start()
	r.send(`{"id":1,"gu":"강남구"}`)
	r.waitDone()
	require.Equal(t, []int64{1}, ids(r.rows()))
	require.Len(t, r.keys("lake", "orders/orders-"), 1)
	line := jsonLines(t, r.read("lake", r.keys("lake", "orders/")[0]))[0]
	require.Regexp(t, `^{"id":1,"gu":"강남구","\$message_id":"[0-9a-f-]{36}","\$received_at":"[0-9: .-]{23}"}$`, line)
}

func TestDeliveriesShareTheBudget(t *testing.T) {
	ctx := context.Background()
	second := ordersTable(formats.Parquet)
	second.Name, second.Location = "copies", "s3://lake/copies/"
	a, b := ordersConfig(), ordersConfig()
	b.Name, b.Queue, b.Table = "copies", "copy-events", "copies"
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet), second}, a, b)
	r.memory = 64 << 10 // far less than one receive likes to take
	r.start()
	for range 20 {
		for _, q := range []queue.Name{"order-events", "copy-events"} {
			var messages []queue.Message
			for id := range 20 {
				messages = append(messages, queue.Message{Body: orderEvent(id)})
			}
			_, err := r.queue.Send(ctx, q, messages)
			require.NoError(t, err)
		}
	}
	require.Eventually(t, func() bool {
		list, err := r.m.Status(ctx)
		require.NoError(t, err)
		require.NoError(t, errors.Join(balanced(list[0]), balanced(list[1])))
		return list[0].InFiles == 400 && list[1].InFiles == 400
	}, 20*time.Second, time.Millisecond)
}

func TestCloseWhileTheStoreFails(t *testing.T) {
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, ordersConfig())
	r.hook = func(_, step string) error {
		if step == "object" {
			return errors.New("disk is gone")
		}
		return nil
	}
	r.start()
	r.send(orderEvent(1))
	require.Eventually(t, func() bool { return r.status().State == Retrying }, 5*time.Second, time.Millisecond)
	begin := time.Now()
	r.closeManager()
	require.Less(t, time.Since(begin), 5*time.Second, "it does not wait for a store that fails")
	r.reopen()
	r.hook = nil
	r.start()
	require.EqualValues(t, 1, r.waitDone().InFiles)
	require.Equal(t, []int64{1}, ids(r.rows()))
}
