package e2e

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sort"
	"strings"
	"testing"
	"time"

	v1aws "github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/awserr"
	v1credentials "github.com/aws/aws-sdk-go/aws/credentials"
	"github.com/aws/aws-sdk-go/aws/session"
	v1sqs "github.com/aws/aws-sdk-go/service/sqs"
	"github.com/stretchr/testify/require"
)

// oldSQS is a client of the AWS SDK for Go 1, in a version that speaks the Query
// protocol.
func (s *scops) oldSQS() *v1sqs.SQS {
	made, err := session.NewSession(&v1aws.Config{
		Endpoint: &s.endpoint, Region: v1aws.String(region), Credentials: v1credentials.NewStaticCredentials(s.keyID, s.secret, ""),
		MaxRetries: v1aws.Int(0),
	})
	require.NoError(s.t, err)
	return v1sqs.New(made)
}

func requireOldCode(t *testing.T, code string, err error) awserr.RequestFailure {
	t.Helper()
	var failure awserr.RequestFailure
	require.True(t, errors.As(err, &failure), "%v", err)
	require.Equal(t, code, failure.Code(), failure.Message())
	require.Len(t, failure.RequestID(), 36)
	return failure
}

func TestQueryProtocolQueues(t *testing.T) {
	t.Parallel()
	s := shared(t)
	c, name := s.oldSQS(), unique("old-")
	made, err := c.CreateQueue(&v1sqs.CreateQueueInput{
		QueueName:  &name,
		Attributes: v1aws.StringMap(map[string]string{"VisibilityTimeout": "45", "DelaySeconds": "0"}),
		Tags:       v1aws.StringMap(map[string]string{"team": "한국 <&>", "k": "v"}),
	})
	require.NoError(t, err)
	require.Equal(t, s.endpoint+"/000000000000/"+name, *made.QueueUrl)
	_, err = c.CreateQueue(&v1sqs.CreateQueueInput{QueueName: &name, Attributes: v1aws.StringMap(map[string]string{"VisibilityTimeout": "46"})})
	require.Equal(t, "A queue already exists with the same name and a different value for attribute VisibilityTimeout", requireOldCode(t, "QueueAlreadyExists", err).Message())

	found, err := c.GetQueueUrl(&v1sqs.GetQueueUrlInput{QueueName: &name})
	require.NoError(t, err)
	require.Equal(t, made.QueueUrl, found.QueueUrl)
	listed, err := c.ListQueues(&v1sqs.ListQueuesInput{QueueNamePrefix: &name})
	require.NoError(t, err)
	require.Equal(t, []string{*made.QueueUrl}, v1aws.StringValueSlice(listed.QueueUrls))
	none, err := c.ListQueues(&v1sqs.ListQueuesInput{QueueNamePrefix: v1aws.String(name + "-none")})
	require.NoError(t, err)
	require.Empty(t, none.QueueUrls)

	_, err = c.SetQueueAttributes(&v1sqs.SetQueueAttributesInput{QueueUrl: found.QueueUrl, Attributes: v1aws.StringMap(map[string]string{"DelaySeconds": "1", "VisibilityTimeout": "7"})})
	require.NoError(t, err)
	got, err := c.GetQueueAttributes(&v1sqs.GetQueueAttributesInput{QueueUrl: found.QueueUrl, AttributeNames: v1aws.StringSlice([]string{"DelaySeconds", "VisibilityTimeout", "QueueArn"})})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"DelaySeconds": "1", "VisibilityTimeout": "7", "QueueArn": "arn:aws:sqs:" + region + ":000000000000:" + name}, v1aws.StringValueMap(got.Attributes))
	got, err = c.GetQueueAttributes(&v1sqs.GetQueueAttributesInput{QueueUrl: found.QueueUrl})
	require.NoError(t, err)
	require.Empty(t, got.Attributes)

	_, err = c.TagQueue(&v1sqs.TagQueueInput{QueueUrl: found.QueueUrl, Tags: v1aws.StringMap(map[string]string{"a": "b"})})
	require.NoError(t, err)
	_, err = c.UntagQueue(&v1sqs.UntagQueueInput{QueueUrl: found.QueueUrl, TagKeys: v1aws.StringSlice([]string{"k"})})
	require.NoError(t, err)
	tags, err := c.ListQueueTags(&v1sqs.ListQueueTagsInput{QueueUrl: found.QueueUrl})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"team": "한국 <&>", "a": "b"}, v1aws.StringValueMap(tags.Tags))

	_, err = c.PurgeQueue(&v1sqs.PurgeQueueInput{QueueUrl: found.QueueUrl})
	require.NoError(t, err)
	_, err = c.PurgeQueue(&v1sqs.PurgeQueueInput{QueueUrl: found.QueueUrl})
	require.Equal(t, http.StatusForbidden, requireOldCode(t, "AWS.SimpleQueueService.PurgeQueueInProgress", err).StatusCode())
	_, err = c.DeleteQueue(&v1sqs.DeleteQueueInput{QueueUrl: found.QueueUrl})
	require.NoError(t, err)
	_, err = c.GetQueueUrl(&v1sqs.GetQueueUrlInput{QueueName: &name})
	require.Equal(t, "The specified queue does not exist for this wsdl version.", requireOldCode(t, "AWS.SimpleQueueService.NonExistentQueue", err).Message())
	_, err = c.CreateQueue(&v1sqs.CreateQueueInput{QueueName: &name})
	requireOldCode(t, "AWS.SimpleQueueService.QueueDeletedRecently", err)
}

