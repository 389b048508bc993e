package lambda

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	api "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/scopsdb/scops/internal/lambda/execution"
)

// Limits and defaults of a function's configuration.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const (
	defaultMemory  = 128
	defaultTimeout = 3
	maxEnvironment = 4096 // bytes of all variables, as JSON
)

var (
	rolePattern    = regexp.MustCompile(`^arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+$`)
	handlerPattern = regexp.MustCompile(`^[^\s]+$`)
	envPattern     = regexp.MustCompile(`^[a-zA-Z]([a-zA-Z0-9_])+$`)
	queuePattern   = regexp.MustCompile(`^arn:aws[a-zA-Z-]*:sqs:([a-z0-9-]+):(\d{12}):([a-zA-Z0-9-_]{1,80}(?:\.fifo)?)$`)
)

// reserved are the variables that a configuration cannot have.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
var reserved = map[string]bool{
	"_HANDLER": true, "_X_AMZN_TRACE_ID": true, "AWS_DEFAULT_REGION": true, "AWS_REGION": true, "AWS_EXECUTION_ENV": true,
	"AWS_LAMBDA_FUNCTION_NAME": true, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": true, "AWS_LAMBDA_FUNCTION_VERSION": true,
	"AWS_LAMBDA_INITIALIZATION_TYPE": true, "AWS_LAMBDA_LOG_GROUP_NAME": true, "AWS_LAMBDA_LOG_STREAM_NAME": true,
	"AWS_ACCESS_KEY": true, "AWS_ACCESS_KEY_ID": true, "AWS_SECRET_ACCESS_KEY": true, "AWS_SESSION_TOKEN": true,
	"AWS_LAMBDA_RUNTIME_API": true, "LAMBDA_TASK_ROOT": true, "LAMBDA_RUNTIME_DIR": true,
}

// settings are the members that creating and updating a configuration share; nil
// leaves a member as it is.
type settings struct {
	role, handler, description *string
	memory, timeout            *int32
	runtime                    api.Runtime
	environment                *api.Environment
	deadLetter                 *api.DeadLetterConfig
	ephemeral                  *api.EphemeralStorage
	logging                    *api.LoggingConfig
	tracing                    *api.TracingConfig
	snapStart                  *api.SnapStart
	vpc                        *api.VpcConfig
	kms                        *string
	layers                     []string
	fileSystems                []api.FileSystemConfig
	image                      *api.ImageConfig
	durable                    bool
	capacity                   bool
}

func createSettings(in *lambda.CreateFunctionInput) settings {
	return settings{
		role: in.Role, handler: in.Handler, description: in.Description, memory: in.MemorySize, timeout: in.Timeout, runtime: in.Runtime,
		environment: in.Environment, deadLetter: in.DeadLetterConfig, ephemeral: in.EphemeralStorage, logging: in.LoggingConfig,
		tracing: in.TracingConfig, snapStart: in.SnapStart, vpc: in.VpcConfig, kms: in.KMSKeyArn, layers: in.Layers,
		fileSystems: in.FileSystemConfigs, image: in.ImageConfig, durable: in.DurableConfig != nil,
		capacity: in.CapacityProviderConfig != nil || in.TenancyConfig != nil,
	}
}

func updateSettings(in *lambda.UpdateFunctionConfigurationInput) settings {
	return settings{
		role: in.Role, handler: in.Handler, description: in.Description, memory: in.MemorySize, timeout: in.Timeout, runtime: in.Runtime,
		environment: in.Environment, deadLetter: in.DeadLetterConfig, ephemeral: in.EphemeralStorage, logging: in.LoggingConfig,
		tracing: in.TracingConfig, snapStart: in.SnapStart, vpc: in.VpcConfig, kms: in.KMSKeyArn, layers: in.Layers,
		fileSystems: in.FileSystemConfigs, image: in.ImageConfig, durable: in.DurableConfig != nil,
		capacity: in.CapacityProviderConfig != nil,
	}
}

// refusals are parts of Lambda that scops does not have. Their empty forms ask
// for nothing and pass.
var refusals = []struct {
	what string
	asks func(settings) bool
}{
	{"layers (Layers)", func(s settings) bool { return len(s.layers) > 0 }},
	{"container images (ImageConfig)", func(s settings) bool { return s.image != nil }},
	{"VPCs (VpcConfig): functions reach what this machine reaches", func(s settings) bool {
		return s.vpc != nil && (len(s.vpc.SubnetIds) > 0 || len(s.vpc.SecurityGroupIds) > 0)
	}},
	{"file systems (FileSystemConfigs)", func(s settings) bool { return len(s.fileSystems) > 0 }},
	{"SnapStart (SnapStart.ApplyOn PublishedVersions)", func(s settings) bool {
		return s.snapStart != nil && s.snapStart.ApplyOn == api.SnapStartApplyOnPublishedVersions
	}},
	{"X-Ray (TracingConfig.Mode Active)", func(s settings) bool { return s.tracing != nil && s.tracing.Mode == api.TracingModeActive }},
	{"KMS keys (KMSKeyArn)", func(s settings) bool { return value(s.kms) != "" }},
	{"logs in JSON (LoggingConfig.LogFormat)", func(s settings) bool { return s.logging != nil && s.logging.LogFormat == api.LogFormatJson }},
	{"other log groups (LoggingConfig.LogGroup)", func(s settings) bool { return s.logging != nil && value(s.logging.LogGroup) != "" }},
	{"durable functions (DurableConfig)", func(s settings) bool { return s.durable }},
	{"capacity providers and tenants (CapacityProviderConfig, TenancyConfig)", func(s settings) bool { return s.capacity }},
}

