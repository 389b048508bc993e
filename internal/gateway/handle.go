package gateway

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/gateway/restjson"
	"github.com/valyala/fasthttp"
)

// handle answers one request.
func (g *Gateway) handle(rc *fasthttp.RequestCtx) {
	g.unused.used(rc)
	start := g.cfg.Now()
	c := call{g: g, rc: rc, id: uuid.NewString(), start: start}
	defer c.done()
	c.allowBody()
	uri := rc.Request.Header.RequestURI()
	if bytes.HasPrefix(uri, []byte(consolePrefix)) && (len(uri) == len(consolePrefix) || uri[len(consolePrefix)] == '/' || uri[len(consolePrefix)] == '?') {
		c.toConsole()
		return
	}
	to := g.router.route(&rc.Request)
	switch {
	case to.service != nil:
		c.service, c.operation, c.form = to.service, to.operation, to.form
		c.serve()
	case to.form:
		c.refuseUnsigned()
	case to.unknown != nil:
		c.fail(to.unknown)
		rc.SetConnectionClose() // its body was not read
	default:
		c.toS3()
	}
}

// allowBody gives the client time to send the rest of the body. Without a limit
// one that never does would hold its connection for ever.
func (c *call) allowBody() {
	if c.rc.RequestBodyStream() == nil {
		return
	}
	length := c.rc.Request.Header.ContentLength()
	if length < 0 { // chunked: as long as the largest
		length = maxObjectBytes
	}
	d := c.g.cfg.HeaderTimeout + time.Duration(length/slowestBody)*time.Second
	_ = c.rc.Conn().SetReadDeadline(time.Now().Add(d)) // fails on a closed connection, whose reads tell
}

// call is one request on its way through the gateway.
type call struct {
	g         *Gateway
	rc        *fasthttp.RequestCtx
	id        string
	start     time.Time
	service   *service // nil: not of a service
	operation string
	form      bool           // of the Query protocol
	rest      restjson.Match // of the REST-JSON protocol, once found
	access    string         // access key id, once verified
	region    string
	release   func() // of the context of a console request; nil once released
}

