package merge

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/event"
	"github.com/scopsdb/scops/internal/formats/record"
	"github.com/scopsdb/scops/internal/formats/write"
)

// written is a file as a delivery writes it.
func written(t testing.TB, kind formats.Kind, defs []string, events ...string) Input {
	var cols []record.Column
	for _, d := range defs {
		name, hive, _ := strings.Cut(d, " ")
		c, err := record.NewColumn(name, hive)
		require.NoError(t, err)
		cols = append(cols, c)
	}
	f := formats.Format{Kind: kind}
	w, err := write.New(f, cols)
	require.NoError(t, err)
	k, err := write.KindOf(f)
	require.NoError(t, err)
	var out bytes.Buffer
	w.Reset(&out)
	p := event.NewParser(cols, event.Options{})
	for _, e := range events {
		rec, err := p.Parse(e)
		require.NoError(t, err)
		require.NoError(t, w.Write(rec.Values))
	}
	require.NoError(t, w.Close())
	return Input{Name: "f" + k.Ending, Reader: bytes.NewReader(out.Bytes()), Size: int64(out.Len()), Rows: int64(len(events))}
}

// mergeTo merges into files of the given rows each.
func mergeTo(t testing.TB, kind formats.Kind, inputs []Input, o Options, rows ...int64) []Input {
	m, err := Open(formats.Format{Kind: kind}, inputs, o)
	require.NoError(t, err)
	var files []Input
	for _, n := range rows {
		var out bytes.Buffer
		require.NoError(t, m.Write(&out, n))
		files = append(files, Input{Name: inputs[0].Name, Reader: bytes.NewReader(out.Bytes()), Size: int64(out.Len()), Rows: n})
	}
	require.NoError(t, m.Close())
	return files
}

// texts reads files with the library's own reader, each row as text without the
// fields that are NULL.
func texts(t testing.TB, files ...Input) []string {
	var all []string
	for _, in := range files {
		f, err := parquet.OpenFile(in.Reader, in.Size)
		require.NoError(t, err)
		r := parquet.NewReader(f)
		for {
			row := map[string]any{}
			err := r.Read(&row)
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err)
			all = append(all, text(reflect.ValueOf(row)))
		}
		require.NoError(t, r.Close())
	}
	return all
}

// text writes a value of the library; fields that are NULL are left out, so that
// rows of different schemas can be compared.
func text(v reflect.Value) string {
	for v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return "null"
		}
		v = v.Elem()
	}
	var parts []string
	switch v.Kind() {
	case reflect.Map:
		for _, k := range v.MapKeys() {
			if e := text(v.MapIndex(k)); e != "null" {
				parts = append(parts, fmt.Sprintf("%v:%s", k, e))
			}
		}
		slices.Sort(parts)
		return "{" + strings.Join(parts, " ") + "}"
	case reflect.Slice:
		for i := range v.Len() {
			parts = append(parts, text(v.Index(i)))
		}
		return "[" + strings.Join(parts, " ") + "]"
	}
	return fmt.Sprint(v)
}

// raw reads files value by value, with their levels: exact, where texts is not
// for long decimals.
func raw(t testing.TB, files ...Input) []string {
	var all []string
	for _, in := range files {
		f, err := parquet.OpenFile(in.Reader, in.Size)
		require.NoError(t, err)
		for _, g := range f.RowGroups() {
			rows := g.Rows()
			buf := make([]parquet.Row, 100)
			for {
				n, err := rows.ReadRows(buf)
				for _, row := range buf[:n] {
					all = append(all, fmt.Sprintf("%+v", row))
				}
				if errors.Is(err, io.EOF) {
					break
				}
				require.NoError(t, err)
			}
			require.NoError(t, rows.Close())
		}
	}
	return all
}

var everyType = []string{
	"s string", "b boolean", "t tinyint", "sm smallint", "i int", "l bigint", "f float", "d double",
	"d5 decimal(5,2)", "d15 decimal(15,3)", "d38 decimal(38,2)", "vc varchar(5)", "c char(3)", "bin binary",
	"dt date", "ts timestamp", "a array<int>", "m map<string,double>", "st struct<z:int,a:array<struct<q:string,p:int>>>", "aa array<array<string>>",
	"ml map<int,array<struct<x:map<string,int>>>>",
}

