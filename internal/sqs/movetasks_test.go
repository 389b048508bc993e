package sqs

import (
	"encoding/base64"
	"testing"
	"time"

	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/stretchr/testify/require"
)

// newMoveFixture has n dead letters of "orders" in "dead", which url names.
func newMoveFixture(t *testing.T, n int) *fixture {
	t.Helper()
	f := newFixture(t)
	dead := f.create(t, "dead", nil)
	require.NoError(t, f.set(map[string]string{"RedrivePolicy": redrivePolicyTo("dead", 1)}))
	for range n {
		f.send(t, "x")
	}
	for range n {
		got := f.receive(t, receiveMessageInput{VisibilityTimeout: ptr[int32](30)})
		_, err := f.ChangeMessageVisibility(f.ctx, &changeVisibilityInput{QueueUrl: f.url, ReceiptHandle: got[0].ReceiptHandle, VisibilityTimeout: ptr[int32](0)})
		require.NoError(t, err)
	}
	require.Empty(t, f.receive(t, receiveMessageInput{}))
	f.url = dead
	return f
}

func (f *fixture) startMove(source, destination string, rate *int32) (string, error) {
	in := &awssqs.StartMessageMoveTaskInput{SourceArn: &source, MaxNumberOfMessagesPerSecond: rate}
	if destination != "" {
		in.DestinationArn = &destination
	}
	out, err := f.StartMessageMoveTask(f.ctx, in)
	if err != nil {
		return "", err
	}
	return *out.TaskHandle, nil
}

func (f *fixture) tasks(t *testing.T) []moveTaskEntry {
	t.Helper()
	out, err := f.ListMessageMoveTasks(f.ctx, &awssqs.ListMessageMoveTasksInput{SourceArn: ptr(arnPrefix + "dead"), MaxResults: ptr[int32](10)})
	require.NoError(t, err)
	for i := range out.Results {
		require.InDelta(t, time.Now().UnixMilli(), out.Results[i].StartedTimestamp, 60_000)
		out.Results[i].StartedTimestamp = 0
	}
	return out.Results
}

func (f *fixture) awaitTask(t *testing.T, status string) {
	t.Helper()
	require.Eventually(t, func() bool { return f.tasks(t)[0].Status == status }, 5*time.Second, time.Millisecond)
}

func TestMoveTasks(t *testing.T) {
	f := newMoveFixture(t, 2)
	require.Empty(t, f.tasks(t))
	_, err := f.startMove(arnPrefix+"dead", "", nil)
	require.NoError(t, err)
	f.awaitTask(t, "COMPLETED")
	back := moveTaskEntry{SourceArn: arnPrefix + "dead", Status: "COMPLETED", ApproximateNumberOfMessagesMoved: 2, ApproximateNumberOfMessagesToMove: 2}
	require.Equal(t, []moveTaskEntry{back}, f.tasks(t))

	f.create(t, "other", nil)
	f.send(t, "y")
	_, err = f.startMove(arnPrefix+"dead", arnPrefix+"other", nil)
	require.NoError(t, err)
	f.awaitTask(t, "COMPLETED")
	require.Equal(t, []moveTaskEntry{{
		SourceArn: arnPrefix + "dead", DestinationArn: arnPrefix + "other", Status: "COMPLETED",
		ApproximateNumberOfMessagesMoved: 1, ApproximateNumberOfMessagesToMove: 1,
	}, back}, f.tasks(t))

	f.send(t, "y")
	_, err = f.startMove(arnPrefix+"dead", "", nil)
	require.NoError(t, err)
	f.awaitTask(t, "FAILED")
	require.Equal(t, "CouldNotDetermineMessageSource", f.tasks(t)[0].FailureReason, "it was sent to the dead-letter queue itself")
}

