package analyzer_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/sqltest"
)

// TestPartitionsTable: t$partitions has those partitions that the conditions
// leave, and no others reach the engine.
func TestPartitionsTable(t *testing.T) {
	store := sqltest.Catalog(t)
	var ps []catalog.Partition
	for _, day := range []string{"01", "02", "03", catalog.HiveDefaultPartition} {
		ps = append(ps, catalog.Partition{Values: []string{"2021", "02", day}, Location: "s3://lake/" + day + "/"})
	}
	_, err := store.AddPartitions(t.Context(), "shop", "orders", ps, false)
	require.NoError(t, err)
	for sql, rows := range map[string]string{
		`SELECT * FROM "orders$partitions"`:                                                              "Values[4 rows]",
		`SELECT day FROM "orders$partitions" WHERE day >= '02'`:                                          "Values[2 rows]",
		`SELECT day FROM "orders$partitions" WHERE day IS NULL`:                                          "Values[1 rows]",
		`SELECT day FROM "orders$partitions" WHERE CAST(day AS integer) = 3`:                             "Values[1 rows]",
		`SELECT max(day) FROM (SELECT year, day FROM "orders$partitions") WHERE year = '2020'`:           "Values[0 rows]",
		`SELECT * FROM orders o WHERE day IN (SELECT day FROM "orders$partitions" p WHERE p.day < '02')`: "Values[1 rows]",
	} {
		an, err := analyze(t, store, sql)
		require.NoError(t, err, sql)
		require.Contains(t, an.Explain(), rows, sql)
		require.NotEmpty(t, an.Unrepeatable, "a result of it is not one of files alone")
	}
}
