package e2e

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"
)

// faultBinary builds scops with fault points once; SCOPS_FAULT_BIN gives a ready
// one.
var faultBinary = sync.OnceValues(func() (string, error) {
	if path := os.Getenv("SCOPS_FAULT_BIN"); path != "" {
		return filepath.Abs(path)
	}
	dir, err := os.MkdirTemp("", "scops-e2e-fault-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "scops")
	out, err := exec.Command("go", "build", "-tags", "faultpoints", "-o", path, "../cmd/scops").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build scops with fault points: %w\n%s", err, out)
	}
	return path, nil
})

// mustCover are the kinds of points that a whole run has to meet.
var mustCover = []string{
	"queue.write", "queue.sync", "queue.create", "sqlite.commit",
	"objects.put", "objects.body", "objects.content", "objects.sync", "objects.delete",
}

// crashPipeline has a second delivery of the same queue, with SQL on the way,
// whose table gets enough files to be compacted.
const crashPipeline = eventsPipeline + `
  - name: copies
    queue: events
    table: shop.copies
    transform: SELECT id, sender, id % 2 = 0 AS even FROM batch WHERE id % 3 <> 0
    max_wait: 1ms
    errors: s3://logs/errors/
compaction: {quiet_after: 1s, grace: 0s}
`

const copiesTable = `statements:
  - sql: CREATE DATABASE IF NOT EXISTS shop
  - sql: |
      CREATE EXTERNAL TABLE IF NOT EXISTS shop.copies (id bigint, sender int, even boolean)
      STORED AS PARQUET LOCATION 's3://lake/copies/'`

// TestCrash stops scops just before each write, sync, put and commit in turn,
// once in each run, and looks whether every acknowledged event is in SQL once
// after the restart. Every third restart is itself stopped on its way. It takes
// a scops of its own making and minutes: SCOPS_CRASH_STEP says at each how many
// points to stop (make crashtest: at every one).
func TestCrash(t *testing.T) {
	step := int(environmentInt(t, "SCOPS_CRASH_STEP", 0))
	if step < 1 {
		t.Skip("set SCOPS_CRASH_STEP, or run make crashtest")
	}
	path, err := faultBinary()
	require.NoError(t, err)
	ready := prepare(t, path)
	covered := map[string]int{}
	for name, life := range map[string]struct {
		from    string
		batches int
	}{"first start": {"", 1}, "work": {ready, 10}} {
		t.Run(name, func(t *testing.T) {
			n := 1 + rand.IntN(step)
			for ; ; n += step {
				c := &crashRun{t: t, binary: path, point: n, batches: life.batches}
				if !c.run(life.from) {
					break // it came to its end before the point
				}
				covered[c.died]++
			}
			t.Logf("%d points, at each %d", n-1, step)
		})
	}
	names := make([]string, 0, len(covered))
	for name, n := range covered {
		names = append(names, fmt.Sprintf("%s %d", name, n))
	}
	slices.Sort(names)
	t.Logf("stopped at: %s", strings.Join(names, ", "))
	for _, name := range mustCover {
		require.True(t, step > 1 || covered[name] > 0, "no run was stopped at a point %s", name)
	}
}

// prepare makes a data folder that has been started and stopped once.
func prepare(t *testing.T, binary string) string {
	t.Helper()
	c := &crashRun{t: t, binary: binary}
	c.folder("")
	c.spawn()
	c.s.awaitEndpoint()
	require.NoError(t, c.s.stop())
	return c.s.data
}

// crashRun is one life that ends at a point, and what came of it.
type crashRun struct {
	t      *testing.T
	binary string
	point  int
	died   string // the name of the point

	batches int // of events; 10 make enough files for a merge

	s            *scops
	log          string
	acknowledged []int64
	sent         int64
	objects      map[string][]byte
}

// run reports whether the process was stopped by its point.
func (c *crashRun) run(from string) bool {
	c.folder(from)
	c.objects = map[string][]byte{}
	c.spawn(fmt.Sprintf("SCOPS_FAULT=%d", c.point), "SCOPS_FAULT_LOG="+c.log)
	c.work()
	dead := c.end()
	if points := c.points(); dead && len(points) > 0 {
		c.died = points[len(points)-1]
	}
	if c.point%3 == 0 { // the way back is no safer place
		c.spawn(fmt.Sprintf("SCOPS_FAULT=%d", 1+c.point%60))
		c.awaitOrDeath()
		c.end()
	}
	c.spawn()
	c.s.awaitEndpoint()
	c.s.readCredentials()
	c.verify()
	require.NoError(c.t, c.s.stop())
	require.NoError(c.t, os.RemoveAll(c.s.data))
	return dead
}

func (c *crashRun) folder(from string) {
	c.t.Helper()
	dir := c.t.TempDir()
	c.s = &scops{t: c.t, data: filepath.Join(dir, "data"), args: []string{"--config", filepath.Join(dir, "scops.yaml")}}
	c.configure(strings.Replace(crashPipeline, "statements:", copiesTable, 1))
	c.log = filepath.Join(dir, "points")
	if from != "" {
		out, err := exec.Command("cp", "-a", from, c.s.data).CombinedOutput()
		require.NoError(c.t, err, "%s", out)
	} else {
		require.NoError(c.t, os.Mkdir(c.s.data, 0o700))
	}
}

