package write

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/formats"
)

func TestCompressions(t *testing.T) {
	cols := columns(t, "id bigint", "s string")
	for _, c := range []struct {
		kind         formats.Kind
		name, ending string
		codec        format.CompressionCodec
	}{
		{formats.Parquet, "", ".parquet", format.Zstd},
		{formats.Parquet, "ZSTD", ".parquet", format.Zstd},
		{formats.Parquet, "GZIP", ".parquet", format.Gzip},
		{formats.Parquet, "SNAPPY", ".parquet", format.Snappy},
		{formats.Parquet, "NONE", ".parquet", format.Uncompressed},
		{formats.JSON, "", ".json.gz", 0},
		{formats.JSON, "GZIP", ".json.gz", 0},
		{formats.JSON, "ZSTD", ".json.zst", 0},
		{formats.JSON, "BZIP2", ".json.bz2", 0},
		{formats.JSON, "SNAPPY", ".json.snappy", 0},
		{formats.JSON, "LZ4", ".json.lz4", 0},
		{formats.JSON, "NONE", ".json", 0},
		{formats.JSON, "UNCOMPRESSED", ".json", 0},
	} {
		f := formats.Format{Kind: c.kind, Compression: c.name}
		k, err := KindOf(f)
		require.NoError(t, err)
		require.Equal(t, c.ending, k.Ending)
		w, err := New(f, cols)
		require.NoError(t, err)
		data := object(t, w, cols, `{"id":1,"s":"x"}`, `{"id":2}`)
		require.Equal(t, data, object(t, w, cols, `{"id":1,"s":"x"}`, `{"id":2}`), "the same rows give the same bytes")
		if c.kind == formats.Parquet {
			file, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
			require.NoError(t, err)
			require.EqualValues(t, 2, file.NumRows())
			require.Equal(t, c.codec, file.Metadata().RowGroups[0].Columns[0].MetaData.Codec, c.name)
			continue
		}
		compression, err := formats.CompressionOf("x" + k.Ending)
		require.NoError(t, err)
		r, err := compression.NewReader(bytes.NewReader(data))
		require.NoError(t, err)
		text, err := io.ReadAll(r)
		require.NoError(t, err)
		require.Equal(t, "{\"id\":1,\"s\":\"x\"}\n{\"id\":2}\n", string(text))
	}
	for _, c := range []struct {
		f    formats.Format
		text string
	}{
		{formats.Format{Kind: formats.Parquet, Compression: "LZO"}, `table property write.compression="LZO": Parquet files are not written so; use ZSTD, GZIP, SNAPPY or NONE`},
		{formats.Format{Kind: formats.JSON, Compression: "LZO"}, `table property write.compression="LZO": JSON files are not written so; use GZIP, ZSTD, BZIP2, SNAPPY, LZ4 or NONE`},
		{formats.Format{Kind: formats.Text, Compression: "DEFLATE"}, `table property write.compression="DEFLATE": delimited text files are not written so; use GZIP, ZSTD, BZIP2, SNAPPY, LZ4 or NONE`},
	} {
		_, err := KindOf(c.f)
		require.EqualError(t, err, c.text)
		_, err = New(c.f, cols)
		require.ErrorContains(t, err, "write.compression")
	}
}

// A row group ends at so many bytes of values, and every value comes back.
func TestRowGroups(t *testing.T) {
	cols := columns(t, "id bigint", "s string", "a array<int>")
	w, err := NewWith(formats.Format{Kind: formats.Parquet}, cols, Options{RowGroupBytes: 100_000})
	require.NoError(t, err)
	var events []string
	for i := range 5000 {
		events = append(events, fmt.Sprintf(`{"id":%d,"s":%q,"a":[%d,null]}`, i, strings.Repeat("x", i%60), i))
	}
	data := object(t, w, cols, events...)
	file, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	require.Len(t, file.RowGroups(), 3)
	type row struct {
		ID int64    `parquet:"id,optional"`
		S  *string  `parquet:"s,optional"`
		A  []*int32 `parquet:"a,optional,list"`
	}
	rows, err := parquet.Read[row](bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	require.Len(t, rows, 5000)
	for i, r := range rows {
		require.EqualValues(t, i, r.ID)
		require.Equal(t, strings.Repeat("x", i%60), *r.S)
		require.EqualValues(t, i, *r.A[0])
		require.Nil(t, r.A[1])
	}
}
