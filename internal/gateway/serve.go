package gateway

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/gateway/awsjson"
	"github.com/scopsdb/scops/internal/gateway/awsquery"
	"github.com/scopsdb/scops/internal/sigv4"
	"github.com/scopsdb/scops/internal/sqlite"
)

// serve answers a request to a service: read, verify, decode, call, encode.
func (c *call) serve() {
	body, aerr := c.body()
	if aerr != nil {
		c.fail(aerr)
		return
	}
	in, op, aerr := c.verified(*body)
	releaseBody(body) // before the call, which may wait for long
	if aerr != nil {
		c.fail(aerr)
		return
	}
	ctx, release := c.g.watch.context(awsapi.WithRequest(c.g.requests, c.request()), c.rc.Conn())
	out, err := op.Call(ctx, in)
	release()
	if err == nil {
		err = c.write(out)
	}
	if err != nil {
		c.fail(c.failure(err))
	}
}

// verified checks the signature and decodes the body for its operation. Nothing
// that it returns refers to the body.
func (c *call) verified(body []byte) (any, awsapi.Operation, *awsapi.Error) {
	id, scope, err := c.g.verifier.Verify(&c.rc.Request, body, c.service.SigningName)
	if err != nil {
		return nil, awsapi.Operation{}, c.signatureError(err)
	}
	c.access, c.region = id.AccessKeyID, scope.Region
	return c.input(body)
}

// refuseUnsigned answers an unsigned request of the Query protocol in the words
// of the service that its Version names.
func (c *call) refuseUnsigned() {
	body, aerr := c.body()
	if aerr != nil {
		c.fail(aerr)
		return
	}
	defer releaseBody(body)
	form, err := awsquery.Parse(string(c.rc.URI().QueryString()), string(*body))
	if err != nil {
		c.fail(awsapi.Errorf("MalformedQueryString", "%s", err.Error()))
		return
	}
	if c.service = c.g.router.byVersion(form.Get("Version")); c.service == nil {
		c.fail(c.g.router.unknownService("the Action and Version of this request"))
		return
	}
	c.operation, c.form = form.Get("Action"), true
	_, _, err = c.g.verifier.Verify(&c.rc.Request, *body, c.service.SigningName)
	c.fail(c.signatureError(err))
}

// input decodes the body for its operation.
func (c *call) input(body []byte) (any, awsapi.Operation, *awsapi.Error) {
	if c.form {
		return c.formInput(body)
	}
	if c.service.Protocol == awsapi.REST {
		return c.restInput(body)
	}
	op, aerr := c.find()
	if aerr != nil {
		return nil, op, aerr
	}
	in := op.New()
	if err := awsjson.Decode(body, in); err != nil {
		return nil, op, awsapi.Errorf("SerializationException", "%s", err.Error())
	}
	return in, op, nil
}

func (c *call) formInput(body []byte) (any, awsapi.Operation, *awsapi.Error) {
	form, err := awsquery.Parse(string(c.rc.URI().QueryString()), string(body))
	if err != nil {
		return nil, awsapi.Operation{}, awsapi.Errorf("MalformedQueryString", "%s", err.Error())
	}
	c.operation = form.Get("Action")
	if version := form.Get("Version"); version != c.service.Version {
		return nil, awsapi.Operation{}, awsapi.Errorf("InvalidAction", "Could not find operation %s for version %s", c.operation, version)
	}
	op, aerr := c.find()
	if aerr != nil {
		return nil, op, aerr
	}
	if path := string(c.rc.Path()); c.service.PathMember != "" && path != "/" && form.Get(c.service.PathMember) == "" {
		form.Set(c.service.PathMember, path)
	}
	in := op.New()
	if err := awsquery.Decode(form, c.names(), in); err != nil {
		return nil, op, &awsapi.Error{Code: "ValidationError", QueryCode: c.badParameter(), Message: err.Error()}
	}
	return in, op, nil
}

// names are what the Query protocol calls the members of the operation.
func (c *call) names() awsquery.Names {
	return awsquery.Names{Operation: c.operation, Flat: c.service.Flat}
}

// badParameter is the code for a parameter that does not fit: SQS has one of its
// own for all of them.
func (c *call) badParameter() string {
	if c.service.QueryCodes {
		return "InvalidParameterValue"
	}
	return ""
}

// find returns the operation that the request names.
func (c *call) find() (awsapi.Operation, *awsapi.Error) {
	if op, ok := c.service.operations[c.operation]; ok {
		return op, nil
	}
	if c.service.missing[c.operation] {
		return awsapi.Operation{}, c.notImplemented()
	}
	return awsapi.Operation{}, c.unknownOperation()
}

func (c *call) notImplemented() *awsapi.Error {
	e := awsapi.Errorf("NotImplemented", "scops does not implement the operation %s of %s.", c.operation, c.service.SigningName)
	if c.service.QueryCodes {
		e.Code, e.QueryCode = "UnsupportedOperation", "AWS.SimpleQueueService.UnsupportedOperation"
	}
	return e
}

