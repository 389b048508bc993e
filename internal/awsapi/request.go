package awsapi

import (
	"context"
	"fmt"
	"time"
)

// Request is what a service may know of the call that it answers.
type Request struct {
	ID          string    // request id, answered as x-amzn-RequestId
	Scheme      string    // "http" or "https", as the client connected
	Host        string    // Host header as received, for example "127.0.0.1:4566"
	Region      string    // region of the credential scope, else the configured one
	AccountID   string    // twelve digits
	AccessKeyID string    // who signed
	Time        time.Time // when the request arrived
}

type requestKey struct{}

// WithRequest returns a context that carries r.
func WithRequest(ctx context.Context, r Request) context.Context {
	return context.WithValue(ctx, requestKey{}, r)
}

// RequestFrom returns the request that ctx carries, or a zero Request.
func RequestFrom(ctx context.Context) Request {
	r, _ := ctx.Value(requestKey{}).(Request)
	return r
}

// ARN returns arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE for the request's region
// and account.
func (r Request) ARN(service, resource string) string {
	return fmt.Sprintf("arn:aws:%s:%s:%s:%s", service, r.Region, r.AccountID, resource)
}

// BaseURL returns the scheme and host that the client used, without a final
// slash. SQS queue URLs are built on it: the JavaScript SDK sends to them.
func (r Request) BaseURL() string { return r.Scheme + "://" + r.Host }
