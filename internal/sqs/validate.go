package sqs

import (
	"regexp"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/queue"
)

// Limits of SQS.
const (
	maxMessageSize       = 1 << 20 // bytes, of a message and of a batch
	maxBatch             = 10
	maxMessageAttributes = 10
	maxInFlight          = 120_000
	maxDelay             = 900   // seconds
	maxVisibility        = 43200 // seconds
	maxWait              = 20    // seconds
)

var (
	queueNamePattern     = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)
	attributeNamePattern = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,256}$`)
	numberPattern        = regexp.MustCompile(`^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$`)
)

func tooLong(limit int) error {
	return invalid("One or more parameters are invalid. Reason: Message must be shorter than %d bytes.", limit)
}

// toMessage checks an entry and makes the message of it. size is what counts
// against the limits: body, and names, types and values of attributes.
func (e *sendEntry) toMessage(m *queue.Message, a *queue.Attributes) (size int, err error) {
	if e.MessageBody == "" {
		return 0, missing("MessageBody")
	}
	if !allowed(e.MessageBody) {
		return 0, badCharacters()
	}
	if err := e.checkIDs(); err != nil {
		return 0, err
	}
	m.Body = e.MessageBody
	size = len(e.MessageBody)
	if e.DelaySeconds != nil {
		if d := *e.DelaySeconds; d < 0 || d > maxDelay {
			return 0, invalidValue(d, "DelaySeconds", "DelaySeconds must be >= 0 and <= 900.")
		}
		m.Delay = queue.Delayed(time.Duration(*e.DelaySeconds) * time.Second)
	}
	if len(e.MessageAttributes) > 0 {
		n, err := e.takeAttributes(m)
		if err != nil {
			return 0, err
		}
		size += n
	}
	if err := e.takeSystemAttributes(m); err != nil {
		return 0, err
	}
	if a.FIFO {
		return size, e.toFIFO(m, a)
	}
	return size, e.toStandard(m)
}

// checkIDs checks the form of the message group and deduplication ids.
func (e *sendEntry) checkIDs() error {
	if e.MessageGroupId != "" && !isID(e.MessageGroupId) {
		return invalidID(messageGroupID, e.MessageGroupId)
	}
	if e.MessageDeduplicationId != "" && !isID(e.MessageDeduplicationId) {
		return invalidID(deduplicationID, e.MessageDeduplicationId)
	}
	return nil
}

func isID(s string) bool { return len(s) <= 128 && printable(s) }

func invalidID(parameter, value string) error {
	return invalidValue(shorten(value), parameter, parameter+" can only include alphanumeric and punctuation characters. 1 to 128 in length.")
}

// toStandard keeps the message group, which standard queues take without an
// effect on the order.
func (e *sendEntry) toStandard(m *queue.Message) error {
	if e.MessageDeduplicationId != "" {
		return wrongQueueType(e.MessageDeduplicationId, deduplicationID)
	}
	if e.MessageGroupId != "" {
		setSystemAttribute(m, messageGroupID, e.MessageGroupId)
	}
	return nil
}

func setSystemAttribute(m *queue.Message, name, value string) {
	if m.SystemAttributes == nil {
		m.SystemAttributes = map[string]string{}
	}
	m.SystemAttributes[name] = value
}

// wrongQueueType refuses a parameter that this kind of queue does not have.
func wrongQueueType(value any, parameter string) error {
	return invalidValue(value, parameter, "The request include parameter that is not valid for this queue type.")
}

func badCharacters() error {
	return failure("InvalidMessageContents", "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF")
}

func (e *sendEntry) takeAttributes(m *queue.Message) (size int, err error) {
	if n := len(e.MessageAttributes); n > maxMessageAttributes {
		return 0, invalid("Number of message attributes [%d] exceeds the allowed maximum [%d].", n, maxMessageAttributes)
	}
	m.Attributes = make(map[string]queue.Attribute, len(e.MessageAttributes))
	for name, a := range e.MessageAttributes {
		if err := checkAttributeName(name); err != nil {
			return 0, err
		}
		if err := a.check(name); err != nil {
			return 0, err
		}
		q := queue.Attribute{DataType: a.DataType}
		if isBinary(a.DataType) {
			q.Binary = a.BinaryValue
		} else {
			q.String = a.StringValue
		}
		m.Attributes[name] = q
		size += len(name) + len(a.DataType) + len(q.String) + len(q.Binary)
	}
	return size, nil
}

func checkAttributeName(name string) error {
	lower := strings.ToLower(name)
	switch {
	case !attributeNamePattern.MatchString(name):
		return invalid("Message (user) attribute name can only contain upper and lower score characters, digits, periods, hyphens and underscores, and at most 256 of them: %q.", shorten(name))
	case strings.HasPrefix(lower, "aws.") || strings.HasPrefix(lower, "amazon."):
		return invalid("You can't use message attribute names beginning with 'AWS.' or 'Amazon.': these strings are reserved for internal use.")
	case strings.HasPrefix(name, ".") || strings.HasSuffix(name, ".") || strings.Contains(name, ".."):
		return invalid("Message (user) attribute name %q must not start or end with a period, or have two in succession.", name)
	}
	return nil
}

// check validates a message attribute.
func (a *attributeValue) check(name string) error {
	kind, _, _ := strings.Cut(a.DataType, ".")
	switch {
	case len(a.StringListValues) > 0 || len(a.BinaryListValues) > 0:
		return unsupported("StringListValues and BinaryListValues (message attribute '%s'); AWS reserves them for later use", name)
	case a.DataType == "":
		return invalid("The message attribute '%s' must contain a non-empty message attribute type.", name)
	case kind != "String" && kind != "Number" && kind != "Binary":
		return invalid("The message attribute '%s' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.", name)
	case len(a.DataType) > 256:
		return invalid("The message attribute '%s' has a message attribute type of more than 256 characters.", name)
	case kind == "Binary" && len(a.BinaryValue) == 0, kind != "Binary" && a.StringValue == "":
		return invalid("Message (user) attribute '%s' must contain a non-empty value of type '%s'.", name, valueField(kind))
	case kind == "Binary" && a.StringValue != "", kind != "Binary" && len(a.BinaryValue) > 0:
		return invalid("Message (user) attribute '%s' must contain only a value of type '%s'.", name, valueField(kind))
	case kind == "Number" && !numberPattern.MatchString(a.StringValue):
		return invalid("Can't cast the value of message (user) attribute '%s' to a number.", name)
	case !allowed(a.StringValue) || !allowed(a.DataType):
		return badCharacters()
	}
	return nil
}

func valueField(kind string) string {
	if kind == "Binary" {
		return "Binary"
	}
	return "String"
}

// System attributes of a message that the store keeps.
const (
	traceHeader     = "AWSTraceHeader"
	messageGroupID  = "MessageGroupId"
	deduplicationID = "MessageDeduplicationId"
)

// takeSystemAttributes keeps the trace header, the one that a producer may set.
// It does not count as size.
func (e *sendEntry) takeSystemAttributes(m *queue.Message) error {
	for name, a := range e.MessageSystemAttributes {
		if name != traceHeader {
			return invalid("Message system attribute name '%s' is invalid.", shorten(name))
		}
		if err := a.check(name); err != nil {
			return err
		}
		if a.DataType != "String" {
			return invalid("The message system attribute '%s' must be of type String.", name)
		}
		setSystemAttribute(m, name, a.StringValue)
	}
	return nil
}

func printable(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// batchID is an entry of a batch, for checkBatch.
type batchID interface{ id() string }

func (e sendEntry) id() string             { return e.Id }
func (e deleteEntry) id() string           { return e.Id }
func (e changeVisibilityEntry) id() string { return e.Id }

// checkBatch checks the number and the ids of a batch's entries.
func checkBatch[E batchID](shape string, entries []E) error {
	if len(entries) == 0 {
		return failure("EmptyBatchRequest", "There should be at least one %s in the request.", shape)
	}
	if len(entries) > maxBatch {
		return failure("TooManyEntriesInBatchRequest", "Maximum number of entries per request are %d. You have sent %d.", maxBatch, len(entries))
	}
	for i, e := range entries {
		id := e.id()
		if !batchIDAllowed(id) {
			return failure("InvalidBatchEntryId", "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.")
		}
		for _, other := range entries[:i] {
			if other.id() == id {
				return failure("BatchEntryIdsNotDistinct", "Id %s repeated.", id)
			}
		}
	}
	return nil
}

func batchIDAllowed(id string) bool {
	if id == "" || len(id) > 80 {
		return false
	}
	for i := range len(id) {
		c := id[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_') {
			return false
		}
	}
	return true
}
