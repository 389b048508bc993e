package e2e

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/stretchr/testify/require"
)

func TestLambdaInvoke(t *testing.T) {
	t.Parallel()
	s := shared(t)
	name := s.function()
	out := s.invoke(name, event{"text": "강남구"})
	require.EqualValues(t, 200, out.StatusCode)
	require.Nil(t, out.FunctionError)
	require.Equal(t, "$LATEST", *out.ExecutedVersion)
	require.JSONEq(t, `{"do":"","text":"강남구","seconds":0,"bytes":0}`, string(out.Payload))
}

// TestLambdaContext: what the runtime library makes of the headers, and that a
// process serves one invocation after the other.
func TestLambdaContext(t *testing.T) {
	t.Parallel()
	s := shared(t)
	name := s.function()
	var pids []float64
	for call := 1; call <= 2; call++ {
		out := s.invoke(name, event{"do": "context"}, func(in *lambda.InvokeInput) {
			in.ClientContext = aws.String(base64.StdEncoding.EncodeToString([]byte(`{"custom":{"k":"v"}}`)))
		})
		require.Nil(t, out.FunctionError, string(out.Payload))
		var got struct {
			Context struct {
				AwsRequestID, InvokedFunctionArn string
				ClientContext                    struct {
					Custom map[string]string `json:"custom"`
				}
			} `json:"context"`
			Deadline float64 `json:"deadline"`
			Calls    int     `json:"calls"`
			PID      float64 `json:"pid"`
		}
		require.NoError(t, json.Unmarshal(out.Payload, &got))
		require.Equal(t, call, got.Calls)
		require.Equal(t, "arn:aws:lambda:"+region+":000000000000:function:"+name, got.Context.InvokedFunctionArn)
		require.Equal(t, "v", got.Context.ClientContext.Custom["k"])
		require.Len(t, got.Context.AwsRequestID, 36)
		require.InDelta(t, 15, got.Deadline, 15)
		pids = append(pids, got.PID)
	}
	require.Equal(t, pids[0], pids[1], "a process is used again")
}

func TestLambdaEnvironment(t *testing.T) {
	t.Parallel()
	s := shared(t)
	name := s.function(func(in *lambda.CreateFunctionInput) {
		in.Environment = &types.Environment{Variables: map[string]string{"TABLE": "orders", "PATH": "/my/bin"}}
		in.MemorySize = aws.Int32(256)
	})
	var list []string
	require.NoError(t, json.Unmarshal(s.invoke(name, event{"do": "env"}).Payload, &list))
	env := map[string]string{}
	for _, pair := range list {
		k, v, _ := strings.Cut(pair, "=")
		env[k] = v
	}
	for k, v := range map[string]string{
		"TABLE": "orders", "PATH": "/my/bin", "AWS_REGION": region, "AWS_DEFAULT_REGION": region, "AWS_ENDPOINT_URL": s.endpoint,
		"AWS_LAMBDA_FUNCTION_NAME": name, "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
		"AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/" + name, "_HANDLER": "bootstrap", "TZ": ":UTC", "AWS_EXECUTION_ENV": "AWS_Lambda_provided.al2023",
	} {
		require.Equal(t, v, env[k], k)
	}
	for _, k := range []string{"AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "HOME", "TMPDIR"} {
		require.NotEmpty(t, env[k], k)
	}
	require.NotContains(t, env, "USER", "nothing of scops's own environment")
	require.NotContains(t, list, "AWS_SECRET_ACCESS_KEY="+s.secret, "not the keys of the account")
}

// TestLambdaReachesScops: an SDK inside of a function needs no configuration.
func TestLambdaReachesScops(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	name, queue := s.function(), unique("from-function-")
	made, err := s.sqs().CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &queue})
	require.NoError(t, err)
	out := s.invoke(name, event{"do": "send", "text": queue})
	require.Nil(t, out.FunctionError, string(out.Payload))
	got, err := s.sqs().ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: made.QueueUrl, WaitTimeSeconds: 5})
	require.NoError(t, err)
	require.Len(t, got.Messages, 1)
	require.Equal(t, "from a function", *got.Messages[0].Body)
}

func TestLambdaFailures(t *testing.T) {
	t.Parallel()
	s := shared(t)
	name := s.function(func(in *lambda.CreateFunctionInput) { in.Timeout = aws.Int32(1) })
	broken := s.function(func(in *lambda.CreateFunctionInput) {
		in.Environment = &types.Environment{Variables: map[string]string{"FAIL_INIT": "1"}}
	})
	for _, c := range []struct {
		function  string
		event     event
		kind, log string
		message   string
	}{
		{name, event{"do": "error", "text": "no stock"}, "errorString", "REPORT RequestId: ", "no stock"},
		{name, event{"do": "panic", "text": "at the disco"}, "string", "REPORT RequestId: ", "at the disco"},
		{name, event{"do": "exit"}, "Runtime.ExitError", "Status: error\tError Type: Runtime.ExitError", "RequestId: ID Error: Runtime exited with error: exit status 7"},
		{name, event{"do": "sleep", "seconds": 20}, "Sandbox.Timedout", "Task timed out after 1.00 seconds", "RequestId: ID Error: Task timed out after 1.00 seconds"},
		{name, event{"do": "large", "bytes": 7 << 20}, "Function.ResponseSizeTooLarge", "END RequestId: ", "Response payload size exceeded maximum allowed payload size (6291556 bytes)."},
		{broken, event{}, "Runtime.ExitError", "no start today", "RequestId: ID Error: Runtime exited with error: exit status 3"},
	} {
		out := s.invoke(c.function, c.event, func(in *lambda.InvokeInput) { in.LogType = types.LogTypeTail })
		require.EqualValues(t, 200, out.StatusCode)
		require.Equal(t, "Unhandled", aws.ToString(out.FunctionError), "%v: %s", c.event, out.Payload)
		var got struct{ ErrorType, ErrorMessage string }
		require.NoError(t, json.Unmarshal(out.Payload, &got))
		require.Equal(t, c.kind, got.ErrorType, "%v", c.event)
		if before, _, ok := strings.Cut(c.message, "ID"); ok && before == "RequestId: " {
			id := strings.Fields(got.ErrorMessage)[1]
			c.message = strings.Replace(c.message, "ID", id, 1)
		}
		require.Equal(t, c.message, got.ErrorMessage, "%v", c.event)
		log, err := base64.StdEncoding.DecodeString(aws.ToString(out.LogResult))
		require.NoError(t, err)
		require.Contains(t, string(log), c.log, "%v", c.event)
	}
	require.Nil(t, s.invoke(name, event{}).FunctionError, "the function works after all that")
}
