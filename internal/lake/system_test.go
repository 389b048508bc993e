package lake_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSystemTables(t *testing.T) {
	w := newWorld(t)
	w.run("CREATE TABLE t (a int, b double) LOCATION 's3://lake/t/' TBLPROPERTIES ('table_type'='ICEBERG', 'vacuum_min_snapshots_to_keep'='3')")
	require.Empty(t, w.run(`SELECT * FROM "t$snapshots"`))
	require.Empty(t, w.run(`SELECT * FROM "t$files"`))
	w.run("INSERT INTO t VALUES (1, 1e0), (2, NULL)")
	w.run("DELETE FROM t WHERE a = 2")
	require.Equal(t, []string{"append|2|false|q3", "delete|2|true|q4"}, w.run(`SELECT operation, summary['total-records'], parent_id IS NOT NULL, summary['trino_query_id'] FROM "t$snapshots" ORDER BY committed_at`))
	require.Equal(t, []string{"2|2"}, w.run(`SELECT count(*), count_if(is_current_ancestor) FROM "shop"."t$history" h JOIN "t$snapshots" s ON s.snapshot_id = h.snapshot_id`))
	require.Equal(t, []string{"main|BRANCH|NULL"}, w.run(`SELECT r.name, r.type, r.min_snapshots_to_keep FROM "t$refs" r JOIN "t$snapshots" s USING (snapshot_id) WHERE operation = 'delete'`))
	require.Equal(t, []string{"0|PARQUET|2|{1=2, 2=2}|{1=0, 2=1}|{2=0}", "1|PARQUET|1|{2147483545=1, 2147483546=1}|{2147483545=0, 2147483546=0}|{}"},
		w.run(`SELECT content, file_format, record_count, value_counts, null_value_counts, nan_value_counts FROM "t$files" WHERE file_size_in_bytes > 0 ORDER BY content`))
	require.Equal(t, []string{"vacuum_min_snapshots_to_keep|3"}, w.run(`SELECT * FROM "t$properties"`))
	_, err := w.try(`SELECT * FROM "t$nope"`)
	require.ErrorContains(t, err, "Table 'awsdatacatalog.shop.t$nope' does not exist")
}
