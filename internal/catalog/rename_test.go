package catalog

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRenamePartition: the location, parameters and statistics go with the
// partition to its new values, in memory and on disk.
func TestRenamePartition(t *testing.T) {
	s, again := withOrders(t)
	ctx := t.Context()
	p := part("2021", "02")
	p.Parameters = map[string]string{"k": "v"}
	_, err := s.AddPartitions(ctx, "shop", "orders", []Partition{part("2021", "01"), p, part("2021", "03")}, false)
	require.NoError(t, err)
	require.NoError(t, s.SetColumnStatistics(ctx, "shop", "orders", p.Values, []ColumnStatistics{{Column: "district", Definition: "{}"}}))
	before, err := s.PartitionSet(ctx, "shop", "orders")
	require.NoError(t, err)

	to := []string{"2022", "a/b"}
	require.NoError(t, s.RenamePartition(ctx, "shop", "orders", p.Values, to))
	require.NoError(t, s.RenamePartition(ctx, "shop", "orders", to, to))
	require.ErrorIs(t, s.RenamePartition(ctx, "shop", "orders", p.Values, []string{"1", "2"}), ErrNotFound)
	require.ErrorIs(t, s.RenamePartition(ctx, "shop", "orders", to, []string{"2021", "03"}), ErrAlreadyExists)
	require.ErrorIs(t, s.RenamePartition(ctx, "shop", "orders", to, []string{"2021"}), ErrInvalid)
	require.ErrorIs(t, s.RenamePartition(ctx, "shop", "orders", to, []string{"2021", ""}), ErrInvalid)
	after, err := s.PartitionSet(ctx, "shop", "orders")
	require.NoError(t, err)
	require.NotEqual(t, before.Shape, after.Shape)
	for _, s := range []*Store{s, again()} {
		set, err := s.PartitionSet(ctx, "shop", "orders")
		require.NoError(t, err)
		var values [][]string
		for _, q := range set.List {
			values = append(values, q.Values)
		}
		require.Equal(t, [][]string{{"2021", "01"}, {"2021", "03"}, to}, values)
		got, err := s.Partition(ctx, "shop", "orders", to)
		require.NoError(t, err)
		require.Equal(t, p.Location, got.Location)
		require.Equal(t, p.Parameters, got.Parameters)
		kept, err := s.ColumnStatistics(ctx, "shop", "orders", to)
		require.NoError(t, err)
		require.Contains(t, kept, "district")
	}
	_, err = s.DropPartitions(ctx, "shop", "orders", [][]string{to})
	require.NoError(t, err)
	require.NoError(t, s.ClaimTable(ctx, "shop", "orders", "orders"))
	require.ErrorIs(t, s.RenamePartition(ctx, "shop", "orders", []string{"2021", "01"}, []string{"1", "2"}), ErrInvalid)
}
