package planner

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats/record"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/sql/types"
)

func (l *lake) claimed(keys ...string) *catalog.Table {
	l.table(keys...)
	require.NoError(l, l.catalog.ClaimTable(l.Context(), "shop", "orders", "orders"))
	return l.get()
}

func idColumn(t testing.TB) []record.Column {
	c, err := record.NewColumn("id", "bigint")
	require.NoError(t, err)
	return []record.Column{c}
}

func idRow(id int) []record.Value { return []record.Value{{Valid: true, Int: int64(id)}} }

// rowsOf counts the rows that a scan reads; the sizes of the test's files are
// their rows.
func rowsOf(s Scan) int { return int(s.Bytes()) + s.TailRows() }

// TestEachRowOnce appends rows and commits their batches, with new partitions
// and old ones, while plans are made: a plan has every row that was there when
// it began, once, and the two scans of one query read the same rows.
func TestEachRowOnce(t *testing.T) {
	const batches, perBatch, plansAtLeast = 300, 20, 3000
	l := newLake(t)
	table := l.claimed("day int")
	var appended atomic.Int64
	var over atomic.Bool
	var plans atomic.Int64
	var readers sync.WaitGroup
	errs := make(chan error, 4)
	for range 3 {
		readers.Go(func() {
			for last := 0; !over.Load() || plans.Load() < plansAtLeast; plans.Add(1) {
				least := max(last, int(appended.Load()))
				ts := &analyzer.TableScan{Table: table, Filter: predicate.And{}}
				scans, err := l.planner.PlanAll(t.Context(), []*analyzer.TableScan{ts, ts})
				if err != nil {
					errs <- err
					return
				}
				n := rowsOf(scans[0])
				if most := int(appended.Load()) + 1; n < least || n > most || n != rowsOf(scans[1]) {
					errs <- fmt.Errorf("%d and %d rows, where %d to %d were there", n, rowsOf(scans[1]), least, most)
					return
				}
				last = n
			}
		})
	}
	for i := range batches {
		tail := l.tails.Open("shop", "orders", idColumn(t))
		b := catalog.Batch{Delivery: "orders", ID: fmt.Sprint(i), Database: "shop", Table: "orders", Applied: tail.Retire}
		for n, day := range []string{fmt.Sprint(i / 2), "0"} {
			for range perBatch / 2 {
				require.NoError(t, tail.Partition([]string{day}).Append(idRow(i)))
				appended.Add(1)
			}
			v := []string{day}
			b.Partitions = append(b.Partitions, catalog.Partition{Values: v, Location: catalog.PartitionLocation(table, v)})
			b.Files = append(b.Files, catalog.DataFile{Partition: v, Bucket: "lake", Key: fmt.Sprint("orders/", i, "-", n), Size: perBatch / 2, Rows: perBatch / 2})
		}
		require.NoError(t, l.catalog.CommitBatch(t.Context(), b))
	}
	over.Store(true)
	readers.Wait()
	close(errs)
	for err := range errs {
		require.NoError(t, err)
	}
	scan, err := l.plan(table, predicate.And{})
	require.NoError(t, err)
	require.Empty(t, scan.Tail)
	require.EqualValues(t, batches*perBatch, scan.Bytes())
}

func TestTailIsPruned(t *testing.T) {
	l := newLake(t)
	table := l.claimed("day int", "kind string")
	b := l.tails.Open("shop", "orders", idColumn(t))
	for i, v := range [][]string{{"1", "a"}, {"2", "a"}, {"2", "b"}, {"3", "__HIVE_DEFAULT_PARTITION__"}} {
		for range i + 1 {
			require.NoError(t, b.Partition(v).Append(idRow(i)))
		}
	}
	cases := []struct {
		filter predicate.Predicate
		want   int
	}{
		{predicate.And{}, 10},
		{predicate.Or{}, 0}, // WHERE false
		{eq("day", int64(2)), 5},
		{predicate.And{eq("day", int64(2)), eq("kind", "a")}, 2},
		{predicate.IsNull{Column: "kind"}, 4},
		{predicate.Compare{Column: "day", Op: ">", Value: int64(1)}, 9},
	}
	for _, c := range cases {
		scan, err := l.plan(table, c.filter)
		require.NoError(t, err)
		require.Equal(t, c.want, scan.TailRows(), "%v", c.filter)
	}
	b.Retire()
	scan, err := l.plan(table, predicate.And{})
	require.NoError(t, err)
	require.Zero(t, scan.TailRows())
}

// TestTailOfAnotherDefinition: a query waits for the delivery to follow a change
// of the table, and never reads a column as another type.
func TestTailOfAnotherDefinition(t *testing.T) {
	l := newLake(t)
	table := l.claimed()
	b := l.tails.Open("shop", "orders", idColumn(t))
	require.NoError(t, b.Partition(nil).Append(idRow(7)))
	changed := *table
	changed.Columns = []catalog.Column{{Name: "id", Type: "string"}}
	require.NoError(t, l.catalog.UpdateTable(t.Context(), changed))
	ts := &analyzer.TableScan{Table: l.get(), Filter: predicate.And{}, Columns: []analyzer.ScanColumn{{Name: "id", Type: types.VarcharUnbounded}}}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := l.planner.Plan(ctx, ts)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	go b.Retire()
	scan, err := l.planner.Plan(t.Context(), ts)
	require.NoError(t, err)
	require.Zero(t, scan.TailRows())
}

// TestCompleteUpTo: the watcher of a table is asked before the snapshot.
func TestCompleteUpTo(t *testing.T) {
	l := newLake(t)
	table := l.claimed()
	scan, err := l.plan(table, predicate.And{})
	require.NoError(t, err)
	require.True(t, scan.CompleteUpTo.IsZero(), "nobody knows")
	b := l.tails.Open("shop", "orders", idColumn(t))
	at := time.UnixMilli(1_700_000_000_000)
	l.tails.Watch("SHOP", "orders", func(context.Context) (time.Time, error) {
		require.NoError(t, b.Partition(nil).Append(idRow(1)))
		return at, nil
	})
	scan, err = l.plan(table, predicate.And{})
	require.NoError(t, err)
	require.Equal(t, at, scan.CompleteUpTo)
	require.Equal(t, 1, scan.TailRows())
}
