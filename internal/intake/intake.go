package intake

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/scopsdb/scops/internal/queue"
)

const (
	// unconfirmed is how long a message that was not surely deleted there may
	// come again: the longest retention of SQS.
	unconfirmed = 14 * 24 * time.Hour
	// confirmed is how long one that was deleted may: SQS says that it can happen
	// on rare occasions, not for how long.
	confirmed = time.Hour

	longPoll  = 20 // seconds
	batchSize = 10

	leastPause, mostPause = 100 * time.Millisecond, 10 * time.Second
)

// Options describe one source.
type Options struct {
	From    *sqs.Client
	URL     string // of the queue there
	To      *queue.Store
	Queue   queue.Name
	Pollers int // receiving at the same time; 0 is 4
	// Visibility is how long the source hides what is on its way to our disk, in
	// whole seconds; 0 is two minutes.
	Visibility time.Duration
	Log        *slog.Logger
}

// Intake is a source at work.
type Intake struct {
	o    Options
	log  *slog.Logger
	fifo bool // the queue here keeps the order of groups
	stop context.CancelFunc
	work sync.WaitGroup

	mu     sync.Mutex
	failed bool // the last call to the source failed
}

// Start begins to take messages. The caller must Close.
func Start(o Options) *Intake {
	if o.Pollers == 0 {
		o.Pollers = 4
	}
	if o.Visibility == 0 {
		o.Visibility = 2 * time.Minute
	}
	ctx, stop := context.WithCancel(context.Background())
	i := &Intake{o: o, stop: stop, fifo: strings.HasSuffix(string(o.Queue), ".fifo"), log: o.Log.With("queue", string(o.Queue), "source", o.URL)}
	for range o.Pollers {
		i.work.Go(func() { i.poll(ctx) })
	}
	return i
}

// Close ends the receiving. What was received and is not stored yet comes again.
func (i *Intake) Close() {
	i.stop()
	i.work.Wait()
}

func (i *Intake) poll(ctx context.Context) {
	pause := leastPause
	for ctx.Err() == nil {
		err := i.take(ctx)
		i.report(ctx, err)
		if err == nil {
			pause = leastPause
			continue
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
		pause = min(2*pause, mostPause)
	}
}

// report logs when the source begins to fail and when it works again.
func (i *Intake) report(ctx context.Context, err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if ctx.Err() != nil || i.failed == (err != nil) {
		return
	}
	if i.failed = err != nil; i.failed {
		i.log.Error("cannot take messages; it is tried again", "error", err)
		return
	}
	i.log.Info("messages are taken again")
}

// take receives a batch, stores it and deletes it at the source.
func (i *Intake) take(ctx context.Context) error {
	out, err := i.o.From.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl: &i.o.URL, MaxNumberOfMessages: batchSize, WaitTimeSeconds: longPoll, VisibilityTimeout: int32(i.o.Visibility / time.Second),
		MessageAttributeNames:       []string{"All"},
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
	})
	if err != nil {
		return fmt.Errorf("receive: %w", err)
	}
	if len(out.Messages) == 0 {
		return nil
	}
	messages := make([]queue.Message, len(out.Messages))
	for n := range out.Messages {
		messages[n] = message(&out.Messages[n])
		if i.fifo {
			messages[n].Group = out.Messages[n].Attributes[string(types.MessageSystemAttributeNameMessageGroupId)]
		}
	}
	if _, err := i.o.To.Send(ctx, i.o.Queue, messages); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	gone, err := i.remove(ctx, out.Messages)
	if len(gone) > 0 {
		if ferr := i.o.To.ForgetAfter(ctx, i.o.Queue, gone, confirmed); ferr != nil {
			return fmt.Errorf("store: %w", ferr)
		}
	}
	return err
}

// remove deletes messages at the source and returns the ids of those that it
// said are deleted. The others come again and are found to be there.
func (i *Intake) remove(ctx context.Context, messages []types.Message) (gone []string, err error) {
	in := &sqs.DeleteMessageBatchInput{QueueUrl: &i.o.URL}
	for n, m := range messages {
		in.Entries = append(in.Entries, types.DeleteMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(n)), ReceiptHandle: m.ReceiptHandle})
	}
	out, err := i.o.From.DeleteMessageBatch(ctx, in)
	if err != nil {
		return nil, fmt.Errorf("delete: %w", err)
	}
	for _, e := range out.Successful {
		n, err := strconv.Atoi(aws.ToString(e.Id))
		if err != nil || n < 0 || n >= len(messages) {
			return gone, fmt.Errorf("delete: the source answered with an id %q that was not asked for", aws.ToString(e.Id))
		}
		gone = append(gone, aws.ToString(messages[n].MessageId))
	}
	if len(out.Failed) > 0 {
		f := out.Failed[0]
		return gone, fmt.Errorf("delete: %d of %d messages failed, the first with %s: %s", len(out.Failed), len(messages), aws.ToString(f.Code), aws.ToString(f.Message))
	}
	return gone, nil
}

// message is the source's message as it is kept here, with its id.
func message(m *types.Message) queue.Message {
	id := aws.ToString(m.MessageId)
	out := queue.Message{
		ID: queue.MessageID(id), Body: aws.ToString(m.Body),
		Deduplication: &queue.Deduplication{ID: id, Window: unconfirmed},
	}
	for name, a := range m.MessageAttributes {
		if out.Attributes == nil {
			out.Attributes = make(map[string]queue.Attribute, len(m.MessageAttributes))
		}
		out.Attributes[name] = queue.Attribute{DataType: aws.ToString(a.DataType), String: aws.ToString(a.StringValue), Binary: a.BinaryValue}
	}
	for _, name := range kept {
		if v, ok := m.Attributes[string(name)]; ok {
			if out.SystemAttributes == nil {
				out.SystemAttributes = map[string]string{}
			}
			out.SystemAttributes[string(name)] = v
		}
	}
	return out
}

// kept are the system attributes that a message keeps on its way.
var kept = []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAWSTraceHeader, types.MessageSystemAttributeNameMessageGroupId}
