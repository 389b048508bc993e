package sqs

import (
	"context"
	"encoding/base64"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/queue"
)

// CreateQueue makes a queue, or answers with the one that exists if it has the
// attributes that were asked for.
func (s *Service) CreateQueue(ctx context.Context, in *awssqs.CreateQueueInput) (*awssqs.CreateQueueOutput, error) {
	name := queue.Name(value(in.QueueName))
	if err := checkQueueName(string(name), in.Attributes); err != nil {
		return nil, err
	}
	a := queue.DefaultAttributes()
	a.FIFO = isTrue(in.Attributes[fifoQueue])
	if err := setAttributes(&a, in.Attributes); err != nil {
		return nil, err
	}
	if err := s.checkRedrive(ctx, name, &a, in.Attributes[redrivePolicy]); err != nil {
		return nil, err
	}
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	a.Tags = in.Tags
	if s.recently(s.deleted, name) {
		return nil, failure("QueueDeletedRecently", "You must wait 60 seconds after deleting a queue before you can create another with the same name.")
	}
	err := s.store.CreateQueue(ctx, name, a)
	if errors.Is(err, queue.ErrQueueExists) {
		err = s.sameQueue(ctx, name, a, in.Attributes)
	}
	if err != nil {
		return nil, asAWS(err)
	}
	return &awssqs.CreateQueueOutput{QueueUrl: queueURL(ctx, name)}, nil
}

func checkQueueName(name string, attributes map[string]string) error {
	switch {
	case name == "":
		return missing("QueueName")
	case isTrue(attributes[fifoQueue]):
		if prefix, ok := strings.CutSuffix(name, fifoSuffix); !ok || len(name) > 80 || !queueNamePattern.MatchString(prefix) {
			return invalid("The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.")
		}
		return nil
	case !queueNamePattern.MatchString(name):
		return invalid("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
	}
	return nil
}

// sameQueue compares the attributes that were asked for with those of the queue
// that exists.
func (s *Service) sameQueue(ctx context.Context, name queue.Name, a queue.Attributes, asked map[string]string) error {
	v, err := s.view(ctx, name)
	if err != nil {
		return err
	}
	want := queueView{info: queue.Info{Attributes: a}, arn: v.arn}
	for _, n := range slices.Sorted(maps.Keys(asked)) {
		if v.get(n) != want.get(n) {
			return failure("QueueNameExists", "A queue already exists with the same name and a different value for attribute %s", n)
		}
	}
	return nil
}

// recently reports whether an event of the queue is less than the grace ago.
func (s *Service) recently(events map[queue.Name]time.Time, name queue.Name) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	for n, at := range events {
		if now.Sub(at) >= s.grace {
			delete(events, n)
		}
	}
	_, ok := events[name]
	return ok
}

func (s *Service) note(events map[queue.Name]time.Time, name queue.Name) {
	s.mu.Lock()
	defer s.mu.Unlock()
	events[name] = s.now()
}

// DeleteQueue deletes a queue and its messages.
func (s *Service) DeleteQueue(ctx context.Context, in *awssqs.DeleteQueueInput) (*empty, error) {
	name, err := queueName(value(in.QueueUrl))
	if err != nil {
		return nil, err
	}
	if err := s.store.DeleteQueue(ctx, name); err != nil {
		return nil, asAWS(err)
	}
	s.note(s.deleted, name)
	return &empty{}, nil
}

// PurgeQueue deletes the messages of a queue.
func (s *Service) PurgeQueue(ctx context.Context, in *awssqs.PurgeQueueInput) (*empty, error) {
	name, err := queueName(value(in.QueueUrl))
	if err != nil {
		return nil, err
	}
	if _, err := s.store.Queue(ctx, name); err != nil {
		return nil, asAWS(err)
	}
	if s.recently(s.purged, name) {
		e := failure("PurgeQueueInProgress", "Only one PurgeQueue operation on %s is allowed every 60 seconds.", name)
		e.Status = http.StatusForbidden
		return nil, e
	}
	if err := s.store.Purge(ctx, name); err != nil {
		return nil, asAWS(err)
	}
	s.note(s.purged, name)
	return &empty{}, nil
}

