package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// replacement puts files in the place of a partition's others.
func replacement(id string, removed []DataFile, added ...DataFile) Replacement {
	r := Replacement{ID: id, Delivery: "orders", Database: "shop", Table: "orders", Partition: removed[0].Partition, Added: added, At: someTime.Add(time.Minute)}
	for _, f := range removed {
		r.Removed = append(r.Removed, f.Name())
	}
	return r
}

func merged(name string, size, rows int64) DataFile {
	f := file("2021", "02", name, size)
	f.Rows, f.Level, f.CommittedAt = rows, 1, someTime.Add(time.Minute)
	return f
}

// replaceAll replaces all files of a partition by one of the same rows.
func replaceAll(t *testing.T, s *Store, values []string, id string) error {
	files, err := s.Files(t.Context(), "shop", "orders", [][]string{values})
	if err != nil || len(files) == 0 {
		return err
	}
	f := file(values[0], values[1], "merged-"+id, 9)
	f.Rows, f.Level = 0, 1
	for _, old := range files {
		f.Rows += old.Rows
	}
	return s.ReplaceFiles(t.Context(), replacement(id, files, f))
}

func TestReplaceFiles(t *testing.T) {
	s, again := claimed(t)
	ctx := t.Context()
	a, b, c, other := file("2021", "02", "a", 100), file("2021", "02", "b", 50), file("2021", "02", "c", 7), file("2021", "03", "d", 5)
	require.NoError(t, s.CommitBatch(ctx, batch("1", a, b, c, other)))
	_, err := s.Files(ctx, "shop", "orders", nil) // loads the cache, which must follow
	require.NoError(t, err)
	set, err := s.PartitionSet(ctx, "shop", "orders")
	require.NoError(t, err)

	r := replacement("r1", []DataFile{a, c}, merged("m1", 60, 15), merged("m2", 40, 5))
	require.NoError(t, s.ReplaceFiles(ctx, r))
	require.NoError(t, s.ReplaceFiles(ctx, r), "a repeated replacement is no error")
	for id, want := range map[string]bool{"r1": true, "r2": false} {
		got, err := s.Replaced(ctx, id)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for _, s := range []*Store{s, again()} {
		files, err := s.Files(ctx, "shop", "orders", nil)
		require.NoError(t, err)
		require.Equal(t, []DataFile{b, merged("m1", 60, 15), merged("m2", 40, 5), other}, files)
		p, err := s.Partition(ctx, "shop", "orders", []string{"2021", "02"})
		require.NoError(t, err)
		require.EqualValues(t, 3, p.Files)
		require.EqualValues(t, 150, p.Bytes)
	}
	require.EqualValues(t, 3, set.List[0].Files, "what a query holds does not change")
	now, err := s.PartitionSet(ctx, "shop", "orders")
	require.NoError(t, err)
	require.Equal(t, set.Shape, now.Shape)
	totals, err := s.DeliveryTotals(ctx, "orders")
	require.NoError(t, err)
	require.EqualValues(t, 4, totals.Files, "the books count what was delivered")
}

func TestReplaceFilesIsRefused(t *testing.T) {
	s, again := claimed(t)
	ctx := t.Context()
	a, b := file("2021", "02", "a", 1), file("2021", "02", "b", 2)
	require.NoError(t, s.CommitBatch(ctx, batch("1", a, b)))
	elsewhere := replacement("r", []DataFile{a}, merged("m", 1, 10))
	elsewhere.Partition = []string{"2021", "03"}
	stranger := replacement("r", []DataFile{a}, merged("m", 1, 10))
	stranger.Delivery = "other"
	missing := replacement("r", []DataFile{a}, merged("m", 1, 10))
	missing.Table = "missing"
	for _, c := range []struct {
		name string
		r    Replacement
		want error
	}{
		{"a file that is not there", replacement("r", []DataFile{a, file("2021", "02", "gone", 1)}, merged("m", 1, 20)), ErrConflict},
		{"another partition", elsewhere, ErrConflict},
		{"another delivery", stranger, ErrConflict},
		{"a file twice", replacement("r", []DataFile{a, a}, merged("m", 1, 20)), ErrConflict},
		{"rows lost", replacement("r", []DataFile{a, b}, merged("m", 1, 19)), ErrInvalid},
		{"rows doubled", replacement("r", []DataFile{a}, merged("m", 1, 10), merged("n", 1, 10)), ErrInvalid},
		{"a name that is taken", replacement("r", []DataFile{a}, merged("b", 1, 10)), ErrAlreadyExists},
		{"no files", Replacement{ID: "r", Delivery: "orders", Database: "shop", Table: "orders"}, ErrInvalid},
		{"no id", replacement("", []DataFile{a}, merged("m", 1, 10)), ErrInvalid},
		{"no table", missing, ErrNotFound},
	} {
		require.ErrorIs(t, s.ReplaceFiles(ctx, c.r), c.want, c.name)
	}
	for _, s := range []*Store{s, again()} {
		files, err := s.Files(ctx, "shop", "orders", nil)
		require.NoError(t, err)
		require.Equal(t, []DataFile{a, b}, files)
		removed, err := s.RemovedFiles(ctx, someTime.Add(time.Hour))
		require.NoError(t, err)
		require.Empty(t, removed)
	}
	_, err := s.DropPartitions(ctx, "shop", "orders", [][]string{{"2021", "02"}})
	require.NoError(t, err)
	require.ErrorIs(t, s.ReplaceFiles(ctx, replacement("r", []DataFile{a, b}, merged("m", 1, 20))), ErrConflict, "the partition was dropped")
}

func TestReplaceFilesWithoutPartitionKeys(t *testing.T) {
	s, again := open(t)
	ctx := t.Context()
	require.NoError(t, s.CreateDatabase(ctx, Database{Name: "shop"}, false))
	flat := orders()
	flat.PartitionKeys = nil
	require.NoError(t, s.CreateTable(ctx, flat, false))
	require.NoError(t, s.ClaimTable(ctx, "shop", "orders", "orders"))
	a := DataFile{Bucket: "lake", Key: "orders/a", Size: 1, Rows: 1}
	require.NoError(t, s.CommitBatch(ctx, Batch{Delivery: "orders", ID: "1", Database: "shop", Table: "orders", Files: []DataFile{a}}))
	m := DataFile{Partition: []string{}, Bucket: "lake", Key: "orders/m", Size: 1, Rows: 1, Level: 1, CommittedAt: someTime.Add(time.Minute)}
	require.NoError(t, s.ReplaceFiles(ctx, replacement("r", []DataFile{a}, m)))
	for _, s := range []*Store{s, again()} {
		files, err := s.Files(ctx, "shop", "orders", nil)
		require.NoError(t, err)
		require.Equal(t, []DataFile{m}, files)
	}
}

// TestRemovedFiles follows the removed files until they are forgotten: a query
// holds those that it may have found, and only those.
func TestRemovedFiles(t *testing.T) {
	s, again := claimed(t)
	ctx := t.Context()
	a, b, c := file("2021", "02", "a", 1), file("2021", "02", "b", 1), file("2021", "02", "c", 1)
	require.NoError(t, s.CommitBatch(ctx, batch("1", a, b, c)))
	removed := func(s *Store, before time.Time) []FileName {
		got, err := s.RemovedFiles(ctx, before)
		require.NoError(t, err)
		return got
	}
	first := s.BeginRead()
	require.NoError(t, s.ReplaceFiles(ctx, replacement("r1", []DataFile{a}, merged("m1", 1, 10))))
	second := s.BeginRead()
	require.NoError(t, s.ReplaceFiles(ctx, replacement("r2", []DataFile{b}, merged("m2", 1, 10))))
	require.Equal(t, 2, s.Reading())

	at := someTime.Add(time.Minute)
	require.Empty(t, removed(s, at))
	first()
	first()
	require.Equal(t, 1, s.Reading())
	require.Equal(t, []FileName{a.Name()}, removed(s, at), "the second query holds b alone")
	require.Empty(t, removed(s, at.Add(-1)))
	second()
	require.Equal(t, []FileName{a.Name(), b.Name()}, removed(s, at))
	require.Equal(t, []FileName{a.Name(), b.Name()}, removed(again(), at), "a start has no queries")
	require.NoError(t, s.DropTable(ctx, "shop", "orders", false))
	require.Len(t, removed(s, at), 2, "their rows are in other files, also when the table is gone")
	require.NoError(t, s.ForgetRemoved(ctx, []FileName{a.Name()}))
	require.Equal(t, []FileName{b.Name()}, removed(s, at))
	require.Empty(t, s.reads.running)

	third := s.BeginRead()
	require.NoError(t, s.Remember(ctx, []FileName{c.Name(), b.Name()}, time.Now()))
	require.Empty(t, removed(s, time.Now().Add(time.Hour)), "the query may have them")
	third()
	require.Equal(t, []FileName{b.Name(), c.Name()}, removed(s, time.Now().Add(time.Hour)))
}
