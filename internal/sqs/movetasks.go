package sqs

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"

	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/queue"
)

const (
	maxMoveRate      = 500 // messages a second
	maxMovesReturned = 10
)

// notFound is what a move task names and is not there.
func notFound(message string) error {
	e := failure("ResourceNotFoundException", "%s", message)
	e.Status = http.StatusNotFound
	return e
}

// queueOf is the queue that an ARN names, if there is one.
func (s *Service) queueOf(ctx context.Context, parameter, arn string) (queue.Info, error) {
	if arn == "" {
		return queue.Info{}, missing(parameter)
	}
	name := arnQueue(arn)
	if name == "" {
		return queue.Info{}, invalid("You must use this format to specify the %s: arn:<partition>:<service>:<region>:<account-id>:<resource-id>", parameter)
	}
	info, err := s.store.Queue(ctx, name)
	if errors.Is(err, queue.ErrQueueNotFound) || err == nil && awsapi.RequestFrom(ctx).ARN("sqs", string(name)) != arn {
		return info, notFound("The resource that you specified for the " + parameter + " parameter doesn't exist.")
	}
	return info, asAWS(err)
}

// StartMessageMoveTask begins to move the messages of a dead-letter queue to
// another queue, or each back to the one that it came from.
func (s *Service) StartMessageMoveTask(ctx context.Context, in *awssqs.StartMessageMoveTaskInput) (*awssqs.StartMessageMoveTaskOutput, error) {
	source, err := s.queueOf(ctx, "SourceArn", value(in.SourceArn))
	if err != nil {
		return nil, err
	}
	rate := 0
	if r := in.MaxNumberOfMessagesPerSecond; r != nil {
		if rate = int(*r); rate < 1 || rate > maxMoveRate {
			return nil, invalidValue(rate, "MaxNumberOfMessagesPerSecond", "Must be between 1 and 500, if provided.")
		}
	}
	if err := s.checkIsDeadLetterQueue(ctx, source.Name); err != nil {
		return nil, err
	}
	var to queue.Name
	if arn := value(in.DestinationArn); arn != "" {
		destination, err := s.queueOf(ctx, "DestinationArn", arn)
		switch {
		case err != nil:
			return nil, err
		case destination.Name == source.Name:
			return nil, invalid("The source and the destination queue must not be the same.")
		case destination.Attributes.FIFO != source.Attributes.FIFO:
			return nil, invalid("The destination queue must be of the same type as the source queue.")
		}
		to = destination.Name
	}
	t, err := s.store.StartMove(ctx, source.Name, to, rate)
	if errors.Is(err, queue.ErrTaskActive) {
		return nil, invalid("There is already a task running. Only one active task is allowed for a source queue arn at a given time.")
	}
	if err != nil {
		return nil, asAWS(err)
	}
	return &awssqs.StartMessageMoveTaskOutput{TaskHandle: taskHandle(t.ID, *in.SourceArn)}, nil
}

func (s *Service) checkIsDeadLetterQueue(ctx context.Context, name queue.Name) error {
	infos, err := s.store.Queues(ctx)
	if err != nil {
		return asAWS(err)
	}
	for _, info := range infos {
		if d := info.Attributes.DeadLetter; d != nil && d.Queue == name {
			return nil
		}
	}
	return invalid("Source queue must be configured as a Dead Letter Queue.")
}

// handle is what a task handle says, in base64.
type handle struct {
	TaskID    string `json:"taskId"`
	SourceArn string `json:"sourceArn"`
}

func taskHandle(id, source string) *string {
	b, err := json.Marshal(handle{TaskID: id, SourceArn: source})
	if err != nil {
		panic(err) // two strings
	}
	text := base64.StdEncoding.EncodeToString(b)
	return &text
}

func parseTaskHandle(text string) (h handle, err error) {
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(b, &h) != nil || h.TaskID == "" || arnQueue(h.SourceArn) == "" {
		return h, invalid("Value for parameter TaskHandle is invalid.")
	}
	return h, nil
}

// CancelMessageMoveTask stops a task that runs. What was moved stays where it is.
func (s *Service) CancelMessageMoveTask(ctx context.Context, in *awssqs.CancelMessageMoveTaskInput) (*awssqs.CancelMessageMoveTaskOutput, error) {
	if value(in.TaskHandle) == "" {
		return nil, missing("TaskHandle")
	}
	h, err := parseTaskHandle(*in.TaskHandle)
	if err != nil {
		return nil, err
	}
	source, err := s.queueOf(ctx, "SourceArn", h.SourceArn)
	if err != nil {
		return nil, err
	}
	t, err := s.store.CancelMove(ctx, source.Name, h.TaskID)
	switch {
	case errors.Is(err, queue.ErrNoTask):
		return nil, notFound("Task does not exist.")
	case errors.Is(err, queue.ErrTaskEnded):
		return nil, invalid("Only active tasks can be cancelled.")
	case err != nil:
		return nil, asAWS(err)
	}
	return &awssqs.CancelMessageMoveTaskOutput{ApproximateNumberOfMessagesMoved: t.Moved}, nil
}

// failureReasons are the error codes that AWS gives as FailureReason.
var failureReasons = map[queue.MoveFailure]string{
	queue.MoveNoQueue:  "AWS.SimpleQueueService.NonExistentQueue",
	queue.MoveNoOrigin: "CouldNotDetermineMessageSource",
}

// ListMessageMoveTasks describes the last tasks of a source queue, the latest
// first.
func (s *Service) ListMessageMoveTasks(ctx context.Context, in *awssqs.ListMessageMoveTasksInput) (*listMoveTasksOutput, error) {
	source, err := s.queueOf(ctx, "SourceArn", value(in.SourceArn))
	if err != nil {
		return nil, err
	}
	most := 1
	if m := in.MaxResults; m != nil {
		if most = int(*m); most < 1 || most > maxMovesReturned {
			return nil, invalidValue(most, "MaxResults", "Must be between 1 and 10, if provided.")
		}
	}
	tasks, err := s.store.MoveTasks(ctx, source.Name)
	if err != nil {
		return nil, asAWS(err)
	}
	out := &listMoveTasksOutput{Results: []moveTaskEntry{}}
	for _, t := range tasks[:min(most, len(tasks))] {
		out.Results = append(out.Results, describeTask(ctx, t, *in.SourceArn))
	}
	return out, nil
}

func describeTask(ctx context.Context, t queue.MoveTask, source string) moveTaskEntry {
	e := moveTaskEntry{
		ApproximateNumberOfMessagesMoved: t.Moved, ApproximateNumberOfMessagesToMove: t.ToMove,
		FailureReason: failureReasons[t.Failure], SourceArn: source,
		StartedTimestamp: t.Started.UnixMilli(), Status: string(t.Status),
	}
	if t.Rate > 0 {
		rate := int32(t.Rate)
		e.MaxNumberOfMessagesPerSecond = &rate
	}
	if t.Destination != "" {
		e.DestinationArn = awsapi.RequestFrom(ctx).ARN("sqs", string(t.Destination))
	}
	if t.Status == queue.MoveRunning {
		e.TaskHandle = *taskHandle(t.ID, source)
	}
	return e
}
