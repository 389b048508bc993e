package sqs

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/queue"
)

type fixture struct {
	*Service
	ctx   context.Context
	now   time.Time
	url   string
	store *queue.Store
}

func ptr[T any](v T) *T { return &v }

// newFixture is a service over a store in a fresh folder, with the queue
// "orders".
func newFixture(t testing.TB) *fixture {
	t.Helper()
	store, err := queue.Open(t.TempDir(), queue.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { store.Close() })
	f := &fixture{store: store, now: time.Now()}
	f.Service = New(store, Options{Now: func() time.Time { return f.now }})
	f.ctx = awsapi.WithRequest(t.Context(), awsapi.Request{
		Scheme: "http", Host: "localhost:4566", Region: "ap-northeast-2", AccountID: "000000000000",
	})
	out, err := f.CreateQueue(f.ctx, &awssqs.CreateQueueInput{QueueName: ptr("orders")})
	require.NoError(t, err)
	f.url = *out.QueueUrl
	return f
}

func (f *fixture) receive(t testing.TB, in receiveMessageInput) []message {
	t.Helper()
	in.QueueUrl = f.url
	out, err := f.ReceiveMessage(f.ctx, &in)
	require.NoError(t, err)
	return out.Messages
}

func (f *fixture) send(t testing.TB, bodies ...string) {
	t.Helper()
	in := &sendMessageBatchInput{QueueUrl: f.url}
	for i, b := range bodies {
		in.Entries = append(in.Entries, sendEntry{Id: fmt.Sprint(i), MessageBody: b})
	}
	_, err := f.SendMessageBatch(f.ctx, in)
	require.NoError(t, err)
}

func TestQueueURLs(t *testing.T) {
	f := newFixture(t)
	require.Equal(t, "http://localhost:4566/000000000000/orders", f.url)
	for _, u := range []string{"https://sqs.ap-northeast-2.amazonaws.com/123456789012/orders", "orders", "http://other/orders/", "//h/1/orders"} {
		_, err := f.SendMessage(f.ctx, &sendMessageInput{QueueUrl: u, MessageBody: "x"})
		require.NoError(t, err, u)
	}
	out, err := f.GetQueueUrl(f.ctx, &awssqs.GetQueueUrlInput{QueueName: ptr("orders")})
	require.NoError(t, err)
	require.Equal(t, f.url, *out.QueueUrl)
}

func TestSendReceiveDelete(t *testing.T) {
	f := newFixture(t)
	sent, err := f.SendMessage(f.ctx, &sendMessageInput{QueueUrl: f.url, MessageBody: "msg"})
	require.NoError(t, err)
	require.Equal(t, "6e2baaf3b97dbeef01c0043275f9a0e7", sent.MD5OfMessageBody)
	require.Empty(t, sent.MD5OfMessageAttributes)

	got := f.receive(t, receiveMessageInput{})
	require.Len(t, got, 1)
	require.Equal(t, sent.MessageId, got[0].MessageId)
	require.Equal(t, sent.MD5OfMessageBody, got[0].MD5OfBody)
	require.Nil(t, got[0].Attributes, "nobody asked for them")
	require.Nil(t, f.receive(t, receiveMessageInput{}), "no Messages key")

	_, err = f.DeleteMessage(f.ctx, &awssqs.DeleteMessageInput{QueueUrl: &f.url, ReceiptHandle: &got[0].ReceiptHandle})
	require.NoError(t, err)
	_, err = f.DeleteMessage(f.ctx, &awssqs.DeleteMessageInput{QueueUrl: &f.url, ReceiptHandle: &got[0].ReceiptHandle})
	require.NoError(t, err, "twice is no error")
}

