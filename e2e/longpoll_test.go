package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"
)

// waiter is a consumer on a connection of its own.
type waiter struct {
	conn net.Conn
	in   *bufio.Reader
}

// TestManyLongPolls lets thousands of consumers wait on one queue: that costs
// little memory, each message wakes one of them, and none is lost.
func TestManyLongPolls(t *testing.T) {
	const consumers, mostKiB = 5000, 64
	var limit syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit))
	if limit.Cur < consumers+500 { // the Go runtime raised it to the hard limit
		t.Skipf("a process may have %d files open, %d are needed: raise ulimit -Hn", limit.Cur, consumers+500)
	}
	s := start(t, "")
	url := s.queue(nil)
	before := s.memory(t, "VmRSS")
	poll := s.laidOut(t, "AmazonSQS.ReceiveMessage", fmt.Sprintf(`{"QueueUrl":%q,"WaitTimeSeconds":20,"MaxNumberOfMessages":1}`, *url))
	waiters := make([]waiter, consumers)
	for i := range waiters {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.endpoint, "http://"))
		require.NoError(t, err)
		t.Cleanup(func() { conn.Close() })
		require.NoError(t, conn.SetDeadline(time.Now().Add(2*time.Minute)))
		_, err = conn.Write(poll)
		require.NoError(t, err)
		waiters[i] = waiter{conn, bufio.NewReaderSize(conn, 4<<10)}
	}
	got := make(chan string, consumers)
	for _, w := range waiters {
		go func() { got <- w.message(poll) }()
	}
	s.awaitRead(consumers)
	s.awaitIdle()
	each := (s.memory(t, "VmRSS") - before) << 10 / consumers
	t.Logf("%d KiB for each of %d waiting consumers", each, consumers)
	require.LessOrEqual(t, each, mostKiB)

	want := map[string]bool{}
	send := func(n int) {
		for i := 0; i < n; i += 10 {
			entries := make([]types.SendMessageBatchRequestEntry, min(10, n-i))
			for j := range entries {
				id, body := fmt.Sprint(j), fmt.Sprintf("m-%d", len(want))
				want[body] = true
				entries[j] = types.SendMessageBatchRequestEntry{Id: &id, MessageBody: &body}
			}
			_, err := s.sqs().SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{QueueUrl: url, Entries: entries})
			require.NoError(t, err)
		}
	}
	take := func(n int) {
		for range n {
			body := <-got
			require.True(t, want[body], "%q was not sent, or came twice", body)
			delete(want, body)
		}
	}
	send(1)
	take(1) // one for one
	send(99)
	take(99)
	require.Empty(t, got, "more consumers woke than messages came")
	send(consumers - 100)
	take(consumers - 100)
	require.Empty(t, want)
}

// message waits for the answer and polls again when it is empty, as consumers do.
func (w waiter) message(poll []byte) string {
	for {
		resp, err := http.ReadResponse(w.in, nil)
		if err != nil {
			return err.Error()
		}
		text, err := io.ReadAll(resp.Body)
		var answer struct{ Messages []struct{ Body string } }
		if err != nil || resp.StatusCode != http.StatusOK || json.Unmarshal(text, &answer) != nil {
			return fmt.Sprintf("%s %s %v", resp.Status, text, err)
		}
		if len(answer.Messages) > 0 {
			return answer.Messages[0].Body
		}
		if _, err := w.conn.Write(poll); err != nil {
			return err.Error()
		}
	}
}

// laidOut is a signed request as it goes over the wire.
func (s *scops) laidOut(t *testing.T, target, body string) []byte {
	t.Helper()
	r := s.jsonRequest(t, target, body)
	s.signing("sqs").sign(t, r, []byte(body))
	var b bytes.Buffer
	require.NoError(t, r.Write(&b))
	return b.Bytes()
}

// awaitRead waits until the process has n connections and has read all that came
// on them: /proc/net/tcp tells how many bytes wait in each socket.
func (s *scops) awaitRead(n int) {
	s.t.Helper()
	_, port, err := net.SplitHostPort(strings.TrimPrefix(s.endpoint, "http://"))
	require.NoError(s.t, err)
	number, err := strconv.Atoi(port)
	require.NoError(s.t, err)
	local, established := fmt.Sprintf(":%04X", number), "01"
	require.Eventually(s.t, func() bool {
		table, err := os.ReadFile("/proc/net/tcp")
		require.NoError(s.t, err)
		open := 0
		for line := range strings.Lines(string(table)) {
			f := strings.Fields(line) // number, local, remote, state, bytes to send:to read
			if len(f) < 5 || f[3] != established || !strings.HasSuffix(f[1], local) {
				continue
			}
			if !strings.HasSuffix(f[4], ":00000000") {
				return false
			}
			open++
		}
		return open >= n
	}, time.Minute, 10*time.Millisecond)
}

// awaitIdle waits until the process uses little of a processor.
func (s *scops) awaitIdle() {
	s.t.Helper()
	const window = 200 * time.Millisecond
	used := s.cpu()
	tick := time.NewTicker(window)
	defer tick.Stop()
	require.Eventually(s.t, func() bool {
		<-tick.C
		last := used
		used = s.cpu()
		return used-last <= window/4
	}, time.Minute, time.Millisecond)
}
