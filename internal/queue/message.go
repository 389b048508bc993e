package queue

import (
	"time"

	"github.com/google/uuid"
)

// Name is the name of a queue, for example "order-events".
type Name string

// MessageID identifies a message for people: a UUID as text, for example
// "5fea7756-0ea4-451a-a703-a558b933e274".
type MessageID string

// ReceiptHandle is proof of one receipt of one message. It is opaque: only the
// store that made it can read it.
type ReceiptHandle string

// Attribute is a message attribute that a producer set. The store keeps it as
// it is.
type Attribute struct {
	DataType string // for example "String", "Number.int", "Binary"
	String   string // value, unless it is binary
	Binary   []byte // value, if it is binary
}

// Message is what a producer sends.
type Message struct {
	ID               MessageID // made by Send where empty
	Body             string
	Attributes       map[string]Attribute
	SystemAttributes map[string]string // for example AWSTraceHeader
	Delay            *time.Duration    // nil: the queue's delay
	Group            string            // whose order a FIFO queue keeps; "" on other queues
	Deduplication    *Deduplication    // nil: the message is never a duplicate
	MovedFrom        Name              // set by the store: the queue whose dead letter it is
}

// Sent is the receipt for a message that is on disk.
type Sent struct {
	ID        MessageID
	Sequence  uint64 // position in the queue, from 1, without gaps
	Duplicate bool   // nothing was stored: ID and Sequence are those of the first
}

// Received is a message handed to a consumer.
type Received struct {
	Message
	Sequence        uint64
	SentAt          time.Time // millisecond precision
	FirstReceivedAt time.Time // millisecond precision
	ReceiveCount    int       // with this receipt
	Receipt         ReceiptHandle
}

// NewMessageID returns a random (version 4) UUID.
func NewMessageID() MessageID { return MessageID(uuid.UUID(newID()).String()) }
