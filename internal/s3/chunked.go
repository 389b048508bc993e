package s3

import (
	"errors"
	"io"
	"time"

	"github.com/valyala/fasthttp"
	"github.com/versity/versitygw/s3api/utils"
)

// chunkedBody follows a body of unknown length. versitygw stops reading where
// its own framing ends (the last chunk of aws-chunked), before the end of
// HTTP's, and what is left would be taken for the next request. Reading after
// the end would block, so the end must be known.
type chunkedBody struct {
	stream io.Reader
	err    error // that ended it
}

// followChunked lets versitygw read the body through a chunkedBody; nil where
// the length is known: versitygw drains those itself.
func followChunked(rc *fasthttp.RequestCtx) *chunkedBody {
	stream := rc.RequestBodyStream()
	if stream == nil || rc.Request.Header.ContentLength() != -1 {
		return nil
	}
	b := &chunkedBody{stream: stream}
	rc.SetUserValue(string(utils.ContextKeyBodyReader), b)
	return b
}

func (b *chunkedBody) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.stream.Read(p)
	b.err = err
	return n, err
}

const (
	// maxDrain is how much of a body that nobody wants is read to keep a
	// connection.
	maxDrain = 256 << 10

	drainTimeout = 5 * time.Second
)

// finish reads what is left of the body, and ends the connection after the
// answer if that is too much.
func (b *chunkedBody) finish(rc *fasthttp.RequestCtx) {
	if b == nil || rc.RequestBodyStream() == nil {
		return // read as a whole
	}
	if b.err == nil {
		_ = rc.Conn().SetReadDeadline(time.Now().Add(drainTimeout))
		_, _ = io.CopyN(io.Discard, b, maxDrain)
		_ = rc.Conn().SetReadDeadline(time.Time{})
	}
	if !errors.Is(b.err, io.EOF) {
		rc.SetConnectionClose()
	}
}
