package sigv4

import (
	"bytes"
	"net/url"
	"strings"

	"github.com/valyala/fasthttp"
)

const algorithm = "AWS4-HMAC-SHA256"

// Scope is the scope of a credential.
type Scope struct {
	Date    string // YYYYMMDD
	Region  string
	Service string
}

func (s Scope) String() string { return s.Date + "/" + s.Region + "/" + s.Service + "/aws4_request" }

// Authorization is a request's claim: who signs what, how.
type Authorization struct {
	AccessKeyID   string
	Scope         Scope
	SignedHeaders string // lower-case names with semicolons between
	Signature     string // 64 hexadecimal digits

	// Of a presigned URL only.
	Query         bool
	Date, Expires string
	Token         string
}

// Signed tells whether the request carries a signature of version 4, good or
// bad.
func Signed(req *fasthttp.Request) bool {
	return bytes.HasPrefix(req.Header.Peek("Authorization"), []byte(algorithm)) ||
		bytes.Contains(req.URI().QueryString(), []byte("X-Amz-Algorithm="))
}

// ParseRequest reads the claim of a request from its header or query.
func ParseRequest(req *fasthttp.Request) (Authorization, error) {
	if header := req.Header.Peek("Authorization"); len(header) > 0 {
		return ParseHeader(string(header))
	}
	args := req.URI().QueryArgs()
	if !args.Has("X-Amz-Algorithm") {
		return Authorization{}, errMissing
	}
	return parseQuery(args)
}

// ParseHeader reads an Authorization header.
func ParseHeader(header string) (Authorization, error) {
	rest, ok := strings.CutPrefix(header, algorithm)
	if !ok {
		return Authorization{}, fail(Incomplete, "Unsupported AWS 'algorithm': '%s'.", firstWord(header))
	}
	var a Authorization
	var credential string
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "Credential":
			credential = value
		case "SignedHeaders":
			a.SignedHeaders = value
		case "Signature":
			a.Signature = value
		}
	}
	var missing strings.Builder
	for _, p := range []struct{ name, value string }{{"Credential", credential}, {"Signature", a.Signature}, {"SignedHeaders", a.SignedHeaders}} {
		if p.value == "" {
			missing.WriteString("Authorization header requires '" + p.name + "' parameter. ")
		}
	}
	if missing.Len() > 0 {
		return Authorization{}, fail(Incomplete, "%sAuthorization=%s", missing.String(), firstWord(header))
	}
	return a, a.setCredential(credential)
}

func firstWord(s string) string {
	word, _, _ := strings.Cut(s, " ")
	return word
}

func (a *Authorization) setCredential(credential string) error {
	parts := strings.Split(credential, "/")
	if len(parts) != 5 || parts[4] != "aws4_request" || len(parts[1]) != 8 || parts[0] == "" {
		return fail(Incomplete, "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '%s'", credential)
	}
	a.AccessKeyID = parts[0]
	a.Scope = Scope{Date: parts[1], Region: parts[2], Service: parts[3]}
	return nil
}

func parseQuery(args *fasthttp.Args) (Authorization, error) {
	if alg := string(args.Peek("X-Amz-Algorithm")); alg != algorithm {
		return Authorization{}, fail(Incomplete, "Unsupported AWS 'algorithm': '%s'.", alg)
	}
	for _, name := range []string{"X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date"} {
		if len(args.Peek(name)) == 0 {
			return Authorization{}, fail(Incomplete, "AWS query-string parameters must include '%s'. Re-examine the query-string parameters.", name)
		}
	}
	a := Authorization{
		SignedHeaders: string(args.Peek("X-Amz-SignedHeaders")),
		Signature:     string(args.Peek("X-Amz-Signature")),
		Query:         true,
		Date:          string(args.Peek("X-Amz-Date")),
		Expires:       string(args.Peek("X-Amz-Expires")),
		Token:         string(args.Peek("X-Amz-Security-Token")),
	}
	return a, a.setCredential(string(args.Peek("X-Amz-Credential")))
}

// Service returns the service that a request is signed for, or "" where it is
// not signed. It checks nothing else and is cheap.
func Service(req *fasthttp.Request) string {
	credential := req.Header.Peek("Authorization")
	if i := bytes.Index(credential, []byte("Credential=")); i >= 0 {
		return nthPart(credential[i+len("Credential="):], 3)
	}
	if query := req.URI().QueryString(); bytes.Contains(query, []byte("X-Amz-Credential=")) {
		value, err := url.QueryUnescape(string(req.URI().QueryArgs().Peek("X-Amz-Credential")))
		if err == nil {
			return nthPart([]byte(value), 3)
		}
	}
	return ""
}

// nthPart returns the part after n slashes, up to the next slash or comma.
func nthPart(b []byte, n int) string {
	for range n {
		i := bytes.IndexByte(b, '/')
		if i < 0 {
			return ""
		}
		b = b[i+1:]
	}
	if i := bytes.IndexAny(b, "/, "); i >= 0 {
		b = b[:i]
	}
	return string(b)
}
