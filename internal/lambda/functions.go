package lambda

import (
	"context"
	"errors"
	"io"
	"runtime"
	"syscall"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	api "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/lambda/code"
	"github.com/scopsdb/scops/internal/objects"
)

// architecture is what processes on this machine run.
func architecture() api.Architecture {
	if runtime.GOARCH == "arm64" {
		return api.ArchitectureArm64
	}
	return api.ArchitectureX8664
}

// checkArchitectures refuses code that cannot run here.
func checkArchitectures(list []api.Architecture) error {
	for _, a := range list {
		if a != architecture() {
			return unsupported("the architecture " + string(a) + " on this machine, which is " + string(architecture()))
		}
	}
	return nil
}

// CreateFunction stores a function. The answer is Pending, as at AWS; the next
// look at the function finds it Active.
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
func (s *Service) CreateFunction(ctx context.Context, in *lambda.CreateFunctionInput) (*api.FunctionConfiguration, error) {
	name, err := s.checkCreate(in)
	if err != nil {
		return nil, err
	}
	v := &version{Config: api.FunctionConfiguration{
		FunctionName: &name, FunctionArn: ptr(s.arn(name, "")), Version: ptr(latest),
		Description: ptr(""), MemorySize: ptr(int32(defaultMemory)), Timeout: ptr(int32(defaultTimeout)),
		Architectures: []api.Architecture{architecture()}, PackageType: api.PackageTypeZip,
		EphemeralStorage: &api.EphemeralStorage{Size: ptr(int32(512))},
		TracingConfig:    &api.TracingConfigResponse{Mode: api.TracingModePassThrough},
		SnapStart:        &api.SnapStartResponse{ApplyOn: api.SnapStartApplyOnNone, OptimizationStatus: api.SnapStartOptimizationStatusOff},
		LoggingConfig:    &api.LoggingConfig{LogFormat: api.LogFormatText, LogGroup: ptr("/aws/lambda/" + name)},
		State:            api.StateActive, LastUpdateStatus: api.LastUpdateStatusSuccessful,
	}}
	createSettings(in).apply(&v.Config)
	v.touch(s.cfg.Now())
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.store.function(ctx, name); !errors.Is(err, errNoRecord) {
		return nil, orConflict(err, "Function already exist: %s", name)
	}
	if err := s.setCode(ctx, v, source{in.Code.ZipFile, in.Code.S3Bucket, in.Code.S3Key, in.Code.S3ObjectVersion, "CreateFunction"}); err != nil {
		return nil, err
	}
	f := &function{Name: name, NextVersion: 1, Tags: in.Tags}
	out := v.Config
	err = s.store.change(ctx, func(q querier) error {
		if err := newFunction(ctx, q, f); err != nil {
			return err
		}
		if err := put(ctx, q, versionsTable, name, latest, v); err != nil || !in.Publish {
			return err
		}
		published, err := s.publish(ctx, q, f, v, "")
		out = published.Config
		return err
	})
	if err != nil {
		return nil, err
	}
	return pending(out), nil
}

func (s *Service) checkCreate(in *lambda.CreateFunctionInput) (string, error) {
	r, err := s.refer(in.FunctionName, nil)
	switch {
	case err != nil:
		return "", err
	case in.Code == nil:
		return "", constraint("null", "code", "Member must not be null")
	case in.PackageType == api.PackageTypeImage || value(in.Code.ImageUri) != "":
		return "", unsupported("container images (PackageType Image)")
	case value(in.CodeSigningConfigArn) != "":
		return "", unsupported("code signing (CodeSigningConfigArn)")
	case in.PublishTo != "":
		return "", unsupported("PublishTo")
	case value(in.Code.SourceKMSKeyArn) != "":
		return "", unsupported("KMS keys (Code.SourceKMSKeyArn)")
	case in.Code.S3ObjectStorageMode != "" && in.Code.S3ObjectStorageMode != api.S3ObjectStorageModeCopy:
		return "", unsupported("Code.S3ObjectStorageMode " + string(in.Code.S3ObjectStorageMode))
	case in.Role == nil:
		return "", constraint("null", "role", "Member must not be null")
	case in.Runtime == "":
		return "", invalid("Runtime is mandatory for functions created with deployment packages.")
	case in.Handler == nil:
		return "", invalid("Handler is mandatory for functions created with deployment packages.")
	}
	if err := checkArchitectures(in.Architectures); err != nil {
		return "", err
	}
	if err := CheckTags(in.Tags); err != nil {
		return "", err
	}
	return r.name, s.check(createSettings(in))
}

