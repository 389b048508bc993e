package avro

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"time"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
)

const (
	magic       = "Obj\x01"
	syncSize    = 16
	maxMetadata = 16 << 20
	maxBlock    = 512 << 20 // bytes of a block, compressed and not
)

// CorruptError says what in a file is not Avro, or not of its schema.
type CorruptError struct{ message string }

func (e *CorruptError) Error() string { return e.message }

// BadData tells package formats that the content is to blame.
func (e *CorruptError) BadData() {}

func corrupt(format string, args ...any) error {
	return &CorruptError{fmt.Sprintf(format, args...)}
}

// header is the beginning of a file.
type header struct {
	schema *Schema
	codec  string
	zone   *time.Location // of the writer; nil: UTC
	sync   [syncSize]byte
	size   int64
}

// counted counts what is read of a file.
type counted struct {
	*bufio.Reader
	at int64
}

func newCounted(r io.Reader, at int64) *counted {
	return &counted{bufio.NewReaderSize(r, 64<<10), at}
}

func (c *counted) ReadByte() (byte, error) {
	b, err := c.Reader.ReadByte()
	if err == nil {
		c.at++
	}
	return b, err
}

func (c *counted) full(b []byte) error {
	n, err := io.ReadFull(c.Reader, b)
	c.at += int64(n)
	return endIsCorrupt(err)
}

func endIsCorrupt(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return corrupt("Not an Avro data file: unexpected end")
	}
	return err
}

func (c *counted) long() (int64, error) {
	n, err := binary.ReadUvarint(c)
	if err != nil {
		if err = endIsCorrupt(err); errors.As(err, new(*CorruptError)) {
			return 0, err
		}
		return 0, corrupt("Not an Avro data file: %v", err)
	}
	return int64(n>>1) ^ -int64(n&1), nil
}

// bytes reads bytes with their length, without belief in a length that is
// larger than what is there.
func (c *counted) bytes(most int64) ([]byte, error) {
	n, err := c.long()
	if err != nil {
		return nil, err
	}
	if n < 0 || n > most {
		return nil, corrupt("Not an Avro data file: a length of %d", n)
	}
	return c.take(n, nil)
}

// take reads n bytes into the memory of b.
func (c *counted) take(n int64, b []byte) ([]byte, error) {
	buf := bytes.NewBuffer(b[:0])
	got, err := io.CopyN(buf, c.Reader, n)
	c.at += got
	return buf.Bytes(), endIsCorrupt(err)
}

func readHeader(c *counted) (*header, error) {
	var m [len(magic)]byte
	if err := c.full(m[:]); err != nil {
		return nil, err
	}
	if string(m[:]) != magic {
		return nil, corrupt("Not an Avro data file")
	}
	metadata, err := readMetadata(c)
	if err != nil {
		return nil, err
	}
	h := &header{codec: string(metadata["avro.codec"])}
	if err := c.full(h.sync[:]); err != nil {
		return nil, err
	}
	h.size = c.at
	if h.schema, err = ParseSchema(string(metadata["avro.schema"])); err != nil {
		return nil, corrupt("%v", err)
	}
	if zone := string(metadata["writer.time.zone"]); zone != "" && zone != "UTC" && zone != "Local" {
		if h.zone, err = time.LoadLocation(zone); err != nil {
			return nil, corrupt("Unknown time zone %s", zone)
		}
	}
	if _, ok := codecs[h.codec]; !ok {
		return nil, &UnsupportedError{fmt.Sprintf("Avro codec %s is not supported", h.codec)}
	}
	return h, nil
}

// UnsupportedError names what a file has that is not read.
type UnsupportedError struct{ message string }

func (e *UnsupportedError) Error() string { return e.message }

func readMetadata(c *counted) (map[string][]byte, error) {
	m := map[string][]byte{}
	for left := int64(maxMetadata); ; {
		n, err := c.long()
		if err != nil || n == 0 {
			return m, err
		}
		if n < 0 { // the size of the block in bytes follows
			if _, err := c.long(); err != nil {
				return nil, err
			}
			n = -n
		}
		for ; n != 0; n-- {
			key, err := c.bytes(left)
			if err != nil {
				return nil, err
			}
			value, err := c.bytes(left)
			if err != nil {
				return nil, err
			}
			if left -= int64(len(key) + len(value) + 2); left < 0 {
				return nil, corrupt("Not an Avro data file: its metadata is too large")
			}
			m[string(key)] = value
		}
	}
}

// codecs decompress the blocks of a file.
var codecs = map[string]func(b, to []byte) ([]byte, error){
	"": plainBlock, "null": plainBlock, "deflate": inflate, "snappy": unsnap, "zstandard": unzstd,
	"bzip2": func(b, to []byte) ([]byte, error) { return readAllInto(bzip2.NewReader(bytes.NewReader(b)), to) },
}

func plainBlock(b, _ []byte) ([]byte, error) { return b, nil }

func inflate(b, to []byte) ([]byte, error) {
	return readAllInto(flate.NewReader(bytes.NewReader(b)), to)
}

func readAllInto(r io.Reader, to []byte) ([]byte, error) {
	buf := bytes.NewBuffer(to[:0])
	n, err := io.Copy(buf, io.LimitReader(r, maxBlock+1))
	if err == nil && n > maxBlock {
		err = errors.New("the block is too large")
	}
	return buf.Bytes(), err
}

// unsnap decompresses a block with the CRC of its content behind it.
func unsnap(b, to []byte) ([]byte, error) {
	const size = 4
	if len(b) < size {
		return nil, errors.New("the block is too short")
	}
	b, sum := b[:len(b)-size], binary.BigEndian.Uint32(b[len(b)-size:])
	n, err := snappy.DecodedLen(b)
	if err != nil {
		return nil, err
	}
	if n > maxBlock || n > 64*len(b)+64 { // snappy makes nothing that much smaller
		return nil, errors.New("the block is too large")
	}
	out, err := snappy.Decode(to[:cap(to)], b)
	if err == nil && crc32.ChecksumIEEE(out) != sum {
		err = errors.New("the checksum does not match")
	}
	return out, err
}

func unzstd(b, to []byte) ([]byte, error) {
	d, err := zstd.NewReader(bytes.NewReader(b), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxBlock))
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return readAllInto(d, to)
}
