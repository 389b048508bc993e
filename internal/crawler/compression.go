package crawler

import (
	"bytes"
	"errors"
	"io"
	"path"
	"strings"

	"github.com/scopsdb/scops/internal/formats"
)

// compression is how a whole file is compressed.
type compression struct {
	name   string // as Glue's compressionType
	ending string // that readers of Hive tables know it by
	magic  string // of its first bytes; "" where there is none
	read   formats.Compression
}

// compressions are those that have a magic, then those that the ending alone
// tells: Hadoop's blocks have none.
var compressions = []compression{
	{"gzip", ".gz", "\x1f\x8b", formats.Gzip},
	{"bzip2", ".bz2", "BZh", formats.Bzip2},
	{"zstd", ".zst", "\x28\xb5\x2f\xfd", formats.Zstd},
	{"lz4", ".lz4", "\x04\x22\x4d\x18", formats.LZ4},
	{"snappy", ".snappy", "", formats.Snappy},
	{"lz4", ".lz4", "", formats.LZ4},
	{"deflate", ".deflate", "", formats.Deflate},
}

const uncompressed = "none"

// framedSnappy begins files that readers of Hive tables do not understand.
const framedSnappy = "\xff\x06\x00\x00sNaPpY"

// compressionOf looks at the first bytes, and at the name where those cannot
// tell. nil is none.
func compressionOf(key string, head []byte) *compression {
	ending := strings.ToLower(path.Ext(key))
	for i := range compressions {
		c := &compressions[i]
		if c.magic != "" && bytes.HasPrefix(head, []byte(c.magic)) || c.magic == "" && ending == c.ending {
			return c
		}
	}
	return nil
}

// decompressed reads at most n bytes of what head, the beginning of a file,
// holds. That head ends within a block is no error where something came.
func (c *compression) decompressed(head []byte, n int) ([]byte, error) {
	if bytes.HasPrefix(head, []byte(framedSnappy)) {
		return nil, errors.New("it has Snappy's frames, where Hive reads Hadoop's blocks")
	}
	r, err := c.read.NewReader(bytes.NewReader(head))
	if err != nil {
		return nil, err
	}
	defer r.Close()
	out, err := io.ReadAll(io.LimitReader(r, int64(n)))
	if len(out) > 0 {
		return out, nil
	}
	return nil, err
}
