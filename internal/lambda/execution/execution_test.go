package execution

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestRuntimeAPI(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	fn := r.function("wrong")
	want := `"403 InvalidStateTransition, 400 InvalidRequestID, 400 InvalidRequestID, 400 InvalidStreamingMode, 403 InvalidStateTransition, 400 Extension.InvalidEventType"`
	for range 2 { // the second finds it well
		result := r.invoke(fn, "{}")
		require.Equal(t, want, string(result.Payload))
		require.False(t, result.Failed)
	}
}

func TestFailures(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, c := range []struct{ behaviour, kind, message string }{
		{"init", "Import", "no module"},
		{"early", "Runtime.ExitError", "Error: Runtime exited without providing a reason"},
		{"signal", "Runtime.ExitError", "Error: Runtime exited with error: signal: killed"},
	} {
		result := r.invoke(r.function(c.behaviour), "{}")
		require.True(t, result.Failed, c.behaviour)
		var got struct{ ErrorType, ErrorMessage string }
		require.NoError(t, json.Unmarshal(result.Payload, &got))
		require.Equal(t, c.kind, got.ErrorType, c.behaviour)
		require.True(t, strings.HasSuffix(got.ErrorMessage, c.message), "%s: %s", c.behaviour, got.ErrorMessage)
	}
	result := r.invoke(r.function("init"), "{}")
	require.Equal(t, "202\n", string(result.Log), "what was printed before the first event")
}

func TestEntrypoints(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for name, c := range map[string]struct {
		change func(*Function, string)
		want   string
	}{
		"none":           {func(_ *Function, p string) { require.NoError(t, os.Remove(p)) }, "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]"},
		"no program":     {func(_ *Function, p string) { require.NoError(t, os.WriteFile(p, []byte("\x00\x01"), 0o700)) }, "fork/exec /var/task/bootstrap: exec format error"},
		"no interpreter": {func(_ *Function, p string) { require.NoError(t, os.WriteFile(p, []byte("#!/no/such/shell\n"), 0o700)) }, "fork/exec /var/task/bootstrap: no such file or directory"},
		"not executable": {func(_ *Function, p string) { require.NoError(t, os.Chmod(p, 0o600)) }, "is not executable"},
		"no python":      {func(f *Function, _ string) { f.Runtime = "python3.99" }, "there is no python3.99 on the PATH of scops"},
		"no node client": {func(f *Function, _ string) { f.Runtime, r.m.cfg.Runtimes.Node = "nodejs22.x", "/bin/true" }, "has no node_modules/aws-lambda-ric"},
	} {
		fn := r.function("echo")
		files, _, err := fn.Files()
		require.NoError(t, err)
		c.change(fn, filepath.Join(files, "bootstrap"))
		result := r.invoke(fn, "{}")
		require.True(t, result.Failed)
		require.Contains(t, string(result.Payload), `"errorType":"Runtime.InvalidEntrypoint"`, name)
		var got struct{ ErrorMessage string }
		require.NoError(t, json.Unmarshal(result.Payload, &got))
		require.Contains(t, got.ErrorMessage, c.want, name)
		require.Contains(t, string(result.Log), c.want, name)
	}
}

// TestOutput: what a function printed before it answered is in the log of its
// invocation, always.
func TestOutput(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	fn := r.function("print")
	for i := range 100 {
		text := fmt.Sprintf("line %d\r\nand no end", i)
		payload, err := json.Marshal(text)
		require.NoError(t, err)
		result := r.invoke(fn, string(payload))
		lines := strings.Split(string(result.Log), "\n")
		require.True(t, strings.HasPrefix(lines[0], "START RequestId: "), "%q", result.Log)
		require.Equal(t, []string{fmt.Sprintf("line %d\r", i), "and no end"}, lines[1:3])
		require.True(t, strings.HasPrefix(lines[3], "END RequestId: "))
		require.True(t, strings.HasPrefix(lines[4], "REPORT RequestId: "))
	}
	kept, err := r.logs.Tail("print", 4)
	require.NoError(t, err)
	require.Equal(t, "and no end", kept[1].Message)
	require.NotEmpty(t, kept[1].RequestID)

	long, err := json.Marshal(strings.Repeat("x", 600<<10))
	require.NoError(t, err)
	require.Len(t, r.invoke(fn, string(long)).Log, maxTail)
	kept, err = r.logs.Tail("print", 5)
	require.NoError(t, err)
	var lengths []int
	for _, l := range kept[:3] {
		lengths = append(lengths, len(l.Message))
	}
	require.Equal(t, []int{maxLine, maxLine, 600<<10 - 2*maxLine}, lengths)
}

// TestReuse: one process for calls one after the other, as many as there are
// calls at a time, and a new one where it ended.
func TestReuse(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	fn := r.function("echo")
	require.True(t, r.invoke(fn, "1").Cold)
	for i := range 200 {
		result := r.invoke(fn, fmt.Sprint(i))
		require.False(t, result.Cold)
		require.Equal(t, fmt.Sprint(i), string(result.Payload))
	}
	var calls sync.WaitGroup
	for i := range 8 {
		calls.Go(func() {
			for range 20 {
				result, err := r.m.Invoke(fn, Invocation{RequestID: fmt.Sprint(i), Payload: []byte(fmt.Sprint(i))})
				if err != nil || string(result.Payload) != fmt.Sprint(i) {
					t.Errorf("call %d: %s, %v", i, result.Payload, err)
				}
			}
		})
	}
	calls.Wait()
	for _, i := range r.m.remove(func(*instance) bool { return true }) {
		i.kill()
		<-i.exited // its owner does not know
		r.m.mu.Lock()
		r.m.idle[fn.Key] = append(r.m.idle[fn.Key], i)
		r.m.mu.Unlock()
	}
	require.Equal(t, "7", string(r.invoke(fn, "7").Payload), "a process that ended takes no event with it")

	die := r.function("die")
	for range 20 { // the process may still be ending when the next event comes
		result := r.invoke(die, "{}")
		require.Equal(t, `"last words"`, string(result.Payload))
	}
}

// TestRetire: processes of code that was replaced end, and new ones are used.
func TestRetire(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	old := r.function("echo")
	r.invoke(old, "1")
	renewed := *old
	renewed.Key = "echo:2"
	r.m.Retire("echo:", renewed.Key)
	require.True(t, r.invoke(&renewed, "1").Cold)
	require.Eventually(t, func() bool {
		r.m.mu.Lock()
		defer r.m.mu.Unlock()
		return len(r.m.all) == 1 && len(r.m.old) == 0
	}, time.Minute, time.Millisecond)
}

// TestRoom: an idle process makes room for another function's.
func TestRoom(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.m.cfg.MaxProcesses = 2
	for range 3 {
		for _, behaviour := range []string{"echo", "print", "wrong"} {
			r.invoke(r.function(behaviour), `""`)
			r.m.mu.Lock()
			require.LessOrEqual(t, len(r.m.all), 2)
			r.m.mu.Unlock()
		}
	}
}
