package sqs

import (
	"context"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/queue"
)

// Options configure the service. The zero value behaves as AWS does.
type Options struct {
	Now func() time.Time // nil: time.Now

	// Grace is how long a queue's name is blocked after DeleteQueue, and a queue
	// after PurgeQueue. 0: the 60 seconds of AWS; negative: not at all.
	Grace time.Duration
}

// Service answers SQS requests.
type Service struct {
	store *queue.Store
	now   func() time.Time
	grace time.Duration

	mu      sync.Mutex
	deleted map[queue.Name]time.Time
	purged  map[queue.Name]time.Time
}

// New returns the service over store.
func New(store *queue.Store, o Options) *Service {
	s := &Service{store: store, now: o.Now, grace: o.Grace, deleted: map[queue.Name]time.Time{}, purged: map[queue.Name]time.Time{}}
	if s.now == nil {
		s.now = time.Now
	}
	if s.grace == 0 {
		s.grace = 60 * time.Second
	}
	return s
}

// API describes the service to the gateway.
func (s *Service) API() awsapi.Service {
	return awsapi.Service{
		SigningName:  "sqs",
		TargetPrefix: "AmazonSQS",
		Protocol:     awsapi.JSON10,
		XMLNamespace: "http://queue.amazonaws.com/doc/2012-11-05/",
		Version:      "2012-11-05",
		Flat:         &queryNames,
		PathMember:   "QueueUrl",
		QueryCodes:   true,
		Operations: []awsapi.Operation{
			awsapi.Op("SendMessageBatch", s.SendMessageBatch),
			awsapi.Op("SendMessage", s.SendMessage),
			awsapi.Op("ReceiveMessage", s.ReceiveMessage),
			awsapi.Op("DeleteMessage", s.DeleteMessage),
			awsapi.Op("DeleteMessageBatch", s.DeleteMessageBatch),
			awsapi.Op("ChangeMessageVisibility", s.ChangeMessageVisibility),
			awsapi.Op("ChangeMessageVisibilityBatch", s.ChangeMessageVisibilityBatch),
			awsapi.Op("CreateQueue", s.CreateQueue),
			awsapi.Op("DeleteQueue", s.DeleteQueue),
			awsapi.Op("PurgeQueue", s.PurgeQueue),
			awsapi.Op("GetQueueUrl", s.GetQueueUrl),
			awsapi.Op("ListQueues", s.ListQueues),
			awsapi.Op("GetQueueAttributes", s.GetQueueAttributes),
			awsapi.Op("SetQueueAttributes", s.SetQueueAttributes),
			awsapi.Op("ListQueueTags", s.ListQueueTags),
			awsapi.Op("TagQueue", s.TagQueue),
			awsapi.Op("UntagQueue", s.UntagQueue),
			awsapi.Op("AddPermission", s.AddPermission),
			awsapi.Op("RemovePermission", s.RemovePermission),
			awsapi.Op("ListDeadLetterSourceQueues", s.ListDeadLetterSourceQueues),
			awsapi.Op("StartMessageMoveTask", s.StartMessageMoveTask),
			awsapi.Op("ListMessageMoveTasks", s.ListMessageMoveTasks),
			awsapi.Op("CancelMessageMoveTask", s.CancelMessageMoveTask),
		},
	}
}

// queueURL is where a client finds the queue: on the host that it asked.
func queueURL(ctx context.Context, name queue.Name) *string {
	r := awsapi.RequestFrom(ctx)
	u := r.BaseURL() + "/" + r.AccountID + "/" + string(name)
	return &u
}

// queueName takes the queue's name from a queue URL. Only the last segment of
// the path counts: the same queue has as many URLs as the endpoint has names.
func queueName(queueURL string) (queue.Name, error) {
	if queueURL == "" {
		return "", missing("QueueUrl")
	}
	queueURL = path(queueURL)
	queueURL = strings.TrimRight(queueURL, "/")
	name := queueURL[strings.LastIndexByte(queueURL, '/')+1:]
	if name == "" {
		return "", noQueue()
	}
	return queue.Name(name), nil
}

// path is the path of a URL, or what is no URL as it is. URLs as CreateQueue
// answers them need no parser.
func path(text string) string {
	if scheme, rest, _ := strings.Cut(text, "://"); (scheme == "http" || scheme == "https") && !strings.ContainsAny(rest, "%?#@[") {
		if slash := strings.IndexByte(rest, '/'); slash > 0 {
			return rest[slash:]
		}
	}
	if u, err := url.Parse(text); err == nil {
		return u.Path
	}
	return text
}

func value(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}
