package e2e

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/scopsdb/scops/internal/httpapi"
	"github.com/stretchr/testify/require"
)

// postEvents sends a body to a queue over plain HTTP.
func (s *scops) postEvents(t testing.TB, queue, contentType string, body []byte, change func(*http.Request)) (int, httpapi.EventsAnswer) {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, s.endpoint+httpapi.EventsPath+queue, bytes.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", contentType)
	if change != nil {
		change(r)
	}
	s.signing("scops").sign(t, r, body)
	status, text := send(t, r)
	var answer httpapi.EventsAnswer
	require.NoError(t, json.Unmarshal([]byte(text), &answer), text)
	return status, answer
}

// takeAll receives and deletes messages until it has n, and returns their bodies.
func (s *scops) takeAll(t testing.TB, url *string, n int) (bodies, ids []string) {
	t.Helper()
	ctx, c := context.Background(), s.sqs()
	for len(bodies) < n {
		got, err := c.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: 20})
		require.NoError(t, err)
		require.NotEmpty(t, got.Messages, "%d of %d messages came", len(bodies), n)
		for _, m := range got.Messages {
			bodies, ids = append(bodies, *m.Body), append(ids, *m.MessageId)
			_, err := c.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: url, ReceiptHandle: m.ReceiptHandle})
			require.NoError(t, err)
		}
	}
	return bodies, ids
}

func TestEvents(t *testing.T) {
	t.Parallel()
	s := shared(t)
	url := s.queue(nil)
	queue := (*url)[strings.LastIndexByte(*url, '/')+1:]
	large := `{"a":"` + strings.Repeat("x", 1<<20) + `"}`
	for _, c := range []struct {
		name, contentType, body string
		status                  int
		bodies                  []string
		rejected                []string // line and part of the reason
		wrong                   string
	}{
		{name: "lines", contentType: "application/x-ndjson", body: "{\"구\":\"강남구\"}\n\n{\"b\":2}\n", status: 200, bodies: []string{`{"구":"강남구"}`, `{"b":2}`}},
		{name: "an object", contentType: "application/json; charset=utf-8", body: "{\"a\": 1}", status: 200, bodies: []string{`{"a": 1}`}},
		{name: "an array", contentType: "application/json", body: `[{"a":1}, {"b":2}, 3]`, status: 207, bodies: []string{`{"a":1}`, `{"b":2}`}, rejected: []string{"3 not a JSON object"}},
		{name: "some are wrong", contentType: "application/x-ndjson", body: "{\"a\":1}\n{\"b\":}\n" + large + "\n{\"c\":\"\uffff\"}\n{\"d\":4}", status: 207, bodies: []string{`{"a":1}`, `{"d":4}`},
			rejected: []string{"2 invalid JSON at byte 5", "3 the event is larger than 1048576 bytes", "4 Invalid characters found."}},
		{name: "all are wrong", contentType: "application/x-ndjson", body: "x\n", status: 400, rejected: []string{"1 invalid JSON at byte 0"}},
		{name: "nothing", contentType: "application/x-ndjson", body: "\n", status: 400, wrong: "the body has no event"},
		{name: "a broken array", contentType: "application/json", body: `[{"a":1}, {"b":2}`, status: 400, bodies: []string{`{"a":1}`, `{"b":2}`}, wrong: "the array does not end"},
		{name: "another type", contentType: "text/csv", body: "a,b", status: 415, wrong: "not as text/csv"},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, answer := s.postEvents(t, queue, c.contentType, []byte(c.body), nil)
			require.Equal(t, c.status, status, "%+v", answer)
			require.Equal(t, len(c.bodies), answer.Accepted)
			require.Len(t, answer.MessageIDs, len(c.bodies))
			require.Len(t, answer.Rejected, len(c.rejected))
			require.Equal(t, len(c.rejected), answer.RejectedCount)
			for i, r := range answer.Rejected {
				require.Contains(t, fmt.Sprintf("%d %s", r.Line, r.Reason), c.rejected[i])
			}
			if c.wrong == "" {
				require.Nil(t, answer.Error)
			} else {
				require.Contains(t, answer.Error.Message, c.wrong)
			}
			bodies, ids := s.takeAll(t, url, len(c.bodies))
			require.ElementsMatch(t, c.bodies, bodies)
			require.ElementsMatch(t, answer.MessageIDs, ids)
		})
	}
	status, answer := s.postEvents(t, "no-such-queue", "application/json", []byte("{}"), nil)
	require.Equal(t, 404, status)
	require.Equal(t, "QueueDoesNotExist", answer.Error.Code)
	fifo := unique("q-") + ".fifo"
	_, err := s.sqs().CreateQueue(context.Background(), &sqs.CreateQueueInput{QueueName: &fifo, Attributes: map[string]string{"FifoQueue": "true"}})
	require.NoError(t, err)
	status, answer = s.postEvents(t, fifo, "application/json", []byte("{}"), nil)
	require.Equal(t, 400, status)
	require.Contains(t, answer.Error.Message, "events without a message group for the FIFO queue "+fifo)
	r, err := http.NewRequest(http.MethodPost, s.endpoint+httpapi.EventsPath+queue, strings.NewReader("{}"))
	require.NoError(t, err)
	status, _ = send(t, r)
	require.Equal(t, 403, status, "unsigned")

	// Compressed, and more than one commit.
	var b, z bytes.Buffer
	for i := range 25_000 {
		fmt.Fprintf(&b, "{\"n\":%d}\n", i)
	}
	w := gzip.NewWriter(&z)
	_, err = w.Write(b.Bytes())
	require.NoError(t, err)
	require.NoError(t, w.Close())
	status, answer = s.postEvents(t, queue, "application/x-ndjson", z.Bytes(), func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip") })
	require.Equal(t, 200, status)
	require.Equal(t, 25_000, answer.Accepted)
	require.Equal(t, 25_000, answer.LastLine)
	require.Len(t, answer.MessageIDs, 1000)
	got, err := s.sqs().GetQueueAttributes(context.Background(), &sqs.GetQueueAttributesInput{QueueUrl: url, AttributeNames: []types.QueueAttributeName{"ApproximateNumberOfMessages"}})
	require.NoError(t, err)
	require.Equal(t, "25000", got.Attributes["ApproximateNumberOfMessages"])
}

