package sqs

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/queue"
)

// attribute is a queue attribute that a client may read, and write if it has a
// set function. All values are strings on the wire; "" is an absent attribute.
type attribute struct {
	get func(*queueView) string
	set func(a *queue.Attributes, name, value string) error
}

// queueView is what attributes are read from.
type queueView struct {
	info   queue.Info
	counts queue.Counts
	arn    string
}

// attributes are the attributes of all queues.
var attributes = map[string]attribute{
	"VisibilityTimeout": {
		get: func(v *queueView) string { return seconds(v.info.Attributes.VisibilityTimeout) },
		set: inSeconds(0, maxVisibility, func(a *queue.Attributes, d time.Duration) { a.VisibilityTimeout = d }),
	},
	"DelaySeconds": {
		get: func(v *queueView) string { return seconds(v.info.Attributes.Delay) },
		set: inSeconds(0, maxDelay, func(a *queue.Attributes, d time.Duration) { a.Delay = d }),
	},
	"MessageRetentionPeriod": {
		get: func(v *queueView) string { return seconds(v.info.Attributes.Retention) },
		set: inSeconds(60, 1209600, func(a *queue.Attributes, d time.Duration) { a.Retention = d }),
	},
	"ReceiveMessageWaitTimeSeconds": {
		get: func(v *queueView) string { return seconds(v.info.Attributes.ReceiveWait) },
		set: inSeconds(0, maxWait, func(a *queue.Attributes, d time.Duration) { a.ReceiveWait = d }),
	},
	"MaximumMessageSize": {
		get: func(v *queueView) string { return strconv.Itoa(v.info.Attributes.MaximumMessageSize) },
		set: integer(1024, maxMessageSize, func(a *queue.Attributes, n int) { a.MaximumMessageSize = n }),
	},
	"ApproximateNumberOfMessages":           {get: func(v *queueView) string { return number(v.counts.Visible) }},
	"ApproximateNumberOfMessagesNotVisible": {get: func(v *queueView) string { return number(v.counts.InFlight) }},
	"ApproximateNumberOfMessagesDelayed":    {get: func(v *queueView) string { return number(v.counts.Delayed) }},
	"CreatedTimestamp":                      {get: func(v *queueView) string { return number(v.info.Attributes.Created.Unix()) }},
	"LastModifiedTimestamp":                 {get: func(v *queueView) string { return number(v.info.Attributes.Modified.Unix()) }},
	"QueueArn":                              {get: func(v *queueView) string { return v.arn }},
	"SqsManagedSseEnabled":                  {get: func(*queueView) string { return "false" }},
	redrivePolicy:                           {get: getRedrive, set: setRedrive},
	redriveAllowPolicy:                      {get: kept(redriveAllowPolicy), set: setAllow},
	policyAttribute:                         {get: kept(policyAttribute), set: setPolicy},
}

// kept reads an attribute that is kept as it was set.
func kept(name string) func(*queueView) string {
	return func(v *queueView) string { return v.info.Attributes.Extra[name] }
}

// arnOf is the ARN of another queue.
func (v *queueView) arnOf(name queue.Name) string {
	return v.arn[:strings.LastIndexByte(v.arn, ':')+1] + string(name)
}

// absent are attributes of encryption, which scops does not do. Asking for them
// yields nothing, as on an AWS queue without them; setting them is refused by
// name, except to the value that means "off".
var absent = map[string]string{
	"KmsMasterKeyId":               "",
	"KmsDataKeyReusePeriodSeconds": "",
	"SqsManagedSseEnabled":         "false",
}

func integer(min, max int, set func(*queue.Attributes, int)) func(*queue.Attributes, string, string) error {
	return func(a *queue.Attributes, name, value string) error {
		n, err := strconv.Atoi(value)
		if err != nil || n < min || n > max {
			return badAttribute(name)
		}
		set(a, n)
		return nil
	}
}

func inSeconds(min, max int, set func(*queue.Attributes, time.Duration)) func(*queue.Attributes, string, string) error {
	return integer(min, max, func(a *queue.Attributes, n int) { set(a, time.Duration(n)*time.Second) })
}

func badAttribute(name string) error {
	return failure("InvalidAttributeValue", "Invalid value for the parameter %s.", name)
}

func seconds(d time.Duration) string { return number(int64(d / time.Second)) }
func number(n int64) string          { return strconv.FormatInt(n, 10) }

func unknownAttribute(name string) error {
	return failure("InvalidAttributeName", "Unknown Attribute %s.", shorten(name))
}

// setAttributes applies what a client set to a, whose kind of queue is decided.
func setAttributes(a *queue.Attributes, values map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if err := setAttribute(a, name, values[name]); err != nil {
			return err
		}
	}
	return checkFIFO(a)
}

func setAttribute(a *queue.Attributes, name, value string) error {
	if off, ok := absent[name]; ok {
		if value != off {
			return unsupported("the queue attribute %s", name)
		}
		return nil
	}
	at, ok := attributes[name]
	if fifo, of := fifoAttributes[name]; of {
		if !a.FIFO {
			return fifoOnly(name)
		}
		at, ok = fifo, true
	}
	if !ok || at.set == nil {
		return unknownAttribute(name)
	}
	return at.set(a, name, value)
}

// checkReadable checks the names of a GetQueueAttributes request and returns
// those to answer.
func checkReadable(names []string) ([]string, error) {
	var wanted []string
	for _, name := range names {
		_, of := fifoAttributes[name]
		_, isAbsent := absent[name]
		_, known := attributes[name]
		switch {
		case name == "All":
			wanted = slices.AppendSeq(wanted, maps.Keys(attributes))
			wanted = slices.AppendSeq(wanted, maps.Keys(fifoAttributes))
		case known || of:
			wanted = append(wanted, name)
		case !isAbsent:
			return nil, unknownAttribute(name)
		}
	}
	return wanted, nil
}

// get reads an attribute; "" if the queue does not have it.
func (v *queueView) get(name string) string {
	if at, ok := fifoAttributes[name]; ok {
		if !v.info.Attributes.FIFO {
			return ""
		}
		return at.get(v)
	}
	return attributes[name].get(v)
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
