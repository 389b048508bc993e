package duckdb

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/formats"
	parquetfooter "github.com/scopsdb/scops/internal/formats/footer"
)

// foreign has the forms that other writers than DuckDB give to types.
type foreign struct {
	Old     deprecated.Int96 `parquet:"old"`
	Micros  time.Time        `parquet:"micros,timestamp(microsecond)"`
	Millis  time.Time        `parquet:"millis,timestamp(millisecond)"`
	Nanos   time.Time        `parquet:"nanos,timestamp(nanosecond)"`
	Local   int64            `parquet:"local,timestamp(microsecond:local)"`
	Small   uint8            `parquet:"small"`
	Big     uint64           `parquet:"big"`
	Money   int64            `parquet:"money,decimal(2:15)"`
	Wide    [13]byte         `parquet:"wide,decimal(2:30)"`
	Text    string           `parquet:"text,enum"`
	JSON    string           `parquet:"json,json"`
	Bytes   []byte           `parquet:"bytes"`
	Fixed   [4]byte          `parquet:"fixed"`
	List    []int32          `parquet:"list,list"`
	Plain   []int32          `parquet:"plain"` // repeated without LIST
	Map     map[string]inner `parquet:"map"`
	Struct  inner            `parquet:"Struct"`
	Date    int32            `parquet:"date,date"`
	Missing *int64           `parquet:"missing,optional"`
}

type inner struct {
	A int32   `parquet:"a"`
	B *string `parquet:"b,optional"`
}

func TestForeignParquet(t *testing.T) {
	w := newWorld(t)
	at := time.Date(2021, 2, 3, 4, 5, 6, 789_600_000, time.UTC)
	julian := uint32(at.Unix()/86400 + 2440588)
	inDay := uint64(at.UnixNano() % (86400 * 1e9))
	row := foreign{
		Old: deprecated.Int96{uint32(inDay), uint32(inDay >> 32), julian}, Micros: at, Millis: at, Nanos: at, Local: at.UnixMicro(),
		Small: 200, Big: 7, Money: -1234, Text: "enum", JSON: `{"a": 1}`, Bytes: []byte("raw"), Fixed: [4]byte{0, 1, 2, 3},
		List: []int32{1, 2}, Plain: []int32{3}, Map: map[string]inner{"k": {A: 1}}, Struct: inner{A: 5}, Date: 18661,
	}
	binary.BigEndian.PutUint64(row.Wide[5:], 1234)
	var out bytes.Buffer
	pw := parquet.NewGenericWriter[foreign](&out)
	_, err := pw.Write([]foreign{row})
	require.NoError(t, err)
	require.NoError(t, pw.Close())
	f := w.write("f", out.String())

	for _, c := range []struct{ column, hive, want string }{
		{"old", "timestamp", "2021-02-03 04:05:06.790"}, {"micros", "timestamp", "2021-02-03 04:05:06.790"},
		{"millis", "timestamp", "2021-02-03 04:05:06.789"}, {"nanos", "timestamp", "2021-02-03 04:05:06.790"}, {"local", "timestamp", "2021-02-03 04:05:06.790"},
		{"small", "smallint", "200"}, {"small", "bigint", "200"}, {"big", "bigint", "7"}, {"money", "decimal(15,2)", "-12.34"}, {"wide", "decimal(30,2)", "12.34"},
		{"text", "string", "enum"}, {"json", "string", `{"a": 1}`}, {"bytes", "binary", "72 61 77"}, {"bytes", "string", "raw"}, {"fixed", "binary", "00 01 02 03"},
		{"plain", "array<int>", "[3]"}, {"plain", "array<bigint>", "[3]"},
		{"list", "array<bigint>", "[1, 2]"}, {"list", "array<int>", "[1, 2]"}, {"map", "map<string,struct<b:string,a:bigint>>", "{k={b=null, a=1}}"},
		{"struct", "struct<a:int,b:string>", "{a=5, b=null}"}, {"date", "date", "2021-02-03"}, {"missing", "bigint", "NULL"},
	} {
		got, _, err := w.read(table(formats.SerDeParquet, c.column+" "+c.hive), files(f), c.column)
		require.NoError(t, err, c.column)
		require.Equal(t, []string{c.want}, got, c.column)
	}
	for _, c := range []string{"small tinyint", "text bigint", "list string", "struct string", "map array<string>"} {
		name := c[:bytes.IndexByte([]byte(c), ' ')]
		_, _, err := w.read(table(formats.SerDeParquet, c), files(f), name)
		requireEngineError(t, err, "HIVE_BAD_DATA")
	}
}

// A footer that claims more than it has is refused before memory is taken.
func TestFooterClaims(t *testing.T) {
	schema := []byte{0x15, 2, 0x19, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 7} // version; a list of 2^31-1 structs
	_, err := parquetfooter.Parse(schema)
	require.ErrorIs(t, err, errNoParquet)
	deep := bytes.Repeat([]byte{0x1C}, 1000)
	_, err = parquetfooter.Parse(deep)
	require.ErrorIs(t, err, errNoParquet)
}

func FuzzFooter(f *testing.F) {
	var out bytes.Buffer
	pw := parquet.NewGenericWriter[inner](&out)
	_, err := pw.Write([]inner{{A: 1}})
	require.NoError(f, err)
	require.NoError(f, pw.Close())
	b := out.Bytes()
	n := int(binary.LittleEndian.Uint32(b[len(b)-8:]))
	f.Add(b[len(b)-8-n : len(b)-8])
	f.Fuzz(func(t *testing.T, footer []byte) {
		meta, err := parquetfooter.Parse(footer)
		if err != nil {
			return
		}
		built, err := newFooterCache().build(meta)
		if err == nil {
			require.Len(t, built.bytes, len(built.schema.columns))
		}
	})
}