var everyEvent = []string{
	`{"s":"강남구 \"x\"\n","b":true,"t":-5,"sm":-300,"i":7,"l":9007199254740993,"f":1.5,"d":0.1,"d5":-1.5,"d15":"123456789012.345",
	  "d38":-123456789012345678901234567890123456.78,"vc":"abc","c":"xy","bin":"AAH/","dt":"2021-02-03","ts":"2021-02-03T04:05:06.789+09:00",
	  "a":[1,null,3],"m":{"k":1.5,"n":null},"st":{"z":1,"a":[{"q":"x","p":1},{"p":2},null]},"aa":[["a","b"],[],null,["c"]],
	  "ml":{"1":[{"x":{"a":1,"b":null}},null,{}],"2":null,"3":[]}}`,
	`{}`,
	`{"s":"","b":false,"a":[],"m":{},"st":{},"aa":[[]],"ml":{}}`,
	`{"s":"only s","dt":"0001-01-01","ts":-62135596800000,"st":{"a":[]}}`,
	`{"a":[1,2,3,4,5,6,7,8,9],"aa":[["1"],["2","3"]],"d38":"0.01","l":-9223372036854775808}`,
}

func TestParquetKeepsEveryValue(t *testing.T) {
	var inputs []Input
	for i := range everyEvent {
		inputs = append(inputs, written(t, formats.Parquet, everyType, append(everyEvent[i:], everyEvent[:i]...)...))
	}
	var many []string
	for i := range 3000 { // more than the rows and values that are handled at once
		many = append(many, everyEvent[i%len(everyEvent)])
	}
	inputs = append(inputs, written(t, formats.Parquet, everyType, many...))
	want := raw(t, inputs...)
	require.Len(t, want, 3025)

	merged := mergeTo(t, formats.Parquet, inputs, Options{}, 3025)
	require.Equal(t, want, raw(t, merged...))
	require.Less(t, merged[0].Size, inputs[len(inputs)-1].Size*2)
	for _, in := range append(inputs, merged...) {
		f, err := parquet.OpenFile(in.Reader, in.Size)
		require.NoError(t, err)
		first, err := parquet.OpenFile(inputs[0].Reader, inputs[0].Size)
		require.NoError(t, err)
		require.Equal(t, first.Schema().String(), f.Schema().String())
	}
	require.Equal(t, want, raw(t, mergeTo(t, formats.Parquet, inputs, Options{}, 1, 26, 2998)...), "several outputs")
	require.Equal(t, want, raw(t, mergeTo(t, formats.Parquet, mergeTo(t, formats.Parquet, inputs, Options{}, 1500, 1525), Options{}, 3025)...), "merged again")

	sorted := raw(t, mergeTo(t, formats.Parquet, inputs, Options{SortBy: []string{"s", "unknown", "a", "dt"}}, 3025)...)
	require.NotEqual(t, want, sorted)
	slices.Sort(want)
	slices.Sort(sorted)
	require.Equal(t, want, sorted, "the same rows in another order")
}

// TestLargeTexts merges texts of a MiB, some of them alike: a few rows a page.
func TestLargeTexts(t *testing.T) {
	var events []string
	for i := range 12 {
		c := string(rune('a' + i%7))
		events = append(events, fmt.Sprintf(`{"n":%d,"s":%q}`, i, strings.Repeat(c, 1<<20-i%3)))
	}
	in := written(t, formats.Parquet, []string{"n int", "s string"}, events...)
	want := raw(t, in, in)
	for _, sort := range [][]string{nil, {"s"}} {
		merged := mergeTo(t, formats.Parquet, []Input{in, in}, Options{SortBy: sort}, 24)
		got := raw(t, merged...)
		slices.Sort(got)
		slices.Sort(want)
		require.True(t, slices.Equal(want, got))
	}
}

