package execution

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Runtimes are the interpreters of this machine and AWS's runtime interface
// clients for them, where they are not where they are looked for.
type Runtimes struct {
	Python       map[string]string // "python3.12": its program; "" is looked for on PATH
	PythonClient string            // folder with the package awslambdaric
	Node         string            // program
	NodeClient   string            // folder of the package aws-lambda-ric
}

// StartError says why a function's process cannot be started; Kind is the type
// of the error that the caller sees.
type StartError struct{ Kind, Message string }

func (e *StartError) Error() string { return e.Message }

// Runnable tells whether scops runs functions of a runtime identifier.
func Runnable(runtime string) bool {
	return runtime == "provided" || strings.HasPrefix(runtime, "provided.") ||
		strings.HasPrefix(runtime, "python3.") || strings.HasPrefix(runtime, "nodejs")
}

// command is the program of a function with its arguments.
func (m *Manager) command(fn *Function, files string) ([]string, error) {
	switch {
	case strings.HasPrefix(fn.Runtime, "python"):
		return m.python(fn, files)
	case strings.HasPrefix(fn.Runtime, "nodejs"):
		return m.node(fn, files)
	}
	bootstrap := filepath.Join(files, "bootstrap")
	info, err := os.Stat(bootstrap)
	if err != nil || info.IsDir() {
		return nil, &StartError{kindEntrypoint, "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]"}
	}
	if info.Mode()&0o111 == 0 {
		return nil, &StartError{kindEntrypoint, "/var/task/bootstrap is not executable (its mode in the archive says so)"}
	}
	return []string{bootstrap}, nil
}

// probeTimeout bounds the look for a module.
const probeTimeout = 30 * time.Second

// python runs the function with awslambdaric, which is in its archive, in a
// folder that the configuration names, or installed for the interpreter.
func (m *Manager) python(fn *Function, files string) ([]string, error) {
	program := m.cfg.Runtimes.Python[fn.Runtime]
	if program == "" {
		var err error
		if program, err = exec.LookPath(fn.Runtime); err != nil {
			return nil, &StartError{kindEntrypoint, fmt.Sprintf("there is no %s on the PATH of scops: install it, or name its program in lambda.runtimes.python of the configuration", fn.Runtime)}
		}
	}
	key := program + "\x00" + m.cfg.Runtimes.PythonClient
	if _, err := os.Stat(filepath.Join(files, "awslambdaric")); err != nil && !m.proven(key, func() bool {
		ctx, cancel := context.WithTimeout(context.Background(), probeTimeout)
		defer cancel()
		cmd := exec.CommandContext(ctx, program, "-c", "import awslambdaric")
		cmd.Env = []string{"PATH=" + m.cfg.Path, "PYTHONPATH=" + m.cfg.Runtimes.PythonClient, "HOME=" + os.Getenv("HOME")}
		return cmd.Run() == nil
	}) {
		return nil, &StartError{kindEntrypoint, fmt.Sprintf("%s has no awslambdaric, AWS's runtime interface client: `%s -m pip install awslambdaric`, put it into the function's archive (`pip install -t FOLDER awslambdaric`), or name its folder in lambda.runtimes.python_client of the configuration", fn.Runtime, program)}
	}
	return []string{program, "-m", "awslambdaric", fn.Handler}, nil
}

// node runs the function with aws-lambda-ric, found in the same way.
func (m *Manager) node(fn *Function, files string) ([]string, error) {
	program := m.cfg.Runtimes.Node
	if program == "" {
		var err error
		if program, err = exec.LookPath("node"); err != nil {
			return nil, &StartError{kindEntrypoint, "there is no node on the PATH of scops: install Node.js, or name its program in lambda.runtimes.node of the configuration"}
		}
	}
	for _, dir := range []string{filepath.Join(files, "node_modules", "aws-lambda-ric"), m.cfg.Runtimes.NodeClient} {
		if dir == "" {
			continue
		}
		if entry := filepath.Join(dir, "bin", "index.mjs"); exists(entry) {
			return []string{program, entry, fn.Handler}, nil
		}
	}
	return nil, &StartError{kindEntrypoint, "the function's archive has no node_modules/aws-lambda-ric, AWS's runtime interface client: `npm install aws-lambda-ric` beside the handler, or name its folder in lambda.runtimes.node_client of the configuration"}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// proven remembers that a check succeeded; one that failed is made again, for it
// is mended by installing something.
func (m *Manager) proven(key string, check func() bool) bool {
	if _, ok := m.checks.Load(key); ok {
		return true
	}
	ok := check()
	if ok {
		m.checks.Store(key, true)
	}
	return ok
}

// runtimeEnv are the variables of an interpreter that finds a function's code.
func runtimeEnv(fn *Function, files string, r Runtimes) map[string]string {
	switch {
	case strings.HasPrefix(fn.Runtime, "python"):
		return map[string]string{"PYTHONPATH": strings.TrimSuffix(files+":"+r.PythonClient, ":"), "PYTHONDONTWRITEBYTECODE": "1"}
	case strings.HasPrefix(fn.Runtime, "nodejs"):
		return map[string]string{"NODE_PATH": files + "/node_modules"}
	}
	return nil
}
