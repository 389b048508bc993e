package execution

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// maxPayload is the largest answer of a function in bytes, as at AWS: 6 MB and
// something for the envelope.
const maxPayload = 6<<20 + 100

// api is the Runtime API of one instance, version 2018-06-01, and what an
// internal extension asks for (2020-01-01): aws-lambda-go registers one to get
// SIGTERM.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
func (i *instance) api() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", i.next)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/response", i.response)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/error", i.functionError)
	mux.HandleFunc("POST /2018-06-01/runtime/init/error", i.initFailed)
	mux.HandleFunc("POST /2020-01-01/extension/register", i.register)
	mux.HandleFunc("GET /2020-01-01/extension/event/next", i.extensionNext)
	mux.HandleFunc("POST /2020-01-01/extension/init/error", accept)
	mux.HandleFunc("POST /2020-01-01/extension/exit/error", accept)
	return mux
}

// next blocks until there is an event and answers with it.
func (i *instance) next(w http.ResponseWriter, req *http.Request) {
	i.mu.Lock()
	busy := i.current != nil
	i.mu.Unlock()
	if busy {
		refuse(w, http.StatusForbidden, "InvalidStateTransition", "Transition from Busy to Ready is not allowed")
		return
	}
	i.initOnce.Do(func() { close(i.ready) })
	select {
	case r := <-i.work:
		i.accepted(r)
		i.deliver(w, r)
	case <-req.Context().Done():
	case <-i.exited:
	}
}

func (i *instance) deliver(w http.ResponseWriter, r *running) {
	i.out.begin(r.RequestID, "START RequestId: "+r.RequestID+" Version: "+i.fn.Version)
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Lambda-Runtime-Aws-Request-Id", r.RequestID)
	h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(r.deadline.UnixMilli(), 10))
	h.Set("Lambda-Runtime-Invoked-Function-Arn", r.FunctionARN)
	if r.ClientContext != "" {
		h.Set("Lambda-Runtime-Client-Context", r.ClientContext)
	}
	h.Set("Content-Length", strconv.Itoa(len(r.Payload)))
	_, _ = w.Write(r.Payload) // a runtime that went away is noticed by the end of its process
}

// take ends the current invocation if it has that id.
func (i *instance) take(id string) *running {
	i.mu.Lock()
	defer i.mu.Unlock()
	r := i.current
	if r == nil || r.RequestID != id {
		return nil
	}
	i.current = nil
	return r
}

func (i *instance) response(w http.ResponseWriter, req *http.Request) {
	if req.Header.Get("Lambda-Runtime-Function-Response-Mode") == "streaming" {
		refuse(w, http.StatusBadRequest, "InvalidStreamingMode", "scops does not stream responses: let the handler return its whole payload")
		return
	}
	body, err := io.ReadAll(io.LimitReader(req.Body, maxPayload+1))
	if err != nil {
		return // the runtime went away
	}
	r := i.take(req.PathValue("id"))
	switch {
	case r == nil:
		refuse(w, http.StatusBadRequest, "InvalidRequestID", "Invalid request ID")
	case len(body) > maxPayload:
		message := "Response payload size exceeded maximum allowed payload size (" + strconv.Itoa(maxPayload) + " bytes)."
		payload, _ := json.Marshal(map[string]string{"errorMessage": message, "errorType": kindTooLarge})
		r.done <- answer{payload: payload, failed: true}
		refuse(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", "Exceeded maximum allowed payload size ("+strconv.Itoa(maxPayload)+" bytes).")
	default:
		r.done <- answer{payload: body}
		accept(w, req)
	}
}

func (i *instance) functionError(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(io.LimitReader(req.Body, maxPayload))
	if err != nil {
		return
	}
	r := i.take(req.PathValue("id"))
	if r == nil {
		refuse(w, http.StatusBadRequest, "InvalidRequestID", "Invalid request ID")
		return
	}
	r.done <- answer{payload: body, failed: true}
	accept(w, req)
}

// initFailed keeps what the runtime says; its process ends next.
func (i *instance) initFailed(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(io.LimitReader(req.Body, maxPayload))
	if err != nil {
		return
	}
	select {
	case <-i.ready:
		refuse(w, http.StatusForbidden, "InvalidStateTransition", "Transition from Ready to InitError is not allowed")
		return
	default:
	}
	i.mu.Lock()
	i.initError = body
	i.mu.Unlock()
	accept(w, req)
}

// register takes an internal extension, that is, one inside of the runtime's
// process. It may not ask for events, as at AWS for such an extension SHUTDOWN.
func (i *instance) register(w http.ResponseWriter, req *http.Request) {
	var body struct {
		Events []string `json:"events"`
	}
	if err := json.NewDecoder(io.LimitReader(req.Body, 64<<10)).Decode(&body); err != nil && !errors.Is(err, io.EOF) {
		refuse(w, http.StatusBadRequest, "Extension.InvalidRequest", "The body is no JSON")
		return
	}
	if len(body.Events) > 0 {
		refuse(w, http.StatusBadRequest, "Extension.InvalidEventType", "scops does not send events to extensions: register with an empty list")
		return
	}
	i.hasTerm.Store(true)
	w.Header().Set("Lambda-Extension-Identifier", uuid.NewString())
	answerJSON(w, http.StatusOK, map[string]string{"functionName": i.fn.Name, "functionVersion": i.fn.Version, "handler": i.fn.Handler})
}

// extensionNext blocks: an extension without events never gets one.
func (i *instance) extensionNext(_ http.ResponseWriter, req *http.Request) {
	select {
	case <-req.Context().Done():
	case <-i.exited:
	}
}

func accept(w http.ResponseWriter, _ *http.Request) {
	answerJSON(w, http.StatusAccepted, map[string]string{"status": "OK"})
}

func refuse(w http.ResponseWriter, status int, kind, message string) {
	answerJSON(w, status, map[string]string{"errorType": kind, "errorMessage": message})
}

func answerJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// accepted makes an invocation the instance's current one. It runs in the
// request for the next event, before the event goes out.
func (i *instance) accepted(r *running) {
	r.start = time.Now()
	r.deadline = r.start.Add(i.fn.Timeout)
	i.mu.Lock()
	i.current = r
	i.mu.Unlock()
	close(r.taken)
}
