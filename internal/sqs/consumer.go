package sqs

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/queue"
)

// Consumer receives for a part of scops itself, as the operations do for
// clients, but in larger batches than those may ask for. It knows queues by
// their names.
type Consumer struct {
	service *Service
	request awsapi.Request
}

// Consumer returns a consumer that acts as the account, in a region.
func (s *Service) Consumer(region, account string) *Consumer {
	return &Consumer{s, awsapi.Request{Region: region, AccountID: account}}
}

// VisibilityTimeout is that of the queue.
func (c *Consumer) VisibilityTimeout(ctx context.Context, name string) (time.Duration, error) {
	info, err := c.service.store.Queue(ctx, queue.Name(name))
	if err != nil {
		return 0, asAWS(err)
	}
	return info.Attributes.VisibilityTimeout, nil
}

// Receive takes up to most messages with maxBytes of bodies, at least one, and
// waits for the first. They carry all their attributes.
func (c *Consumer) Receive(ctx context.Context, name string, most, maxBytes int, wait time.Duration) ([]types.Message, error) {
	visibility, err := c.VisibilityTimeout(ctx, name)
	if err != nil {
		return nil, err
	}
	got, err := c.service.store.Receive(ctx, queue.Name(name), queue.ReceiveOptions{
		Max: most, MaxBytes: max(maxBytes, 1), Visibility: visibility, Wait: wait, MaxInFlight: maxInFlight,
	})
	if err != nil {
		return nil, asAWS(err)
	}
	all, err := (&receiveMessageInput{AttributeNames: []string{"All"}}).systemAttributes()
	if err != nil {
		return nil, err
	}
	out := make([]types.Message, len(got))
	for i := range got {
		out[i] = describe(&got[i], all, []string{"All"}, c.request).shape()
	}
	return out, nil
}

// shape is the message in the shape of the SDK.
func (m message) shape() types.Message {
	out := types.Message{
		Attributes: m.Attributes, Body: &m.Body, MD5OfBody: &m.MD5OfBody, MessageId: &m.MessageId, ReceiptHandle: &m.ReceiptHandle,
	}
	if m.MD5OfMessageAttributes != "" {
		out.MD5OfMessageAttributes = &m.MD5OfMessageAttributes
	}
	for name, a := range m.MessageAttributes {
		if out.MessageAttributes == nil {
			out.MessageAttributes = make(map[string]types.MessageAttributeValue, len(m.MessageAttributes))
		}
		v := types.MessageAttributeValue{DataType: aws.String(a.DataType)}
		if isBinary(a.DataType) {
			v.BinaryValue = a.BinaryValue
		} else {
			v.StringValue = aws.String(a.StringValue)
		}
		out.MessageAttributes[name] = v
	}
	return out
}

// Delete deletes messages by their receipt handles.
func (c *Consumer) Delete(ctx context.Context, name string, receipts []string) error {
	handles := make([]queue.ReceiptHandle, len(receipts))
	for i, r := range receipts {
		handles[i] = queue.ReceiptHandle(r)
	}
	errs, err := c.service.store.Delete(ctx, queue.Name(name), handles)
	return asAWS(errors.Join(append(errs, err)...))
}

// Release makes messages visible again at once.
func (c *Consumer) Release(ctx context.Context, name string, receipts []string) error {
	var errs []error
	for _, r := range receipts {
		errs = append(errs, c.service.store.ChangeVisibility(ctx, queue.Name(name), queue.ReceiptHandle(r), 0))
	}
	return asAWS(errors.Join(errs...))
}
