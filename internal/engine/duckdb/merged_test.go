package duckdb

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/event"
	"github.com/scopsdb/scops/internal/formats/merge"
	"github.com/scopsdb/scops/internal/formats/record"
	"github.com/scopsdb/scops/internal/formats/write"
	"github.com/scopsdb/scops/internal/planner"
)

// Merged files answer a query as the files that they are made of, in every type
// and in both formats, also where older files lack a column and have a narrower
// one.
func TestMergedFiles(t *testing.T) {
	columns := []string{
		"s string", "b boolean", "t tinyint", "i int", "l bigint", "f float", "d double",
		"d5 decimal(5,2)", "d15 decimal(15,3)", "d38 decimal(38,2)", "vc varchar(5)", "c char(3)", "bin binary",
		"dt date", "ts timestamp", "a array<int>", "m map<string,double>", "st struct<z:int,a:array<struct<q:string,p:int>>>", "aa array<array<string>>",
	}
	older := append([]string{"l int"}, columns[:4]...)
	older = append(older, "f float", "d float", "st struct<z:int>", "m map<string,double>")
	events := []string{
		`{"s":"강남구 \"x\"\n","b":true,"t":-5,"i":7,"l":9007199254740993,"f":1.5,"d":0.1,"d5":-1.5,"d15":"123456789012.345",
		"d38":-123456789012345678901234567890123456.78,"vc":"abc","c":"xy","bin":"AAH/","dt":"2021-02-03","ts":"2021-02-03T04:05:06.789+09:00",
		"a":[1,null,3],"m":{"k":1.5,"n":null},"st":{"z":1,"a":[{"q":"x","p":1},{"p":2},null]},"aa":[["a","b"],[],null,["c"]]}`,
		`{}`, `{"s":"","a":[],"m":{},"st":{},"aa":[[]]}`,
	}
	old := []string{`{"s":"old","l":-3,"f":0.1,"d":0.25,"st":{"z":4},"m":{"x":2}}`, `{"st":{}}`, `{}`}
	w := newWorld(t)
	for _, library := range []string{formats.SerDeParquet, formats.SerDeOpenXJSON} {
		f, err := formats.Detect(library, "", nil, nil)
		require.NoError(t, err)
		kind, err := write.KindOf(f)
		require.NoError(t, err)
		var names []string
		var paths []planner.File
		var inputs []merge.Input
		for i, file := range []struct{ columns, events []string }{{older, old}, {columns, events}, {columns, append(events[1:], events...)}} {
			var cols []record.Column
			for _, d := range file.columns {
				name, hive, _ := bytes.Cut([]byte(d), []byte(" "))
				col, err := record.NewColumn(string(name), string(hive))
				require.NoError(t, err)
				cols = append(cols, col)
				if i == 1 {
					names = append(names, col.Name)
				}
			}
			writer, err := write.New(f, cols)
			require.NoError(t, err)
			var out bytes.Buffer
			writer.Reset(&out)
			parser := event.NewParser(cols, event.Options{})
			for _, text := range file.events {
				r, err := parser.Parse(text)
				require.NoError(t, err)
				require.NoError(t, writer.Write(r.Values))
			}
			require.NoError(t, writer.Close())
			paths = append(paths, w.write(fmt.Sprint("f", i, kind.Ending), out.String()))
			inputs = append(inputs, merge.Input{Name: "f" + kind.Ending, Reader: bytes.NewReader(out.Bytes()), Size: int64(out.Len()), Rows: int64(len(file.events))})
		}
		want, _, err := w.read(table(library, columns...), files(paths...), names...)
		require.NoError(t, err)
		require.Len(t, want, 11)
		for i, sortBy := range [][]string{nil, {"s", "i"}} {
			m, err := merge.Open(f, inputs, merge.Options{SortBy: sortBy})
			require.NoError(t, err)
			var out bytes.Buffer
			require.NoError(t, m.Write(&out, 11))
			require.NoError(t, m.Close())
			got, _, err := w.read(table(library, columns...), files(w.write(fmt.Sprint("merged", i, kind.Ending), out.String())), names...)
			require.NoError(t, err)
			require.ElementsMatch(t, want, got)
		}
	}
}
