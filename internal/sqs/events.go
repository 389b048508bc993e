package sqs

import (
	"context"

	"github.com/scopsdb/scops/internal/queue"
)

// SendEvents stores bodies as messages of a queue, in order and with one commit:
// when it returns they are on disk. SQS's rules for a message hold, the limits of
// a batch do not. A body that breaks one is left out and refused[i] says why; ids
// has the message ids of the others, in order.
//
// An error means that nothing was stored.
func (s *Service) SendEvents(ctx context.Context, name string, bodies []string) (ids []string, refused []error, err error) {
	info, err := s.EventQueue(ctx, name)
	if err != nil {
		return nil, nil, err
	}
	refused = make([]error, len(bodies))
	messages := make([]queue.Message, 0, len(bodies))
	for i, body := range bodies {
		var m queue.Message
		size, err := (&sendEntry{MessageBody: body}).toMessage(&m, &info.Attributes)
		if err == nil && size > info.Attributes.MaximumMessageSize {
			err = tooLong(info.Attributes.MaximumMessageSize)
		}
		if refused[i] = err; err == nil {
			messages = append(messages, m)
		}
	}
	sent, err := s.store.Send(ctx, queue.Name(name), messages)
	if err != nil {
		return nil, nil, asAWS(err)
	}
	ids = make([]string, len(sent))
	for i := range sent {
		ids[i] = string(sent[i].ID)
	}
	return ids, refused, nil
}

// EventQueue returns the queue, if SendEvents can send to it: a FIFO queue needs
// a message group with each message.
func (s *Service) EventQueue(ctx context.Context, name string) (queue.Info, error) {
	info, err := s.store.Queue(ctx, queue.Name(name))
	if err != nil {
		return info, asAWS(err)
	}
	if info.Attributes.FIFO {
		return info, unsupported("events without a message group for the FIFO queue %s: send them through the SQS API.", name)
	}
	return info, nil
}
