package queue

import "time"

// Attributes are the settings of a queue.
type Attributes struct {
	VisibilityTimeout  time.Duration     `json:"visibility_timeout"`
	Delay              time.Duration     `json:"delay"`     // of messages that set none
	Retention          time.Duration     `json:"retention"` // 0: for ever
	ReceiveWait        time.Duration     `json:"receive_wait"`
	MaximumMessageSize int               `json:"maximum_message_size"` // bytes; kept for the service, not enforced here
	FIFO               bool              `json:"fifo,omitempty"`       // keeps the order in each group; cannot be changed
	DeadLetter         *DeadLetter       `json:"dead_letter,omitempty"`
	Extra              map[string]string `json:"extra,omitempty"` // attributes that the store keeps but does not interpret
	Tags               map[string]string `json:"tags,omitempty"`
	Created            time.Time         `json:"created"`  // set by the store
	Modified           time.Time         `json:"modified"` // set by the store
}

// DeadLetter says where messages go that were received too often: the Receive
// that would be one too many moves them to the end of Queue instead. While there
// is no such queue they stay.
type DeadLetter struct {
	Queue       Name `json:"queue"`
	MaxReceives int  `json:"max_receives"` // at least 1
}

// DefaultAttributes are those of a queue that asks for nothing: the defaults of
// SQS.
func DefaultAttributes() Attributes {
	return Attributes{
		VisibilityTimeout:  30 * time.Second,
		Retention:          4 * 24 * time.Hour,
		MaximumMessageSize: 1 << 20,
	}
}

// Info describes a queue.
type Info struct {
	Name       Name
	Attributes Attributes
}

// Counts say where the messages of a queue are. At any moment
// Sent = Visible + InFlight + Delayed + Departed(). A message that was moved here
// counts as sent.
type Counts struct {
	Visible, InFlight, Delayed int64 // now

	Sent, Deleted, Expired, Purged, Moved int64 // since the queue was created; durable and exact
}

// Departed is the number of messages that have left the queue.
func (c Counts) Departed() int64 { return c.Deleted + c.Expired + c.Purged + c.Moved }

// Stored is the number of messages in the queue.
func (c Counts) Stored() int64 { return c.Visible + c.InFlight + c.Delayed }
