package duckdb

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/planner"
)

func TestRowFormats(t *testing.T) {
	w := newWorld(t)
	cases := []struct {
		name    string
		library string
		params  map[string]string
		columns []string
		file    string
		want    []string
	}{
		{"openx", formats.SerDeOpenXJSON, nil,
			[]string{"id bigint", "name string", "tags array<string>", "at timestamp", "m map<string,int>", "s struct<a:int,b:array<struct<c:double>>>", "p decimal(20,2)", "c char(3)", "ok boolean", "day date"},
			`{"ID":1,"Name":"한국어 이름이 열두 바이트보다 깁니다","tags":["a",null,"a longer text than twelve"],"at":"2021-02-03T04:05:06.7Z","m":{"x":1,"y":null},"s":{"B":[{"c":1.5},null]},"p":12345678901234567.89,"c":"x","ok":true,"day":"2021-02-03"}` + "\n\n" + `{"id":"2","tags":[]}`,
			[]string{
				"1|한국어 이름이 열두 바이트보다 깁니다|[a, null, a longer text than twelve]|2021-02-03 04:05:06.700|{x=1, y=null}|{a=null, b=[{c=1.5}, null]}|12345678901234567.89|x  |true|2021-02-03",
				"NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL",
				"2|NULL|[]|NULL|NULL|NULL|NULL|NULL|NULL|NULL",
			}},
		{"text", formats.SerDeLazySimple, map[string]string{"field.delim": ",", "collection.delim": "|", "mapkey.delim": ":", "escape.delim": "\\"},
			[]string{"a int", "b string", "c array<int>", "d map<string,double>", "e struct<x:int,y:string>"},
			"1,x,1|2|bad,k:1.5|l,7|z\r\nno number,\"q\\, r\",,,\n\\N,\\N\n",
			[]string{"1|x|[1, 2, null]|{k=1.5, l=null}|{x=7, y=z}", `NULL|"q, r"|[]|{}|{x=null, y=null}`, "NULL|NULL|NULL|NULL|NULL"}},
		{"opencsv", formats.SerDeOpenCSV, nil, []string{"a string", "b bigint", "c string"},
			"\"x, \"\"y\"\"\",5,\\\nplain,6\n",
			[]string{`x, "y"|5|`, "plain|6|NULL"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			tb := table(c.library, c.columns...)
			for k, v := range c.params {
				tb.SerDe.Parameters[k] = v
			}
			var names []string
			for _, col := range tb.Columns {
				names = append(names, col.Name)
			}
			for ending, content := range map[string]string{"": c.file, ".gz": gzipped(t, c.file), ".zst": zstded(t, c.file), ".parquet": c.file} {
				got, _, err := w.read(tb, files(w.write(c.name+ending, content)), names...)
				require.NoError(t, err)
				require.ElementsMatch(t, c.want, got, "ending %q", ending)
			}
			require.Equal(t, fmt.Sprint(len(c.want)), w.one(tb, files(w.write(c.name, c.file)), "count(*)", 1))
		})
	}
}

func gzipped(t testing.TB, s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write([]byte(s))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.String()
}

func zstded(t testing.TB, s string) string {
	z, err := zstd.NewWriter(nil)
	require.NoError(t, err)
	return string(z.EncodeAll([]byte(s), nil))
}

