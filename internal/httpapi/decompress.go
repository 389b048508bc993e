package httpapi

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/scopsdb/scops/internal/awsapi"
)

// Bounds of a compressed body, which a few bytes can pass.
const (
	maxDecompressed = 256 << 20
	maxZstdWindow   = 8 << 20 // as the format asks decoders to take at least
)

// decompress undoes a content encoding. What it returns has to be read to its
// end or left to the garbage collector: nothing runs beside it.
func decompress(encoding string, in io.Reader) (io.Reader, *awsapi.Error) {
	switch strings.ToLower(encoding) {
	case "", "identity":
		return in, nil
	case "gzip", "x-gzip":
		r, err := gzip.NewReader(in)
		if err != nil {
			return nil, awsapi.Errorf("InvalidRequest", "the body is not gzip: %v", err)
		}
		return &bounded{in: r, what: "gzip", left: maxDecompressed}, nil
	case "zstd":
		r, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxZstdWindow))
		if err != nil {
			return nil, awsapi.Errorf("InvalidRequest", "the body is not zstd: %v", err)
		}
		return &bounded{in: r, what: "zstd", left: maxDecompressed}, nil
	}
	return nil, &awsapi.Error{
		Code: "UnsupportedMediaType", Status: http.StatusUnsupportedMediaType,
		Message: fmt.Sprintf("the content encoding %q is not known: send gzip, zstd or none", encoding),
	}
}

// bounded ends with an error where a body becomes too large.
type bounded struct {
	in   io.Reader
	what string
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.in.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, fmt.Errorf("the body is larger than %d bytes when decompressed: send it in parts", maxDecompressed)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("the body is broken %s: %w", b.what, err)
	}
	return n, err
}
