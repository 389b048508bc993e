package sqs

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/queue"
)

// ReceiveMessage takes up to ten visible messages. With a wait it answers as
// soon as there is one, however many were asked for.
func (s *Service) ReceiveMessage(ctx context.Context, in *receiveMessageInput) (*receiveMessageOutput, error) {
	name, err := queueName(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	wanted, err := in.systemAttributes()
	if err != nil {
		return nil, err
	}
	info, err := s.store.Queue(ctx, name)
	if err != nil {
		return nil, asAWS(err)
	}
	o, err := in.options(info.Attributes)
	if err != nil {
		return nil, err
	}
	if err := in.checkAttempt(info.Attributes.FIFO); err != nil {
		return nil, err
	}
	wait, cancel := awsapi.Waiting(ctx)
	defer cancel()
	got, err := s.store.Receive(wait, name, o)
	if errors.Is(err, context.Canceled) && errors.Is(context.Cause(wait), awsapi.ErrDraining) {
		return &receiveMessageOutput{}, nil // a long poll does not hold up the shutdown
	}
	if errors.Is(err, queue.ErrTooManyInFlight) && info.Attributes.FIFO {
		return &receiveMessageOutput{}, nil // as AWS does: no error on FIFO queues
	}
	if err != nil {
		return nil, asAWS(err)
	}
	if len(got) == 0 {
		return &receiveMessageOutput{}, nil
	}
	request := awsapi.RequestFrom(ctx)
	out := &receiveMessageOutput{Messages: make([]message, len(got))}
	for i := range got {
		out.Messages[i] = describe(&got[i], wanted, in.MessageAttributeNames, request)
	}
	return out, nil
}

// options checks the numbers of the request; what it leaves out the queue's
// attributes decide.
func (in *receiveMessageInput) options(a queue.Attributes) (queue.ReceiveOptions, error) {
	o := queue.ReceiveOptions{Max: 1, Visibility: a.VisibilityTimeout, Wait: a.ReceiveWait, MaxInFlight: maxInFlight, Attempt: in.ReceiveRequestAttemptId}
	if v := in.MaxNumberOfMessages; v != nil {
		if *v < 1 || *v > maxBatch {
			return o, invalidValue(*v, "MaxNumberOfMessages", "Must be between 1 and 10, if provided.")
		}
		o.Max = int(*v)
	}
	if v := in.WaitTimeSeconds; v != nil {
		if *v < 0 || *v > maxWait {
			return o, invalidValue(*v, "WaitTimeSeconds", "Must be >= 0 and <= 20, if provided.")
		}
		o.Wait = time.Duration(*v) * time.Second
	}
	if v := in.VisibilityTimeout; v != nil {
		if *v < 0 || *v > maxVisibility {
			return o, invalidValue(*v, "VisibilityTimeout", "Must be >= 0 and <= 43200, if provided.")
		}
		o.Visibility = time.Duration(*v) * time.Second
	}
	return o, nil
}

func (in *receiveMessageInput) checkAttempt(fifo bool) error {
	const parameter = "ReceiveRequestAttemptId"
	switch id := in.ReceiveRequestAttemptId; {
	case id == "":
		return nil
	case !fifo:
		return wrongQueueType(shorten(id), parameter)
	case !isID(id):
		return invalidID(parameter, id)
	}
	return nil
}

// messageAttributes are the system attributes of a message that ReceiveMessage
// knows. "" is one that the message does not have: those of FIFO and dead-letter
// queues are accepted by AWS on any queue.
var messageAttributes = map[string]func(*queue.Received, awsapi.Request) string{
	"SenderId":                         func(_ *queue.Received, to awsapi.Request) string { return to.AccountID },
	"SentTimestamp":                    func(r *queue.Received, _ awsapi.Request) string { return millis(r.SentAt) },
	"ApproximateFirstReceiveTimestamp": func(r *queue.Received, _ awsapi.Request) string { return millis(r.FirstReceivedAt) },
	"ApproximateReceiveCount":          func(r *queue.Received, _ awsapi.Request) string { return strconv.Itoa(r.ReceiveCount) },
	traceHeader:                        func(r *queue.Received, _ awsapi.Request) string { return r.SystemAttributes[traceHeader] },
	messageGroupID:                     messageGroup,
	"SequenceNumber":                   receivedSequence,
	deduplicationID:                    deduplicationOf,
	"DeadLetterQueueSourceArn":         sourceARN,
}

// sourceARN is the queue whose dead letter a message is.
func sourceARN(r *queue.Received, to awsapi.Request) string {
	if r.MovedFrom == "" {
		return ""
	}
	return to.ARN("sqs", string(r.MovedFrom))
}

func millis(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }

// systemAttributes are the names that the request asks for, under their old or
// new parameter.
func (in *receiveMessageInput) systemAttributes() ([]string, error) {
	var wanted []string
	for _, name := range slices.Concat(in.MessageSystemAttributeNames, in.AttributeNames) {
		if name == "All" {
			for known := range messageAttributes {
				wanted = append(wanted, known)
			}
			continue
		}
		if _, ok := messageAttributes[name]; !ok {
			return nil, failure("InvalidAttributeName", "Unknown Attribute %s.", shorten(name))
		}
		wanted = append(wanted, name)
	}
	return wanted, nil
}

func describe(r *queue.Received, wanted, filters []string, to awsapi.Request) message {
	m := message{
		Body: r.Body, MD5OfBody: bodyMD5(r.Body),
		MessageId: string(r.ID), ReceiptHandle: string(r.Receipt),
	}
	for _, name := range wanted {
		read := messageAttributes[name]
		if read == nil {
			continue
		}
		if v := read(r, to); v != "" {
			if m.Attributes == nil {
				m.Attributes = make(map[string]string, len(wanted))
			}
			m.Attributes[name] = v
		}
	}
	for name, a := range r.Attributes {
		if !matches(filters, name) {
			continue
		}
		if m.MessageAttributes == nil {
			m.MessageAttributes = make(map[string]attributeValue, len(r.Attributes))
		}
		m.MessageAttributes[name] = attributeValue{DataType: a.DataType, StringValue: a.String, BinaryValue: a.Binary}
	}
	m.MD5OfMessageAttributes = attributesMD5(m.MessageAttributes)
	return m
}

// matches reports whether one of the filters (All, *, .*, prefix.*, a name)
// covers a message attribute.
func matches(filters []string, name string) bool {
	for _, f := range filters {
		if f == "All" || f == "*" || f == ".*" || f == name {
			return true
		}
		if prefix, ok := strings.CutSuffix(f, ".*"); ok && strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}
