package execution

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/scopsdb/scops/internal/lambda/functionlog"
	"github.com/stretchr/testify/require"
)

// TestMain lets the test's own program be the runtime of a function: the
// bootstrap starts it with the name of a behaviour.
func TestMain(m *testing.M) {
	if name := os.Getenv("BEHAVE"); name != "" {
		behaviours[name]()
		return
	}
	os.Exit(m.Run())
}

// rig is a manager with a function of this program.
type rig struct {
	t    *testing.T
	m    *Manager
	logs *functionlog.Store
	dir  string
}

func newRig(t *testing.T) *rig {
	dir := t.TempDir()
	logs, err := functionlog.Open(filepath.Join(dir, "logs"))
	require.NoError(t, err)
	m, err := NewManager(Config{
		Log: slog.New(slog.DiscardHandler), Logs: logs, TempDir: filepath.Join(dir, "temp"), Region: "ap-northeast-2",
		Endpoint:    func() string { return "http://127.0.0.1:1" },
		Credentials: func(*Function) Credentials { return Credentials{AccessKeyID: "k", SecretAccessKey: "s"} },
	})
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		require.NoError(t, m.Close(ctx))
		require.NoError(t, logs.Close())
	})
	return &rig{t: t, m: m, logs: logs, dir: dir}
}

// function makes a function that behaves as named.
func (r *rig) function(behaviour string) *Function {
	r.t.Helper()
	files := filepath.Join(r.dir, "code-"+behaviour)
	require.NoError(r.t, os.MkdirAll(files, 0o700))
	program, err := os.Executable()
	require.NoError(r.t, err)
	script := "#!/bin/sh\nexec '" + program + "'\n"
	require.NoError(r.t, os.WriteFile(filepath.Join(files, "bootstrap"), []byte(script), 0o700))
	return &Function{
		Key: behaviour + ":1", Name: behaviour, Version: "$LATEST", Runtime: "provided.al2023", Handler: "bootstrap", Memory: 512,
		Timeout: 20 * time.Second, Env: map[string]string{"BEHAVE": behaviour}, Files: func() (string, func(), error) { return files, func() {}, nil },
	}
}

func (r *rig) invoke(fn *Function, payload string) Result {
	r.t.Helper()
	result, err := r.m.Invoke(fn, Invocation{RequestID: uuid.NewString(), FunctionARN: "arn", Payload: []byte(payload)})
	require.NoError(r.t, err)
	return result
}

// What follows runs in the function's process.

const runtimePath = "/2018-06-01/runtime/"

func call(method, path string, header map[string]string, body []byte) (*http.Response, []byte) {
	req, err := http.NewRequest(method, "http://"+os.Getenv("AWS_LAMBDA_RUNTIME_API")+path, bytes.NewReader(body))
	must(err)
	for k, v := range header {
		req.Header.Set(k, v)
	}
	resp, err := http.DefaultClient.Do(req)
	must(err)
	text, err := io.ReadAll(resp.Body)
	must(err)
	must(resp.Body.Close())
	return resp, text
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// next returns the id and the body of the next event.
func next() (string, []byte) {
	resp, body := call("GET", runtimePath+"invocation/next", nil, nil)
	return resp.Header.Get("Lambda-Runtime-Aws-Request-Id"), body
}

func respond(id, payload string) int {
	resp, _ := call("POST", runtimePath+"invocation/"+id+"/response", nil, []byte(payload))
	return resp.StatusCode
}

var behaviours = map[string]func(){
	"echo": func() {
		for {
			id, body := next()
			respond(id, string(body))
		}
	},
	"wrong": wrong,
	"print": func() {
		for {
			id, body := next()
			var text string
			must(json.Unmarshal(body, &text))
			fmt.Print(text)
			respond(id, "null")
		}
	},
	"init": func() {
		resp, _ := call("POST", runtimePath+"init/error", nil, []byte(`{"errorType":"Import","errorMessage":"no module"}`))
		fmt.Println(resp.StatusCode)
		os.Exit(1)
	},
	"early": func() { os.Exit(0) },
	"die":   func() { id, _ := next(); respond(id, `"last words"`); os.Exit(1) },
	"signal": func() {
		next()
		p, err := os.FindProcess(os.Getpid())
		must(err)
		must(p.Kill())
		select {}
	},
}

// wrong does what a runtime must not and tells how it was answered.
func wrong() {
	for {
		id, _ := next()
		var got []string
		add := func(resp *http.Response, body []byte) {
			var e struct{ ErrorType string }
			must(json.Unmarshal(body, &e))
			got = append(got, fmt.Sprint(resp.StatusCode, " ", e.ErrorType))
		}
		add(call("GET", runtimePath+"invocation/next", nil, nil))
		add(call("POST", runtimePath+"invocation/other/response", nil, []byte("1")))
		add(call("POST", runtimePath+"invocation/other/error", nil, []byte("{}")))
		add(call("POST", runtimePath+"invocation/"+id+"/response", map[string]string{"Lambda-Runtime-Function-Response-Mode": "streaming"}, []byte("1")))
		add(call("POST", runtimePath+"init/error", nil, []byte("{}")))
		add(call("POST", "/2020-01-01/extension/register", nil, []byte(`{"events":["INVOKE"]}`)))
		payload, err := json.Marshal(strings.Join(got, ", "))
		must(err)
		if respond(id, string(payload)) != http.StatusAccepted || respond(id, "2") != http.StatusBadRequest {
			os.Exit(5)
		}
	}
}
