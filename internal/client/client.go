package client

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/scopsdb/scops/internal/httpapi"
)

// signingName is the service of the credential scope.
const signingName = "scops"

// Client calls one endpoint.
type Client struct {
	Endpoint    string // http://127.0.0.1:4566
	Region      string
	Credentials aws.CredentialsProvider
	HTTP        *http.Client // nil is http.DefaultClient
}

// Error is a failure that the server answered.
type Error struct {
	Code    string // Trino's error name or an Athena code
	Message string
	Status  int // of HTTP
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Rows is the answer to a query as it arrives. Close it.
type Rows struct {
	Columns    []httpapi.Column
	Statistics httpapi.Statistics // complete after Next returned io.EOF

	body io.ReadCloser
	in   *bufio.Reader
}

// Query runs a statement and returns once its columns are known. A statement
// without a result has no Columns.
func (c *Client) Query(ctx context.Context, q httpapi.QueryRequest) (*Rows, error) {
	body, err := json.Marshal(q)
	if err != nil {
		return nil, err
	}
	resp, err := c.do(ctx, http.MethodPost, "/_scops/v1/query", body)
	if err != nil {
		return nil, err
	}
	rows := &Rows{body: resp.Body, in: bufio.NewReaderSize(resp.Body, 64<<10)}
	first, err := rows.line()
	if err != nil {
		resp.Body.Close()
		return nil, err
	}
	rows.Columns = first.Columns
	return rows, nil
}

// line is one line of the answer: see httpapi.
type line struct {
	Columns    []httpapi.Column    `json:"columns"`
	Row        []json.RawMessage   `json:"row"`
	Statistics *httpapi.Statistics `json:"statistics"`
	Error      *httpapi.Error      `json:"error"`
}

var errCut = errors.New("the answer was cut off before its end")

func (r *Rows) line() (line, error) {
	text, err := r.in.ReadBytes('\n')
	if err != nil {
		return line{}, fmt.Errorf("%w: %w", errCut, err)
	}
	var l line
	if err := json.Unmarshal(text, &l); err != nil {
		return line{}, fmt.Errorf("the server's answer is not understood: %w", err)
	}
	return l, nil
}

// Next returns the next row's values as JSON, io.EOF after the last one, or an
// *Error where the query failed.
func (r *Rows) Next() ([]json.RawMessage, error) {
	l, err := r.line()
	switch {
	case err != nil:
		return nil, err
	case l.Error != nil:
		return nil, &Error{Code: l.Error.Code, Message: l.Error.Message, Status: http.StatusOK}
	case l.Statistics != nil:
		r.Statistics = *l.Statistics
		return nil, io.EOF
	}
	return l.Row, nil
}

// Close ends the answer; a query that still runs is cancelled.
func (r *Rows) Close() error { return r.body.Close() }

func (c *Client) do(ctx context.Context, method, path string, body []byte) (*http.Response, error) {
	resp, err := c.request(ctx, method, path, "application/json", body)
	if err != nil || resp.StatusCode == http.StatusOK || resp.StatusCode == http.StatusCreated {
		return resp, err
	}
	defer resp.Body.Close()
	return nil, readError(resp)
}

func (c *Client) request(ctx context.Context, method, path, contentType string, body []byte) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.Endpoint+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/x-ndjson")
	req.Header.Set("Content-Type", contentType)
	credentials, err := c.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, fmt.Errorf("find credentials: %w", err)
	}
	sum := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(ctx, credentials, req, hex.EncodeToString(sum[:]), signingName, c.Region, time.Now()); err != nil {
		return nil, fmt.Errorf("sign the request: %w", err)
	}
	h := c.HTTP
	if h == nil {
		h = http.DefaultClient
	}
	return h.Do(req)
}

func readError(resp *http.Response) error {
	text, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return err
	}
	var out struct {
		Error httpapi.Error `json:"error"`
	}
	if err := json.Unmarshal(text, &out); err != nil || out.Error.Code == "" {
		return fmt.Errorf("%s: %s", resp.Status, bytes.TrimSpace(text))
	}
	return &Error{Code: out.Error.Code, Message: out.Error.Message, Status: resp.StatusCode}
}
