package orc

import (
	"errors"
	"io"
)

// stream is a decompressed stream of a stripe. It reads the file in pieces, so
// that a column takes little memory however large its stripe is.
type stream struct {
	r       io.ReaderAt
	at, end int64
	raw     []byte // read and not yet decompressed
	piece   int    // bytes to read at once
	decoder *decoder
	buf     []byte // decompressed and not yet read
}

const pieceBytes = 64 << 10

func (f *File) stream(r io.ReaderAt, at, length int64) *stream {
	s := &stream{r: r, at: at, end: at + length, piece: pieceBytes}
	if f.codec != uncompressed {
		s.decoder = &decoder{codec: f.codec, most: f.blockSize}
	}
	return s
}

// need has at least n bytes in raw.
func (s *stream) need(n int) error {
	if len(s.raw) >= n {
		return nil
	}
	size := int64(max(n, s.piece))
	more := min(size-int64(len(s.raw)), s.end-s.at)
	if int64(len(s.raw))+more < int64(n) {
		return corrupt("A stream ends in a chunk")
	}
	b := make([]byte, int64(len(s.raw))+more)
	n = copy(b, s.raw)
	if err := readAt(s.r, b[n:], s.at); err != nil {
		return err
	}
	s.at += more
	s.raw = b
	return nil
}

// some returns the next bytes, valid until the next call; io.EOF at the end.
func (s *stream) some() ([]byte, error) {
	if len(s.buf) > 0 {
		b := s.buf
		s.buf = nil
		return b, nil
	}
	if err := s.fill(); err != nil {
		return nil, err
	}
	return s.some()
}

// fill has at least a byte in buf; io.EOF at the end.
func (s *stream) fill() error {
	for len(s.buf) == 0 {
		if len(s.raw) == 0 && s.at >= s.end {
			return io.EOF
		}
		if err := s.chunk(); err != nil {
			return err
		}
	}
	return nil
}

func (s *stream) chunk() error {
	if s.decoder == nil {
		if err := s.need(1); err != nil {
			return err
		}
		s.buf, s.raw = s.raw, nil
		return nil
	}
	const header = 3
	if err := s.need(header); err != nil {
		return err
	}
	h := int(s.raw[0]) | int(s.raw[1])<<8 | int(s.raw[2])<<16
	n, original := h>>1, h&1 != 0
	if err := s.need(header + n); err != nil {
		return err
	}
	b := s.raw[header : header+n]
	s.raw = s.raw[header+n:]
	if original {
		s.buf = b
		return nil
	}
	var err error
	s.buf, err = s.decoder.decode(b)
	return err
}

func eofIsCorrupt(err error) error {
	if errors.Is(err, io.EOF) {
		return corrupt("Read past the end of a stream")
	}
	return err
}

// byte reads one byte.
func (s *stream) byte() (byte, error) {
	if len(s.buf) == 0 {
		if err := s.fill(); err != nil {
			return 0, eofIsCorrupt(err)
		}
	}
	b := s.buf[0]
	s.buf = s.buf[1:]
	return b, nil
}

// read appends n bytes to b.
func (s *stream) read(b []byte, n int) ([]byte, error) {
	for n > 0 {
		if len(s.buf) == 0 {
			if err := s.fill(); err != nil {
				return nil, eofIsCorrupt(err)
			}
		}
		k := min(n, len(s.buf))
		b = append(b, s.buf[:k]...)
		s.buf = s.buf[k:]
		n -= k
	}
	return b, nil
}

// uvarint reads an unsigned number of up to 64 bits.
func (s *stream) uvarint() (uint64, error) {
	var v uint64
	for shift := 0; shift < 64; shift += 7 {
		b, err := s.byte()
		if err != nil {
			return 0, err
		}
		v |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return v, nil
		}
	}
	return 0, corrupt("A number is too long")
}

func unzigzag(v uint64) int64 { return int64(v>>1) ^ -int64(v&1) }
