package execution

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/scopsdb/scops/internal/lambda/functionlog"
)

// Config wires a manager. All parts are required but those that say otherwise.
type Config struct {
	Log         *slog.Logger
	Logs        *functionlog.Store
	TempDir     string                      // for a folder of each process
	Region      string                      // that functions see
	Endpoint    func() string               // URL of this scops, as functions reach it
	Credentials func(*Function) Credentials // that a process gets; they last for MaxAge
	Runtimes    Runtimes
	Path        string // PATH of functions; "" is that of AWS

	Idle         time.Duration // how long a process waits for its next event; 0 is DefaultIdle
	MaxProcesses int           // idle processes end when there would be more
}

// Credentials are AWS credentials.
type Credentials struct{ AccessKeyID, SecretAccessKey, SessionToken string }

const (
	// DefaultIdle is how long a process that has nothing to do is kept.
	DefaultIdle = 5 * time.Minute
	// MaxAge is how long a process is used at most: its credentials end.
	MaxAge  = 12 * time.Hour
	awsPath = "/usr/local/bin:/usr/bin:/bin:/opt/bin"
)

// ErrClosed says that the manager takes no more invocations.
var ErrClosed = errors.New("scops is shutting down")

// Manager runs functions in processes that it starts, reuses and ends. It is
// safe for concurrent use.
type Manager struct {
	cfg     Config
	starter starter
	checks  sync.Map // of runtimes, that succeeded
	closing chan struct{}
	loops   sync.WaitGroup
	calls   sync.WaitGroup

	mu     sync.Mutex
	closed bool
	killed bool                   // Close ends invocations that did not end in time
	all    map[*instance]bool     // true: it has an invocation, or starts for one
	idle   map[string][]*instance // by Function.Key; the last was used last
	old    map[string]bool        // keys that are retired and still have instances
}

// NewManager makes a manager. Close ends its processes.
func NewManager(cfg Config) (*Manager, error) {
	if cfg.Idle == 0 {
		cfg.Idle = DefaultIdle
	}
	if cfg.Path == "" {
		cfg.Path = awsPath
	}
	if err := os.MkdirAll(cfg.TempDir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of processes: %w", err)
	}
	m := &Manager{
		cfg: cfg, starter: newStarter(), closing: make(chan struct{}),
		all: map[*instance]bool{}, idle: map[string][]*instance{}, old: map[string]bool{},
	}
	m.loops.Go(m.watchMemory)
	m.loops.Go(m.reap)
	return m, nil
}

func (m *Manager) now() time.Time { return time.Now() }

// writer takes the log lines of a function.
func (m *Manager) writer(function string) func([]functionlog.Line) {
	return func(lines []functionlog.Line) {
		if err := m.cfg.Logs.Append(function, lines); err != nil {
			m.cfg.Log.Error("write the log of a function", "function", function, "error", err)
		}
	}
}

// Invoke runs one invocation and returns its result. It does not end with its
// caller: an invocation that has begun goes on, as at AWS. An error is the
// machine's or scops's own; a failure of the function is a Result.
func (m *Manager) Invoke(fn *Function, inv Invocation) (Result, error) {
	m.mu.Lock()
	if m.closed {
		m.mu.Unlock()
		return Result{}, ErrClosed
	}
	m.calls.Add(1)
	m.mu.Unlock()
	defer m.calls.Done()
	result, err := m.invoke(fn, inv)
	if m.wasKilled() && result.ErrorLog != "" {
		return Result{}, ErrClosed // it was not the function that failed
	}
	return result, err
}

func (m *Manager) wasKilled() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.killed
}

func (m *Manager) invoke(fn *Function, inv Invocation) (Result, error) {
	for {
		i := m.takeIdle(fn.Key)
		if i == nil {
			return m.invokeCold(fn, inv)
		}
		result, err := i.invoke(inv, 0)
		if errors.Is(err, errGone) {
			m.forget(i)
			continue
		}
		m.giveBack(i)
		return result, err
	}
}

// invokeCold starts a process for an invocation.
func (m *Manager) invokeCold(fn *Function, inv Invocation) (Result, error) {
	m.makeRoom()
	i, err := m.start(fn)
	var refused *StartError
	if errors.As(err, &refused) {
		return m.refused(fn, inv, refused), nil
	}
	if err != nil {
		return Result{}, err
	}
	m.mu.Lock()
	m.all[i] = true
	m.mu.Unlock()
	if failed := i.initialize(inv); failed != nil {
		m.forget(i)
		return *failed, nil
	}
	result, err := i.invoke(inv, time.Since(i.started))
	if errors.Is(err, errGone) {
		kind, message := i.exitReason()
		result, err = failure(inv.RequestID, kind, message), nil
	}
	result.Cold = true
	m.giveBack(i)
	return result, err
}

// refused logs and words the error of a process that cannot be started.
func (m *Manager) refused(fn *Function, inv Invocation, e *StartError) Result {
	r := failure(inv.RequestID, e.Kind, e.Message)
	line := functionlog.Line{Time: time.Now().UTC(), Stream: streamName(fn.Version, m.now()), RequestID: inv.RequestID, Message: e.Kind + ": " + e.Message}
	m.writer(fn.Name)([]functionlog.Line{line})
	r.Log = []byte(line.Message + "\n")
	return r
}

