package planner

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/predicate"
)

// TestPruneEqualsEvaluation compares the index with the evaluation of each
// partition by itself, for random predicates.
func TestPruneEqualsEvaluation(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	keys := []catalog.Column{{Name: "a", Type: "int"}, {Name: "b", Type: "string"}}
	set := &catalog.PartitionSet{Shape: 1}
	for i := range 200 {
		a, b := fmt.Sprint(i%17), fmt.Sprint(i/17)
		if i%17 == 0 {
			a = catalog.HiveDefaultPartition
		}
		set.List = append(set.List, catalog.Partition{Values: []string{a, b}})
	}
	x, err := buildIndex(keys, set)
	require.NoError(t, err)
	for range 2000 {
		p := randomPredicate(r, 4)
		var want []int
		for i := range set.List {
			if predicate.Eval(p, x.valuesOf(i)).MayHold() {
				want = append(want, i)
			}
		}
		got, err := x.prune(p)
		require.NoError(t, err)
		require.Equal(t, want, append([]int(nil), got...), "%#v", p)
	}
}

// TestExtendedIndexEqualsAFreshOne changes a list at random and compares the
// index made from the last one with one made anew.
func TestExtendedIndexEqualsAFreshOne(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	keys := []catalog.Column{{Name: "a", Type: "int"}, {Name: "b", Type: "string"}}
	var extended *index
	for step := range 200 {
		set := &catalog.PartitionSet{Shape: uint64(step + 1)}
		for a := range r.IntN(12) {
			for b := range r.IntN(4) {
				set.List = append(set.List, catalog.Partition{Values: []string{fmt.Sprint(a * r.IntN(40)), fmt.Sprint(b)}})
			}
		}
		fresh, err := buildIndex(keys, set)
		require.NoError(t, err)
		if extended == nil {
			extended = fresh
		} else {
			extended, err = extended.extend(set)
			require.NoError(t, err)
		}
		for range 20 {
			p := randomPredicate(r, 3)
			want, err := fresh.prune(p)
			require.NoError(t, err)
			got, err := extended.prune(p)
			require.NoError(t, err)
			require.Equal(t, want, got, "%#v", p)
		}
	}
}

func TestIndexForgetsWhatIsGone(t *testing.T) {
	l := newLake(t)
	table := l.table("n int")
	for i := range 4 {
		var ps []catalog.Partition
		var values [][]string
		for j := range 600 {
			v := []string{fmt.Sprint(i*600 + j)}
			values = append(values, v)
			ps = append(ps, catalog.Partition{Values: v, Location: catalog.PartitionLocation(table, v)})
		}
		_, err := l.catalog.AddPartitions(t.Context(), "shop", "orders", ps, false)
		require.NoError(t, err)
		_, err = l.plan(table, eq("n", int64(1)))
		require.NoError(t, err)
		_, err = l.catalog.DropPartitions(t.Context(), "shop", "orders", values)
		require.NoError(t, err)
		_, err = l.plan(table, eq("n", int64(1)))
		require.NoError(t, err)
	}
	x := l.planner.indexes.byTable["shop.orders"].index
	require.LessOrEqual(t, len(x.keys[0].values), 1200)
}

func randomPredicate(r *rand.Rand, depth int) predicate.Predicate {
	ops := []predicate.Op{"=", "<>", "<", "<=", ">", ">="}
	form := r.IntN(9)
	if depth == 0 {
		form = 3 + r.IntN(6)
	}
	switch form {
	case 0:
		return predicate.And(randomPredicates(r, depth))
	case 1:
		return predicate.Or(randomPredicates(r, depth))
	case 2:
		return predicate.Not{Of: randomPredicate(r, depth-1)}
	case 3:
		return predicate.Compare{Column: "a", Op: ops[r.IntN(6)], Value: int64(r.IntN(19) - 1)}
	case 4:
		return predicate.Compare{Column: "b", Op: ops[r.IntN(6)], Value: fmt.Sprint(r.IntN(12))}
	case 5:
		return predicate.In{Column: "a", Values: []any{int64(r.IntN(17)), int64(r.IntN(17))}}
	case 6:
		return predicate.IsNull{Column: []string{"a", "b"}[r.IntN(2)]}
	case 7:
		return predicate.Test{Columns: []string{"a", "b"}, Holds: func(v []any) predicate.Outcome {
			if v[0] == nil {
				return predicate.Null
			}
			return predicate.Truth(fmt.Sprint(v[0]) == v[1])
		}}
	default:
		return predicate.Any{}
	}
}

