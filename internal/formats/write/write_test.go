package write

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/event"
	"github.com/scopsdb/scops/internal/formats/record"
)

func columns(t testing.TB, defs ...string) []record.Column {
	var cs []record.Column
	for _, d := range defs {
		name, hive, _ := strings.Cut(d, " ")
		c, err := record.NewColumn(name, hive)
		require.NoError(t, err)
		cs = append(cs, c)
	}
	return cs
}

var everyType = []string{
	"s string", "b boolean", "t tinyint", "i int", "l bigint", "f float", "d double",
	"d5 decimal(5,2)", "d15 decimal(15,3)", "d38 decimal(38,2)", "vc varchar(5)", "c char(3)", "bin binary",
	"dt date", "ts timestamp", "a array<int>", "m map<string,double>", "st struct<z:int,a:array<struct<q:string,p:int>>>", "aa array<array<string>>",
}

var everyEvent = []string{
	`{"s":"강남구 \"x\"\n","b":true,"t":-5,"i":7,"l":9007199254740993,"f":1.5,"d":0.1,"d5":-1.5,"d15":"123456789012.345",
	  "d38":-123456789012345678901234567890123456.78,"vc":"abc","c":"xy","bin":"AAH/","dt":"2021-02-03","ts":"2021-02-03T04:05:06.789+09:00",
	  "a":[1,null,3],"m":{"k":1.5,"n":null},"st":{"z":1,"a":[{"q":"x","p":1},{"p":2},null]},"aa":[["a","b"],[],null,["c"]]}`,
	`{}`,
	`{"s":"","b":false,"a":[],"m":{},"st":{},"aa":[[]]}`,
	`{"s":"only s","dt":"0001-01-01","ts":-62135596800000}`,
}

func object(t testing.TB, w Writer, cols []record.Column, events ...string) []byte {
	var out bytes.Buffer
	w.Reset(&out)
	p := event.NewParser(cols, event.Options{})
	for _, e := range events {
		rec, err := p.Parse(e)
		require.NoError(t, err)
		require.NoError(t, w.Write(rec.Values))
	}
	require.NoError(t, w.Close())
	return out.Bytes()
}

type everyRow struct {
	S   *string             `parquet:"s,optional"`
	L   *int64              `parquet:"l,optional"`
	D5  *int32              `parquet:"d5,optional"`
	D15 *int64              `parquet:"d15,optional"`
	D38 *[16]byte           `parquet:"d38,optional"`
	Bin []byte              `parquet:"bin,optional"`
	Dt  *int32              `parquet:"dt,optional,date"`
	Ts  *int64              `parquet:"ts,optional"`
	A   []*int32            `parquet:"a,optional,list"`
	M   map[string]*float64 `parquet:"m,optional"`
}

func TestParquetReadsBack(t *testing.T) {
	cols := columns(t, everyType...)
	w, err := New(formats.Format{Kind: formats.Parquet}, cols)
	require.NoError(t, err)
	data := object(t, w, cols, everyEvent...)
	file, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	require.EqualValues(t, 4, file.NumRows())
	golden := strings.Join([]string{
		"message hive_schema {", "\toptional binary s (STRING);", "\toptional boolean b;", "\toptional int32 t (INT(8,true));",
		"\toptional int32 i (INT(32,true));", "\toptional int64 l (INT(64,true));", "\toptional float f;", "\toptional double d;",
		"\toptional int32 d5 (DECIMAL(5,2));", "\toptional int64 d15 (DECIMAL(15,3));", "\toptional fixed_len_byte_array(16) d38 (DECIMAL(38,2));",
		"\toptional binary vc (STRING);", "\toptional binary c (STRING);", "\toptional binary bin;", "\toptional int32 dt (DATE);",
		"\toptional int64 ts (TIMESTAMP(isAdjustedToUTC=false,unit=MILLIS));",
	}, "\n")
	require.True(t, strings.HasPrefix(file.Schema().String(), golden), file.Schema().String())

	r := parquet.NewGenericReader[everyRow](file)
	rows := make([]everyRow, 4)
	n, err := r.Read(rows)
	require.Equal(t, 4, n, err)
	first := rows[0]
	require.Equal(t, "강남구 \"x\"\n", *first.S)
	require.EqualValues(t, 9007199254740993, *first.L)
	require.EqualValues(t, -150, *first.D5)
	require.EqualValues(t, 123456789012345, *first.D15)
	require.Equal(t, fmt.Sprintf("%x", wantD38), fmt.Sprintf("%x", *first.D38))
	require.Equal(t, []byte{0, 1, 255}, first.Bin)
	require.EqualValues(t, 18661, *first.Dt)
	require.EqualValues(t, 1612292706789, *first.Ts)
	require.Nil(t, first.A[1])
	require.EqualValues(t, 3, *first.A[2])
	require.EqualValues(t, 1.5, *first.M["k"])
	require.Nil(t, rows[1].S)
	require.Equal(t, "", *rows[2].S)
	require.EqualValues(t, -719162, *rows[3].Dt)
}

