package planner

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/predicate"
)

// BenchmarkPlanExternal is BenchmarkPlan for a table whose files others write:
// a partition that is read is listed each time, as on Athena.
func BenchmarkPlanExternal(b *testing.B) {
	for _, n := range []int{1, 365, 10_000} {
		l := newLake(b)
		table := l.table("year string", "month string", "part int")
		l.planner = New(l.catalog, l.objects.Store, l.tails) // whole pages
		var ps []catalog.Partition
		var puts errgroup.Group
		puts.SetLimit(64)
		for i := range n {
			v := []string{fmt.Sprint(2021 + i%100/12), fmt.Sprintf("%02d", 1+i%12), fmt.Sprint(i)}
			p := catalog.Partition{Values: v, Location: catalog.PartitionLocation(table, v)}
			ps = append(ps, p)
			puts.Go(func() error { // side by side, since each waits for the disk
				_, err := l.objects.Put(b.Context(), "lake", strings.TrimPrefix(p.Location, "s3://lake/")+"f", strings.NewReader("x"), 1, objects.PutOptions{})
				return err
			})
		}
		require.NoError(b, puts.Wait())
		_, err := l.catalog.AddPartitions(b.Context(), "shop", "orders", ps, false)
		require.NoError(b, err)
		table = l.get()
		for _, c := range []struct {
			name   string
			filter predicate.Predicate
		}{
			{"one", eq("part", int64(n-1))},
			{"month", predicate.And{eq("year", "2021"), predicate.In{Column: "month", Values: []any{"01"}}}},
			{"all", predicate.And{}},
		} {
			scan := &analyzer.TableScan{Table: table, Filter: c.filter}
			got, err := l.planner.Plan(b.Context(), scan) // loads partitions
			require.NoError(b, err)
			require.NotEmpty(b, got.Files)
			b.Run(fmt.Sprintf("%s/%d", c.name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := l.planner.Plan(b.Context(), scan); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