func randomPredicates(r *rand.Rand, depth int) []predicate.Predicate {
	var out []predicate.Predicate
	for range r.IntN(4) {
		out = append(out, randomPredicate(r, depth-1))
	}
	return out
}

// BenchmarkPlan plans queries over tables of 1 to 100,000 delivered partitions
// with a file each: one partition, one month, and all.
func BenchmarkPlan(b *testing.B) {
	for _, n := range []int{1, 365, 10_000, 100_000} {
		l := newLake(b)
		l.table("year string", "month string", "part int")
		require.NoError(b, l.catalog.ClaimTable(b.Context(), "shop", "orders", "orders"))
		table := l.get()
		batch := catalog.Batch{Delivery: "orders", ID: "1", Database: "shop", Table: "orders"}
		for i := range n {
			v := []string{fmt.Sprint(2021 + i%100/12), fmt.Sprintf("%02d", 1+i%12), fmt.Sprint(i)}
			batch.Partitions = append(batch.Partitions, catalog.Partition{Values: v, Location: catalog.PartitionLocation(table, v)})
			batch.Files = append(batch.Files, catalog.DataFile{Partition: v, Bucket: "lake", Key: fmt.Sprint("orders/", i), Size: 1, Rows: 1})
		}
		require.NoError(b, l.catalog.CommitBatch(b.Context(), batch))
		for _, c := range []struct {
			name   string
			filter predicate.Predicate
		}{
			{"one", eq("part", int64(n-1))},
			{"month", predicate.And{eq("year", "2021"), predicate.In{Column: "month", Values: []any{"01"}}}},
			{"all", predicate.And{}},
		} {
			scan := &analyzer.TableScan{Table: table, Filter: c.filter}
			_, err := l.planner.Plan(b.Context(), scan) // loads partitions and files
			require.NoError(b, err)
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

// BenchmarkPlanAfterNewPartition plans one partition of many just after a batch
// has registered a new one, so that lists and index are made anew.
func BenchmarkPlanAfterNewPartition(b *testing.B) {
	for _, n := range []int{365, 100_000} {
		l := newLake(b)
		table := l.table("part int")
		var ps []catalog.Partition
		for i := range n {
			v := []string{fmt.Sprint(i)}
			ps = append(ps, catalog.Partition{Values: v, Location: catalog.PartitionLocation(table, v)})
		}
		_, err := l.catalog.AddPartitions(b.Context(), "shop", "orders", ps, false)
		require.NoError(b, err)
		require.NoError(b, l.catalog.ClaimTable(b.Context(), "shop", "orders", "orders"))
		table = l.get()
		_, err = l.plan(table, eq("part", int64(0))) // loads partitions, makes the first index
		require.NoError(b, err)
		next := n
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				v := []string{fmt.Sprint(next)}
				next++
				require.NoError(b, l.catalog.CommitBatch(b.Context(), catalog.Batch{
					Delivery: "orders", ID: v[0], Database: "shop", Table: "orders",
					Partitions: []catalog.Partition{{Values: v, Location: catalog.PartitionLocation(table, v)}},
					Files:      []catalog.DataFile{{Partition: v, Bucket: "lake", Key: "orders/" + v[0], Size: 1, Rows: 1}},
				}))
				scan, err := l.plan(table, eq("part", int64(next-1)))
				require.NoError(b, err)
				require.Len(b, scan.Files, 1)
			}
		})
	}
}
