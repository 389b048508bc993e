package eventsource

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/scopsdb/scops/internal/queue"
	"github.com/stretchr/testify/require"
)

func TestMessagesAreProcessedAndDeleted(t *testing.T) {
	r := newRig(t, succeed)
	r.makeQueue("jobs", 30*time.Second)
	r.send("before")
	uuid := r.connect(nil)
	r.awaitState(uuid, "Enabled")
	r.send("after", "and more")
	r.awaitEmpty()
	var bodies []string
	for _, e := range r.called() {
		bodies = append(bodies, e.bodies()...)
	}
	slices.Sort(bodies)
	require.Equal(t, []string{"after", "and more", "before"}, bodies)
}

// TestEvent holds the event of a function against what AWS sends.
func TestEvent(t *testing.T) {
	r := newRig(t, succeed)
	r.makeQueue("jobs", 30*time.Second)
	_, err := r.queue.Send(context.Background(), "jobs", []queue.Message{{
		ID: "059f36b4-87a3-44ab-83d2-661975830a7d", Body: `<a & "b">`,
		Attributes: map[string]queue.Attribute{
			"kind":  {DataType: "String", String: "주문"},
			"bytes": {DataType: "Binary.png", Binary: []byte{1, 2, 3}},
		},
	}})
	require.NoError(t, err)
	r.connect(nil)
	r.awaitEmpty()
	e := r.called()[0]
	got := e.Records[0]
	want := fmt.Sprintf(`{"Records":[{"messageId":"059f36b4-87a3-44ab-83d2-661975830a7d","receiptHandle":"%s","body":"<a & \"b\">",`+
		`"attributes":{"ApproximateFirstReceiveTimestamp":"%s","ApproximateReceiveCount":"1","SenderId":"000000000000","SentTimestamp":"%s"},`+
		`"messageAttributes":{"bytes":{"binaryValue":"AQID","stringListValues":[],"binaryListValues":[],"dataType":"Binary.png"},`+
		`"kind":{"stringValue":"주문","stringListValues":[],"binaryListValues":[],"dataType":"String"}},`+
		`"md5OfMessageAttributes":"858b31166b5a63d581fc11caaa1d9ecb","md5OfBody":"75ece415a6d601716b67a1e31c9c83de",`+
		`"eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:ap-northeast-2:000000000000:jobs","awsRegion":"ap-northeast-2"}]}`,
		got.ReceiptHandle, got.Attributes["ApproximateFirstReceiveTimestamp"], got.Attributes["SentTimestamp"])
	require.Equal(t, want, string(e.text))
}

func TestWindowFillsTheBatch(t *testing.T) {
	r := newRig(t, succeed)
	r.makeQueue("jobs", 12*time.Hour)
	r.connect(func(in *lambda.CreateEventSourceMappingInput) {
		in.BatchSize, in.MaximumBatchingWindowInSeconds = aws.Int32(25), aws.Int32(300)
	})
	for i := range 25 {
		r.send(fmt.Sprint(i))
	}
	r.awaitEmpty()
	require.Len(t, r.called(), 1, "the window waits until the batch is full")
	require.Len(t, r.called()[0].Records, 25)
}

func TestWindowEnds(t *testing.T) {
	r := newRig(t, succeed)
	r.makeQueue("jobs", 12*time.Hour)
	r.connect(func(in *lambda.CreateEventSourceMappingInput) {
		in.BatchSize, in.MaximumBatchingWindowInSeconds = aws.Int32(10_000), aws.Int32(1)
	})
	r.send("alone")
	r.awaitEmpty()
	require.Equal(t, []string{"alone"}, r.called()[0].bodies())
}

// TestWindowKeepsToTheVisibilityTimeout holds that messages are not kept until
// they are visible to others.
func TestWindowKeepsToTheVisibilityTimeout(t *testing.T) {
	r := newRig(t, succeed)
	r.timeout = 12*time.Hour - 100*time.Millisecond
	r.makeQueue("jobs", 12*time.Hour)
	r.connect(func(in *lambda.CreateEventSourceMappingInput) {
		in.BatchSize, in.MaximumBatchingWindowInSeconds = aws.Int32(10), aws.Int32(300)
	})
	r.send("alone")
	r.awaitEmpty()
	require.Len(t, r.called(), 1)
}

func TestPayloadLimitCutsTheBatch(t *testing.T) {
	r := newRig(t, succeed)
	r.makeQueue("jobs", 12*time.Hour)
	for i := range 10 { // each body is twice as long in JSON
		r.send(strings.Repeat("\"", 1<<20-1) + fmt.Sprint(i))
	}
	r.connect(func(in *lambda.CreateEventSourceMappingInput) { in.MaximumBatchingWindowInSeconds = aws.Int32(1) })
	r.awaitEmpty()
	n := 0
	for _, e := range r.called() {
		require.LessOrEqual(t, len(e.text), 6<<20)
		n += len(e.Records)
	}
	require.Equal(t, 10, n)
}

