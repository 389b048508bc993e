package formats

import (
	"io"
	"path"
	"strings"

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
		return gzip.NewReader(r)
	case Zstd:
		// One goroutine: files are read side by side already.
		d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(512<<20))
		if err != nil {
			return nil, err
		}
		return d.IOReadCloser(), nil
	}
	return io.NopCloser(r), nil
}
