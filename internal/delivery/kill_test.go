package delivery

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/queue"
)

const killDir = "SCOPS_TEST_KILL_DIR"

// TestKillHelper is the process that TestKilledProcess kills: it delivers, and
// sends events of which it prints the ids that were acknowledged.
func TestKillHelper(t *testing.T) {
	dir := os.Getenv(killDir)
	if dir == "" {
		t.Skip("it is run by TestKilledProcess")
	}
	from, err := strconv.Atoi(os.Getenv("SCOPS_TEST_KILL_FROM"))
	require.NoError(t, err)
	r := &rig{t: t, dir: dir, configs: []Config{killConfig()}}
	r.openStores()
	r.start()
	for id := from; ; id += 20 {
		var messages []queue.Message
		for k := range 20 {
			messages = append(messages, queue.Message{Body: orderEvent(id + k)})
		}
		if _, err := r.queue.Send(context.Background(), "order-events", messages); err != nil {
			t.Fatal(err)
		}
		fmt.Printf("sent %d\n", id)
	}
}

func killConfig() Config {
	c := ordersConfig()
	c.MaxWait, c.MaxFileWait = 2*time.Millisecond, 2*time.Millisecond
	return c
}

// TestKilledProcess kills a delivering process at random moments. Every
// acknowledged event is in the table once, and none twice.
func TestKilledProcess(t *testing.T) {
	if os.Getenv(killDir) != "" {
		t.Skip("in the helper")
	}
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, killConfig())
	acknowledged := map[int64]bool{}
	next := 0
	for range 8 {
		require.NoError(t, r.queue.Close())
		require.NoError(t, r.objects.Close())
		require.NoError(t, r.db.Close())
		next = runAndKill(t, r.dir, next, acknowledged)
		r.openStores()
	}
	r.start()
	r.waitDone()
	seen := map[int64]bool{}
	for _, id := range ids(r.rows()) {
		require.False(t, seen[id], "event %d is there twice", id)
		seen[id] = true
	}
	for id := range acknowledged {
		require.True(t, seen[id], "event %d was acknowledged and is not there", id)
	}
	require.NotEmpty(t, acknowledged)
	require.Zero(t, r.status().Elsewhere)
	t.Logf("%d events acknowledged, %d in the table", len(acknowledged), len(seen))
}

func runAndKill(t *testing.T, dir string, from int, acknowledged map[int64]bool) int {
	cmd := exec.Command(os.Args[0], "-test.run=^TestKillHelper$", "-test.v")
	cmd.Env = append(os.Environ(), killDir+"="+dir, "SCOPS_TEST_KILL_FROM="+strconv.Itoa(from))
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := bufio.NewScanner(out)
	var kill *time.Timer
	last := from
	for lines.Scan() {
		rest, ok := strings.CutPrefix(lines.Text(), "sent ")
		if !ok {
			continue
		}
		id, err := strconv.Atoi(rest)
		require.NoError(t, err)
		for k := range 20 {
			acknowledged[int64(id+k)] = true
		}
		last = id + 20
		if kill == nil { // from its first event on
			kill = time.AfterFunc(time.Duration(rand.IntN(150))*time.Millisecond, func() { _ = cmd.Process.Kill() })
		}
	}
	require.Error(t, cmd.Wait())
	return last + 20 // one more send may have got through without its line
}
