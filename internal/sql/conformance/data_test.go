package conformance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/ddl"
	"github.com/scopsdb/scops/internal/engine/duckdb"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql/hive"
	"github.com/scopsdb/scops/internal/sql/sqltest"
	"github.com/scopsdb/scops/internal/tail"
)

// dataDir has the tables of Trino's connectors as files: database/tables.ddl
// and database/table.parquet.
const dataDir = "../../../testdata/conformance/data/"

// lake is a scops for queries: an engine over a catalog with the databases shop and archive,
// whose tables have no files, and tpch and tpcds, whose tables have.
type lake struct {
	catalog *catalog.Store
	planner *planner.Planner
	engine  *duckdb.Engine
}

// openLake makes the lake as a user would: objects in a bucket, and CREATE
// EXTERNAL TABLE over them.
func openLake(t *testing.T) lake {
	dir := filepath.Join(t.TempDir(), "objects")
	e, err := duckdb.Open(duckdb.Options{Threads: 1, AllowedDirs: []string{dir}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, e.Close()) })
	l := lake{catalog: sqltest.Catalog(t), engine: e}
	store, err := objects.OpenLocal(dir)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	require.NoError(t, store.CreateBucket(t.Context(), "lake"))
	l.planner = planner.New(l.catalog, store, tail.New())
	x := &ddl.Executor{Catalog: l.catalog, Objects: store}
	for _, database := range []string{"tpch", "tpcds"} {
		require.NoError(t, l.catalog.CreateDatabase(t.Context(), catalog.Database{Name: database}, false))
		statements, err := os.ReadFile(dataDir + database + "/tables.ddl")
		require.NoError(t, err)
		for _, text := range strings.Split(strings.TrimSpace(string(statements)), ";\n") {
			s, err := hive.Parse(strings.TrimSuffix(text, ";"))
			require.NoError(t, err)
			_, err = x.Execute(t.Context(), s, ddl.Context{Database: database})
			require.NoError(t, err)
		}
		files, err := filepath.Glob(dataDir + database + "/*.parquet")
		require.NoError(t, err)
		for _, path := range files {
			put(t, store, database, path)
		}
	}
	return l
}

// put stores the file of a table in the folder that is the table's location.
func put(t *testing.T, store objects.Store, database, path string) {
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	info, err := f.Stat()
	require.NoError(t, err)
	table := strings.TrimSuffix(filepath.Base(path), ".parquet")
	_, err = store.Put(t.Context(), "lake", database+"/"+table+"/data.parquet", f, info.Size(), objects.PutOptions{})
	require.NoError(t, err)
}
