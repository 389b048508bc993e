package gateway_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	athenatypes "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/credentials"
	"github.com/stretchr/testify/require"
)

func requireCode(t *testing.T, code string, err error) smithy.APIError {
	t.Helper()
	var api smithy.APIError
	require.True(t, errors.As(err, &api), "%v", err)
	require.Equal(t, code, api.ErrorCode(), api.ErrorMessage())
	return api
}

func TestCallsReachTheirService(t *testing.T) {
	s := start(t)
	for _, url := range []string{s.url, s.httpsURL} {
		body := "한국 \"quoted\"\n"
		out, err := s.sqs().SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: aws.String("q"), MessageBody: &body},
			func(o *sqs.Options) { o.BaseEndpoint = &url })
		require.NoError(t, err)
		require.Equal(t, body, *out.MessageId)
		require.Equal(t, url, s.echo.request.BaseURL())
		require.Equal(t, "us-east-1", s.echo.request.Region)
		require.Equal(t, root.AccessKeyID, s.echo.request.AccessKeyID)
		require.Equal(t, "000000000000", s.echo.request.AccountID)
		require.NotEmpty(t, s.echo.request.ID)
	}
	who, err := s.sts().GetCallerIdentity(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, "arn:aws:iam::000000000000:root", *who.Arn)
}

func TestErrorsInTheWordsOfEachProtocol(t *testing.T) {
	s := start(t)
	ctx := t.Context()
	_, err := s.sqs().DeleteQueue(ctx, &sqs.DeleteQueueInput{QueueUrl: aws.String("q")})
	requireCode(t, "AWS.SimpleQueueService.NonExistentQueue", err)
	var shape *types.QueueDoesNotExist
	require.ErrorAs(t, err, &shape)

	_, err = s.sqs().StartMessageMoveTask(ctx, &sqs.StartMessageMoveTaskInput{SourceArn: aws.String("a")})
	require.ErrorContains(t, err, "StartMessageMoveTask")
	requireCode(t, "AWS.SimpleQueueService.UnsupportedOperation", err)

	_, err = s.athena().StartQueryExecution(ctx, &athena.StartQueryExecutionInput{QueryString: aws.String("SELEC")})
	var invalid *athenatypes.InvalidRequestException
	require.ErrorAs(t, err, &invalid)
	require.Equal(t, "MALFORMED_QUERY", *invalid.AthenaErrorCode)

	_, err = s.athena().CreateNotebook(ctx, &athena.CreateNotebookInput{Name: aws.String("n"), WorkGroup: aws.String("w")})
	require.Contains(t, requireCode(t, "NotImplemented", err).ErrorMessage(), "CreateNotebook of athena")
	_, err = s.athena().ListNotebookMetadata(ctx, &athena.ListNotebookMetadataInput{WorkGroup: aws.String("w")})
	requireCode(t, "UnknownOperationException", err)

	_, err = s.sts().GetFederationToken(ctx, &sts.GetFederationTokenInput{Name: aws.String("n")})
	requireCode(t, "NotImplemented", err)
	_, err = s.sqs().PurgeQueue(ctx, &sqs.PurgeQueueInput{QueueUrl: aws.String("q")})
	requireCode(t, "InternalFailure", err)
}

func TestSignatureErrors(t *testing.T) {
	s := start(t)
	ctx := t.Context()
	call := func(p credentials.Pair, token string) (sqsErr, athenaErr, stsErr error) {
		cfg := s.config(p, token, "us-east-1")
		_, sqsErr = sqs.NewFromConfig(cfg).SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: aws.String("q"), MessageBody: aws.String("b")})
		_, athenaErr = athena.NewFromConfig(cfg).StartQueryExecution(ctx, &athena.StartQueryExecutionInput{QueryString: aws.String("q")})
		_, stsErr = sts.NewFromConfig(cfg).GetCallerIdentity(ctx, nil)
		return
	}
	a, b, c := call(credentials.Pair{AccessKeyID: "AKIAOTHER", SecretAccessKey: "s"}, "")
	requireCode(t, "InvalidClientTokenId", a)
	requireCode(t, "UnrecognizedClientException", b)
	requireCode(t, "InvalidClientTokenId", c)

	a, b, c = call(credentials.Pair{AccessKeyID: root.AccessKeyID, SecretAccessKey: "wrong"}, "")
	requireCode(t, "SignatureDoesNotMatch", a)
	requireCode(t, "InvalidSignatureException", b)
	requireCode(t, "SignatureDoesNotMatch", c)

	s.skew.Store(int64(16 * time.Minute))
	a, b, c = call(root, "")
	require.Contains(t, requireCode(t, "SignatureDoesNotMatch", a).ErrorMessage(), "Signature expired: ")
	require.Contains(t, requireCode(t, "InvalidSignatureException", b).ErrorMessage(), " - 15 min.)")
	requireCode(t, "SignatureDoesNotMatch", c)
	s.skew.Store(-int64(16 * time.Minute))
	_, b, _ = call(root, "")
	require.Contains(t, requireCode(t, "InvalidSignatureException", b).ErrorMessage(), "Signature not yet current: ")
}

