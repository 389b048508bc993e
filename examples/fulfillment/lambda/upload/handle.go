package main

import (
	"bytes"
	"context"
	"log"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// uploader writes batches of events into partitions.
type uploader struct {
	s3     *s3.Client
	bucket string
	prefix string // of the table's location, with its final slash
	table  *table
}

// handle answers which messages of the batch it could not process: they come
// again, and in the end lie in the dead-letter queue.
func (u *uploader) handle(ctx context.Context, event events.SQSEvent) (events.SQSEventResponse, error) {
	var out events.SQSEventResponse
	fail := func(id string, err error) {
		log.Printf("message %s: %v", id, err)
		out.BatchItemFailures = append(out.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: id})
	}
	parts := map[partition]*file{}
	for _, m := range event.Records {
		r, p, err := parse(m.Body)
		if err != nil {
			fail(m.MessageId, err)
			continue
		}
		if parts[p] == nil {
			parts[p] = &file{}
		}
		parts[p].add(m.MessageId, r)
	}
	for p, f := range parts {
		if err := u.write(ctx, p, f); err != nil {
			for _, id := range f.ids() {
				fail(id, err)
			}
		}
	}
	return out, nil
}

// write puts the object and then has its partition in the table, so that a
// query never sees a partition without its first object.
func (u *uploader) write(ctx context.Context, p partition, f *file) error {
	data, err := f.encode()
	if err != nil {
		return err
	}
	_, err = u.s3.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &u.bucket, Key: aws.String(u.prefix + p.folder() + f.name()),
		Body: bytes.NewReader(data), ContentType: aws.String("application/gzip"),
	})
	if err != nil {
		return err
	}
	return u.table.register(ctx, p)
}
