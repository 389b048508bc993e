package iceberg

import (
	"bytes"
	"compress/gzip"
	"io"
)

// gunzip reads metadata that was written with write.metadata.compression-codec.
func gunzip(data []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