// post sends a JSON request signed by the SDK's signer; change may tamper with
// it afterwards.
func post(t *testing.T, s *server, path, service, target, body string, change func(*http.Request)) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+path, strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	if target != "" {
		r.Header.Set("X-Amz-Target", target)
	}
	sum := sha256.Sum256([]byte(body))
	require.NoError(t, v4.NewSigner().SignHTTP(t.Context(), aws.Credentials{AccessKeyID: root.AccessKeyID, SecretAccessKey: root.SecretAccessKey},
		r, hex.EncodeToString(sum[:]), service, "eu-west-1", time.Now()))
	if change != nil {
		change(r)
	}
	resp, err := s.client.Do(r)
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp, string(text)
}

func TestRequestsOnTheWire(t *testing.T) {
	s := start(t)
	send := "AmazonSQS.SendMessage"
	for _, c := range []struct {
		name, service, target, body string
		change                      func(*http.Request)
		status                      int
		want                        string
	}{
		{name: "ok", service: "sqs", target: send, body: `{"MessageBody":"m"}`, status: 200, want: `{"MessageId":"m"}`},
		{name: "tampered body", service: "sqs", target: send, body: `{"MessageBody":"m"}`, status: 403, want: `{"__type":"com.amazon.coral.service#InvalidSignatureException"`,
			change: func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader(`{"MessageBody":"n"}`)) }},
		{name: "not signed", service: "athena", target: "AmazonAthena.StartQueryExecution", body: "{}", status: 403, want: `{"__type":"MissingAuthenticationTokenException","Message":"Missing Authentication Token"}`,
			change: func(r *http.Request) { r.Header.Del("Authorization") }},
		{name: "malformed", service: "athena", target: "AmazonAthena.StartQueryExecution", body: "{}", status: 400, want: `{"__type":"IncompleteSignatureException"`,
			change: func(r *http.Request) { r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=x") }},
		{name: "wrong scope", service: "glue", target: send, body: "{}", status: 403, want: "Credential should be scoped to correct service: 'sqs'"},
		{name: "wrong type", service: "sqs", target: send, body: `{"DelaySeconds":"5"}`, status: 400, want: `{"__type":"com.amazon.coral.service#SerializationException","message":"STRING_VALUE can not be converted to an Integer"}`},
		{name: "no JSON", service: "sqs", target: send, body: `{`, status: 400, want: "SerializationException"},
		{name: "no operation", service: "sqs", target: "AmazonSQS.Nothing", body: "{}", status: 400, want: "UnknownOperationException"},
		{name: "other service", service: "dynamodb", target: "DynamoDB_20120810.ListTables", body: "{}", status: 400, want: "scops does not serve DynamoDB_20120810.ListTables; it serves athena, s3, sqs, sts."},
		{name: "lambda", service: "lambda", body: "{}", status: 400, want: "scops does not serve lambda"},
		{name: "query protocol of a service without it", service: "sqs", body: "Action=ListQueues&Version=2012-11-05", status: 400, want: "The header X-Amz-Target names no operation of sqs."},
		{name: "too large", service: "sqs", target: send, body: strings.Repeat("x", 1<<20+1), status: 413, want: "larger than 1048576 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			resp, text := post(t, s, "/", c.service, c.target, c.body, c.change)
			require.Equal(t, c.status, resp.StatusCode, text)
			require.Contains(t, text, c.want)
			require.Len(t, resp.Header.Get("x-amzn-RequestId"), 36)
			require.Equal(t, "scops", resp.Header.Get("Server"))
		})
	}
	resp, _ := post(t, s, "/", "sqs", "AmazonSQS.DeleteQueue", "{}", nil)
	require.Equal(t, "AWS.SimpleQueueService.NonExistentQueue;Sender", resp.Header.Get("x-amzn-query-error"))

	// A body of unknown length is held to the limit too.
	r, err := http.NewRequest(http.MethodPost, s.url, io.LimitReader(neverEnding('x'), 2<<20))
	require.NoError(t, err)
	r.Header.Set("X-Amz-Target", send)
	resp, err = s.client.Do(r)
	if err == nil { // the server may close before the client is done sending
		require.Equal(t, 413, resp.StatusCode)
		require.NoError(t, resp.Body.Close())
	}
}

type neverEnding byte

func (b neverEnding) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(b)
	}
	return len(p), nil
}