// oldQueue makes a queue that is gone after the test.
func oldQueue(t *testing.T, c *v1sqs.SQS) *string {
	t.Helper()
	made, err := c.CreateQueue(&v1sqs.CreateQueueInput{QueueName: v1aws.String(unique("old-"))})
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := c.DeleteQueue(&v1sqs.DeleteQueueInput{QueueUrl: made.QueueUrl})
		require.NoError(t, err)
	})
	return made.QueueUrl
}

// The SDK compares the MD5 of bodies itself.
func TestQueryProtocolMessages(t *testing.T) {
	t.Parallel()
	c := shared(t).oldSQS()
	queue := oldQueue(t, c)
	body := "본문 <a b=\"c\">&amp;</a> 'x'\r\n\ttab + % 🛒 "
	attributes := map[string]*v1sqs.MessageAttributeValue{
		"text":  {DataType: v1aws.String("String.note"), StringValue: v1aws.String("a & <b>\r\n")},
		"n":     {DataType: v1aws.String("Number"), StringValue: v1aws.String("5")},
		"bytes": {DataType: v1aws.String("Binary"), BinaryValue: []byte{0, 1, 254, 255}},
	}
	sent, err := c.SendMessage(&v1sqs.SendMessageInput{
		QueueUrl: queue, MessageBody: &body, MessageAttributes: attributes, DelaySeconds: v1aws.Int64(0),
		MessageSystemAttributes: map[string]*v1sqs.MessageSystemAttributeValue{"AWSTraceHeader": {DataType: v1aws.String("String"), StringValue: v1aws.String("Root=1-5759e988-bd862e3fe1be46a994272793")}},
	})
	require.NoError(t, err)
	require.NotEmpty(t, *sent.MD5OfMessageSystemAttributes)
	got, err := c.ReceiveMessage(&v1sqs.ReceiveMessageInput{
		QueueUrl: queue, WaitTimeSeconds: v1aws.Int64(20), VisibilityTimeout: v1aws.Int64(60),
		AttributeNames: v1aws.StringSlice([]string{"All"}), MessageAttributeNames: v1aws.StringSlice([]string{"text", "n", "by.*", "bytes"}),
	})
	require.NoError(t, err)
	require.Len(t, got.Messages, 1)
	m := got.Messages[0]
	require.Equal(t, body, *m.Body)
	require.Equal(t, attributes, m.MessageAttributes)
	require.Equal(t, sent.MD5OfMessageAttributes, m.MD5OfMessageAttributes)
	require.Equal(t, "1", *m.Attributes["ApproximateReceiveCount"])
	require.Equal(t, "Root=1-5759e988-bd862e3fe1be46a994272793", *m.Attributes["AWSTraceHeader"])

	empty, err := c.ReceiveMessage(&v1sqs.ReceiveMessageInput{QueueUrl: queue})
	require.NoError(t, err)
	require.Empty(t, empty.Messages)
	_, err = c.ChangeMessageVisibility(&v1sqs.ChangeMessageVisibilityInput{QueueUrl: queue, ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: v1aws.Int64(0)})
	require.NoError(t, err)
	got, err = c.ReceiveMessage(&v1sqs.ReceiveMessageInput{QueueUrl: queue, WaitTimeSeconds: v1aws.Int64(20)})
	require.NoError(t, err)
	require.Equal(t, m.MessageId, got.Messages[0].MessageId)
	require.Empty(t, got.Messages[0].Attributes)
	_, err = c.DeleteMessage(&v1sqs.DeleteMessageInput{QueueUrl: queue, ReceiptHandle: got.Messages[0].ReceiptHandle})
	require.NoError(t, err)
}

