package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/scopsdb/scops/bench/rig"
)

const (
	sourceMessages = 20_000 // behind each mapping that is timed
	singleMessages = 100    // one after the other
	smallBatch     = 10
	largeBatch     = 1000
)

// mapped are the measurements of event source mappings: messages a second that a
// function takes from a full queue, and ms from a send until its message is
// processed and deleted.
type mapped struct{ small, large, single []float64 }

// source measures event source mappings of the function.
func (f *invoker) source(ctx context.Context, r *mapped) error {
	c := sqs.New(sqs.Options{
		BaseEndpoint: &f.scops.Endpoint, Region: f.scops.Signer.Region,
		Credentials: credentials.NewStaticCredentialsProvider(f.scops.Signer.Keys.AccessKeyID, f.scops.Signer.Keys.SecretAccessKey, ""),
	})
	for _, m := range []struct {
		batch, window int32
		rates         *[]float64
	}{{smallBatch, 0, &r.small}, {largeBatch, 1, &r.large}} {
		q := &mappedQueue{f: f, sqs: c}
		if err := q.create(ctx, fmt.Sprintf("mapped-%d-%d", m.batch, len(*m.rates))); err != nil {
			return err
		}
		if err := q.send(ctx, sourceMessages); err != nil {
			return err
		}
		start := time.Now()
		if err := q.connect(ctx, m.batch, m.window); err != nil {
			return err
		}
		if err := q.drained(ctx); err != nil {
			return err
		}
		*m.rates = append(*m.rates, sourceMessages/time.Since(start).Seconds())
		if m.window > 0 {
			continue
		}
		single, err := q.singles(ctx)
		if err != nil {
			return err
		}
		r.single = append(r.single, rig.Median(single))
	}
	return nil
}

// mappedQueue is a queue that a mapping empties.
type mappedQueue struct {
	f   *invoker
	sqs *sqs.Client
	url *string
	arn string
}

func (q *mappedQueue) create(ctx context.Context, name string) error {
	out, err := q.sqs.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &name})
	if err != nil {
		return err
	}
	q.url, q.arn = out.QueueUrl, "arn:aws:sqs:"+q.f.scops.Signer.Region+":000000000000:"+name
	return nil
}

// send fills the queue, ten messages a request.
func (q *mappedQueue) send(ctx context.Context, n int) error {
	for sent := 0; sent < n; {
		in := &sqs.SendMessageBatchInput{QueueUrl: q.url}
		for range 10 {
			in.Entries = append(in.Entries, types.SendMessageBatchRequestEntry{
				Id: aws.String(strconv.Itoa(sent)), MessageBody: aws.String(`{"district":"강남구","delivery":"dawn","product":"우유"}`),
			})
			sent++
		}
		if _, err := q.sqs.SendMessageBatch(ctx, in); err != nil {
			return err
		}
	}
	return nil
}

func (q *mappedQueue) connect(ctx context.Context, batch, window int32) error {
	_, err := q.f.sdk.CreateEventSourceMapping(ctx, &lambda.CreateEventSourceMappingInput{
		FunctionName: aws.String(functionName), EventSourceArn: &q.arn, BatchSize: &batch, MaximumBatchingWindowInSeconds: &window,
	})
	return err
}

// drained returns when all messages are processed and deleted.
func (q *mappedQueue) drained(ctx context.Context) error {
	for {
		out, err := q.sqs.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: q.url, AttributeNames: []types.QueueAttributeName{
			types.QueueAttributeNameApproximateNumberOfMessages, types.QueueAttributeNameApproximateNumberOfMessagesNotVisible,
		}})
		if err != nil {
			return err
		}
		waiting := 0
		for _, n := range out.Attributes {
			if n != "0" {
				waiting++
			}
		}
		if waiting == 0 {
			return nil
		}
	}
}

// singles sends one message after the other, each when the last is deleted.
func (q *mappedQueue) singles(ctx context.Context) ([]float64, error) {
	var all []float64
	for range singleMessages {
		start := time.Now()
		if _, err := q.sqs.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: q.url, MessageBody: aws.String("{}")}); err != nil {
			return nil, err
		}
		if err := q.drained(ctx); err != nil {
			return nil, err
		}
		all = append(all, ms(time.Since(start)))
	}
	return all, nil
}

func (r *mapped) print(o options) {
	fmt.Fprintf(o.out, "\nEvent source mappings from a full queue, messages/s: %s in batches of %d, %s in batches of %d (window 1 s).\n",
		rig.Spread(r.small), smallBatch, rig.Spread(r.large), largeBatch)
	fmt.Fprintf(o.out, "One message, from its send until it is processed and deleted: %s ms.\n", rig.Spread(r.single))
}
