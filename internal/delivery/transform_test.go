package delivery

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
)

// transformedConfig leaves out every third event, fails for every seventh, and
// computes a column and a partition key.
func transformedConfig() Config {
	c := ordersConfig()
	c.Transform = "SELECT id, upper(district) AS district, CAST(60 / (id % 7) AS integer) AS price, ordered_at FROM batch WHERE id % 3 <> 0"
	c.Partition = map[string]string{"month": "lpad(CAST(id % 2 AS varchar), 2, '0')"}
	return c
}

// becomes says what transformedConfig makes of an event.
func becomes(id int) string {
	switch {
	case id%3 == 0:
		return "filtered"
	case id%7 == 0:
		return "rejected"
	}
	return fmt.Sprintf("%d in month=%02d", 60/(id%7), id%2)
}

func TestTransformedDelivery(t *testing.T) {
	for _, kind := range []formats.Kind{formats.Parquet, formats.JSON} {
		t.Run(kind.String(), func(t *testing.T) {
			c := transformedConfig()
			c.SortBy = []string{"price"}
			r := newRig(t, []catalog.Table{ordersTable(kind)}, c)
			r.start()
			count := map[string]int64{}
			for id := range 50 {
				r.send(fmt.Sprintf(`{"id":%d,"district":"gangnam","price":1,"ordered_at":"2021-05-0%dT12:00:00+09:00","new":1}`, id, id%3+1))
				count[becomes(id)]++
			}
			s := r.waitDone()
			require.Equal(t, count["filtered"], s.Filtered)
			require.Equal(t, count["rejected"], s.Rejected)
			require.Equal(t, 50-s.Filtered-s.Rejected, s.InFiles)
			require.EqualValues(t, 50, s.UnknownFields)
			for name, list := range r.rows() {
				for _, o := range list {
					require.Equal(t, becomes(int(o.ID)), fmt.Sprintf("%d in %s", *o.Price, name[len("year=2021/"):len("year=2021/month=00")]))
					require.Equal(t, fmt.Sprintf("day=%02d", o.ID%3+1), name[len("year=2021/month=00/"):])
					require.Equal(t, "GANGNAM", *o.District)
				}
			}
			for _, e := range r.errorRecords() {
				require.Equal(t, "transform: DIVISION_BY_ZERO: Division by zero", e.Reason)
			}
		})
	}
}

// TestTransformsAcrossCrashes is TestExactlyOnceAcrossCrashes with SQL.
func TestTransformsAcrossCrashes(t *testing.T) {
	for _, step := range steps {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			config := transformedConfig()
			config.MaxRecords = 20
			r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, config)
			var want []int64
			count := map[string]int64{}
			for id := range 60 {
				r.send(orderEvent(id))
				what := becomes(id)
				count[what]++
				if what != "filtered" && what != "rejected" {
					want = append(want, int64(id))
				}
			}
			for range 2 {
				c := newCrasher(step, 0)
				r.hook = c.hook
				r.start()
				select {
				case <-c.crashed:
				case <-time.After(10 * time.Second):
					require.Fail(t, "the step was never reached")
				}
				r.reopen()
			}
			r.hook = nil
			r.start()
			s := r.waitDone()
			require.EqualValues(t, 60, s.Sent)
			require.EqualValues(t, len(want), s.InFiles)
			require.Equal(t, count["filtered"], s.Filtered)
			require.Equal(t, count["rejected"], s.Rejected)
			require.Zero(t, s.Elsewhere)
			require.Equal(t, want, ids(r.rows()))
			require.Len(t, r.errorRecords(), int(s.Rejected))
		})
	}
}

func TestTransformsAreCheckedAtStart(t *testing.T) {
	for want, change := range map[string]func(*Config){
		`delivery "orders": table shop.orders: transform: line 1:16: a transform selects FROM batch alone: it cannot read table users`: func(c *Config) { c.Transform = "SELECT id FROM users" },
		`delivery "orders": table shop.orders: partition: month: mismatched column types: column month of the table is varchar, the query gives bigint`: func(c *Config) {
			c.Partition = map[string]string{"month": "id"}
		},
		`delivery "orders": fields: they are the columns of batch, and there is no transform`:         func(c *Config) { c.Transform, c.Fields = "", map[string]string{"a": "int"} },
		`delivery "orders": fields: a: "blob" is no Hive type, or the name is empty or begins with $`: func(c *Config) { c.Fields = map[string]string{"a": "blob"} },
		`delivery "orders": fields: $a: "int" is no Hive type, or the name is empty or begins with $`: func(c *Config) { c.Fields = map[string]string{"$a": "int"} },
		`delivery "orders": partition: month: the expression is missing`:                              func(c *Config) { c.Partition = map[string]string{"month": " "} },
	} {
		c := transformedConfig()
		change(&c)
		r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, c)
		require.EqualError(t, r.open(), want)
	}
}

// Fields of batch need be no columns of the table.
func TestDeclaredFields(t *testing.T) {
	c := ordersConfig()
	c.EventTime = "when"
	c.Fields = map[string]string{"order": "struct<id:bigint,area:string>", "when": "timestamp"}
	c.Transform = `SELECT "order".id AS id, "order".area AS district, CAST(length("$message_id") AS integer) AS price, "when" AS ordered_at FROM batch`
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, c)
	r.start()
	r.send(`{"order":{"id":7,"area":"서초구"},"when":"2021-02-03T00:30:00+09:00"}`, `{"order":{"id":"x"}}`)
	s := r.waitDone()
	require.EqualValues(t, 1, s.InFiles)
	require.EqualValues(t, 1, s.Rejected)
	o := r.rows()["year=2021/month=02/day=03"][0]
	require.EqualValues(t, 7, o.ID)
	require.Equal(t, "서초구", *o.District)
	require.EqualValues(t, 36, *o.Price)
	require.Equal(t, `column order.id: expected bigint, found string "x"`, r.errorRecords()[0].Reason)
}

// TestShapedObjectsAreTheSame compares the objects of two attempts at a batch
// with SQL, duplicates and an order.
func TestShapedObjectsAreTheSame(t *testing.T) {
	c := transformedConfig()
	c.SortBy = []string{"price", "district"}
	c.Dedup = Dedup{Key: []string{"id"}, Window: time.Hour}
	c.MaxWait, c.MaxRecords = time.Minute, 600
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, c)
	for id := range 300 {
		r.send(orderEvent(id), orderEvent(id/2))
	}
	attempt := func() map[string]string {
		crash := newCrasher("written", 0)
		r.hook = crash.hook
		r.start()
		<-crash.crashed
		r.reopen()
		objects := map[string]string{}
		for _, bucket := range []string{"lake", "logs"} {
			for _, key := range r.keys(bucket, "") {
				objects[bucket+"/"+key] = string(r.read(bucket, key))
			}
		}
		return objects
	}
	first := attempt()
	require.NotEmpty(t, first)
	require.Equal(t, first, attempt())
	r.hook = nil
	r.start()
	s := r.waitDone()
	require.EqualValues(t, 600, s.InFiles+s.Rejected+s.Filtered+s.Duplicates)
	require.Positive(t, s.Duplicates)
	r.rows() // the store holds the committed objects and no others
}
