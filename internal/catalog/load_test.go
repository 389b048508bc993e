package catalog

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/sqlite"
)

// TestPartitionsAreReadAsTheyWereWritten: what is read from the database, in
// several pages, is what was kept in memory before.
func TestPartitionsAreReadAsTheyWereWritten(t *testing.T) {
	db, err := sqlite.Open(filepath.Join(t.TempDir(), "catalog.db"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	s, err := Open(db)
	require.NoError(t, err)
	ctx := t.Context()
	require.NoError(t, s.CreateDatabase(ctx, Database{Name: "shop"}, false))
	require.NoError(t, s.CreateTable(ctx, Table{Database: "shop", Name: "t", Location: "s3://lake/t", Columns: []Column{{Name: "id", Type: "int"}}, PartitionKeys: []Column{{Name: "a", Type: "string"}, {Name: "b", Type: "string"}}}, false))
	at := time.Date(2021, 2, 3, 4, 5, 6, 7, time.UTC)
	ps := []Partition{
		{Values: []string{"a/b", "100%"}, Location: "s3://lake/x\x1ey\x1f/", CreateTime: at, Parameters: map[string]string{"k": "v\x1e"}},
		{Values: []string{"a-b", "\x1e\x1f"}, Location: "s3://lake/y/", CreateTime: at},
		{Values: []string{"a", "b"}, Location: "s3://lake/z/", CreateTime: at},
	}
	for i := range loadPage {
		ps = append(ps, Partition{Values: []string{"n", fmt.Sprint(i)}, Location: fmt.Sprintf("s3://lake/n/%d/", i), CreateTime: at})
	}
	_, err = s.AddPartitions(ctx, "shop", "t", ps, false)
	require.NoError(t, err)
	// The first look reads them from the database, and sorts them.
	read, err := s.Partitions(ctx, "shop", "t")
	require.NoError(t, err)
	sortPartitions(ps)
	require.Equal(t, ps, read)
}
