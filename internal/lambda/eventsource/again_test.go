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
