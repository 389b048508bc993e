package duckdb

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/event"
	"github.com/scopsdb/scops/internal/formats/record"
	"github.com/scopsdb/scops/internal/formats/write"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/types"
	"github.com/scopsdb/scops/internal/tail"
)

// tailTypes are columns of every type that a delivery can fill.
var tailTypes = []string{
	"s string", "b boolean", "t tinyint", "si smallint", "i int", "l bigint", "f float", "d double",
	"d4 decimal(4,4)", "d5 decimal(5,2)", "d15 decimal(15,3)", "d19 decimal(19,0)", "d38 decimal(38,2)", "vc varchar(5)", "c char(3)",
	"dt date", "ts timestamp", "a array<int>", "m map<string,double>", "mi map<int,array<timestamp>>", "mb map<boolean,date>", "md map<decimal(5,2),string>",
	"st struct<z:int,a:array<struct<q:string,p:int>>>", "aa array<array<string>>", "am array<map<string,struct<x:decimal(10,1)>>>",
}

const tailBinary = "bin binary"

var tailEvents = []string{
	`{"s":"강남구 \"x\"\n","b":true,"t":-128,"si":-32768,"i":-2147483648,"l":-9223372036854775808,"f":-1.17549435e-38,"d":5e-324,
	  "d4":0.0001,"d5":-1.5,"d15":"123456789012.345","d19":-9999999999999999999,"d38":-123456789012345678901234567890123456.78,"vc":"abc  ","c":"x ","bin":"AAH/",
	  "dt":"2021-02-03","ts":"2021-02-03T04:05:06.789+09:00","a":[1,null,3],"m":{"k":1.5,"n":null,"":0},"mi":{"-5":["2021-01-01",null],"7":[],"8":null},
	  "mb":{"true":"2021-01-02","false":null},"md":{"1.5":"x","-2.25":""},
	  "st":{"z":1,"a":[{"q":"x","p":1},{"p":2},null]},"aa":[["a","b"],[],null,["c"]],"am":[{"k":{"x":-1.5}},{},null,{"n":null,"e":{}}]}`,
	`{}`,
	`{"s":"","b":false,"t":127,"si":32767,"i":2147483647,"l":9223372036854775807,"f":3.4028234e38,"d":-0.0,"d4":-0.9999,"d5":999.99,"d38":0,"vc":"","c":"","bin":"",
	  "dt":"0001-01-01","ts":-62135596800000,"a":[],"m":{},"mi":{},"mb":{},"md":{},"st":{},"aa":[],"am":[]}`,
	`{"s":"a text that is longer than twelve bytes","f":0.1,"d":1e308,"dt":"9999-12-31","ts":"9999-12-31 23:59:59.999","vc":"다섯글자요","c":"셋글자","bin":"bG9uZ2VyIHRoYW4gdHdlbHZlIGJ5dGVz",
	  "a":[null],"aa":[[null,""]],"st":{"z":null,"a":[]},"m":{"a text that is longer than twelve bytes":-1}}`,
}

// TestTailEqualsFiles reads the same events from memory and from files of each
// format: no value differs.
func TestTailEqualsFiles(t *testing.T) {
	for _, library := range []string{formats.SerDeParquet, formats.SerDeOpenXJSON, formats.SerDeHiveJSON} {
		defs := tailTypes
		if library != formats.SerDeHiveJSON { // which reads binary as text, and takes no such column
			defs = append([]string{tailBinary}, defs...)
		}
		w := newWorld(t)
		f, err := formats.Detect(library, "", nil, nil)
		require.NoError(t, err)
		kind, err := write.KindOf(f)
		require.NoError(t, err)
		cols, names := recordColumns(t, defs)
		writer, err := write.New(f, cols)
		require.NoError(t, err)
		var out bytes.Buffer
		writer.Reset(&out)
		tails := tail.New()
		b := tails.Open("db", "t", cols)
		parser := event.NewParser(cols, event.Options{})
		for i := range 3 * tail.ChunkRows { // full chunks and an open one, NULLs in every place
			r, err := parser.Parse(tailEvents[(i+i/7)%len(tailEvents)])
			require.NoError(t, err)
			require.NoError(t, writer.Write(r.Values))
			require.NoError(t, b.Partition(nil).Append(r.Values))
			if i == 2*tail.ChunkRows+99 {
				break
			}
		}
		require.NoError(t, writer.Close())
		tb := table(library, defs...)
		fromFile, _, err := w.read(tb, files(w.write("f"+kind.Ending, out.String())), names...)
		require.NoError(t, err)
		fromTail, stats, err := w.read(tb, planner.Scan{Tail: tails.Snapshot("db", "t")}, names...)
		require.NoError(t, err)
		require.Len(t, fromTail, 2*tail.ChunkRows+100)
		require.Equal(t, counted(fromFile), counted(fromTail), library)
		require.Zero(t, stats.BytesScanned, "only what lies in S3 is scanned")
	}
}

