package e2e

import (
	"context"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"
)

// TestSQSFIFO: order in each group, deduplication, also after kill -9.
func TestSQSFIFO(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, ""), context.Background()
	made, err := s.sqs().CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("orders.fifo"), Attributes: map[string]string{"FifoQueue": "true"}})
	require.NoError(t, err)
	send := func(group string, n int) *sqs.SendMessageOutput {
		t.Helper()
		out, err := s.sqs().SendMessage(ctx, &sqs.SendMessageInput{
			QueueUrl: made.QueueUrl, MessageBody: aws.String(fmt.Sprint(group, n)),
			MessageGroupId: &group, MessageDeduplicationId: aws.String(fmt.Sprint(group, n)),
		})
		require.NoError(t, err)
		return out
	}
	first := map[string]*sqs.SendMessageOutput{}
	for n := range 5 {
		for _, group := range []string{"a", "b", "c"} {
			first[fmt.Sprint(group, n)] = send(group, n)
		}
	}
	s.kill()
	s.run()
	for n := range 5 {
		again := send("b", n)
		require.Equal(t, first[fmt.Sprint("b", n)].MessageId, again.MessageId, "a duplicate")
		require.Equal(t, first[fmt.Sprint("b", n)].SequenceNumber, again.SequenceNumber)
	}
	next := map[string]int{}
	for received := 0; received < 15; {
		got, err := s.sqs().ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
			QueueUrl: made.QueueUrl, MaxNumberOfMessages: 2, ReceiveRequestAttemptId: aws.String(fmt.Sprint(received)),
			MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
		})
		require.NoError(t, err)
		require.NotEmpty(t, got.Messages)
		for _, m := range got.Messages {
			group := m.Attributes["MessageGroupId"]
			require.Equal(t, fmt.Sprint(group, next[group]), *m.Body, "the order in a group")
			require.Equal(t, *first[*m.Body].SequenceNumber, m.Attributes["SequenceNumber"])
			require.Equal(t, *m.Body, m.Attributes["MessageDeduplicationId"])
			next[group]++
			received++
			_, err := s.sqs().DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: made.QueueUrl, ReceiptHandle: m.ReceiptHandle})
			require.NoError(t, err)
		}
	}
	_, err = s.sqs().SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: made.QueueUrl, MessageBody: aws.String("x"), MessageDeduplicationId: aws.String("x")})
	requireCode(t, err, "MissingParameter", "The request must contain the parameter MessageGroupId.")
}
