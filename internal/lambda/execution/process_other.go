//go:build unix && !linux

package execution

import (
	"os"
	"os/exec"
	"syscall"
)

// prepare gives the process a group of its own. This system does not end it when
// scops is killed.
func prepare(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// reap waits for the end of a process and then calls ended.
func reap(cmd *exec.Cmd, ended func()) *os.ProcessState {
	_ = cmd.Wait() // the state tells
	ended()
	return cmd.ProcessState
}

func killGroup(pid int) { _ = syscall.Kill(-pid, syscall.SIGKILL) } // fails where it has ended

// memoryUse cannot be told here: memory limits are not enforced.
func memoryUse(int) (now, peak int64) { return 0, 0 }
