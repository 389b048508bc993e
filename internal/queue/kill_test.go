package queue

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const killDir = "SCOPS_QUEUE_KILL_DIR"

// TestKill kills a process that sends, without warning and a few times over one
// folder. Whatever it reported as sent must be there once.
func TestKill(t *testing.T) {
	if dir := os.Getenv(killDir); dir != "" {
		sendUntilKilled(t, dir)
		return
	}
	dir := t.TempDir()
	acked := map[string]bool{}
	for round := range 4 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKill$")
		cmd.Env = append(os.Environ(), killDir+"="+dir, fmt.Sprint("SCOPS_QUEUE_KILL_ROUND=", round))
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			acked[lines.Text()] = true
			if n == 300+137*round {
				require.NoError(t, cmd.Process.Kill())
			}
		}
		require.Error(t, cmd.Wait(), "it was killed")
	}
	s := openTest(t, dir, Options{})
	found := map[string]bool{}
	for {
		got := receive(t, s, 1000)
		if len(got) == 0 {
			break
		}
		for _, r := range got {
			require.False(t, found[r.Body], "%s is there twice", r.Body)
			found[r.Body] = true
		}
	}
	require.Greater(t, len(acked), 1200)
	for body := range acked {
		require.True(t, found[body], "%s was acknowledged and is lost", body)
	}
	require.Equal(t, int64(len(found)), counts(t, s).Sent)
}

func sendUntilKilled(t *testing.T, dir string) {
	s, err := Open(dir, Options{MemTableSize: 256 << 10})
	require.NoError(t, err)
	if _, err := s.Queue(t.Context(), orders); err != nil {
		require.NoError(t, s.CreateQueue(t.Context(), orders, DefaultAttributes()))
	}
	done := make(chan struct{})
	for sender := range 4 {
		go func() {
			for n := 0; ; n++ {
				body := fmt.Sprintf("%s/%d/%d/%d", os.Getenv("SCOPS_QUEUE_KILL_ROUND"), sender, n, time.Now().UnixNano())
				if _, err := s.Send(t.Context(), orders, []Message{{Body: body}}); err != nil {
					return
				}
				os.Stdout.WriteString(body + "\n")
			}
		}()
	}
	<-done
}
