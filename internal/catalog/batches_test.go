package catalog

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func claimed(t testing.TB) (*Store, func() *Store) {
	s, again := withOrders(t)
	require.NoError(t, s.ClaimTable(t.Context(), "shop", "orders", "orders"))
	return s, again
}

func batch(id string, files ...DataFile) Batch {
	b := Batch{Delivery: "orders", ID: id, Database: "shop", Table: "orders", Files: files, NewestSentAt: someTime, CommittedAt: someTime.Add(time.Second)}
	for _, f := range files {
		b.Partitions = append(b.Partitions, part(f.Partition[0], f.Partition[1]))
		b.Delivered += f.Rows
	}
	return b
}

func file(year, month, name string, size int64) DataFile {
	return DataFile{Partition: []string{year, month}, Bucket: "lake", Key: "orders/year=" + year + "/month=" + month + "/" + name, Size: size, Rows: 10, CommittedAt: someTime.Add(time.Second)}
}

func TestClaimTable(t *testing.T) {
	s, again := claimed(t)
	require.NoError(t, s.ClaimTable(t.Context(), "shop", "orders", "orders"))
	require.ErrorIs(t, s.ClaimTable(t.Context(), "shop", "orders", "other"), ErrConflict)
	got, err := again().Table(t.Context(), "shop", "orders")
	require.NoError(t, err)
	require.Equal(t, "orders", got.Delivery)

	elsewhere := part("2021", "02")
	elsewhere.Location = "s3://lake/other/"
	_, err = s.AddPartitions(t.Context(), "shop", "orders", []Partition{elsewhere}, false)
	require.ErrorIs(t, err, ErrInvalid, "its files would not be read")
	_, err = s.AddPartitions(t.Context(), "shop", "orders", []Partition{part("2021", "02")}, false)
	require.NoError(t, err)
	require.ErrorIs(t, s.UpdatePartition(t.Context(), "shop", "orders", elsewhere), ErrInvalid)
}

func TestClaimTableThatReadsElsewhere(t *testing.T) {
	s, _ := withOrders(t)
	ctx := t.Context()
	elsewhere := part("2021", "02")
	elsewhere.Location = "s3://lake/other/"
	_, err := s.AddPartitions(ctx, "shop", "orders", []Partition{elsewhere}, false)
	require.NoError(t, err)
	require.ErrorIs(t, s.ClaimTable(ctx, "shop", "orders", "orders"), ErrInvalid)
	require.NoError(t, s.UpdatePartition(ctx, "shop", "orders", part("2021", "02")))
	require.NoError(t, s.ClaimTable(ctx, "shop", "orders", "orders"))

	got, err := s.Table(ctx, "shop", "orders")
	require.NoError(t, err)
	changed := *got
	changed.SerDe.Library = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
	require.ErrorIs(t, s.UpdateTable(ctx, changed), ErrInvalid, "its files could not be read any more")
	require.NoError(t, s.CreateTable(ctx, Table{Database: "shop", Name: "v", Type: VirtualView}, false))
	require.ErrorIs(t, s.ClaimTable(ctx, "shop", "v", "orders"), ErrInvalid)
}

// TestFullDisk lets the database grow no further: a commit fails as a whole,
// and works once there is room.
func TestFullDisk(t *testing.T) {
	s, again := claimed(t)
	ctx := t.Context()
	_, err := s.Partitions(ctx, "shop", "orders")
	require.NoError(t, err)
	var pages int
	require.NoError(t, s.db.Write.QueryRow("PRAGMA page_count").Scan(&pages))
	limit := func(n int) {
		require.NoError(t, s.db.Write.QueryRow(fmt.Sprintf("PRAGMA max_page_count = %d", n)).Scan(new(int)))
	}
	limit(pages + 2)
	big := Batch{Delivery: "orders", ID: "big", Database: "shop", Table: "orders"}
	for i := range 1000 {
		f := file("2021", fmt.Sprint(i), "a", 1)
		big.Files = append(big.Files, f)
		big.Partitions = append(big.Partitions, part("2021", fmt.Sprint(i)))
	}
	require.ErrorContains(t, s.CommitBatch(ctx, big), "full")
	for _, s := range []*Store{s, again()} {
		all, err := s.Partitions(ctx, "shop", "orders")
		require.NoError(t, err)
		require.Empty(t, all)
		committed, err := s.BatchCommitted(ctx, "orders", "big")
		require.NoError(t, err)
		require.False(t, committed)
	}
	limit(1 << 20)
	require.NoError(t, s.CommitBatch(ctx, big))
	all, err := s.Partitions(ctx, "shop", "orders")
	require.NoError(t, err)
	require.Len(t, all, 1000)
}

