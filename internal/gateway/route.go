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
	form      bool // of the Query protocol; without a service: unsigned
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
		return route{service: svc, form: svc.Protocol == awsapi.Query || svc.Version != "" && looksLikeQuery(req)}
	}
	if name != "" && name != "s3" {
		return route{unknown: r.unknownService(name)}
	}
	if name == "" && looksLikeQuery(req) {
		return route{form: true}
	}
	return route{}
}

func (r *router) unknownService(what string) *awsapi.Error {
	return &awsapi.Error{
		Code:    "UnknownOperationException",
		Message: fmt.Sprintf("scops does not serve %s; it serves %s.", what, strings.Join(r.names, ", ")),
	}
}

// looksLikeQuery tells whether a request without a target header is of the Query
// protocol.
func looksLikeQuery(req *fasthttp.Request) bool {
	if args := req.URI().QueryArgs(); args.Has("Action") && args.Has("Version") {
		return true
	}
	return req.Header.IsPost() && bytes.HasPrefix(req.Header.ContentType(), []byte("application/x-www-form-urlencoded"))
}

// byVersion finds the service of an unsigned request of the Query protocol, whose
// form alone tells, or nil.
func (r *router) byVersion(version string) *service {
	for _, name := range r.names {
		if svc := r.byName[name]; svc != nil && svc.Version != "" && svc.Version == version {
			return svc
		}
	}
	return nil
}
