package sqs

import (
	"context"

	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/scopsdb/scops/internal/queue"
)

const maxTags = 50

func checkTags(tags map[string]string) error {
	if len(tags) > maxTags {
		return invalid("Too many tags: at most %d are allowed.", maxTags)
	}
	for k, v := range tags {
		if n := len([]rune(k)); n < 1 || n > 128 {
			return invalid("Tag keys must be between 1 and 128 characters in length.")
		}
		if len([]rune(v)) > 256 {
			return invalid("Tag values must be at most 256 characters in length.")
		}
	}
	return nil
}

// ListQueueTags reads the tags of a queue.
func (s *Service) ListQueueTags(ctx context.Context, in *awssqs.ListQueueTagsInput) (*awssqs.ListQueueTagsOutput, error) {
	name, err := queueName(value(in.QueueUrl))
	if err != nil {
		return nil, err
	}
	info, err := s.store.Queue(ctx, name)
	if err != nil {
		return nil, asAWS(err)
	}
	out := &awssqs.ListQueueTagsOutput{}
	if len(info.Attributes.Tags) > 0 {
		out.Tags = info.Attributes.Tags
	}
	return out, nil
}

// TagQueue adds tags to a queue, or changes them.
func (s *Service) TagQueue(ctx context.Context, in *awssqs.TagQueueInput) (*empty, error) {
	name, err := queueName(value(in.QueueUrl))
	if err != nil {
		return nil, err
	}
	if len(in.Tags) == 0 {
		return nil, missing("Tags")
	}
	return s.update(ctx, name, func(a *queue.Attributes) error {
		if a.Tags == nil {
			a.Tags = map[string]string{}
		}
		for k, v := range in.Tags {
			a.Tags[k] = v
		}
		return checkTags(a.Tags)
	})
}

// UntagQueue removes tags from a queue.
func (s *Service) UntagQueue(ctx context.Context, in *awssqs.UntagQueueInput) (*empty, error) {
	name, err := queueName(value(in.QueueUrl))
	if err != nil {
		return nil, err
	}
	if len(in.TagKeys) == 0 {
		return nil, missing("TagKeys")
	}
	return s.update(ctx, name, func(a *queue.Attributes) error {
		for _, k := range in.TagKeys {
			delete(a.Tags, k)
		}
		return nil
	})
}