func TestRowErrors(t *testing.T) {
	w := newWorld(t)
	json := table(formats.SerDeOpenXJSON, "a int", "s struct<b:int>")
	lenient := table(formats.SerDeOpenXJSON, "a int")
	lenient.SerDe.Parameters["ignore.malformed.json"] = "true"
	csv := table(formats.SerDeOpenCSV, "a int")
	good := strings.Repeat("{\"a\":1}\n", 5000)

	_, _, err := w.read(json, files(w.write("f", good+"{\"a\":\n")), "a")
	requireEngineError(t, err, "HIVE_CURSOR_ERROR", "file s3://bucket/f, line 5001")
	_, _, err = w.read(json, files(w.write("f", "{\"a\":1}\nnot json\n")), "a")
	requireEngineError(t, err, "HIVE_CURSOR_ERROR", "not a JSON object", "line 2")
	_, _, err = w.read(json, files(w.write("f", "{\"s\":{\"b\":\"x\"}}")), "s")
	requireEngineError(t, err, "HIVE_BAD_DATA", "column s.b", "line 1")
	_, _, err = w.read(json, files(w.write("f", "{\"a\":3000000000}")), "a")
	requireEngineError(t, err, "HIVE_BAD_DATA", "column a", "out of range")
	_, _, err = w.read(csv, files(w.write("f", "1\n\"\"\n")), "a")
	requireEngineError(t, err, "HIVE_BAD_DATA", `"" is no int`, "line 2")
	_, _, err = w.read(json, files(w.write("f.lzo", "x")), "a")
	requireEngineError(t, err, "HIVE_UNSUPPORTED_FORMAT", "lzo")
	_, _, err = w.read(json, files(w.write("f.gz", "not gzip")), "a")
	requireEngineError(t, err, "HIVE_CURSOR_ERROR", "s3://bucket/f.gz")
	_, _, err = w.read(table("com.example.SerDe", "a int"), files(w.write("f", "x")), "a")
	requireEngineError(t, err, "HIVE_UNSUPPORTED_FORMAT", "com.example.SerDe")

	got, _, err := w.read(lenient, files(w.write("f", "{\"a\":1}\n{\"a\":\nnot json\n{\"a\":2}\n")), "a")
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"1", "NULL", "NULL", "2"}, got)
}

// The first line of a file is a row unless the table says otherwise.
func TestHeader(t *testing.T) {
	w := newWorld(t)
	tb := table(formats.SerDeLazySimple, "a string")
	tb.Parameters["classification"] = "json"
	f := w.write("f.csv", "head\nrow\n")
	got, _, err := w.read(tb, files(f), "a")
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"head", "row"}, got)
	tb.Parameters["skip.header.line.count"] = "1"
	got, _, err = w.read(tb, files(f, f), "a")
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"row", "row"}, got)
}

// Ranges of a big file are read side by side and give each line once; an error
// knows its line all the same.
func TestBigFile(t *testing.T) {
	w := newWorld(t)
	var b strings.Builder
	b.WriteString("header\r\n")
	const lines = 400_000
	for i := range lines {
		fmt.Fprintf(&b, "%d\tvalue of the line %d, long enough\r\n", i, i)
	}
	tb := table(formats.SerDeLazySimple, "a bigint", "b string")
	tb.SerDe.Parameters["field.delim"] = "\t"
	tb.Parameters["skip.header.line.count"] = "1"
	f := w.write("big", b.String())
	require.Greater(t, f.Size, int64(16<<20))
	got := w.one(tb, files(f), "count(*), count(a), sum(a), count(DISTINCT b)", 4, "a", "b")
	require.Equal(t, fmt.Sprintf("%d|%d|%d|%d", lines, lines, lines*(lines-1)/2, lines), got)

	json := table(formats.SerDeOpenXJSON, "a bigint")
	big := strings.Repeat("{\"a\":1, \"fill\": \"0123456789\"}\n", 600_000)
	_, _, err := w.read(json, files(w.write("big", big+"{\"a\":true}\n"+big)), "a")
	requireEngineError(t, err, "HIVE_BAD_DATA", "line 600001")
}

// Many small files fill common batches.
func TestManyFiles(t *testing.T) {
	w := newWorld(t)
	var scan planner.Scan
	for i := range 500 {
		scan.Files = append(scan.Files, w.write(fmt.Sprintf("d/%d", i), fmt.Sprintf("{\"a\":%d}\n{\"a\":%d}", i, i)))
	}
	got := w.one(table(formats.SerDeOpenXJSON, "a bigint"), scan, "count(*), sum(a)", 2, "a")
	require.Equal(t, "1000|249500", got)
}
