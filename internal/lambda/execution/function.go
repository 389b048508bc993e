package execution

import (
	"encoding/json"
	"time"
)

// Function is one version of a function with its configuration, ready to run.
type Function struct {
	Key     string // equal for equal code and configuration; see Manager.Retire
	Name    string
	Version string // "$LATEST" or a number
	Role    string // ARN
	Runtime string // an identifier of Lambda's: provided.al2023, python3.12, nodejs22.x
	Handler string
	Memory  int // MB
	Timeout time.Duration
	Env     map[string]string // of the function's configuration
	// Files returns the folder of the code, which stays until release is called.
	Files func() (dir string, release func(), err error)
}

// Invocation is one event for a function.
type Invocation struct {
	RequestID     string
	FunctionARN   string // as it was called, with its qualifier
	ClientContext string // JSON; "" is none
	Payload       []byte // JSON
}

// Result is how an invocation ended. A function that failed is a Result too.
type Result struct {
	Payload  []byte
	Failed   bool   // Payload is an error: errorMessage, errorType
	ErrorLog string // "" or the type of an error of the environment, for example Sandbox.Timedout
	Log      []byte // what the invocation printed, its last 4 KiB
	Cold     bool   // a process was started for it
}

// failure makes the payload of an error that the environment had, as AWS words
// it.
func failure(requestID, kind, message string) Result {
	payload, err := json.Marshal(struct {
		Type    string `json:"errorType"`
		Message string `json:"errorMessage"`
	}{kind, "RequestId: " + requestID + " Error: " + message})
	if err != nil { // texts marshal
		payload = []byte(`{}`)
	}
	return Result{Payload: payload, Failed: true, ErrorLog: kind}
}

// Kinds of errors of an environment, as AWS names them.
const (
	kindTimedOut   = "Sandbox.Timedout"
	kindExit       = "Runtime.ExitError"
	kindMemory     = "Runtime.OutOfMemory"
	kindEntrypoint = "Runtime.InvalidEntrypoint"
	kindTooLarge   = "Function.ResponseSizeTooLarge"
)
