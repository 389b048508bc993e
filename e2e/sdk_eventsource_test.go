package e2e

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"
)

// TestEventSourceMapping goes through the life of a mapping with the SDK.
func TestEventSourceMapping(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := shared(t)
	client := s.lambda()
	function, name := s.function(), unique("jobs-")
	url, err := s.sqs().CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &name})
	require.NoError(t, err)
	source := "arn:aws:sqs:" + region + ":000000000000:" + name
	in := &lambda.CreateEventSourceMappingInput{
		FunctionName: &function, EventSourceArn: &source, BatchSize: aws.Int32(5), Tags: map[string]string{"stage": "test"},
		FilterCriteria: &types.FilterCriteria{Filters: []types.Filter{{Pattern: aws.String(`{"body":{"keep":[true]}}`)}}},
	}
	made, err := client.CreateEventSourceMapping(ctx, in)
	require.NoError(t, err)
	require.Equal(t, "Creating", *made.State)
	require.WithinDuration(t, time.Now(), *made.LastModified, time.Minute)
	require.Equal(t, "arn:aws:lambda:"+region+":000000000000:function:"+function, *made.FunctionArn)
	require.Equal(t, "arn:aws:lambda:"+region+":000000000000:event-source-mapping:"+*made.UUID, *made.EventSourceMappingArn)
	require.Equal(t, in.FilterCriteria, made.FilterCriteria)
	require.NotNil(t, made.FunctionResponseTypes)
	require.EqualValues(t, 0, *made.MaximumBatchingWindowInSeconds)
	_, err = client.CreateEventSourceMapping(ctx, in)
	var conflict *types.ResourceConflictException
	require.ErrorAs(t, err, &conflict)
	require.Equal(t, fmt.Sprintf("An event source mapping with SQS arn (\" %s \") and function (\" %s \") already exists. Please update or delete the existing mapping with UUID %s", source, function, *made.UUID), conflict.ErrorMessage())
	require.Equal(t, "User", *conflict.Type)

	awaitState := func(state string) {
		t.Helper()
		require.Eventually(t, func() bool {
			out, err := client.GetEventSourceMapping(ctx, &lambda.GetEventSourceMappingInput{UUID: made.UUID})
			return err == nil && *out.State == state
		}, 20*time.Second, 10*time.Millisecond)
	}
	drained := func() bool {
		out, err := s.sqs().GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: url.QueueUrl, AttributeNames: []sqstypes.QueueAttributeName{"All"}})
		require.NoError(t, err)
		return out.Attributes["ApproximateNumberOfMessages"] == "0" && out.Attributes["ApproximateNumberOfMessagesNotVisible"] == "0"
	}
	awaitState("Enabled")
	for i := range 10 {
		_, err := s.sqs().SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: url.QueueUrl, MessageBody: aws.String(fmt.Sprintf(`{"keep":%t}`, i%2 == 0))})
		require.NoError(t, err)
	}
	require.Eventually(t, drained, 20*time.Second, 10*time.Millisecond)

	changed, err := client.UpdateEventSourceMapping(ctx, &lambda.UpdateEventSourceMappingInput{
		UUID: made.UUID, Enabled: aws.Bool(false), BatchSize: aws.Int32(7), ScalingConfig: &types.ScalingConfig{MaximumConcurrency: aws.Int32(2)},
	})
	require.NoError(t, err)
	require.Equal(t, "Disabling", *changed.State)
	awaitState("Disabled")
	list, err := client.ListEventSourceMappings(ctx, &lambda.ListEventSourceMappingsInput{FunctionName: &function, EventSourceArn: &source})
	require.NoError(t, err)
	require.Len(t, list.EventSourceMappings, 1)
	require.EqualValues(t, 7, *list.EventSourceMappings[0].BatchSize)
	require.EqualValues(t, 2, *list.EventSourceMappings[0].ScalingConfig.MaximumConcurrency)

	_, err = client.TagResource(ctx, &lambda.TagResourceInput{Resource: made.EventSourceMappingArn, Tags: map[string]string{"team": "shop", "kind": "b"}})
	require.NoError(t, err)
	_, err = client.UntagResource(ctx, &lambda.UntagResourceInput{Resource: made.EventSourceMappingArn, TagKeys: []string{"kind"}})
	require.NoError(t, err)
	tags, err := client.ListTags(ctx, &lambda.ListTagsInput{Resource: made.EventSourceMappingArn})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"stage": "test", "team": "shop"}, tags.Tags)

	gone, err := client.DeleteEventSourceMapping(ctx, &lambda.DeleteEventSourceMappingInput{UUID: made.UUID})
	require.NoError(t, err)
	require.Equal(t, "Deleting", *gone.State)
	require.Eventually(t, func() bool {
		_, err := client.GetEventSourceMapping(ctx, &lambda.GetEventSourceMappingInput{UUID: made.UUID})
		var notFound *types.ResourceNotFoundException
		return errors.As(err, &notFound) && notFound.ErrorMessage() == "The resource you requested does not exist."
	}, 20*time.Second, 10*time.Millisecond)
}
