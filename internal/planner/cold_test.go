package planner

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/predicate"
)

// TestColdEqualsEvaluation compares what is looked up in the database, before
// the partitions are in memory, with the evaluation of each partition.
func TestColdEqualsEvaluation(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	l := newLake(t)
	table := l.table("a int", "b string")
	var ps []catalog.Partition
	for i := range 300 {
		a, b := fmt.Sprint(i%17), fmt.Sprintf("%d/%d-%d", i%3, i/17, i%2) // escaped, and of several lengths
		if i%17 == 0 {
			a = catalog.HiveDefaultPartition
		}
		if i%17 == 5 {
			a = fmt.Sprintf("%03d", i%170)
		}
		ps = append(ps, catalog.Partition{Values: []string{a, b}, Location: catalog.PartitionLocation(table, []string{a, b})})
	}
	_, err := l.catalog.AddPartitions(t.Context(), "shop", "orders", ps, true)
	require.NoError(t, err)
	keys, err := keyTypes(table)
	require.NoError(t, err)
	all, err := l.catalog.Partitions(t.Context(), "shop", "orders")
	require.NoError(t, err)
	found := 0
	for range 150 {
		filter := predicate.And{randomPredicate(r, 3), predicate.Or{
			predicate.Compare{Column: "a", Op: "<", Value: int64(r.IntN(20))},
			predicate.Compare{Column: "a", Op: "=", Value: int64(r.IntN(200))},
		}}
		cold := l.reopened()
		got, ok, err := cold.findCold(t.Context(), table, filter)
		require.NoError(t, err)
		if !ok {
			continue // no value is possible
		}
		found++
		var want []catalog.Partition
		for _, p := range all {
			if predicate.Eval(filter, valuesOf(table, keys, p.Values)).MayHold() {
				want = append(want, p)
			}
		}
		require.Equal(t, want, got.Partitions, "%#v", filter)
		require.Equal(t, len(all), got.PartitionsTotal)
	}
	require.Greater(t, found, 30)
}

// TestColdStrings looks up exact values of text keys.
func TestColdStrings(t *testing.T) {
	l := newLake(t)
	table := l.table("a string", "b string", "c int")
	for _, v := range [][]string{{"x", "1/2", "1"}, {"x", "1/2", "2"}, {"x-y", "1/2", "1"}, {"y", "1", "x"}} {
		l.register(table, v...)
	}
	for _, c := range []struct {
		filter predicate.Predicate
		want   [][]string
	}{
		{eq("a", "x"), [][]string{{"x", "1/2", "1"}, {"x", "1/2", "2"}}},
		{predicate.And{predicate.In{Column: "a", Values: []any{"x", "x-y", "z"}}, eq("b", "1/2"), eq("c", int64(1))}, [][]string{{"x", "1/2", "1"}, {"x-y", "1/2", "1"}}},
		{eq("a", "nothing"), nil},
	} {
		got, ok, err := l.reopened().findCold(t.Context(), table, c.filter)
		require.NoError(t, err)
		require.True(t, ok)
		var values [][]string
		for _, p := range got.Partitions {
			values = append(values, p.Values)
		}
		require.Equal(t, c.want, values)
		require.Equal(t, 4, got.PartitionsTotal)
	}
	_, _, err := l.reopened().findCold(t.Context(), table, eq("a", "y"))
	require.EqualError(t, err, "HIVE_INVALID_PARTITION_VALUE: Invalid partition value 'x' for integer partition key: c")
}

// reopened is a planner over a catalog that has nothing in memory.
func (l *lake) reopened() *Planner {
	c, err := catalog.Open(l.db)
	require.NoError(l, err)
	return New(c, l.objects, l.tails)
}

// TestManyPartitionsAreEvaluatedFirst: without an index, and then with it, the
// same partitions are left.
func TestManyPartitionsAreEvaluatedFirst(t *testing.T) {
	l := newLake(t)
	table := l.table("n int")
	ps := make([]catalog.Partition, indexWorth)
	for i := range ps {
		v := []string{fmt.Sprint(i)}
		ps[i] = catalog.Partition{Values: v, Location: catalog.PartitionLocation(table, v)}
	}
	_, err := l.catalog.AddPartitions(t.Context(), "shop", "orders", ps, false)
	require.NoError(t, err)
	set, err := l.catalog.PartitionSet(t.Context(), "shop", "orders")
	require.NoError(t, err)
	filter := predicate.Compare{Column: "n", Op: "<", Value: int64(3)}
	cold, done, err := l.planner.pruneCold(table, set, filter)
	require.NoError(t, err)
	require.True(t, done)
	x, err := l.planner.indexes.of(table, set)
	require.NoError(t, err)
	warm, err := x.prune(filter)
	require.NoError(t, err)
	require.Equal(t, warm, cold)
	require.Len(t, cold, 3)
	_, done, err = l.planner.pruneCold(table, set, filter)
	require.NoError(t, err)
	require.False(t, done, "the index is there")
}
