package write

import (
	"fmt"
	"io"

	"github.com/dsnet/compress/bzip2"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"

	"github.com/scopsdb/scops/internal/formats"
)

// Names of compressions, as table property write.compression has them.
const (
	gzipName   = "GZIP"
	zstdName   = "ZSTD"
	bzip2Name  = "BZIP2"
	snappyName = "SNAPPY"
	lz4Name    = "LZ4"
	noneName   = "NONE"
)

// parquetCodecs are what the pages of a Parquet file may be compressed with.
var parquetCodecs = map[string]compress.Codec{
	zstdName: &parquet.Zstd, gzipName: &parquet.Gzip, snappyName: &parquet.Snappy, noneName: &parquet.Uncompressed,
}

// lineCompressions are the compressions of files of lines, JSON and text, by the
// ending that tells readers.
// https://docs.aws.amazon.com/athena/latest/ug/compression-support-hive.html
var lineCompressions = map[string]Kind{
	gzipName:   {Ending: ".gz", ContentType: "application/gzip"},
	zstdName:   {Ending: ".zst", ContentType: "application/zstd"},
	bzip2Name:  {Ending: ".bz2", ContentType: "application/x-bzip2"},
	snappyName: {Ending: ".snappy", ContentType: "application/octet-stream"},
	lz4Name:    {Ending: ".lz4", ContentType: "application/octet-stream"},
	noneName:   {},
}

// lineKind is what a file of lines is called.
func lineKind(f formats.Format, ending, contentType string) (Kind, bool) {
	k, ok := lineCompressions[compressionOf(f)]
	k.Ending = ending + k.Ending
	if k.ContentType == "" {
		k.ContentType = contentType
	}
	return k, ok
}

// ParquetCodec is what the pages of Parquet files of a format are compressed
// with; nil where files are not written so.
func ParquetCodec(f formats.Format) compress.Codec { return parquetCodecs[compressionOf(f)] }

// defaultCompressions are what files are written with where nothing is said: for
// ORC as Athena does, for Avro what every reader knows.
var defaultCompressions = map[formats.Kind]string{formats.Parquet: zstdName, formats.ORC: "ZLIB", formats.Avro: "DEFLATE"}

// compressionOf is how files of a format are written.
func compressionOf(f formats.Format) string {
	switch {
	case f.Compression == "UNCOMPRESSED":
		return noneName
	case f.Compression != "":
		return f.Compression
	}
	if c := defaultCompressions[f.Kind]; c != "" {
		return c
	}
	return gzipName
}

// writtenAs are the compressions of each format, for messages; the others are
// those of lines.
// https://docs.aws.amazon.com/athena/latest/ug/compression-support-hive.html
var writtenAs = map[formats.Kind]string{
	formats.Parquet: "ZSTD, GZIP, SNAPPY or NONE",
	formats.ORC:     "ZLIB, ZSTD, SNAPPY, LZ4 or NONE", formats.Avro: "DEFLATE, ZSTD, SNAPPY, BZIP2 or NONE",
}

func notWritten(f formats.Format) error {
	known := writtenAs[f.Kind]
	if known == "" {
		known = "GZIP, ZSTD, BZIP2, SNAPPY, LZ4 or NONE"
	}
	return fmt.Errorf("table property write.compression=%q: %s files are not written so; use %s", f.Compression, f.Kind, known)
}

// Compressor writes compressed objects one after the other.
type Compressor interface {
	io.WriteCloser
	Reset(w io.Writer)
}

// NewCompressor makes the compressor of files of lines of a format.
func NewCompressor(f formats.Format) (Compressor, error) {
	switch compressionOf(f) {
	case gzipName:
		return gzip.NewWriterLevel(io.Discard, gzipLevel)
	case zstdName: // not concurrent: the same rows must give the same bytes, and files are written side by side
		return zstd.NewWriter(io.Discard, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstdLevel(f)))
	case bzip2Name:
		return newBzip2()
	case snappyName:
		return newHadoopBlocks(snappyChunk), nil
	case lz4Name:
		return newHadoopBlocks(lz4Chunk()), nil
	case noneName:
		return &uncompressed{}, nil
	}
	return nil, notWritten(f)
}

// zstdLevel is the level of table property compression_level; Athena's default
// is 3.
func zstdLevel(f formats.Format) zstd.EncoderLevel {
	if f.CompressionLevel == 0 {
		return zstd.SpeedDefault
	}
	return zstd.EncoderLevelFromZstd(f.CompressionLevel)
}

// uncompressed writes bytes as they are.
type uncompressed struct{ io.Writer }

func (u *uncompressed) Reset(w io.Writer) { u.Writer = w }

func (u *uncompressed) Close() error { return nil }

// bzip2Writer makes an error of Reset one of the next call.
type bzip2Writer struct {
	*bzip2.Writer
	err error
}

func newBzip2() (*bzip2Writer, error) {
	w, err := bzip2.NewWriter(io.Discard, nil)
	return &bzip2Writer{Writer: w}, err
}

func (w *bzip2Writer) Reset(to io.Writer) { w.err = w.Writer.Reset(to) }

func (w *bzip2Writer) Write(b []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	return w.Writer.Write(b)
}
