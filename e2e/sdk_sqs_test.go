package e2e

import (
	"context"
	"crypto/md5"
	endian "encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"
)

func TestSQSQueues(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	c, prefix := s.sqs(), unique("qs-")
	made, err := c.CreateQueue(ctx, &sqs.CreateQueueInput{
		QueueName: aws.String(prefix + "a"), Attributes: map[string]string{"VisibilityTimeout": "45", "DelaySeconds": "0"}, Tags: map[string]string{"team": "한국"},
	})
	require.NoError(t, err)
	require.Equal(t, s.endpoint+"/000000000000/"+prefix+"a", *made.QueueUrl)
	again, err := c.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String(prefix + "a"), Attributes: map[string]string{"VisibilityTimeout": "45"}})
	require.NoError(t, err)
	require.Equal(t, made.QueueUrl, again.QueueUrl)
	_, err = c.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String(prefix + "a"), Attributes: map[string]string{"VisibilityTimeout": "46"}})
	var exists *types.QueueNameExists
	require.ErrorAs(t, err, &exists)

	for _, n := range []string{"b", "c", "d"} {
		_, err := c.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String(prefix + n)})
		require.NoError(t, err)
	}
	var listed []string
	pages := sqs.NewListQueuesPaginator(c, &sqs.ListQueuesInput{QueueNamePrefix: &prefix, MaxResults: aws.Int32(3)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		require.NoError(t, err)
		require.LessOrEqual(t, len(page.QueueUrls), 3)
		require.False(t, page.NextToken != nil && *page.NextToken == "")
		listed = append(listed, page.QueueUrls...)
	}
	require.Len(t, listed, 4)
	u, err := c.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String(prefix + "a")})
	require.NoError(t, err)
	require.Equal(t, made.QueueUrl, u.QueueUrl)

	tags, err := c.ListQueueTags(ctx, &sqs.ListQueueTagsInput{QueueUrl: u.QueueUrl})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"team": "한국"}, tags.Tags)
	_, err = c.TagQueue(ctx, &sqs.TagQueueInput{QueueUrl: u.QueueUrl, Tags: map[string]string{"a": "b"}})
	require.NoError(t, err)
	_, err = c.UntagQueue(ctx, &sqs.UntagQueueInput{QueueUrl: u.QueueUrl, TagKeys: []string{"team"}})
	require.NoError(t, err)
	tags, err = c.ListQueueTags(ctx, &sqs.ListQueueTagsInput{QueueUrl: u.QueueUrl})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"a": "b"}, tags.Tags)

	_, err = c.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: u.QueueUrl, Attributes: map[string]string{"VisibilityTimeout": "7", "MessageRetentionPeriod": "3600"}})
	require.NoError(t, err)
	got, err := c.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: u.QueueUrl, AttributeNames: []types.QueueAttributeName{"All"}})
	require.NoError(t, err)
	for name, value := range map[string]string{
		"VisibilityTimeout": "7", "MessageRetentionPeriod": "3600", "ApproximateNumberOfMessages": "0",
		"ApproximateNumberOfMessagesNotVisible": "0", "ApproximateNumberOfMessagesDelayed": "0",
		"QueueArn": "arn:aws:sqs:" + region + ":000000000000:" + prefix + "a",
	} {
		require.Equal(t, value, got.Attributes[name], name)
	}
	_, err = c.DeleteQueue(ctx, &sqs.DeleteQueueInput{QueueUrl: u.QueueUrl})
	require.NoError(t, err)
	_, err = c.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String(prefix + "a")})
	var missing *types.QueueDoesNotExist
	require.ErrorAs(t, err, &missing)
	_, err = c.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String(prefix + "a")})
	var deleted *types.QueueDeletedRecently
	require.ErrorAs(t, err, &deleted)
}

func md5Of(text string) string {
	sum := md5.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}

// md5OfAttributes is AWS's documented digest of message attributes.
func md5OfAttributes(attributes map[string]types.MessageAttributeValue) string {
	names := make([]string, 0, len(attributes))
	for n := range attributes {
		names = append(names, n)
	}
	slices.Sort(names)
	var b []byte
	text := func(s []byte) {
		b = append(endian.BigEndian.AppendUint32(b, uint32(len(s))), s...)
	}
	for _, n := range names {
		a := attributes[n]
		text([]byte(n))
		text([]byte(*a.DataType))
		if a.StringValue != nil {
			b = append(b, 1)
			text([]byte(*a.StringValue))
		} else {
			b = append(b, 2)
			text(a.BinaryValue)
		}
	}
	return md5Of(string(b))
}

