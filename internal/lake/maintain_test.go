package lake_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func (w *world) dataFiles() int {
	n := 0
	for _, k := range w.keys() {
		if strings.HasSuffix(k, ".parquet") {
			n++
		}
	}
	return n
}

func TestOptimizeAndVacuum(t *testing.T) {
	w := newWorld(t)
	w.run("CREATE TABLE t (id int, p string) PARTITIONED BY (p) LOCATION 's3://lake/t/' TBLPROPERTIES ('table_type'='ICEBERG', 'vacuum_max_snapshot_age_seconds'='0')")
	w.run("OPTIMIZE t REWRITE DATA USING BIN_PACK")
	for i := range 6 {
		w.run(fmt.Sprintf("INSERT INTO t VALUES (%d, 'a'), (%d, 'b')", i, i+100))
	}
	w.run("DELETE FROM t WHERE id IN (2, 102)")
	want := w.sorted("SELECT * FROM t")
	require.Equal(t, 12, w.files)
	w.run("OPTIMIZE t REWRITE DATA USING BIN_PACK WHERE p = 'a'")
	require.Equal(t, want, w.sorted("SELECT * FROM t"))
	require.Equal(t, 7, w.files, "the files of one partition are one")
	w.run("OPTIMIZE shop.t REWRITE DATA USING BIN_PACK")
	require.Equal(t, want, w.sorted("SELECT * FROM t"))
	require.Equal(t, 2, w.files)
	w.run("OPTIMIZE t REWRITE DATA USING BIN_PACK")
	require.Equal(t, want, w.sorted("SELECT * FROM t"))
	require.Equal(t, 16, w.dataFiles())
	w.run("VACUUM t")
	require.Equal(t, 2, w.dataFiles(), "what only old snapshots named is gone")
	require.Equal(t, want, w.sorted("SELECT * FROM t"))
	w.run("DELETE FROM t WHERE id = 3")
	want = slices.DeleteFunc(want, func(r string) bool { return r == "3|a" })
	require.Equal(t, want, w.sorted("SELECT * FROM t"))
	for text, message := range map[string]string{
		"VACUUM missing": "Table 'awsdatacatalog.shop.missing' does not exist",
		"OPTIMIZE t REWRITE DATA USING BIN_PACK WHERE nope = 1": "Column 'nope' cannot be resolved",
	} {
		_, err := w.try(text)
		require.ErrorContains(t, err, message)
	}
}

// TestTimeTravel: older states, with the columns of then.
func TestTimeTravel(t *testing.T) {
	w := newWorld(t)
	w.run("CREATE TABLE t (a int, b string) LOCATION 's3://lake/t/' TBLPROPERTIES ('table_type'='ICEBERG')")
	w.run("INSERT INTO t VALUES (1, 'x')")
	table, err := w.catalog.Table(t.Context(), "shop", "t")
	require.NoError(t, err)
	loaded, err := w.planner.Iceberg().Load(t.Context(), table)
	require.NoError(t, err)
	first := loaded.Metadata.Current()
	w.run("ALTER TABLE t DROP COLUMN b")
	w.run("INSERT INTO t VALUES (2)")
	w.run("DELETE FROM t WHERE a = 1")
	require.Equal(t, []string{"2"}, w.run("SELECT * FROM t"))
	require.Equal(t, []string{"1|x"}, w.run(fmt.Sprintf("SELECT * FROM t FOR VERSION AS OF %d", first.ID)))
	require.Equal(t, []string{"2"}, w.run("SELECT * FROM t FOR VERSION AS OF 'main'"))
	require.Equal(t, []string{"2"}, w.run("SELECT * FROM t FOR TIMESTAMP AS OF current_timestamp - interval '1' second"))
	for text, message := range map[string]string{
		"SELECT * FROM t FOR VERSION AS OF 7":                                 "Iceberg snapshot ID does not exists: 7",
		"SELECT * FROM t FOR VERSION AS OF 'nope'":                            "Cannot find snapshot with reference name: nope",
		"SELECT * FROM t FOR TIMESTAMP AS OF TIMESTAMP '2000-01-01 00:00:00'": `No version history table "shop"."t" at or before`,
		"SELECT * FROM t FOR TIMESTAMP AS OF '2022-01-01'":                    "line 1:17: Type varchar(10) invalid. Temporal pointers must be of type Timestamp, Timestamp with Time Zone, or Date.",
		"SELECT * FROM t FOR TIMESTAMP AS OF CAST(NULL AS date)":              "line 1:17: Pointer value cannot be NULL",
		"SELECT * FROM t FOR TIMESTAMP AS OF DATE '2999-01-01'":               "line 1:17: Pointer value '2999-01-01' is not in the past",
	} {
		_, err := w.try(text)
		require.ErrorContains(t, err, message, text)
	}
}
