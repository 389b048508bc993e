package lambda

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/scopsdb/scops/internal/queue"
)

// tellAgain is when a queue that did not take a message is tried again.
const tellAgain = time.Minute

// maxErrorMessage is how much of an error the attribute of a dead letter holds,
// in bytes.
const maxErrorMessage = 1024

// letter is a message for a queue.
type letter struct {
	arn     string
	message queue.Message
}

// letters are the messages that an ended event is worth: a record of it for the
// destination, and the event itself for the dead-letter queue of a function that
// failed.
func (s *Service) letters(ctx context.Context, e *event, config *eventConfig) ([]letter, error) {
	var out []letter
	if arn := config.destination(e.Outcome.failed()); arn != "" {
		record, err := s.record(e)
		if err != nil {
			return nil, err
		}
		out = append(out, letter{arn, queue.Message{Body: string(record)}})
	}
	if !e.Outcome.failed() {
		return out, nil
	}
	v, err := s.find(ctx, e.reference())
	if err != nil || v.Config.DeadLetterConfig == nil {
		return out, nil //nolint:nilerr // a function that is gone has no dead-letter queue
	}
	attributes := map[string]queue.Attribute{
		"RequestID": {DataType: "String", String: e.RequestID},
		"ErrorCode": {DataType: "Number", String: "200"},
	}
	if m := e.Outcome.message(); m != "" {
		attributes["ErrorMessage"] = queue.Attribute{DataType: "String", String: m}
	}
	return append(out, letter{value(v.Config.DeadLetterConfig.TargetArn), queue.Message{Body: string(e.payload), Attributes: attributes}}), nil
}

func (s *Service) nobodyToTell(ctx context.Context, e *event, config *eventConfig) bool {
	list, err := s.letters(ctx, e, config)
	return err == nil && len(list) == 0
}

// message is that of the function's error, as far as an attribute holds it.
func (o *outcome) message() string {
	var said struct {
		Message string `json:"errorMessage"`
	}
	if json.Unmarshal(o.Response, &said) != nil || said.Message == "" {
		return o.Condition
	}
	return firstBytes(said.Message, maxErrorMessage)
}

// firstBytes cuts a text without cutting a character.
func firstBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}

// record is what a destination gets.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
func (s *Service) record(e *event) ([]byte, error) {
	o := e.Outcome
	type fields = map[string]any
	r := fields{
		"version":   "1.0",
		"timestamp": o.At.Format("2006-01-02T15:04:05.000Z"),
		"requestContext": fields{
			"requestId": e.RequestID, "functionArn": s.arn(e.Function, configKey(e.reference())),
			"condition": o.Condition, "approximateInvokeCount": e.Attempts,
		},
		"requestPayload": json.RawMessage(e.payload),
	}
	if o.Response != nil {
		context := fields{"statusCode": 200, "executedVersion": o.ExecutedVersion}
		if o.FunctionError != "" {
			context["functionError"] = o.FunctionError
		}
		r["responseContext"], r["responsePayload"] = context, o.Response
	}
	return json.Marshal(r)
}

// jsonOrText keeps a payload as it is, or as a JSON string where it is no JSON.
func jsonOrText(payload []byte) json.RawMessage {
	if json.Valid(payload) {
		return payload
	}
	text, _ := json.Marshal(string(payload)) // texts marshal
	return text
}

// finish tells the queues of an event that has ended and forgets it. A crash in
// the middle repeats it, so a queue may get a message twice, as at AWS. While a
// queue does not take its message the event stays, for as long as the age of
// events.
func (s *Service) finish(ctx context.Context, e *event, config *eventConfig) error {
	list, err := s.letters(ctx, e, config)
	if err != nil {
		return err
	}
	for _, l := range list {
		name, err := s.queueOf(l.arn, "DestinationConfig")
		if err == nil {
			_, err = s.cfg.Queue.Send(ctx, queue.Name(name), []queue.Message{l.message})
		}
		switch {
		case err == nil:
		case s.cfg.Now().Sub(e.Outcome.At) < defaultEventAge*time.Second:
			s.cfg.Log.Warn("a queue does not take an event that ended; it is tried again", "queue", l.arn, "function", e.Function, "request", e.RequestID, "error", err)
			return s.store.saveEvent(ctx, e, s.cfg.Now().Add(tellAgain))
		default:
			err = fmt.Errorf("queue %s: %w", l.arn, err)
			s.cfg.Log.Error("an event that ended is dropped: its queue did not take it", "function", e.Function, "request", e.RequestID, "error", err)
		}
	}
	return s.store.deleteEvent(ctx, e)
}