func TestCommitBatch(t *testing.T) {
	s, again := claimed(t)
	ctx := t.Context()
	_, err := s.Files(ctx, "shop", "orders", nil) // loads the cache, which must follow
	require.NoError(t, err)
	first := batch("1", file("2021", "02", "b", 100), file("2021", "03", "c", 50))
	first.Rejected = 3
	require.NoError(t, s.CommitBatch(ctx, first))
	require.NoError(t, s.CommitBatch(ctx, first), "a repeated commit is no error")
	second := batch("2", file("2021", "02", "a", 7))
	second.NewestSentAt = someTime.Add(-time.Hour) // late messages do not turn the clock back
	require.NoError(t, s.CommitBatch(ctx, second))

	for _, s := range []*Store{s, again()} {
		files, err := s.Files(ctx, "shop", "orders", nil)
		require.NoError(t, err)
		require.Equal(t, []DataFile{file("2021", "02", "a", 7), file("2021", "02", "b", 100), file("2021", "03", "c", 50)}, files)
		files, err = s.Files(ctx, "shop", "orders", [][]string{{"2021", "03"}, {"1999", "01"}})
		require.NoError(t, err)
		require.Equal(t, []DataFile{file("2021", "03", "c", 50)}, files)
		p, err := s.Partition(ctx, "shop", "orders", []string{"2021", "02"})
		require.NoError(t, err)
		require.EqualValues(t, 2, p.Files)
		require.EqualValues(t, 107, p.Bytes)
		totals, err := s.DeliveryTotals(ctx, "orders")
		require.NoError(t, err)
		require.Equal(t, DeliveryTotals{Delivered: 30, Rejected: 3, Batches: 2, Files: 3, Bytes: 157, NewestSentAt: someTime, CommittedAt: someTime.Add(time.Second)}, totals)
		for id, want := range map[string]bool{"1": true, "2": true, "3": false} {
			got, err := s.BatchCommitted(ctx, "orders", id)
			require.NoError(t, err)
			require.Equal(t, want, got, id)
		}
	}
	none, err := s.DeliveryTotals(ctx, "other")
	require.NoError(t, err)
	require.Zero(t, none)
}

func TestCommitBatchIsAllOrNothing(t *testing.T) {
	s, again := claimed(t)
	ctx := t.Context()
	require.NoError(t, s.CommitBatch(ctx, batch("1", file("2021", "02", "a", 1))))
	stranger := batch("2", file("2021", "02", "b", 1))
	stranger.Delivery = "other"
	noPartition := batch("3", file("2021", "02", "c", 1), file("2021", "04", "d", 1))
	noPartition.Partitions = nil
	for want, b := range map[error]Batch{
		ErrConflict:      stranger,
		ErrAlreadyExists: batch("4", file("2021", "05", "e", 1), file("2021", "02", "a", 1)),
		ErrNotFound:      noPartition,
		ErrInvalid:       {Delivery: "orders"},
	} {
		require.ErrorIs(t, s.CommitBatch(ctx, b), want)
	}
	for _, s := range []*Store{s, again()} {
		files, err := s.Files(ctx, "shop", "orders", nil)
		require.NoError(t, err)
		require.Len(t, files, 1)
		all, err := s.Partitions(ctx, "shop", "orders")
		require.NoError(t, err)
		require.Len(t, all, 1)
		totals, err := s.DeliveryTotals(ctx, "orders")
		require.NoError(t, err)
		require.EqualValues(t, 1, totals.Batches)
		committed, err := s.BatchCommitted(ctx, "orders", "3")
		require.NoError(t, err)
		require.False(t, committed)
	}
	require.NoError(t, s.DropTable(ctx, "shop", "orders", false))
	require.ErrorIs(t, s.CommitBatch(ctx, batch("5", file("2021", "02", "z", 1))), ErrNotFound)
	totals, err := s.DeliveryTotals(ctx, "orders")
	require.NoError(t, err)
	require.EqualValues(t, 10, totals.Delivered, "the books outlive the table")
}

