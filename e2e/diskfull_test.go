package e2e

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/google/uuid"
	"github.com/scopsdb/scops/internal/httpapi"
	"github.com/stretchr/testify/require"
)

// smallDisk mounts a file system of the given size, for example 128m.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("mounting a small file system needs root")
	}
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size="+size, "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("cannot mount a tmpfs: %v: %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("umount %s: %v: %s", dir, err, out)
		}
	})
	return dir
}

// fill takes the disk's space but for some bytes. The file is returned.
func fill(t *testing.T, disk string, leave int64) string {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(disk, "filler"), os.O_CREATE|os.O_RDWR, 0o600)
	require.NoError(t, err)
	defer f.Close()
	for {
		var st syscall.Statfs_t
		require.NoError(t, syscall.Statfs(disk, &st))
		more := int64(st.Bavail)*st.Bsize - leave
		if more <= 0 {
			return f.Name()
		}
		info, err := f.Stat()
		require.NoError(t, err)
		err = syscall.Fallocate(int(f.Fd()), 0, info.Size(), more)
		if err != nil && !errors.Is(err, syscall.ENOSPC) { // scops takes some too
			require.NoError(t, err)
		}
	}
}

// diskEvents sends batches of ten events until it is told to stop.
type diskEvents struct {
	next         atomic.Int64
	acknowledged atomic.Int64
	refused      atomic.Int64
	mu           sync.Mutex
	acked        map[int64]bool
	odd          error // a refusal that is not clear

	work sync.WaitGroup
	end  context.CancelFunc
}

func (d *diskEvents) start(t *testing.T, s *scops, senders int) {
	ctx, end := context.WithCancel(t.Context())
	d.end = end
	for range senders {
		d.work.Go(func() { d.send(ctx, s.sender()) })
	}
}

func (d *diskEvents) stop() {
	d.end()
	d.work.Wait()
}

func (d *diskEvents) send(ctx context.Context, c *sqs.Client) {
	body := func(id int64) string {
		return fmt.Sprintf(`{"id":%d,"at":"2021-02-03T04:05:06Z","note":"%s"}`, id, strings.Repeat("x", 200))
	}
	for ctx.Err() == nil {
		last := d.next.Add(10)
		var ids []int64
		for id := last - 9; id <= last; id++ {
			ids = append(ids, id)
		}
		ok, err := sendEvents(ctx, c, ids, body)
		d.mu.Lock()
		for _, id := range ok {
			d.acked[id] = true
		}
		if err != nil && ctx.Err() == nil && !refusedForSpace(err) {
			d.odd = err
		}
		d.mu.Unlock()
		d.acknowledged.Add(int64(len(ok)))
		if err != nil {
			d.refused.Add(1)
		}
	}
}

// refusedForSpace tells whether a send was refused in a way that SDKs repeat
// and people understand.
func refusedForSpace(err error) bool {
	var response *smithyhttp.ResponseError
	var api smithy.APIError
	return errors.As(err, &response) && response.HTTPStatusCode() == 503 && errors.As(err, &api) &&
		api.ErrorCode() == "ServiceUnavailable" && strings.Contains(api.ErrorMessage(), "disk")
}

// awaitGrowth waits until a counter has grown by n.
func awaitGrowth(t *testing.T, what string, counter *atomic.Int64, n int64) {
	t.Helper()
	from := counter.Load()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(15 * time.Second); counter.Load() < from+n; <-tick.C {
		require.True(t, time.Now().Before(deadline), "%s: %d after %d", what, counter.Load(), from)
	}
}

// TestDiskFull takes all space of a small disk while events are sent and
// delivered, and gives it back.
func TestDiskFull(t *testing.T) {
	disk := smallDisk(t, "128m")
	// Batches wait long enough to be on their way when the disk is full.
	s := startIn(t, filepath.Join(disk, "data"), strings.Replace(eventsPipeline, "max_wait: 50ms\n    max_file_wait: 50ms", "max_wait: 1s", 1))
	d := &diskEvents{acked: map[int64]bool{}}
	d.start(t, s, 2)
	defer func() { d.stop() }()
	awaitGrowth(t, "events are sent", &d.acknowledged, 500)

	fill(t, disk, 10<<20)
	awaitGrowth(t, "with less than the reserve, sends are refused", &d.refused, 10)
	filler := fill(t, disk, 0)
	b := awaitBooks(t, s, 15*time.Second, "retrying", func(b books) bool { return b.state == "retrying" })
	require.Regexp(t, "full|space", b.reason)
	require.Positive(t, b.waiting())
	awaitGrowth(t, "sends are refused", &d.refused, 10)
	tryOnFullDisk(t, s, disk)

	require.NoError(t, os.Remove(filler))
	awaitGrowth(t, "sends are accepted", &d.acknowledged, 500)
	d.stop()
	require.NoError(t, d.odd)
	checkDelivered(t, s, d)
	require.Less(t, strings.Count(s.log.String(), "\n"), 100, "what is refused must not fill the log:\n%.2000s", s.log)

	restartOnFullDisk(t, s, d, disk)
}

