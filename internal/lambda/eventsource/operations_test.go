package eventsource

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/queue"
	"github.com/stretchr/testify/require"
)

func TestCreateShowsTheMapping(t *testing.T) {
	r := newRig(t, succeed)
	r.makeQueue("jobs", 30*time.Second)
	out, err := r.CreateEventSourceMapping(context.Background(), &lambda.CreateEventSourceMappingInput{
		FunctionName: aws.String("work"), EventSourceArn: aws.String(queueARN), Enabled: aws.Bool(false),
		BatchSize: aws.Int32(100), MaximumBatchingWindowInSeconds: aws.Int32(5),
		ScalingConfig:         &types.ScalingConfig{MaximumConcurrency: aws.Int32(2)},
		FunctionResponseTypes: []types.FunctionResponseType{"ReportBatchItemFailures"},
		FilterCriteria:        &types.FilterCriteria{Filters: []types.Filter{{Pattern: aws.String(`{"body":["x"]}`)}}},
	})
	require.NoError(t, err)
	require.NotNil(t, out.LastModified)
	want := &types.EventSourceMappingConfiguration{
		UUID: out.UUID, EventSourceMappingArn: aws.String("arn:aws:lambda:ap-northeast-2:000000000000:event-source-mapping:" + *out.UUID),
		EventSourceArn: aws.String(queueARN), FunctionArn: aws.String(functionARN), LastModified: out.LastModified,
		BatchSize: aws.Int32(100), MaximumBatchingWindowInSeconds: aws.Int32(5),
		ScalingConfig:         &types.ScalingConfig{MaximumConcurrency: aws.Int32(2)},
		FunctionResponseTypes: []types.FunctionResponseType{"ReportBatchItemFailures"},
		FilterCriteria:        &types.FilterCriteria{Filters: []types.Filter{{Pattern: aws.String(`{"body":["x"]}`)}}},
		State:                 aws.String("Creating"), StateTransitionReason: aws.String("USER_INITIATED"),
	}
	require.Equal(t, want, out)
	r.awaitState(*out.UUID, "Disabled")

	want.State = aws.String("Disabled")
	r.close()
	r.open()
	got, err := r.get(*out.UUID)
	require.NoError(t, err)
	require.Equal(t, want, got, "after a restart")

	got, err = r.UpdateEventSourceMapping(context.Background(), &lambda.UpdateEventSourceMappingInput{
		UUID: out.UUID, BatchSize: aws.Int32(1), MaximumBatchingWindowInSeconds: aws.Int32(0), ScalingConfig: &types.ScalingConfig{},
		FunctionResponseTypes: []types.FunctionResponseType{}, FilterCriteria: &types.FilterCriteria{},
	})
	require.NoError(t, err)
	want.State, want.LastModified = aws.String("Updating"), got.LastModified
	want.BatchSize, want.MaximumBatchingWindowInSeconds, want.ScalingConfig, want.FilterCriteria = aws.Int32(1), aws.Int32(0), nil, nil
	want.FunctionResponseTypes = []types.FunctionResponseType{}
	require.Equal(t, want, got)
}

