package sigv4

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/valyala/fasthttp"
)

// appendCanonical appends the canonical request: what both sides sign.
// payload is the value of x-amz-content-sha256, or the body's hash.
func appendCanonical(dst []byte, req *fasthttp.Request, a *Authorization, payload string) []byte {
	rawPath, rawQuery, _ := bytes.Cut(req.Header.RequestURI(), []byte("?"))
	dst = append(dst, req.Header.Method()...)
	dst = append(dst, '\n')
	dst = appendPath(dst, rawPath)
	dst = append(dst, '\n')
	dst = appendQuery(dst, rawQuery)
	dst = append(dst, '\n')
	for name := range strings.SplitSeq(a.SignedHeaders, ";") {
		dst = append(dst, name...)
		dst = append(dst, ':')
		dst = appendHeader(dst, req, name)
		dst = append(dst, '\n')
	}
	dst = append(dst, '\n')
	dst = append(dst, a.SignedHeaders...)
	dst = append(dst, '\n')
	return append(dst, payload...)
}

// appendPath appends the path, cleaned and encoded once more than it came, as
// all services but S3 want it.
func appendPath(dst, raw []byte) []byte {
	if len(raw) == 0 || len(raw) == 1 && raw[0] == '/' {
		return append(dst, '/')
	}
	if i := bytes.Index(raw, []byte("://")); i > 0 { // absolute form
		raw = raw[i+3:]
		if i = bytes.IndexByte(raw, '/'); i < 0 {
			return append(dst, '/')
		}
		raw = raw[i:]
	}
	clean := path.Clean("/" + string(raw))
	if raw[len(raw)-1] == '/' && clean != "/" {
		clean += "/"
	}
	return appendEncoded(dst, []byte(clean), true)
}

// appendQuery appends the parameters sorted, without the signature itself.
func appendQuery(dst, raw []byte) []byte {
	if len(raw) == 0 {
		return dst
	}
	var params []string
	for pair := range bytes.SplitSeq(raw, []byte("&")) {
		name, value, _ := bytes.Cut(pair, []byte("="))
		if len(pair) == 0 || string(name) == "X-Amz-Signature" {
			continue
		}
		p := appendEncoded(nil, decode(name), false)
		p = append(p, '=')
		params = append(params, string(appendEncoded(p, decode(value), false)))
	}
	slices.SortFunc(params, func(a, b string) int {
		an, av, _ := strings.Cut(a, "=")
		bn, bv, _ := strings.Cut(b, "=")
		if c := strings.Compare(an, bn); c != 0 {
			return c
		}
		return strings.Compare(av, bv)
	})
	for i, p := range params {
		if i > 0 {
			dst = append(dst, '&')
		}
		dst = append(dst, p...)
	}
	return dst
}

// appendHeader appends the values of a header as received, with runs of spaces
// made one.
func appendHeader(dst []byte, req *fasthttp.Request, name string) []byte {
	if name == "host" {
		return append(dst, req.Header.Host()...)
	}
	for i, value := range req.Header.PeekAll(name) {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendTrimmed(dst, value)
	}
	return dst
}

func appendTrimmed(dst, value []byte) []byte {
	value = bytes.Trim(value, " \t")
	if !bytes.Contains(value, []byte("  ")) {
		return append(dst, value...)
	}
	for i, c := range value {
		if c == ' ' && value[i-1] == ' ' {
			continue
		}
		dst = append(dst, c)
	}
	return dst
}

const upperHex = "0123456789ABCDEF"

// appendEncoded appends b with all but unreserved characters (and slashes, if
// asked) as %XX.
func appendEncoded(dst, b []byte, slash bool) []byte {
	for _, c := range b {
		if unreserved(c) || slash && c == '/' {
			dst = append(dst, c)
			continue
		}
		dst = append(dst, '%', upperHex[c>>4], upperHex[c&15])
	}
	return dst
}

func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.' || c == '~'
}

// decode resolves %XX; a plus sign stays what it is.
func decode(b []byte) []byte {
	if bytes.IndexByte(b, '%') < 0 {
		return b
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] == '%' && i+2 < len(b) && unhex(b[i+1]) >= 0 && unhex(b[i+2]) >= 0 {
			out = append(out, byte(unhex(b[i+1])<<4|unhex(b[i+2])))
			i += 2
			continue
		}
		out = append(out, b[i])
	}
	return out
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
