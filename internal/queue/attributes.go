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
	Extra              map[string]string `json:"extra,omitempty"`      // attributes that the store keeps but does not interpret
	Tags               map[string]string `json:"tags,omitempty"`
	Created            time.Time         `json:"created"`  // set by the store
	Modified           time.Time         `json:"modified"` // set by the store
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
// Sent = Visible + InFlight + Delayed + Deleted + Expired + Purged.
type Counts struct {
	Visible, InFlight, Delayed int64 // now

	Sent, Deleted, Expired, Purged int64 // since the queue was created; durable and exact
}

// Stored is the number of messages in the queue.
func (c Counts) Stored() int64 { return c.Visible + c.InFlight + c.Delayed }