func TestConcurrency(t *testing.T) {
	var now, most atomic.Int32
	proceed := make(chan struct{})
	r := newRig(t, func(event) (Outcome, error) {
		n := now.Add(1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		<-proceed
		now.Add(-1)
		return Outcome{}, nil
	})
	r.makeQueue("jobs", 12*time.Hour)
	r.connect(func(in *lambda.CreateEventSourceMappingInput) {
		in.BatchSize, in.ScalingConfig = aws.Int32(1), &types.ScalingConfig{MaximumConcurrency: aws.Int32(3)}
	})
	for i := range 10 {
		r.send(fmt.Sprint(i))
	}
	r.await(func() bool { return now.Load() == 3 })
	require.EqualValues(t, 3, r.counts().InFlight, "nothing is received that no invocation can take")
	close(proceed)
	r.awaitEmpty()
	require.EqualValues(t, 3, most.Load())
}

func TestFilters(t *testing.T) {
	r := newRig(t, succeed)
	r.makeQueue("jobs", 12*time.Hour)
	r.send(`{"action":"order"}`, `{"action":"visit"}`, `plain`, `{"action":"return"}`)
	r.connect(func(in *lambda.CreateEventSourceMappingInput) {
		in.FilterCriteria = &types.FilterCriteria{Filters: []types.Filter{
			{Pattern: aws.String(`{"body":{"action":["order"]}}`)}, {Pattern: aws.String(`{"body":{"action":[{"prefix":"ret"}]}}`)},
		}}
	})
	r.awaitEmpty()
	require.Len(t, r.called(), 1)
	require.Equal(t, []string{`{"action":"order"}`, `{"action":"return"}`}, r.called()[0].bodies())
}

// TestFunctionAndQueueComeAndGo holds that a mapping waits for its function and
// its queue and loses nothing meanwhile.
func TestFunctionAndQueueComeAndGo(t *testing.T) {
	r := newRig(t, succeed)
	r.makeQueue("jobs", 12*time.Hour)
	uuid := r.connect(nil)
	awaitProblem := func(text string) {
		t.Helper()
		r.await(func() bool {
			out, err := r.get(uuid)
			return err == nil && aws.ToString(out.LastProcessingResult) == text
		})
	}
	r.close()
	r.function = nil
	r.open()
	r.send("a")
	awaitProblem("PROBLEM: the function does not exist")
	require.EqualValues(t, 1, r.counts().Visible, "nothing is received without a function")
	r.mu.Lock()
	r.function = succeed
	r.mu.Unlock()
	r.awaitEmpty()
	require.NoError(t, r.queue.DeleteQueue(context.Background(), "jobs"))
	awaitProblem("PROBLEM: the queue does not exist")
	r.makeQueue("jobs", 12*time.Hour)
	r.send("b")
	r.awaitEmpty()
	awaitProblem("")
}

func TestDisable(t *testing.T) {
	r := newRig(t, succeed)
	r.makeQueue("jobs", 12*time.Hour)
	uuid := r.connect(func(in *lambda.CreateEventSourceMappingInput) { in.Enabled = aws.Bool(false) })
	r.awaitState(uuid, "Disabled")
	r.send("a")
	enable := func(on bool, state string) {
		out, err := r.UpdateEventSourceMapping(context.Background(), &lambda.UpdateEventSourceMappingInput{UUID: &uuid, Enabled: &on})
		require.NoError(t, err)
		require.Equal(t, state, *out.State)
	}
	enable(true, "Enabling")
	r.awaitEmpty()
	enable(false, "Disabling")
	r.awaitState(uuid, "Disabled")
	r.send("b")
	require.EqualValues(t, 1, r.counts().Visible)
	enable(true, "Enabling")
	r.awaitEmpty()
}

// TestManyChanges holds that the last of many changes is what runs.
func TestManyChanges(t *testing.T) {
	r := newRig(t, succeed)
	r.makeQueue("jobs", 12*time.Hour)
	uuid := r.connect(nil)
	for range 50 {
		for _, on := range []bool{false, true} {
			_, err := r.UpdateEventSourceMapping(context.Background(), &lambda.UpdateEventSourceMappingInput{UUID: &uuid, Enabled: &on})
			require.NoError(t, err)
		}
		r.send("a")
	}
	r.awaitEmpty()
	r.awaitState(uuid, "Enabled")
}

// TestDeletionWaitsForItsInvocations holds that a mapping is there until its
// last message is processed and deleted.
func TestDeletionWaitsForItsInvocations(t *testing.T) {
	entered, proceed := make(chan struct{}), make(chan struct{})
	r := newRig(t, func(event) (Outcome, error) {
		close(entered)
		<-proceed
		return Outcome{}, nil
	})
	r.makeQueue("jobs", 12*time.Hour)
	uuid := r.connect(nil)
	r.send("a")
	<-entered
	out, err := r.DeleteEventSourceMapping(context.Background(), &lambda.DeleteEventSourceMappingInput{UUID: &uuid})
	require.NoError(t, err)
	require.Equal(t, "Deleting", *out.State)
	_, err = r.UpdateEventSourceMapping(context.Background(), &lambda.UpdateEventSourceMappingInput{UUID: &uuid, Enabled: aws.Bool(false)})
	require.True(t, is(err, "ResourceInUseException"), "%v", err)
	r.awaitState(uuid, "Deleting")
	close(proceed)
	r.await(func() bool { _, err := r.get(uuid); return is(err, codeNotFound) })
	r.awaitEmpty()
}

// TestCloseReturnsWhatNobodyProcesses holds that a stop in the middle of a
// window leaves the messages for the next start.
func TestCloseReturnsWhatNobodyProcesses(t *testing.T) {
	r := newRig(t, succeed)
	r.makeQueue("jobs", 12*time.Hour)
	r.connect(func(in *lambda.CreateEventSourceMappingInput) {
		in.BatchSize, in.MaximumBatchingWindowInSeconds = aws.Int32(3), aws.Int32(300)
	})
	r.send("a", "b")
	r.await(func() bool { return r.counts().InFlight == 2 })
	r.close()
	r.open()
	r.send("c")
	r.awaitEmpty()
	require.Len(t, r.called(), 1)
	require.ElementsMatch(t, []string{"a", "b", "c"}, r.called()[0].bodies())
}
