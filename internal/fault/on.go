//go:build faultpoints

package fault

import (
	"io"
	"os"
	"strconv"
	"sync"
	"syscall"
)

// Enabled tells whether this program has fault points.
const Enabled = true

var state struct {
	sync.Mutex
	once sync.Once
	stop int      // the point to die at, from 1; 0: none
	seen int      // points so far
	log  *os.File // their names, a line each; nil: nobody asked
}

// Point ends the process, as kill -9 does, if it is the SCOPS_FAULT-th point of
// its life. It writes name to the file SCOPS_FAULT_LOG.
func Point(name string) {
	state.Lock()
	defer state.Unlock()
	state.once.Do(open)
	state.seen++
	if state.log != nil {
		_, _ = state.log.WriteString(name + "\n") // a test that misses it says so
	}
	if state.seen != state.stop {
		return
	}
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {} // the signal comes
}

// Reader is r with a point in the middle: after its first bytes.
func Reader(name string, r io.Reader) io.Reader { return &reader{name: name, r: r} }

type reader struct {
	name string
	r    io.Reader
	read bool
}

func (r *reader) Read(p []byte) (int, error) {
	if r.read || len(p) < 2 {
		return r.r.Read(p)
	}
	n, err := r.r.Read(p[:min(len(p)/2, 512)])
	if r.read = n > 0; r.read {
		Point(r.name)
	}
	return n, err
}

func open() {
	state.stop, _ = strconv.Atoi(os.Getenv("SCOPS_FAULT")) // unset: 0
	if path := os.Getenv("SCOPS_FAULT_LOG"); path != "" {
		state.log, _ = os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	}
}
