package execution

import (
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// prepare gives the process a group of its own, and lets the kernel kill it when
// scops ends in any way.
func prepare(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// reap waits for the end of a process. It calls ended while the process is a
// zombie, when its number cannot be another's.
func reap(cmd *exec.Cmd, ended func()) *os.ProcessState {
	for unix.Waitid(unix.P_PID, cmd.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
	}
	ended()
	_ = cmd.Wait() // the state tells
	return cmd.ProcessState
}

func killGroup(pid int) { _ = syscall.Kill(-pid, syscall.SIGKILL) } // fails where it has ended
