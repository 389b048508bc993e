package planner

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/predicate"
)

// TestPlansSeeWholeBatches plans while batches are committed, each of which
// has a file in a partition that is there and one in a new partition: a plan
// has both files of a batch or neither, and never fewer than one before it.
func TestPlansSeeWholeBatches(t *testing.T) {
	l := newLake(t)
	l.table("day int")
	require.NoError(t, l.catalog.ClaimTable(t.Context(), "shop", "orders", "orders"))
	table := l.get()
	done := make(chan struct{})
	errs := make(chan error, 4)
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			last := 0
			for {
				scan, err := l.planner.Plan(t.Context(), &analyzer.TableScan{Table: table, Filter: predicate.And{}})
				switch n := len(scan.Files); {
				case err != nil:
					errs <- err
					return
				case n%2 != 0 || n < last:
					errs <- fmt.Errorf("%d files after %d", n, last)
					return
				default:
					last = n
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for i := range 100 {
		b := catalog.Batch{Delivery: "orders", ID: fmt.Sprint(i), Database: "shop", Table: "orders"}
		for _, day := range []string{fmt.Sprint(i), "0"} {
			v := []string{day}
			b.Partitions = append(b.Partitions, catalog.Partition{Values: v, Location: catalog.PartitionLocation(table, v)})
			b.Files = append(b.Files, catalog.DataFile{Partition: v, Bucket: "lake", Key: fmt.Sprint("orders/", i, "-", len(b.Files)), Size: 1, Rows: 1})
		}
		require.NoError(t, l.catalog.CommitBatch(t.Context(), b))
	}
	close(done)
	readers.Wait()
	close(errs)
	for err := range errs {
		require.NoError(t, err)
	}
	scan, err := l.plan(table, predicate.And{})
	require.NoError(t, err)
	require.Len(t, scan.Files, 200)
	require.Len(t, scan.Partitions, 100)
}
