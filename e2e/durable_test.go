package e2e

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestNothingIsDoneBeforeItIsOnDisk watches the system calls while one event is
// sent and delivered: each step is on disk before the next one relies on it, so
// a power cut leaves what a kill leaves.
func TestNothingIsDoneBeforeItIsOnDisk(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed")
	}
	trace := filepath.Join(t.TempDir(), "trace")
	s := start(t, eventsPipeline)
	require.NoError(t, s.stop())
	// -D: the tracer is the child of scops, not its parent.
	s.wrapper = []string{strace, "-D", "-f", "-y", "-s", "300", "-o", trace, "-e", "trace=fsync,fdatasync,linkat,write,writev,sendto"}
	if out, err := exec.Command(strace, "-D", "-o", os.DevNull, "true").CombinedOutput(); err != nil {
		t.Skipf("strace may not trace here: %v: %s", err, out)
	}
	s.run()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	_, err = sendEvents(ctx, s.sender(), []int64{1}, func(id int64) string { return killEvent(id, 0) })
	require.NoError(t, err)
	awaitBooks(t, s, 30*time.Second, "delivered", func(b books) bool { return b.inFiles == 1 && b.waiting() == 0 })
	require.NoError(t, s.stop())

	data := regexp.QuoteMeta(s.data)
	partition := data + `/objects/lake/events/year=2021/month=02/day=02`
	sync := `f(data)?sync\(\d+<` // of what follows
	want := []string{
		sync + data + `/queue/\d+\.log`,             // the message
		`(write|writev|sendto)\(.*200 OK`,           // its answer
		sync + data + `/catalog.db-wal>`,            // the batch is fixed in the journal
		sync + data + `/objects/lake/\.sgwtmp/#\d+`, // the object's contents
		`linkat\(.*\.parquet"`,                      // its name
		sync + partition + `>`,                      // the folders that hold it
		sync + data + `/objects/lake/events>`,       //
		sync + data + `/objects/lake>`,              //
		sync + data + `/catalog.db-wal>`,            // the batch is committed
		sync + data + `/queue/\d+\.log`,             // the message is deleted
		sync + data + `/catalog.db-wal>`,            // the batch is ended
	}
	f, err := os.Open(trace)
	require.NoError(t, err)
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	seen := false
	for len(want) > 0 && lines.Scan() {
		// Reading starts where the message is sent: the start syncs a lot.
		seen = seen || strings.Contains(lines.Text(), "scops answers")
		if seen && regexp.MustCompile(want[0]).MatchString(lines.Text()) {
			want = want[1:]
		}
	}
	require.NoError(t, lines.Err())
	require.Empty(t, want, "these did not happen in this order")
}
