package formats

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/snappy"
	"github.com/pierrec/lz4/v4"
)

// largestChunk bounds what one chunk takes in memory, compressed or not.
// Hadoop writes chunks of 256 KiB.
const largestChunk = 64 << 20

// decodeChunk undoes one chunk. to is memory to use; most is how many bytes the
// block has left.
type decodeChunk func(to, chunk []byte, most int) ([]byte, error)

// hadoopReader reads the blocks of Hadoop's BlockCompressorStream: the length of
// a block's content, then chunks, each with the length of its compressed bytes,
// until the content is complete. Lengths are big-endian, of four bytes.
// https://github.com/apache/hadoop: io/compress/BlockCompressorStream.java
type hadoopReader struct {
	in     *bufio.Reader
	decode decodeChunk
	left   int // of the block under way
	out    []byte
	at     int
	chunk  []byte
}

func newHadoopReader(r io.Reader, decode decodeChunk) *hadoopReader {
	return &hadoopReader{in: bufio.NewReader(r), decode: decode}
}

// Read implements io.Reader.
func (r *hadoopReader) Read(to []byte) (int, error) {
	for r.at == len(r.out) {
		if err := r.next(); err != nil {
			return 0, err
		}
	}
	n := copy(to, r.out[r.at:])
	r.at += n
	return n, nil
}

func (r *hadoopReader) next() error {
	for r.left == 0 {
		n, err := r.length()
		if err != nil {
			return err // io.EOF between blocks is the end
		}
		r.left = n
	}
	n, err := r.length()
	if err == nil && n > largestChunk {
		err = fmt.Errorf("a compressed chunk of %d bytes: the file is not in Hadoop's block format", n)
	}
	if err == nil {
		if cap(r.chunk) < n {
			r.chunk = make([]byte, n)
		}
		r.chunk = r.chunk[:n]
		_, err = io.ReadFull(r.in, r.chunk)
	}
	if err == nil {
		r.out, err = r.decode(r.out[:0], r.chunk, r.left)
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if err == nil && (len(r.out) > r.left || len(r.out) == 0) {
		err = errors.New("a chunk does not fit its block: the file is not in Hadoop's block format")
	}
	if err != nil {
		r.out, r.at = nil, 0
		return err
	}
	r.left -= len(r.out)
	r.at = 0
	return nil
}

func (r *hadoopReader) length() (int, error) {
	var b [4]byte
	if _, err := io.ReadFull(r.in, b[:]); err != nil {
		return 0, err
	}
	n := binary.BigEndian.Uint32(b[:])
	if n > 1<<31-1 {
		return 0, errors.New("a negative length: the file is not in Hadoop's block format")
	}
	return int(n), nil
}

func snappyChunk(to, chunk []byte, most int) ([]byte, error) {
	n, err := snappy.DecodedLen(chunk)
	if err != nil {
		return nil, err
	}
	if n > most || n > largestChunk {
		return nil, fmt.Errorf("snappy: a chunk of %d bytes in a block with %d left", n, most)
	}
	return snappy.Decode(to[:cap(to)], chunk)
}

// lz4Chunk learns the length of a chunk by trying: it is written nowhere.
func lz4Chunk(to, chunk []byte, most int) ([]byte, error) {
	size := min(max(4*len(chunk), cap(to), 256<<10), most, largestChunk)
	for {
		if cap(to) < size {
			to = make([]byte, size)
		}
		n, err := lz4.UncompressBlock(chunk, to[:size])
		if err == nil {
			return to[:n], nil
		}
		if !errors.Is(err, lz4.ErrInvalidSourceShortBuffer) || size >= most || size >= largestChunk {
			return nil, err
		}
		size = min(4*size, most, largestChunk)
	}
}

var lz4Magic = []byte{0x04, 0x22, 0x4D, 0x18}

// newLZ4Reader tells LZ4's own frames from Hadoop's blocks by how they begin.
func newLZ4Reader(r io.Reader) (io.ReadCloser, error) {
	in := bufio.NewReader(r)
	begin, err := in.Peek(len(lz4Magic))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if bytes.Equal(begin, lz4Magic) {
		return io.NopCloser(&lz4Frames{in: in}), nil
	}
	return io.NopCloser(newHadoopReader(in, lz4Chunk)), nil
}

// lz4Frames reads one frame after the other.
type lz4Frames struct {
	in    *bufio.Reader
	frame *lz4.Reader
}

// Read implements io.Reader.
func (r *lz4Frames) Read(to []byte) (int, error) {
	for {
		if r.frame == nil {
			if _, err := r.in.Peek(1); err != nil {
				return 0, err
			}
			r.frame = lz4.NewReader(r.in)
		}
		n, err := r.frame.Read(to)
		if !errors.Is(err, io.EOF) {
			return n, err
		}
		r.frame = nil
		if n > 0 {
			return n, nil
		}
	}
}
