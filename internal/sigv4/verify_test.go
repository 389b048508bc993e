package sigv4_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/scopsdb/scops/internal/credentials"
	"github.com/scopsdb/scops/internal/sigv4"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"
)

var now = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

var root = credentials.Pair{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}

func verifier() *sigv4.Verifier {
	clock := func() time.Time { return now }
	return &sigv4.Verifier{Keys: credentials.NewKeyring(root, "000000000000", clock), Now: clock, MaxSkew: 15 * time.Minute}
}

// wire sends a request of net/http through its bytes to one of fasthttp.
func wire(t testing.TB, r *http.Request) *fasthttp.Request {
	var b bytes.Buffer
	require.NoError(t, r.Write(&b))
	req := &fasthttp.Request{}
	require.NoError(t, req.Read(bufio.NewReader(&b)))
	return req
}

func request(t testing.TB, url, body string) *http.Request {
	r, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	r.Header.Set("X-Amz-Target", "AmazonSQS.SendMessage")
	return r
}

func hash(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}

// sign signs as aws-sdk-go-v2 does, an implementation that is not ours.
func sign(t testing.TB, r *http.Request, body string, p credentials.Pair, token, service, region string, at time.Time) {
	err := v4.NewSigner().SignHTTP(context.Background(), aws.Credentials{AccessKeyID: p.AccessKeyID, SecretAccessKey: p.SecretAccessKey, SessionToken: token}, r, hash(body), service, region, at)
	require.NoError(t, err)
}

func TestVerifyHeader(t *testing.T) {
	for _, url := range []string{
		"http://127.0.0.1:4566/",
		"http://127.0.0.1:4566",
		"http://h.test/a%20b/c?x=1&a=2&a=1&e=%2F&empty",
		"http://h.test/한국/q?k=서울",
	} {
		for _, region := range []string{"us-east-1", "ap-northeast-2", "anything"} {
			r := request(t, url, "{}")
			r.Header.Set("X-Odd", "  two   spaces ")
			r.Header.Add("X-Twice", "a")
			r.Header.Add("X-Twice", "b")
			sign(t, r, "{}", root, "", "sqs", region, now)
			id, scope, err := verifier().Verify(wire(t, r), []byte("{}"), "athena", "sqs")
			require.NoError(t, err, url)
			require.True(t, id.Root)
			require.Equal(t, sigv4.Scope{Date: "20260304", Region: region, Service: "sqs"}, scope)
		}
	}
}

func TestVerifyQuery(t *testing.T) {
	r, err := http.NewRequest(http.MethodGet, "http://h.test/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Expires=60", nil)
	require.NoError(t, err)
	signed, _, err := v4.NewSigner().PresignHTTP(context.Background(), aws.Credentials{AccessKeyID: root.AccessKeyID, SecretAccessKey: root.SecretAccessKey}, r, hash(""), "sts", "us-east-1", now)
	require.NoError(t, err)
	get := func() *fasthttp.Request {
		r, err := http.NewRequest(http.MethodGet, signed, nil)
		require.NoError(t, err)
		return wire(t, r)
	}
	v := verifier()
	require.Equal(t, "sts", sigv4.Service(get()))
	_, _, err = v.Verify(get(), nil, "sts")
	require.NoError(t, err)
	v.Now = func() time.Time { return now.Add(61 * time.Second) }
	_, _, err = v.Verify(get(), nil, "sts")
	requireKind(t, sigv4.Skewed, err)
	require.ErrorContains(t, err, "Signature expired: 20260304T050607Z is now earlier than 20260304T050608Z (20260304T050708Z - 1 min.)")
}

func requireKind(t *testing.T, want sigv4.Kind, err error) {
	t.Helper()
	var e *sigv4.Error
	require.True(t, errors.As(err, &e), "%v", err)
	require.Equal(t, want, e.Kind, e.Message)
}

func TestSessions(t *testing.T) {
	v := verifier()
	s := v.Keys.Issue("arn:aws:sts::000000000000:assumed-role/r/s", "AROA:s", time.Hour)
	p := credentials.Pair{AccessKeyID: s.AccessKeyID, SecretAccessKey: s.SecretAccessKey}
	try := func(token string) error {
		r := request(t, "http://h/", "{}")
		sign(t, r, "{}", p, token, "sqs", "us-east-1", now)
		_, _, err := v.Verify(wire(t, r), []byte("{}"), "sqs")
		return err
	}
	require.NoError(t, try(s.SessionToken))
	requireKind(t, sigv4.UnknownKey, try(""))
	requireKind(t, sigv4.UnknownKey, try("other"))
}