func TestQueryProtocolBatches(t *testing.T) {
	t.Parallel()
	c := shared(t).oldSQS()
	queue := oldQueue(t, c)
	entries, want := make([]*v1sqs.SendMessageBatchRequestEntry, 10), make([]string, 10)
	for i := range entries {
		want[i] = fmt.Sprintf("본문 %d &", i)
		entries[i] = &v1sqs.SendMessageBatchRequestEntry{
			Id: v1aws.String(fmt.Sprintf("e-%d", i)), MessageBody: &want[i],
			MessageAttributes: map[string]*v1sqs.MessageAttributeValue{"i": {DataType: v1aws.String("Number"), StringValue: v1aws.String(fmt.Sprint(i))}},
		}
	}
	sent, err := c.SendMessageBatch(&v1sqs.SendMessageBatchInput{QueueUrl: queue, Entries: entries})
	require.NoError(t, err)
	require.Empty(t, sent.Failed)
	require.Len(t, sent.Successful, 10)
	require.Equal(t, "e-9", *sent.Successful[9].Id)

	var bodies []string
	for len(bodies) < 10 {
		got, err := c.ReceiveMessage(&v1sqs.ReceiveMessageInput{QueueUrl: queue, MaxNumberOfMessages: v1aws.Int64(10), WaitTimeSeconds: v1aws.Int64(20), MessageAttributeNames: v1aws.StringSlice([]string{"All"})})
		require.NoError(t, err)
		var change []*v1sqs.ChangeMessageVisibilityBatchRequestEntry
		var remove []*v1sqs.DeleteMessageBatchRequestEntry
		for i, m := range got.Messages {
			bodies = append(bodies, *m.Body)
			require.Equal(t, fmt.Sprintf("본문 %s &", *m.MessageAttributes["i"].StringValue), *m.Body)
			change = append(change, &v1sqs.ChangeMessageVisibilityBatchRequestEntry{Id: v1aws.String(fmt.Sprint(i)), ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: v1aws.Int64(120)})
			remove = append(remove, &v1sqs.DeleteMessageBatchRequestEntry{Id: v1aws.String(fmt.Sprint(i)), ReceiptHandle: m.ReceiptHandle})
		}
		changed, err := c.ChangeMessageVisibilityBatch(&v1sqs.ChangeMessageVisibilityBatchInput{QueueUrl: queue, Entries: change})
		require.NoError(t, err)
		require.Len(t, changed.Successful, len(change))
		remove[0].ReceiptHandle = v1aws.String("nonsense")
		removed, err := c.DeleteMessageBatch(&v1sqs.DeleteMessageBatchInput{QueueUrl: queue, Entries: remove})
		require.NoError(t, err)
		require.Len(t, removed.Successful, len(remove)-1)
		require.Len(t, removed.Failed, 1)
		require.Equal(t, "ReceiptHandleIsInvalid", *removed.Failed[0].Code)
		require.True(t, *removed.Failed[0].SenderFault)
	}
	sort.Strings(bodies)
	require.Equal(t, want, bodies)

	entries[1].Id = entries[0].Id
	_, err = c.SendMessageBatch(&v1sqs.SendMessageBatchInput{QueueUrl: queue, Entries: entries})
	requireOldCode(t, "AWS.SimpleQueueService.BatchEntryIdsNotDistinct", err)
	_, err = c.ReceiveMessage(&v1sqs.ReceiveMessageInput{QueueUrl: queue, MaxNumberOfMessages: v1aws.Int64(11)})
	require.Equal(t, "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.", requireOldCode(t, "InvalidParameterValue", err).Message())
}