// Digests that AWS answered.
func TestMessageAttributeDigests(t *testing.T) {
	f := newFixture(t)
	all := map[string]attributeValue{}
	for k, v := range map[string]string{"General": "Kenobi", "Hello": "There", "Help.Me": "Me"} {
		all[k] = attributeValue{DataType: "String", StringValue: v}
	}
	sent, err := f.SendMessage(f.ctx, &sendMessageInput{QueueUrl: f.url, MessageBody: "msg", MessageAttributes: all})
	require.NoError(t, err)
	require.Equal(t, "4c360f3fdafd970e05fae2f149d997f5", sent.MD5OfMessageAttributes)
	for _, c := range []struct {
		filters []string
		names   int
		md5     string
	}{
		{nil, 0, ""},
		{[]string{"All"}, 3, "4c360f3fdafd970e05fae2f149d997f5"},
		{[]string{".*"}, 3, "4c360f3fdafd970e05fae2f149d997f5"},
		{[]string{"*"}, 3, "4c360f3fdafd970e05fae2f149d997f5"},
		{[]string{"General", "Hello"}, 2, "fca026605781cb4126a1e9044df24232"},
		{[]string{"Hello"}, 1, "a311262e065454b75da111d535b8dacd"},
		{[]string{"Hel.*"}, 2, ""},
		{[]string{"Nothing"}, 0, ""},
	} {
		got := f.receive(t, receiveMessageInput{MessageAttributeNames: c.filters, VisibilityTimeout: ptr[int32](30)})
		require.Len(t, got, 1)
		require.Len(t, got[0].MessageAttributes, c.names, c.filters)
		if c.md5 != "" || c.names == 0 {
			require.Equal(t, c.md5, got[0].MD5OfMessageAttributes, c.filters)
		}
		_, err := f.ChangeMessageVisibility(f.ctx, &changeVisibilityInput{QueueUrl: f.url, ReceiptHandle: got[0].ReceiptHandle, VisibilityTimeout: ptr[int32](0)})
		require.NoError(t, err)
	}
}

func TestSystemAttributes(t *testing.T) {
	f := newFixture(t)
	_, err := f.SendMessage(f.ctx, &sendMessageInput{
		QueueUrl: f.url, MessageBody: "x", MessageGroupId: "tenant-1",
		MessageSystemAttributes: map[string]attributeValue{"AWSTraceHeader": {DataType: "String", StringValue: "Root=1-5759e988-bd862e3fe1be46a994272793"}},
	})
	require.NoError(t, err)
	got := f.receive(t, receiveMessageInput{MessageSystemAttributeNames: []string{"All"}, VisibilityTimeout: ptr[int32](0)})[0].Attributes
	require.Equal(t, "1", got["ApproximateReceiveCount"])
	require.Equal(t, "000000000000", got["SenderId"])
	require.Equal(t, "tenant-1", got["MessageGroupId"])
	require.Equal(t, "Root=1-5759e988-bd862e3fe1be46a994272793", got["AWSTraceHeader"])
	require.Len(t, got["SentTimestamp"], 13)
	require.Len(t, got["ApproximateFirstReceiveTimestamp"], 13)
	require.NotContains(t, got, "SequenceNumber")
	require.Eventually(t, func() bool {
		again := f.receive(t, receiveMessageInput{AttributeNames: []string{"ApproximateReceiveCount"}})
		return len(again) == 1 && again[0].Attributes["ApproximateReceiveCount"] == "2" && len(again[0].Attributes) == 1
	}, 5*time.Second, time.Millisecond)
}

func TestBatches(t *testing.T) {
	f := newFixture(t)
	out, err := f.SendMessageBatch(f.ctx, &sendMessageBatchInput{QueueUrl: f.url, Entries: []sendEntry{
		{Id: "b", MessageBody: "2"}, {Id: "a", MessageBody: "1", DelaySeconds: ptr[int32](900)}, {Id: "c", MessageBody: "3"},
	}})
	require.NoError(t, err)
	require.Equal(t, []failedEntry{}, out.Failed)
	require.Equal(t, "b", out.Successful[0].Id)
	require.Equal(t, bodyMD5("1"), out.Successful[1].MD5OfMessageBody)
	got := f.receive(t, receiveMessageInput{MaxNumberOfMessages: ptr[int32](10)})
	require.Len(t, got, 2)

	changed, err := f.ChangeMessageVisibilityBatch(f.ctx, &changeVisibilityBatchInput{QueueUrl: f.url, Entries: []changeVisibilityEntry{
		{Id: "ok", ReceiptHandle: got[0].ReceiptHandle, VisibilityTimeout: ptr[int32](60)},
		{Id: "most", ReceiptHandle: got[1].ReceiptHandle, VisibilityTimeout: ptr[int32](43200)},
		{Id: "long", ReceiptHandle: got[0].ReceiptHandle, VisibilityTimeout: ptr[int32](43201)},
		{Id: "bad", ReceiptHandle: "x", VisibilityTimeout: ptr[int32](1)},
	}})
	require.NoError(t, err)
	require.Equal(t, []doneEntry{{"ok"}, {"most"}}, changed.Successful)
	require.Equal(t, "InvalidParameterValue", changed.Failed[0].Code)
	require.Equal(t, "ReceiptHandleIsInvalid", changed.Failed[1].Code)
	require.True(t, changed.Failed[1].SenderFault)

	deleted, err := f.DeleteMessageBatch(f.ctx, &deleteMessageBatchInput{QueueUrl: f.url, Entries: []deleteEntry{
		{Id: "1", ReceiptHandle: got[0].ReceiptHandle}, {Id: "2", ReceiptHandle: "rubbish"}, {Id: "3", ReceiptHandle: got[1].ReceiptHandle},
	}})
	require.NoError(t, err)
	require.Equal(t, []doneEntry{{"1"}, {"3"}}, deleted.Successful)
	require.Equal(t, "ReceiptHandleIsInvalid", deleted.Failed[0].Code)
	at, err := f.GetQueueAttributes(f.ctx, &getQueueAttributesInput{QueueUrl: f.url, AttributeNames: []string{"All"}})
	require.NoError(t, err)
	require.Equal(t, "1", at.Attributes["ApproximateNumberOfMessagesDelayed"])
	require.Equal(t, "0", at.Attributes["ApproximateNumberOfMessages"])
}

