package e2e

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"
)

func asEvent(in *lambda.InvokeInput) { in.InvocationType = types.InvocationTypeEvent }

// awaitFile waits until a file has that many lines.
func awaitLines(t *testing.T, path string, n int) []string {
	t.Helper()
	var lines []string
	require.Eventually(t, func() bool {
		text, _ := os.ReadFile(path)
		lines = strings.Fields(string(text))
		return len(lines) >= n
	}, time.Minute, 5*time.Millisecond)
	return lines
}

func (s *scops) awaitMessage(u *string) sqstypes.Message {
	s.t.Helper()
	for range 6 {
		out, err := s.sqs().ReceiveMessage(context.Background(), &sqs.ReceiveMessageInput{QueueUrl: u, WaitTimeSeconds: 10, MessageAttributeNames: []string{"All"}})
		require.NoError(s.t, err)
		if len(out.Messages) > 0 {
			return out.Messages[0]
		}
	}
	s.t.Fatal("no message comes")
	return sqstypes.Message{}
}

func (s *scops) makeQueue(name string) (u *string, arn string) {
	s.t.Helper()
	made, err := s.sqs().CreateQueue(context.Background(), &sqs.CreateQueueInput{QueueName: &name})
	require.NoError(s.t, err)
	return made.QueueUrl, "arn:aws:sqs:" + region + ":000000000000:" + name
}

// TestLambdaEvents: a failed event is run three times and then told to the
// dead-letter queue and the destination.
func TestLambdaEvents(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, "lambda: {retry_wait: 5ms}\n"), context.Background()
	dead, deadARN := s.makeQueue("dead")
	failed, failedARN := s.makeQueue("failed")
	succeeded, succeededARN := s.makeQueue("succeeded")
	name := s.function(func(in *lambda.CreateFunctionInput) {
		in.DeadLetterConfig = &types.DeadLetterConfig{TargetArn: &deadARN}
	})
	config, err := s.lambda().PutFunctionEventInvokeConfig(ctx, &lambda.PutFunctionEventInvokeConfigInput{
		FunctionName: &name, DestinationConfig: &types.DestinationConfig{OnFailure: &types.OnFailure{Destination: &failedARN}, OnSuccess: &types.OnSuccess{Destination: &succeededARN}},
	})
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(*config.FunctionArn, ":$LATEST"))
	require.WithinDuration(t, time.Now(), *config.LastModified, time.Minute)

	notes := filepath.Join(t.TempDir(), "notes")
	out := s.invoke(name, event{"do": "note", "text": notes}, asEvent)
	require.EqualValues(t, http.StatusAccepted, out.StatusCode)
	require.Empty(t, out.Payload)
	letter := s.awaitMessage(dead)
	require.Len(t, awaitLines(t, notes, 3), 3, "one attempt and two more")
	require.JSONEq(t, `{"do":"note","text":"`+notes+`"}`, *letter.Body)
	require.Equal(t, "200", *letter.MessageAttributes["ErrorCode"].StringValue)
	require.Equal(t, "noted", *letter.MessageAttributes["ErrorMessage"].StringValue)
	var record struct {
		Version        string
		RequestContext struct {
			RequestID, FunctionArn, Condition string
			ApproximateInvokeCount            int
		}
		RequestPayload  event
		ResponseContext struct {
			StatusCode                     int
			ExecutedVersion, FunctionError string
		}
		ResponsePayload struct{ ErrorMessage string }
	}
	require.NoError(t, json.Unmarshal([]byte(*s.awaitMessage(failed).Body), &record))
	require.Equal(t, *letter.MessageAttributes["RequestID"].StringValue, record.RequestContext.RequestID)
	require.Equal(t, "RetriesExhausted", record.RequestContext.Condition)
	require.Equal(t, 3, record.RequestContext.ApproximateInvokeCount)
	require.Equal(t, "Unhandled", record.ResponseContext.FunctionError)
	require.Equal(t, "noted", record.ResponsePayload.ErrorMessage)
	require.Equal(t, notes, record.RequestPayload["text"])

	s.invoke(name, event{"text": "good"}, asEvent)
	require.Contains(t, *s.awaitMessage(succeeded).Body, `"condition":"Success"`)

	// Without retries, and with a concurrency of nothing.
	_, err = s.lambda().UpdateFunctionEventInvokeConfig(ctx, &lambda.UpdateFunctionEventInvokeConfigInput{FunctionName: &name, MaximumRetryAttempts: aws.Int32(0)})
	require.NoError(t, err)
	_, err = s.lambda().PutFunctionConcurrency(ctx, &lambda.PutFunctionConcurrencyInput{FunctionName: &name, ReservedConcurrentExecutions: aws.Int32(0)})
	require.NoError(t, err)
	s.invoke(name, event{}, asEvent)
	require.Contains(t, *s.awaitMessage(failed).Body, `"condition":"ZeroConcurrency"`)
	_, err = s.lambda().Invoke(ctx, &lambda.InvokeInput{FunctionName: &name}, func(o *lambda.Options) { o.RetryMaxAttempts = 1 })
	requireAPIError(t, err, "TooManyRequestsException", http.StatusTooManyRequests, "Rate Exceeded.")
	require.ErrorContains(t, err, "Rate Exceeded.")
}

// TestLambdaEventsSurvive: an event that was taken is run, though scops was
// killed in the middle of it.
func TestLambdaEventsSurvive(t *testing.T) {
	t.Parallel()
	s := start(t, "")
	_, doneARN := s.makeQueue("done")
	name := s.function()
	_, err := s.lambda().PutFunctionEventInvokeConfig(context.Background(), &lambda.PutFunctionEventInvokeConfigInput{
		FunctionName: &name, DestinationConfig: &types.DestinationConfig{OnSuccess: &types.OnSuccess{Destination: &doneARN}},
	})
	require.NoError(t, err)
	gate := filepath.Join(t.TempDir(), "gate")
	for range 3 {
		s.invoke(name, event{"do": "wait", "text": gate}, asEvent)
	}
	s.kill()
	require.NoError(t, os.WriteFile(gate, nil, 0o600))
	s.run()
	done := s.queueURL("done")
	seen := map[string]bool{}
	for len(seen) < 3 {
		var record struct {
			RequestContext struct{ RequestID string }
		}
		m := s.awaitMessage(done)
		require.NoError(t, json.Unmarshal([]byte(*m.Body), &record))
		seen[record.RequestContext.RequestID] = true
	}
	require.NoError(t, err)
}

func (s *scops) queueURL(name string) *string {
	s.t.Helper()
	out, err := s.sqs().GetQueueUrl(context.Background(), &sqs.GetQueueUrlInput{QueueName: &name})
	require.NoError(s.t, err)
	return out.QueueUrl
}