func orConflict(err error, format string, args ...any) error {
	if err != nil {
		return err
	}
	return conflict(format, args...)
}

// pending is how a new version is answered once.
func pending(c api.FunctionConfiguration) *api.FunctionConfiguration {
	c.State, c.StateReason, c.StateReasonCode = api.StatePending, ptr("The function is being created."), api.StateReasonCodeCreating
	c.LastUpdateStatus = ""
	return &c
}

// source is where an archive comes from.
type source struct {
	zip                  []byte
	bucket, key, version *string
	operation            string
}

// setCode stores the archive of a source and gives it to a version.
func (s *Service) setCode(ctx context.Context, v *version, from source) error {
	archive, err := s.archive(ctx, from)
	if err != nil {
		return err
	}
	if err := s.checkTotal(ctx, len(archive)); err != nil {
		return err
	}
	h, err := s.code.Put(archive)
	var refused *code.InvalidError
	if errors.As(err, &refused) {
		return invalid("%s", refused.Message)
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return awsapi.DiskFull(err)
	}
	if err != nil {
		return err
	}
	v.setCode(h, len(archive))
	return nil
}

func (s *Service) archive(ctx context.Context, from source) ([]byte, error) {
	switch {
	case len(from.zip) > 0 && (from.bucket != nil || from.key != nil):
		return nil, invalid("Please do not provide other FunctionCode parameters when providing a ZipFile.")
	case len(from.zip) > code.MaxZipped:
		return nil, tooLarge(code.MaxZipped, from.operation)
	case len(from.zip) > 0:
		return from.zip, nil
	case from.bucket == nil || from.key == nil:
		return nil, invalid("Please provide a source for function code.")
	case value(from.version) != "":
		return nil, unsupported("versions of S3 objects (S3ObjectVersion)")
	}
	body, info, err := s.cfg.Objects.Get(ctx, *from.bucket, *from.key, 0, -1)
	switch {
	case errors.Is(err, objects.ErrNoSuchBucket):
		return nil, invalid("Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist")
	case errors.Is(err, objects.ErrNoSuchKey):
		return nil, invalid("Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.")
	case err != nil:
		return nil, err
	}
	defer body.Close()
	if info.Size > code.MaxUnzipped {
		return nil, invalid("Unzipped size must be smaller than %d bytes", code.MaxUnzipped)
	}
	return io.ReadAll(io.LimitReader(body, code.MaxUnzipped+1))
}

// GetFunctionOutput is the shape of GetFunction's answer.
type GetFunctionOutput struct {
	Code          *api.FunctionCodeLocation
	Concurrency   *api.Concurrency
	Configuration *api.FunctionConfiguration
	Tags          map[string]string
}

// GetFunction answers a function's configuration and tags.
// https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
func (s *Service) GetFunction(ctx context.Context, in *lambda.GetFunctionInput) (*GetFunctionOutput, error) {
	r, err := s.refer(in.FunctionName, in.Qualifier)
	if err != nil {
		return nil, err
	}
	v, err := s.find(ctx, r)
	if err != nil {
		return nil, err
	}
	f, err := s.store.function(ctx, r.name)
	if err != nil {
		return nil, err
	}
	c := s.answer(r, v)
	out := &GetFunctionOutput{Configuration: &c, Tags: f.Tags, Code: &api.FunctionCodeLocation{RepositoryType: ptr("S3")}}
	if f.Reserved != nil {
		out.Concurrency = &api.Concurrency{ReservedConcurrentExecutions: f.Reserved}
	}
	return out, nil
}

// GetFunctionConfiguration answers a function's configuration.
// https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html
func (s *Service) GetFunctionConfiguration(ctx context.Context, in *lambda.GetFunctionConfigurationInput) (*api.FunctionConfiguration, error) {
	r, err := s.refer(in.FunctionName, in.Qualifier)
	if err != nil {
		return nil, err
	}
	v, err := s.find(ctx, r)
	if err != nil {
		return nil, err
	}
	c := s.answer(r, v)
	return &c, nil
}
