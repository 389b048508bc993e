package sqs

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/queue"
)

const (
	redrivePolicy      = "RedrivePolicy"
	redriveAllowPolicy = "RedriveAllowPolicy"

	maxReceiveCount = 1000
	maxSourceQueues = 10 // of RedriveAllowPolicy
)

// badPolicy refuses the JSON text of an attribute.
func badPolicy(name, value, format string, args ...any) error {
	return invalidValue(shorten(value), name, fmt.Sprintf(format, args...))
}

// members decodes a JSON object that has no other members than those named.
func members(attribute, text string, names ...string) (map[string]json.RawMessage, error) {
	var m map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &m); err != nil || m == nil {
		return nil, badPolicy(attribute, text, "%s is not a valid JSON map.", attribute)
	}
	for k := range m {
		if !slices.Contains(names, k) {
			return nil, badPolicy(attribute, text, "Only following attributes are supported: [%s].", strings.Join(names, ", "))
		}
	}
	return m, nil
}

// redrive is a RedrivePolicy.
type redrive struct {
	arn   string // deadLetterTargetArn
	count int    // maxReceiveCount
}

func parseRedrive(text string) (r redrive, err error) {
	m, err := members(redrivePolicy, text, "deadLetterTargetArn", "maxReceiveCount")
	if err != nil {
		return r, err
	}
	for _, name := range []string{"deadLetterTargetArn", "maxReceiveCount"} {
		if m[name] == nil {
			return r, badPolicy(redrivePolicy, text, "Redrive policy does not contain mandatory attribute: %s.", name)
		}
	}
	if json.Unmarshal(m["deadLetterTargetArn"], &r.arn) != nil || arnQueue(r.arn) == "" {
		return r, badPolicy(redrivePolicy, text, "Invalid value for deadLetterTargetArn.")
	}
	count := strings.Trim(string(m["maxReceiveCount"]), `"`) // a number, or one in a string
	r.count, err = strconv.Atoi(count)
	if err != nil || r.count < 1 || r.count > maxReceiveCount {
		return r, badPolicy(redrivePolicy, text, "Invalid value for maxReceiveCount: %s, valid values are from 1 to %d both inclusive.", shorten(count), maxReceiveCount)
	}
	return r, nil
}

// arnQueue is the queue that an ARN names; "" if it is none of a queue.
func arnQueue(arn string) queue.Name {
	part := strings.Split(arn, ":")
	if len(part) != 6 || part[0] != "arn" || part[2] != "sqs" {
		return ""
	}
	return queue.Name(part[5])
}

// setRedrive sets RedrivePolicy; checkRedrive looks at the queue that it names.
func setRedrive(a *queue.Attributes, _, text string) error {
	if text == "" {
		a.DeadLetter = nil
		return nil
	}
	r, err := parseRedrive(text)
	if err != nil {
		return err
	}
	a.DeadLetter = &queue.DeadLetter{Queue: arnQueue(r.arn), MaxReceives: r.count}
	return nil
}

func getRedrive(v *queueView) string {
	d := v.info.Attributes.DeadLetter
	if d == nil {
		return ""
	}
	return fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":%d}`, v.arnOf(d.Queue), d.MaxReceives)
}

// checkRedrive demands that the dead-letter queue which a client sets is there,
// of the same type, and takes messages from the queue.
func (s *Service) checkRedrive(ctx context.Context, name queue.Name, a *queue.Attributes, text string) error {
	if text == "" {
		return nil
	}
	r, err := parseRedrive(text)
	if err != nil {
		return err
	}
	request := awsapi.RequestFrom(ctx)
	target := a // a queue may be its own
	if to := a.DeadLetter.Queue; to != name {
		info, err := s.store.Queue(ctx, to)
		if err != nil || request.ARN("sqs", string(to)) != r.arn {
			return badPolicy(redrivePolicy, text, "Dead letter target does not exist.")
		}
		target = &info.Attributes
	}
	if target.FIFO != a.FIFO {
		return badPolicy(redrivePolicy, text, "Dead-letter queue must be same type of queue as the source.")
	}
	if !allows(target.Extra[redriveAllowPolicy], request.ARN("sqs", string(name))) {
		return badPolicy(redrivePolicy, text, "The RedriveAllowPolicy of the dead-letter queue does not allow the source queue %s.", name)
	}
	return nil
}

// allowPolicy is a RedriveAllowPolicy.
type allowPolicy struct {
	Permission string   `json:"redrivePermission"`
	Sources    []string `json:"sourceQueueArns"`
}

// setAllow keeps a RedriveAllowPolicy as it was set.
func setAllow(a *queue.Attributes, name, text string) error {
	if text == "" {
		setExtra(a, name, "")
		return nil
	}
	if _, err := members(name, text, "redrivePermission", "sourceQueueArns"); err != nil {
		return err
	}
	var p allowPolicy
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return badPolicy(name, text, "%s is not a valid JSON map.", name)
	}
	switch p.Permission {
	case "allowAll", "denyAll":
		if p.Sources != nil {
			return badPolicy(name, text, "sourceQueueArns can be set only with the redrivePermission byQueue.")
		}
	case "byQueue":
		if n := len(p.Sources); n < 1 || n > maxSourceQueues {
			return badPolicy(name, text, "With the redrivePermission byQueue there must be 1 to %d sourceQueueArns.", maxSourceQueues)
		}
	default:
		return badPolicy(name, text, "redrivePermission must be allowAll, denyAll or byQueue.")
	}
	for _, arn := range p.Sources {
		if arnQueue(arn) == "" {
			return badPolicy(name, text, "Invalid value for sourceQueueArns: %s.", shorten(arn))
		}
	}
	setExtra(a, name, compact(text))
	return nil
}

func compact(text string) string {
	var b bytes.Buffer
	if err := json.Compact(&b, []byte(text)); err != nil {
		return text
	}
	return b.String()
}

// allows reports whether a RedriveAllowPolicy takes messages from a queue.
func allows(text, source string) bool {
	if text == "" {
		return true
	}
	var p allowPolicy
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return false
	}
	return p.Permission == "allowAll" || slices.Contains(p.Sources, source)
}

// ListDeadLetterSourceQueues lists the queues whose RedrivePolicy names a queue.
func (s *Service) ListDeadLetterSourceQueues(ctx context.Context, in *awssqs.ListDeadLetterSourceQueuesInput) (*awssqs.ListDeadLetterSourceQueuesOutput, error) {
	name, err := queueName(value(in.QueueUrl))
	if err != nil {
		return nil, err
	}
	if _, err := s.store.Queue(ctx, name); err != nil {
		return nil, asAWS(err)
	}
	urls, token, err := s.page(ctx, in.MaxResults, in.NextToken, func(info queue.Info) bool {
		d := info.Attributes.DeadLetter
		return d != nil && d.Queue == name
	})
	if err != nil {
		return nil, err
	}
	if urls == nil {
		urls = []string{}
	}
	return &awssqs.ListDeadLetterSourceQueuesOutput{QueueUrls: urls, NextToken: token}, nil
}