func TestFilesOfATableWithoutPartitions(t *testing.T) {
	s, again := open(t)
	ctx := t.Context()
	require.NoError(t, s.CreateDatabase(ctx, Database{Name: "shop"}, false))
	flat := orders()
	flat.PartitionKeys = nil
	require.NoError(t, s.CreateTable(ctx, flat, false))
	require.NoError(t, s.ClaimTable(ctx, "shop", "orders", "orders"))
	require.NoError(t, s.CommitBatch(ctx, Batch{Delivery: "orders", ID: "1", Database: "shop", Table: "orders", CommittedAt: someTime, Files: []DataFile{{Bucket: "lake", Key: "orders/a", Size: 1, Rows: 1}}}))
	for _, s := range []*Store{s, again()} {
		files, err := s.Files(ctx, "shop", "orders", nil)
		require.NoError(t, err)
		require.Equal(t, []DataFile{{Partition: []string{}, Bucket: "lake", Key: "orders/a", Size: 1, Rows: 1, CommittedAt: someTime}}, files)
	}
}

// TestMemoryFollowsTheDatabase runs random changes on a store whose small cache
// loads and evicts all the time, and compares it with one that reads the file
// anew.
func TestMemoryFollowsTheDatabase(t *testing.T) {
	s, again := claimed(t)
	s.cacheLimit = 20
	ctx := t.Context()
	other := orders()
	other.Name = "other"
	require.NoError(t, s.CreateTable(ctx, other, false))
	r := rand.New(rand.NewPCG(1, 2))
	value := func() []string { return []string{fmt.Sprint(2020 + r.IntN(3)), fmt.Sprintf("%02d", 1+r.IntN(9))} }
	for i := range 300 {
		v := value()
		table := []string{"orders", "other"}[r.IntN(2)]
		var err error
		switch r.IntN(9) {
		case 0:
			_, err = s.AddPartitions(ctx, "shop", table, []Partition{part(v[0], v[1])}, true)
		case 1:
			_, err = s.DropPartitions(ctx, "shop", table, [][]string{v, value()})
		case 2, 3:
			w := value()
			err = s.CommitBatch(ctx, batch(fmt.Sprint(i), file(v[0], v[1], fmt.Sprint(i, "a"), 1), file(w[0], w[1], fmt.Sprint(i, "b"), 2)))
		case 4:
			_, err = s.Partitions(ctx, "shop", table)
		case 5:
			_, err = s.Files(ctx, "shop", table, [][]string{v, value()})
		case 6:
			_, err = s.Files(ctx, "shop", table, nil)
		default:
			err = replaceAll(t, s, v, fmt.Sprint(i))
		}
		require.NoError(t, err)
		if i%20 != 0 {
			continue
		}
		fresh := again()
		for _, table := range []string{"orders", "other"} {
			want, err := fresh.Partitions(ctx, "shop", table)
			require.NoError(t, err)
			got, err := s.Partitions(ctx, "shop", table)
			require.NoError(t, err)
			require.Len(t, got, len(want))
			for i := range want {
				require.Equal(t, want[i], got[i])
			}
			wantFiles, err := fresh.Files(ctx, "shop", table, nil)
			require.NoError(t, err)
			gotFiles, err := s.Files(ctx, "shop", table, nil)
			require.NoError(t, err)
			require.Equal(t, wantFiles, gotFiles)
		}
	}
}

func BenchmarkCommitBatch(b *testing.B) {
	s, _ := claimed(b)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i++
		require.NoError(b, s.CommitBatch(b.Context(), batch(fmt.Sprint(i), file("2021", "02", fmt.Sprint(i), 1))))
	}
}

func BenchmarkTable(b *testing.B) {
	s, _ := withOrders(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Table(b.Context(), "shop", "orders"); err != nil {
			b.Fatal(err)
		}
	}
}
