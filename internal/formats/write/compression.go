package write

import (
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"

	"github.com/scopsdb/scops/internal/formats"
)

// Names of compressions, as table property write.compression has them.
const (
	gzipName = "GZIP"
	zstdName = "ZSTD"
)

// parquetCodecs are what the pages of a Parquet file may be compressed with.
var parquetCodecs = map[string]compress.Codec{
	zstdName: &parquet.Zstd, gzipName: &parquet.Gzip, "SNAPPY": &parquet.Snappy, "NONE": &parquet.Uncompressed,
}

// jsonEndings are the compressions of JSON files, by the ending that tells
// readers.
var jsonEndings = map[string]Kind{
	gzipName: {Ending: ".json.gz", ContentType: "application/gzip"},
	zstdName: {Ending: ".json.zst", ContentType: "application/zstd"},
}

// ParquetCodec is what the pages of Parquet files of a format are compressed
// with; nil where files are not written so.
func ParquetCodec(f formats.Format) compress.Codec { return parquetCodecs[compressionOf(f)] }

// compressionOf is how files of a format are written.
func compressionOf(f formats.Format) string {
	switch {
	case f.Compression == "" && f.Kind == formats.JSON:
		return gzipName
	case f.Compression == "":
		return zstdName
	}
	return f.Compression
}

func notWritten(f formats.Format) error {
	return fmt.Errorf("table property write.compression=%q: %s files are not written so; use ZSTD or GZIP, or for Parquet SNAPPY or NONE", f.Compression, f.Kind)
}

// Compressor writes compressed objects one after the other.
type Compressor interface {
	io.WriteCloser
	Reset(w io.Writer)
}

// NewCompressor makes the compressor of JSON files of a format.
func NewCompressor(f formats.Format) (Compressor, error) {
	switch compressionOf(f) {
	case gzipName:
		return gzip.NewWriterLevel(io.Discard, gzipLevel)
	case zstdName: // not concurrent: the same rows must give the same bytes, and files are written side by side
		return zstd.NewWriter(io.Discard, zstd.WithEncoderConcurrency(1))
	}
	return nil, notWritten(f)
}
