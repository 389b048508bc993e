package ddl

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/objects"
)

// countedStore counts the listings of a store.
type countedStore struct {
	objects.Store
	folders, objects int
}

func (c *countedStore) Folders(ctx context.Context, bucket, prefix, startAfter string, max int) ([]string, bool, error) {
	c.folders++
	return c.Store.Folders(ctx, bucket, prefix, startAfter, max)
}

func (c *countedStore) List(ctx context.Context, bucket, prefix, startAfter string, max int) ([]objects.Info, bool, error) {
	c.objects++
	return c.Store.List(ctx, bucket, prefix, startAfter, max)
}

// TestRepairLooksIntoNoPartition: a repair lists the folders above the
// partitions and never what lies in one, new or known.
func TestRepairLooksIntoNoPartition(t *testing.T) {
	l := newLake(t)
	counted := &countedStore{Store: l.Objects}
	l.Objects = counted
	l.must("CREATE DATABASE shop")
	l.must("CREATE EXTERNAL TABLE t (a int) PARTITIONED BY (year int, month string) LOCATION 's3://lake/t/'")
	for year := 2019; year <= 2021; year++ {
		for month := 1; month <= 12; month++ {
			for file := range 3 {
				l.put(fmt.Sprintf("s3://lake/t/year=%d/month=%02d/deep/%d", year, month, file), "x")
			}
		}
	}
	r := l.must("MSCK REPAIR TABLE t")
	require.Empty(t, r.Columns)
	require.Len(t, r.Rows, 37)
	require.Equal(t, "Repair: Added partition to metastore t:year=2019/month=01", r.Rows[1][0])
	require.Equal(t, 4, counted.folders, "the table and its three years")

	l.put("s3://lake/t/year=2022/month=01/a", "x")
	r = l.must("MSCK REPAIR TABLE t")
	require.Equal(t, [][]string{{"Partitions not in metastore:\tt:year=2022/month=01"}, {"Repair: Added partition to metastore t:year=2022/month=01"}}, r.Rows)
	require.Equal(t, 4+5, counted.folders)
	require.Empty(t, l.must("MSCK REPAIR TABLE t").Rows)
	require.Zero(t, counted.objects)
}

// TestRepairGoesPastOnePage repairs more folders than one listing has.
func TestRepairGoesPastOnePage(t *testing.T) {
	l := newLake(t)
	counted := &countedStore{Store: l.Objects}
	l.Objects = smallPages{counted}
	l.must("CREATE DATABASE shop")
	l.must("CREATE EXTERNAL TABLE t (a int) PARTITIONED BY (p string) LOCATION 's3://lake/t/'")
	for p := range 7 {
		l.put(fmt.Sprintf("s3://lake/t/p=%d/f", p), "x")
		l.put(fmt.Sprintf("s3://lake/t/p=%d-b/f", p), "x") // sorts before p=0/
	}
	require.Len(t, l.must("MSCK REPAIR TABLE t").Rows, 15)
	require.Equal(t, 5, counted.folders)
}

// smallPages answers three folders at once at most.
type smallPages struct{ objects.Store }

func (s smallPages) Folders(ctx context.Context, bucket, prefix, startAfter string, max int) ([]string, bool, error) {
	return s.Store.Folders(ctx, bucket, prefix, startAfter, min(max, 3))
}