func (c *call) unknownOperation() *awsapi.Error {
	switch {
	case c.service.Protocol == awsapi.REST:
		e := awsapi.Errorf("UnknownOperationException", "The service %s has no operation at %s %s.", c.service.SigningName, c.rc.Method(), c.rc.Path())
		e.Status = http.StatusNotFound
		return e
	case c.form:
		return awsapi.Errorf("InvalidAction", "Could not find operation %s for version %s", c.operation, c.service.Version)
	case c.operation == "":
		return awsapi.Errorf("UnknownOperationException", "The header X-Amz-Target names no operation of %s.", c.service.SigningName)
	}
	return awsapi.Errorf("UnknownOperationException", "The service %s has no operation %s.", c.service.SigningName, c.operation)
}

// signatureCode are the codes of one kind of signature error in the JSON and
// the Query protocol.
type signatureCode struct {
	json, query string
	status      int // in the JSON protocol
}

var signatureCodes = map[sigv4.Kind]signatureCode{
	sigv4.Missing:      {"MissingAuthenticationTokenException", "MissingAuthenticationToken", http.StatusForbidden},
	sigv4.Incomplete:   {"IncompleteSignatureException", "IncompleteSignature", http.StatusBadRequest},
	sigv4.UnknownKey:   {"UnrecognizedClientException", "InvalidClientTokenId", http.StatusBadRequest},
	sigv4.ExpiredToken: {"ExpiredTokenException", "ExpiredToken", http.StatusBadRequest},
	sigv4.Mismatch:     {"InvalidSignatureException", "SignatureDoesNotMatch", http.StatusBadRequest},
	sigv4.Skewed:       {"InvalidSignatureException", "SignatureDoesNotMatch", http.StatusBadRequest},
}

func (c *call) signatureError(err error) *awsapi.Error {
	var e *sigv4.Error
	if !errors.As(err, &e) {
		return awsapi.AsError(err)
	}
	code := signatureCodes[e.Kind]
	out := &awsapi.Error{Code: code.json, QueryCode: code.query, Message: e.Message, Status: code.status}
	if c.form || c.service.QueryCodes || c.service.Protocol == awsapi.REST {
		out.Status = http.StatusForbidden
	}
	return out
}

// failure turns what an operation returned into an error for the client. What
// is our fault is logged here, once.
func (c *call) failure(err error) *awsapi.Error {
	if errors.Is(err, context.Canceled) && c.g.drain.Err() != nil {
		return &awsapi.Error{Code: "ServiceUnavailable", Message: "The server is shutting down.", Status: http.StatusServiceUnavailable, Receiver: true}
	}
	e := awsapi.AsError(err)
	switch {
	case sqlite.IsFull(err):
		e = awsapi.DiskFull(err)
		c.g.cfg.Log.Error("disk is full", "request", c.id, "service", c.name(), "operation", c.operation, "error", err)
	case errors.Is(err, context.Canceled):
		c.g.cfg.Log.Debug("client went away", "request", c.id, "service", c.name(), "operation", c.operation)
	case e.HTTPStatus() == http.StatusServiceUnavailable:
		// A service that is short of something says so once in the log, not for
		// each of the thousands of requests a second that it refuses.
		c.g.cfg.Log.Debug("operation refused", "request", c.id, "service", c.name(), "operation", c.operation, "error", err)
	case e.HTTPStatus() >= http.StatusInternalServerError:
		c.g.cfg.Log.Error("operation failed", "request", c.id, "service", c.name(), "operation", c.operation, "error", err)
	}
	return e
}

// write answers with the output of the operation.
func (c *call) write(out any) error {
	c.rc.Response.Header.Set("X-Amzn-Requestid", c.id)
	if c.form {
		text, err := awsquery.Response(c.names(), c.service.XMLNamespace, c.id, out)
		if err != nil {
			return err
		}
		c.rc.SetContentType("text/xml")
		c.rc.SetBody(text)
		return nil
	}
	if c.service.Protocol == awsapi.REST {
		return c.writeREST(out)
	}
	buf := bodies.Get().(*[]byte)
	defer releaseBody(buf)
	text, err := awsjson.Append((*buf)[:0], out)
	*buf = text
	if err != nil {
		return err
	}
	c.rc.SetContentType(c.contentType())
	c.rc.SetBody(text)
	return nil
}

func (c *call) contentType() string {
	if c.service != nil && c.service.Protocol == awsapi.JSON11 {
		return "application/x-amz-json-1.1"
	}
	return "application/x-amz-json-1.0"
}

// shapePrefix is the namespace of SQS's error shapes. The framework's own have
// another.
func (c *call) shapePrefix(code string) string {
	if c.service == nil || !c.service.QueryCodes {
		return ""
	}
	if frameworkShapes[code] || strings.HasSuffix(code, "SignatureException") {
		return "com.amazon.coral.service#"
	}
	return "com.amazonaws." + c.service.SigningName + "#"
}

var frameworkShapes = map[string]bool{
	"ExpiredTokenException": true, "InvalidParameterValueException": true, "MissingAuthenticationTokenException": true,
	"SerializationException": true, "UnknownOperationException": true, "UnrecognizedClientException": true,
}
