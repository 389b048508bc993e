package execution

import (
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestOtherUsers: the Runtime API is not answered to other users of the machine.
func TestOtherUsers(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	accepted := make(chan string, 2)
	go func() {
		for {
			c, err := (ownListener{l}).Accept()
			if err != nil {
				return
			}
			accepted <- c.RemoteAddr().String()
			c.Close()
		}
	}()
	c, err := net.Dial("tcp", l.Addr().String())
	require.NoError(t, err)
	defer c.Close()
	require.Equal(t, c.LocalAddr().String(), <-accepted)
	if os.Getuid() != 0 {
		t.Skip("only root can be another user")
	}
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("there is no bash to connect with")
	}
	_, port, _ := strings.Cut(l.Addr().String(), ":")
	// It reads until the connection ends.
	other := exec.Command("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/"+port+"; cat <&3")
	other.Dir = "/"
	other.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	_ = other.Run() // fails where its connection was reset
	require.Empty(t, accepted)
}
