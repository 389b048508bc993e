package httpapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	api "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/google/uuid"
	"github.com/scopsdb/scops/internal/athena"
	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/delivery"
	"github.com/scopsdb/scops/internal/lint"
	"github.com/scopsdb/scops/internal/queue"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/valyala/fasthttp"
)

// EventAnswer says where an event is.
type EventAnswer struct {
	Queue     string `json:"queue"`
	MessageID string `json:"message_id"`
	// InQueue is where its message is in the queue, "" where it is not there.
	InQueue    queue.Place     `json:"in_queue,omitempty"`
	SentAt     time.Time       `json:"sent_at,omitzero"` // where it is in the queue
	Deliveries []DeliveryEvent `json:"deliveries"`
}

// DeliveryEvent is what became of an event in one delivery of its queue.
type DeliveryEvent struct {
	Delivery string `json:"delivery"`
	Table    string `json:"table"`
	// State is in_table, in_batch (in SQL already, and not in a file yet),
	// rejected, waiting, or unknown: filtered, a duplicate, gone elsewhere, or
	// never sent.
	State           string `json:"state"`
	File            string `json:"file,omitempty"` // in_table, rejected
	Reason          string `json:"reason,omitempty"`
	ResentMessageID string `json:"resent_message_id,omitempty"`
}

// Event answers GET /_scops/v1/events/QUEUE/MESSAGE_ID. It reads the message ids
// of the whole tables.
func (s *Server) Event(ctx context.Context, rc *fasthttp.RequestCtx) {
	name, id, _ := strings.Cut(strings.TrimPrefix(string(rc.Path()), EventsPath), "/")
	if u, err := uuid.Parse(id); err != nil || u.String() != id {
		writeError(rc, http.StatusBadRequest, "InvalidRequest", fmt.Sprintf("%q is not a message id", id))
		return
	}
	answer, err := s.event(ctx, name, id)
	switch {
	case errors.Is(err, queue.ErrQueueNotFound):
		writeError(rc, http.StatusNotFound, "QueueDoesNotExist", "there is no queue "+name)
	case err != nil:
		s.log.Error("look for an event", "queue", name, "message", id, "error", err)
		writeError(rc, http.StatusInternalServerError, "InternalFailure", "the event cannot be looked for now")
	default:
		writeJSON(rc, http.StatusOK, answer)
	}
}

func (s *Server) event(ctx context.Context, name, id string) (EventAnswer, error) {
	// The queue first: what is not there any more is committed.
	place, sentAt, _, err := s.deliveries.FindMessage(ctx, queue.Name(name), queue.MessageID(id))
	answer := EventAnswer{Queue: name, MessageID: id, InQueue: place, SentAt: sentAt, Deliveries: []DeliveryEvent{}}
	if err != nil {
		return answer, err
	}
	list, err := s.deliveries.Status(ctx)
	if err != nil {
		return answer, err
	}
	for _, d := range list {
		if string(d.Queue) != name {
			continue
		}
		e, err := s.eventOf(ctx, d, id)
		if err != nil {
			return answer, err
		}
		if e.State == "unknown" && place != "" {
			e.State = "waiting"
		}
		answer.Deliveries = append(answer.Deliveries, e)
	}
	return answer, nil
}

// eventOf looks in the table and the rejected events of a delivery.
func (s *Server) eventOf(ctx context.Context, d delivery.Status, id string) (DeliveryEvent, error) {
	e := DeliveryEvent{Delivery: d.Name, Table: d.Database + "." + d.Table, State: "unknown"}
	table := quoted(d.Database) + "." + quoted(d.Table)
	rows, err := s.rowsOf(ctx, fmt.Sprintf(`SELECT "%s" FROM %s WHERE "%s" = '%s' LIMIT 1`, analyzer.PathColumn, table, catalog.MessageIDColumn, id))
	if err != nil {
		return e, err
	}
	if len(rows) > 0 {
		e.State = "in_batch"
		if e.File, _ = rows[0][0].(string); e.File != "" {
			e.State = "in_table"
		}
		return e, nil
	}
	rows, err = s.rowsOf(ctx, fmt.Sprintf(`SELECT "%s", reason, resent_message_id FROM %s.%s WHERE message_id = '%s' AND delivery = '%s' LIMIT 1`,
		analyzer.PathColumn, quoted(d.Database), quoted(catalog.ErrorsName(d.Table)), id, d.Name))
	if err != nil || len(rows) == 0 {
		return e, err
	}
	e.State = "rejected"
	e.File, _ = rows[0][0].(string)
	e.Reason, _ = rows[0][1].(string)
	e.ResentMessageID, _ = rows[0][2].(string)
	return e, nil
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// rowsOf runs a query of few rows. A table that is missing has none.
func (s *Server) rowsOf(ctx context.Context, sql string) ([][]any, error) {
	var rows rowSink
	end, err := s.athena.Query(ctx, athena.QueryInput{SQL: sql}, &rows)
	if err != nil {
		return nil, err
	}
	if end.State != api.QueryExecutionStateSucceeded && !strings.HasPrefix(end.Reason, "TABLE_NOT_FOUND") {
		return nil, errors.New(end.Reason)
	}
	return rows, nil
}

// rowSink keeps the rows of a result.
type rowSink [][]any

func (s *rowSink) Warn([]lint.Warning) {}

func (s *rowSink) Begin(athena.QueryID, []analyzer.Column) error { return nil }

func (s *rowSink) Row(values []any) error {
	*s = append(*s, append([]any(nil), values...))
	return nil
}