// restartOnFullDisk kills the process while the disk is full. It starts again
// there or says why it cannot, and nothing is lost once there is space.
func restartOnFullDisk(t *testing.T, s *scops, d *diskEvents, disk string) {
	d.start(t, s, 2)
	awaitGrowth(t, "events are sent", &d.acknowledged, 500)
	filler := fill(t, disk, 0)
	awaitBooks(t, s, 15*time.Second, "retrying", func(b books) bool { return b.state == "retrying" })
	d.stop()
	require.NoError(t, d.odd)
	s.kill()
	fill(t, disk, 0)
	s.spawn()
	require.Eventually(t, func() bool {
		select {
		case <-s.exited:
			require.Error(t, s.waitErr)
			require.Regexp(t, "full|space", s.log.String())
			require.NotContains(t, s.log.String(), "goroutine", "it must not crash")
			return true
		default:
			return strings.Contains(s.log.String(), "scops answers")
		}
	}, 20*time.Second, 10*time.Millisecond)
	s.kill()
	require.NoError(t, os.Remove(filler))
	s.run()
	checkDelivered(t, s, d)
}

// tryOnFullDisk uses what needs a place on the disk: each call is answered, or
// refused with a reason.
func tryOnFullDisk(t *testing.T, s *scops, disk string) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	fill(t, disk, 0)
	q := s.client()
	rows, err := q.Query(ctx, httpapi.QueryRequest{SQL: "SELECT count(*) FROM shop.events"})
	for err == nil {
		_, err = rows.Next()
	}
	if !errors.Is(err, io.EOF) {
		require.Regexp(t, "full|space", err.Error())
	}

	sql := "SELECT count(*) FROM shop.events"
	calls := map[string]func() error{
		"StartQueryExecution": func() error {
			c := s.athena()
			out, err := c.StartQueryExecution(ctx, &athena.StartQueryExecutionInput{QueryString: &sql, ClientRequestToken: aws.String(uuid.NewString())},
				func(o *athena.Options) { o.Retryer = aws.NopRetryer{} })
			if err != nil {
				return err
			}
			ended := await(t, c, *out.QueryExecutionId)
			if reason := aws.ToString(ended.Status.StateChangeReason); reason != "" {
				return errors.New(reason)
			}
			return nil
		},
		"CreateDatabase": func() error {
			_, err := s.glue().CreateDatabase(ctx, &glue.CreateDatabaseInput{DatabaseInput: &gluetypes.DatabaseInput{Name: aws.String("more")}},
				func(o *glue.Options) { o.Retryer = aws.NopRetryer{} })
			return err
		},
		"PutObject": func() error {
			_, err := s.s3().PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("lake"), Key: aws.String("more/key"), Body: strings.NewReader("text")},
				func(o *s3.Options) { o.Retryer = aws.NopRetryer{} })
			return err
		},
		"CreateQueue": func() error {
			_, err := s.sender().CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("more")})
			return err
		},
	}
	for name, call := range calls {
		fill(t, disk, 0)
		if err := call(); err != nil {
			require.Regexp(t, "full|[Ss]pace", err.Error(), name)
			t.Logf("%s: %v", name, err)
		}
	}
}

// checkDelivered waits for the last event and counts.
func checkDelivered(t *testing.T, s *scops, d *diskEvents) {
	b := awaitBooks(t, s, 30*time.Second, "delivered", delivered)
	found := countIDs(t, s, "shop.events")
	require.Equal(t, found, countIDs(t, s, "shop.listed"))
	require.EqualValues(t, len(found), b.inFiles)
	d.mu.Lock()
	defer d.mu.Unlock()
	for id := range d.acked {
		require.Equal(t, 1, found[id], "event %d", id)
	}
	for id, n := range found {
		require.Equal(t, 1, n, "event %d", id)
	}
}
