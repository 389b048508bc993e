package eventsource

import (
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/scopsdb/scops/internal/lambda/eventfilter"
)

// maxFilters is how many filters a mapping can have: AWS's quota is five, or
// ten on request.
const maxFilters = 10

// maxPattern is the length of a filter's pattern in characters.
const maxPattern = 4096

// changes are the members that CreateEventSourceMapping and
// UpdateEventSourceMapping have in common. nil means: as it is.
type changes struct {
	enabled   *bool
	batchSize *int32
	window    *int32
	scaling   *types.ScalingConfig
	report    []types.FunctionResponseType
	filters   *types.FilterCriteria
}

// limits are the ranges of Lambda's model, in its order.
func (c *changes) limits() error {
	var concurrency *int32
	if c.scaling != nil {
		concurrency = c.scaling.MaximumConcurrency
	}
	for _, n := range []struct {
		value    *int32
		member   string
		min, max int32
	}{
		{c.batchSize, "batchSize", 1, 10_000},
		{c.window, "maximumBatchingWindowInSeconds", 0, 300},
		{concurrency, "scalingConfig.maximumConcurrency", 2, 1000},
	} {
		switch v := n.value; {
		case v == nil:
		case *v < n.min:
			return violation(*v, n.member, "have value greater than or equal to "+decimal(n.min))
		case *v > n.max:
			return violation(*v, n.member, "have value less than or equal to "+decimal(n.max))
		}
	}
	if len(c.report) > 1 {
		return violation(c.report, "functionResponseTypes", "have length less than or equal to 1")
	}
	for _, kind := range c.report {
		if kind != types.FunctionResponseTypeReportBatchItemFailures {
			return violation(kind, "functionResponseTypes", "satisfy enum value set: [ReportBatchItemFailures]")
		}
	}
	return nil
}

// apply changes s to what was asked for.
func (c *changes) apply(s *settings) error {
	if c.enabled != nil {
		s.Enabled = *c.enabled
	}
	if c.batchSize != nil {
		s.BatchSize = *c.batchSize
	}
	if c.window != nil {
		s.Window = *c.window
	}
	if c.scaling != nil {
		s.Concurrency = aws.ToInt32(c.scaling.MaximumConcurrency)
	}
	if c.report != nil {
		s.Report = len(c.report) > 0
	}
	if c.filters == nil {
		return nil
	}
	return c.applyFilters(s)
}

func (c *changes) applyFilters(s *settings) error {
	if len(c.filters.Filters) > maxFilters {
		return invalid("Number of filters must not exceed %d.", maxFilters)
	}
	s.Filters = nil
	for _, f := range c.filters.Filters {
		text := aws.ToString(f.Pattern)
		if len([]rune(text)) > maxPattern {
			return violation(text[:100]+"…", "filterCriteria.filters.member.pattern", "have length less than or equal to 4096")
		}
		if _, err := eventfilter.Compile(text); err != nil {
			e := invalid("Invalid filter pattern definition.")
			e.Cause = err
			return e
		}
		s.Filters = append(s.Filters, text)
	}
	return nil
}

func decimal(n int32) string { return strconv.Itoa(int(n)) }

// consistent checks what the members of a mapping demand of each other.
func (m *mapping) consistent() error {
	switch {
	case m.fifo() && m.Window > 0:
		return invalid("Batching window is not supported for FIFO queues")
	case m.BatchSize > 10 && m.fifo():
		return invalid("Batch size must not exceed 10 for FIFO queues")
	case m.BatchSize > 10 && m.Window == 0:
		return invalid("Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10")
	}
	return nil
}

// checkSource takes the ARN of a queue of this account and region. Other event
// sources are refused by name.
func (s *Service) checkSource(arn string) error {
	parts := strings.Split(arn, ":")
	if len(parts) < 6 || parts[0] != "arn" {
		return invalid("Unrecognized event source.")
	}
	switch service := parts[2]; {
	case service != "sqs":
		return unsupported("the event source " + service)
	case len(parts) != 6 || parts[5] == "":
		return invalid("Unrecognized event source.")
	case parts[3] != s.o.Region || parts[4] != s.o.AccountID:
		return missingQueue()
	}
	return nil
}

func missingQueue() error {
	return invalid("Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.")
}