// TestCreateRefuses has AWS's answers to what cannot be a mapping.
func TestCreateRefuses(t *testing.T) {
	r := newRig(t, succeed)
	r.makeQueue("jobs", 30*time.Second)
	r.makeQueue("short", time.Second)
	r.timeout = 2 * time.Second
	type input = lambda.CreateEventSourceMappingInput
	for _, c := range []struct {
		code, message string
		change        func(*input)
	}{
		{codeValidation, "1 validation error detected: Value null at 'functionName' failed to satisfy constraint: Member must not be null", func(in *input) { in.FunctionName = nil }},
		{codeValidation, "1 validation error detected: Value '0' at 'batchSize' failed to satisfy constraint: Member must have value greater than or equal to 1", func(in *input) { in.BatchSize = aws.Int32(0) }},
		{codeValidation, "1 validation error detected: Value '10001' at 'batchSize' failed to satisfy constraint: Member must have value less than or equal to 10000", func(in *input) { in.BatchSize = aws.Int32(10001) }},
		{codeValidation, "1 validation error detected: Value '301' at 'maximumBatchingWindowInSeconds' failed to satisfy constraint: Member must have value less than or equal to 300", func(in *input) { in.MaximumBatchingWindowInSeconds = aws.Int32(301) }},
		{codeValidation, "1 validation error detected: Value '1' at 'scalingConfig.maximumConcurrency' failed to satisfy constraint: Member must have value greater than or equal to 2", func(in *input) { in.ScalingConfig = &types.ScalingConfig{MaximumConcurrency: aws.Int32(1)} }},
		{codeValidation, "1 validation error detected: Value 'Other' at 'functionResponseTypes' failed to satisfy constraint: Member must satisfy enum value set: [ReportBatchItemFailures]", func(in *input) { in.FunctionResponseTypes = []types.FunctionResponseType{"Other"} }},
		{codeInvalid, "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10", func(in *input) { in.BatchSize = aws.Int32(11) }},
		{codeInvalid, "Batching window is not supported for FIFO queues", func(in *input) {
			in.EventSourceArn, in.MaximumBatchingWindowInSeconds = aws.String(queueARN+".fifo"), aws.Int32(1)
		}},
		{codeInvalid, "Batch size must not exceed 10 for FIFO queues", func(in *input) {
			in.EventSourceArn, in.BatchSize = aws.String(queueARN+".fifo"), aws.Int32(11)
		}},
		{codeInvalid, "Unrecognized event source.", func(in *input) { in.EventSourceArn = nil }},
		{codeInvalid, "Unrecognized event source.", func(in *input) { in.EventSourceArn = aws.String("jobs") }},
		{codeInvalid, "scops does not support the event source kinesis of event source mappings.", func(in *input) {
			in.EventSourceArn = aws.String("arn:aws:kinesis:ap-northeast-2:000000000000:stream/s")
		}},
		{codeInvalid, "scops does not support the parameter ProvisionedPollerConfig of event source mappings.", func(in *input) {
			in.ProvisionedPollerConfig = &types.ProvisionedPollerConfig{MinimumPollers: aws.Int32(2)}
		}},
		{codeInvalid, "Unsupported ParallelizationFactor parameter for given event source mapping type.", func(in *input) { in.ParallelizationFactor = aws.Int32(2) }},
		{codeInvalid, "Invalid filter pattern definition.", func(in *input) {
			in.FilterCriteria = &types.FilterCriteria{Filters: []types.Filter{{Pattern: aws.String(`{"eventSource":"aws:sqs"}`)}}}
		}},
		{codeInvalid, "Invalid filter pattern definition.", func(in *input) { in.FilterCriteria = &types.FilterCriteria{Filters: []types.Filter{{}}} }},
		{codeInvalid, "Number of filters must not exceed 10.", func(in *input) {
			in.FilterCriteria = &types.FilterCriteria{Filters: make([]types.Filter, 11)}
		}},
		{codeInvalid, "Function does not exist", func(in *input) { in.FunctionName = aws.String("none") }},
		{codeInvalid, missingQueue().Error()[len(codeInvalid)+2:], func(in *input) { in.EventSourceArn = aws.String(queueARN + "2") }},
		{codeInvalid, missingQueue().Error()[len(codeInvalid)+2:], func(in *input) {
			in.EventSourceArn = aws.String(strings.Replace(queueARN, "ap-northeast-2", "us-east-1", 1))
		}},
		{codeInvalid, "Queue visibility timeout: 1 seconds is less than Function timeout: 2 seconds", func(in *input) { in.EventSourceArn = aws.String(strings.Replace(queueARN, "jobs", "short", 1)) }},
	} {
		in := &input{FunctionName: aws.String("work"), EventSourceArn: aws.String(queueARN)}
		c.change(in)
		_, err := r.CreateEventSourceMapping(context.Background(), in)
		var e *awsapi.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, c.code+": "+c.message, e.Code+": "+e.Message)
	}
	require.Empty(t, r.list(&lambda.ListEventSourceMappingsInput{}))

	uuid := r.connect(nil)
	_, err := r.CreateEventSourceMapping(context.Background(), &input{FunctionName: aws.String(functionARN), EventSourceArn: aws.String(queueARN)})
	var e *awsapi.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, 409, e.HTTPStatus())
	require.Equal(t, fmt.Sprintf("An event source mapping with SQS arn (\" %s \") and function (\" work \") already exists. Please update or delete the existing mapping with UUID %s", queueARN, uuid), e.Message)
	_, err = r.get("none")
	require.EqualError(t, err, "ResourceNotFoundException: The resource you requested does not exist.")
}

func (r *rig) list(in *lambda.ListEventSourceMappingsInput) []string {
	r.t.Helper()
	uuids := []string{}
	for {
		out, err := r.ListEventSourceMappings(context.Background(), in)
		require.NoError(r.t, err)
		for _, m := range out.EventSourceMappings {
			uuids = append(uuids, *m.UUID)
		}
		if in.Marker = out.NextMarker; in.Marker == nil {
			return uuids
		}
		require.Len(r.t, out.EventSourceMappings, int(*in.MaxItems))
	}
}

func TestList(t *testing.T) {
	r := newRig(t, succeed)
	var all []string
	for _, name := range []string{"jobs", "b", "c", "d", "e"} {
		r.makeQueue(queue.Name(name), 30*time.Second)
		all = append(all, r.connect(func(in *lambda.CreateEventSourceMappingInput) {
			in.EventSourceArn = aws.String(strings.Replace(queueARN, "jobs", name, 1))
		}))
	}
	require.ElementsMatch(t, all, r.list(&lambda.ListEventSourceMappingsInput{}))
	require.ElementsMatch(t, all, r.list(&lambda.ListEventSourceMappingsInput{MaxItems: aws.Int32(2)}))
	require.Equal(t, all[:1], r.list(&lambda.ListEventSourceMappingsInput{EventSourceArn: aws.String(queueARN), FunctionName: aws.String("work")}))
	for name, n := range map[string]int{"work": 5, functionARN: 5, "000000000000:function:work": 5, "wor": 0, "work:1": 0} {
		require.Len(t, r.list(&lambda.ListEventSourceMappingsInput{FunctionName: &name}), n, name)
	}
}