// wantD38 is -12345678901234567890123456789012345678 in two's complement.
var wantD38 = func() []byte {
	b, err := twosComplement("-12345678901234567890123456789012345678", 16)
	if err != nil {
		panic(err)
	}
	return b
}()

func TestTwosComplement(t *testing.T) {
	for digits, want := range map[string]string{"0": "0000", "1": "0001", "-1": "ffff", "-32768": "8000", "32767": "7fff"} {
		b, err := twosComplement(digits, 2)
		require.NoError(t, err)
		require.Equal(t, want, fmt.Sprintf("%x", b), digits)
	}
	require.Equal(t, 16, decimalBytes(38))
	require.Equal(t, 9, decimalBytes(19))
}

func TestParquetKeepsDictionaries(t *testing.T) {
	cols := columns(t, "id string", "n int")
	w, err := New(formats.Format{Kind: formats.Parquet}, cols)
	require.NoError(t, err)
	var events []string
	for i := range 50_000 {
		events = append(events, fmt.Sprintf(`{"id":"%032d","n":%d}`, i, i))
	}
	data := object(t, w, cols, events...)
	file, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	for _, c := range file.Metadata().RowGroups[0].Columns {
		for _, s := range c.MetaData.EncodingStats {
			require.NotEqual(t, "PLAIN", map[bool]string{true: "PLAIN"}[s.PageType.String() == "DATA_PAGE" && s.Encoding.String() == "PLAIN"])
		}
		require.NotZero(t, c.MetaData.DictionaryPageOffset)
	}
}

// TestParquetOfLargeTexts writes texts that would make a dictionary, and the
// bounds of their pages, larger than the texts themselves.
func TestParquetOfLargeTexts(t *testing.T) {
	const texts, size = 48, 1 << 20
	noise := make([]byte, size/2)
	rand.NewChaCha8([32]byte{}).Read(noise)
	cols := columns(t, "id int", "s string")
	w, err := New(formats.Format{Kind: formats.Parquet}, cols)
	require.NoError(t, err)
	var out bytes.Buffer
	w.Reset(&out)
	var want []string
	for i := range texts {
		text := fmt.Sprintf("%02d%x", i, noise)
		want = append(want, text)
		require.NoError(t, w.Write([]record.Value{{Valid: true, Int: int64(i)}, {Valid: true, Text: text}}))
	}
	require.NoError(t, w.Close())
	require.Less(t, out.Len(), texts*size*5/8, "half a byte of noise a digit, and little more")

	f, err := parquet.OpenFile(bytes.NewReader(out.Bytes()), int64(out.Len()))
	require.NoError(t, err)
	groups := f.Metadata().RowGroups
	bounds := groups[len(groups)-1].Columns[0].MetaData.Statistics
	require.Equal(t, []byte{texts - 1, 0, 0, 0}, bounds.MaxValue, "readers skip by the footer's statistics")
	type row struct {
		S *string `parquet:"s,optional"`
	}
	rows, err := parquet.Read[row](bytes.NewReader(out.Bytes()), int64(out.Len()))
	require.NoError(t, err)
	require.Len(t, rows, texts)
	for i, r := range rows {
		require.True(t, want[i] == *r.S, "row %d", i)
	}
}

func TestJSONReadsBack(t *testing.T) {
	cols := columns(t, everyType...)
	w, err := New(formats.Format{Kind: formats.JSON}, cols)
	require.NoError(t, err)
	z, err := gzip.NewReader(bytes.NewReader(object(t, w, cols, everyEvent...)))
	require.NoError(t, err)
	text, err := io.ReadAll(z)
	require.NoError(t, err)
	require.Equal(t, `{"s":"강남구 \"x\"\n","b":true,"t":-5,"i":7,"l":9007199254740993,"f":1.5,"d":0.1,"d5":-1.50,"d15":123456789012.345,"d38":-123456789012345678901234567890123456.78,"vc":"abc","c":"xy","bin":"AAH/","dt":"2021-02-03","ts":"2021-02-02 19:05:06.789","a":[1,null,3],"m":{"k":1.5,"n":null},"st":{"z":1,"a":[{"q":"x","p":1},{"p":2},null]},"aa":[["a","b"],[],null,["c"]]}
{}
{"s":"","b":false,"a":[],"m":{},"st":{},"aa":[[]]}
{"s":"only s","dt":"0001-01-01","ts":"0001-01-01 00:00:00.000"}
`, string(text))
}

func TestSameRecordsSameBytes(t *testing.T) {
	cols := columns(t, everyType...)
	for _, kind := range []formats.Kind{formats.Parquet, formats.JSON} {
		w, err := New(formats.Format{Kind: kind}, cols)
		require.NoError(t, err)
		var events []string
		for i := range 3000 {
			events = append(events, everyEvent[i%4], fmt.Sprintf(`{"s":"order %d","l":%d}`, i, i))
		}
		first := object(t, w, cols, events...)
		object(t, w, cols, everyEvent[0], everyEvent[3]) // something else in between
		require.True(t, bytes.Equal(first, object(t, w, cols, events...)), "from a writer that was used before")
		w, err = New(formats.Format{Kind: kind}, cols)
		require.NoError(t, err)
		require.True(t, bytes.Equal(first, object(t, w, cols, events...)), "from a new writer")
	}
}

