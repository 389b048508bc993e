package eventsource

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// mapping is one event source mapping.
type mapping struct {
	UUID     string
	Function string // ARN
	Source   string // ARN
	Deleting bool
	settings
}

// settings are what UpdateEventSourceMapping can change, and when it did.
type settings struct {
	Enabled     bool              `json:"enabled"`
	BatchSize   int32             `json:"batch_size"`
	Window      int32             `json:"window"` // seconds
	Concurrency int32             `json:"concurrency,omitempty"`
	Report      bool              `json:"report,omitempty"`  // ReportBatchItemFailures
	Filters     []string          `json:"filters,omitempty"` // patterns
	Tags        map[string]string `json:"tags,omitempty"`
	Modified    int64             `json:"modified"` // Unix milliseconds
}

const defaultBatchSize = 10

// queue is the name of the source's queue.
func (m *mapping) queue() string { return m.Source[strings.LastIndexByte(m.Source, ':')+1:] }

func (m *mapping) fifo() bool { return strings.HasSuffix(m.Source, ".fifo") }

// state is where the mapping is when no change is under way.
func (m *mapping) state() string {
	if m.Enabled {
		return "Enabled"
	}
	return "Disabled"
}

// describe is the mapping as the API shows it, in a state.
func (s *Service) describe(m *mapping, state, problem string) *types.EventSourceMappingConfiguration {
	modified := time.UnixMilli(m.Modified).UTC()
	out := &types.EventSourceMappingConfiguration{
		UUID:                           aws.String(m.UUID),
		EventSourceMappingArn:          aws.String(s.arn(m.UUID)),
		EventSourceArn:                 aws.String(m.Source),
		FunctionArn:                    aws.String(m.Function),
		BatchSize:                      aws.Int32(m.BatchSize),
		MaximumBatchingWindowInSeconds: aws.Int32(m.Window),
		FunctionResponseTypes:          []types.FunctionResponseType{},
		LastModified:                   &modified,
		State:                          aws.String(state),
		StateTransitionReason:          aws.String("USER_INITIATED"),
	}
	if problem != "" {
		out.LastProcessingResult = aws.String("PROBLEM: " + problem)
	}
	if m.Report {
		out.FunctionResponseTypes = append(out.FunctionResponseTypes, types.FunctionResponseTypeReportBatchItemFailures)
	}
	if m.Concurrency > 0 {
		out.ScalingConfig = &types.ScalingConfig{MaximumConcurrency: aws.Int32(m.Concurrency)}
	}
	if len(m.Filters) > 0 {
		out.FilterCriteria = &types.FilterCriteria{}
		for _, pattern := range m.Filters {
			out.FilterCriteria.Filters = append(out.FilterCriteria.Filters, types.Filter{Pattern: aws.String(pattern)})
		}
	}
	return out
}

func (s *Service) arn(uuid string) string {
	return "arn:aws:lambda:" + s.o.Region + ":" + s.o.AccountID + ":event-source-mapping:" + uuid
}
