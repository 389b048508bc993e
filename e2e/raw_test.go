package e2e

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/stretchr/testify/require"
)

// signing is how a raw request is signed; tests spoil one part of it.
type signing struct {
	service     string
	credentials aws.Credentials
	at          time.Time
}

func (s *scops) signing(service string) signing {
	return signing{service: service, credentials: aws.Credentials{AccessKeyID: s.keyID, SecretAccessKey: s.secret}, at: time.Now()}
}

// sign signs a request over a body.
func (g signing) sign(t testing.TB, r *http.Request, body []byte) {
	t.Helper()
	hash := sha256.Sum256(body)
	text := hex.EncodeToString(hash[:])
	r.Header.Set("X-Amz-Content-Sha256", text)
	require.NoError(t, v4.NewSigner().SignHTTP(context.Background(), g.credentials, r, text, g.service, region, g.at))
}

func send(t testing.TB, r *http.Request) (int, string) {
	t.Helper()
	status, _, body := exchange(t, r)
	return status, body
}

func exchange(t testing.TB, r *http.Request) (int, http.Header, string) {
	t.Helper()
	resp, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, resp.Header, string(body)
}

// post sends an operation of a JSON service.
func (s *scops) post(t testing.TB, service, target, body string) (int, string) {
	t.Helper()
	r := s.jsonRequest(t, target, body)
	s.signing(service).sign(t, r, []byte(body))
	return send(t, r)
}

func (s *scops) jsonRequest(t testing.TB, target, body string) *http.Request {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, s.endpoint+"/", bytes.NewReader([]byte(body)))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	r.Header.Set("X-Amz-Target", target)
	return r
}
