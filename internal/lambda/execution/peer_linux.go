package execution

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
)

// ownListener takes connections of this user alone: the Runtime API tells a
// process its events, and every user of the machine can reach the loopback
// interface.
type ownListener struct{ net.Listener }

// Accept returns the next connection of this user.
func (l ownListener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil || ownConnection(c) {
			return c, err
		}
		_ = c.Close()
	}
}

// ownConnection asks the kernel's table of sockets whose the other end is. Where
// there is no such table it cannot be told, and the connection is taken.
func ownConnection(c net.Conn) bool {
	local, ok := c.LocalAddr().(*net.TCPAddr)
	remote, ok2 := c.RemoteAddr().(*net.TCPAddr)
	if !ok || !ok2 {
		return true
	}
	f, err := os.Open("/proc/net/tcp")
	if err != nil {
		return true
	}
	defer f.Close()
	// Of the other end: its own address comes first.
	from, to := procAddress(remote), procAddress(local)
	for lines := bufio.NewScanner(f); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) > 7 && fields[1] == from && fields[2] == to {
			uid, err := strconv.Atoi(fields[7])
			return err == nil && uid == os.Getuid()
		}
	}
	return false // it has ended already
}

// procAddress writes an address as the table does: 0100007F:1F90.
func procAddress(a *net.TCPAddr) string {
	ip := a.IP.To4()
	if ip == nil {
		return ""
	}
	return fmt.Sprintf("%08X:%04X", binary.NativeEndian.Uint32(ip), a.Port)
}