func TestSortOrder(t *testing.T) {
	defs := []string{"k string", "n int", "l array<int>"}
	var events []string
	for i := range 5000 {
		key := fmt.Sprintf(`"k":"key %d",`, i*7919%50)
		if i%10 == 0 {
			key = ""
		}
		events = append(events, fmt.Sprintf(`{%s"n":%d,"l":[%d,%d]}`, key, i, i, i+1))
	}
	inputs := []Input{written(t, formats.Parquet, defs, events[:2000]...), written(t, formats.Parquet, defs, events[2000:]...)}
	m, err := openParquet(formats.Format{Kind: formats.Parquet}, inputs, Options{SortBy: []string{"k"}})
	require.NoError(t, err)
	m.group = 700
	var out bytes.Buffer
	require.NoError(t, m.Write(&out, 5000))
	require.NoError(t, m.Close())
	file := Input{Reader: bytes.NewReader(out.Bytes()), Size: int64(out.Len())}
	f, err := parquet.OpenFile(file.Reader, file.Size)
	require.NoError(t, err)
	require.Len(t, f.RowGroups(), 8)

	type row struct {
		K *string
		N int32
		L []int32 `parquet:"l,list"`
	}
	var rows []row
	for _, text := range texts(t, file) {
		var r row
		var key string
		if strings.Contains(text, "{k:") {
			_, after, _ := strings.Cut(text, "{k:")
			key, _, _ = strings.Cut(after, " l:")
			if i := strings.Index(key, " n:"); i >= 0 {
				key = key[:i]
			}
			r.K = &key
		}
		_, after, _ := strings.Cut(text, "n:")
		_, err := fmt.Sscanf(after, "%d", &r.N)
		require.NoError(t, err)
		require.Contains(t, text, fmt.Sprintf("[%d %d]", r.N, r.N+1), "a row stays together")
		rows = append(rows, r)
	}
	require.True(t, slices.IsSortedFunc(rows, func(a, b row) int {
		switch {
		case a.K == nil && b.K == nil:
			return int(a.N - b.N)
		case a.K == nil:
			return 1
		case b.K == nil:
			return -1
		}
		if c := strings.Compare(*a.K, *b.K); c != 0 {
			return c
		}
		return int(a.N - b.N)
	}), "by key, NULL last, else as they came")
}

func TestSchemasAreUnited(t *testing.T) {
	old := written(t, formats.Parquet, []string{"id int", "gone string", "st struct<l:array<int>,x:int>", "r float", "ar array<struct<x:int>>"},
		`{"id":1,"gone":"kept","st":{"l":[1,2],"x":5},"r":0.1,"ar":[{"x":1},null,{}]}`, `{"id":2,"st":{}}`, `{}`)
	fresh := written(t, formats.Parquet, []string{"id bigint", "st struct<l:array<int>,x:int,y:array<struct<q:string>>,z:string>", "added map<string,int>", "r double", "ar array<struct<x:int,y:int>>", "$message_id string"},
		`{"id":3,"st":{"y":[{"q":"a"}],"z":"b"},"added":{"k":1},"r":0.2,"ar":[{"y":2}],"$message_id":"m"}`, `{"id":9007199254740993}`)
	want := append(texts(t, old), texts(t, fresh)...)
	for _, c := range [][]Input{{old, fresh}, {fresh, old}} {
		merged := mergeTo(t, formats.Parquet, c, Options{}, 5)
		got := texts(t, merged...)
		if c[0].Rows == 2 {
			got = append(got[2:], got[:2]...)
		}
		// A float is shown as the double that it is.
		require.Equal(t, strings.ReplaceAll(fmt.Sprint(want), "r:0.1 ", "r:0.10000000149011612 "), fmt.Sprint(got))
		f, err := parquet.OpenFile(merged[0].Reader, merged[0].Size)
		require.NoError(t, err)
		require.Contains(t, f.Schema().String(), "optional int64 id (INT(64,true))")
		require.Contains(t, f.Schema().String(), "optional double r")
	}
	merged := mergeTo(t, formats.Parquet, []Input{old, fresh}, Options{}, 5)
	f, err := parquet.OpenFile(merged[0].Reader, merged[0].Size)
	require.NoError(t, err)
	var names []string
	for _, c := range f.Root().Columns() {
		names = append(names, c.Name())
	}
	require.Equal(t, []string{"id", "st", "added", "r", "ar", "$message_id", "gone"}, names, "the newest file's order, then what only older ones have")
}