func TestSQSMessages(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	c, u := s.sqs(), s.queue(nil)
	attributes := map[string]types.MessageAttributeValue{
		"kind":    {DataType: aws.String("String"), StringValue: aws.String("주문")},
		"n":       {DataType: aws.String("Number.int"), StringValue: aws.String("-1.5")},
		"raw.bin": {DataType: aws.String("Binary"), BinaryValue: []byte{0, 1, 255}},
	}
	body := `{"a":"본문 <&>\"\\` + "\t\n" + `"}`
	sent, err := c.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: u, MessageBody: &body, MessageAttributes: attributes})
	require.NoError(t, err)
	require.Equal(t, md5Of(body), *sent.MD5OfMessageBody)
	require.Equal(t, md5OfAttributes(attributes), *sent.MD5OfMessageAttributes)
	require.Nil(t, sent.MD5OfMessageSystemAttributes)

	got, err := c.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl: u, MessageAttributeNames: []string{"All"}, MessageSystemAttributeNames: []types.MessageSystemAttributeName{"All"},
		VisibilityTimeout: 60, MaxNumberOfMessages: 10,
	})
	require.NoError(t, err)
	require.Len(t, got.Messages, 1)
	m := got.Messages[0]
	require.Equal(t, body, *m.Body)
	require.Equal(t, *sent.MessageId, *m.MessageId)
	require.Equal(t, md5Of(body), *m.MD5OfBody)
	require.Equal(t, attributes, m.MessageAttributes)
	require.Equal(t, *sent.MD5OfMessageAttributes, *m.MD5OfMessageAttributes)
	require.Equal(t, "1", m.Attributes["ApproximateReceiveCount"])
	for _, n := range []string{"SentTimestamp", "ApproximateFirstReceiveTimestamp", "SenderId"} {
		require.NotEmpty(t, m.Attributes[n], n)
	}
	none, err := c.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: u})
	require.NoError(t, err)
	require.Empty(t, none.Messages, "in flight")
	counts, err := c.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: u, AttributeNames: []types.QueueAttributeName{"ApproximateNumberOfMessagesNotVisible"}})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"ApproximateNumberOfMessagesNotVisible": "1"}, counts.Attributes)

	// Visible again at once, with only the attributes that are asked for.
	_, err = c.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{QueueUrl: u, ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: 0})
	require.NoError(t, err)
	got, err = c.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: u, MessageAttributeNames: []string{"ki.*", "n"}, MessageSystemAttributeNames: []types.MessageSystemAttributeName{"ApproximateReceiveCount"}})
	require.NoError(t, err)
	require.Len(t, got.Messages, 1)
	m = got.Messages[0]
	require.Equal(t, map[string]string{"ApproximateReceiveCount": "2"}, m.Attributes)
	require.NotContains(t, m.MessageAttributes, "raw.bin")
	require.Equal(t, md5OfAttributes(m.MessageAttributes), *m.MD5OfMessageAttributes)
	_, err = c.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: u, ReceiptHandle: m.ReceiptHandle})
	require.NoError(t, err)
	_, err = c.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: u, ReceiptHandle: m.ReceiptHandle})
	require.NoError(t, err, "a second delete is no error")
	none, err = c.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: u, WaitTimeSeconds: 1})
	require.NoError(t, err)
	require.Empty(t, none.Messages)
}

