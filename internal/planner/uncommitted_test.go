package planner

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/predicate"
)

func TestObjectsOfUncommittedWritesAreNotRead(t *testing.T) {
	l := newLake(t)
	table := l.table("year string")
	l.register(table, "2021")
	l.put("orders/year=2021/a", "x")
	require.NoError(t, l.catalog.BeginWrite(t.Context(), "w1", ""))
	l.put("orders/year=2021/w1_0", "x")
	seen := func() []string {
		s, err := l.plan(table, predicate.And{})
		require.NoError(t, err)
		return uris(s)
	}
	require.Equal(t, []string{"orders/year=2021/a"}, seen())
	into := catalog.WriteCommit{Into: table, Partitions: []catalog.Partition{{Values: []string{"2021"}, Location: "s3://lake/orders/year=2021/"}}}
	require.NoError(t, l.catalog.CommitWrite(t.Context(), "w1", into))
	require.Equal(t, []string{"orders/year=2021/a", "orders/year=2021/w1_0"}, seen())
}