func TestQueryProtocolFIFO(t *testing.T) {
	t.Parallel()
	c := shared(t).oldSQS()
	made, err := c.CreateQueue(&v1sqs.CreateQueueInput{QueueName: v1aws.String(unique("old-") + ".fifo"), Attributes: v1aws.StringMap(map[string]string{"FifoQueue": "true"})})
	require.NoError(t, err)
	entries := make([]*v1sqs.SendMessageBatchRequestEntry, 3)
	for i := range entries {
		id := v1aws.String(fmt.Sprint(i))
		entries[i] = &v1sqs.SendMessageBatchRequestEntry{Id: id, MessageBody: id, MessageGroupId: v1aws.String("g"), MessageDeduplicationId: id}
	}
	sent, err := c.SendMessageBatch(&v1sqs.SendMessageBatchInput{QueueUrl: made.QueueUrl, Entries: entries})
	require.NoError(t, err)
	require.Len(t, *sent.Successful[2].SequenceNumber, 20)
	got, err := c.ReceiveMessage(&v1sqs.ReceiveMessageInput{
		QueueUrl: made.QueueUrl, MaxNumberOfMessages: v1aws.Int64(10), WaitTimeSeconds: v1aws.Int64(20), AttributeNames: v1aws.StringSlice([]string{"All"}), ReceiveRequestAttemptId: v1aws.String("a"),
	})
	require.NoError(t, err)
	require.Len(t, got.Messages, 3)
	for i, m := range got.Messages {
		require.Equal(t, fmt.Sprint(i), *m.Body)
		require.Equal(t, "g", *m.Attributes["MessageGroupId"])
		require.Equal(t, sent.Successful[i].SequenceNumber, m.Attributes["SequenceNumber"])
	}
	_, err = c.SendMessage(&v1sqs.SendMessageInput{QueueUrl: made.QueueUrl, MessageBody: v1aws.String("b")})
	require.Equal(t, "The request must contain the parameter MessageGroupId.", requireOldCode(t, "MissingParameter", err).Message())
	_, err = c.DeleteQueue(&v1sqs.DeleteQueueInput{QueueUrl: made.QueueUrl})
	require.NoError(t, err)
}