func TestSQSTimes(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	c, u := s.sqs(), s.queue(map[string]string{"VisibilityTimeout": "1"})
	// A long poll ends when a message comes, not at its end.
	started := time.Now()
	type answer struct {
		out *sqs.ReceiveMessageOutput
		err error
	}
	polled := make(chan answer, 1)
	go func() {
		out, err := c.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: u, WaitTimeSeconds: 20})
		polled <- answer{out, err}
	}()
	<-time.After(200 * time.Millisecond)
	_, err := c.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: u, MessageBody: aws.String("x")})
	require.NoError(t, err)
	got := <-polled
	require.NoError(t, got.err)
	require.Len(t, got.out.Messages, 1)
	require.Less(t, time.Since(started), 10*time.Second)
	first := got.out.Messages[0]
	// The visibility timeout makes it visible again, under a new receipt.
	received := time.Now()
	again, err := c.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: u, WaitTimeSeconds: 20})
	require.NoError(t, err)
	require.Len(t, again.Messages, 1)
	require.Greater(t, time.Since(received), 400*time.Millisecond)
	require.Equal(t, first.MessageId, again.Messages[0].MessageId)
	require.NotEqual(t, first.ReceiptHandle, again.Messages[0].ReceiptHandle)
	// A delay holds a message back.
	delayed := s.queue(nil)
	sent := time.Now()
	_, err = c.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: delayed, MessageBody: aws.String("later"), DelaySeconds: 1})
	require.NoError(t, err)
	at, err := c.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: delayed, AttributeNames: []types.QueueAttributeName{"ApproximateNumberOfMessagesDelayed"}})
	require.NoError(t, err)
	require.Equal(t, "1", at.Attributes["ApproximateNumberOfMessagesDelayed"])
	late, err := c.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: delayed, WaitTimeSeconds: 20})
	require.NoError(t, err)
	require.Len(t, late.Messages, 1)
	require.GreaterOrEqual(t, time.Since(sent), 900*time.Millisecond)
	// An empty queue lets a poll wait its time.
	empty := time.Now()
	none, err := c.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: s.queue(nil), WaitTimeSeconds: 1})
	require.NoError(t, err)
	require.Empty(t, none.Messages)
	require.GreaterOrEqual(t, time.Since(empty), 900*time.Millisecond)
}

func TestSQSBatches(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	c, u := s.sqs(), s.queue(nil)
	entries := make([]types.SendMessageBatchRequestEntry, 10)
	for i := range entries {
		entries[i] = types.SendMessageBatchRequestEntry{Id: aws.String(fmt.Sprintf("e%d", i)), MessageBody: aws.String(fmt.Sprintf("body %d", i))}
	}
	bad := slices.Clone(entries)
	bad[3].MessageBody = aws.String("not a character: \x0b")
	_, err := c.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: u, Entries: bad})
	requireAPI(t, err, "InvalidMessageContents") // all or none
	sent, err := c.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: u, Entries: entries})
	require.NoError(t, err)
	require.Len(t, sent.Successful, 10)
	require.Empty(t, sent.Failed)

	seen := map[string]string{} // id: receipt
	require.Eventually(t, func() bool {
		got, err := c.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: u, MaxNumberOfMessages: 10, VisibilityTimeout: 600})
		require.NoError(t, err)
		for _, m := range got.Messages {
			require.Equal(t, md5Of(*m.Body), *m.MD5OfBody)
			seen[*m.MessageId] = *m.ReceiptHandle
		}
		return len(seen) == 10
	}, 10*time.Second, time.Millisecond)
	var change []types.ChangeMessageVisibilityBatchRequestEntry
	var remove []types.DeleteMessageBatchRequestEntry
	for _, e := range sent.Successful {
		receipt := seen[*e.MessageId]
		require.NotEmpty(t, receipt)
		change = append(change, types.ChangeMessageVisibilityBatchRequestEntry{Id: e.Id, ReceiptHandle: &receipt, VisibilityTimeout: 900})
		remove = append(remove, types.DeleteMessageBatchRequestEntry{Id: e.Id, ReceiptHandle: &receipt})
	}
	change[0].ReceiptHandle = aws.String("no receipt")
	changed, err := c.ChangeMessageVisibilityBatch(ctx, &sqs.ChangeMessageVisibilityBatchInput{QueueUrl: u, Entries: change})
	require.NoError(t, err)
	require.Len(t, changed.Successful, 9)
	require.Len(t, changed.Failed, 1)
	require.Equal(t, "ReceiptHandleIsInvalid", *changed.Failed[0].Code)
	removed, err := c.DeleteMessageBatch(ctx, &sqs.DeleteMessageBatchInput{QueueUrl: u, Entries: remove})
	require.NoError(t, err)
	require.Len(t, removed.Successful, 10)
	require.Empty(t, removed.Failed)

	_, err = c.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: u, MessageBody: aws.String("to purge")})
	require.NoError(t, err)
	_, err = c.PurgeQueue(ctx, &sqs.PurgeQueueInput{QueueUrl: u})
	require.NoError(t, err)
	none, err := c.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: u})
	require.NoError(t, err)
	require.Empty(t, none.Messages)
	_, err = c.PurgeQueue(ctx, &sqs.PurgeQueueInput{QueueUrl: u})
	var purging *types.PurgeQueueInProgress
	require.ErrorAs(t, err, &purging)
}