func TestAbandonedObjectLeavesNothing(t *testing.T) {
	cols := columns(t, "s string", "a array<int>")
	for _, kind := range []formats.Kind{formats.Parquet, formats.JSON} {
		w, err := New(formats.Format{Kind: kind}, cols)
		require.NoError(t, err)
		want := object(t, w, cols, `{"s":"x"}`)
		w.Reset(io.Discard)
		for range 1000 {
			require.NoError(t, w.Write([]record.Value{{Valid: true, Text: "gone"}, {}}))
		}
		require.True(t, bytes.Equal(want, object(t, w, cols, `{"s":"x"}`))) // without a Close in between
	}
}

func TestMappedKeys(t *testing.T) {
	cols := columns(t, "ts string")
	f := formats.Format{Kind: formats.JSON, JSON: formats.JSONOptions{Mapping: map[string]string{"ts": "timestamp"}}}
	w, err := New(f, cols)
	require.NoError(t, err)
	z, err := gzip.NewReader(bytes.NewReader(object(t, w, cols, `{"ts":"x"}`)))
	require.NoError(t, err)
	text, err := io.ReadAll(z)
	require.NoError(t, err)
	require.Equal(t, "{\"timestamp\":\"x\"}\n", string(text))
}

func TestRefused(t *testing.T) {
	cols := columns(t, "a string")
	_, err := New(formats.Format{Kind: formats.Regex}, cols)
	require.EqualError(t, err, "records cannot be written as text of a regular expression: use a Parquet, ORC, Avro or JSON table")
	_, err = New(formats.Format{Kind: formats.Parquet}, nil)
	require.EqualError(t, err, "records need at least one column")
	_, err = New(formats.Format{Kind: formats.Parquet}, []record.Column{{Name: "a,b", Type: cols[0].Type}})
	require.ErrorContains(t, err, "comma")
}

func FuzzJSONString(f *testing.F) {
	f.Add("a\"\\\n\x00é")
	f.Fuzz(func(t *testing.T, s string) {
		var back string
		if b := appendString(nil, s); json.Valid(b) && json.Unmarshal(b, &back) == nil {
			require.Equal(t, strings.ToValidUTF8(s, "\ufffd"), strings.ToValidUTF8(back, "\ufffd"))
			return
		}
		require.Fail(t, "not JSON")
	})
}

func BenchmarkWrite(b *testing.B) {
	cols := columns(b, "order_id string", "district string", "delivery_type string", "product_name string", "quantity int", "price int", "ordered_at timestamp")
	var rows [][]record.Value
	p := event.NewParser(cols, event.Options{})
	for i := range 100_000 {
		rec, err := p.Parse(fmt.Sprintf(`{"order_id":"%032x","district":"district-%d","delivery_type":"t%d","product_name":"product-%d","quantity":%d,"price":%d,"ordered_at":%d}`,
			i*2654435761, i*7%25, i%4, i*13%200, i%5+1, i%90*100, 1612325106000+int64(i)*26))
		if err != nil {
			b.Fatal(err)
		}
		rows = append(rows, append([]record.Value(nil), rec.Values...))
	}
	for _, kind := range []formats.Kind{formats.Parquet, formats.JSON} {
		b.Run(kind.String(), func(b *testing.B) {
			w, err := New(formats.Format{Kind: kind}, cols)
			if err != nil {
				b.Fatal(err)
			}
			var out bytes.Buffer
			for b.Loop() {
				out.Reset()
				w.Reset(&out)
				for _, r := range rows {
					if err := w.Write(r); err != nil {
						b.Fatal(err)
					}
				}
				if err := w.Close(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(rows)*b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
			b.ReportMetric(float64(out.Len())/float64(len(rows)), "B/row")
		})
	}
}

// BenchmarkSmallObjects is the demo's batch: 31 partitions in one.
func BenchmarkSmallObjects(b *testing.B) {
	cols := columns(b, "district string", "delivery_type string", "product_name string", "quantity int", "price int", "ordered_at timestamp")
	w, err := New(formats.Format{Kind: formats.Parquet}, cols)
	if err != nil {
		b.Fatal(err)
	}
	row := []record.Value{{Valid: true, Text: "강남구"}, {Valid: true, Text: "same_day"}, {Valid: true, Text: "p1"}, {Valid: true, Int: 3}, {Valid: true, Int: 500}, {Valid: true, Int: 1612325106000}}
	b.ReportAllocs()
	for b.Loop() {
		w.Reset(io.Discard)
		for range 30 {
			if err := w.Write(row); err != nil {
				b.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
