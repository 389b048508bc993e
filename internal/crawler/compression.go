package crawler

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"encoding/binary"
	"errors"
	"io"
	"path"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// compression is how a whole file is compressed, as its first bytes say.
type compression struct {
	name   string // as Glue's compressionType
	ending string // that readers of Hive tables know it by
	magic  string
	open   func(io.Reader) (io.Reader, error)
}

var compressions = []compression{
	{"gzip", ".gz", "\x1f\x8b", func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }},
	{"bzip2", ".bz2", "BZh", func(r io.Reader) (io.Reader, error) { return bzip2.NewReader(r), nil }},
	{"zstd", ".zst", "\x28\xb5\x2f\xfd", openZstd},
	{"snappy", ".snappy", "\xff\x06\x00\x00sNaPpY", func(r io.Reader) (io.Reader, error) { return snappy.NewReader(r), nil }},
	{"lz4", ".lz4", "\x04\x22\x4d\x18", func(r io.Reader) (io.Reader, error) { return lz4.NewReader(r), nil }},
}

// hadoopSnappy has no magic: blocks with their lengths before them, which the
// name must tell.
var hadoopSnappy = compression{"snappy", ".snappy", "", func(r io.Reader) (io.Reader, error) { return &snappyBlocks{r: bufio.NewReader(r)}, nil }}

const uncompressed = "none"

func openZstd(r io.Reader) (io.Reader, error) {
	z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(64<<20))
	if err != nil {
		return nil, err
	}
	return z.IOReadCloser(), nil
}

// compressionOf looks at the first bytes, and at the name where those cannot
// tell. nil is none.
func compressionOf(key string, head []byte) *compression {
	for i := range compressions {
		if bytes.HasPrefix(head, []byte(compressions[i].magic)) {
			return &compressions[i]
		}
	}
	if strings.EqualFold(path.Ext(key), hadoopSnappy.ending) {
		return &hadoopSnappy
	}
	return nil
}

// decompressed reads at most n bytes of what head, the beginning of a file,
// holds. That head ends within a block is no error where something came.
func (c *compression) decompressed(head []byte, n int) ([]byte, error) {
	r, err := c.open(bytes.NewReader(head))
	if err != nil {
		return nil, err
	}
	if closer, ok := r.(io.Closer); ok {
		defer closer.Close()
	}
	out, err := io.ReadAll(io.LimitReader(r, int64(n)))
	if len(out) > 0 {
		return out, nil
	}
	return nil, err
}

// snappyBlocks reads Hadoop's native Snappy: the length of a block's content,
// then chunks with their lengths, all big-endian.
type snappyBlocks struct {
	r     *bufio.Reader
	left  int // bytes of the block still to come
	chunk []byte
}

const largestSnappyChunk = 16 << 20

func (s *snappyBlocks) Read(p []byte) (int, error) {
	for len(s.chunk) == 0 {
		if err := s.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, s.chunk)
	s.chunk = s.chunk[n:]
	return n, nil
}

func (s *snappyBlocks) next() error {
	var length uint32
	if s.left == 0 {
		if err := binary.Read(s.r, binary.BigEndian, &length); err != nil {
			return err
		}
		if s.left = int(length); s.left == 0 {
			return nil
		}
	}
	if err := binary.Read(s.r, binary.BigEndian, &length); err != nil {
		return err
	}
	if length > largestSnappyChunk {
		return errors.New("not Hadoop's Snappy: a chunk is too long")
	}
	packed := make([]byte, length)
	if _, err := io.ReadFull(s.r, packed); err != nil {
		return err
	}
	n, err := snappy.DecodedLen(packed)
	if err != nil || n > largestSnappyChunk || n > s.left {
		return errors.Join(errors.New("not Hadoop's Snappy: a chunk is damaged"), err)
	}
	if s.chunk, err = snappy.Decode(nil, packed); err == nil {
		s.left -= n
	}
	return err
}
