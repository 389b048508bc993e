package footer

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// ErrNotParquet is of files without a footer that can be read.
var ErrNotParquet = errors.New("not a Parquet file")

// ErrEncrypted is of files with encrypted columns or an encrypted footer.
var ErrEncrypted = errors.New("encrypted Parquet files are not supported")

const (
	largest = 256 << 20
	// usual is read at first: most footers are smaller.
	usual = 16 << 10
)

// Read reads the footer of a file of size bytes, in one or two reads of its end.
func Read(r io.ReaderAt, size int64) (*format.FileMetaData, error) {
	if size < 12 {
		return nil, ErrNotParquet
	}
	end := make([]byte, min(size, usual))
	if _, err := r.ReadAt(end, size-int64(len(end))); err != nil && err != io.EOF {
		return nil, err
	}
	switch string(end[len(end)-4:]) {
	case "PAR1":
	case "PARE":
		return nil, ErrEncrypted
	default:
		return nil, ErrNotParquet
	}
	n := int64(binary.LittleEndian.Uint32(end[len(end)-8:]))
	if n > size-12 || n > largest {
		return nil, ErrNotParquet
	}
	if n+8 > int64(len(end)) {
		end = make([]byte, n+8)
		if _, err := r.ReadAt(end, size-n-8); err != nil && err != io.EOF {
			return nil, err
		}
	}
	return Parse(end[int64(len(end))-8-n : len(end)-8])
}

// Parse decodes a footer without its length and magic; a panic of the decoder over a broken one is an error.
func Parse(b []byte) (meta *format.FileMetaData, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: broken footer: %v", ErrNotParquet, p)
		}
	}()
	if err := check(b); err != nil {
		return nil, err
	}
	meta = &format.FileMetaData{}
	if err := thrift.Unmarshal(new(thrift.CompactProtocol), b, meta); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotParquet, err)
	}
	for _, g := range meta.RowGroups {
		for _, c := range g.Columns {
			if c.CryptoMetadata.Value != nil || c.EncryptedColumnMetadata != nil {
				return nil, ErrEncrypted
			}
		}
	}
	return meta, nil
}