func TestCancelMoveTask(t *testing.T) {
	f := newMoveFixture(t, 3)
	handle, err := f.startMove(arnPrefix+"dead", "", ptr[int32](1))
	require.NoError(t, err)
	require.Eventually(t, func() bool { return f.tasks(t)[0].ApproximateNumberOfMessagesMoved > 0 }, 5*time.Second, time.Millisecond)
	running := f.tasks(t)[0]
	require.Equal(t, "RUNNING", running.Status)
	require.Equal(t, handle, running.TaskHandle)
	require.Equal(t, ptr[int32](1), running.MaxNumberOfMessagesPerSecond)
	_, err = f.startMove(arnPrefix+"dead", "", nil)
	requireCode(t, err, "InvalidParameterValueException", "InvalidParameterValue", "There is already a task running. Only one active task is allowed for a source queue arn at a given time.")
	cancel := func() (*awssqs.CancelMessageMoveTaskOutput, error) {
		return f.CancelMessageMoveTask(f.ctx, &awssqs.CancelMessageMoveTaskInput{TaskHandle: &handle})
	}
	out, err := cancel()
	require.NoError(t, err)
	require.Positive(t, out.ApproximateNumberOfMessagesMoved)
	f.awaitTask(t, "CANCELLED")
	require.Empty(t, f.tasks(t)[0].TaskHandle)
	_, err = cancel()
	require.ErrorContains(t, err, "Only active tasks can be cancelled.")
}

// The words are those that AWS answered in LocalStack's validated tests.
func TestMoveTaskRefusals(t *testing.T) {
	f := newMoveFixture(t, 0)
	f.create(t, "other.fifo", map[string]string{"FifoQueue": "true"})
	const (
		value, valueQ = "InvalidParameterValueException", "InvalidParameterValue"
		notFound      = "ResourceNotFoundException"
	)
	start := func(source, destination string, rate *int32) error {
		_, err := f.startMove(source, destination, rate)
		return err
	}
	cancel := func(handle string) error {
		_, err := f.CancelMessageMoveTask(f.ctx, &awssqs.CancelMessageMoveTaskInput{TaskHandle: &handle})
		return err
	}
	list := func(source string, most *int32) error {
		_, err := f.ListMessageMoveTasks(f.ctx, &awssqs.ListMessageMoveTasksInput{SourceArn: &source, MaxResults: most})
		return err
	}
	dead := arnPrefix + "dead"
	format := "You must use this format to specify the SourceArn: arn:<partition>:<service>:<region>:<account-id>:<resource-id>"
	for name, c := range map[string]struct {
		err                      error
		code, queryCode, message string
	}{
		"no source":          {start("", "", nil), "MissingRequiredParameterException", "MissingParameter", "The request must contain the parameter SourceArn."},
		"no ARN":             {start("dead", "", nil), value, valueQ, format},
		"source is gone":     {start(arnPrefix+"none", "", nil), notFound, notFound, "The resource that you specified for the SourceArn parameter doesn't exist."},
		"no dead letters":    {start(arnPrefix+"orders", "", nil), value, valueQ, "Source queue must be configured as a Dead Letter Queue."},
		"no destination":     {start(dead, arnPrefix+"none", nil), notFound, notFound, "The resource that you specified for the DestinationArn parameter doesn't exist."},
		"other type":         {start(dead, arnPrefix+"other.fifo", nil), value, valueQ, "The destination queue must be of the same type as the source queue."},
		"to itself":          {start(dead, dead, nil), value, valueQ, "The source and the destination queue must not be the same."},
		"rate":               {start(dead, "", ptr[int32](501)), value, valueQ, "Value 501 for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: Must be between 1 and 500, if provided."},
		"handle":             {cancel("foobar"), value, valueQ, "Value for parameter TaskHandle is invalid."},
		"no handle":          {cancel(""), "MissingRequiredParameterException", "MissingParameter", "The request must contain the parameter TaskHandle."},
		"source of a handle": {cancel(base64.StdEncoding.EncodeToString([]byte(`{"taskId":"a","sourceArn":"` + arnPrefix + `none"}`))), notFound, notFound, "The resource that you specified for the SourceArn parameter doesn't exist."},
		"task of a handle":   {cancel(base64.StdEncoding.EncodeToString([]byte(`{"taskId":"a","sourceArn":"` + dead + `"}`))), notFound, notFound, "Task does not exist."},
		"list":               {list("dead", nil), value, valueQ, format},
		"list many":          {list(dead, ptr[int32](11)), value, valueQ, "Value 11 for parameter MaxResults is invalid. Reason: Must be between 1 and 10, if provided."},
	} {
		t.Run(name, func(t *testing.T) { requireCode(t, c.err, c.code, c.queryCode, c.message) })
	}
}
