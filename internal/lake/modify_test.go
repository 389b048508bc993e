package lake_test

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

const counted = `CREATE TABLE t (id int, n int, name string) PARTITIONED BY (bucket(3, id)) LOCATION 's3://lake/t/' TBLPROPERTIES ('table_type'='ICEBERG')`

func TestDeleteUpdateMerge(t *testing.T) {
	w := newWorld(t)
	w.run(counted)
	w.run("INSERT INTO t VALUES (1, 10, 'a'), (2, 20, 'b'), (3, 30, 'c'), (4, 40, NULL)")
	require.Equal(t, []string{"1"}, w.run("DELETE FROM t WHERE name = 'b'"))
	require.Equal(t, []string{"1|10|a", "3|30|c", "4|40|NULL"}, w.sorted("SELECT * FROM t"))
	require.Equal(t, []string{"3"}, w.run("SELECT count(*) FROM t"))
	require.Equal(t, []string{"2"}, w.run("UPDATE t SET n = n + 1, name = concat('x', name) WHERE id > 2"))
	require.Equal(t, []string{"1|10|a", "3|31|xc", "4|41|NULL"}, w.sorted("SELECT * FROM t"))
	require.Equal(t, []string{"4"}, w.run(`MERGE INTO t AS old USING (VALUES (1, 100), (3, 300), (4, 400), (9, 900), (8, 800)) new(id, n) ON old.id = new.id
		WHEN MATCHED AND new.n = 100 THEN DELETE
		WHEN MATCHED AND new.n = 300 THEN UPDATE SET n = old.n + new.n, name = 'm'
		WHEN NOT MATCHED AND new.id = 9 THEN INSERT VALUES (new.id, new.n, 'i')
		WHEN NOT MATCHED THEN INSERT (n, id) VALUES (new.n, new.id)`))
	require.Equal(t, []string{"3|331|m", "4|41|NULL", "8|800|NULL", "9|900|i"}, w.sorted("SELECT * FROM t"))
	require.Equal(t, []string{"0"}, w.run("DELETE FROM t WHERE id = 77"))
	require.Equal(t, []string{"4"}, w.run("DELETE FROM t"))
	require.Empty(t, w.run("SELECT * FROM t"))
}

func TestModifyErrors(t *testing.T) {
	w := newWorld(t)
	w.run(counted)
	w.run("INSERT INTO t VALUES (1, 10, 'a'), (2, 20, 'b')")
	w.run("CREATE EXTERNAL TABLE h (a int) LOCATION 's3://lake/h/'")
	before := w.keys()
	for text, want := range map[string]string{
		"DELETE FROM missing":                                  "line 1:1: Table 'awsdatacatalog.shop.missing' does not exist",
		"DELETE FROM h":                                        "Modifying Hive table rows is only supported for transactional tables",
		"DELETE FROM t WHERE n":                                "line 1:21: WHERE clause must evaluate to a boolean: actual type integer",
		"DELETE FROM t WHERE nope = 1":                         "line 1:21: Column 'nope' cannot be resolved",
		`DELETE FROM t WHERE "$row_position" = 1`:              "Column '$row_position' cannot be resolved",
		"UPDATE t SET nope = 1":                                "line 1:14: The UPDATE SET target column nope doesn't exist",
		"UPDATE t SET n = 'x'":                                 "line 1:1: UPDATE table column types don't match SET expressions: Table: [integer], Expressions: [varchar(1)]",
		"UPDATE t SET n = 1 / (id - 1)":                        "DIVISION_BY_ZERO",
		"UPDATE t SET n = 1 WHERE":                             "line 1:25: mismatched input '<EOF>'. Expecting: <expression>",
		"MERGE INTO t USING t u ON 1 WHEN MATCHED THEN DELETE": "line 1:27: The MERGE predicate must evaluate to a boolean: actual type integer",
		"MERGE INTO t USING (VALUES 1, 1) u(a) ON id = a WHEN MATCHED THEN DELETE":                       "MERGE_TARGET_ROW_MULTIPLE_MATCHES: One MERGE target table row matched more than one source row",
		"MERGE INTO t USING (VALUES 1) u(a) ON id = a WHEN MATCHED THEN UPDATE SET x = 1":                "line 1:1: Merge column name does not exist in target table: x",
		"MERGE INTO t USING (VALUES 1) u(a) ON id = a WHEN NOT MATCHED THEN INSERT (n, n) VALUES (1, 2)": "line 1:1: Merge column name is specified more than once: n",
		"MERGE INTO t USING (VALUES 1) u(a) ON id = a WHEN MATCHED THEN UPDATE SET n = 'x'":              "MERGE table column types don't match for MERGE case 0, SET expressions: Table: [integer], Expressions: [varchar(1)]",
		"MERGE INTO t USING (VALUES 1) u(a) ON id = a":                                                   "mismatched input '<EOF>'",
	} {
		_, err := w.try(text)
		require.ErrorContains(t, err, want, text)
	}
	require.Equal(t, before, w.keys(), "failed statements leave no files")
	require.Equal(t, []string{"1|10|a", "2|20|b"}, w.sorted("SELECT * FROM t"))
}

// TestRandomChanges: after each of a sequence of statements the table is what a
// plain map is.
func TestRandomChanges(t *testing.T) {
	w := newWorld(t)
	w.run(counted)
	random := rand.New(rand.NewSource(7))
	rows := map[int][2]string{} // id: n and name
	for step := range 30 {
		a, b := random.Intn(30), random.Intn(30)
		switch random.Intn(5) {
		case 0, 1:
			if _, there := rows[a]; there {
				continue
			}
			w.run(fmt.Sprintf("INSERT INTO t VALUES (%d, %d, 's%d')", a, b, step))
			rows[a] = [2]string{fmt.Sprint(b), fmt.Sprintf("s%d", step)}
		case 2:
			w.run(fmt.Sprintf("DELETE FROM t WHERE id BETWEEN %d AND %d", a, a+3))
			for id := a; id <= a+3; id++ {
				delete(rows, id)
			}
		case 3:
			w.run(fmt.Sprintf("UPDATE t SET name = 'u%d', n = id * 2 WHERE id %% 7 = %d", step, b%7))
			for id := range rows {
				if id%7 == b%7 {
					rows[id] = [2]string{fmt.Sprint(id * 2), fmt.Sprintf("u%d", step)}
				}
			}
		case 4:
			w.run(fmt.Sprintf(`MERGE INTO t USING (SELECT x FROM UNNEST(sequence(%d, %d)) v(x)) s ON id = x
				WHEN MATCHED AND x %% 2 = 0 THEN DELETE WHEN MATCHED THEN UPDATE SET n = -x
				WHEN NOT MATCHED AND x %% 3 = 0 THEN INSERT (id, name) VALUES (x, 'm')`, a, a+8))
			for x := a; x <= a+8; x++ {
				old, there := rows[x]
				switch {
				case there && x%2 == 0:
					delete(rows, x)
				case there:
					rows[x] = [2]string{fmt.Sprint(-x), old[1]}
				case x%3 == 0:
					rows[x] = [2]string{"NULL", "m"}
				}
			}
		}
		want := []string{}
		for id, r := range rows {
			want = append(want, fmt.Sprintf("%d|%s|%s", id, r[0], r[1]))
		}
		slices.Sort(want)
		require.ElementsMatch(t, want, w.run("SELECT * FROM t"), "step %d", step)
	}
	require.Equal(t, []string{fmt.Sprint(len(rows))}, w.run("SELECT count(*) FROM t"))
}
