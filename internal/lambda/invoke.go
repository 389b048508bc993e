package lambda

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	api "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/google/uuid"
	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/lambda/execution"
)

// Limits of payloads in bytes.
const (
	maxSyncPayload   = 6291456
	maxAsyncPayload  = 1048576
	maxClientContext = 3583 // of its base64
)

// Invoke runs a function and answers with its result, or queues an event for it.
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
func (s *Service) Invoke(ctx context.Context, in *lambda.InvokeInput) (*lambda.InvokeOutput, error) {
	r, err := s.refer(in.FunctionName, in.Qualifier)
	if err != nil {
		return nil, err
	}
	inv, err := s.invocation(ctx, in)
	if err != nil {
		return nil, err
	}
	switch in.InvocationType {
	case api.InvocationTypeDryRun:
		if _, err := s.find(ctx, r); err != nil {
			return nil, err
		}
		return &lambda.InvokeOutput{StatusCode: http.StatusNoContent}, nil
	case api.InvocationTypeEvent:
		if err := s.queueEvent(ctx, r, inv); err != nil {
			return nil, err
		}
		return &lambda.InvokeOutput{StatusCode: http.StatusAccepted}, nil
	}
	result, err := s.run(ctx, r, inv)
	if err != nil {
		return nil, err
	}
	out := &lambda.InvokeOutput{StatusCode: http.StatusOK, Payload: result.Payload, ExecutedVersion: &result.ExecutedVersion}
	if result.FunctionError != "" {
		out.FunctionError = &result.FunctionError
	}
	if in.LogType == api.LogTypeTail {
		out.LogResult = ptr(base64.StdEncoding.EncodeToString(result.Log))
	}
	return out, nil
}

// invocation checks what an invocation consists of.
func (s *Service) invocation(ctx context.Context, in *lambda.InvokeInput) (execution.Invocation, error) {
	inv := execution.Invocation{RequestID: awsapi.RequestFrom(ctx).ID, Payload: in.Payload}
	limit := maxSyncPayload
	switch in.InvocationType {
	case "", api.InvocationTypeRequestResponse, api.InvocationTypeDryRun:
	case api.InvocationTypeEvent:
		limit = maxAsyncPayload
	default:
		return inv, constraint(string(in.InvocationType), "invocationType", "Member must satisfy enum value set: [Event, RequestResponse, DryRun]")
	}
	switch {
	case in.LogType != "" && in.LogType != api.LogTypeTail && in.LogType != api.LogTypeNone:
		return inv, constraint(string(in.LogType), "logType", "Member must satisfy enum value set: [None, Tail]")
	case value(in.TenantId) != "":
		return inv, unsupported("tenants (X-Amz-Tenant-Id)")
	case value(in.DurableExecutionName) != "":
		return inv, unsupported("durable functions (X-Amz-Durable-Execution-Name)")
	case len(in.Payload) > limit:
		return inv, tooLarge(limit, "InvokeFunction")
	case len(in.Payload) == 0:
		inv.Payload = []byte("{}")
	case !json.Valid(in.Payload):
		return inv, awsapi.Errorf("InvalidRequestContentException", "Could not parse request body into json: the payload is no JSON")
	}
	if in.ClientContext == nil {
		return inv, nil
	}
	text, err := base64.StdEncoding.DecodeString(*in.ClientContext)
	if err != nil || len(*in.ClientContext) > maxClientContext || !json.Valid(text) {
		return inv, awsapi.Errorf("InvalidRequestContentException", "Client context must be a valid Base64-encoded JSON object.")
	}
	inv.ClientContext = string(text)
	return inv, nil
}

// Result is how a synchronous invocation ended.
type Result struct {
	RequestID       string
	Payload         []byte // JSON of the handler, or of its error
	FunctionError   string // "" or "Unhandled": the function failed and Payload says why
	ExecutedVersion string // "$LATEST" or a number
	Log             []byte // what the invocation printed, its last 4 KiB
	Throttled       bool   // it was not run: a limit of concurrency is reached. Try again
}

// Invoker runs functions for other parts of scops.
type Invoker interface {
	// InvokeFunction runs a function once, as Invoke with RequestResponse.
	// function is a name or an ARN, also with a qualifier; qualifier may be "". The
	// payload is JSON. A function that fails is a Result with FunctionError; an
	// error (an *awsapi.Error: ResourceNotFoundException and so on) says that the
	// function was not run.
	InvokeFunction(ctx context.Context, function, qualifier string, payload []byte) (Result, error)
	// DescribeFunction tells of the function that a name, an ARN and a qualifier
	// stand for.
	DescribeFunction(ctx context.Context, function, qualifier string) (Description, error)
}

