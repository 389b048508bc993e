package sqs

import (
	"context"
	"errors"

	"github.com/scopsdb/scops/internal/queue"
)

// SendMessage stores one message. It answers once the message is on disk.
func (s *Service) SendMessage(ctx context.Context, in *sendMessageInput) (*sendMessageOutput, error) {
	entries := []sendEntry{{
		MessageBody: in.MessageBody, DelaySeconds: in.DelaySeconds,
		MessageAttributes: in.MessageAttributes, MessageSystemAttributes: in.MessageSystemAttributes,
		MessageDeduplicationId: in.MessageDeduplicationId, MessageGroupId: in.MessageGroupId,
	}}
	sent, err := s.send(ctx, in.QueueUrl, entries)
	if err != nil {
		return nil, err
	}
	e := describeSent(&entries[0], sent.messages[0], sent.fifo)
	return &sendMessageOutput{
		MessageId: e.MessageId, MD5OfMessageBody: e.MD5OfMessageBody,
		MD5OfMessageAttributes:       e.MD5OfMessageAttributes,
		MD5OfMessageSystemAttributes: e.MD5OfMessageSystemAttributes,
		SequenceNumber:               e.SequenceNumber,
	}, nil
}

// SendMessageBatch stores up to ten messages, all or none.
func (s *Service) SendMessageBatch(ctx context.Context, in *sendMessageBatchInput) (*sendMessageBatchOutput, error) {
	if in.QueueUrl == "" {
		return nil, missing("QueueUrl")
	}
	if err := checkBatch("SendMessageBatchRequestEntry", in.Entries); err != nil {
		return nil, err
	}
	sent, err := s.send(ctx, in.QueueUrl, in.Entries)
	if errors.Is(err, errNoGroup) {
		return nil, invalid("%s", errNoGroup.Message) // another code than that of SendMessage
	}
	if err != nil {
		return nil, err
	}
	out := &sendMessageBatchOutput{Failed: []failedEntry{}, Successful: make([]sentEntry, len(sent.messages))}
	for i := range in.Entries {
		out.Successful[i] = describeSent(&in.Entries[i], sent.messages[i], sent.fifo)
	}
	return out, nil
}

// sent is what was stored, and in which kind of queue.
type sent struct {
	messages []queue.Sent
	fifo     bool
}

// send checks and stores the entries, all or none.
func (s *Service) send(ctx context.Context, queueURL string, entries []sendEntry) (sent, error) {
	name, err := queueName(queueURL)
	if err != nil {
		return sent{}, err
	}
	info, err := s.store.Queue(ctx, name)
	if err != nil {
		return sent{}, asAWS(err)
	}
	limit := info.Attributes.MaximumMessageSize
	messages := make([]queue.Message, len(entries))
	total, largest := 0, 0
	for i := range entries {
		size, err := entries[i].toMessage(&messages[i], &info.Attributes)
		if err != nil {
			return sent{}, err
		}
		total += size
		largest = max(largest, size)
	}
	if largest > limit {
		return sent{}, tooLong(limit)
	}
	if total > maxMessageSize {
		return sent{}, failure("BatchRequestTooLong", "Batch requests cannot be longer than %d bytes. You have sent %d bytes.", maxMessageSize, total)
	}
	stored, err := s.store.Send(ctx, name, messages)
	return sent{messages: stored, fifo: info.Attributes.FIFO}, asAWS(err)
}

func describeSent(e *sendEntry, sent queue.Sent, fifo bool) sentEntry {
	out := sentEntry{
		Id:                           e.Id,
		MessageId:                    string(sent.ID),
		MD5OfMessageBody:             bodyMD5(e.MessageBody),
		MD5OfMessageAttributes:       attributesMD5(e.MessageAttributes),
		MD5OfMessageSystemAttributes: attributesMD5(e.MessageSystemAttributes),
	}
	if fifo {
		out.SequenceNumber = sequenceText(sent.Sequence)
	}
	return out
}
