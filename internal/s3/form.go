package s3

import (
	"bytes"
	"errors"
	"io"
	"regexp"

	"github.com/valyala/fasthttp"
)

// formPeek is how much of an uploaded form is looked at for its credential.
// Clients write the fields of the policy first, the file last.
const formPeek = 16 << 10

var formCredential = regexp.MustCompile(`(?i)name="?x-amz-credential"?[^\r]*\r\n(?:[^\r]+\r\n)*\r\n[^/\r]+/[0-9]{8}/([a-z0-9-]{1,40})/`)

// formRegion returns the region of a presigned POST, whose credential is a
// field of the form, or "". The body can be read from its start afterwards.
func formRegion(req *fasthttp.Request) string {
	stream := req.BodyStream()
	if stream == nil || !req.Header.IsPost() || !bytes.HasPrefix(req.Header.ContentType(), []byte("multipart/form-data")) {
		return ""
	}
	// At least what fasthttp read ahead must be copied: replay gives its buffer
	// back.
	head := make([]byte, formPeek)
	n, err := io.ReadFull(stream, head)
	head = head[:n]
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	replay(req, head, stream, err)
	if m := formCredential.FindSubmatch(head); m != nil {
		return string(m[1])
	}
	return ""
}

// replay gives the request a body that begins with head again. err is what the
// stream answered last.
func replay(req *fasthttp.Request, head []byte, stream io.Reader, err error) {
	rest := stream
	if err != nil {
		rest = failed{err}
		if errors.Is(err, io.EOF) {
			rest = bytes.NewReader(nil)
		}
	}
	length := req.Header.ContentLength()
	req.SetBodyStream(&unclosed{io.MultiReader(bytes.NewReader(head), rest)}, length)
}

type failed struct{ err error }

func (f failed) Read([]byte) (int, error) { return 0, f.err }

// unclosed hides the Close of what it reads from: the connection's stream is
// still in use.
type unclosed struct{ io.Reader }
