package gateway_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awscredentials "github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/credentials"
	"github.com/scopsdb/scops/internal/gateway"
	"github.com/scopsdb/scops/internal/objects"
	scopss3 "github.com/scopsdb/scops/internal/s3"
	scopssts "github.com/scopsdb/scops/internal/sts"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"
)

var putOptions objects.PutOptions

var root = credentials.Pair{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}

// server is a running gateway with S3, STS and small services for the tests.
type server struct {
	*gateway.Gateway
	url, httpsURL string
	certFile      string
	keys          *credentials.Keyring
	client        *http.Client // trusts the certificate
	skew          atomic.Int64 // of the server's clock, nanoseconds
	echo          *echo
	objects       *objects.Local
}

func start(t testing.TB) *server {
	s := &server{echo: &echo{waiting: make(chan struct{}, 16), ended: make(chan error, 16)}}
	now := func() time.Time { return time.Now().Add(time.Duration(s.skew.Load())) }
	s.keys = credentials.NewKeyring(root, "000000000000", now)
	store, err := objects.OpenLocal(filepath.Join(t.TempDir(), "objects"))
	require.NoError(t, err)
	s.objects = store
	api, err := scopss3.New(store, s.keys, "ap-northeast-2", now)
	require.NoError(t, err)
	s.Gateway, err = gateway.New(gateway.Config{
		Region: "ap-northeast-2", AccountID: "000000000000", Keys: s.keys, Now: now, MaxBody: 1 << 20, Log: slog.New(slog.DiscardHandler),
	}, append(s.echo.services(), scopssts.New(s.keys).API()), api.Handle, s.echo.console)
	require.NoError(t, err)

	plain, secure := listen(t), listen(t)
	s.url, s.httpsURL = "http://"+plain.Addr().String(), "https://"+secure.Addr().String()
	certDir := t.TempDir()
	s.certFile = filepath.Join(certDir, gateway.CertFile)
	cert, err := gateway.SelfSigned(certDir, []string{"127.0.0.1", "localhost"}, time.Now())
	require.NoError(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(cert.Leaf)
	s.client = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, DialContext: dialLocal}}

	served := make(chan error, 2)
	go func() { served <- s.Serve(plain) }()
	go func() { served <- s.ServeTLS(secure, cert) }()
	t.Cleanup(func() {
		s.client.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		require.NoError(t, s.Shutdown(ctx))
		require.NoError(t, <-served)
		require.NoError(t, <-served)
		require.NoError(t, store.Close())
	})
	return s
}

// dialLocal finds every host on this machine.
func dialLocal(ctx context.Context, network, addr string) (net.Conn, error) {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	return (&net.Dialer{}).DialContext(ctx, network, net.JoinHostPort("127.0.0.1", port))
}

func listen(t testing.TB) net.Listener {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	return l
}

func (s *server) config(p credentials.Pair, token, region string) aws.Config {
	return aws.Config{
		Region: region, BaseEndpoint: &s.url, HTTPClient: s.client, RetryMaxAttempts: 1,
		Credentials: awscredentials.NewStaticCredentialsProvider(p.AccessKeyID, p.SecretAccessKey, token),
	}
}

// echo is what the tests call: operations of the shapes of SQS and Athena that
// answer what they got.
type echo struct {
	request awsapi.Request
	waiting chan struct{}
	ended   chan error
}

func (e *echo) services() []awsapi.Service {
	return []awsapi.Service{
		{
			SigningName: "sqs", TargetPrefix: "AmazonSQS", Protocol: awsapi.JSON10, QueryCodes: true,
			Operations: []awsapi.Operation{
				awsapi.Op("SendMessage", e.send),
				awsapi.Op("ReceiveMessage", e.receive),
				awsapi.Op("PurgeQueue", func(context.Context, *sqs.PurgeQueueInput) (*sqs.PurgeQueueOutput, error) { panic("test") }),
				awsapi.Op("DeleteQueue", func(context.Context, *sqs.DeleteQueueInput) (*sqs.DeleteQueueOutput, error) {
					return nil, &awsapi.Error{Code: "QueueDoesNotExist", QueryCode: "AWS.SimpleQueueService.NonExistentQueue", Message: "The specified queue does not exist."}
				}),
			},
			NotImplemented: []string{"StartMessageMoveTask"},
		},
		{
			SigningName: "athena", TargetPrefix: "AmazonAthena", Protocol: awsapi.JSON11,
			Operations: []awsapi.Operation{
				awsapi.Op("StartQueryExecution", func(ctx context.Context, in *athena.StartQueryExecutionInput) (*athena.StartQueryExecutionOutput, error) {
					return nil, &awsapi.Error{Code: "InvalidRequestException", Message: "no", Fields: map[string]any{"AthenaErrorCode": "MALFORMED_QUERY"}}
				}),
			},
			NotImplemented: []string{"CreateNotebook"},
		},
	}
}

func (e *echo) send(ctx context.Context, in *sqs.SendMessageInput) (*sqs.SendMessageOutput, error) {
	e.request = awsapi.RequestFrom(ctx)
	return &sqs.SendMessageOutput{MessageId: in.MessageBody}, nil
}

// receive waits for ever, as a long poll does.
func (e *echo) receive(ctx context.Context, _ *sqs.ReceiveMessageInput) (*sqs.ReceiveMessageOutput, error) {
	wait, cancel := awsapi.Waiting(ctx)
	defer cancel()
	e.waiting <- struct{}{}
	<-wait.Done()
	e.ended <- context.Cause(wait)
	return &sqs.ReceiveMessageOutput{}, nil
}

func (e *echo) console(ctx context.Context, rc *fasthttp.RequestCtx) {
	switch string(rc.Path()) {
	case "/_scops/v1/query":
		if err := gateway.Signed(rc); err != nil {
			rc.SetStatusCode(http.StatusForbidden)
			rc.SetBodyString(err.Error())
			return
		}
		rc.SetBody(rc.PostBody())
	case "/_scops/wait":
		e.waiting <- struct{}{}
		<-ctx.Done()
		e.ended <- ctx.Err()
	case "/_scops/stream":
		release := gateway.Streaming(rc)
		rc.SetBodyStreamWriter(func(w *bufio.Writer) {
			defer release()
			_, _ = fmt.Fprintf(w, "begin %v\n", ctx.Err())
			_ = w.Flush()
			e.waiting <- struct{}{}
			<-ctx.Done()
			e.ended <- ctx.Err()
		})
	case "/_scops/short":
		release := gateway.Streaming(rc)
		rc.SetBodyStreamWriter(func(w *bufio.Writer) {
			_, _ = fmt.Fprint(w, "done")
			release()
			e.ended <- ctx.Err()
		})
	default:
		rc.SetBodyString("console " + awsapi.RequestFrom(ctx).Scheme)
	}
}

func (s *server) sqs() *sqs.Client {
	return sqs.NewFromConfig(s.config(root, "", "us-east-1"), func(o *sqs.Options) { o.DisableMessageChecksumValidation = true })
}

func (s *server) athena() *athena.Client {
	return athena.NewFromConfig(s.config(root, "", "us-east-1"))
}
func (s *server) sts() *sts.Client { return sts.NewFromConfig(s.config(root, "", "us-east-1")) }

func (s *server) s3(region string, opts ...func(*s3.Options)) *s3.Client {
	return s3.NewFromConfig(s.config(root, "", region), opts...)
}