func TestSQSErrors(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	c, u := s.sqs(), s.queue(nil)
	unknown := aws.String(s.endpoint + "/000000000000/" + unique("none-"))
	_, err := c.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: unknown, MessageBody: aws.String("x")})
	var noQueue *types.QueueDoesNotExist
	require.ErrorAs(t, err, &noQueue)
	require.Equal(t, "AWS.SimpleQueueService.NonExistentQueue", noQueue.ErrorCode(), "from x-amzn-query-error, as on AWS")
	_, err = c.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: u, ReceiptHandle: aws.String("nothing")})
	var receipt *types.ReceiptHandleIsInvalid
	require.ErrorAs(t, err, &receipt)
	two := []types.SendMessageBatchRequestEntry{{Id: aws.String("a"), MessageBody: aws.String("1")}, {Id: aws.String("a"), MessageBody: aws.String("2")}}
	_, err = c.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: u, Entries: two})
	var distinct *types.BatchEntryIdsNotDistinct
	require.ErrorAs(t, err, &distinct)
	_, err = c.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: u, Entries: []types.SendMessageBatchRequestEntry{}})
	var empty *types.EmptyBatchRequest
	require.ErrorAs(t, err, &empty)
	eleven := make([]types.SendMessageBatchRequestEntry, 11)
	for i := range eleven {
		eleven[i] = types.SendMessageBatchRequestEntry{Id: aws.String(fmt.Sprint(i)), MessageBody: aws.String("x")}
	}
	_, err = c.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: u, Entries: eleven})
	var many *types.TooManyEntriesInBatchRequest
	require.ErrorAs(t, err, &many)
	large := []types.SendMessageBatchRequestEntry{
		{Id: aws.String("a"), MessageBody: aws.String(strings.Repeat("x", 600<<10))}, {Id: aws.String("b"), MessageBody: aws.String(strings.Repeat("x", 600<<10))},
	}
	_, err = c.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: u, Entries: large})
	var long *types.BatchRequestTooLong
	require.ErrorAs(t, err, &long)
	_, err = c.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: u, MessageBody: aws.String("\x00")})
	var contents *types.InvalidMessageContents
	require.ErrorAs(t, err, &contents)
	_, err = c.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: u, AttributeNames: []types.QueueAttributeName{"Colour"}})
	var name *types.InvalidAttributeName
	require.ErrorAs(t, err, &name)
	for what, call := range map[string]func() error{
		"1 MiB and a byte": func() error {
			_, err := c.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: u, MessageBody: aws.String(strings.Repeat("x", 1<<20+1))})
			return err
		},
		"empty body": func() error {
			_, err := c.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: u, MessageBody: aws.String("")})
			return err
		},
		"queue name": func() error {
			_, err := c.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("a b")})
			return err
		},
		"name of a FIFO queue": func() error {
			_, err := c.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("a"), Attributes: map[string]string{"FifoQueue": "true"}})
			return err
		},
		"number of messages": func() error {
			_, err := c.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: u, MaxNumberOfMessages: 11})
			return err
		},
		"visibility": func() error {
			_, err := c.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: u, VisibilityTimeout: 43201})
			return err
		},
	} {
		var e smithy.APIError
		require.ErrorAs(t, call(), &e, what)
		require.NotEmpty(t, e.ErrorMessage(), what)
	}
	// One MiB exactly is taken, and comes back whole. Go's HTTP client now and
	// then closes its connection in the middle of a long answer when the machine
	// is busy; the SDK then asks again, and the message is visible by that time.
	whole := strings.Repeat("ab", 1<<19)
	_, err = c.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: u, MessageBody: &whole})
	require.NoError(t, err)
	got, err := c.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: u, WaitTimeSeconds: 20, VisibilityTimeout: 2})
	require.NoError(t, err)
	require.Len(t, got.Messages, 1)
	require.Equal(t, whole, *got.Messages[0].Body)
	// What stands on the wire, for clients of the older protocol's codes.
	r := s.jsonRequest(t, "AmazonSQS.GetQueueUrl", `{"QueueName":"none-at-all"}`)
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	s.signing("sqs").sign(t, r, []byte(`{"QueueName":"none-at-all"}`))
	status, header, text := exchange(t, r)
	require.Equal(t, 400, status)
	require.Equal(t, "AWS.SimpleQueueService.NonExistentQueue;Sender", header.Get("x-amzn-query-error"))
	require.JSONEq(t, `{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"The specified queue does not exist."}`, text)
}
