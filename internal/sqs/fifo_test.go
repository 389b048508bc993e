package sqs

import (
	"fmt"
	"strings"
	"testing"

	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/stretchr/testify/require"
)

// newFIFOFixture is newFixture with the queue "orders.fifo".
func newFIFOFixture(t testing.TB, attributes map[string]string) *fixture {
	t.Helper()
	f := newFixture(t)
	f.url = f.create(t, "orders.fifo", with(attributes, "FifoQueue", "true"))
	return f
}

func with(attributes map[string]string, name, value string) map[string]string {
	all := map[string]string{name: value}
	for k, v := range attributes {
		all[k] = v
	}
	return all
}

func (f *fixture) create(t testing.TB, name string, attributes map[string]string) (url string) {
	t.Helper()
	out, err := f.CreateQueue(f.ctx, &awssqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
	require.NoError(t, err)
	return *out.QueueUrl
}

func (f *fixture) set(attributes map[string]string) error {
	_, err := f.SetQueueAttributes(f.ctx, &awssqs.SetQueueAttributesInput{QueueUrl: &f.url, Attributes: attributes})
	return err
}

func (f *fixture) get(t testing.TB, names ...string) map[string]string {
	t.Helper()
	out, err := f.GetQueueAttributes(f.ctx, &getQueueAttributesInput{QueueUrl: f.url, AttributeNames: names})
	require.NoError(t, err)
	return out.Attributes
}

func (f *fixture) sendFIFO(t testing.TB, body, group, deduplication string) *sendMessageOutput {
	t.Helper()
	out, err := f.SendMessage(f.ctx, &sendMessageInput{QueueUrl: f.url, MessageBody: body, MessageGroupId: group, MessageDeduplicationId: deduplication})
	require.NoError(t, err)
	return out
}

func (f *fixture) delete(t testing.TB, m message) {
	t.Helper()
	_, err := f.DeleteMessage(f.ctx, &awssqs.DeleteMessageInput{QueueUrl: &f.url, ReceiptHandle: &m.ReceiptHandle})
	require.NoError(t, err)
}

func TestFIFOAttributes(t *testing.T) {
	f := newFIFOFixture(t, map[string]string{"ContentBasedDeduplication": "True"})
	names := []string{"FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"}
	require.Equal(t, map[string]string{
		"FifoQueue": "true", "ContentBasedDeduplication": "true", "DeduplicationScope": "queue", "FifoThroughputLimit": "perQueue",
	}, f.get(t, names...))
	require.NoError(t, f.set(map[string]string{"ContentBasedDeduplication": "false", "DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId", "FifoQueue": "true"}))
	all := f.get(t, "All")
	for name, want := range map[string]string{
		"FifoQueue": "true", "ContentBasedDeduplication": "false", "DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId",
	} {
		require.Equal(t, want, all[name], name)
	}
	_, err := f.CreateQueue(f.ctx, &awssqs.CreateQueueInput{QueueName: ptr("orders.fifo"), Attributes: map[string]string{"FifoQueue": "true", "ContentBasedDeduplication": "true"}})
	requireCode(t, err, "QueueNameExists", "QueueAlreadyExists", "A queue already exists with the same name and a different value for attribute ContentBasedDeduplication")

	const (
		limit = "Invalid value for the parameter FifoThroughputLimit. Reason: The value perMessageGroupId is allowed only when the value for DeduplicationScope is messageGroup."
		kind  = "Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported."
	)
	for name, c := range map[string]struct {
		err           error
		code, message string
	}{
		"limit without scope": {f.set(map[string]string{"DeduplicationScope": "queue"}), "InvalidAttributeValue", limit},
		"scope":               {f.set(map[string]string{"DeduplicationScope": "group"}), "InvalidAttributeValue", "Invalid value for the parameter DeduplicationScope."},
		"kind":                {f.set(map[string]string{"FifoQueue": "false"}), "InvalidAttributeValue", kind},
	} {
		t.Run(name, func(t *testing.T) { requireCode(t, c.err, c.code, c.code, c.message) })
	}
}

func TestFIFOQueueNames(t *testing.T) {
	f := newFixture(t)
	create := func(name, fifo string) error {
		attributes := map[string]string{}
		if fifo != "" {
			attributes["FifoQueue"] = fifo
		}
		_, err := f.CreateQueue(f.ctx, &awssqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
		return err
	}
	const (
		standard = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
		fifo     = "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length."
	)
	require.NoError(t, create(strings.Repeat("x", 75)+".fifo", "TRUE"), "the suffix counts")
	for _, c := range []struct{ name, fifo, message string }{
		{"a.fifo", "", standard}, {"a.fifo", "false", standard},
		{"a", "true", fifo}, {".fifo", "true", fifo}, {"a.b.fifo", "true", fifo}, {strings.Repeat("x", 76) + ".fifo", "true", fifo},
	} {
		requireCode(t, create(c.name, c.fifo), "InvalidParameterValueException", "InvalidParameterValue", c.message)
	}
}

// What AWS says of attributes of FIFO queues on a standard queue.
func TestFIFOAttributesOfStandardQueues(t *testing.T) {
	f := newFixture(t)
	for name, message := range map[string]string{
		"FifoQueue":                 "Unknown Attribute FifoQueue.",
		"ContentBasedDeduplication": "Unknown Attribute ContentBasedDeduplication.",
		"DeduplicationScope":        "You can specify the DeduplicationScope only when FifoQueue is set to true.",
		"FifoThroughputLimit":       "You can specify the FifoThroughputLimit only when FifoQueue is set to true.",
	} {
		requireCode(t, f.set(map[string]string{name: "false"}), "InvalidAttributeName", "InvalidAttributeName", message)
		require.Nil(t, f.get(t, name))
	}
}

func TestFIFORefusals(t *testing.T) {
	f := newFIFOFixture(t, nil)
	send := func(in sendMessageInput) error {
		in.QueueUrl, in.MessageBody = f.url, "x"
		_, err := f.SendMessage(f.ctx, &in)
		return err
	}
	batch := func(e sendEntry) error {
		e.Id, e.MessageBody = "a", "x"
		good := sendEntry{Id: "b", MessageBody: "x", MessageGroupId: "g", MessageDeduplicationId: "d"}
		_, err := f.SendMessageBatch(f.ctx, &sendMessageBatchInput{QueueUrl: f.url, Entries: []sendEntry{good, e}})
		return err
	}
	const (
		value, valueQ = "InvalidParameterValueException", "InvalidParameterValue"
		missing       = "MissingRequiredParameterException"
		group         = "The request must contain the parameter MessageGroupId."
		deduplication = "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly"
		form          = "%[2]s can only include alphanumeric and punctuation characters. 1 to 128 in length."
	)
	long := strings.Repeat("a", 129)
	bad := func(v, name string) string {
		return fmt.Sprintf("Value %s for parameter %s is invalid. Reason: "+form, v, name)
	}
	for name, c := range map[string]struct {
		err                      error
		code, queryCode, message string
	}{
		"no group":               {send(sendMessageInput{MessageDeduplicationId: "d"}), missing, "MissingParameter", group},
		"no group in a batch":    {batch(sendEntry{MessageDeduplicationId: "d2"}), value, valueQ, group},
		"no deduplication":       {send(sendMessageInput{MessageGroupId: "g"}), value, valueQ, deduplication},
		"no deduplication batch": {batch(sendEntry{MessageGroupId: "g"}), value, valueQ, deduplication},
		"delay": {send(sendMessageInput{MessageGroupId: "g", MessageDeduplicationId: "d", DelaySeconds: ptr[int32](2)}), value, valueQ,
			"Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type."},
		"long group":         {send(sendMessageInput{MessageGroupId: long, MessageDeduplicationId: "d"}), value, valueQ, bad(long, "MessageGroupId")},
		"group with a space": {send(sendMessageInput{MessageGroupId: "group 123", MessageDeduplicationId: "d"}), value, valueQ, bad("group 123", "MessageGroupId")},
		"long id":            {send(sendMessageInput{MessageGroupId: "g", MessageDeduplicationId: long}), value, valueQ, bad(long, "MessageDeduplicationId")},
		"id with a space":    {send(sendMessageInput{MessageGroupId: "g", MessageDeduplicationId: "group 123"}), value, valueQ, bad("group 123", "MessageDeduplicationId")},
	} {
		t.Run(name, func(t *testing.T) { requireCode(t, c.err, c.code, c.queryCode, c.message) })
	}
	_, err := f.ReceiveMessage(f.ctx, &receiveMessageInput{QueueUrl: f.url, ReceiveRequestAttemptId: "a b"})
	requireCode(t, err, value, valueQ, bad("a b", "ReceiveRequestAttemptId"))
	require.Empty(t, f.receive(t, receiveMessageInput{}), "a refused request stores nothing")
}

func TestFIFOMessages(t *testing.T) {
	f := newFIFOFixture(t, nil)
	first := f.sendFIFO(t, "message-body-1", "group-1", "dedup-1")
	require.Len(t, first.SequenceNumber, 20)
	again := f.sendFIFO(t, "another body", "group-1", "dedup-1")
	require.Equal(t, first.MessageId, again.MessageId)
	require.Equal(t, first.SequenceNumber, again.SequenceNumber)
	second := f.sendFIFO(t, "2", "group-1", "dedup-2")
	require.Greater(t, second.SequenceNumber, first.SequenceNumber)
	for n := range 2 {
		got := f.receive(t, receiveMessageInput{AttributeNames: []string{"All"}})
		require.Len(t, got, 1)
		require.Equal(t, "message-body-1", got[0].Body)
		for name, want := range map[string]string{
			"ApproximateReceiveCount": fmt.Sprint(n + 1), "MessageDeduplicationId": "dedup-1", "MessageGroupId": "group-1", "SequenceNumber": first.SequenceNumber,
		} {
			require.Equal(t, want, got[0].Attributes[name], name)
		}
		require.NotContains(t, got[0].Attributes, "DeadLetterQueueSourceArn")
		require.Empty(t, f.receive(t, receiveMessageInput{}), "the group is blocked")
		_, err := f.ChangeMessageVisibility(f.ctx, &changeVisibilityInput{QueueUrl: f.url, ReceiptHandle: got[0].ReceiptHandle, VisibilityTimeout: ptr[int32](0)})
		require.NoError(t, err)
		if n == 1 {
			_, err = f.DeleteMessage(f.ctx, &awssqs.DeleteMessageInput{QueueUrl: &f.url, ReceiptHandle: &got[0].ReceiptHandle})
			expired := "Value " + got[0].ReceiptHandle + " for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired."
			requireCode(t, err, "InvalidParameterValueException", "InvalidParameterValue", expired)
			out, err := f.DeleteMessageBatch(f.ctx, &deleteMessageBatchInput{QueueUrl: f.url, Entries: []deleteEntry{{Id: "a", ReceiptHandle: got[0].ReceiptHandle}}})
			require.NoError(t, err)
			require.Equal(t, []failedEntry{{Id: "a", Code: "InvalidParameterValue", Message: expired, SenderFault: true}}, out.Failed)
		}
	}
	out, err := f.SendMessageBatch(f.ctx, &sendMessageBatchInput{QueueUrl: f.url, Entries: []sendEntry{
		{Id: "a", MessageBody: "3", MessageGroupId: "g", MessageDeduplicationId: "dedup-3"},
		{Id: "b", MessageBody: "2", MessageGroupId: "g", MessageDeduplicationId: "dedup-2"},
		{Id: "c", MessageBody: "3", MessageGroupId: "g", MessageDeduplicationId: "dedup-3", DelaySeconds: ptr[int32](0)},
	}})
	require.NoError(t, err)
	require.Equal(t, second.SequenceNumber, out.Successful[1].SequenceNumber)
	require.Equal(t, second.MessageId, out.Successful[1].MessageId)
	require.Equal(t, out.Successful[0].SequenceNumber, out.Successful[2].SequenceNumber)
}

// Deduplication as AWS answered in LocalStack's validated tests.
func TestFIFODeduplication(t *testing.T) {
	content := map[string]string{"ContentBasedDeduplication": "true"}
	perGroup := map[string]string{"DeduplicationScope": "messageGroup"}
	for name, c := range map[string]struct {
		attributes map[string]string
		ids        []string // group/id/body
		want       int
	}{
		"the same id in two groups":         {nil, []string{"1/d/Test", "2/d/Test"}, 1},
		"of each group":                     {perGroup, []string{"1/d/Test", "2/d/Test", "1/d/x"}, 2},
		"by content":                        {content, []string{"1//Test", "2//Test", "1//x"}, 2},
		"an id goes before content":         {content, []string{"1/d/Test", "1/e/Test", "1//Test"}, 3},
		"an id that is the sum of content":  {content, []string{"1//first", "2/a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e/second"}, 1},
		"by content in each group":          {with(content, "DeduplicationScope", "messageGroup"), []string{"1//Test", "2//Test", "1//Test"}, 2},
		"content does not count with an id": {nil, []string{"1/d/Test", "1/e/Test"}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFIFOFixture(t, c.attributes)
			for _, id := range c.ids {
				part := strings.Split(id, "/")
				f.sendFIFO(t, part[2], part[0], part[1])
			}
			got := f.receive(t, receiveMessageInput{MaxNumberOfMessages: ptr[int32](10), AttributeNames: []string{"MessageDeduplicationId"}})
			require.Len(t, got, c.want)
			require.NotEmpty(t, got[0].Attributes["MessageDeduplicationId"])
			for _, m := range got {
				f.delete(t, m)
			}
			for _, id := range c.ids { // also after the message was deleted
				part := strings.Split(id, "/")
				f.sendFIFO(t, part[2], part[0], part[1])
			}
			require.Empty(t, f.receive(t, receiveMessageInput{}))
		})
	}
}

func TestReceiveAttempts(t *testing.T) {
	f := newFIFOFixture(t, nil)
	f.sendFIFO(t, "1", "a", "1")
	f.sendFIFO(t, "2", "b", "2")
	first := f.receive(t, receiveMessageInput{ReceiveRequestAttemptId: "x"})
	require.Equal(t, first, f.receive(t, receiveMessageInput{ReceiveRequestAttemptId: "x"}))
	require.Equal(t, "2", f.receive(t, receiveMessageInput{ReceiveRequestAttemptId: "y"})[0].Body)
}

// A delay of 0 is that of the queue, on a FIFO queue.
func TestFIFODelay(t *testing.T) {
	f := newFIFOFixture(t, map[string]string{"DelaySeconds": "900"})
	_, err := f.SendMessage(f.ctx, &sendMessageInput{QueueUrl: f.url, MessageBody: "x", MessageGroupId: "g", MessageDeduplicationId: "d", DelaySeconds: ptr[int32](0)})
	require.NoError(t, err)
	require.Empty(t, f.receive(t, receiveMessageInput{}))
	require.Equal(t, map[string]string{"ApproximateNumberOfMessagesDelayed": "1"}, f.get(t, "ApproximateNumberOfMessagesDelayed"))
}
