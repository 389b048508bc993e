package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAthenaNames: tables and columns by quoted names, names in capitals and
// with the catalog, and what information_schema says of them.
func TestAthenaNames(t *testing.T) {
	t.Parallel()
	s := shared(t)
	a, bucket, db := s.athena(), s.bucket(), s.database()
	s.put(bucket, "t/day=01/a", []byte(`{"n":1}`+"\n"))
	run(t, a, "CREATE EXTERNAL TABLE "+db+".t (n int COMMENT 'a number') PARTITIONED BY (day string) "+openx+" LOCATION 's3://"+bucket+"/t/'")
	run(t, a, "MSCK REPAIR TABLE "+db+".t")
	run(t, a, "CREATE VIEW "+db+".v AS SELECT n + 1 AS m FROM "+db+".t")
	for _, sql := range []string{
		"SELECT n FROM awsdatacatalog." + db + ".t",
		`SELECT "N" FROM "AwsDataCatalog"."` + db + `"."T"`,
		"SELECT AwsDataCatalog." + db + ".t.n FROM " + db + ".t",
	} {
		require.Equal(t, [][]string{{"1"}}, values(t, a, sql), sql)
	}
	require.Equal(t, [][]string{{"t", "n", "1", "integer", "a number", "<NULL>"}, {"t", "day", "2", "varchar", "<NULL>", "partition key"}, {"v", "m", "1", "integer", "<NULL>", "<NULL>"}},
		values(t, a, "SELECT table_name, column_name, ordinal_position, data_type, comment, extra_info FROM information_schema.columns"+
			" JOIN information_schema.tables USING (table_schema, table_name) WHERE table_schema = '"+db+"' ORDER BY 1, 3"))
	require.Equal(t, [][]string{{"10"}}, values(t, a, "SELECT count(*) FROM (SELECT ordinal_position FROM (TABLE information_schema.columns) WHERE table_name = 'table_privileges')"))
	requireFailed(t, execute(t, a, "SELECT * FROM nope."+db+".t"), "CATALOG_NOT_FOUND: line 1:15: Catalog 'nope' does not exist")
	requireFailed(t, execute(t, a, "SELECT * FROM nope.t"), "SCHEMA_NOT_FOUND: line 1:15: Schema 'nope' does not exist")
	requireFailed(t, execute(t, a, "SELECT * FROM "+db+".nope"), "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog."+db+".nope' does not exist")
	requireFailed(t, execute(t, a, "USE "+db), "NOT_SUPPORTED: line 1:1: USE is not supported")
	requireFailed(t, execute(t, a, "SET SESSION a = 1"), "NOT_SUPPORTED: line 1:1: SET SESSION is not supported")
}
