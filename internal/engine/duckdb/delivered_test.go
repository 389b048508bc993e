package duckdb

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/event"
	"github.com/scopsdb/scops/internal/formats/record"
	"github.com/scopsdb/scops/internal/formats/write"
)

// Events that delivery writes come back as they were sent, in every type and in
// both formats.
func TestDeliveredFiles(t *testing.T) {
	columns := []string{
		"s string", "b boolean", "t tinyint", "i int", "l bigint", "f float", "d double",
		"d5 decimal(5,2)", "d15 decimal(15,3)", "d38 decimal(38,2)", "vc varchar(5)", "c char(3)", "bin binary",
		"dt date", "ts timestamp", "a array<int>", "m map<string,double>", "st struct<z:int,a:array<struct<q:string,p:int>>>", "aa array<array<string>>",
	}
	sent := `{"s":"강남구 \"x\"\n","b":true,"t":-5,"i":7,"l":9007199254740993,"f":1.5,"d":0.1,"d5":-1.5,"d15":"123456789012.345",
	"d38":-123456789012345678901234567890123456.78,"vc":"abc","c":"xy","bin":"AAH/","dt":"2021-02-03","ts":"2021-02-03T04:05:06.789+09:00",
	"a":[1,null,3],"m":{"k":1.5,"n":null},"st":{"z":1,"a":[{"q":"x","p":1},{"p":2},null]},"aa":[["a","b"],[],null,["c"]]}`
	want := "강남구 \"x\"\n|true|-5|7|9007199254740993|1.5|0.1|-1.50|123456789012.345|-123456789012345678901234567890123456.78|abc|xy |00 01 ff|2021-02-03|2021-02-02 19:05:06.789|" +
		"[1, null, 3]|{k=1.5, n=null}|{z=1, a=[{q=x, p=1}, {q=null, p=2}, null]}|[[a, b], [], null, [c]]"
	nothing := strings.TrimSuffix(strings.Repeat("NULL|", len(columns)), "|")

	w := newWorld(t)
	var cols []record.Column
	var names []string
	for _, c := range columns {
		name, hive, _ := strings.Cut(c, " ")
		col, err := record.NewColumn(name, hive)
		require.NoError(t, err)
		cols, names = append(cols, col), append(names, name)
	}
	for _, library := range []string{formats.SerDeParquet, formats.SerDeOpenXJSON} {
		f, err := formats.Detect(library, "", nil, nil)
		require.NoError(t, err)
		kind, err := write.KindOf(f)
		require.NoError(t, err)
		writer, err := write.New(f, cols)
		require.NoError(t, err)
		var out bytes.Buffer
		writer.Reset(&out)
		parser := event.NewParser(cols, event.Options{})
		for _, text := range []string{sent, "{}"} {
			r, err := parser.Parse(text)
			require.NoError(t, err)
			require.NoError(t, writer.Write(r.Values))
		}
		require.NoError(t, writer.Close())
		got, _, err := w.read(table(library, columns...), files(w.write("f"+kind.Ending, out.String())), names...)
		require.NoError(t, err)
		require.ElementsMatch(t, []string{want, nothing}, got)
	}
}
