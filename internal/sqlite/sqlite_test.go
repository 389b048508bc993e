package sqlite

import (
	"fmt"
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

func TestIsFull(t *testing.T) {
	db, err := Open(filepath.Join(t.TempDir(), "catalog.db"))
	require.NoError(t, err)
	defer db.Close()
	_, err = db.Write.Exec("CREATE TABLE a (id TEXT); PRAGMA max_page_count = 4")
	require.NoError(t, err)
	_, err = db.Write.Exec("INSERT INTO a VALUES (printf('%.100000c', 'x'))")
	require.True(t, IsFull(fmt.Errorf("write: %w", err)), "%v", err)
	_, err = db.Write.Exec("INSERT INTO b VALUES (1)")
	require.Error(t, err)
	require.False(t, IsFull(err), "another error")
	require.False(t, IsFull(nil))
}
