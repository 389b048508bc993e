package sqs

import (
	"context"
	"errors"
	"time"

	"github.com/scopsdb/scops/internal/queue"
)

// ChangeMessageVisibility moves the end of a message's visibility timeout; 0
// makes it visible at once.
func (s *Service) ChangeMessageVisibility(ctx context.Context, in *changeVisibilityInput) (*empty, error) {
	name, err := queueName(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	if err := s.changeVisibility(ctx, name, in.ReceiptHandle, in.VisibilityTimeout); err != nil {
		return nil, err
	}
	return &empty{}, nil
}

// ChangeMessageVisibilityBatch does that for up to ten messages; each may fail
// by itself.
func (s *Service) ChangeMessageVisibilityBatch(ctx context.Context, in *changeVisibilityBatchInput) (*batchOutput, error) {
	name, err := queueName(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	if err := checkBatch("ChangeMessageVisibilityBatchRequestEntry", in.Entries); err != nil {
		return nil, err
	}
	if _, err := s.store.Queue(ctx, name); err != nil {
		return nil, asAWS(err)
	}
	out := &batchOutput{Failed: []failedEntry{}, Successful: make([]doneEntry, 0, len(in.Entries))}
	for _, e := range in.Entries {
		if err := s.changeVisibility(ctx, name, e.ReceiptHandle, e.VisibilityTimeout); err != nil {
			out.Failed = append(out.Failed, failed(e.Id, err))
			continue
		}
		out.Successful = append(out.Successful, doneEntry{e.Id})
	}
	return out, nil
}

func (s *Service) changeVisibility(ctx context.Context, name queue.Name, handle string, timeout *int32) error {
	if handle == "" {
		return missing("ReceiptHandle")
	}
	if timeout == nil {
		return missing("VisibilityTimeout")
	}
	if *timeout < 0 || *timeout > maxVisibility {
		return invalidValue(*timeout, "VisibilityTimeout", "VisibilityTimeout must be an integer between 0 and 43200.")
	}
	err := s.store.ChangeVisibility(ctx, name, queue.ReceiptHandle(handle), time.Duration(*timeout)*time.Second)
	if errors.Is(err, queue.ErrVisibilityLimit) {
		return invalidValue(*timeout, "VisibilityTimeout", "Total VisibilityTimeout for the message is beyond the limit [43200 seconds].")
	}
	return receiptError(handle, err)
}
