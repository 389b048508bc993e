package e2e

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestSignatures spoils one part of a signed request at a time, for each
// service, and expects AWS's own error code.
func TestSignatures(t *testing.T) {
	t.Parallel()
	s := shared(t)
	type call struct {
		service string
		request func() (*http.Request, []byte)
	}
	json11 := func(service, target, body string) call {
		return call{service, func() (*http.Request, []byte) { return s.jsonRequest(t, target, body), []byte(body) }}
	}
	calls := []call{
		json11("athena", "AmazonAthena.ListWorkGroups", `{}`),
		json11("glue", "AWSGlue.GetDatabases", `{}`),
		json11("sqs", "AmazonSQS.ListQueues", `{}`),
		{"sts", func() (*http.Request, []byte) {
			body := "Action=GetCallerIdentity&Version=2011-06-15"
			r, err := http.NewRequest(http.MethodPost, s.endpoint+"/", strings.NewReader(body))
			require.NoError(t, err)
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			return r, []byte(body)
		}},
		{"s3", func() (*http.Request, []byte) {
			body := "content"
			r, err := http.NewRequest(http.MethodPut, s.endpoint+"/shared-lake/"+unique("sig"), strings.NewReader(body))
			require.NoError(t, err)
			return r, []byte(body)
		}},
	}
	faults := []struct {
		name  string
		spoil func(g *signing, r *http.Request)
		after func(r *http.Request)
		codes map[string]string // by service; "" is any other
	}{
		{name: "none"},
		{name: "unknown key", spoil: func(g *signing, _ *http.Request) { g.credentials.AccessKeyID = "AKIANOBODYNOBODY0000" },
			codes: map[string]string{"s3": "InvalidAccessKeyId", "sts": "InvalidClientTokenId", "": "UnrecognizedClientException"}},
		{name: "wrong secret", spoil: func(g *signing, _ *http.Request) { g.credentials.SecretAccessKey += "x" },
			codes: map[string]string{"s3": "SignatureDoesNotMatch", "sts": "SignatureDoesNotMatch", "": "InvalidSignatureException"}},
		{name: "skewed clock", spoil: func(g *signing, _ *http.Request) { g.at = g.at.Add(-16 * time.Minute) },
			codes: map[string]string{"s3": "RequestTimeTooSkewed", "sts": "SignatureDoesNotMatch", "": "InvalidSignatureException"}},
		{name: "clock ahead", spoil: func(g *signing, _ *http.Request) { g.at = g.at.Add(16 * time.Minute) },
			codes: map[string]string{"s3": "RequestTimeTooSkewed", "sts": "SignatureDoesNotMatch", "": "InvalidSignatureException"}},
		{name: "tampered body", after: func(r *http.Request) {
			// Of the same length: {"} and friends stay as long as they were.
			length := r.ContentLength
			r.Body = http.NoBody
			body := strings.NewReader(strings.Repeat("!", int(length)))
			r2, _ := http.NewRequest(r.Method, r.URL.String(), body)
			r.Body = r2.Body
		}, codes: map[string]string{"s3": "XAmzContentSHA256Mismatch", "sts": "SignatureDoesNotMatch", "": "InvalidSignatureException"}},
		{name: "header changed", spoil: func(_ *signing, r *http.Request) { r.Header.Set("X-Amz-Meta-A", "1") },
			after: func(r *http.Request) { r.Header.Set("X-Amz-Meta-A", "2") },
			codes: map[string]string{"s3": "SignatureDoesNotMatch", "sts": "SignatureDoesNotMatch", "": "InvalidSignatureException"}},
		{name: "no signature", after: func(r *http.Request) { r.Header.Del("Authorization") },
			codes: map[string]string{"s3": "AccessDenied", "sts": "MissingAuthenticationToken", "": "MissingAuthenticationTokenException"}},
	}
	for _, f := range faults {
		for _, c := range calls {
			t.Run(f.name+"/"+c.service, func(t *testing.T) {
				r, body := c.request()
				g := s.signing(c.service)
				if f.spoil != nil {
					f.spoil(&g, r)
				}
				g.sign(t, r, body)
				if f.after != nil {
					f.after(r)
				}
				status, text := send(t, r)
				if f.codes == nil {
					require.Equal(t, 200, status, text)
					return
				}
				want, ok := f.codes[c.service]
				if !ok {
					want = f.codes[""]
				}
				require.Contains(t, []int{400, 403}, status, text)
				require.Equal(t, want, errorCode(t, text), text)
				require.NotContains(t, text, s.secret)
			})
		}
	}
}

// errorCode reads the code of an error in JSON or XML.
func errorCode(t testing.TB, text string) string {
	t.Helper()
	if strings.HasPrefix(text, "{") {
		var e struct {
			Type string `json:"__type"`
		}
		require.NoError(t, json.Unmarshal([]byte(text), &e))
		return e.Type[strings.LastIndexByte(e.Type, '#')+1:]
	}
	_, rest, _ := strings.Cut(text, "<Code>")
	code, _, _ := strings.Cut(rest, "</Code>")
	return code
}
