package formats

import (
	"io"
	"path"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Compression of a whole file of a row format.
type Compression uint8

const (
	Uncompressed Compression = iota
	Gzip
	Zstd
)

// refusedEndings are compressions that Athena reads and scops does not. Other
// endings say nothing: Hive takes them for plain text.
var refusedEndings = map[string]string{
	".bz2": "bzip2", ".snappy": "snappy", ".lz4": "lz4", ".lzo": "lzo", ".deflate": "deflate", ".xz": "xz",
}

// CompressionOf reads a file name's ending, as Hive does. It is an
// *UnsupportedError where the ending names a compression that is not read.
func CompressionOf(name string) (Compression, error) {
	switch ending := strings.ToLower(path.Ext(name)); {
	case ending == ".gz":
		return Gzip, nil
	case ending == ".zst":
		return Zstd, nil
	case refusedEndings[ending] != "":
		return 0, unsupported("%s compression (file %s) is not supported", refusedEndings[ending], name)
	}
	return Uncompressed, nil
}

// NewReader undoes the compression of r. Closing it does not close r.
func (c Compression) NewReader(r io.Reader) (io.ReadCloser, error) {
	switch c {
	case Gzip:
		z, ok := gzipReaders.Get().(*gzip.Reader)
		if !ok {
			z = new(gzip.Reader)
		}
		if err := z.Reset(r); err != nil {
			return nil, err
		}
		return &gzipReader{z}, nil
	case Zstd:
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
	return io.NopCloser(r), nil
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
