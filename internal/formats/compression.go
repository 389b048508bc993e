package formats

import (
	"compress/bzip2"
	"io"
	"path"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// Compression of a whole file of a row format.
type Compression uint8

const (
	Uncompressed Compression = iota
	Gzip
	Zstd
	Bzip2
	Snappy  // in Hadoop's blocks
	LZ4     // in LZ4's frames or Hadoop's blocks
	Deflate // zlib
)

// endings are what tells the compression of a file. Other endings say nothing:
// Hive takes them for plain text.
// https://docs.aws.amazon.com/athena/latest/ug/compression-support-hive.html
var endings = map[string]Compression{
	".gz": Gzip, ".zst": Zstd, ".bz2": Bzip2, ".snappy": Snappy, ".lz4": LZ4, ".deflate": Deflate,
}

// refusedEndings are compressions that are not read: Athena reads LZO.
var refusedEndings = map[string]string{".lzo": "lzo", ".lzo_deflate": "lzo", ".xz": "xz"}

// CompressionOf reads a file name's ending, as Hive does. It is an
// *UnsupportedError where the ending names a compression that is not read.
func CompressionOf(name string) (Compression, error) {
	ending := strings.ToLower(path.Ext(name))
	if refused := refusedEndings[ending]; refused != "" {
		return 0, unsupported("%s compression (file %s) is not supported", refused, name)
	}
	return endings[ending], nil
}

// NewReader undoes the compression of r, piece by piece: what is in memory at
// once does not grow with the file. Closing it does not close r.
func (c Compression) NewReader(r io.Reader) (io.ReadCloser, error) {
	switch c {
	case Gzip:
		return newGzipReader(r)
	case Zstd:
		return newZstdReader(r)
	case Bzip2:
		return io.NopCloser(bzip2.NewReader(r)), nil
	case Snappy:
		return io.NopCloser(newHadoopReader(r, snappyChunk)), nil
	case LZ4:
		return newLZ4Reader(r)
	case Deflate:
		return zlib.NewReader(r)
	}
	return io.NopCloser(r), nil
}

func newGzipReader(r io.Reader) (io.ReadCloser, error) {
	z, ok := gzipReaders.Get().(*gzip.Reader)
	if !ok {
		z = new(gzip.Reader)
	}
	if err := z.Reset(r); err != nil {
		return nil, err
	}
	return &gzipReader{z}, nil
}

func newZstdReader(r io.Reader) (io.ReadCloser, error) {
	z, ok := zstdReaders.Get().(*zstd.Decoder)
	if !ok {
		var err error
		// Not concurrent: files are read side by side already.
		if z, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(512<<20)); err != nil {
			return nil, err
		}
	}
	if err := z.Reset(r); err != nil {
		return nil, err
	}
	return &zstdReader{z}, nil
}

// Readers to use again: their tables are larger than many a file.
var gzipReaders, zstdReaders sync.Pool

type gzipReader struct{ *gzip.Reader }

// Close gives the reader back.
func (r *gzipReader) Close() error {
	if r.Reader != nil {
		gzipReaders.Put(r.Reader)
		r.Reader = nil
	}
	return nil
}

type zstdReader struct{ *zstd.Decoder }

// Close gives the reader back.
func (r *zstdReader) Close() error {
	if r.Decoder != nil {
		_ = r.Reset(nil) // lets go of the file
		zstdReaders.Put(r.Decoder)
		r.Decoder = nil
	}
	return nil
}
