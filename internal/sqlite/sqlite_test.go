package sqlite

import (
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func TestOwnersMigrateApart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cat alog?.db") // a name that needs escaping
	files := func(table string) fstest.MapFS {
		return fstest.MapFS{"00001_init.sql": {Data: []byte("-- +goose Up\nCREATE TABLE " + table + " (id TEXT PRIMARY KEY);\n")}}
	}
	for range 2 { // the second opening finds everything in place
		db, err := Open(path)
		require.NoError(t, err)
		require.NoError(t, db.Migrate(t.Context(), "catalog", files("a")))
		require.NoError(t, db.Migrate(t.Context(), "athena", files("b")))
		_, err = db.Write.Exec("INSERT OR IGNORE INTO a VALUES ('x')")
		require.NoError(t, err)
		var n int
		require.NoError(t, db.Read.QueryRow("SELECT count(*) FROM a, b").Scan(&n))
		_, err = db.Read.Exec("INSERT INTO b VALUES ('y')")
		require.Error(t, err, "readers must not write")
		require.NoError(t, db.Close())
	}
	require.FileExists(t, path)
}