// check holds settings to Lambda's rules.
func (s *Service) check(in settings) error {
	for _, f := range []func(settings) error{checkShapes, checkRuntime, checkEnvironment, s.checkDeadLetter} {
		if err := f(in); err != nil {
			return err
		}
	}
	for _, r := range refusals {
		if r.asks(in) {
			return unsupported(r.what)
		}
	}
	return nil
}

func checkShapes(in settings) error {
	ranges := []struct {
		member   string
		value    *int32
		min, max int32
	}{
		{"memorySize", in.memory, 128, 10240},
		{"timeout", in.timeout, 1, 900},
	}
	if in.ephemeral != nil {
		ranges = append(ranges, struct {
			member   string
			value    *int32
			min, max int32
		}{"ephemeralStorage.size", in.ephemeral.Size, 512, 10240})
	}
	for _, r := range ranges {
		switch {
		case r.value == nil:
		case *r.value < r.min:
			return constraint(fmt.Sprint(*r.value), r.member, fmt.Sprintf("Member must have value greater than or equal to %d", r.min))
		case *r.value > r.max:
			return constraint(fmt.Sprint(*r.value), r.member, fmt.Sprintf("Member must have value less than or equal to %d", r.max))
		}
	}
	switch {
	case in.role != nil && !rolePattern.MatchString(*in.role):
		return constraint(*in.role, "role", "Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+")
	case in.handler != nil && (!handlerPattern.MatchString(*in.handler) || len(*in.handler) > 128):
		return constraint(*in.handler, "handler", "Member must satisfy regular expression pattern: [^\\s]+")
	case len(value(in.description)) > 256:
		return constraint(*in.description, "description", "Member must have length less than or equal to 256")
	}
	return nil
}

func checkRuntime(in settings) error {
	switch {
	case in.runtime == "":
		return nil
	case !slices.Contains(in.runtime.Values(), in.runtime):
		return invalid("Value %s at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: %s or be a valid ARN", in.runtime, runtimeSet())
	case !execution.Runnable(string(in.runtime)):
		return unsupported(fmt.Sprintf("the runtime %s; it runs provided.al2023, provided.al2, nodejs and python3", in.runtime))
	}
	return nil
}

func runtimeSet() string {
	var names []string
	for _, r := range api.Runtime("").Values() {
		if execution.Runnable(string(r)) {
			names = append(names, string(r))
		}
	}
	return "[" + strings.Join(names, ", ") + "]"
}

func checkEnvironment(in settings) error {
	if in.environment == nil {
		return nil
	}
	var forbidden []string
	for _, name := range slices.Sorted(maps.Keys(in.environment.Variables)) {
		switch {
		case reserved[name]:
			forbidden = append(forbidden, name)
		case !envPattern.MatchString(name):
			return constraint(name, "environment.variables", "Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]")
		case strings.ContainsRune(in.environment.Variables[name], 0):
			return invalid("The value of the environment variable %s holds a null character.", name)
		}
	}
	if len(forbidden) > 0 {
		return invalid("Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: %s", strings.Join(forbidden, ", "))
	}
	text, err := json.Marshal(in.environment.Variables)
	if err != nil {
		return err
	}
	if len(text) > maxEnvironment {
		return invalid("Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: %s", text)
	}
	return nil
}

func (s *Service) checkDeadLetter(in settings) error {
	if in.deadLetter == nil || value(in.deadLetter.TargetArn) == "" {
		return nil
	}
	_, err := s.queueOf(*in.deadLetter.TargetArn, "DeadLetterConfig.TargetArn")
	return err
}

// queueOf is the name of the queue that an ARN of a dead-letter queue or a
// destination names.
func (s *Service) queueOf(arn, member string) (string, error) {
	m := queuePattern.FindStringSubmatch(arn)
	switch {
	case m == nil:
		return "", unsupported(fmt.Sprintf("%s as %s: it must be the ARN of an SQS queue", arn, member))
	case strings.HasSuffix(m[3], ".fifo"):
		return "", unsupported(fmt.Sprintf("FIFO queues as %s", member))
	case m[2] != s.cfg.AccountID:
		return "", invalid("The queue of %s is of another account: %s", member, arn)
	}
	return m[3], nil
}

// apply changes a configuration; what settings leaves out stays.
func (in settings) apply(c *api.FunctionConfiguration) {
	set(&c.Role, in.role)
	set(&c.Handler, in.handler)
	set(&c.Description, in.description)
	set(&c.MemorySize, in.memory)
	set(&c.Timeout, in.timeout)
	if in.runtime != "" {
		c.Runtime = in.runtime
		c.RuntimeVersionConfig = &api.RuntimeVersionConfig{RuntimeVersionArn: ptr("arn:aws:lambda:::runtime:" + string(in.runtime))}
	}
	if in.environment != nil {
		c.Environment = nil
		if len(in.environment.Variables) > 0 {
			c.Environment = &api.EnvironmentResponse{Variables: in.environment.Variables}
		}
	}
	if in.deadLetter != nil {
		c.DeadLetterConfig = nil
		if value(in.deadLetter.TargetArn) != "" {
			c.DeadLetterConfig = in.deadLetter
		}
	}
	if in.ephemeral != nil {
		c.EphemeralStorage = in.ephemeral
	}
}

func set[T any](to **T, v *T) {
	if v != nil {
		*to = v
	}
}