func recordColumns(t testing.TB, defs []string) (cols []record.Column, names []string) {
	for _, d := range defs {
		name, hive, _ := strings.Cut(d, " ")
		c, err := record.NewColumn(name, hive)
		require.NoError(t, err)
		cols, names = append(cols, c), append(names, name)
	}
	return cols, names
}

// counted tells how often each line is there.
func counted(lines []string) map[string]int {
	out := map[string]int{}
	for _, l := range lines {
		out[l]++
	}
	return out
}

// TestTailBesideFiles reads both in one query, with partition keys in both, few
// and many, and columns in another order than the rows have.
func TestTailBesideFiles(t *testing.T) {
	for _, partitions := range []int{1, 3, 100} {
		for _, library := range []string{formats.SerDeParquet, formats.SerDeOpenXJSON} {
			w := newWorld(t)
			tb := table(library, "a bigint", "s string", "|", "day int", "kind string")
			cols, _ := recordColumns(t, []string{"a bigint", "s string"})
			tails := tail.New()
			var scan planner.Scan
			want := map[string]int{}
			for p := range partitions {
				values := []string{fmt.Sprint(p), catalog.HiveDefaultPartition}
				if p%2 == 0 {
					values[1] = fmt.Sprint("k'", p)
				}
				b := tails.Open("db", "t", cols)
				for a := range p%5 + 1 {
					require.NoError(t, b.Partition(values).Append([]record.Value{{Valid: true, Int: int64(a)}, {}}))
					text := values[1]
					if p%2 != 0 {
						text = "NULL"
					}
					want[fmt.Sprintf("NULL|%d|%s|%d", p, text, a)]++
				}
			}
			scan.Tail = tails.Snapshot("db", "t")
			scan.Partitions = []catalog.Partition{{Values: []string{"77", "file"}}}
			file := w.oneRow(library)
			file.Partition = partitionOf(0)
			scan.Files = []planner.File{file}
			want["x|77|file|5"]++
			got, stats, err := w.read(tb, scan, "s", "day", "kind", "a")
			require.NoError(t, err)
			require.Equal(t, want, counted(got))
			require.Positive(t, stats.BytesScanned)
			rows := w.one(tb, scan, "count(*)", 1)
			require.Equal(t, fmt.Sprint(len(got)), rows, "without any column")
			require.Equal(t, "1", w.one(tb, scan, "count(CASE WHEN kind = 'file' THEN 1 END)", 1, "kind"))
		}
	}
}

// oneRow writes a file with a = 5 and s = x.
func (w *world) oneRow(library string) planner.File {
	if library == formats.SerDeOpenXJSON {
		return w.write("f.json", `{"a":5,"s":"x"}`)
	}
	w.sql("COPY (SELECT 5::BIGINT AS a, 'x' AS s) TO '$DIR/f.parquet'")
	return w.file("f.parquet")
}

// TestTailStaysAsItWas: rows that come after the snapshot change nothing in it,
// not even while it is read.
func TestTailStaysAsItWas(t *testing.T) {
	w := newWorld(t)
	tb := table(formats.SerDeParquet, "a bigint", "s string", "l array<string>")
	cols, _ := recordColumns(t, []string{"a bigint", "s string", "l array<string>"})
	tails := tail.New()
	b := tails.Open("db", "t", cols)
	row := func(i int) []record.Value {
		v := record.Value{Valid: i%3 != 0, Text: fmt.Sprint("text number ", i)}
		return []record.Value{{Valid: i%2 == 0, Int: int64(i)}, v, {Valid: true, List: []record.Value{v, {}, v}}}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 20_000 {
			if err := b.Partition(nil).Append(row(i)); err != nil {
				panic(err)
			}
		}
	}()
	columns := []analyzer.Column{{Type: types.BigIntType}, {Type: types.BigIntType}, {Type: types.BigIntType}, {Type: types.BigIntType}}
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		snapshot := tails.Snapshot("db", "t")
		n := 0
		for _, r := range snapshot {
			n += r.Segments[0].Rows
		}
		rows, err := w.query(t.Context(), planner.Scan{Tail: snapshot}, scanOf(t, tb, "a", "s", "l"),
			"count(*)::BIGINT, count(a)::BIGINT, count(s)::BIGINT, coalesce(sum(len(list_filter(l, lambda x: x = s))), 0)::BIGINT", columns...)
		require.NoError(t, err)
		got, err := allRows(rows)
		require.NoError(t, err)
		require.NoError(t, rows.Close())
		texts := n - (n+2)/3
		require.Equal(t, []string{fmt.Sprintf("%d|%d|%d|%d", n, (n+1)/2, texts, 2*texts)}, got)
	}
}
