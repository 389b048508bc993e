package s3

import (
	"bytes"
	"regexp"

	"github.com/valyala/fasthttp"
)

// maxForm is the largest form that is read before its region is known: the
// credential of a presigned POST is a field of the form. A larger form must be
// of the region that the server is configured with.
const maxForm = 8 << 20

var formCredential = regexp.MustCompile(`(?i)name="?x-amz-credential"?[^\r]*\r\n(?:[^\r]+\r\n)*\r\n[^/\r]+/[0-9]{8}/([a-z0-9-]{1,40})/`)

// formRegion returns the region of a presigned POST, or "".
func formRegion(req *fasthttp.Request) string {
	length := req.Header.ContentLength()
	if !req.Header.IsPost() || length < 0 || length > maxForm || !bytes.HasPrefix(req.Header.ContentType(), []byte("multipart/form-data")) {
		return ""
	}
	if m := formCredential.FindSubmatch(req.Body()); m != nil {
		return string(m[1])
	}
	return ""
}
