package sqs

import (
	"context"

	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/scopsdb/scops/internal/queue"
)

// DeleteMessage deletes a message by its receipt handle. A handle of an earlier
// receipt will do, and a message that is gone is no error.
func (s *Service) DeleteMessage(ctx context.Context, in *awssqs.DeleteMessageInput) (*empty, error) {
	name, err := queueName(value(in.QueueUrl))
	if err != nil {
		return nil, err
	}
	handle := value(in.ReceiptHandle)
	if handle == "" {
		return nil, missing("ReceiptHandle")
	}
	errs, err := s.store.Delete(ctx, name, []queue.ReceiptHandle{queue.ReceiptHandle(handle)})
	if err == nil {
		err = errs[0]
	}
	if err != nil {
		return nil, receiptError(handle, err)
	}
	return &empty{}, nil
}

// DeleteMessageBatch deletes up to ten messages; each may fail by itself.
func (s *Service) DeleteMessageBatch(ctx context.Context, in *deleteMessageBatchInput) (*batchOutput, error) {
	name, err := queueName(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	if err := checkBatch("DeleteMessageBatchRequestEntry", in.Entries); err != nil {
		return nil, err
	}
	handles := make([]queue.ReceiptHandle, len(in.Entries))
	for i, e := range in.Entries {
		handles[i] = queue.ReceiptHandle(e.ReceiptHandle)
	}
	errs, err := s.store.Delete(ctx, name, handles)
	if err != nil {
		return nil, asAWS(err)
	}
	out := &batchOutput{Failed: []failedEntry{}, Successful: make([]doneEntry, 0, len(in.Entries))}
	for i, e := range in.Entries {
		if errs[i] != nil {
			out.Failed = append(out.Failed, failed(e.Id, receiptError(e.ReceiptHandle, errs[i])))
			continue
		}
		out.Successful = append(out.Successful, doneEntry{e.Id})
	}
	return out, nil
}