// done ends every request: it answers for a handler that panicked, and writes
// the access log.
func (c *call) done() {
	if p := recover(); p != nil {
		c.g.cfg.Log.Error("handler panicked", "request", c.id, "service", c.name(), "operation", c.operation, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		c.rc.Response.Reset()
		c.fail(internalFailure())
		c.rc.SetConnectionClose()
	}
	c.observe()
	if log := c.g.cfg.Log; log.Enabled(context.Background(), slog.LevelDebug) {
		log.Debug("request", "request", c.id, "service", c.name(), "operation", c.operation, "method", string(c.rc.Method()),
			"path", string(c.rc.Path()), "status", c.rc.Response.StatusCode(), "key", c.access, "took", c.g.cfg.Now().Sub(c.start))
	}
}

// observe counts the request. Names that are not in the tables of the services
// are one, so that no client can make more.
func (c *call) observe() {
	if c.g.cfg.Observe == nil {
		return
	}
	service, operation := "s3", string(c.rc.Method())
	switch {
	case c.service != nil:
		service, operation = c.service.SigningName, "unknown"
		if _, ok := c.service.operations[c.operation]; ok || c.rest.Operation != "" && c.rest.Operation == c.operation {
			operation = c.operation
		}
	case bytes.HasPrefix(c.rc.Request.Header.RequestURI(), []byte(consolePrefix)):
		service = "scops"
	}
	if !methods[operation] && c.service == nil {
		operation = "unknown"
	}
	c.g.cfg.Observe(service, operation, c.rc.Response.StatusCode(), c.g.cfg.Now().Sub(c.start))
}

var methods = map[string]bool{"GET": true, "HEAD": true, "PUT": true, "POST": true, "DELETE": true, "OPTIONS": true}

func internalFailure() *awsapi.Error {
	return awsapi.AsError(fmt.Errorf("handler panicked"))
}

func (c *call) name() string {
	if c.service == nil {
		return ""
	}
	return c.service.SigningName
}

// request is what the operation may know of the call.
func (c *call) request() awsapi.Request {
	scheme := "http"
	if c.rc.IsTLS() {
		scheme = "https"
	}
	region := c.region
	if region == "" {
		region = c.g.cfg.Region
	}
	return awsapi.Request{
		ID: c.id, Scheme: scheme, Host: string(c.rc.Host()), Region: region,
		AccountID: c.g.cfg.AccountID, AccessKeyID: c.access, Time: c.start,
	}
}

// toS3 hands the request over with its body unread.
func (c *call) toS3() {
	if c.g.s3 == nil {
		c.fail(&awsapi.Error{Code: "UnknownOperationException", Message: "S3 is not served here.", Status: http.StatusNotFound})
		return
	}
	c.g.s3(c.rc)
}

// toConsole hands the request over with its whole body read and a context that
// ends with the client.
func (c *call) toConsole() {
	// Read in any case: what is left of a body would pass for the next request.
	body, aerr := c.body()
	if aerr != nil {
		c.rc.SetStatusCode(aerr.HTTPStatus())
		c.rc.SetContentType("text/plain; charset=utf-8")
		c.rc.SetBodyString(aerr.Message + "\n")
		return
	}
	defer releaseBody(body)
	if string(c.rc.Path()) == healthPath {
		c.rc.SetContentType("text/plain; charset=utf-8")
		c.rc.SetBodyString("ok\n")
		return
	}
	if c.g.console == nil {
		c.rc.SetStatusCode(http.StatusNotFound)
		return
	}
	c.rc.Request.SetBody(*body)
	c.rc.SetUserValue(callKey{}, c)
	ctx, release := c.g.watch.context(awsapi.WithRequest(c.g.requests, c.request()), c.rc.Conn())
	c.release = release
	c.rc.Response.Header.Set("X-Amzn-Requestid", c.id)
	c.g.console(ctx, c.rc)
	if c.release != nil {
		c.release()
	}
}

// Streaming is for a console handler whose response goes out after it has
// returned (SetBodyStreamWriter): the context goes on, watching the client,
// until the writer calls release.
func Streaming(rc *fasthttp.RequestCtx) (release func()) {
	c, ok := rc.UserValue(callKey{}).(*call)
	if !ok || c.release == nil {
		return func() {}
	}
	release, c.release = c.release, nil
	return release
}

type callKey struct{}

// Signed returns nil for a console request that is signed for the service
// "athena" or "scops" (in any region) by a known key, else an error that may be
// shown. It is for handlers that the gateway called.
func Signed(rc *fasthttp.RequestCtx) error {
	c, ok := rc.UserValue(callKey{}).(*call)
	if !ok {
		return fmt.Errorf("the request did not come through the gateway")
	}
	id, _, err := c.g.verifier.Verify(&rc.Request, rc.Request.Body(), "athena", "scops")
	if err != nil {
		return err
	}
	c.access = id.AccessKeyID
	return nil
}

// body reads the request's body into a buffer, which the caller releases.
func (c *call) body() (*[]byte, *awsapi.Error) {
	limit := c.maxBody()
	length := c.rc.Request.Header.ContentLength()
	if length > limit {
		return nil, c.tooLarge()
	}
	buf := bodies.Get().(*[]byte)
	stream := c.rc.RequestBodyStream()
	switch {
	case stream == nil:
		*buf = append((*buf)[:0], c.rc.Request.Body()...)
	case length >= 0:
		if cap(*buf) < length {
			*buf = make([]byte, length)
		}
		*buf = (*buf)[:length]
		if _, err := io.ReadFull(stream, *buf); err != nil {
			releaseBody(buf)
			return nil, c.brokenBody(err)
		}
	default:
		data, err := io.ReadAll(io.LimitReader(stream, int64(limit)+1))
		*buf = data
		if err != nil {
			return nil, c.brokenBody(err)
		}
		if len(data) > limit {
			return nil, c.tooLarge()
		}
	}
	return buf, nil
}

// maxBody is the limit of the request's body in bytes.
func (c *call) maxBody() int {
	if c.service != nil && c.service.MaxBody > 0 {
		return c.service.MaxBody
	}
	return c.g.cfg.MaxBody
}

// tooLarge reads some of what else comes, so that the client gets to read the
// answer, and ends the connection.
func (c *call) tooLarge() *awsapi.Error {
	c.rc.SetConnectionClose()
	if stream := c.rc.RequestBodyStream(); stream != nil {
		_ = c.rc.Conn().SetReadDeadline(time.Now().Add(drainTimeout))
		_, _ = io.CopyN(io.Discard, stream, int64(c.maxBody()))
	}
	return &awsapi.Error{
		Code:    "RequestEntityTooLargeException",
		Message: fmt.Sprintf("The request is larger than %d bytes.", c.maxBody()),
		Status:  http.StatusRequestEntityTooLarge,
	}
}

func (c *call) brokenBody(err error) *awsapi.Error {
	c.rc.SetConnectionClose()
	return &awsapi.Error{Code: "SerializationException", Message: "The body of the request ended early.", Cause: err}
}

// drainTimeout is how long a client may take to send what is not read.
const drainTimeout = 5 * time.Second

// broken answers what is no HTTP request. A connection on which none came in time
// ends without a word: a client that kept it in reserve would take an answer for
// that to its next request.
func (g *Gateway) broken(rc *fasthttp.RequestCtx, err error) {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		_ = rc.Conn().Close() // what is written next is lost
		return
	}
	rc.SetContentType("text/plain; charset=utf-8")
	status, text := http.StatusBadRequest, "The request is not valid HTTP."
	if strings.Contains(err.Error(), "small read buffer") {
		status, text = http.StatusRequestHeaderFieldsTooLarge, fmt.Sprintf("The request line and headers are larger than %d bytes.", maxHeaderBytes)
	}
	rc.SetStatusCode(status)
	rc.SetBodyString(text + "\n")
}