func TestQueueAttributes(t *testing.T) {
	f := newFixture(t)
	get := func(names ...string) map[string]string {
		out, err := f.GetQueueAttributes(f.ctx, &getQueueAttributesInput{QueueUrl: f.url, AttributeNames: names})
		require.NoError(t, err)
		return out.Attributes
	}
	require.Nil(t, get())
	require.Nil(t, get("RedrivePolicy", "Policy"))
	all := get("All")
	for name, want := range map[string]string{
		"VisibilityTimeout": "30", "DelaySeconds": "0", "MessageRetentionPeriod": "345600",
		"ReceiveMessageWaitTimeSeconds": "0", "MaximumMessageSize": "1048576", "SqsManagedSseEnabled": "false",
		"QueueArn": "arn:aws:sqs:ap-northeast-2:000000000000:orders",
	} {
		require.Equal(t, want, all[name], name)
	}
	_, err := f.SetQueueAttributes(f.ctx, &awssqs.SetQueueAttributesInput{QueueUrl: &f.url, Attributes: map[string]string{"VisibilityTimeout": "5", "DelaySeconds": "900", "RedrivePolicy": ""}})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"VisibilityTimeout": "5", "DelaySeconds": "900"}, get("VisibilityTimeout", "DelaySeconds"))

	same := func(attributes map[string]string) error {
		_, err := f.CreateQueue(f.ctx, &awssqs.CreateQueueInput{QueueName: ptr("orders"), Attributes: attributes})
		return err
	}
	require.NoError(t, same(nil))
	require.NoError(t, same(map[string]string{"VisibilityTimeout": "5"}))
	requireCode(t, same(map[string]string{"VisibilityTimeout": "6"}), "QueueNameExists", "QueueAlreadyExists",
		"A queue already exists with the same name and a different value for attribute VisibilityTimeout")
}

func TestTags(t *testing.T) {
	f := newFixture(t)
	out, err := f.ListQueueTags(f.ctx, &awssqs.ListQueueTagsInput{QueueUrl: &f.url})
	require.NoError(t, err)
	require.Nil(t, out.Tags)
	_, err = f.TagQueue(f.ctx, &awssqs.TagQueueInput{QueueUrl: &f.url, Tags: map[string]string{"a": "1", "b": ""}})
	require.NoError(t, err)
	_, err = f.UntagQueue(f.ctx, &awssqs.UntagQueueInput{QueueUrl: &f.url, TagKeys: []string{"a", "z"}})
	require.NoError(t, err)
	out, err = f.ListQueueTags(f.ctx, &awssqs.ListQueueTagsInput{QueueUrl: &f.url})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"b": ""}, out.Tags)
}

