package sqs

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/queue"
)

// Names and values of the attributes of FIFO queues.
const (
	fifoQueue       = "FifoQueue"
	contentBased    = "ContentBasedDeduplication"
	scope           = "DeduplicationScope"
	throughputLimit = "FifoThroughputLimit"

	fifoSuffix = ".fifo"

	perQueue   = "perQueue"
	perGroup   = "perMessageGroupId"
	scopeQueue = "queue"
	scopeGroup = "messageGroup"
)

// deduplicationWindow is how long a deduplication id is remembered.
const deduplicationWindow = 5 * time.Minute

// IsFIFO reports whether a queue of this name is a FIFO queue.
func IsFIFO(name string) bool { return strings.HasSuffix(name, fifoSuffix) }

// fifoAttributes are the attributes that only FIFO queues have.
var fifoAttributes = map[string]attribute{
	fifoQueue: {
		get: func(*queueView) string { return "true" },
		set: func(_ *queue.Attributes, name, value string) error {
			if !isTrue(value) {
				return failure("InvalidAttributeValue", "Invalid value for the parameter %s. Reason: Modifying queue type is not supported.", name)
			}
			return nil
		},
	},
	contentBased:    extra(contentBased, "false", "true"),
	scope:           extra(scope, scopeQueue, scopeGroup),
	throughputLimit: extra(throughputLimit, perQueue, perGroup),
}

// extra is an attribute with two values, of which the first is the default.
func extra(name, off, on string) attribute {
	return attribute{
		get: func(v *queueView) string { return extraOr(&v.info.Attributes, name, off) },
		set: func(a *queue.Attributes, name, value string) error {
			if on == "true" {
				value = strings.ToLower(value)
			}
			if value != off && value != on {
				return badAttribute(name)
			}
			setExtra(a, name, value)
			return nil
		},
	}
}

func extraOr(a *queue.Attributes, name, otherwise string) string {
	if v, ok := a.Extra[name]; ok {
		return v
	}
	return otherwise
}

// setExtra keeps an attribute; "" removes it.
func setExtra(a *queue.Attributes, name, value string) {
	if value == "" {
		delete(a.Extra, name)
		return
	}
	if a.Extra == nil {
		a.Extra = map[string]string{}
	}
	a.Extra[name] = value
}

func isTrue(value string) bool { return strings.EqualFold(value, "true") }

// fifoOnly is the error for an attribute that a standard queue does not have.
func fifoOnly(name string) error {
	if name == scope || name == throughputLimit {
		return failure("InvalidAttributeName", "You can specify the %s only when FifoQueue is set to true.", name)
	}
	return unknownAttribute(name)
}

// checkFIFO demands that a limit for each group comes with a deduplication for
// each group.
func checkFIFO(a *queue.Attributes) error {
	if extraOr(a, throughputLimit, perQueue) == perGroup && extraOr(a, scope, scopeQueue) != scopeGroup {
		return failure("InvalidAttributeValue", "Invalid value for the parameter %s. Reason: The value %s is allowed only when the value for %s is %s.", throughputLimit, perGroup, scope, scopeGroup)
	}
	return nil
}

// errNoGroup is SendMessage's; SendMessageBatch has the words with another code.
var errNoGroup = missing(messageGroupID)

// toFIFO gives a message its group and its deduplication id.
func (e *sendEntry) toFIFO(m *queue.Message, a *queue.Attributes) error {
	if d := e.DelaySeconds; d != nil && *d != 0 {
		return wrongQueueType(*d, "DelaySeconds")
	}
	m.Delay = nil // the queue's, also for a 0
	if e.MessageGroupId == "" {
		return errNoGroup
	}
	id := e.MessageDeduplicationId
	if id == "" && extraOr(a, contentBased, "false") == "true" {
		sum := sha256.Sum256([]byte(e.MessageBody))
		id = hex.EncodeToString(sum[:])
	}
	if id == "" {
		return invalid("The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly")
	}
	m.Group = e.MessageGroupId
	setSystemAttribute(m, deduplicationID, id)
	m.Deduplication = &queue.Deduplication{ID: deduplicationKey(a, m.Group, id), Window: deduplicationWindow}
	return nil
}

// deduplicationKey is what the queue remembers: the id in its scope. Ids and
// groups have no spaces.
func deduplicationKey(a *queue.Attributes, group, id string) string {
	if extraOr(a, scope, scopeQueue) == scopeGroup {
		return group + " " + id
	}
	return id
}

// firstSequence makes sequence numbers of 20 digits.
const firstSequence = 10_000_000_000_000_000_000

func sequenceText(sequence uint64) string { return strconv.FormatUint(firstSequence+sequence, 10) }

func messageGroup(r *queue.Received, _ awsapi.Request) string {
	if r.Group != "" {
		return r.Group
	}
	return r.SystemAttributes[messageGroupID]
}

// deduplicationOf is the deduplication id. A dead letter has its message id as
// that, as on AWS, so that two messages that had one id are both kept:
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
func deduplicationOf(r *queue.Received, _ awsapi.Request) string {
	if r.Group != "" && r.MovedFrom != "" {
		return string(r.ID)
	}
	return r.SystemAttributes[deduplicationID]
}

// receivedSequence is "" on a standard queue.
func receivedSequence(r *queue.Received, _ awsapi.Request) string {
	if r.Group == "" {
		return ""
	}
	return sequenceText(r.Sequence)
}
