package gateway

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/sigv4"
	"github.com/valyala/fasthttp"
)

const (
	consolePrefix = "/_scops"
	healthPath    = "/_scops/health"
)

// route is where a request goes: to one service, or, where that is nil, to S3.
// operation is "" for the Query protocol until the form is read.
type route struct {
	service   *service
	operation string
	unknown   *awsapi.Error
}

// route decides as real clients need it: the target header and the credential
// scope name a service; form parameters are of the Query protocol; all else
// is S3, also unsigned.
func (r *router) route(req *fasthttp.Request) route {
	if target := req.Header.Peek("X-Amz-Target"); len(target) > 0 {
		prefix, operation, _ := strings.Cut(string(target), ".")
		if svc := r.byTarget[prefix]; svc != nil {
			return route{service: svc, operation: operation}
		}
		return route{unknown: r.unknownService(string(target))}
	}
	name := sigv4.Service(req)
	if svc := r.byName[name]; svc != nil {
		return route{service: svc}
	}
	if name != "" && name != "s3" {
		return route{unknown: r.unknownService(name)}
	}
	if name == "" && looksLikeQuery(req) {
		return route{service: r.byVersion(req), unknown: r.unknownService("the Action and Version of this request")}
	}
	return route{}
}

func (r *router) unknownService(what string) *awsapi.Error {
	return &awsapi.Error{
		Code:    "UnknownOperationException",
		Message: fmt.Sprintf("scops does not serve %s; it serves %s.", what, strings.Join(r.names, ", ")),
	}
}

// looksLikeQuery tells whether an unsigned request is of the Query protocol.
func looksLikeQuery(req *fasthttp.Request) bool {
	if args := req.URI().QueryArgs(); args.Has("Action") && args.Has("Version") {
		return true
	}
	return req.Header.IsPost() && bytes.HasPrefix(req.Header.ContentType(), []byte("application/x-www-form-urlencoded"))
}

// byVersion finds the service of an unsigned request of the Query protocol by
// its query string, else the only service with that protocol.
func (r *router) byVersion(req *fasthttp.Request) *service {
	version := string(req.URI().QueryArgs().Peek("Version"))
	for _, svc := range r.byName {
		if svc.Protocol == awsapi.Query && (version == "" || version == svc.Version) {
			return svc
		}
	}
	return nil
}