func TestConsole(t *testing.T) {
	s := start(t)
	get := func(path string) (int, string) {
		resp, err := s.client.Get(s.url + path)
		require.NoError(t, err)
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		return resp.StatusCode, string(text)
	}
	for path, want := range map[string]string{"/_scops": "console http", "/_scops/": "console http", "/_scops/x?y": "console http", "/_scops/health": "ok\n"} {
		status, text := get(path)
		require.Equal(t, 200, status)
		require.Equal(t, want, text, path)
	}
	status, text := get("/_scopsx")
	require.NotEqual(t, 200, status)
	require.Contains(t, text, "<Error>", "other paths are S3's")

	resp, text := post(t, s, "/_scops/v1/query", "scops", "", `{"sql":"SELECT 1"}`, nil)
	require.Equal(t, 200, resp.StatusCode)
	require.Equal(t, `{"sql":"SELECT 1"}`, text)
	resp, _ = post(t, s, "/_scops/v1/query", "athena", "", "{}", nil)
	require.Equal(t, 200, resp.StatusCode)
	resp, _ = post(t, s, "/_scops/v1/query", "sqs", "", "{}", nil)
	require.Equal(t, 403, resp.StatusCode)
	resp, text = post(t, s, "/_scops/v1/query", "athena", "", "{}", func(r *http.Request) { r.Header.Del("Authorization") })
	require.Equal(t, 403, resp.StatusCode)
	require.Equal(t, "Missing Authentication Token", text)
}

// A client that goes away ends the context of its request, with and without
// TLS.
func TestClientGoesAway(t *testing.T) {
	s := start(t)
	for _, url := range []string{s.url, s.httpsURL} {
		ctx, cancel := context.WithCancel(t.Context())
		failed := make(chan error, 1)
		go func() {
			_, err := s.sqs().ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: aws.String("q")}, func(o *sqs.Options) { o.BaseEndpoint = &url })
			failed <- err
		}()
		<-s.echo.waiting
		cancel()
		require.Error(t, <-failed)
		require.ErrorIs(t, waitFor(t, s.echo.ended), context.Canceled)
	}
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	require.NoError(t, err)
	_, err = io.WriteString(conn, "GET /_scops/wait HTTP/1.1\r\nHost: h\r\n\r\n")
	require.NoError(t, err)
	<-s.echo.waiting
	require.NoError(t, conn.Close())
	require.ErrorIs(t, waitFor(t, s.echo.ended), context.Canceled)
}

// A streamed answer keeps its context after the handler, until the client goes.
func TestStreamedAnswer(t *testing.T) {
	s := start(t)
	for _, url := range []string{s.url, s.httpsURL} {
		resp, err := s.client.Get(url + "/_scops/stream")
		require.NoError(t, err)
		line, err := bufio.NewReader(resp.Body).ReadString('\n')
		require.NoError(t, err)
		require.Equal(t, "begin <nil>\n", line)
		<-s.echo.waiting
		require.NoError(t, resp.Body.Close())
		require.ErrorIs(t, waitFor(t, s.echo.ended), context.Canceled)

		resp, err = s.client.Get(url + "/_scops/short")
		require.NoError(t, err)
		require.Equal(t, "done", read(t, resp.Body))
		require.ErrorIs(t, waitFor(t, s.echo.ended), context.Canceled, "released by the handler")
	}
}

func waitFor(t *testing.T, c <-chan error) error {
	t.Helper()
	select {
	case err := <-c:
		return err
	case <-time.After(10 * time.Second):
		t.Fatal("the request did not end")
		return nil
	}
}

// Shutdown releases long polls at once; they answer as if nothing came.
func TestShutdownReleasesLongPolls(t *testing.T) {
	s := start(t)
	answered := make(chan error, 1)
	go func() {
		_, err := s.sqs().ReceiveMessage(context.Background(), &sqs.ReceiveMessageInput{QueueUrl: aws.String("q")})
		answered <- err
	}()
	<-s.echo.waiting
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	require.NoError(t, s.Shutdown(ctx))
	require.ErrorIs(t, waitFor(t, s.echo.ended), awsapi.ErrDraining)
	require.NoError(t, waitFor(t, answered))
}

// Shutdown does not wait for connections that clients opened in reserve.
func TestShutdownClosesUnusedConnections(t *testing.T) {
	s := start(t)
	for _, url := range []string{s.url, s.httpsURL} {
		conn, err := net.Dial("tcp", url[strings.LastIndexByte(url, '/')+1:])
		require.NoError(t, err)
		defer conn.Close()
	}
	resp, err := s.client.Get(s.url + "/_scops/health") // on a third one, which stays open
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
	defer cancel()
	require.NoError(t, s.Shutdown(ctx))
}

func TestBrokenHTTP(t *testing.T) {
	s := start(t)
	for request, want := range map[string]string{
		"nonsense\r\n\r\n": "400",
		"GET / HTTP/1.1\r\nHost: h\r\nX: " + strings.Repeat("x", 20<<10) + "\r\n\r\n": "431",
		"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n":                    "400",
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		require.NoError(t, err)
		_, err = io.WriteString(conn, request)
		require.NoError(t, err)
		line, err := bufio.NewReader(conn).ReadString('\n')
		require.NoError(t, err)
		require.Contains(t, line, want)
		require.NoError(t, conn.Close())
	}
}
