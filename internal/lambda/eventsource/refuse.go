package eventsource

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// refusal is a member of a request that a mapping of a queue cannot have.
type refusal struct {
	member string
	set    bool
	ours   bool // AWS would take it
}

func refuse(list []refusal) error {
	for _, r := range list {
		switch {
		case r.set && r.ours:
			return unsupported("the parameter " + r.member)
		case r.set:
			return invalid("Unsupported %s parameter for given event source mapping type.", r.member)
		}
	}
	return nil
}

func refuseCreate(in *lambda.CreateEventSourceMappingInput) error {
	if in.SelfManagedEventSource != nil {
		return unsupported("the event source kafka")
	}
	if in.EventSourceArn == nil {
		return invalid("Unrecognized event source.")
	}
	if in.StartingPosition != "" {
		return invalid("StartingPosition is not valid for SQS event source mappings.")
	}
	return refuse([]refusal{
		{"AmazonManagedKafkaEventSourceConfig", in.AmazonManagedKafkaEventSourceConfig != nil, false},
		{"SelfManagedKafkaEventSourceConfig", in.SelfManagedKafkaEventSourceConfig != nil, false},
		{"DocumentDBEventSourceConfig", in.DocumentDBEventSourceConfig != nil, false},
		{"DestinationConfig", in.DestinationConfig != nil && in.DestinationConfig.OnFailure != nil, false},
		{"StartingPositionTimestamp", in.StartingPositionTimestamp != nil, false},
		{"BisectBatchOnFunctionError", aws.ToBool(in.BisectBatchOnFunctionError), false},
		{"MaximumRecordAgeInSeconds", in.MaximumRecordAgeInSeconds != nil, false},
		{"MaximumRetryAttempts", in.MaximumRetryAttempts != nil, false},
		{"ParallelizationFactor", in.ParallelizationFactor != nil, false},
		{"TumblingWindowInSeconds", aws.ToInt32(in.TumblingWindowInSeconds) != 0, false},
		{"Topics", len(in.Topics) > 0, false},
		{"Queues", len(in.Queues) > 0, false},
		{"SourceAccessConfigurations", len(in.SourceAccessConfigurations) > 0, false},
		{"ProvisionedPollerConfig", polling(in.ProvisionedPollerConfig), true},
		{"MetricsConfig", metrics(in.MetricsConfig), true},
		{"LoggingConfig", in.LoggingConfig != nil, true},
		{"KMSKeyArn", aws.ToString(in.KMSKeyArn) != "", true},
	})
}

func refuseUpdate(in *lambda.UpdateEventSourceMappingInput) error {
	return refuse([]refusal{
		{"AmazonManagedKafkaEventSourceConfig", in.AmazonManagedKafkaEventSourceConfig != nil, false},
		{"SelfManagedKafkaEventSourceConfig", in.SelfManagedKafkaEventSourceConfig != nil, false},
		{"DocumentDBEventSourceConfig", in.DocumentDBEventSourceConfig != nil, false},
		{"DestinationConfig", in.DestinationConfig != nil && in.DestinationConfig.OnFailure != nil, false},
		{"BisectBatchOnFunctionError", aws.ToBool(in.BisectBatchOnFunctionError), false},
		{"MaximumRecordAgeInSeconds", in.MaximumRecordAgeInSeconds != nil, false},
		{"MaximumRetryAttempts", in.MaximumRetryAttempts != nil, false},
		{"ParallelizationFactor", in.ParallelizationFactor != nil, false},
		{"TumblingWindowInSeconds", aws.ToInt32(in.TumblingWindowInSeconds) != 0, false},
		{"SourceAccessConfigurations", len(in.SourceAccessConfigurations) > 0, false},
		{"ProvisionedPollerConfig", polling(in.ProvisionedPollerConfig), true},
		{"MetricsConfig", metrics(in.MetricsConfig), true},
		{"LoggingConfig", in.LoggingConfig != nil, true},
		{"KMSKeyArn", aws.ToString(in.KMSKeyArn) != "", true},
	})
}

func polling(c *types.ProvisionedPollerConfig) bool {
	return c != nil && (c.MinimumPollers != nil || c.MaximumPollers != nil)
}

func metrics(c *types.EventSourceMappingMetricsConfig) bool { return c != nil && len(c.Metrics) > 0 }
