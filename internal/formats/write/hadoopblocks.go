package write

import (
	"encoding/binary"
	"io"

	"github.com/klauspost/compress/snappy"
	"github.com/pierrec/lz4/v4"
)

// blockBytes is what Hadoop's codecs take into a block.
const blockBytes = 256 << 10

// hadoopBlocks writes Hadoop's BlockCompressorStream with one chunk a block:
// the length of the content, the length of the compressed chunk, the chunk.
type hadoopBlocks struct {
	out      io.Writer
	compress func(to, from []byte) ([]byte, error)
	block    []byte
	chunk    []byte
}

func newHadoopBlocks(compress func(to, from []byte) ([]byte, error)) *hadoopBlocks {
	return &hadoopBlocks{out: io.Discard, compress: compress, block: make([]byte, 0, blockBytes)}
}

func snappyChunk(to, from []byte) ([]byte, error) { return snappy.Encode(to[:cap(to)], from), nil }

// lz4Chunk keeps its table between chunks.
func lz4Chunk() func(to, from []byte) ([]byte, error) {
	var c lz4.Compressor
	return func(to, from []byte) ([]byte, error) {
		if bound := lz4.CompressBlockBound(len(from)); cap(to) < bound {
			to = make([]byte, bound)
		}
		n, err := c.CompressBlock(from, to[:cap(to)])
		return to[:n], err
	}
}

// Reset implements Compressor.
func (w *hadoopBlocks) Reset(out io.Writer) { w.out, w.block = out, w.block[:0] }

// Write implements io.Writer.
func (w *hadoopBlocks) Write(b []byte) (int, error) {
	written := 0
	for len(b) > 0 {
		n := min(len(b), blockBytes-len(w.block))
		w.block = append(w.block, b[:n]...)
		b = b[n:]
		written += n
		if len(w.block) == blockBytes {
			if err := w.flush(); err != nil {
				return written, err
			}
		}
	}
	return written, nil
}

func (w *hadoopBlocks) flush() error {
	if len(w.block) == 0 {
		return nil
	}
	chunk, err := w.compress(w.chunk, w.block)
	if err != nil {
		return err
	}
	w.chunk = chunk
	head := binary.BigEndian.AppendUint32(nil, uint32(len(w.block)))
	head = binary.BigEndian.AppendUint32(head, uint32(len(chunk)))
	w.block = w.block[:0]
	if _, err := w.out.Write(head); err != nil {
		return err
	}
	_, err = w.out.Write(chunk)
	return err
}

// Close ends the stream.
func (w *hadoopBlocks) Close() error { return w.flush() }
