package duckdb

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/planner"
)

func TestParquetByName(t *testing.T) {
	w := newWorld(t)
	w.sql(`COPY (SELECT 'b1' AS b, 1::BIGINT AS "A", 1.5::DOUBLE AS c) TO '$DIR/1' (FORMAT parquet)`)
	w.sql(`COPY (SELECT 2::INTEGER AS a, 'extra' AS z) TO '$DIR/2.json.gz' (FORMAT parquet)`)
	w.sql(`COPY (SELECT 3::BIGINT AS a, 0.5::FLOAT AS c, NULL::VARCHAR AS b) TO '$DIR/3.parquet' (FORMAT parquet)`)
	tb := table(formats.SerDeParquet, "a bigint", "b string", "c double", "d timestamp")
	got, stats, err := w.read(tb, files(w.file("1"), w.file("2.json.gz"), w.file("3.parquet")), "a", "b", "c", "d")
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"1|b1|1.5|NULL", "2|NULL|NULL|NULL", "3|NULL|0.5|NULL"}, got)
	require.EqualValues(t, 3, stats.Rows)
	require.Positive(t, stats.BytesScanned)
}

func TestParquetTypes(t *testing.T) {
	w := newWorld(t)
	cases := []struct{ value, hive, want string }{
		{"true", "boolean", "true"},
		{"5::TINYINT", "tinyint", "5"},
		{"5::TINYINT", "bigint", "5"},
		{"300::UINTEGER", "smallint", "300"},
		{"-7::INTEGER", "bigint", "-7"},
		{"9::BIGINT", "int", "9"},
		{"1.25::FLOAT", "float", "1.25"},
		{"1.25::FLOAT", "double", "1.25"},
		{"12.34::DECIMAL(10,2)", "decimal(10,2)", "12.34"},
		{"12.34::DECIMAL(10,2)", "decimal(20,4)", "12.3400"},
		{"12.34::DECIMAL(10,2)", "decimal(4,2)", "12.34"},
		{"-170141183460469231.73::DECIMAL(38,2)", "decimal(38,2)", "-170141183460469231.73"},
		{"'héllo'", "string", "héllo"},
		{"'héllo'", "varchar(2)", "hé"},
		{"'hé'", "char(4)", "hé  "},
		{"'abc'::BLOB", "string", "abc"},
		{"NULL::BLOB", "string", "NULL"},
		{"'abc'::BLOB", "binary", "61 62 63"},
		{"'é'", "binary", "c3 a9"},
		{"DATE '1969-12-31'", "date", "1969-12-31"},
		{"TIMESTAMP '2021-02-03 04:05:06.7895'", "timestamp", "2021-02-03 04:05:06.790"},
		{"TIMESTAMP '1969-12-31 23:59:59.9984'", "timestamp", "1969-12-31 23:59:59.998"},
		{"TIMESTAMPTZ '2021-02-03 04:05:06.5+09:00'", "timestamp", "2021-02-02 19:05:06.500"},
		{"TIMESTAMP_NS '2021-02-03 04:05:06.000499999'", "timestamp", "2021-02-03 04:05:06.000"},
		{"TIMESTAMP_NS '1969-12-31 23:59:59.998500001'", "timestamp", "1969-12-31 23:59:59.999"},
		{"TIMESTAMP_MS '2021-02-03 04:05:06.789'", "timestamp", "2021-02-03 04:05:06.789"},
		{"[1, NULL, 3]", "array<bigint>", "[1, null, 3]"},
		{"MAP {'a': 1::BIGINT, 'b': NULL}", "map<string,bigint>", "{a=1, b=null}"},
		{"MAP {'a': 1::INTEGER}", "map<string,bigint>", "{a=1}"},
		{"{'q': 2, 'P': 'x'}", "struct<p:string,q:bigint,r:double>", "{p=x, q=2, r=null}"},
		{"{'p': 'x', 'q': 2::BIGINT}", "struct<p:string,q:bigint>", "{p=x, q=2}"},
		{"[{'k': [{'v': 1::INTEGER}]}, NULL]", "array<struct<k:array<struct<v:bigint,w:string>>>>", "[{k=[{v=1, w=null}]}, null]"},
		{"NULL::INTEGER", "bigint", "NULL"},
		{"chr(0) || 'a'", "string", "\x00a"},
	}
	for i, c := range cases {
		t.Run(c.value+" as "+c.hive, func(t *testing.T) {
			name := fmt.Sprintf("f%d", i)
			w.sql("COPY (SELECT " + c.value + " AS x) TO '$DIR/" + name + "' (FORMAT parquet)")
			got, _, err := w.read(table(formats.SerDeParquet, "x "+c.hive), files(w.file(name)), "x")
			require.NoError(t, err)
			require.Equal(t, []string{c.want}, got)
		})
	}
}

