package e2e

import (
	"context"
	"fmt"
	"testing"
	"time"

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

// TestSQSDeadLetters moves a message to the dead-letter queue and back, over
// kill -9 in between.
func TestSQSDeadLetters(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, ""), context.Background()
	create := func(name string, attributes map[string]string) *string {
		t.Helper()
		out, err := s.sqs().CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
		require.NoError(t, err)
		return out.QueueUrl
	}
	arn := "arn:aws:sqs:" + region + ":000000000000:"
	dead := create("dead", nil)
	orders := create("orders", map[string]string{"RedrivePolicy": `{"deadLetterTargetArn":"` + arn + `dead","maxReceiveCount":"2"}`})
	receive := func(u *string) []types.Message {
		t.Helper()
		out, err := s.sqs().ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
			QueueUrl: u, MaxNumberOfMessages: 10, MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
		})
		require.NoError(t, err)
		return out.Messages
	}
	sent, err := s.sqs().SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: orders, MessageBody: aws.String("poison")})
	require.NoError(t, err)
	for range 2 {
		got := receive(orders)
		require.Len(t, got, 1)
		_, err := s.sqs().ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{QueueUrl: orders, ReceiptHandle: got[0].ReceiptHandle, VisibilityTimeout: 0})
		require.NoError(t, err)
	}
	require.Empty(t, receive(orders))
	s.kill()
	s.run()
	sources, err := s.sqs().ListDeadLetterSourceQueues(ctx, &sqs.ListDeadLetterSourceQueuesInput{QueueUrl: dead})
	require.NoError(t, err)
	require.Len(t, sources.QueueUrls, 1)
	require.Empty(t, receive(orders))
	got := receive(dead)
	require.Len(t, got, 1)
	require.Equal(t, sent.MessageId, got[0].MessageId)
	require.Equal(t, arn+"orders", got[0].Attributes["DeadLetterQueueSourceArn"])
	_, err = s.sqs().ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{QueueUrl: dead, ReceiptHandle: got[0].ReceiptHandle, VisibilityTimeout: 0})
	require.NoError(t, err)

	started, err := s.sqs().StartMessageMoveTask(ctx, &sqs.StartMessageMoveTaskInput{SourceArn: aws.String(arn + "dead"), MaxNumberOfMessagesPerSecond: aws.Int32(10)})
	require.NoError(t, err)
	require.NotEmpty(t, *started.TaskHandle)
	require.Eventually(t, func() bool {
		tasks, err := s.sqs().ListMessageMoveTasks(ctx, &sqs.ListMessageMoveTasksInput{SourceArn: aws.String(arn + "dead")})
		return err == nil && len(tasks.Results) == 1 && *tasks.Results[0].Status == "COMPLETED" && tasks.Results[0].ApproximateNumberOfMessagesMoved == 1
	}, 10*time.Second, 20*time.Millisecond)
	back := receive(orders)
	require.Len(t, back, 1)
	require.Equal(t, "poison", *back[0].Body)
	require.NotEqual(t, sent.MessageId, back[0].MessageId, "redriven messages are new ones")
	var gone *types.ResourceNotFoundException
	_, err = s.sqs().StartMessageMoveTask(ctx, &sqs.StartMessageMoveTaskInput{SourceArn: aws.String(arn + "none")})
	require.ErrorAs(t, err, &gone)

	_, err = s.sqs().AddPermission(ctx, &sqs.AddPermissionInput{QueueUrl: orders, Label: aws.String("l"), AWSAccountIds: []string{"111111111111"}, Actions: []string{"SendMessage"}})
	require.NoError(t, err)
	policy, err := s.sqs().GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: orders, AttributeNames: []types.QueueAttributeName{"Policy"}})
	require.NoError(t, err)
	require.Contains(t, policy.Attributes["Policy"], `"Action":"SQS:SendMessage"`)
	_, err = s.sqs().RemovePermission(ctx, &sqs.RemovePermissionInput{QueueUrl: orders, Label: aws.String("l")})
	require.NoError(t, err)
}
