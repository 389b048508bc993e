package s3

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"sync"
	"time"

	"github.com/gofiber/fiber/v3"
	"github.com/scopsdb/scops/internal/credentials"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/sigv4"
	"github.com/valyala/fasthttp"
	"github.com/versity/versitygw/backend"
	"github.com/versity/versitygw/s3api"
	"github.com/versity/versitygw/s3api/middlewares"
)

// Server is the S3 API.
type Server struct {
	backend backend.Backend
	keys    *credentials.Keyring
	region  string
	now     func() time.Time

	mu   sync.RWMutex
	apps map[string]fasthttp.RequestHandler // by region
}

const (
	// maxRegions bounds the apps that are kept: clients may name any region.
	maxRegions = 64

	maxParts       = 10_000 // of a multipart upload
	maxConnections = 256 << 10
	maxRequests    = 64 << 10 // in flight
)

// New makes the S3 API over a local store. Requests that name no region are of
// the given one.
func New(store *objects.Local, keys *credentials.Keyring, region string, now func() time.Time) (*Server, error) {
	s := &Server{backend: store.Backend(), keys: keys, region: region, now: now, apps: map[string]fasthttp.RequestHandler{}}
	if _, err := s.app(region); err != nil {
		return nil, err
	}
	return s, nil
}

// Handle answers one request.
func (s *Server) Handle(rc *fasthttp.RequestCtx) {
	if err := s.upgradeV2(&rc.Request); err != nil {
		rc.SetConnectionClose() // the body stays unread
		writeError(rc, err)
		return
	}
	app, err := s.app(s.regionOf(&rc.Request))
	if err != nil {
		rc.SetConnectionClose()
		writeError(rc, err)
		return
	}
	body := followChunked(rc)
	app(rc)
	body.finish(rc)
}

var regionPattern = regexp.MustCompile(`^[a-z0-9-]{1,40}$`)

// regionOf returns the region that a request is signed for. versitygw accepts
// one region only; a known key may use any.
func (s *Server) regionOf(req *fasthttp.Request) string {
	if !sigv4.Signed(req) {
		return cmp.Or(formRegion(req), s.region)
	}
	a, err := sigv4.ParseRequest(req)
	if err != nil || !regionPattern.MatchString(a.Scope.Region) {
		return s.region
	}
	return a.Scope.Region
}

// app returns the versitygw server of a region.
func (s *Server) app(region string) (fasthttp.RequestHandler, error) {
	s.mu.RLock()
	h := s.apps[region]
	s.mu.RUnlock()
	if h != nil {
		return h, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if h := s.apps[region]; h != nil {
		return h, nil
	}
	h, err := s.newApp(region)
	if err != nil {
		return nil, err
	}
	if len(s.apps) >= maxRegions {
		for other := range s.apps {
			if other != s.region {
				delete(s.apps, other)
				break
			}
		}
	}
	s.apps[region] = h
	return h, nil
}

func (s *Server) newApp(region string) (fasthttp.RequestHandler, error) {
	root := s.keys.Root()
	server, err := s3api.New(s.backend,
		middlewares.RootUserConfig{Access: root.AccessKeyID, Secret: root.SecretAccessKey},
		region, sessions{s.keys}, nil, nil, nil, nil,
		s3api.WithQuiet(),
		s3api.WithKeepAlive(),
		s3api.WithMpMaxParts(maxParts),
		s3api.WithConcurrencyLimiter(maxConnections, maxRequests),
		s3api.WithMiddleware("/", s.virtualHost),
	)
	if err != nil {
		return nil, fmt.Errorf("start S3 for region %s: %w", region, err)
	}
	app, err := fiberApp(server)
	if err != nil {
		return nil, err
	}
	return app.Handler(), nil
}

// fiberApp returns the app inside a versitygw server, which has no other way
// out (see docs/decisions/0051): its type is checked, and a test fails when an
// update moves it.
func fiberApp(server *s3api.S3ApiServer) (*fiber.App, error) {
	field := reflect.ValueOf(server).Elem().FieldByName("app")
	if !field.IsValid() || field.Type() != reflect.TypeFor[*fiber.App]() || field.IsNil() {
		return nil, errors.New("this version of versitygw keeps its fiber app elsewhere")
	}
	return (*fiber.App)(field.UnsafePointer()), nil
}
