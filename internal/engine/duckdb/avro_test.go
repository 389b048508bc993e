package duckdb

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/planner"
)

func (w *world) avro(codec string) planner.File {
	w.t.Helper()
	b, err := os.ReadFile(filepath.Join("../../formats/avro/testdata", codec+".avro"))
	require.NoError(w.t, err)
	return w.write(codec, string(b))
}

var avroTable = []string{
	"row_number bigint", "flag boolean", "text string", "moment timestamp", "sum decimal(38,6)", "list array<int>", "map map<string,bigint>",
	"row struct<a:int,b:string>", "either bigint", "later int",
}

func TestAvro(t *testing.T) {
	w := newWorld(t)
	a, b := w.avro("deflate"), w.avro("snappy")
	tb := table(formats.SerDeAvro, avroTable...)
	got := w.one(tb, files(a, b), `count(*), sum(row_number), count(later), count(list), sum("row".a)`, 5, "row_number", "later", "list", "row")
	require.Equal(t, "2400|1438800|0|1904|899606", got)
	rows, stats, err := w.read(tb, files(a), "later")
	require.NoError(t, err)
	require.Len(t, rows, 1200)
	require.Equal(t, a.Size, stats.BytesScanned, "a row format is read whole")
}

func TestAvroErrors(t *testing.T) {
	w := newWorld(t)
	file := w.avro("null")
	read := func(column, name, text string, change func(map[string]string)) {
		t.Helper()
		tb := table(formats.SerDeAvro, column)
		change(tb.SerDe.Parameters)
		_, _, err := w.read(tb, files(file), tb.Columns[0].Name)
		requireEngineError(t, err, name, text)
	}
	none := func(map[string]string) {}
	read("text int", "HIVE_CANNOT_OPEN_SPLIT", "column text: Found string, expecting int", none)
	read("bytes string", "HIVE_BAD_DATA", "column bytes: A string is not UTF-8", none)
	read("text string", "HIVE_CANNOT_OPEN_SPLIT", "Unable to load or parse schema", func(p map[string]string) { p["avro.schema.literal"] = "{" })
	read("text string", "HIVE_UNSUPPORTED_FORMAT", "avro.schema.url", func(p map[string]string) { p["avro.schema.url"] = "s3://b/schema" })
	tb := table(formats.SerDeAvro, "a int")
	_, _, err := w.read(tb, files(w.write("text", "this is no Avro file at all")), "a")
	requireEngineError(t, err, "HIVE_CANNOT_OPEN_SPLIT", "Not an Avro data file")
}

// A damaged file fails its query by name or is read, and the engine goes on.
func TestDamagedAvroIsNamed(t *testing.T) {
	w := newWorld(t)
	tb := table(formats.SerDeAvro, avroTable...)
	var names []string
	for _, c := range tb.Columns {
		names = append(names, c.Name)
	}
	random := rand.New(rand.NewPCG(1, 2))
	failed := 0
	for _, codec := range []string{"null", "deflate", "snappy", "zstandard", "bzip2"} {
		good := readAll(t, w.avro(codec).Path)
		for i := range 15 {
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
	_, _, err := w.read(tb, files(w.avro("null")), names...)
	require.NoError(t, err)
}
