package eventsource

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/scopsdb/scops/internal/awsapi"
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

// TestFailedMessagesComeBack holds what is deleted and what comes again.
func TestFailedMessagesComeBack(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer string // with the id of the message "bad" for BAD
		failed string // FunctionError
		again  []string
	}{
		{"function error", `{"errorType":"errorString","errorMessage":"no"}`, "Unhandled", []string{"bad", "good"}},
		{"one item", `{"batchItemFailures":[{"itemIdentifier":"BAD"}]}`, "", []string{"bad"}},
		{"invalid answer", `{"batchItemFailures":[{"itemIdentifier":"other"}]}`, "", []string{"bad", "good"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			r := newRig(t, func(e event) (Outcome, error) {
				if calls.Add(1) > 1 {
					return Outcome{}, nil
				}
				bad := e.Records[slices.Index(e.bodies(), "bad")].MessageID
				return Outcome{Payload: []byte(strings.ReplaceAll(c.answer, "BAD", bad)), FunctionError: c.failed}, nil
			})
			r.makeQueue("jobs", 12*time.Hour)
			r.send("good", "bad")
			r.connect(func(in *lambda.CreateEventSourceMappingInput) {
				in.FunctionResponseTypes = []types.FunctionResponseType{types.FunctionResponseTypeReportBatchItemFailures}
			})
			r.await(func() bool {
				n := r.counts()
				return n.InFlight == int64(len(c.again)) && n.Deleted == int64(2-len(c.again)) && len(r.called()) == 1
			})
			r.endVisibility(r.called()[0])
			r.awaitEmpty()
			var again []string
			for _, e := range r.called()[1:] {
				again = append(again, e.bodies()...)
				require.Equal(t, "2", e.Records[0].Attributes["ApproximateReceiveCount"])
			}
			slices.Sort(again)
			require.Equal(t, c.again, again)
		})
	}
}

// TestReportIsNotReadUnlessAskedFor is what AWS does with a function whose
// mapping has no FunctionResponseTypes.
func TestReportIsNotReadUnlessAskedFor(t *testing.T) {
	r := newRig(t, func(e event) (Outcome, error) {
		return Outcome{Payload: []byte(`{"batchItemFailures":[{"itemIdentifier":"` + e.Records[0].MessageID + `"}]}`)}, nil
	})
	r.makeQueue("jobs", 12*time.Hour)
	r.send("a")
	r.connect(nil)
	r.awaitEmpty()
	require.Len(t, r.called(), 1)
}

func TestThrottledInvocationsAreTriedAgain(t *testing.T) {
	var calls atomic.Int32
	r := newRig(t, func(event) (Outcome, error) {
		if calls.Add(1) < 3 {
			return Outcome{}, awsapi.Errorf(codeThrottled, "Rate Exceeded.")
		}
		return Outcome{}, nil
	})
	r.makeQueue("jobs", 12*time.Hour)
	r.send("a")
	r.connect(nil)
	r.awaitEmpty()
	require.EqualValues(t, 3, calls.Load())
	require.Equal(t, "1", r.called()[2].Records[0].Attributes["ApproximateReceiveCount"], "received once")
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

// TestFIFO holds that each message group is processed in order, also around a
// failure, which holds up its own group alone.
func TestFIFO(t *testing.T) {
	var failing atomic.Pointer[event] // the batch with the failure
	var mu sync.Mutex
	done := map[string][]string{}
	r := newRig(t, func(e event) (Outcome, error) {
		mu.Lock()
		defer mu.Unlock()
		var out struct {
			BatchItemFailures []map[string]string `json:"batchItemFailures"`
		}
		stopped := map[string]bool{}
		for _, m := range e.Records {
			group := m.Attributes["MessageGroupId"]
			if m.Body == "a2" && failing.CompareAndSwap(nil, &e) {
				stopped[group] = true
			}
			if stopped[group] { // what follows the failure is not processed
				out.BatchItemFailures = append(out.BatchItemFailures, map[string]string{"itemIdentifier": m.MessageID})
				continue
			}
			done[group] = append(done[group], m.Body)
		}
		text, err := json.Marshal(out)
		return Outcome{Payload: text}, err
	})
	r.fifo = true
	a := queue.DefaultAttributes()
	a.FIFO, a.VisibilityTimeout = true, 12*time.Hour
	require.NoError(t, r.queue.CreateQueue(context.Background(), "jobs.fifo", a))
	want := map[string][]string{}
	for i := range 30 {
		group := string(rune('a' + i%3))
		body := fmt.Sprint(group, i/3)
		_, err := r.queue.Send(context.Background(), "jobs.fifo", []queue.Message{{Body: body, Group: group}})
		require.NoError(t, err)
		want[group] = append(want[group], body)
	}
	r.connect(func(in *lambda.CreateEventSourceMappingInput) {
		in.EventSourceArn = aws.String(queueARN + ".fifo")
		in.FunctionResponseTypes = []types.FunctionResponseType{types.FunctionResponseTypeReportBatchItemFailures}
	})
	r.await(func() bool {
		mu.Lock()
		defer mu.Unlock()
		return failing.Load() != nil && len(done["a"]) == 2 && len(done["b"]) == 10 && len(done["c"]) == 10 && r.counts().Deleted == 22
	})
	r.endVisibility(*failing.Load())
	r.awaitEmpty()
	mu.Lock()
	defer mu.Unlock()
	require.Equal(t, want, done)
}

// TestDeadLetters holds that a message that keeps failing moves to the
// dead-letter queue after the receipts that the queue allows.
func TestDeadLetters(t *testing.T) {
	r := newRig(t, func(e event) (Outcome, error) {
		for _, m := range e.Records {
			if m.Body == "bad" {
				return Outcome{Payload: []byte(`{"batchItemFailures":[{"itemIdentifier":"` + m.MessageID + `"}]}`)}, nil
			}
		}
		return Outcome{}, nil
	})
	r.timeout = 0
	r.makeQueue("dead", time.Minute)
	a := queue.DefaultAttributes()
	a.VisibilityTimeout, a.DeadLetter = 500*time.Millisecond, &queue.DeadLetter{Queue: "dead", MaxReceives: 2}
	require.NoError(t, r.queue.CreateQueue(context.Background(), "jobs", a))
	r.connect(func(in *lambda.CreateEventSourceMappingInput) {
		in.FunctionResponseTypes = []types.FunctionResponseType{types.FunctionResponseTypeReportBatchItemFailures}
	})
	r.send("good", "bad", "fine")
	r.await(func() bool {
		c, err := r.queue.Counts(context.Background(), "dead")
		return err == nil && c.Visible == 1
	})
	require.EqualValues(t, 0, r.counts().Stored())
	bad := 0
	for _, e := range r.called() {
		if slices.Contains(e.bodies(), "bad") {
			bad++
		}
	}
	require.Equal(t, 2, bad)
}