func TestIncompatibleFiles(t *testing.T) {
	a := written(t, formats.Parquet, []string{"x int"}, `{"x":1}`)
	for _, def := range []string{"x string", "x double", "x decimal(9,2)", "x array<int>", "x struct<a:int>", "x timestamp", "x date"} {
		_, err := Open(formats.Format{Kind: formats.Parquet}, []Input{a, written(t, formats.Parquet, []string{def}, `{}`)}, Options{})
		require.ErrorIs(t, err, ErrIncompatible, def)
		require.ErrorContains(t, err, "column x", def)
	}
	_, err := Open(formats.Format{Kind: formats.Regex}, []Input{a}, Options{})
	require.ErrorIs(t, err, ErrIncompatible)
	wrong := a
	wrong.Rows = 2
	_, err = Open(formats.Format{Kind: formats.Parquet}, []Input{wrong}, Options{})
	require.ErrorContains(t, err, "it has 1 rows, not 2")
}

func TestLines(t *testing.T) {
	long := strings.Repeat("가", 100_000)
	a := written(t, formats.JSON, []string{"s string", "n int"}, `{"s":"x\ny","n":1}`, `{"s":"`+long+`"}`)
	b := written(t, formats.JSON, []string{"n bigint"}, `{"n":2}`)
	plain := func(files ...Input) string {
		var all []byte
		for _, in := range files {
			z, err := gzip.NewReader(io.NewSectionReader(in.Reader, 0, in.Size))
			require.NoError(t, err)
			text, err := io.ReadAll(z)
			require.NoError(t, err)
			all = append(all, text...)
		}
		return string(all)
	}
	want := plain(a, b)
	require.Equal(t, 3, strings.Count(want, "\n"))
	require.Equal(t, want, plain(mergeTo(t, formats.JSON, []Input{a, b}, Options{}, 3)...))
	split := mergeTo(t, formats.JSON, []Input{a, b}, Options{}, 1, 2)
	require.Equal(t, want, plain(split...))
	require.Equal(t, 1, strings.Count(plain(split[0]), "\n"))

	for name, rows := range map[string]int64{"more": 1, "fewer": 3} {
		wrong := a
		wrong.Rows = rows
		m, err := Open(formats.Format{Kind: formats.JSON}, []Input{wrong, b}, Options{})
		require.NoError(t, err)
		require.ErrorContains(t, m.Write(io.Discard, rows+1), "line", name)
		require.NoError(t, m.Close())
	}
	m, err := Open(formats.Format{Kind: formats.JSON}, []Input{a, b}, Options{})
	require.NoError(t, err)
	require.NoError(t, m.Write(io.Discard, 2))
	require.ErrorContains(t, m.Close(), "0 of 1 rows")

	zstd := formats.Format{Kind: formats.JSON, Compression: "ZSTD"}
	m, err = Open(zstd, []Input{a, b}, Options{})
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, m.Write(&out, 3))
	require.NoError(t, m.Close())
	both := []Input{{Name: "x.json.zst", Reader: bytes.NewReader(out.Bytes()), Size: int64(out.Len()), Rows: 3}, b}
	require.Equal(t, want+plain(b), plain(mergeTo(t, formats.JSON, both, Options{}, 4)...), "files of two compressions")
}

func TestStepEndsTheMerge(t *testing.T) {
	stop := errors.New("stop")
	in := written(t, formats.Parquet, everyType, everyEvent...)
	for _, sort := range [][]string{nil, {"s"}} {
		m, err := Open(formats.Format{Kind: formats.Parquet}, []Input{in, in}, Options{SortBy: sort, Step: func(int64) error { return stop }})
		require.NoError(t, err)
		require.ErrorIs(t, m.Write(io.Discard, 10), stop)
		require.NoError(t, m.Close())
	}
}