// Description is what other parts of scops need to know of a function.
type Description struct {
	Name    string
	ARN     string // with the qualifier, where there is one
	Version string // "$LATEST" or a number
	Timeout time.Duration
}

var _ Invoker = (*Service)(nil)

// InvokeFunction is of Invoker.
func (s *Service) InvokeFunction(ctx context.Context, function, qualifier string, payload []byte) (Result, error) {
	in := &lambda.InvokeInput{FunctionName: &function, Payload: payload}
	if qualifier != "" {
		in.Qualifier = &qualifier
	}
	r, err := s.refer(in.FunctionName, in.Qualifier)
	if err != nil {
		return Result{}, err
	}
	inv, err := s.invocation(ctx, in)
	if err != nil {
		return Result{}, err
	}
	inv.RequestID = uuid.NewString()
	result, err := s.run(ctx, r, inv)
	var refused *awsapi.Error
	if errors.As(err, &refused) && refused.Status == http.StatusTooManyRequests {
		return Result{RequestID: inv.RequestID, Throttled: true}, nil
	}
	return result, err
}

// DescribeFunction is of Invoker.
func (s *Service) DescribeFunction(ctx context.Context, function, qualifier string) (Description, error) {
	var q *string
	if qualifier != "" {
		q = &qualifier
	}
	r, err := s.refer(&function, q)
	if err != nil {
		return Description{}, err
	}
	v, err := s.find(ctx, r)
	if err != nil {
		return Description{}, err
	}
	return Description{
		Name: r.name, ARN: s.arn(r.name, r.qualifier), Version: value(v.Config.Version),
		Timeout: time.Duration(value(v.Config.Timeout)) * time.Second,
	}, nil
}

// run runs one invocation to its end.
func (s *Service) run(ctx context.Context, r reference, inv execution.Invocation) (Result, error) {
	release, err := s.admit(ctx, r.name)
	if err != nil {
		return Result{}, err
	}
	defer release()
	target, err := s.route(ctx, r)
	if err != nil {
		return Result{}, err
	}
	inv.FunctionARN = s.arn(r.name, r.qualifier)
	v, result, err := s.runVersion(ctx, target, inv)
	switch {
	case errors.Is(err, execution.ErrClosed):
		return Result{}, &awsapi.Error{Code: "ServiceException", Message: "The server is shutting down.", Status: http.StatusServiceUnavailable, Receiver: true}
	case err != nil:
		return Result{}, err
	}
	out := Result{RequestID: inv.RequestID, Payload: result.Payload, Log: result.Log, ExecutedVersion: value(v.Config.Version)}
	if result.Failed {
		out.FunctionError = "Unhandled"
	}
	return out, nil
}

// runVersion runs an invocation of a version. Its code may be replaced between
// the look at the version and the start of a process: then it is looked at again.
func (s *Service) runVersion(ctx context.Context, r reference, inv execution.Invocation) (*version, execution.Result, error) {
	for again := true; ; again = false {
		v, err := s.find(ctx, r)
		if err != nil {
			return nil, execution.Result{}, err
		}
		result, err := s.runner.Invoke(s.runnable(v), inv)
		if again && errors.Is(err, fs.ErrNotExist) {
			continue
		}
		return v, result, err
	}
}

// runnable is a version as package execution runs it.
func (s *Service) runnable(v *version) *execution.Function {
	c := &v.Config
	fn := &execution.Function{
		Key: runKey(v), Name: value(c.FunctionName), Version: value(c.Version),
		Role: value(c.Role), Runtime: string(c.Runtime), Handler: value(c.Handler), Memory: int(value(c.MemorySize)),
		Timeout: time.Duration(value(c.Timeout)) * time.Second,
		Files:   func() (string, func(), error) { return s.code.Files(v.Code) },
	}
	if c.Environment != nil {
		fn.Env = c.Environment.Variables
	}
	return fn
}

// runKey names what runs: processes of another revision are not used.
func runKey(v *version) string {
	return value(v.Config.FunctionName) + ":" + value(v.Config.Version) + ":" + value(v.Config.RevisionId)
}

// retire ends the processes of a version but those of its present revision; of
// all versions where v is nil.
func (s *Service) retire(name string, v *version) {
	if v == nil {
		s.runner.Retire(name+":", "")
		return
	}
	s.runner.Retire(name+":"+value(v.Config.Version)+":", runKey(v))
}