// TestQueryProtocolOnTheWire holds the forms and the XML themselves.
func TestQueryProtocolOnTheWire(t *testing.T) {
	t.Parallel()
	s := shared(t)
	c := s.oldSQS()
	queueURL := *oldQueue(t, c)
	path := strings.TrimPrefix(queueURL, s.endpoint)
	const head, tail = `<?xml version="1.0"?><`, `<ResponseMetadata><RequestId>`
	const namespace = ` xmlns="http://queue.amazonaws.com/doc/2012-11-05/">`
	for _, c := range []struct {
		name, method, path, form string
		change                   func(*http.Request)
		status                   int
		want                     string
	}{
		{name: "to the root", path: "/", form: "Action=SendMessage&MessageBody=a+b%26&QueueUrl=" + url.QueryEscape(queueURL), status: 200,
			want: head + `SendMessageResponse` + namespace + `<SendMessageResult><MD5OfMessageBody>`},
		{name: "to the path of the queue", path: path, form: "Action=GetQueueAttributes&AttributeName.1=VisibilityTimeout&AttributeName.3=DelaySeconds", status: 200,
			want: head + `GetQueueAttributesResponse` + namespace + `<GetQueueAttributesResult><Attribute><Name>DelaySeconds</Name><Value>0</Value></Attribute><Attribute><Name>VisibilityTimeout</Name><Value>30</Value></Attribute></GetQueueAttributesResult>` + tail},
		{name: "without a number", path: path, form: "Action=GetQueueAttributes&AttributeName=DelaySeconds", status: 200, want: `<Name>DelaySeconds</Name>`},
		{name: "an entry without a number", path: path, form: "Action=SetQueueAttributes&Attribute.Name=DelaySeconds&Attribute.Value=0", status: 200,
			want: head + `SetQueueAttributesResponse` + namespace + tail},
		{name: "GET", method: http.MethodGet, path: path, form: "Action=SendMessage&MessageBody=by+GET&MessageAttribute.1.Name=a&MessageAttribute.1.Value.DataType=Binary&MessageAttribute.1.Value.BinaryValue=AP8%3D", status: 200, want: `<MD5OfMessageAttributes>`},
		{name: "an empty list of botocore", path: path, form: "Action=ReceiveMessage&AttributeNames=&MessageAttributeNames=&VisibilityTimeout=0", status: 200,
			want: `<ReceiveMessageResult><Message><`},
		{name: "no such queue", path: "/000000000000/none", form: "Action=PurgeQueue", status: 400,
			want: head + `ErrorResponse` + namespace + `<Error><Type>Sender</Type><Code>AWS.SimpleQueueService.NonExistentQueue</Code><Message>The specified queue does not exist for this wsdl version.</Message><Detail/></Error><RequestId>`},
		{name: "no queue", path: "/", form: "Action=PurgeQueue", status: 400, want: `<Code>MissingParameter</Code><Message>The request must contain the parameter QueueUrl.</Message>`},
		{name: "no number", path: path, form: "Action=ReceiveMessage&MaxNumberOfMessages=x", status: 400, want: `<Code>InvalidParameterValue</Code><Message>MaxNumberOfMessages must be an integer</Message>`},
		{name: "no base64", path: path, form: "Action=SendMessage&MessageBody=b&MessageAttribute.1.Name=a&MessageAttribute.1.Value.BinaryValue=%21", status: 400, want: `<Message>MessageAttribute.1.Value.BinaryValue must be base64</Message>`},
		{name: "no name", path: path, form: "Action=SetQueueAttributes&Attribute.1.Value=a", status: 400, want: `The request must contain the parameter Attribute.1.Name.`},
		{name: "no list", path: path, form: "Action=GetQueueAttributes&AttributeName.x=All", status: 400, want: `AttributeName.x: a number must follow AttributeName.`},
		{name: "a broken escape", path: path, form: "Action=SendMessage&MessageBody=%zz", status: 400, want: `<Code>MalformedQueryString</Code>`},
		{name: "no operation", path: path, form: "Action=Nothing", status: 400, want: `<Code>InvalidAction</Code><Message>Could not find operation Nothing for version 2012-11-05</Message>`},
		{name: "not signed", path: path, form: "Action=ListQueues", status: 403, want: `<Code>MissingAuthenticationToken</Code>`,
			change: func(r *http.Request) { r.Header.Del("Authorization") }},
		{name: "tampered", path: path, form: "Action=ListQueues", status: 403, want: namespace + `<Error><Type>Sender</Type><Code>SignatureDoesNotMatch</Code>`,
			change: func(r *http.Request) {
				r.Body = io.NopCloser(strings.NewReader("Action=Listqueues&Version=2012-11-05"))
			}},
	} {
		t.Run(c.name, func(t *testing.T) {
			form := c.form + "&Version=2012-11-05"
			method, target, body := http.MethodPost, s.endpoint+c.path, form
			if c.method == http.MethodGet {
				method, target, body = c.method, target+"?"+form, ""
			}
			r, err := http.NewRequest(method, target, strings.NewReader(body))
			require.NoError(t, err)
			if body != "" {
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
			}
			s.signing("sqs").sign(t, r, []byte(body))
			if c.change != nil {
				c.change(r)
			}
			status, header, text := exchange(t, r)
			require.Equal(t, c.status, status, text)
			require.Contains(t, text, c.want)
			require.Equal(t, "text/xml", header.Get("Content-Type"))
		})
	}
	require.Eventually(t, func() bool {
		got, err := c.ReceiveMessage(&v1sqs.ReceiveMessageInput{QueueUrl: &queueURL, MessageAttributeNames: v1aws.StringSlice([]string{"a"}), WaitTimeSeconds: v1aws.Int64(20)})
		require.NoError(t, err)
		m := got.Messages[0]
		return *m.Body == "by GET" && string(m.MessageAttributes["a"].BinaryValue) == "\x00\xff"
	}, time.Minute, time.Millisecond)
}
