package sqs

import (
	"context"
	"fmt"
	"strings"
	"testing"

	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/stretchr/testify/require"
)

const mib = 1 << 20

// TestRefusals is the table of what SQS refuses, with its codes and words.
func TestRefusals(t *testing.T) {
	f := newFixture(t)
	send := func(in sendMessageInput) error {
		in.QueueUrl = f.url
		_, err := f.SendMessage(f.ctx, &in)
		return err
	}
	batch := func(entries ...sendEntry) error {
		_, err := f.SendMessageBatch(f.ctx, &sendMessageBatchInput{QueueUrl: f.url, Entries: entries})
		return err
	}
	receive := func(in receiveMessageInput) error {
		in.QueueUrl = f.url
		_, err := f.ReceiveMessage(f.ctx, &in)
		return err
	}
	create := func(name string, attributes map[string]string) error {
		_, err := f.CreateQueue(f.ctx, &awssqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
		return err
	}
	attribute := func(name string, a attributeValue) error {
		return send(sendMessageInput{MessageBody: "x", MessageAttributes: map[string]attributeValue{name: a}})
	}
	many := map[string]attributeValue{}
	for i := range 11 {
		many[fmt.Sprint(i)] = attributeValue{DataType: "String", StringValue: "x"}
	}
	entries := func(n, size int) []sendEntry {
		e := make([]sendEntry, n)
		for i := range e {
			e[i] = sendEntry{Id: fmt.Sprint(i), MessageBody: strings.Repeat("x", size)}
		}
		return e
	}
	const (
		value    = "InvalidParameterValueException"
		valueQ   = "InvalidParameterValue"
		prefix   = "AWS.SimpleQueueService."
		tooShort = "One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes."
		chars    = "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF"
	)
	for name, c := range map[string]struct {
		err                      error
		code, queryCode, message string
	}{
		"no body":        {send(sendMessageInput{}), "MissingRequiredParameterException", "MissingParameter", "The request must contain the parameter MessageBody."},
		"bad characters": {send(sendMessageInput{MessageBody: "a\x00"}), "InvalidMessageContents", "InvalidMessageContents", chars},
		"too long":       {send(sendMessageInput{MessageBody: strings.Repeat("x", mib+1)}), value, valueQ, tooShort},
		"too long with attribute": {send(sendMessageInput{MessageBody: strings.Repeat("x", mib-6), MessageAttributes: map[string]attributeValue{"k": {DataType: "String", StringValue: "v"}}}),
			value, valueQ, tooShort},
		"delay":            {send(sendMessageInput{MessageBody: "x", DelaySeconds: ptr[int32](901)}), value, valueQ, "Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900."},
		"deduplication":    {send(sendMessageInput{MessageBody: "x", MessageDeduplicationId: "d"}), value, valueQ, "Value d for parameter MessageDeduplicationId is invalid. Reason: The request include parameter that is not valid for this queue type."},
		"attributes":       {send(sendMessageInput{MessageBody: "x", MessageAttributes: many}), value, valueQ, "Number of message attributes [11] exceeds the allowed maximum [10]."},
		"attribute type":   {attribute("k", attributeValue{DataType: "Text", StringValue: "x"}), value, valueQ, "The message attribute 'k' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String."},
		"attribute number": {attribute("k", attributeValue{DataType: "Number.int", StringValue: "five"}), value, valueQ, "Can't cast the value of message (user) attribute 'k' to a number."},
		"attribute empty":  {attribute("k", attributeValue{DataType: "Binary", StringValue: "x"}), value, valueQ, "Message (user) attribute 'k' must contain a non-empty value of type 'Binary'."},
		"attribute aws":    {attribute("AWS.k", attributeValue{DataType: "String", StringValue: "x"}), value, valueQ, "You can't use message attribute names beginning with 'AWS.' or 'Amazon.': these strings are reserved for internal use."},
		"attribute list":   {attribute("k", attributeValue{DataType: "String", StringListValues: []string{"x"}}), "UnsupportedOperation", prefix + "UnsupportedOperation", "scops does not support StringListValues and BinaryListValues (message attribute 'k'); AWS reserves them for later use"},

		"empty batch":    {batch(), "EmptyBatchRequest", prefix + "EmptyBatchRequest", "There should be at least one SendMessageBatchRequestEntry in the request."},
		"many entries":   {batch(entries(20, 1)...), "TooManyEntriesInBatchRequest", prefix + "TooManyEntriesInBatchRequest", "Maximum number of entries per request are 10. You have sent 20."},
		"same ids":       {batch(sendEntry{Id: "a", MessageBody: "x"}, sendEntry{Id: "a", MessageBody: "x"}), "BatchEntryIdsNotDistinct", prefix + "BatchEntryIdsNotDistinct", "Id a repeated."},
		"bad id":         {batch(sendEntry{Id: "a b", MessageBody: "x"}), "InvalidBatchEntryId", prefix + "InvalidBatchEntryId", "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long."},
		"batch too long": {batch(append(entries(1, mib-1), sendEntry{Id: "z", MessageBody: "xx"})...), "BatchRequestTooLong", prefix + "BatchRequestTooLong", "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes."},
		"batch entry":    {batch(entries(2, mib+1)...), value, valueQ, tooShort},
		"batch body":     {batch(entries(2, 0)...), "MissingRequiredParameterException", "MissingParameter", "The request must contain the parameter MessageBody."},

		"max 11":     {receive(receiveMessageInput{MaxNumberOfMessages: ptr[int32](11)}), value, valueQ, "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided."},
		"max 0":      {receive(receiveMessageInput{MaxNumberOfMessages: ptr[int32](0)}), value, valueQ, "Value 0 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided."},
		"wait":       {receive(receiveMessageInput{WaitTimeSeconds: ptr[int32](21)}), value, valueQ, "Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided."},
		"visibility": {receive(receiveMessageInput{VisibilityTimeout: ptr[int32](43201)}), value, valueQ, "Value 43201 for parameter VisibilityTimeout is invalid. Reason: Must be >= 0 and <= 43200, if provided."},
		"attempt":    {receive(receiveMessageInput{ReceiveRequestAttemptId: "a"}), value, valueQ, "Value a for parameter ReceiveRequestAttemptId is invalid. Reason: The request include parameter that is not valid for this queue type."},
		"system":     {receive(receiveMessageInput{AttributeNames: []string{"Foo"}}), "InvalidAttributeName", "InvalidAttributeName", "Unknown Attribute Foo."},

		"queue name":   {create("a b", nil), value, valueQ, "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"},
		"long name":    {create(strings.Repeat("x", 81), nil), value, valueQ, "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"},
		"fifo false":   {create("a", map[string]string{"FifoQueue": "false"}), "InvalidAttributeName", "InvalidAttributeName", "Unknown Attribute FifoQueue."},
		"encryption":   {create("a", map[string]string{"KmsMasterKeyId": "k"}), "UnsupportedOperation", prefix + "UnsupportedOperation", "scops does not support the queue attribute KmsMasterKeyId"},
		"managed":      {create("a", map[string]string{"SqsManagedSseEnabled": "true"}), "UnsupportedOperation", prefix + "UnsupportedOperation", "scops does not support the queue attribute SqsManagedSseEnabled"},
		"read only":    {create("a", map[string]string{"QueueArn": "x"}), "InvalidAttributeName", "InvalidAttributeName", "Unknown Attribute QueueArn."},
		"range":        {create("a", map[string]string{"MessageRetentionPeriod": "59"}), "InvalidAttributeValue", "InvalidAttributeValue", "Invalid value for the parameter MessageRetentionPeriod."},
		"not a number": {create("a", map[string]string{"VisibilityTimeout": "x"}), "InvalidAttributeValue", "InvalidAttributeValue", "Invalid value for the parameter VisibilityTimeout."},
	} {
		t.Run(name, func(t *testing.T) { requireCode(t, c.err, c.code, c.queryCode, c.message) })
	}
	require.Empty(t, f.receive(t, receiveMessageInput{}), "a refused request stores nothing")
}

func TestNoSuchQueue(t *testing.T) {
	f := newFixture(t)
	url := "http://localhost:4566/000000000000/nope"
	for _, op := range f.API().Operations {
		in := map[string]any{
			"CreateQueue": nil, "ListQueues": nil,
			"StartMessageMoveTask": nil, "ListMessageMoveTasks": nil, "CancelMessageMoveTask": nil, // name queues by ARN: TestMoveTaskRefusals
			"GetQueueUrl":                  &awssqs.GetQueueUrlInput{QueueName: ptr("nope")},
			"SendMessage":                  &sendMessageInput{QueueUrl: url, MessageBody: "x"},
			"SendMessageBatch":             &sendMessageBatchInput{QueueUrl: url, Entries: []sendEntry{{Id: "a", MessageBody: "x"}}},
			"ReceiveMessage":               &receiveMessageInput{QueueUrl: url},
			"DeleteMessage":                &awssqs.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: ptr("x")},
			"DeleteMessageBatch":           &deleteMessageBatchInput{QueueUrl: url, Entries: []deleteEntry{{Id: "a"}}},
			"ChangeMessageVisibility":      &changeVisibilityInput{QueueUrl: url, ReceiptHandle: "x", VisibilityTimeout: ptr[int32](1)},
			"ChangeMessageVisibilityBatch": &changeVisibilityBatchInput{QueueUrl: url, Entries: []changeVisibilityEntry{{Id: "a"}}},
			"DeleteQueue":                  &awssqs.DeleteQueueInput{QueueUrl: &url},
			"PurgeQueue":                   &awssqs.PurgeQueueInput{QueueUrl: &url},
			"GetQueueAttributes":           &getQueueAttributesInput{QueueUrl: url},
			"SetQueueAttributes":           &awssqs.SetQueueAttributesInput{QueueUrl: &url, Attributes: map[string]string{"DelaySeconds": "1"}},
			"ListQueueTags":                &awssqs.ListQueueTagsInput{QueueUrl: &url},
			"TagQueue":                     &awssqs.TagQueueInput{QueueUrl: &url, Tags: map[string]string{"a": "b"}},
			"AddPermission":                &awssqs.AddPermissionInput{QueueUrl: &url, Label: ptr("l"), AWSAccountIds: []string{"111111111111"}, Actions: []string{"*"}},
			"RemovePermission":             &awssqs.RemovePermissionInput{QueueUrl: &url, Label: ptr("l")},
			"ListDeadLetterSourceQueues":   &awssqs.ListDeadLetterSourceQueuesInput{QueueUrl: &url},
			"UntagQueue":                   &awssqs.UntagQueueInput{QueueUrl: &url, TagKeys: []string{"a"}},
		}
		request, ok := in[op.Name]
		require.True(t, ok, op.Name)
		if request == nil {
			continue
		}
		t.Run(op.Name, func(t *testing.T) {
			_, err := op.Call(f.ctx, request)
			requireCode(t, err, "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.")
			if op.Name == "GetQueueUrl" {
				return
			}
			_, err = op.Call(f.ctx, op.New())
			requireCode(t, err, "MissingRequiredParameterException", "MissingParameter", "The request must contain the parameter QueueUrl.")
		})
	}
}

func TestLargestMessages(t *testing.T) {
	f := newFixture(t)
	_, err := f.SendMessage(f.ctx, &sendMessageInput{QueueUrl: f.url, MessageBody: strings.Repeat("x", mib)})
	require.NoError(t, err)
	entries := make([]sendEntry, 10)
	for i := range entries {
		entries[i] = sendEntry{Id: fmt.Sprint(i), MessageBody: strings.Repeat("y", mib/10)}
	}
	_, err = f.SendMessageBatch(f.ctx, &sendMessageBatchInput{QueueUrl: f.url, Entries: entries})
	require.NoError(t, err)
	require.Len(t, f.receive(t, receiveMessageInput{MaxNumberOfMessages: ptr[int32](10)}), 10)
}

func TestErrorsOfTheStore(t *testing.T) {
	f := newFixture(t)
	require.NoError(t, f.store.Close())
	_, err := f.SendMessage(f.ctx, &sendMessageInput{QueueUrl: f.url, MessageBody: "x"})
	requireCode(t, err, "ServiceUnavailable", "ServiceUnavailable", "The server is shutting down.")
	require.Equal(t, context.Canceled, asAWS(context.Canceled))
}
