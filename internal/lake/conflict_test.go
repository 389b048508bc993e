package lake_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/lake"
	"github.com/scopsdb/scops/internal/sql"
	"github.com/scopsdb/scops/internal/sql/analyzer"
)

func (w *world) prepare(text, id string) *lake.Change {
	stmt, err := sql.Parse(text)
	require.NoError(w, err)
	c, err := w.lake.Prepare(w.Context(), stmt.Query, analyzer.Options{Catalog: w.catalog, Versions: w.lake, Database: "shop", Now: w.now}, id)
	require.NoError(w, err)
	return c
}

// TestConflicts: of two statements that change rows at once one fails and leaves
// nothing; an INSERT goes onto what the other one made; a statement that is
// stopped before its commit leaves the table as it was.
func TestConflicts(t *testing.T) {
	w := newWorld(t)
	w.run("CREATE TABLE t (a int, b int) LOCATION 's3://lake/t/' TBLPROPERTIES ('table_type'='ICEBERG')")
	w.run("INSERT INTO t VALUES (1, 1), (2, 2)")
	first, second, insert := w.prepare("UPDATE t SET b = 10 WHERE a = 1", "x"), w.prepare("DELETE FROM t WHERE a = 1", "y"), w.prepare("INSERT INTO t VALUES (3, 3)", "z")
	_, err := w.apply(w.Context(), first)
	require.NoError(t, err)
	before := w.keys()
	_, err = w.apply(w.Context(), second)
	require.ErrorContains(t, err, "ICEBERG_COMMIT_ERROR: Failed to commit during write to table shop.t: the table was changed by another statement since this one began")
	require.Equal(t, before, w.keys(), "it leaves no file")
	_, err = w.apply(w.Context(), insert)
	require.NoError(t, err)
	require.Equal(t, []string{"1|10", "2|2", "3|3"}, w.sorted("SELECT * FROM t"))

	before = w.keys()
	stopped := w.prepare("UPDATE t SET b = 0", "s")
	rows, err := w.query(w.Context(), stopped.Source)
	require.NoError(t, err)
	defer rows.Close()
	_, err = stopped.Apply(w.Context(), rows, func() error { return errors.New("stopped") })
	require.EqualError(t, err, "stopped")
	require.Equal(t, before, w.keys())

	altered := w.prepare("INSERT INTO t VALUES (4, 4)", "v")
	w.run("ALTER TABLE t ADD COLUMNS (c int)")
	_, err = w.apply(w.Context(), altered)
	require.ErrorContains(t, err, "its schema or partitioning was changed by another statement since this one began")
	require.Equal(t, []string{"1|10|NULL", "2|2|NULL", "3|3|NULL"}, w.sorted("SELECT * FROM t"))
}
