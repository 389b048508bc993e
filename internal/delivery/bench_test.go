package delivery

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/queue"
)

// BenchmarkDeliver is the way from messages on disk to committed, durable
// objects: 100,000 order events of 31 days.
func BenchmarkDeliver(b *testing.B) {
	for _, kind := range []formats.Kind{formats.Parquet, formats.JSON} {
		b.Run(kind.String(), func(b *testing.B) { benchmarkDeliver(b, kind, ordersConfig()) })
	}
	c := ordersConfig()
	c.Transform = "SELECT order_id, lower(district) AS district, delivery_type, product_name, quantity, price * quantity AS price, ordered_at FROM batch WHERE quantity > 0"
	b.Run("transform", func(b *testing.B) { benchmarkDeliver(b, formats.Parquet, c) })
	c = ordersConfig()
	c.Dedup = Dedup{Key: []string{"order_id"}, Window: time.Hour}
	b.Run("dedup", func(b *testing.B) { benchmarkDeliver(b, formats.Parquet, c) })
	c = ordersConfig()
	c.SortBy = []string{"district", "ordered_at"}
	b.Run("sort", func(b *testing.B) { benchmarkDeliver(b, formats.Parquet, c) })
}

func benchmarkDeliver(b *testing.B, kind formats.Kind, c Config) {
	table := ordersTable(kind)
	table.Columns = []catalog.Column{
		{Name: "order_id", Type: "string"}, {Name: "district", Type: "string"}, {Name: "delivery_type", Type: "string"}, {Name: "product_name", Type: "string"},
		{Name: "quantity", Type: "int"}, {Name: "price", Type: "int"}, {Name: "ordered_at", Type: "timestamp"},
	}
	const events = 100_000
	c.MaxWait = 100 * time.Millisecond
	r := newRig(b, []catalog.Table{table}, c)
	var messages []queue.Message
	for i := range events {
		messages = append(messages, queue.Message{Body: fmt.Sprintf(
			`{"order_id":"%016x","district":"구%d","delivery_type":"type%d","product_name":"product-%03d","quantity":%d,"price":%d,"ordered_at":"2021-01-%02dT%02d:%02d:%02d+09:00"}`,
			uint64(i)*11400714819323198485, i*7%25, i%4, i*13%200, i%5+1, i%90*100, i%31+1, i%24, i%60, i*7%60)})
	}
	require.NoError(b, r.open())
	b.ResetTimer()
	var busy time.Duration
	for i := range b.N {
		b.StopTimer()
		for from := 0; from < events; from += 1000 {
			_, err := r.queue.Send(context.Background(), "order-events", messages[from:from+1000])
			require.NoError(b, err)
		}
		b.StartTimer()
		begin := time.Now()
		if i == 0 {
			r.m.Start()
		}
		want := int64((i + 1) * events)
		require.Eventually(b, func() bool {
			s := r.status()
			return s.InFiles+s.Rejected == want && s.InFlight == 0
		}, time.Minute, 5*time.Millisecond)
		busy += time.Since(begin)
	}
	b.ReportMetric(float64(b.N*events)/busy.Seconds(), "events/s")
	s := r.status()
	b.ReportMetric(float64(s.Files)/float64(b.N), "files")
	b.ReportMetric(float64(s.BytesWritten)/float64(s.InFiles), "B/event")
}

// BenchmarkFreshness is the time from an acknowledged send of one event to its
// commit, with max_wait at its least.
func BenchmarkFreshness(b *testing.B) {
	c := ordersConfig()
	c.MaxWait = time.Millisecond
	r := newRig(b, []catalog.Table{ordersTable(formats.Parquet)}, c)
	r.start()
	for i := range b.N {
		r.send(orderEvent(i))
		for r.status().InFiles <= int64(i) {
			time.Sleep(100 * time.Microsecond)
		}
	}
}
