package execution

import (
	"os/exec"
	"runtime"
)

// starter starts all processes from one thread that lives as long as scops: the
// kernel ends a process whose parent dies (see prepare), and its parent is the
// thread that started it, not the program.
type starter struct{ calls chan func() }

func newStarter() starter {
	s := starter{calls: make(chan func())}
	go func() {
		runtime.LockOSThread()
		for call := range s.calls {
			call()
		}
		select {} // the thread must not end before the processes do
	}()
	return s
}

func (s starter) start(cmd *exec.Cmd) error {
	prepare(cmd)
	result := make(chan error, 1)
	s.calls <- func() { result <- cmd.Start() }
	return <-result
}
