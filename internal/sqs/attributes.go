package sqs

import (
	"context"
	"strconv"
	"time"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/queue"
)

// attribute is a queue attribute that a client may read, and write if it has a
// set function. All values are strings on the wire.
type attribute struct {
	get func(*queueView) string
	set func(*queue.Attributes, int)
	// Bounds of what set takes.
	min, max int
}

// queueView is what attributes are read from.
type queueView struct {
	info   queue.Info
	counts queue.Counts
	arn    string
}

// attributes are the attributes of standard queues.
var attributes = map[string]attribute{
	"VisibilityTimeout": {
		get: func(v *queueView) string { return seconds(v.info.Attributes.VisibilityTimeout) },
		set: func(a *queue.Attributes, n int) { a.VisibilityTimeout = time.Duration(n) * time.Second },
		min: 0, max: maxVisibility,
	},
	"DelaySeconds": {
		get: func(v *queueView) string { return seconds(v.info.Attributes.Delay) },
		set: func(a *queue.Attributes, n int) { a.Delay = time.Duration(n) * time.Second },
		min: 0, max: maxDelay,
	},
	"MessageRetentionPeriod": {
		get: func(v *queueView) string { return seconds(v.info.Attributes.Retention) },
		set: func(a *queue.Attributes, n int) { a.Retention = time.Duration(n) * time.Second },
		min: 60, max: 1209600,
	},
	"ReceiveMessageWaitTimeSeconds": {
		get: func(v *queueView) string { return seconds(v.info.Attributes.ReceiveWait) },
		set: func(a *queue.Attributes, n int) { a.ReceiveWait = time.Duration(n) * time.Second },
		min: 0, max: maxWait,
	},
	"MaximumMessageSize": {
		get: func(v *queueView) string { return strconv.Itoa(v.info.Attributes.MaximumMessageSize) },
		set: func(a *queue.Attributes, n int) { a.MaximumMessageSize = n },
		min: 1024, max: maxMessageSize,
	},
	"ApproximateNumberOfMessages":           {get: func(v *queueView) string { return number(v.counts.Visible) }},
	"ApproximateNumberOfMessagesNotVisible": {get: func(v *queueView) string { return number(v.counts.InFlight) }},
	"ApproximateNumberOfMessagesDelayed":    {get: func(v *queueView) string { return number(v.counts.Delayed) }},
	"CreatedTimestamp":                      {get: func(v *queueView) string { return number(v.info.Attributes.Created.Unix()) }},
	"LastModifiedTimestamp":                 {get: func(v *queueView) string { return number(v.info.Attributes.Modified.Unix()) }},
	"QueueArn":                              {get: func(v *queueView) string { return v.arn }},
	"SqsManagedSseEnabled":                  {get: func(*queueView) string { return "false" }},
}

// absent are attributes of features that scops does not have. Asking for them
// yields nothing, as on an AWS queue without them; setting them is refused by
// name, except to the value that means "off".
var absent = map[string]string{
	"Policy":                       "",
	"RedrivePolicy":                "",
	"RedriveAllowPolicy":           "",
	"KmsMasterKeyId":               "",
	"KmsDataKeyReusePeriodSeconds": "",
	"SqsManagedSseEnabled":         "false",
}

// fifoOnly are attributes that AWS refuses on standard queues.
var fifoOnly = map[string]bool{
	"FifoQueue":                 true,
	"ContentBasedDeduplication": true,
	"DeduplicationScope":        true,
	"FifoThroughputLimit":       true,
}

func seconds(d time.Duration) string { return number(int64(d / time.Second)) }
func number(n int64) string          { return strconv.FormatInt(n, 10) }

func unknownAttribute(name string) error {
	return failure("InvalidAttributeName", "Unknown Attribute %s.", shorten(name))
}

// setAttributes applies what a client set to a.
func setAttributes(a *queue.Attributes, values map[string]string) error {
	for name, v := range values {
		if name == "FifoQueue" && v == "true" {
			return unsupported("FIFO queues (attribute FifoQueue)")
		}
		if off, ok := absent[name]; ok {
			if v != off {
				return unsupported("the queue attribute %s", name)
			}
			continue
		}
		at, ok := attributes[name]
		if !ok || at.set == nil || fifoOnly[name] {
			return unknownAttribute(name)
		}
		n, err := strconv.Atoi(v)
		if err != nil || n < at.min || n > at.max {
			return failure("InvalidAttributeValue", "Invalid value for the parameter %s.", name)
		}
		at.set(a, n)
	}
	return nil
}

// checkReadable checks the names of a GetQueueAttributes request and returns
// those to answer.
func checkReadable(names []string) ([]string, error) {
	var wanted []string
	for _, name := range names {
		if name == "All" {
			for known := range attributes {
				wanted = append(wanted, known)
			}
			continue
		}
		_, isAbsent := absent[name]
		if _, ok := attributes[name]; ok {
			wanted = append(wanted, name)
		} else if !isAbsent && !fifoOnly[name] {
			return nil, unknownAttribute(name)
		}
	}
	return wanted, nil
}

func (s *Service) view(ctx context.Context, name queue.Name) (*queueView, error) {
	info, err := s.store.Queue(ctx, name)
	if err != nil {
		return nil, asAWS(err)
	}
	counts, err := s.store.Counts(ctx, name)
	if err != nil {
		return nil, asAWS(err)
	}
	return &queueView{info: info, counts: counts, arn: awsapi.RequestFrom(ctx).ARN("sqs", string(name))}, nil
}
