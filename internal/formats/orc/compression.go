package orc

import (
	"bytes"
	"errors"
	"io"
	"sync"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// compression is how the streams of a file are compressed, by its number in
// files.
type compression uint64

const (
	uncompressed compression = iota
	zlibCodec
	snappyCodec
	lzoCodec
	lz4Codec
	zstdCodec
)

func (c compression) check() error {
	if c == lzoCodec || c > zstdCodec {
		name := "LZO"
		if c != lzoCodec {
			name = "of an unknown kind"
		}
		return &UnsupportedError{"ORC files with compression " + name + " are not supported"}
	}
	return nil
}

var zstdReader = sync.OnceValue(func() *zstd.Decoder {
	// DecodeAll is safe for concurrent use.
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxBlockSize))
	if err != nil {
		panic(err) // options of ours
	}
	return d
})

// decoder decompresses chunks for one stream.
type decoder struct {
	codec  compression
	most   int // bytes of a decompressed chunk
	out    []byte
	source bytes.Reader
	flate  io.ReadCloser
}

// decode decompresses a chunk. What it returns is valid until the next call.
func (d *decoder) decode(b []byte) ([]byte, error) {
	var err error
	switch d.codec {
	case zlibCodec:
		err = d.inflate(b)
	case snappyCodec:
		var n int
		if n, err = snappy.DecodedLen(b); err == nil && n <= d.most {
			d.grow(n)
			d.out, err = snappy.Decode(d.out[:cap(d.out)], b)
		} else if err == nil {
			err = errChunk
		}
	case lz4Codec:
		d.grow(d.most)
		var n int
		n, err = lz4.UncompressBlock(b, d.out[:d.most])
		d.out = d.out[:max(n, 0)]
	case zstdCodec:
		d.out, err = zstdReader().DecodeAll(b, d.out[:0])
	}
	if err == nil && len(d.out) > d.most {
		err = errChunk
	}
	if err != nil {
		return nil, corrupt("Invalid compressed chunk: %v", err)
	}
	return d.out, nil
}

var errChunk = errors.New("it is larger than a chunk of this file may be")

func (d *decoder) grow(n int) {
	if cap(d.out) < n {
		d.out = make([]byte, n)
	}
}

func (d *decoder) inflate(b []byte) error {
	d.source.Reset(b)
	if d.flate == nil {
		d.flate = flate.NewReader(&d.source)
	} else if err := d.flate.(flate.Resetter).Reset(&d.source, nil); err != nil {
		return err
	}
	d.out = d.out[:0]
	for {
		if len(d.out) == cap(d.out) {
			d.out = append(d.out, 0)[:len(d.out)]
		}
		n, err := d.flate.Read(d.out[len(d.out):min(cap(d.out), d.most+1)])
		d.out = d.out[:len(d.out)+n]
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if len(d.out) > d.most {
			return errChunk
		}
	}
}
