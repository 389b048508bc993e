package merge

import (
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/formats"
)

var orderColumns = []string{
	"order_id string", "customer string", "product string", "city string", "status string", "quantity int", "price decimal(10,2)", "ordered_at timestamp", "$message_id string",
}

// orders are events as a shop sends them, in order of time.
func orders(n int) []string {
	r := rand.New(rand.NewPCG(1, 2))
	at := time.Date(2021, 2, 3, 0, 0, 0, 0, time.UTC)
	events := make([]string, n)
	for i := range events {
		at = at.Add(time.Duration(r.IntN(200)) * time.Millisecond)
		events[i] = fmt.Sprintf(`{"order_id":"%016x","customer":"customer-%d","product":"product-%d","city":"city-%d","status":"%s","quantity":%d,"price":"%d.%02d","ordered_at":%d,"$message_id":"%016x-%016x"}`,
			r.Uint64(), r.IntN(20000), r.IntN(500), r.IntN(17), []string{"new", "paid", "sent"}[r.IntN(3)], 1+r.IntN(9), r.IntN(900), r.IntN(100), at.UnixMilli(), r.Uint64(), r.Uint64())
	}
	return events
}

// BenchmarkMerge merges 12 files of 25,000 orders each.
func BenchmarkMerge(b *testing.B) {
	const files, rows = 12, 25_000
	for _, c := range []struct {
		name string
		kind formats.Kind
		sort []string
	}{
		{"parquet", formats.Parquet, nil},
		{"parquet by status, city", formats.Parquet, []string{"status", "city"}},
		{"parquet by customer", formats.Parquet, []string{"customer"}},
		{"json", formats.JSON, nil},
	} {
		b.Run(c.name, func(b *testing.B) {
			var inputs []Input
			var before, after int64
			events := orders(files * rows)
			for i := range files {
				in := written(b, c.kind, orderColumns, events[i*rows:(i+1)*rows]...)
				inputs = append(inputs, in)
				before += in.Size
			}
			b.ReportAllocs()
			for b.Loop() {
				m, err := Open(formats.Format{Kind: c.kind}, inputs, Options{SortBy: c.sort})
				require.NoError(b, err)
				w := &counter{}
				require.NoError(b, m.Write(w, files*rows))
				require.NoError(b, m.Close())
				after = w.n
			}
			b.ReportMetric(float64(files*rows*b.N)/b.Elapsed().Seconds(), "rows/s")
			b.ReportMetric(float64(before), "bytes-in")
			b.ReportMetric(float64(after), "bytes-out")
		})
	}
}

type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

var _ io.Writer = (*counter)(nil)
