package lambda

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/scopsdb/scops/internal/lambda/execution"
)

// event is an asynchronous invocation that is not done.
type event struct {
	Function      string
	Qualifier     string
	RequestID     string
	ClientContext string
	QueuedAt      time.Time
	Attempts      int      // that ended
	Refusals      int      // in a row: the function was not run
	Outcome       *outcome // once decided; what is left is to tell the queues

	payload []byte // in a column of its own
}

// outcome is how an event ended.
type outcome struct {
	Condition       string // Success, RetriesExhausted, EventAgeExceeded, ZeroConcurrency
	At              time.Time
	ExecutedVersion string
	FunctionError   string
	Response        json.RawMessage // of the last attempt; nil where there was none
}

func (o *outcome) failed() bool { return o.Condition != "Success" }

func (e *event) reference() reference { return reference{e.Function, e.Qualifier} }

// queueEvent stores an asynchronous invocation. When it returns the event is on
// disk: it will be run, also after a crash.
func (s *Service) queueEvent(ctx context.Context, r reference, inv execution.Invocation) error {
	if _, err := s.find(ctx, r); err != nil {
		return err
	}
	now := s.cfg.Now()
	e := &event{
		Function: r.name, Qualifier: r.qualifier, RequestID: inv.RequestID, ClientContext: inv.ClientContext,
		QueuedAt: now.UTC(), payload: inv.Payload,
	}
	if err := s.store.saveEvent(ctx, e, now); err != nil {
		return err
	}
	s.events.wake()
	return nil
}

// InvokeAsyncInput is the shape of InvokeAsync's request.
type InvokeAsyncInput struct {
	FunctionName *string
	InvokeArgs   []byte
}

// InvokeAsync is Invoke with the type Event, in its older form.
// https://docs.aws.amazon.com/lambda/latest/api/API_InvokeAsync.html
func (s *Service) InvokeAsync(ctx context.Context, in *InvokeAsyncInput) (*lambda.InvokeAsyncOutput, error) {
	_, err := s.Invoke(ctx, &lambda.InvokeInput{FunctionName: in.FunctionName, Payload: in.InvokeArgs, InvocationType: "Event"})
	return &lambda.InvokeAsyncOutput{Status: 202}, err
}

// saveEvent stores an event, new or changed, to be looked at when it is due.
func (s *store) saveEvent(ctx context.Context, e *event, due time.Time) error {
	text, err := json.Marshal(e)
	if err != nil {
		return err
	}
	_, err = s.db.Write.ExecContext(ctx, `INSERT INTO lambda_events (request_id, function, due_at, record, payload) VALUES (?1, ?2, ?3, ?4, ?5)
		ON CONFLICT (request_id) DO UPDATE SET due_at = ?3, record = ?4`, e.RequestID, e.Function, due.UnixMilli(), string(text), e.payload)
	if err != nil {
		return fmt.Errorf("store an asynchronous invocation: %w", err)
	}
	return nil
}

func (s *store) deleteEvent(ctx context.Context, e *event) error {
	if _, err := s.db.Write.ExecContext(ctx, `DELETE FROM lambda_events WHERE request_id = ?`, e.RequestID); err != nil {
		return fmt.Errorf("delete an asynchronous invocation: %w", err)
	}
	return nil
}

// dueEvents lists the request ids of events whose time has come, the oldest
// first, and tells when the next of the others comes (zero: there is none).
func (s *store) dueEvents(ctx context.Context, now time.Time, limit int) (due []string, next time.Time, err error) {
	due, err = texts(s.db.Read.QueryContext(ctx, `SELECT request_id FROM lambda_events WHERE due_at <= ? ORDER BY due_at LIMIT ?`, now.UnixMilli(), limit))
	if err != nil {
		return nil, next, fmt.Errorf("list asynchronous invocations: %w", err)
	}
	var first *int64
	if err := s.db.Read.QueryRowContext(ctx, `SELECT min(due_at) FROM lambda_events WHERE due_at > ?`, now.UnixMilli()).Scan(&first); err != nil {
		return nil, next, fmt.Errorf("list asynchronous invocations: %w", err)
	}
	if first != nil {
		next = time.UnixMilli(*first)
	}
	return due, next, nil
}

// event reads an event that is due; errNoRecord says that there is none of that
// id (any more).
func (s *store) event(ctx context.Context, id string, now time.Time) (*event, error) {
	e := new(event)
	var text []byte
	err := s.db.Read.QueryRowContext(ctx, `SELECT record, payload FROM lambda_events WHERE request_id = ? AND due_at <= ?`, id, now.UnixMilli()).Scan(&text, &e.payload)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errNoRecord
	}
	if err != nil {
		return nil, fmt.Errorf("read an asynchronous invocation: %w", err)
	}
	return e, json.Unmarshal(text, e)
}