// initialize waits until the process asks for its first event. It returns the
// result of the invocation where the process does not.
func (i *instance) initialize(inv Invocation) *Result {
	limit := time.NewTimer(initTimeout + i.fn.Timeout)
	defer limit.Stop()
	select {
	case <-i.ready:
		return nil
	case <-i.exited:
	case <-limit.C:
		i.kill()
		<-i.exited
		r := failure(inv.RequestID, kindTimedOut, fmt.Sprintf("Task timed out after %.2f seconds", i.fn.Timeout.Seconds()))
		return i.initResult(r)
	}
	i.mu.Lock()
	said := i.initError
	i.mu.Unlock()
	if said != nil {
		return i.initResult(Result{Payload: said, Failed: true})
	}
	kind, message := i.exitReason()
	return i.initResult(failure(inv.RequestID, kind, message))
}

func (i *instance) initResult(r Result) *Result {
	r.Log, r.Cold = i.out.end(), true
	return &r
}

// takeIdle returns an instance that waits for an event, or nil.
func (m *Manager) takeIdle(key string) *instance {
	m.mu.Lock()
	defer m.mu.Unlock()
	list := m.idle[key]
	if len(list) == 0 {
		return nil
	}
	i := list[len(list)-1]
	m.idle[key] = list[:len(list)-1]
	m.all[i] = true
	return i
}

// giveBack keeps an instance for its next event, unless it ended or its code is
// no longer the function's.
func (m *Manager) giveBack(i *instance) {
	select {
	case <-i.exited:
		m.forget(i)
		return
	default:
	}
	m.mu.Lock()
	retired := m.old[i.fn.Key] || m.closed || m.now().Sub(i.started) > MaxAge
	if !retired {
		i.idleSince = m.now()
		m.all[i] = false
		m.idle[i.fn.Key] = append(m.idle[i.fn.Key], i)
	}
	m.mu.Unlock()
	if retired {
		m.end(i)
	}
}

func (m *Manager) forget(i *instance) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.all, i)
	if m.old[i.fn.Key] && !slices.ContainsFunc(m.list(), func(o *instance) bool { return o.fn.Key == i.fn.Key }) {
		delete(m.old, i.fn.Key)
	}
}

// dropEnded forgets an idle instance whose process ended by itself.
func (m *Manager) dropEnded(i *instance) {
	for _, gone := range m.remove(func(o *instance) bool { return o == i }) {
		m.forget(gone)
	}
}

func (m *Manager) list() []*instance {
	list := make([]*instance, 0, len(m.all))
	for i := range m.all {
		list = append(list, i)
	}
	return list
}

// running are the instances that have an invocation.
func (m *Manager) running() []*instance {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []*instance
	for i, busy := range m.all {
		if busy {
			list = append(list, i)
		}
	}
	return list
}

// end stops an instance that nobody has.
func (m *Manager) end(i *instance) {
	i.stop()
	m.forget(i)
}

// remove takes idle instances out that a test picks. The caller ends them.
func (m *Manager) remove(pick func(*instance) bool) []*instance {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []*instance
	for key, list := range m.idle {
		m.idle[key] = slices.DeleteFunc(list, func(i *instance) bool {
			if !pick(i) {
				return false
			}
			out = append(out, i)
			return true
		})
		if len(m.idle[key]) == 0 {
			delete(m.idle, key)
		}
	}
	return out
}

// Retire ends the processes whose key begins with prefix and is not keep: at
// once those without an invocation, the others after theirs.
func (m *Manager) Retire(prefix, keep string) {
	retired := func(i *instance) bool { return strings.HasPrefix(i.fn.Key, prefix) && i.fn.Key != keep }
	m.mu.Lock()
	for i := range m.all {
		if retired(i) {
			m.old[i.fn.Key] = true
		}
	}
	m.mu.Unlock()
	for _, i := range m.remove(retired) {
		go m.end(i)
	}
}

// makeRoom ends the instance that has been idle longest when there are as many
// processes as there may be.
func (m *Manager) makeRoom() {
	m.mu.Lock()
	full := m.cfg.MaxProcesses > 0 && len(m.all) >= m.cfg.MaxProcesses
	var oldest *instance
	if full {
		for _, list := range m.idle {
			for _, i := range list {
				if oldest == nil || i.idleSince.Before(oldest.idleSince) {
					oldest = i
				}
			}
		}
	}
	m.mu.Unlock()
	if oldest == nil {
		return
	}
	for _, i := range m.remove(func(i *instance) bool { return i == oldest }) {
		m.end(i)
	}
}

// reap ends instances that have been idle too long.
func (m *Manager) reap() {
	tick := time.NewTicker(max(m.cfg.Idle/10, 10*time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-m.closing:
			return
		case <-tick.C:
		}
		limit := m.now().Add(-m.cfg.Idle)
		for _, i := range m.remove(func(i *instance) bool { return i.idleSince.Before(limit) }) {
			m.end(i)
		}
	}
}

// Close takes no more invocations, waits for those under way until ctx ends, and
// ends all processes.
func (m *Manager) Close(ctx context.Context) error {
	m.mu.Lock()
	if m.closed {
		m.mu.Unlock()
		return nil
	}
	m.closed = true
	m.mu.Unlock()
	close(m.closing)
	done := make(chan struct{})
	go func() { m.calls.Wait(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
	}
	m.mu.Lock()
	all := m.list()
	m.killed = true
	m.mu.Unlock()
	var ends sync.WaitGroup
	for _, i := range all {
		ends.Go(i.stop)
	}
	ends.Wait()
	<-done
	m.loops.Wait()
	return nil
}