// GetQueueUrl finds a queue by its name.
func (s *Service) GetQueueUrl(ctx context.Context, in *awssqs.GetQueueUrlInput) (*awssqs.GetQueueUrlOutput, error) {
	name := queue.Name(value(in.QueueName))
	if name == "" {
		return nil, missing("QueueName")
	}
	owner := value(in.QueueOwnerAWSAccountId)
	if owner != "" && owner != awsapi.RequestFrom(ctx).AccountID {
		return nil, noQueue()
	}
	if _, err := s.store.Queue(ctx, name); err != nil {
		return nil, asAWS(err)
	}
	return &awssqs.GetQueueUrlOutput{QueueUrl: queueURL(ctx, name)}, nil
}

// maxListed is how many queues a page of ListQueues has at most.
const maxListed = 1000

// ListQueues lists queues by prefix. A next token is given only to clients that
// asked for pages.
func (s *Service) ListQueues(ctx context.Context, in *awssqs.ListQueuesInput) (*awssqs.ListQueuesOutput, error) {
	urls, token, err := s.page(ctx, in.MaxResults, in.NextToken, func(info queue.Info) bool {
		return strings.HasPrefix(string(info.Name), value(in.QueueNamePrefix))
	})
	if err != nil {
		return nil, err
	}
	return &awssqs.ListQueuesOutput{QueueUrls: urls, NextToken: token}, nil
}

// page lists the URLs of the queues that are wanted, in the order of their
// names, from a token on.
func (s *Service) page(ctx context.Context, maxResults *int32, nextToken *string, wanted func(queue.Info) bool) (urls []string, token *string, err error) {
	limit, paged := maxListed, maxResults != nil
	if paged {
		limit = int(*maxResults)
		if limit < 1 || limit > maxListed {
			return nil, nil, invalidValue(limit, "MaxResults", "MaxResults must be an integer between 1 and 1000.")
		}
	}
	after, err := decodeToken(value(nextToken))
	if err != nil {
		return nil, nil, err
	}
	infos, err := s.store.Queues(ctx)
	if err != nil {
		return nil, nil, asAWS(err)
	}
	last := ""
	for _, info := range infos {
		name := string(info.Name)
		if name <= after || !wanted(info) {
			continue
		}
		if len(urls) == limit {
			if paged {
				text := base64.StdEncoding.EncodeToString([]byte(last))
				token = &text
			}
			break
		}
		urls = append(urls, *queueURL(ctx, info.Name))
		last = name
	}
	return urls, token, nil
}

func decodeToken(token string) (after string, err error) {
	b, err := base64.StdEncoding.DecodeString(token)
	if err != nil || len(b) > 80 {
		return "", invalid("Invalid NextToken value.")
	}
	return string(b), nil
}

// GetQueueAttributes reads attributes by name.
func (s *Service) GetQueueAttributes(ctx context.Context, in *getQueueAttributesInput) (*awssqs.GetQueueAttributesOutput, error) {
	name, err := queueName(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	v, err := s.view(ctx, name)
	if err != nil {
		return nil, err
	}
	wanted, err := checkReadable(in.AttributeNames)
	if err != nil {
		return nil, err
	}
	out := &awssqs.GetQueueAttributesOutput{}
	for _, n := range wanted {
		text := v.get(n)
		if text == "" {
			continue
		}
		if out.Attributes == nil {
			out.Attributes = make(map[string]string, len(wanted))
		}
		out.Attributes[n] = text
	}
	return out, nil
}

// SetQueueAttributes changes attributes, all or none.
func (s *Service) SetQueueAttributes(ctx context.Context, in *awssqs.SetQueueAttributesInput) (*empty, error) {
	name, err := queueName(value(in.QueueUrl))
	if err != nil {
		return nil, err
	}
	if len(in.Attributes) == 0 {
		return nil, missing("Attributes")
	}
	return s.update(ctx, name, func(a *queue.Attributes) error {
		if err := setAttributes(a, in.Attributes); err != nil {
			return err
		}
		return s.checkRedrive(ctx, name, a, in.Attributes[redrivePolicy])
	})
}

func (s *Service) update(ctx context.Context, name queue.Name, change func(*queue.Attributes) error) (*empty, error) {
	err := s.store.UpdateQueue(ctx, name, func(a queue.Attributes) (queue.Attributes, error) {
		err := change(&a)
		return a, err
	})
	if err != nil {
		return nil, asAWS(err)
	}
	return &empty{}, nil
}
