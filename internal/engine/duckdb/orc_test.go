package duckdb

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/planner"
)

const orcTestdata = "../../formats/orc/testdata/"

func (w *world) orc(name string) planner.File {
	w.t.Helper()
	b, err := os.ReadFile(filepath.Join(orcTestdata, name))
	require.NoError(w.t, err)
	return w.write(name, string(b))
}

// By default ORC is read by place, so that a table may rename columns. What the
// file holds was counted with pyarrow.
func TestORC(t *testing.T) {
	w := newWorld(t)
	file := w.orc("zlib.orc")
	byPlace := table(formats.SerDeORC, "a boolean", "b tinyint", "c bigint", "d bigint")
	got := w.one(byPlace, files(file), "count(*), count(a), count(b), sum(c), max(d)", 5, "a", "b", "c", "d")
	require.Equal(t, "1600|1253|1286|-945009|-2203", got)
	byName := table(formats.SerDeORC, "d bigint", "number bigint", "NUMBER2 int")
	byName.SerDe.Parameters["orc.column.index.access"] = "false"
	got = w.one(byName, files(file), "count(*), count(d), count(number), max(number)", 4, "d", "number")
	require.Equal(t, "1600|0|1282|-2203", got)
}

// Only the streams of the needed columns and the footers are counted.
func TestORCBytesScanned(t *testing.T) {
	w := newWorld(t)
	file := w.orc("uncompressed.orc")
	tb := table(formats.SerDeORC, "flag boolean", "tiny tinyint", "small smallint", "number int", "big bigint")
	scanned := func(columns ...string) int64 {
		_, stats, err := w.read(tb, files(file), columns...)
		require.NoError(t, err)
		return stats.BytesScanned
	}
	flag, big, both := scanned("flag"), scanned("big"), scanned("flag", "big")
	require.Greater(t, big, flag)
	footers := flag + big - both
	require.Greater(t, footers, int64(500))
	require.Greater(t, flag-footers, int64(300), "1,600 bits and which are NULL")
	require.Less(t, flag-footers, int64(500))
	require.Less(t, both, file.Size/4)
}

func TestORCErrors(t *testing.T) {
	w := newWorld(t)
	file := w.orc("snappy.orc")
	cases := []struct{ column, name, text string }{
		{"word int", "HIVE_CANNOT_OPEN_SPLIT", "Cannot read SQL type 'integer' from ORC stream '.word' of type STRING with attributes {}"},
		{"number string", "HIVE_CANNOT_OPEN_SPLIT", "Cannot read SQL type 'varchar' from ORC stream '.number' of type INT"},
		{"list map<int,int>", "HIVE_CANNOT_OPEN_SPLIT", "Cannot read SQL type 'map(integer, integer)' from ORC stream '.list' of type LIST"},
		{"big int", "HIVE_BAD_DATA", "is out of range for int"},
		{"price decimal(4,2)", "HIVE_BAD_DATA", "a decimal is out of range for decimal(4,2)"},
		{"bytes string", "HIVE_BAD_DATA", "A text is not UTF-8"},
	}
	for _, c := range cases {
		tb := table(formats.SerDeORC, c.column)
		tb.SerDe.Parameters["orc.column.index.access"] = "false"
		name, _, _ := strings.Cut(c.column, " ")
		_, _, err := w.read(tb, files(file), name)
		requireEngineError(t, err, c.name, c.text)
		require.ErrorContains(t, err, file.URI, c.column)
	}
	tb := table(formats.SerDeORC, "a int")
	_, _, err := w.read(tb, files(w.write("text", "this is no ORC file at all")), "a")
	requireEngineError(t, err, "HIVE_CANNOT_OPEN_SPLIT", "Malformed ORC file. Invalid postscript length 108")
}

// A damaged file fails its query by name or is read, and the engine goes on.
func TestDamagedORCIsNamed(t *testing.T) {
	w := newWorld(t)
	tb := table(formats.SerDeORC, "flag boolean", "tiny tinyint", "small smallint", "number int", "big bigint", "patched bigint", "steady bigint",
		"falling bigint", "same bigint", "real float", "wide double", "word string", "text string", "bytes binary", "day date", "moment timestamp",
		"price decimal(9,2)", "sum decimal(38,6)", "list array<int>", "map map<string,bigint>", "row struct<a:int,b:string,c:array<struct<d:double>>>")
	var names []string
	for _, c := range tb.Columns {
		names = append(names, c.Name)
	}
	random := rand.New(rand.NewPCG(1, 2))
	failed := 0
	for _, codec := range []string{"uncompressed", "zlib", "zstd", "lz4"} {
		good := readAll(t, filepath.Join(orcTestdata, codec+".orc"))
		for i := range 20 {
			bad := []byte(good)
			at := 4 + random.IntN(len(bad)-8)
			for j := at; j < min(at+1+random.IntN(64), len(bad)-2); j++ {
				bad[j] = byte(random.Uint32())
			}
			if i%5 == 0 {
				bad = bad[:at]
			}
			name := fmt.Sprintf("%s%d", codec, i)
			_, _, err := w.read(tb, files(w.write(name, string(bad))), names...)
			if err == nil {
				continue // what no checksum covers
			}
			failed++
			var e *engine.Error
			require.ErrorAs(t, err, &e)
			require.Contains(t, []string{"HIVE_BAD_DATA", "HIVE_CURSOR_ERROR", "HIVE_CANNOT_OPEN_SPLIT", "HIVE_UNSUPPORTED_FORMAT"}, e.Name, "%v", err)
			require.Contains(t, e.Message, name, "%s", e)
		}
	}
	require.Greater(t, failed, 20)
	_, _, err := w.read(tb, files(w.orc("zlib.orc")), names...)
	require.NoError(t, err)
}

// Parquet columns are found by their places where the table says so.
func TestParquetByIndex(t *testing.T) {
	w := newWorld(t)
	w.sql(`COPY (SELECT 1::BIGINT AS x, 'one' AS y) TO '$DIR/1' (FORMAT parquet)`)
	w.sql(`COPY (SELECT 2::BIGINT AS b, 'two' AS "A", 2.5::DOUBLE AS z) TO '$DIR/2' (FORMAT parquet)`)
	tb := table(formats.SerDeParquet, "a bigint", "b string", "c double", "d date")
	tb.SerDe.Parameters["parquet.column.index.access"] = "true"
	got, _, err := w.read(tb, files(w.file("1"), w.file("2")), "c", "b", "a", "d")
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"NULL|one|1|NULL", "2.5|two|2|NULL"}, got)
}
