package gateway

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/credentials"
	"github.com/scopsdb/scops/internal/gateway/awsjson"
	"github.com/scopsdb/scops/internal/gateway/restjson"
	"github.com/scopsdb/scops/internal/sigv4"
	"github.com/valyala/fasthttp"
)

// Config is what the gateway needs to know.
type Config struct {
	Region    string // of requests whose signature names none
	AccountID string // twelve digits
	Keys      *credentials.Keyring
	Now       func() time.Time // nil means time.Now
	Log       *slog.Logger     // nil means slog.Default
	MaxSkew   time.Duration    // how far a signature's time may be off; 0 means 15 minutes
	MaxBody   int              // bytes of a request to a service other than S3; 0 means 8 MiB

	// HeaderTimeout is how long a client may take for the request line and the
	// headers; 0 means 30 seconds. A body has that and time for its length.
	HeaderTimeout time.Duration

	// Observe, if not nil, is told of each request that was answered. service and
	// operation are of the tables of the services, or "unknown".
	Observe func(service, operation string, status int, took time.Duration)
}

const (
	defaultMaxSkew = 15 * time.Minute

	// defaultMaxBody holds the largest bodies that services accept: 1 MiB of
	// SQS messages where JSON writes a byte as up to six.
	defaultMaxBody = 8 << 20

	// maxHeaderBytes is for the request line and all headers: presigned URLs
	// with session tokens are long.
	maxHeaderBytes = 16 << 10

	// maxObjectBytes is the largest body of all, an S3 object of one put.
	maxObjectBytes = 5 << 30

	idleTimeout          = 2 * time.Minute
	defaultHeaderTimeout = 30 * time.Second

	// slowestBody is the rate at which a body must come at least.
	slowestBody = 8 << 10 // bytes a second
)

// Handler answers a request itself. ctx ends when the client goes away; it
// carries the awsapi.Request.
type Handler func(ctx context.Context, rc *fasthttp.RequestCtx)

// Gateway is the endpoint. Serve it on any number of listeners.
type Gateway struct {
	cfg      Config
	router   router
	s3       fasthttp.RequestHandler
	console  Handler
	verifier *sigv4.Verifier
	server   *fasthttp.Server
	watch    *watcher
	unused   unused

	drain    context.Context // ends when Shutdown begins
	doDrain  context.CancelFunc
	requests context.Context // parent of every request; ends when Shutdown gives up waiting
	abort    context.CancelFunc
}

// New makes a gateway in front of services, the S3 handler and the console,
// which answers everything under /_scops/.
func New(cfg Config, services []awsapi.Service, s3 fasthttp.RequestHandler, console Handler) (*Gateway, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.MaxSkew == 0 {
		cfg.MaxSkew = defaultMaxSkew
	}
	if cfg.MaxBody == 0 {
		cfg.MaxBody = defaultMaxBody
	}
	if cfg.HeaderTimeout == 0 {
		cfg.HeaderTimeout = defaultHeaderTimeout
	}
	r, err := newRouter(services)
	if err != nil {
		return nil, err
	}
	g := &Gateway{
		cfg: cfg, router: r, s3: s3, console: console,
		verifier: &sigv4.Verifier{Keys: cfg.Keys, Now: cfg.Now, MaxSkew: cfg.MaxSkew},
		watch:    newWatcher(watchInterval),
	}
	g.drain, g.doDrain = context.WithCancel(context.Background())
	g.requests, g.abort = context.WithCancel(awsapi.WithDrain(context.Background(), g.drain))
	g.server = &fasthttp.Server{
		Handler:                       g.handle,
		ConnState:                     g.unused.note,
		Name:                          "scops",
		ReadBufferSize:                maxHeaderBytes,
		MaxRequestBodySize:            maxObjectBytes,
		StreamRequestBody:             true,
		DisablePreParseMultipartForm:  true,
		NoDefaultContentType:          true,
		CloseOnShutdown:               true,
		IdleTimeout:                   idleTimeout,
		ReadTimeout:                   cfg.HeaderTimeout,
		SecureErrorLogMessage:         true,
		ErrorHandler:                  g.broken,
		Logger:                        serverLog{cfg.Log},
		DisableHeaderNamesNormalizing: false,
	}
	return g, nil
}

// Serve answers connections of the listener until Shutdown.
func (g *Gateway) Serve(l net.Listener) error {
	if err := g.server.Serve(l); err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("serve %s: %w", l.Addr(), err)
	}
	return nil
}

// ServeTLS is Serve with https.
func (g *Gateway) ServeTLS(l net.Listener, cert tls.Certificate) error {
	return g.Serve(tls.NewListener(l, &tls.Config{
		Certificates: []tls.Certificate{cert},
		MinVersion:   tls.VersionTLS12,
		NextProtos:   []string{"http/1.1"},
	}))
}

// Shutdown takes no more connections, lets waiting calls answer at once, and
// waits for the requests in flight. When ctx ends first their contexts end and
// its error is returned.
func (g *Gateway) Shutdown(ctx context.Context) error {
	g.doDrain()
	closing, closed := context.WithCancel(ctx)
	go g.unused.closeUntil(closing)
	err := g.server.ShutdownWithContext(ctx)
	closed()
	g.abort()
	g.watch.close()
	if err != nil {
		return fmt.Errorf("shut down: %w", err)
	}
	return nil
}

// serverLog gives what fasthttp has to say about broken connections to slog.
type serverLog struct{ log *slog.Logger }

func (l serverLog) Printf(format string, args ...any) {
	l.log.Debug("connection", "detail", fmt.Sprintf(format, args...))
}

// router finds the service of a request.
type router struct {
	byName   map[string]*service // signing name
	byTarget map[string]*service // prefix of X-Amz-Target
	names    []string            // of all that is served, for messages
}

type service struct {
	awsapi.Service
	operations map[string]awsapi.Operation
	missing    map[string]bool
	paths      *restjson.Table // REST-JSON only
}

func newRouter(services []awsapi.Service) (router, error) {
	r := router{byName: map[string]*service{}, byTarget: map[string]*service{}, names: []string{"s3"}}
	for _, s := range services {
		svc := &service{Service: s, operations: map[string]awsapi.Operation{}, missing: map[string]bool{}}
		for _, op := range s.Operations {
			if _, ok := svc.operations[op.Name]; ok {
				return r, fmt.Errorf("service %s has the operation %s twice", s.SigningName, op.Name)
			}
			svc.operations[op.Name] = op
			if s.Protocol != awsapi.Query {
				awsjson.Prepare(op.New())
			}
		}
		for _, name := range s.NotImplemented {
			svc.missing[name] = true
		}
		if s.Protocol == awsapi.REST {
			var err error
			if svc.paths, err = restjson.NewTable(s.Routes); err != nil {
				return r, fmt.Errorf("service %s: %w", s.SigningName, err)
			}
		}
		if r.byName[s.SigningName] != nil {
			return r, fmt.Errorf("service %s is registered twice", s.SigningName)
		}
		r.byName[s.SigningName] = svc
		if s.TargetPrefix != "" {
			r.byTarget[s.TargetPrefix] = svc
		}
		r.names = append(r.names, s.SigningName)
	}
	slices.Sort(r.names)
	return r, nil
}

// bodies are buffers for request and response bodies.
var bodies = sync.Pool{New: func() any { b := make([]byte, 0, 4<<10); return &b }}

// maxPooled is the largest buffer that is kept, so that a few big requests do
// not hold memory for good.
const maxPooled = 1 << 20

func releaseBody(b *[]byte) {
	if cap(*b) <= maxPooled {
		bodies.Put(b)
	}
}
