package execution

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// instance is one execution environment: a process, its Runtime API and its
// output. It runs one invocation at a time.
type instance struct {
	fn      *Function
	stream  string
	started time.Time
	temp    string // a folder of its own, TMPDIR and HOME
	cmd     *exec.Cmd
	out     *output
	server  *http.Server

	initOnce  sync.Once
	ready     chan struct{} // closed at the first request for an event: the initialization has ended
	exited    chan struct{} // closed when the process has ended and all it printed is in the log
	exitState *os.ProcessState
	killMu    sync.Mutex
	reaped    bool        // guarded by killMu
	oom       atomic.Bool // killed for its memory
	peak      atomic.Int64
	hasTerm   atomic.Bool // an internal extension registered: it wants SIGTERM

	work chan *running // taken by the request for the next event

	mu        sync.Mutex
	current   *running // delivered and not answered
	initError []byte   // what the runtime said of its failed initialization
	idleSince time.Time
}

// running is an invocation that an instance has.
type running struct {
	Invocation
	deadline time.Time
	start    time.Time
	taken    chan struct{} // closed once the deadline is set
	done     chan answer   // of one
}

// answer is what the runtime said of an invocation.
type answer struct {
	payload []byte
	failed  bool
}

// initTimeout is how long a process may take to ask for its first event, beside
// the timeout of the function.
const initTimeout = 10 * time.Second

// termGrace is how long a process that wants SIGTERM has to end by itself, as at
// AWS for internal extensions.
const termGrace = 500 * time.Millisecond

// start runs the process of a new instance.
func (m *Manager) start(fn *Function) (_ *instance, err error) {
	files, release, err := fn.Files()
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			release()
		}
	}()
	argv, err := m.command(fn, files)
	if err != nil {
		return nil, err
	}
	i := &instance{
		fn: fn, stream: streamName(fn.Version, m.now()), started: m.now(),
		ready: make(chan struct{}), exited: make(chan struct{}), work: make(chan *running),
	}
	if i.temp, err = os.MkdirTemp(m.cfg.TempDir, "instance-"); err != nil {
		return nil, fmt.Errorf("make a folder for the process: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(i.temp))
		}
	}()
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the Runtime API: %w", err)
	}
	write, err := i.open(m)
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	i.server = &http.Server{Handler: i.api(), ReadHeaderTimeout: time.Minute}
	// No context ends it: its whole process group is killed (see kill).
	i.cmd = exec.CommandContext(context.Background(), argv[0], argv[1:]...)
	i.cmd.Dir = files
	i.cmd.Env = m.environment(fn, files, i, l.Addr().String())
	i.cmd.Stdout, i.cmd.Stderr = write, write
	err = m.starter.start(i.cmd)
	err = errors.Join(err, write.Close())
	if err != nil {
		i.out.close()
		return nil, errors.Join(startError(err), l.Close())
	}
	go i.out.run()
	go func() { _ = i.server.Serve(ownListener{l}) }() // until the process has ended
	go func() {
		i.wait(release)
		m.dropEnded(i)
	}()
	return i, nil
}

// startError tells what the archive is to blame for from what the machine is.
func startError(err error) error {
	for _, e := range []error{syscall.ENOENT, syscall.EACCES, syscall.ENOEXEC, syscall.ENOTDIR, syscall.ELOOP, syscall.EISDIR} {
		if errors.Is(err, e) {
			return &StartError{kindEntrypoint, "fork/exec /var/task/bootstrap: " + e.Error()}
		}
	}
	return fmt.Errorf("start the process: %w", err)
}

// open makes the output.
func (i *instance) open(m *Manager) (write *os.File, err error) {
	i.out, write, err = newOutput(i.stream, m.writer(i.fn.Name))
	return write, err
}

// wait tidies up behind the process.
func (i *instance) wait(release func()) {
	i.exitState = reap(i.cmd, func() {
		i.killMu.Lock()
		defer i.killMu.Unlock()
		i.reaped = true
		killGroup(i.cmd.Process.Pid) // what it started ends with it
	})
	i.out.close()
	_ = i.server.Close()
	_ = os.RemoveAll(i.temp)
	release()
	close(i.exited)
}

// kill ends the process and what it started. It does nothing once the process is
// reaped, when its number may be another's.
func (i *instance) kill() {
	i.killMu.Lock()
	defer i.killMu.Unlock()
	if !i.reaped {
		killGroup(i.cmd.Process.Pid)
	}
}

// stop ends the process and returns when it has ended.
func (i *instance) stop() {
	select {
	case <-i.exited:
		return
	default:
	}
	if i.hasTerm.Load() {
		_ = i.cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-i.exited:
			return
		case <-time.After(termGrace):
		}
	}
	i.kill()
	<-i.exited
}

// exitReason words the end of the process as AWS does.
func (i *instance) exitReason() (kind, message string) {
	const with = "Runtime exited with error: "
	switch status, _ := i.exitState.Sys().(syscall.WaitStatus); {
	case i.oom.Load():
		return kindMemory, with + "signal: killed"
	case status.Signaled():
		return kindExit, with + "signal: " + status.Signal().String()
	case i.exitState.ExitCode() == 0:
		return kindExit, "Runtime exited without providing a reason"
	}
	return kindExit, fmt.Sprintf("%sexit status %d", with, i.exitState.ExitCode())
}

// errGone says that an instance ended before it took an invocation.
var errGone = errors.New("the process has ended")

// invoke gives an event to the instance and waits for the answer. errGone: the
// event was not delivered.
func (i *instance) invoke(inv Invocation, initDuration time.Duration) (Result, error) {
	r := &running{Invocation: inv, taken: make(chan struct{}), done: make(chan answer, 1)}
	// A process that answered its last event may still have something to do.
	late := time.NewTimer(i.fn.Timeout)
	defer late.Stop()
	select {
	case i.work <- r:
	case <-i.exited:
		return Result{}, errGone
	case <-late.C:
		i.kill()
		<-i.exited
		return Result{}, errGone
	}
	<-r.taken
	timer := time.NewTimer(time.Until(r.deadline))
	defer timer.Stop()
	var result Result
	select {
	case a := <-r.done:
		result = a.result()
	case <-i.exited:
		result = i.ended(r)
	case <-timer.C:
		result = i.timedOut(r)
	}
	i.report(r, &result, initDuration)
	return result, nil
}

func (a answer) result() Result { return Result{Payload: a.payload, Failed: a.failed} }

// ended is the result of a process that ended in the middle of an invocation. It
// may have answered before.
func (i *instance) ended(r *running) Result {
	select {
	case a := <-r.done:
		return a.result()
	default:
	}
	kind, message := i.exitReason()
	return failure(r.RequestID, kind, message)
}

func (i *instance) timedOut(r *running) Result {
	select { // both came at once
	case a := <-r.done:
		return a.result()
	default:
	}
	i.kill()
	<-i.exited
	message := fmt.Sprintf("Task timed out after %.2f seconds", i.fn.Timeout.Seconds())
	return failure(r.RequestID, kindTimedOut, message)
}