func TestParquetBadData(t *testing.T) {
	w := newWorld(t)
	cases := []struct{ value, hive, text string }{
		{"'5'", "bigint", "Field x's type BYTE_ARRAY (UTF8) in parquet file s3://bucket/"},
		{"5::INTEGER", "string", "incompatible with type varchar"},
		{"5::BIGINT", "double", "incompatible"},
		{"5.0::DOUBLE", "float", "incompatible"},
		{"300::INTEGER", "tinyint", "out of the range"},
		{"12345.67::DECIMAL(10,2)", "decimal(4,2)", "out of the range"},
		{"12.345::DECIMAL(10,3)", "decimal(10,2)", "digits after the point"},
		{"DATE '2020-01-01'", "timestamp", "incompatible"},
		{"[1]", "bigint", "incompatible"},
		{"1", "array<int>", "incompatible"},
		{"{'a': 1, 'b': 2}", "struct<a:string>", "incompatible"},
		{"TIME '01:02:03'", "string", "incompatible"},
		{"'\\xFF'::BLOB", "string", "a value of field x is not UTF-8"},
	}
	for i, c := range cases {
		t.Run(c.value+" as "+c.hive, func(t *testing.T) {
			name := fmt.Sprintf("f%d", i)
			w.sql("COPY (SELECT " + c.value + " AS x) TO '$DIR/" + name + "' (FORMAT parquet)")
			_, _, err := w.read(table(formats.SerDeParquet, "x "+c.hive), files(w.file(name)), "x")
			requireEngineError(t, err, "HIVE_BAD_DATA", c.text)
		})
	}
	_, _, err := w.read(table(formats.SerDeParquet, "x int"), files(w.write("no.parquet", "this is no Parquet file")), "x")
	requireEngineError(t, err, "HIVE_BAD_DATA", "s3://bucket/no.parquet")
	gone := w.write("gone", "PAR1")
	gone.Path += "x"
	_, _, err = w.read(table(formats.SerDeParquet, "x int"), files(gone), "x")
	requireEngineError(t, err, "HIVE_CANNOT_OPEN_SPLIT", "does not exist: s3://bucket/gone")
}

func TestParquetNamesWithPatterns(t *testing.T) {
	w := newWorld(t)
	names := []string{"a[1]", "a1", "b*c", "bxc", "d?", "de", "한국 ' 구.parquet", "k=v"}
	var in []planner.File
	for i, name := range names {
		w.sql(fmt.Sprintf("COPY (SELECT %d AS x) TO '$DIR/tmp' (FORMAT parquet)", i))
		w.write(name, readAll(t, w.file("tmp").Path))
		in = append(in, w.file(name))
	}
	got, _, err := w.read(table(formats.SerDeParquet, "x int"), files(in[0], in[2], in[4], in[6], in[7]), "x")
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"0", "2", "4", "6", "7"}, got)
}

