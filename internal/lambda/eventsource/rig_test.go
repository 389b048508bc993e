package eventsource

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/queue"
	"github.com/scopsdb/scops/internal/sqlite"
	"github.com/scopsdb/scops/internal/sqs"
	"github.com/stretchr/testify/require"
)

const (
	testRegion  = "ap-northeast-2"
	testAccount = "000000000000"
	functionARN = "arn:aws:lambda:ap-northeast-2:000000000000:function:work"
	queueARN    = "arn:aws:sqs:ap-northeast-2:000000000000:jobs"
)

// rig is a service over a real queue and catalog.db. Its function is a Go
// function: what runs real ones is not this package's.
type rig struct {
	t     *testing.T
	dir   string
	queue *queue.Store
	db    *sqlite.DB
	*Service
	fifo bool // its queue is jobs.fifo

	mu       sync.Mutex
	function func(event) (Outcome, error) // nil: there is none
	timeout  time.Duration
	calls    []event
}

// event is what a function gets.
type event struct {
	Records []struct {
		MessageID         string                    `json:"messageId"`
		ReceiptHandle     string                    `json:"receiptHandle"`
		Body              string                    `json:"body"`
		EventSourceARN    string                    `json:"eventSourceARN"`
		Attributes        map[string]string         `json:"attributes"`
		MessageAttributes map[string]map[string]any `json:"messageAttributes"`
	}
	text []byte
}

func (e event) bodies() []string {
	var out []string
	for _, r := range e.Records {
		out = append(out, r.Body)
	}
	return out
}

func (r *rig) Find(_ context.Context, name string) (Function, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.function == nil || name != "work" && name != functionARN {
		return Function{}, awsapi.Errorf(codeNotFound, "Function not found: %s", name)
	}
	return Function{ARN: functionARN, Timeout: r.timeout}, nil
}

func (r *rig) Invoke(_ context.Context, arn string, payload []byte) (Outcome, error) {
	e := event{text: payload}
	if err := json.Unmarshal(payload, &e); err != nil {
		return Outcome{}, err
	}
	r.mu.Lock()
	f := r.function
	r.calls = append(r.calls, e)
	r.mu.Unlock()
	if f == nil || arn != functionARN {
		return Outcome{}, awsapi.Errorf(codeNotFound, "Function not found: %s", arn)
	}
	return f(e)
}

func newRig(t *testing.T, f func(event) (Outcome, error)) *rig {
	r := &rig{t: t, dir: t.TempDir(), function: f, timeout: time.Second}
	r.open()
	t.Cleanup(func() { r.close() })
	return r
}

func (r *rig) open() {
	var err error
	r.queue, err = queue.Open(filepath.Join(r.dir, "queue"), queue.Options{})
	require.NoError(r.t, err)
	r.db, err = sqlite.Open(filepath.Join(r.dir, "catalog.db"))
	require.NoError(r.t, err)
	r.Service, err = Open(context.Background(), Options{
		DB: r.db, Queues: sqs.New(r.queue, sqs.Options{}).Consumer(testRegion, testAccount), Functions: r, Region: testRegion, AccountID: testAccount,
	})
	require.NoError(r.t, err)
	r.Start()
}

func (r *rig) close() {
	require.NoError(r.t, r.Close(context.Background()))
	require.NoError(r.t, r.queue.Close())
	require.NoError(r.t, r.db.Close())
}

func (r *rig) makeQueue(name queue.Name, visibility time.Duration) {
	r.t.Helper()
	a := queue.DefaultAttributes()
	a.VisibilityTimeout = visibility
	require.NoError(r.t, r.queue.CreateQueue(context.Background(), name, a))
}

func (r *rig) send(bodies ...string) {
	r.t.Helper()
	messages := make([]queue.Message, len(bodies))
	for i, body := range bodies {
		messages[i].Body = body
	}
	_, err := r.queue.Send(context.Background(), "jobs", messages)
	require.NoError(r.t, err)
}

// connect makes a mapping of the queue jobs to the function.
func (r *rig) connect(change func(*lambda.CreateEventSourceMappingInput)) string {
	r.t.Helper()
	in := &lambda.CreateEventSourceMappingInput{FunctionName: aws.String("work"), EventSourceArn: aws.String(queueARN)}
	if change != nil {
		change(in)
	}
	out, err := r.CreateEventSourceMapping(context.Background(), in)
	require.NoError(r.t, err)
	require.Equal(r.t, "Creating", *out.State)
	return *out.UUID
}

func (r *rig) get(uuid string) (*types.EventSourceMappingConfiguration, error) {
	return r.GetEventSourceMapping(context.Background(), &lambda.GetEventSourceMappingInput{UUID: &uuid})
}

func (r *rig) awaitState(uuid, state string) {
	r.t.Helper()
	r.await(func() bool {
		out, err := r.get(uuid)
		return err == nil && *out.State == state
	})
}

func (r *rig) await(holds func() bool) {
	r.t.Helper()
	require.Eventually(r.t, holds, 20*time.Second, 5*time.Millisecond)
}

func (r *rig) counts() queue.Counts {
	name := queue.Name("jobs")
	if r.fifo {
		name += ".fifo"
	}
	c, err := r.queue.Counts(context.Background(), name)
	require.NoError(r.t, err)
	return c
}

// awaitEmpty waits until all that was sent is deleted.
func (r *rig) awaitEmpty() {
	r.t.Helper()
	r.await(func() bool { c := r.counts(); return c.Stored() == 0 && c.Deleted == c.Sent })
}

// endVisibility ends the visibility timeout of the event's messages that are in
// flight.
func (r *rig) endVisibility(e event) {
	r.t.Helper()
	for _, m := range e.Records {
		name := m.EventSourceARN[strings.LastIndexByte(m.EventSourceARN, ':')+1:]
		err := r.queue.ChangeVisibility(context.Background(), queue.Name(name), queue.ReceiptHandle(m.ReceiptHandle), 0)
		if !errors.Is(err, queue.ErrNotInFlight) {
			require.NoError(r.t, err)
		}
	}
}

// called are the events that the function has had.
func (r *rig) called() []event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]event(nil), r.calls...)
}

func succeed(event) (Outcome, error) { return Outcome{Payload: []byte("null")}, nil }
