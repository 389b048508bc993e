package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/stretchr/testify/require"
)

// alive tells whether a process runs that is not a zombie.
func alive(pid int) bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	return rest != "" && rest[0] != 'Z' && rest[0] != 'X'
}

func awaitEnd(t *testing.T, pid int) {
	t.Helper()
	require.Eventually(t, func() bool { return !alive(pid) }, time.Minute, 5*time.Millisecond, "process %d still runs", pid)
}

// pid starts a process of a function, if none waits, and tells its number.
func (s *scops) pid(name string) int {
	s.t.Helper()
	var got struct {
		PID int `json:"pid"`
	}
	require.NoError(s.t, json.Unmarshal(s.invoke(name, event{"do": "context"}).Payload, &got))
	require.Positive(s.t, got.PID)
	return got.PID
}

// TestLambdaKill: no process of a function outlives scops, however it ends, and
// the functions are there after the next start.
func TestLambdaKill(t *testing.T) {
	t.Parallel()
	s := start(t, "")
	name := s.function()
	pid := s.pid(name)
	require.True(t, alive(pid))
	s.kill()
	awaitEnd(t, pid)
	s.run()
	require.Nil(t, s.invoke(name, event{}).FunctionError)
	pid = s.pid(name)
	require.NoError(t, s.stop())
	require.False(t, alive(pid), "a clean end waits for its processes")
}

// TestLambdaProcesses: what ends a process, and what it started.
func TestLambdaProcesses(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, "lambda: {idle: 300ms}\n"), context.Background()
	term := filepath.Join(t.TempDir(), "terminated")
	name := s.function(func(in *lambda.CreateFunctionInput) {
		in.Environment = &types.Environment{Variables: map[string]string{"ON_SIGTERM": term}}
	})
	awaitEnd(t, s.pid(name)) // idle
	text, err := os.ReadFile(term)
	require.NoError(t, err)
	require.Equal(t, "terminated", string(text), "the runtime library was told")

	pid := s.pid(name)
	_, err = s.lambda().UpdateFunctionConfiguration(ctx, &lambda.UpdateFunctionConfigurationInput{FunctionName: &name, MemorySize: aws.Int32(128), Environment: &types.Environment{}})
	require.NoError(t, err)
	awaitEnd(t, pid)

	out := s.invoke(name, event{"do": "grow", "bytes": 400 << 20})
	var failure struct{ ErrorType, ErrorMessage string }
	require.NoError(t, json.Unmarshal(out.Payload, &failure))
	require.Equal(t, "Runtime.OutOfMemory", failure.ErrorType)
	require.Contains(t, failure.ErrorMessage, "Runtime exited with error: signal: killed")

	var child int
	require.NoError(t, json.Unmarshal(s.invoke(name, event{"do": "child"}).Payload, &child))
	require.Positive(t, child)
	awaitEnd(t, child)
}

// TestLambdaConcurrency: a function with a reserved concurrency runs so often at
// a time and not more.
func TestLambdaConcurrency(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, "lambda: {concurrency: 4}\n"), context.Background()
	c, name, other := s.lambda(), s.function(), s.function()
	_, err := c.PutFunctionConcurrency(ctx, &lambda.PutFunctionConcurrencyInput{FunctionName: &name, ReservedConcurrentExecutions: aws.Int32(4)})
	requireAPIError(t, err, "InvalidParameterValueException", http.StatusBadRequest, "below its minimum value of [1]")
	_, err = c.PutFunctionConcurrency(ctx, &lambda.PutFunctionConcurrencyInput{FunctionName: &name, ReservedConcurrentExecutions: aws.Int32(2)})
	require.NoError(t, err)
	got, err := c.GetFunctionConcurrency(ctx, &lambda.GetFunctionConcurrencyInput{FunctionName: &name})
	require.NoError(t, err)
	require.EqualValues(t, 2, *got.ReservedConcurrentExecutions)

	dir := t.TempDir()
	gate := filepath.Join(dir, "gate")
	wait, err := json.Marshal(event{"do": "wait", "text": gate})
	require.NoError(t, err)
	invoke := func(function string, payload []byte) error {
		_, err := c.Invoke(ctx, &lambda.InvokeInput{FunctionName: &function, Payload: payload}, func(o *lambda.Options) { o.RetryMaxAttempts = 1 })
		return err
	}
	once := func(function string) error { return invoke(function, nil) }
	var calls sync.WaitGroup
	begin := func(function string, n int) {
		for range n {
			calls.Go(func() {
				for invoke(function, wait) != nil { // a look from below may have the place
				}
			})
		}
	}
	// Both functions have two places, as the first reserved them.
	for _, function := range []string{name, other} {
		begin(function, 2)
		require.Eventually(t, func() bool { return once(function) != nil }, time.Minute, time.Millisecond)
		requireAPIError(t, once(function), "TooManyRequestsException", http.StatusTooManyRequests, "Rate Exceeded.")
	}
	require.NoError(t, os.WriteFile(gate, nil, 0o600))
	calls.Wait()
	require.NoError(t, once(name))
	require.NoError(t, once(other))
	_, err = c.DeleteFunctionConcurrency(ctx, &lambda.DeleteFunctionConcurrencyInput{FunctionName: &name})
	require.NoError(t, err)
	settings, err := c.GetAccountSettings(ctx, &lambda.GetAccountSettingsInput{})
	require.NoError(t, err)
	require.EqualValues(t, 4, *settings.AccountLimit.UnreservedConcurrentExecutions)
}

func TestLambdaDryRun(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	name := s.function()
	out := s.invoke(name, event{"do": "error"}, func(in *lambda.InvokeInput) { in.InvocationType = types.InvocationTypeDryRun })
	require.EqualValues(t, http.StatusNoContent, out.StatusCode)
	_, err := s.lambda().Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String("nothing"), InvocationType: types.InvocationTypeDryRun})
	requireAPIError(t, err, "ResourceNotFoundException", http.StatusNotFound, "Function not found")
	_, err = s.lambda().Invoke(ctx, &lambda.InvokeInput{FunctionName: &name, Payload: []byte("no json")})
	requireAPIError(t, err, "InvalidRequestContentException", http.StatusBadRequest, "Could not parse request body into json")
	_, err = s.lambda().Invoke(ctx, &lambda.InvokeInput{FunctionName: &name, Payload: []byte(`"` + strings.Repeat("x", 6<<20) + `"`)})
	requireAPIError(t, err, "RequestEntityTooLargeException", http.StatusRequestEntityTooLarge, "Request must be smaller than 6291456 bytes")
}
