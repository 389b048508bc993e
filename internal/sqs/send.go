package sqs

import (
	"context"

	"github.com/scopsdb/scops/internal/queue"
)

// SendMessage stores one message. It answers once the message is on disk.
func (s *Service) SendMessage(ctx context.Context, in *sendMessageInput) (*sendMessageOutput, error) {
	entries := []sendEntry{{
		MessageBody: in.MessageBody, DelaySeconds: in.DelaySeconds,
		MessageAttributes: in.MessageAttributes, MessageSystemAttributes: in.MessageSystemAttributes,
		MessageDeduplicationId: in.MessageDeduplicationId, MessageGroupId: in.MessageGroupId,
	}}
	sent, _, err := s.send(ctx, in.QueueUrl, entries)
	if err != nil {
		return nil, err
	}
	e := describeSent(&entries[0], sent[0])
	return &sendMessageOutput{
		MessageId: e.MessageId, MD5OfMessageBody: e.MD5OfMessageBody,
		MD5OfMessageAttributes:       e.MD5OfMessageAttributes,
		MD5OfMessageSystemAttributes: e.MD5OfMessageSystemAttributes,
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
	sent, size, err := s.send(ctx, in.QueueUrl, in.Entries)
	if size > maxMessageSize {
		return nil, failure("BatchRequestTooLong", "Batch requests cannot be longer than %d bytes. You have sent %d bytes.", maxMessageSize, size)
	}
	if err != nil {
		return nil, err
	}
	out := &sendMessageBatchOutput{Failed: []failedEntry{}, Successful: make([]sentEntry, len(sent))}
	for i := range in.Entries {
		out.Successful[i] = describeSent(&in.Entries[i], sent[i])
	}
	return out, nil
}

// send checks and stores the entries. When they are too big together it stores
// nothing and returns only their size.
func (s *Service) send(ctx context.Context, queueURL string, entries []sendEntry) ([]queue.Sent, int, error) {
	name, err := queueName(queueURL)
	if err != nil {
		return nil, 0, err
	}
	info, err := s.store.Queue(ctx, name)
	if err != nil {
		return nil, 0, asAWS(err)
	}
	limit := info.Attributes.MaximumMessageSize
	messages := make([]queue.Message, len(entries))
	total, largest := 0, 0
	for i := range entries {
		size, err := entries[i].toMessage(&messages[i])
		if err != nil {
			return nil, 0, err
		}
		total += size
		largest = max(largest, size)
	}
	if largest > limit {
		return nil, 0, tooLong(limit)
	}
	if total > maxMessageSize {
		return nil, total, nil
	}
	sent, err := s.store.Send(ctx, name, messages)
	return sent, total, asAWS(err)
}

func describeSent(e *sendEntry, sent queue.Sent) sentEntry {
	return sentEntry{
		Id:                           e.Id,
		MessageId:                    string(sent.ID),
		MD5OfMessageBody:             bodyMD5(e.MessageBody),
		MD5OfMessageAttributes:       attributesMD5(e.MessageAttributes),
		MD5OfMessageSystemAttributes: attributesMD5(e.MessageSystemAttributes),
	}
}
