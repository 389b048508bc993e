package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// event is what happened on a page, as the table fulfillment.orders has it.
type event struct {
	OrderID      string `json:"order_id"`
	Action       string `json:"action"` // "visit" or "order"
	OrderedAt    string `json:"ordered_at"`
	District     string `json:"district,omitempty"`
	DeliveryType string `json:"delivery_type,omitempty"`
	ProductName  string `json:"product_name,omitempty"`
	Quantity     int    `json:"quantity,omitempty"`
}

// events sends to the queue.
type events struct {
	sqs *sqs.Client
	url *string
}

func newEvents(ctx context.Context, c *sqs.Client, queue string) (*events, error) {
	out, err := c.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String(queue)})
	if err != nil {
		return nil, fmt.Errorf("find queue %s: %w", queue, err)
	}
	return &events{sqs: c, url: out.QueueUrl}, nil
}

// send returns once the event is safe.
func (e *events) send(ctx context.Context, v event) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = e.sqs.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: e.url, MessageBody: aws.String(string(body))})
	if err != nil {
		return fmt.Errorf("send %s event: %w", v.Action, err)
	}
	return nil
}
