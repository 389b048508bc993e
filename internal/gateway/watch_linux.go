package gateway

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// gone tells whether the other side closed the connection. It reads nothing,
// so a request that follows, or bytes of TLS, stay where they are.
func gone(conn syscall.RawConn) bool {
	closed := false
	err := conn.Control(func(fd uintptr) {
		fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLRDHUP}}
		n, err := unix.Poll(fds, 0)
		closed = err == nil && n > 0 && fds[0].Revents&(unix.POLLRDHUP|unix.POLLHUP|unix.POLLERR) != 0
	})
	return err != nil || closed
}
