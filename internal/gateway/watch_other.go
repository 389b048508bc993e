//go:build !linux

package gateway

import (
	"errors"
	"syscall"
)

// gone tells whether the other side closed the connection. Where bytes lie
// before the end, it cannot be seen, and the connection counts as open.
func gone(conn syscall.RawConn) bool {
	closed := false
	err := conn.Control(func(fd uintptr) {
		var b [1]byte
		n, _, err := syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		closed = n == 0 && err == nil || errors.Is(err, syscall.ECONNRESET)
	})
	return err != nil || closed
}
