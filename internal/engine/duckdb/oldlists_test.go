package duckdb

import (
	"bytes"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/formats"
)

// oldList is a group that its writer calls a LIST, whatever is in it.
type oldList struct{ parquet.Group }

func (oldList) Type() parquet.Type { return parquet.List(parquet.Leaf(parquet.Int32Type)).Type() }

// Lists of two levels, as old writers made them, and repeated groups: what is
// the element follows from the names and the number of fields.
func TestOldLists(t *testing.T) {
	one := parquet.Group{"a": parquet.Optional(parquet.Leaf(parquet.Int32Type))}
	two := parquet.Group{"a": parquet.Optional(parquet.Leaf(parquet.Int32Type)), "b": parquet.Optional(parquet.Leaf(parquet.Int64Type))}
	number := func(n int32, rep, def, column int) parquet.Value {
		return parquet.Int32Value(n).Level(rep, def, column)
	}
	null := func(rep, def, column int) parquet.Value { return parquet.Value{}.Level(rep, def, column) }
	// Three rows each: two elements, none, NULL.
	leaf := []parquet.Row{{number(1, 0, 2, 0), number(2, 1, 2, 0)}, {null(0, 1, 0)}, {null(0, 0, 0)}}
	single := []parquet.Row{{number(1, 0, 3, 0), null(1, 2, 0)}, {null(0, 1, 0)}, {null(0, 0, 0)}}
	double := []parquet.Row{
		{number(1, 0, 3, 0), null(1, 2, 0), parquet.Int64Value(7).Level(0, 3, 1), parquet.Int64Value(8).Level(1, 3, 1)},
		{null(0, 1, 0), null(0, 1, 1)}, {null(0, 0, 0), null(0, 0, 1)},
	}
	cases := []struct {
		name string
		node parquet.Node
		rows []parquet.Row
		hive string
		want []string
	}{
		{"leaf", oldList{parquet.Group{"element": parquet.Repeated(parquet.Leaf(parquet.Int32Type))}}, leaf, "array<int>", []string{"[1, 2]", "[]", "NULL"}},
		{"leaf widened", oldList{parquet.Group{"array": parquet.Repeated(parquet.Leaf(parquet.Int32Type))}}, leaf, "array<bigint>", []string{"[1, 2]", "[]", "NULL"}},
		{"struct of two", oldList{parquet.Group{"bag": parquet.Repeated(two)}}, double, "array<struct<a:int,b:bigint>>", []string{"[{a=1, b=7}, {a=null, b=8}]", "[]", "NULL"}},
		{"struct of two by name", oldList{parquet.Group{"bag": parquet.Repeated(two)}}, double, "array<struct<b:bigint,c:string>>", []string{"[{b=7, c=null}, {b=8, c=null}]", "[]", "NULL"}},
		{"struct of one named array", oldList{parquet.Group{"array": parquet.Repeated(one)}}, single, "array<struct<a:int>>", []string{"[{a=1}, {a=null}]", "[]", "NULL"}},
		{"struct of one named tuple", oldList{parquet.Group{"x_tuple": parquet.Repeated(one)}}, single, "array<struct<a:bigint,b:int>>", []string{"[{a=1, b=null}, {a=null, b=null}]", "[]", "NULL"}},
		{"three levels", oldList{parquet.Group{"bag": parquet.Repeated(one)}}, single, "array<int>", []string{"[1, null]", "[]", "NULL"}},
	}
	w := newWorld(t)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			pw := parquet.NewWriter(&out, parquet.NewSchema("s", parquet.Group{"x": parquet.Optional(c.node)})) //nolint:staticcheck // rows without a Go type
			_, err := pw.WriteRows(c.rows)
			require.NoError(t, err)
			require.NoError(t, pw.Close())
			f := w.write("f", out.String())
			got, _, err := w.read(table(formats.SerDeParquet, "x "+c.hive), files(f), "x")
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}

// Every compression is read, and those that DuckDB does not know are named.
func TestParquetCompressions(t *testing.T) {
	w := newWorld(t)
	for _, codec := range []string{"uncompressed", "snappy", "gzip", "zstd", "lz4", "lz4_raw", "brotli"} {
		w.sql("COPY (SELECT range AS n FROM range(3000)) TO '$DIR/" + codec + "' (FORMAT parquet, COMPRESSION " + codec + ")")
		got := w.one(table(formats.SerDeParquet, "n bigint"), files(w.file(codec)), "count(*), sum(n)", 2, "n")
		require.Equal(t, "3000|4498500", got, codec)
	}
	meta := &format.FileMetaData{Schema: []format.SchemaElement{{NumChildren: thrift.New[int32](1)}, {Name: "n", Type: thrift.New(format.Int32)}}}
	meta.RowGroups = []format.RowGroup{{Columns: []format.ColumnChunk{{MetaData: format.ColumnMetaData{Codec: format.Lz4}}}}}
	_, err := newFooterCache().build(meta)
	requireEngineError(t, footerError("s3://bucket/f", err), "HIVE_UNSUPPORTED_FORMAT", "compression LZ4: only LZ4_RAW", "s3://bucket/f")
}

func TestEncryptedParquet(t *testing.T) {
	w := newWorld(t)
	_, _, err := w.read(table(formats.SerDeParquet, "x int"), files(w.write("secret", "PARE and then something PARE")), "x")
	requireEngineError(t, err, "HIVE_UNSUPPORTED_FORMAT", "encrypted Parquet files are not supported: s3://bucket/secret")
}