func TestListQueues(t *testing.T) {
	f := newFixture(t)
	for i := range 5 {
		_, err := f.CreateQueue(f.ctx, &awssqs.CreateQueueInput{QueueName: ptr(fmt.Sprint("q", i))})
		require.NoError(t, err)
	}
	out, err := f.ListQueues(f.ctx, &awssqs.ListQueuesInput{})
	require.NoError(t, err)
	require.Len(t, out.QueueUrls, 6)
	require.Nil(t, out.NextToken)
	out, err = f.ListQueues(f.ctx, &awssqs.ListQueuesInput{QueueNamePrefix: ptr("none")})
	require.NoError(t, err)
	require.Nil(t, out.QueueUrls)

	var pages [][]string
	in := &awssqs.ListQueuesInput{QueueNamePrefix: ptr("q"), MaxResults: ptr[int32](2)}
	for {
		out, err := f.ListQueues(f.ctx, in)
		require.NoError(t, err)
		pages = append(pages, out.QueueUrls)
		if in.NextToken = out.NextToken; in.NextToken == nil {
			break
		}
	}
	base := "http://localhost:4566/000000000000/"
	require.Equal(t, [][]string{{base + "q0", base + "q1"}, {base + "q2", base + "q3"}, {base + "q4"}}, pages)
}

func TestPurgeAndDeleteAreLimited(t *testing.T) {
	f := newFixture(t)
	f.send(t, "a", "b")
	purge := func() error {
		_, err := f.PurgeQueue(f.ctx, &awssqs.PurgeQueueInput{QueueUrl: &f.url})
		return err
	}
	require.NoError(t, purge())
	require.Empty(t, f.receive(t, receiveMessageInput{}))
	err := purge()
	requireCode(t, err, "PurgeQueueInProgress", "AWS.SimpleQueueService.PurgeQueueInProgress", "Only one PurgeQueue operation on orders is allowed every 60 seconds.")
	require.Equal(t, 403, awsapi.AsError(err).HTTPStatus())
	f.now = f.now.Add(time.Minute)
	require.NoError(t, purge())

	create := func() error {
		_, err := f.CreateQueue(f.ctx, &awssqs.CreateQueueInput{QueueName: ptr("orders")})
		return err
	}
	_, err = f.DeleteQueue(f.ctx, &awssqs.DeleteQueueInput{QueueUrl: &f.url})
	require.NoError(t, err)
	requireCode(t, create(), "QueueDeletedRecently", "AWS.SimpleQueueService.QueueDeletedRecently", "You must wait 60 seconds after deleting a queue before you can create another with the same name.")
	f.now = f.now.Add(time.Minute)
	require.NoError(t, create())
}

func TestLongPoll(t *testing.T) {
	f := newFixture(t)
	done := make(chan []message, 1)
	go func() {
		out, err := f.ReceiveMessage(f.ctx, &receiveMessageInput{QueueUrl: f.url, MaxNumberOfMessages: ptr[int32](10), WaitTimeSeconds: ptr[int32](20)})
		if err != nil {
			t.Error(err)
			done <- nil
			return
		}
		done <- out.Messages
	}()
	f.send(t, "a")
	require.Len(t, <-done, 1)

	ctx, cancel := context.WithCancel(f.ctx)
	cancel()
	_, err := f.ReceiveMessage(ctx, &receiveMessageInput{QueueUrl: f.url, WaitTimeSeconds: ptr[int32](20)})
	require.ErrorIs(t, err, context.Canceled)
}

func requireCode(t testing.TB, err error, code, queryCode, message string) {
	t.Helper()
	var e *awsapi.Error
	require.True(t, errors.As(err, &e), "%v", err)
	require.Equal(t, code, e.Code)
	require.Equal(t, queryCode, e.QueryCode)
	require.Equal(t, message, e.Message)
}

func TestAllOperationsAreThere(t *testing.T) {
	api := newFixture(t).API()
	require.Len(t, append(api.NotImplemented, make([]string, len(api.Operations))...), 23)
	require.True(t, api.QueryCodes)
	require.Equal(t, "AmazonSQS", api.TargetPrefix)
}

func TestAllowedCharacters(t *testing.T) {
	for _, s := range []string{"", "plain", "tab\tlf\ncr\r", "성동구 \U0001F600", "\uFFFD\uE000\uD7FF\U0010FFFF", strings.Repeat("x", 100) + "\x7f\x80"[:1]} {
		require.True(t, allowed(s), "%q", s)
	}
	for _, s := range []string{"\x00", "\x0b", "long enough text \x1f and on", "12345678\x01", "\uFFFE", "x\uFFFF", "\xff", "\xed\xa0\x80"} {
		require.False(t, allowed(s), "%q", s)
	}
}