// configure writes what the next start reads.
func (c *crashRun) configure(yaml string) {
	c.t.Helper()
	require.NoError(c.t, os.WriteFile(c.s.args[1], []byte(yaml), 0o600))
}

func (c *crashRun) spawn(env ...string) {
	c.t.Helper()
	c.s.env = env
	c.s.binary = c.binary
	c.s.spawn()
}

// awaitOrDeath waits until the process answers or has ended.
func (c *crashRun) awaitOrDeath() (alive bool) {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-c.s.exited:
			return false
		case <-tick.C:
			if c.s.answers() {
				c.s.readCredentials()
				return true
			}
		}
	}
}

// work sends events, some of them bad, puts objects and compacts, until an
// answer fails to come.
func (c *crashRun) work() {
	if !c.awaitOrDeath() {
		return
	}
	for range c.batches {
		if c.send() != nil || c.put() != nil || c.awaitDelivered() != nil {
			return
		}
	}
	_, _ = c.s.client().Compact(c.t.Context(), "shop.copies") // or the point comes
}

func (c *crashRun) send() error {
	var ids []int64
	for range 10 {
		c.sent++
		ids = append(ids, c.sent*killBad/10) // each tenth is bad
	}
	ok, err := sendEvents(c.t.Context(), c.s.sender(), ids, func(id int64) string { return killEvent(id, 0) })
	c.acknowledged = append(c.acknowledged, ok...)
	return err
}

func (c *crashRun) put() error {
	key, body := fmt.Sprintf("put/%d", c.sent), bytes.Repeat([]byte{byte(c.sent)}, 3000)
	_, err := c.s.s3().PutObject(c.t.Context(), &s3.PutObjectInput{Bucket: aws.String("logs"), Key: &key, Body: bytes.NewReader(body)},
		func(o *s3.Options) { o.Retryer = aws.NopRetryer{} })
	if err == nil {
		c.objects[key] = body
	}
	return err
}

// awaitDelivered waits until both deliveries have everything in files. Their
// books balance at every look.
func (c *crashRun) awaitDelivered() error {
	for {
		list, err := c.s.client().Deliveries(c.t.Context())
		if err != nil {
			return err
		}
		var waiting int64
		for _, d := range list {
			require.Equal(c.t, d.Sent, d.InQueue+d.InFlight+d.InFiles+d.Rejected+d.Filtered+d.Duplicates, "%+v", d)
			require.Zero(c.t, d.Elsewhere, "%+v", d)
			waiting += d.InQueue + d.InFlight
		}
		if waiting == 0 {
			return nil
		}
	}
}

// end stops a process that its point did not and reports whether it did.
func (c *crashRun) end() bool {
	_ = c.s.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	select {
	case <-c.s.exited:
	case <-time.After(time.Minute):
		c.t.Fatalf("scops does not stop\n%s", c.s.log)
	}
	state := c.s.cmd.ProcessState
	require.True(c.t, state.Success() || strings.Contains(state.String(), "killed"), "it ended by itself: %s\n%s", state, c.s.log)
	return !state.Success()
}

func (c *crashRun) points() []string {
	text, err := os.ReadFile(c.log)
	require.NoError(c.t, err)
	return strings.Fields(string(text))
}

// verify looks at everything that is readable after the restart.
func (c *crashRun) verify() {
	what := fmt.Sprintf("stopped at point %d, %s", c.point, c.died)
	require.NoError(c.t, c.awaitDelivered())
	found, copies := countIDs(c.t, c.s, "shop.events"), countIDs(c.t, c.s, "shop.copies")
	bad := 0
	for _, id := range c.acknowledged {
		if id%killBad == 0 {
			bad++
			continue
		}
		require.Equal(c.t, 1, found[id], "%s: event %d was acknowledged", what, id)
	}
	require.LessOrEqual(c.t, int64(len(found)), c.sent, what)
	kept := map[int64]int{}
	for id, n := range found {
		require.Equal(c.t, 1, n, "%s: event %d", what, id)
		if id%3 != 0 {
			kept[id] = 1
		}
	}
	require.Equal(c.t, kept, copies, "%s: the second delivery", what)
	list, err := c.s.client().Deliveries(c.t.Context())
	require.NoError(c.t, err)
	for _, d := range list {
		require.GreaterOrEqual(c.t, d.Rejected, int64(bad), "%s: %+v", what, d)
		require.Equal(c.t, int64(len(found)), d.InFiles+d.Filtered, "%s: %+v", what, d)
	}
	require.Eventually(c.t, func() bool { return maps.Equal(found, countIDs(c.t, c.s, "shop.listed")) },
		20*time.Second, 10*time.Millisecond, "%s: who lists the bucket, once no merge changes it", what)
	for key, body := range c.objects {
		require.Equal(c.t, body, c.s.get("s3://logs/"+key), "%s: object %s", what, key)
	}
}