// TestEventsAreOnDisk kills the server right after its answer.
func TestEventsAreOnDisk(t *testing.T) {
	t.Parallel()
	s := start(t, "queues: [{name: q}]")
	status, answer := s.postEvents(t, "q", "application/x-ndjson", []byte("{\"a\":1}\n{\"a\":2}\n"), nil)
	require.Equal(t, 200, status)
	s.kill()
	s.run()
	bodies, ids := s.takeAll(t, aws.String(s.endpoint+"/000000000000/q"), 2)
	slices.Sort(bodies)
	require.Equal(t, []string{`{"a":1}`, `{"a":2}`}, bodies)
	require.ElementsMatch(t, answer.MessageIDs, ids)
}

// sendCommand runs `scops send` and returns what it prints.
func (s *scops) sendCommand(input string, args ...string) (string, error) {
	path, err := binary()
	require.NoError(s.t, err)
	cmd := exec.Command(path, append([]string{"send", "--data", s.data}, args...)...)
	cmd.Stdin = strings.NewReader(input)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestSendCommand sends a file and a pipe, with events that are refused.
func TestSendCommand(t *testing.T) {
	t.Parallel()
	s := start(t, "queues: [{name: q}]")
	var text strings.Builder
	for i := range 100_000 { // more than one request
		fmt.Fprintf(&text, "{\"n\":%d,\"text\":\"%s\"}\n", i, strings.Repeat("x", 60))
	}
	file := filepath.Join(t.TempDir(), "events.ndjson")
	require.NoError(t, os.WriteFile(file, []byte(text.String()), 0o600))
	out, err := s.sendCommand("", "q", file)
	require.NoError(t, err, out)
	require.Contains(t, out, "100000 events sent to q, 0 rejected")

	out, err = s.sendCommand(strings.Repeat("{\"n\":1}\n", 60_000)+"\nx\n{\"n\":2}\n", "q")
	require.Error(t, err)
	require.Contains(t, out, "line 60002: invalid JSON at byte 0")
	require.Contains(t, out, "60001 events sent to q, 1 rejected")

	out, err = s.sendCommand("{}\n", "none")
	require.Error(t, err)
	require.Contains(t, out, "QueueDoesNotExist")
	counts, err := s.sqs().GetQueueAttributes(context.Background(), &sqs.GetQueueAttributesInput{QueueUrl: aws.String("q"), AttributeNames: []types.QueueAttributeName{"All"}})
	require.NoError(t, err)
	require.Equal(t, "160001", counts.Attributes["ApproximateNumberOfMessages"])
}
