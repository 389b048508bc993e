package avro

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/dsnet/compress/bzip2"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"

	"github.com/scopsdb/scops/internal/formats/record"
)

// Codecs are the compressions that a Writer knows, as table property
// write.compression has them, with their names in files.
var Codecs = map[string]string{"NONE": "null", "DEFLATE": "deflate", "SNAPPY": "snappy", "ZSTD": "zstandard", "BZIP2": "bzip2"}

// blockBytes is about how many bytes of records go into a block.
const blockBytes = 256 << 10

// Writer writes one file after the other, all of the same columns. The same rows
// give the same bytes. It is not safe for concurrent use.
type Writer struct {
	schema []byte
	codec  string // as in files
	encode []encode
	out    io.Writer
	sync   []byte // nil before the first block
	block  []byte
	rows   int
	flate  *flate.Writer
	zstd   *zstd.Encoder
	packed bytes.Buffer
}

// NewWriter makes a writer, before its first Reset. The codec is one of Codecs.
func NewWriter(columns []record.Column, codec string) (*Writer, error) {
	w := &Writer{codec: Codecs[codec]}
	if w.codec == "" {
		return nil, fmt.Errorf("Avro compression %s is not written", codec)
	}
	schema, err := schemaOf(columns)
	if err != nil {
		return nil, err
	}
	w.schema = schema
	for _, c := range columns {
		w.encode = append(w.encode, encoderOf(c.Type))
	}
	if w.codec == "zstandard" {
		w.zstd, err = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	}
	return w, err
}

// Reset begins a file.
func (w *Writer) Reset(out io.Writer) { w.out, w.sync, w.block, w.rows = out, nil, w.block[:0], 0 }

// Write adds a row.
func (w *Writer) Write(row []record.Value) error {
	var err error
	for i, e := range w.encode {
		if w.block, err = e(w.block, &row[i]); err != nil {
			return err
		}
	}
	if w.rows++; len(w.block) < blockBytes {
		return nil
	}
	return w.flush()
}

// Close ends the file; it does not close what it is written to.
func (w *Writer) Close() error {
	if w.rows > 0 || w.sync == nil {
		return w.flush()
	}
	return nil
}

// flush writes the rows as a block, and the header before the first.
func (w *Writer) flush() error {
	var b []byte
	if w.sync == nil {
		sum := sha256.Sum256(append(w.block, w.schema...))
		w.sync = sum[:syncSize]
		b = w.header()
	}
	if w.rows > 0 {
		packed, err := w.compress()
		if err != nil {
			return err
		}
		b = binary.AppendVarint(b, int64(w.rows))
		b = appendBytes(b, packed)
		b = append(b, w.sync...)
	}
	w.block, w.rows = w.block[:0], 0
	_, err := w.out.Write(b)
	return err
}

func (w *Writer) header() []byte {
	b := append([]byte(magic), 4) // two entries
	b = appendBytes(appendBytes(b, []byte("avro.schema")), w.schema)
	b = appendBytes(appendBytes(b, []byte("avro.codec")), []byte(w.codec))
	return append(append(b, 0), w.sync...)
}

func appendBytes[T string | []byte](to []byte, b T) []byte {
	return append(binary.AppendVarint(to, int64(len(b))), b...)
}

func (w *Writer) compress() ([]byte, error) {
	switch w.codec {
	case "deflate":
		w.packed.Reset()
		if w.flate == nil {
			var err error
			if w.flate, err = flate.NewWriter(&w.packed, flate.DefaultCompression); err != nil {
				return nil, err
			}
		} else {
			w.flate.Reset(&w.packed)
		}
		if _, err := w.flate.Write(w.block); err != nil {
			return nil, err
		}
		err := w.flate.Close()
		return w.packed.Bytes(), err
	case "snappy":
		b := snappy.Encode(nil, w.block)
		return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(w.block)), nil
	case "bzip2":
		w.packed.Reset()
		z, err := bzip2.NewWriter(&w.packed, nil)
		if err != nil {
			return nil, err
		}
		if _, err := z.Write(w.block); err != nil {
			return nil, err
		}
		err = z.Close()
		return w.packed.Bytes(), err
	case "zstandard":
		return w.zstd.EncodeAll(w.block, nil), nil
	}
	return w.block, nil
}
