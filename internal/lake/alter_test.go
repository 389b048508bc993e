package lake_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSchemaEvolution(t *testing.T) {
	w := newWorld(t)
	w.run("CREATE TABLE t (a int, b string, c float, d decimal(5,2), s struct<x:int>) PARTITIONED BY (truncate(2, b)) LOCATION 's3://lake/t/' TBLPROPERTIES ('table_type'='ICEBERG')")
	w.run("INSERT INTO t VALUES (1, 'one', REAL '1.5', 1.25, ROW(7))")
	w.run("ALTER TABLE t ADD COLUMNS (e string COMMENT 'new', f array<int>)")
	w.run("INSERT INTO t VALUES (2, 'two', REAL '2.5', 2.25, ROW(8), 'e', ARRAY[1])")
	w.run("ALTER TABLE t CHANGE COLUMN a id bigint FIRST")
	w.run("ALTER TABLE t CHANGE c c double COMMENT 'wide' AFTER f")
	w.run("ALTER TABLE t CHANGE d d decimal(9,2)")
	w.run("ALTER TABLE t CHANGE b name string")
	w.run("INSERT INTO t VALUES (3000000000, 'three', 1234567.25, ROW(9), 'e3', ARRAY[], 3.5)")
	require.Equal(t, []string{
		"1|one|1.25|{x=7}|NULL|NULL|1.5", "2|two|2.25|{x=8}|e|[1]|2.5", "3000000000|three|1234567.25|{x=9}|e3|[]|3.5",
	}, w.sorted("SELECT * FROM t"))
	require.Equal(t, []string{"1", "2"}, w.sorted("SELECT id FROM t WHERE id < 3"))
	require.Equal(t, []string{"1"}, w.run("SELECT id FROM t WHERE e IS NULL"))
	w.run("ALTER TABLE t DROP COLUMN e")
	w.run("ALTER TABLE t ADD COLUMNS (e int)")
	require.Equal(t, []string{"1|NULL", "2|NULL", "3000000000|NULL"}, w.sorted("SELECT id, e FROM t"), "a new column of an old name has no values")
	w.run("UPDATE t SET e = 5 WHERE id = 1")
	require.Equal(t, []string{"1|5", "2|NULL", "3000000000|NULL"}, w.sorted("SELECT id, e FROM t"))
	require.Equal(t, []string{"# Table schema:\t\t", "# col_name\tdata_type\tcomment", "id\tbigint\t", "name\tstring\t", "d\tdecimal(9,2)\t", "s\tstruct<x:int>\t", "f\tarray<int>\t", "c\tdouble\twide", "e\tint\t",
		"\t\t", "# Partition spec:\t\t", "# field_name\tfield_transform\tcolumn_name", "b_trunc\ttruncate[2]\tname"}, w.run("DESCRIBE t"))
	for text, want := range map[string]string{
		"ALTER TABLE t DROP COLUMN name":                  "Cannot drop partition field: name",
		"ALTER TABLE t CHANGE d d int":                    "Cannot change column type: d: decimal(9, 2) -> int",
		"ALTER TABLE t CHANGE nope x int":                 "Column 'nope' does not exist",
		"ALTER TABLE t ADD COLUMNS (id int)":              "Column 'id' already exists",
		"ALTER TABLE t ADD COLUMNS (x tinyint)":           "type tinyint of column x is not one of Iceberg's",
		"ALTER TABLE t REPLACE COLUMNS (x int)":           "is not supported",
		"ALTER TABLE t SET LOCATION 's3://lake/u/'":       "is not supported",
		"ALTER TABLE t SET TBLPROPERTIES ('color'='red')": "Unsupported table property key: color",
		"MSCK REPAIR TABLE t":                             "is not supported",
	} {
		_, err := w.try(text)
		require.ErrorContains(t, err, want, text)
	}
}

func TestDefinitions(t *testing.T) {
	w := newWorld(t)
	const create = "CREATE TABLE shop.t (\n  `a` int COMMENT 'it\\'s', \n  `b` timestamp)\nPARTITIONED BY (`a`, day(`b`), bucket(4, `a`))\nLOCATION 's3://lake/t'\nTBLPROPERTIES (\n  'optimize_rewrite_delete_file_threshold'='3', \n  'table_type'='iceberg', \n  'write_compression'='GZIP'\n)"
	w.run(create)
	shown := ""
	for i, line := range w.run("SHOW CREATE TABLE t") {
		if i > 0 {
			shown += "\n"
		}
		shown += line
	}
	require.Equal(t, create, shown)
	w.run("INSERT INTO t VALUES (1, TIMESTAMP '2024-01-01 00:00:00')")
	w.run("ALTER TABLE t SET TBLPROPERTIES ('write_compression'='none')")
	w.run("ALTER TABLE t UNSET TBLPROPERTIES ('optimize_rewrite_delete_file_threshold')")
	w.run("INSERT INTO t VALUES (2, NULL)")
	require.NotContains(t, w.run("SHOW CREATE TABLE t"), "optimize")
	w.run("ALTER TABLE t RENAME TO u")
	require.Equal(t, []string{"1|2024-01-01 00:00:00.000000", "2|NULL"}, w.sorted("SELECT * FROM u"))
	_, err := w.try("SELECT * FROM t")
	require.ErrorContains(t, err, "does not exist")
	w.run("DROP TABLE u")
	require.Empty(t, w.keys(), "the files of a dropped table go")
}