func TestRejections(t *testing.T) {
	other := credentials.Pair{AccessKeyID: "AKIAOTHER", SecretAccessKey: root.SecretAccessKey}
	wrong := credentials.Pair{AccessKeyID: root.AccessKeyID, SecretAccessKey: "wrong"}
	for _, c := range []struct {
		name   string
		key    credentials.Pair
		at     time.Time
		change func(r *http.Request)
		body   string
		kind   sigv4.Kind
		text   string
	}{
		{name: "unknown key", key: other, kind: sigv4.UnknownKey, text: "security token included in the request is invalid"},
		{name: "wrong secret", key: wrong, kind: sigv4.Mismatch, text: "does not match the signature you provided"},
		{name: "other body", body: `{"a":1}`, kind: sigv4.Mismatch},
		{name: "late", at: now.Add(-15*time.Minute - time.Second), kind: sigv4.Skewed, text: "Signature expired: 20260304T045106Z is now earlier than 20260304T045107Z (20260304T050607Z - 15 min.)"},
		{name: "early", at: now.Add(15*time.Minute + time.Second), kind: sigv4.Skewed, text: "Signature not yet current: 20260304T052108Z is still later than 20260304T052107Z (20260304T050607Z + 15 min.)"},
		{name: "other target", change: func(r *http.Request) { r.Header.Set("X-Amz-Target", "AmazonSQS.PurgeQueue") }, kind: sigv4.Mismatch},
		{name: "other path", change: func(r *http.Request) { r.URL.Path = "/x" }, kind: sigv4.Mismatch},
		{name: "no header", change: func(r *http.Request) { r.Header.Del("Authorization") }, kind: sigv4.Missing},
		{name: "other algorithm", change: func(r *http.Request) { r.Header.Set("Authorization", "AWS AKID:sig") }, kind: sigv4.Incomplete, text: "Unsupported AWS 'algorithm': 'AWS'"},
		{name: "no signature", change: func(r *http.Request) {
			a, _, _ := strings.Cut(r.Header.Get("Authorization"), ", Signature=")
			r.Header.Set("Authorization", a)
		}, kind: sigv4.Incomplete, text: "Authorization header requires 'Signature' parameter"},
		{name: "false hash", change: func(r *http.Request) { r.Header.Set("X-Amz-Content-Sha256", hash("x")) }, kind: sigv4.Mismatch},
		{name: "host not signed", change: func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), ";host", "", 1))
		}, kind: sigv4.Mismatch, text: "'host' must be a 'SignedHeader'"},
		{name: "bad date", change: func(r *http.Request) { r.Header.Set("X-Amz-Date", "yesterday") }, kind: sigv4.Incomplete, text: "ISO-8601"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := request(t, "http://h/", "{}")
			key, at := root, now
			if c.key.AccessKeyID != "" {
				key = c.key
			}
			if !c.at.IsZero() {
				at = c.at
			}
			sign(t, r, "{}", key, "", "sqs", "us-east-1", at)
			if c.change != nil {
				c.change(r)
			}
			body := "{}"
			if c.body != "" {
				body = c.body
			}
			_, _, err := verifier().Verify(wire(t, r), []byte(body), "sqs")
			requireKind(t, c.kind, err)
			require.ErrorContains(t, err, c.text)
		})
	}
	r := request(t, "http://h/", "{}")
	sign(t, r, "{}", root, "", "glue", "us-east-1", now)
	_, _, err := verifier().Verify(wire(t, r), []byte("{}"), "sqs")
	require.ErrorContains(t, err, "Credential should be scoped to correct service: 'sqs'")
}

func FuzzParseHeader(f *testing.F) {
	f.Add("AWS4-HMAC-SHA256 Credential=AKIA/20260304/us-east-1/sqs/aws4_request, SignedHeaders=host;x-amz-date, Signature=00")
	f.Add("AWS4-HMAC-SHA256 Credential=a/b,c/d,Signature")
	f.Add("AWS x:y")
	f.Fuzz(func(t *testing.T, header string) {
		a, err := sigv4.ParseHeader(header)
		if err != nil {
			var e *sigv4.Error
			require.True(t, errors.As(err, &e))
			return
		}
		require.NotEmpty(t, a.AccessKeyID)
		require.Len(t, a.Scope.Date, 8)
	})
}

func BenchmarkVerify(b *testing.B) {
	body := `{"QueueUrl":"http://127.0.0.1:4566/000000000000/orders","MessageBody":"` + strings.Repeat("x", 512) + `"}`
	r := request(b, "http://127.0.0.1:4566/", body)
	sign(b, r, body, root, "", "sqs", "ap-northeast-2", now)
	req, v := wire(b, r), verifier()
	raw, _ := io.ReadAll(strings.NewReader(body))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := v.Verify(req, raw, "sqs"); err != nil {
			b.Fatal(err)
		}
	}
}
