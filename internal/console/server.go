package console

import (
	"context"
	"embed"
	"encoding/json"
	"log/slog"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/athena"
	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/config"
	"github.com/scopsdb/scops/internal/credentials"
	"github.com/scopsdb/scops/internal/delivery"
	"github.com/scopsdb/scops/internal/httpapi"
	"github.com/scopsdb/scops/internal/telemetry"
	"github.com/valyala/fasthttp"
)

//go:embed assets
var assets embed.FS

// Config wires the console.
type Config struct {
	Athena      *athena.Service
	Catalog     *catalog.Store
	Deliveries  *delivery.Manager
	API         *httpapi.Server
	Logs        *httpapi.LogServer // of Lambda functions
	Crawls      *httpapi.CrawlServer
	Credentials credentials.Pair
	// Signed says whether a request carries a valid signature (SigV4).
	Signed  func(*fasthttp.RequestCtx) error
	Page    *config.Page // nil: the page shows the deliveries alone
	Pricing httpapi.Pricing
	Metrics *telemetry.Metrics
	// MetricsToken reads the metrics; "" does not.
	MetricsToken string
	Log          *slog.Logger
	Now          func() time.Time
}

// Console answers everything under /_scops/.
type Console struct {
	cfg      Config
	sessions *sessions
}

// New makes the console.
func New(cfg Config) *Console {
	return &Console{cfg: cfg, sessions: newSessions(cfg.Credentials, cfg.Now)}
}

// OneTimePath makes a path that logs one browser in, once.
func (c *Console) OneTimePath() string { return "/_scops/login?token=" + c.sessions.newLink() }

// route is one path of the console.
type route struct {
	method string
	open   bool // needs no session
	handle func(*Console, context.Context, *fasthttp.RequestCtx)
}

var routes = map[string]route{
	"/_scops/":              {method: "GET", handle: (*Console).index},
	"/_scops/login":         {open: true, handle: (*Console).login},
	"/_scops/logout":        {method: "POST", handle: (*Console).logout},
	"/_scops/v1/query":      {method: "POST", handle: func(c *Console, ctx context.Context, rc *fasthttp.RequestCtx) { c.cfg.API.Query(ctx, rc) }},
	httpapi.DeliveriesPath:  {handle: deliveries},
	httpapi.CrawlPath:       {handle: func(c *Console, ctx context.Context, rc *fasthttp.RequestCtx) { c.cfg.Crawls.Handle(ctx, rc) }},
	httpapi.CompactionPath:  {handle: func(c *Console, ctx context.Context, rc *fasthttp.RequestCtx) { c.cfg.API.Compaction(ctx, rc) }},
	"/_scops/metrics":       {method: "GET", open: true, handle: (*Console).metrics},
	"/_scops/v1/page":       {method: "GET", handle: (*Console).page},
	"/_scops/v1/breakdowns": {method: "GET", handle: (*Console).breakdowns},
}

func deliveries(c *Console, ctx context.Context, rc *fasthttp.RequestCtx) {
	c.cfg.API.Deliveries(ctx, rc)
}

// assetPrefix holds the scripts and styles; they say nothing about the data, so
// the login page may have them too.
const assetPrefix = "/_scops/assets/"

// Handle answers one request. ctx ends when the client goes away.
func (c *Console) Handle(ctx context.Context, rc *fasthttp.RequestCtx) {
	setSecurityHeaders(&rc.Response.Header)
	p := string(rc.Path())
	if p == "/_scops" {
		redirect(rc, "/_scops/", http.StatusFound)
		return
	}
	if name, ok := strings.CutPrefix(p, assetPrefix); ok {
		c.asset(rc, name)
		return
	}
	r, ok := routes[p]
	if name, below := strings.CutPrefix(p, httpapi.EventsPath); below && name != "" {
		r, ok = route{method: "POST", handle: func(c *Console, ctx context.Context, rc *fasthttp.RequestCtx) { c.cfg.API.Events(ctx, rc) }}, true
		if strings.Contains(name, "/") {
			r = route{method: "GET", handle: func(c *Console, ctx context.Context, rc *fasthttp.RequestCtx) { c.cfg.API.Event(ctx, rc) }}
		}
	}
	if strings.HasPrefix(p, httpapi.DeliveriesPath+"/") {
		r, ok = route{handle: deliveries}, true
	}
	if strings.HasPrefix(p, httpapi.FunctionsPath) {
		r, ok = route{method: "GET", handle: func(c *Console, ctx context.Context, rc *fasthttp.RequestCtx) { c.cfg.Logs.Handle(ctx, rc) }}, true
	}
	switch {
	case !ok:
		answerError(rc, http.StatusNotFound, "NotFound", "there is nothing at "+p)
	case r.method != "" && string(rc.Method()) != r.method:
		rc.Response.Header.Set("Allow", r.method)
		answerError(rc, http.StatusMethodNotAllowed, "MethodNotAllowed", p+" takes "+r.method)
	case !r.open && !c.authorized(rc):
		c.refuse(rc, p)
	default:
		r.handle(c, ctx, rc)
	}
}

func setSecurityHeaders(h *fasthttp.ResponseHeader) {
	h.Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'")
	h.Set("X-Content-Type-Options", "nosniff")
	// Not no-referrer: with that a form's Origin is null, and sameOrigin would refuse it.
	h.Set("Referrer-Policy", "same-origin")
}

func (c *Console) authorized(rc *fasthttp.RequestCtx) bool {
	if c.sessions.valid(string(rc.Request.Header.Cookie(cookieName))) {
		return sameOrigin(rc)
	}
	return c.cfg.Signed(rc) == nil
}

// refuse sends a browser to the login and tells a program what is missing.
func (c *Console) refuse(rc *fasthttp.RequestCtx, p string) {
	if p == "/_scops/" {
		redirect(rc, "/_scops/login", http.StatusFound)
		return
	}
	message := "log in at /_scops/login, or sign the request (SigV4)"
	if len(rc.Request.Header.Peek("Authorization")) > 0 {
		if err := c.cfg.Signed(rc); err != nil {
			message = err.Error()
		}
	}
	answerError(rc, http.StatusForbidden, "AccessDenied", message)
}

func (c *Console) index(_ context.Context, rc *fasthttp.RequestCtx) { c.asset(rc, "index.html") }

// contentTypes of the assets; package mime would follow the machine's tables.
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".md":   "text/plain; charset=utf-8",
}

func (c *Console) asset(rc *fasthttp.RequestCtx, name string) {
	body, err := assets.ReadFile(path.Join("assets", path.Clean("/"+name)))
	if err != nil {
		answerError(rc, http.StatusNotFound, "NotFound", "there is no asset "+name)
		return
	}
	rc.SetContentType(contentTypes[path.Ext(name)])
	rc.Response.Header.Set("Cache-Control", "no-cache")
	rc.SetBody(body)
}

// redirect names the path alone: fasthttp's own would name the scheme and host
// that reached scops, which are others than the browser's behind a proxy.
func redirect(rc *fasthttp.RequestCtx, to string, status int) {
	rc.Response.Header.Set("Location", to)
	rc.SetStatusCode(status)
}

func answerJSON(rc *fasthttp.RequestCtx, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		rc.SetStatusCode(http.StatusInternalServerError)
		return
	}
	rc.SetStatusCode(status)
	rc.SetContentType("application/json")
	rc.Response.Header.Set("Cache-Control", "no-store")
	rc.SetBody(body)
}

func answerError(rc *fasthttp.RequestCtx, status int, code, message string) {
	answerJSON(rc, status, map[string]any{"error": httpapi.Error{Code: code, Message: message}})
}
