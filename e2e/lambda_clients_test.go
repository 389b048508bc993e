package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/stretchr/testify/require"
)

// TestLambdaAWSCLI deploys and calls a function as a user does.
func TestLambdaAWSCLI(t *testing.T) {
	t.Parallel()
	aws, s := tool(t, "aws"), shared(t)
	code, err := functionZip()
	require.NoError(t, err)
	dir, name := t.TempDir(), unique("cli-")
	archive, answer, payload := filepath.Join(dir, "function.zip"), filepath.Join(dir, "answer.json"), filepath.Join(dir, "payload.json")
	require.NoError(t, os.WriteFile(payload, []byte(`{"text":"구로구"}`), 0o600))
	require.NoError(t, os.WriteFile(archive, code, 0o600))
	s.cli(aws, "lambda", "create-function", "--function-name", name, "--runtime", "provided.al2023", "--handler", "bootstrap",
		"--role", functionRole, "--zip-file", "fileb://"+archive, "--environment", "Variables={TABLE=orders}", "--tags", "a=1")
	s.cli(aws, "lambda", "wait", "function-active-v2", "--function-name", name)
	out := s.cli(aws, "lambda", "invoke", "--function-name", name, "--payload", "fileb://"+payload, "--log-type", "Tail", answer)
	require.Contains(t, out, `"ExecutedVersion": "$LATEST"`)
	require.Contains(t, out, `"LogResult"`)
	text, err := os.ReadFile(answer)
	require.NoError(t, err)
	require.JSONEq(t, `{"do":"","text":"구로구","seconds":0,"bytes":0}`, string(text))
	out = s.cli(aws, "lambda", "get-function", "--function-name", name, "--query", "[Configuration.State,Configuration.Timeout,Tags.a]", "--output", "text")
	require.Equal(t, "Active\t3\t1", strings.TrimSpace(out))
	out = s.cli(aws, "lambda", "invoke", "--function-name", name, "--invocation-type", "Event", answer)
	require.Contains(t, out, `"StatusCode": 202`)
	s.cli(aws, "lambda", "delete-function", "--function-name", name)
}

// TestLambdaPython runs a handler with AWS's runtime interface client, from a
// folder that the configuration names and from the archive of the function.
func TestLambdaPython(t *testing.T) {
	t.Parallel()
	interpreter := python(t, usual, "awslambdaric")
	out, err := exec.Command(interpreter, "-c", "import sys, os, awslambdaric; print(sys.version_info[1], os.path.dirname(os.path.dirname(awslambdaric.__file__)))").Output()
	require.NoError(t, err)
	minor, client, _ := strings.Cut(strings.TrimSpace(string(out)), " ")
	name := "python3." + minor
	if os.Getenv("SCOPS_E2E_REQUIRE") == "" && !known(types.Runtime(name)) {
		t.Skip(name + " is no runtime of Lambda")
	}
	s := start(t, fmt.Sprintf("lambda: {runtimes: {python: {%s: %q}, python_client: %q}}\n", name, interpreter, client))
	source := `
import json, os
def handle(event, context):
    print("hello from python")
    if "fail" in event:
        raise ValueError("no " + event["fail"])
    return {"event": event, "arn": context.invoked_function_arn, "left": context.get_remaining_time_in_millis() > 0, "table": os.environ["TABLE"]}
`
	code, err := zipOf(entry{"work.py", 0o644, []byte(source)})
	require.NoError(t, err)
	f := s.function(func(in *lambda.CreateFunctionInput) {
		in.Runtime, in.Handler, in.Code.ZipFile = types.Runtime(name), aws.String("work.handle"), code
		in.Environment = &types.Environment{Variables: map[string]string{"TABLE": "orders"}}
	})
	var got struct {
		Event event
		ARN   string
		Left  bool
		Table string
	}
	result := s.invoke(f, event{"district": "강남구"})
	require.Nil(t, result.FunctionError, string(result.Payload))
	require.NoError(t, json.Unmarshal(result.Payload, &got))
	require.Equal(t, event{"district": "강남구"}, got.Event)
	require.Equal(t, "arn:aws:lambda:"+region+":000000000000:function:"+f, got.ARN)
	require.True(t, got.Left)
	require.Equal(t, "orders", got.Table)
	result = s.invoke(f, event{"fail": "stock"})
	require.Equal(t, "Unhandled", aws.ToString(result.FunctionError))
	require.Contains(t, string(result.Payload), `"errorMessage": "no stock"`)
	require.Contains(t, string(result.Payload), `"errorType": "ValueError"`)
}

func known(r types.Runtime) bool {
	for _, v := range r.Values() {
		if v == r {
			return true
		}
	}
	return false
}
