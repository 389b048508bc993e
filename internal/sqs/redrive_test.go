package sqs

import (
	"fmt"
	"testing"
	"time"

	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/stretchr/testify/require"
)

const arnPrefix = "arn:aws:sqs:ap-northeast-2:000000000000:"

func redrivePolicyTo(name string, count any) string {
	return fmt.Sprintf(`{"deadLetterTargetArn":"%s%s","maxReceiveCount":%v}`, arnPrefix, name, count)
}

func TestRedrivePolicy(t *testing.T) {
	f := newFixture(t)
	dead := f.create(t, "dead", nil)
	require.NoError(t, f.set(map[string]string{"RedrivePolicy": redrivePolicyTo("dead", `"42"`)}), "the count may be a string")
	require.Equal(t, map[string]string{"RedrivePolicy": redrivePolicyTo("dead", 42)}, f.get(t, "RedrivePolicy"))
	require.Equal(t, redrivePolicyTo("dead", 42), f.get(t, "All")["RedrivePolicy"])
	f.create(t, "orders", map[string]string{"RedrivePolicy": `{ "maxReceiveCount": 42, "deadLetterTargetArn": "` + arnPrefix + `dead" }`})
	f.create(t, "other", map[string]string{"RedrivePolicy": redrivePolicyTo("dead", 1)})

	list := func(url string, in awssqs.ListDeadLetterSourceQueuesInput) *awssqs.ListDeadLetterSourceQueuesOutput {
		in.QueueUrl = &url
		out, err := f.ListDeadLetterSourceQueues(f.ctx, &in)
		require.NoError(t, err)
		return out
	}
	require.Equal(t, []string{f.url, "http://localhost:4566/000000000000/other"}, list(dead, awssqs.ListDeadLetterSourceQueuesInput{}).QueueUrls)
	first := list(dead, awssqs.ListDeadLetterSourceQueuesInput{MaxResults: ptr[int32](1)})
	require.Len(t, first.QueueUrls, 1)
	require.Len(t, list(dead, awssqs.ListDeadLetterSourceQueuesInput{MaxResults: ptr[int32](1), NextToken: first.NextToken}).QueueUrls, 1)
	require.Equal(t, []string{}, list(f.url, awssqs.ListDeadLetterSourceQueuesInput{}).QueueUrls)

	require.NoError(t, f.set(map[string]string{"RedrivePolicy": ""}))
	require.Nil(t, f.get(t, "RedrivePolicy"))
	require.NoError(t, f.set(map[string]string{"RedrivePolicy": redrivePolicyTo("orders", 1)}), "a queue may be its own")
}

func TestRedrivePolicyRefusals(t *testing.T) {
	f := newFixture(t)
	f.create(t, "dead", nil)
	f.create(t, "dead.fifo", map[string]string{"FifoQueue": "true"})
	f.create(t, "closed", map[string]string{"RedriveAllowPolicy": `{"redrivePermission":"denyAll"}`})
	f.create(t, "some", map[string]string{"RedriveAllowPolicy": `{"redrivePermission":"byQueue","sourceQueueArns":["` + arnPrefix + `other"]}`})
	const denied = "The RedriveAllowPolicy of the dead-letter queue does not allow the source queue orders."
	for text, reason := range map[string]string{
		`x`:                        "RedrivePolicy is not a valid JSON map.",
		`[]`:                       "RedrivePolicy is not a valid JSON map.",
		`{"maxReceiveCount":"42"}`: "Redrive policy does not contain mandatory attribute: deadLetterTargetArn.",
		`{"deadLetterTargetArn":"` + arnPrefix + `dead"}`:      "Redrive policy does not contain mandatory attribute: maxReceiveCount.",
		`{"deadLetterTargetArn":"dummy","maxReceiveCount":42}`: "Invalid value for deadLetterTargetArn.",
		`{"deadLetterTargetArn":1,"maxReceiveCount":42}`:       "Invalid value for deadLetterTargetArn.",
		`{"a":1}`:                            "Only following attributes are supported: [deadLetterTargetArn, maxReceiveCount].",
		redrivePolicyTo("dead", `"invalid"`): "Invalid value for maxReceiveCount: invalid, valid values are from 1 to 1000 both inclusive.",
		redrivePolicyTo("dead", 0):           "Invalid value for maxReceiveCount: 0, valid values are from 1 to 1000 both inclusive.",
		redrivePolicyTo("dead", 1001):        "Invalid value for maxReceiveCount: 1001, valid values are from 1 to 1000 both inclusive.",
		redrivePolicyTo("dead", 1.5):         "Invalid value for maxReceiveCount: 1.5, valid values are from 1 to 1000 both inclusive.",
		redrivePolicyTo("none", 1):           "Dead letter target does not exist.",
		redrivePolicyTo("dead.fifo", 1):      "Dead-letter queue must be same type of queue as the source.",
		redrivePolicyTo("closed", 1):         denied,
		redrivePolicyTo("some", 1):           denied,
		`{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:000000000000:dead","maxReceiveCount":1}`: "Dead letter target does not exist.",
	} {
		requireCode(t, f.set(map[string]string{"RedrivePolicy": text}), "InvalidParameterValueException", "InvalidParameterValue",
			"Value "+text+" for parameter RedrivePolicy is invalid. Reason: "+reason)
	}
	require.Nil(t, f.get(t, "RedrivePolicy"))
	_, err := f.CreateQueue(f.ctx, &awssqs.CreateQueueInput{QueueName: ptr("new"), Attributes: map[string]string{"RedrivePolicy": redrivePolicyTo("none", 1)}})
	require.ErrorContains(t, err, "Dead letter target does not exist.")
	f.create(t, "other", map[string]string{"RedrivePolicy": redrivePolicyTo("some", 1)})
}

