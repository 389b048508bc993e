package catalog

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestErrorFiles commits objects of rejected records, replaces one, and reads
// them from memory and from the disk.
func TestErrorFiles(t *testing.T) {
	ctx := context.Background()
	s, reopen := open(t)
	require.NoError(t, s.CreateDatabase(ctx, Database{Name: "shop"}, false))
	table := Table{Database: "shop", Name: "orders", Type: "EXTERNAL_TABLE", Columns: []Column{{Name: "id", Type: "int"}}, Location: "s3://lake/orders/"}
	require.NoError(t, s.CreateTable(ctx, table, false))
	_, err := s.Table(ctx, "shop", "orders$errors")
	require.ErrorIs(t, err, ErrNotFound, "of a table that nothing is delivered into")
	require.NoError(t, s.ClaimTable(ctx, "shop", "orders", "d"))
	hidden, err := s.Table(ctx, "Shop", "Orders$Errors")
	require.NoError(t, err)
	require.Equal(t, "orders$errors", hidden.Name)
	keys := func(s *Store) (out []string) {
		files, err := s.ErrorFiles(ctx, "shop", "orders")
		require.NoError(t, err)
		for _, f := range files {
			out = append(out, f.Key)
		}
		return out
	}
	require.Empty(t, keys(s))
	commit := func(id string) {
		require.NoError(t, s.CommitBatch(ctx, Batch{
			Delivery: "d", ID: id, Database: "shop", Table: "orders", Rejected: 2,
			Errors: []DataFile{{Bucket: "logs", Key: id + ".gz", Size: 5, Rows: 2}},
		}))
	}
	commit("1")
	commit("2")
	commit("2")
	require.Equal(t, []string{"1.gz", "2.gz"}, keys(s))
	end := s.BeginRead()
	require.NoError(t, s.ReplaceErrorFile(ctx, "shop", "orders", FileName{Bucket: "logs", Key: "1.gz"}, DataFile{Bucket: "logs", Key: "1b.gz", Size: 6, Rows: 2}))
	require.ElementsMatch(t, []string{"1b.gz", "2.gz"}, keys(s))
	require.ErrorIs(t, s.ReplaceErrorFile(ctx, "shop", "orders", FileName{Bucket: "logs", Key: "1.gz"}, DataFile{}), ErrConflict)
	removed, err := s.RemovedFiles(ctx, s.now())
	require.NoError(t, err)
	require.Empty(t, removed, "a query may read it")
	end()
	removed, err = s.RemovedFiles(ctx, s.now())
	require.NoError(t, err)
	require.Equal(t, []FileName{{Bucket: "logs", Key: "1.gz"}}, removed)
	s = reopen()
	require.ElementsMatch(t, []string{"1b.gz", "2.gz"}, keys(s))
	table.Name = "x$errors"
	require.ErrorIs(t, s.CreateTable(ctx, table, false), ErrInvalid)
	tables, err := s.Tables(ctx, "shop")
	require.NoError(t, err)
	require.Len(t, tables, 1)
	require.NoError(t, s.DropTable(ctx, "shop", "orders", false))
	_, err = s.ErrorFiles(ctx, "shop", "orders")
	require.ErrorIs(t, err, ErrNotFound)
}
