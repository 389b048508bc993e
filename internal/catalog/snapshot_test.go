package catalog

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

// all is a listing of all partitions as they are now.
func (s *Store) all(t testing.TB) Listing {
	set, err := s.PartitionSet(t.Context(), "shop", "orders")
	require.NoError(t, err)
	l := Listing{Database: "shop", Table: "orders", Set: set}
	for i := range set.List {
		l.Places = append(l.Places, i)
	}
	return l
}

func countLists(lists [][]DataFile) int {
	n := 0
	for _, l := range lists {
		n += len(l)
	}
	return n
}

// TestSnapshot: with runs in the moment of the lists, and Applied in the one in
// which they change.
func TestSnapshot(t *testing.T) {
	s, _ := claimed(t)
	for i, month := range []string{"01", "02"} {
		before := s.all(t)
		b := batch(month, file("2021", month, "a", 5))
		applied := 0
		b.Applied = func() { applied++ }
		require.NoError(t, s.CommitBatch(t.Context(), b))
		require.Equal(t, 1, applied)

		_, current, err := s.Snapshot(t.Context(), []Listing{before}, func() { t.Error("the partitions are not current") })
		require.NoError(t, err)
		require.False(t, current, "there is a new partition")
		ran := 0
		lists, current, err := s.Snapshot(t.Context(), []Listing{s.all(t), s.all(t)}, func() { ran++ })
		require.NoError(t, err)
		require.True(t, current)
		require.Equal(t, 1, ran)
		require.Equal(t, i+1, countLists(lists[0]))
		require.Equal(t, lists[0], lists[1])

		require.NoError(t, s.CommitBatch(t.Context(), b), "again")
		require.Equal(t, 2, applied, "who asks again may not know of the first time")
	}
	_, _, err := s.Snapshot(t.Context(), []Listing{{Database: "shop", Table: "none"}}, nil)
	require.ErrorIs(t, err, ErrNotFound)
}

// TestSnapshotEvicted: partitions that were dropped from memory are as current
// as they were.
func TestSnapshotEvicted(t *testing.T) {
	s, _ := claimed(t)
	require.NoError(t, s.CommitBatch(t.Context(), batch("1", file("2021", "01", "a", 1), file("2021", "02", "b", 1))))
	l := s.all(t)
	s.mu.Lock()
	s.cacheLimit = 0
	s.evict(nil)
	s.mu.Unlock()
	lists, current, err := s.Snapshot(t.Context(), []Listing{l}, func() {})
	require.NoError(t, err)
	require.True(t, current)
	require.Equal(t, 2, countLists(lists[0]))
	require.Equal(t, l.Set.Shape, s.all(t).Set.Shape)
	s.mu.Lock()
	s.evict(nil)
	s.mu.Unlock()
	require.NoError(t, s.CommitBatch(t.Context(), batch("2", file("2021", "03", "c", 1))))
	_, current, err = s.Snapshot(t.Context(), []Listing{l}, func() {})
	require.NoError(t, err)
	require.False(t, current)
}

// TestUnsureCommit: where a commit seems to fail and did happen, its files are
// shown in the moment of Applied, not before; where it did not happen, neither.
func TestUnsureCommit(t *testing.T) {
	s, _ := claimed(t)
	ctx := context.Background()
	require.NoError(t, s.CommitBatch(ctx, batch("1", file("2021", "01", "a", 1))))
	require.Equal(t, 1, countLists(must(t, s)))
	applied := map[string]bool{}
	for _, id := range []string{"2", "3"} {
		b := batch(id, file("2021", "01", "file"+id, 1))
		b.Applied = func() { applied[id] = true }
		s.unsure = append(s.unsure, b)
	}
	// What the commit of batch 2 wrote before its outcome was lost.
	for _, text := range []string{
		"INSERT INTO catalog_batches (delivery, id, committed_at) VALUES ('orders', '2', 1)",
		"INSERT INTO catalog_files (table_id, partition, bucket, key, size, row_count) SELECT table_id, partition, bucket, 'file2', 1, 1 FROM catalog_files",
	} {
		_, err := s.db.Write.ExecContext(ctx, text)
		require.NoError(t, err)
	}
	require.Equal(t, 1, countLists(must(t, s)), "as memory has it")
	require.False(t, applied["2"])
	s.stale.Store(true)
	require.Equal(t, 2, countLists(must(t, s)))
	require.Equal(t, map[string]bool{"2": true}, applied)
	require.Empty(t, s.unsure)
}

func must(t *testing.T, s *Store) [][]DataFile {
	for {
		lists, current, err := s.Snapshot(t.Context(), []Listing{s.all(t)}, func() {})
		require.NoError(t, err)
		if current {
			return lists[0]
		}
	}
}