func TestRedriveAllowPolicy(t *testing.T) {
	f := newFixture(t)
	for _, text := range []string{`{"redrivePermission":"allowAll"}`, `{"redrivePermission":"denyAll"}`, `{"redrivePermission":"byQueue","sourceQueueArns":["` + arnPrefix + `a"]}`} {
		require.NoError(t, f.set(map[string]string{"RedriveAllowPolicy": text}))
		require.Equal(t, map[string]string{"RedriveAllowPolicy": text}, f.get(t, "RedriveAllowPolicy"))
	}
	for _, text := range []string{`{}`, `{"redrivePermission":"some"}`, `{"redrivePermission":"byQueue"}`, `{"redrivePermission":"allowAll","sourceQueueArns":[]}`,
		`{"redrivePermission":"byQueue","sourceQueueArns":["x"]}`, `{"redrivePermission":"byQueue","sourceQueueArns":"x"}`, `x`, `{"a":1}`} {
		require.ErrorContains(t, f.set(map[string]string{"RedriveAllowPolicy": text}), "for parameter RedriveAllowPolicy is invalid. Reason: ", text)
	}
	require.NoError(t, f.set(map[string]string{"RedriveAllowPolicy": ""}))
	require.Nil(t, f.get(t, "RedriveAllowPolicy"))
}

// What AWS answered in LocalStack's validated test of a dead letter.
func TestDeadLetterAttributes(t *testing.T) {
	f := newFixture(t)
	dead := f.create(t, "dead", nil)
	require.NoError(t, f.set(map[string]string{"RedrivePolicy": redrivePolicyTo("dead", 1)}))
	attributes := map[string]attributeValue{"MyAttribute": {DataType: "String", StringValue: "foobar"}}
	trace := "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
	_, err := f.SendMessage(f.ctx, &sendMessageInput{
		QueueUrl: f.url, MessageBody: "message-1", MessageAttributes: attributes,
		MessageSystemAttributes: map[string]attributeValue{"AWSTraceHeader": {DataType: "String", StringValue: trace}},
	})
	require.NoError(t, err)
	all := receiveMessageInput{AttributeNames: []string{"All"}, MessageAttributeNames: []string{"All"}}
	first := f.receive(t, all)[0]
	require.NotContains(t, first.Attributes, "DeadLetterQueueSourceArn")
	_, err = f.ChangeMessageVisibility(f.ctx, &changeVisibilityInput{QueueUrl: f.url, ReceiptHandle: first.ReceiptHandle, VisibilityTimeout: ptr[int32](0)})
	require.NoError(t, err)
	require.Empty(t, f.receive(t, all))
	f.url = dead
	got := f.receive(t, all)[0]
	want := first
	want.ReceiptHandle = got.ReceiptHandle
	want.Attributes["ApproximateReceiveCount"] = "2"
	want.Attributes["DeadLetterQueueSourceArn"] = arnPrefix + "orders"
	require.Equal(t, want, got)
}

// Two messages with one deduplication id are two dead letters.
func TestFIFODeadLetter(t *testing.T) {
	f := newFixture(t)
	content := map[string]string{"FifoQueue": "true", "ContentBasedDeduplication": "true"}
	dead := f.create(t, "dead.fifo", content)
	f.url = f.create(t, "orders.fifo", with(content, "RedrivePolicy", redrivePolicyTo("dead.fifo", 1)))
	sent := f.sendFIFO(t, "foobar", "1", "")
	got := f.receive(t, receiveMessageInput{VisibilityTimeout: ptr[int32](0)})
	require.Len(t, got, 1)
	require.Eventually(t, func() bool { return len(f.receive(t, receiveMessageInput{VisibilityTimeout: ptr[int32](0)})) == 0 }, 5*time.Second, time.Millisecond)
	second := f.sendFIFO(t, "foobar2", "1", "")
	require.Equal(t, second.MessageId, f.receive(t, receiveMessageInput{})[0].MessageId, "the group goes on")
	f.url = dead
	letter := f.receive(t, receiveMessageInput{AttributeNames: []string{"All"}})[0]
	require.Equal(t, sent.MessageId, letter.MessageId)
	require.Equal(t, sent.MessageId, letter.Attributes["MessageDeduplicationId"])
	require.Equal(t, "1", letter.Attributes["MessageGroupId"])
	require.Equal(t, arnPrefix+"orders.fifo", letter.Attributes["DeadLetterQueueSourceArn"])
}