func TestBytesScanned(t *testing.T) {
	w := newWorld(t)
	w.sql(`COPY (SELECT range AS a, 'some text ' || range AS b, {'c': range, 'd': hash(range)} AS s FROM range(10000)) TO '$DIR/f' (FORMAT parquet)`)
	tb := table(formats.SerDeParquet, "a bigint", "b string", "s struct<c:bigint>")
	size := func(columns ...string) int64 {
		_, stats, err := w.read(tb, files(w.file("f")), columns...)
		require.NoError(t, err)
		return stats.BytesScanned
	}
	a, b, s := size("a"), size("b"), size("s")
	require.Positive(t, a)
	require.Equal(t, a, size("a"), "the second run scans as much")
	require.Equal(t, a+b, size("a", "b"))
	require.Less(t, a+b+s, w.file("f").Size)
	require.Greater(t, a+b+s, w.file("f").Size*9/10)

	json := table(formats.SerDeOpenXJSON, "a bigint")
	f := w.write("j", `{"a":1}`)
	_, stats, err := w.read(json, files(f, w.write("empty", "")), "a")
	require.NoError(t, err)
	require.Equal(t, f.Size, stats.BytesScanned)
}

func TestPartitions(t *testing.T) {
	w := newWorld(t)
	w.sql(`COPY (SELECT range AS a, 'never' AS file_index FROM range(3)) TO '$DIR/fi' (FORMAT parquet)`)
	w.sql(`COPY (SELECT range AS a FROM range(3)) TO '$DIR/p' (FORMAT parquet)`)
	w.write("j", "{\"a\":0}\n{\"a\":1}\n{\"a\":2}\n")
	for _, library := range []string{formats.SerDeParquet, formats.SerDeOpenXJSON} {
		for _, n := range []int{1, 3, 100} {
			name := map[string]string{formats.SerDeParquet: "p", formats.SerDeOpenXJSON: "j"}[library]
			t.Run(fmt.Sprintf("%d %s", n, name), func(t *testing.T) {
				tb := table(library, "a bigint", "|", "day string", "n int", "d date", "m decimal(5,2)")
				var scan planner.Scan
				var want []string
				for i := range n {
					day, number := fmt.Sprintf("%03d", i), fmt.Sprint(i)
					if i == 2 {
						day, number = "__HIVE_DEFAULT_PARTITION__", "__HIVE_DEFAULT_PARTITION__"
					}
					scan.Partitions = append(scan.Partitions, catalog.Partition{Values: []string{day, number, "2021-02-03", "1.5"}})
					f := w.file(name)
					f.Partition = partitionOf(i)
					if name == "p" && i == 1 {
						f = w.file("fi")
						f.Partition = partitionOf(i)
					}
					scan.Files = append(scan.Files, f)
					for a := range 3 {
						if i == 2 {
							day, number = "NULL", "NULL"
						}
						want = append(want, fmt.Sprintf("%s|%d|%s|2021-02-03|1.50", day, a, number))
					}
				}
				got, _, err := w.read(tb, scan, "day", "a", "n", "d", "m")
				require.NoError(t, err)
				require.ElementsMatch(t, want, got)
				got, stats, err := w.read(tb, scan, "n")
				require.NoError(t, err)
				require.Len(t, got, 3*n)
				if library == formats.SerDeParquet {
					require.Zero(t, stats.BytesScanned)
				}
			})
		}
	}
}

func TestNoFiles(t *testing.T) {
	w := newWorld(t)
	tb := table(formats.SerDeParquet, "a bigint", "s struct<x:int>", "|", "day string")
	got, stats, err := w.read(tb, planner.Scan{}, "a", "s", "day")
	require.NoError(t, err)
	require.Empty(t, got)
	require.Zero(t, stats.BytesScanned)
}

// An object that is put again is read as it is now, however soon.
func TestParquetReplaced(t *testing.T) {
	w := newWorld(t)
	var versions []string
	for i := range 4 {
		w.sql(fmt.Sprintf("COPY (SELECT %d::BIGINT AS x) TO '$DIR/v' (FORMAT parquet)", i))
		versions = append(versions, readAll(t, w.file("v").Path))
	}
	tb := table(formats.SerDeParquet, "x bigint")
	for i := range 40 {
		w.write("new", versions[i%4])
		require.NoError(t, os.Rename(w.file("new").Path, filepath.Join(w.dir, "f")))
		got, _, err := w.read(tb, files(w.file("f")), "x")
		require.NoError(t, err)
		require.Equal(t, []string{fmt.Sprint(i % 4)}, got)
	}
}
