package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	api "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/scopsdb/scops/internal/athena"
	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/delivery"
	"github.com/scopsdb/scops/internal/lint"
	"github.com/scopsdb/scops/internal/queue"
	"github.com/scopsdb/scops/internal/sql/analyzer"
)

// ResendRequest says which rejected events of a delivery are sent again: those
// of a condition over its errors table, of message ids, and corrected ones. Any
// of the three, together.
type ResendRequest struct {
	Where      string           `json:"where,omitempty"` // SQL
	MessageIDs []string         `json:"message_ids,omitempty"`
	Events     []CorrectedEvent `json:"events,omitempty"`
}

// CorrectedEvent takes the place of a rejected event: Event as JSON, or Body as
// it is.
type CorrectedEvent struct {
	MessageID string          `json:"message_id"`
	Event     json.RawMessage `json:"event,omitempty"`
	Body      *string         `json:"body,omitempty"`
}

// ResendAnswer is what was sent. Others that the request names were sent again
// before, or are no rejected events of the delivery.
type ResendAnswer struct {
	Resent int               `json:"resent"`
	Events []delivery.Resent `json:"events"` // the first maxListed
}

func (s *Server) resendDelivery(ctx context.Context, name string, body []byte) (int, any, error) {
	var in ResendRequest
	if err := readJSON(body, &in); err != nil {
		return 0, nil, err
	}
	picks, err := s.picks(ctx, name, in)
	if err != nil {
		return 0, nil, err
	}
	sent, err := s.deliveries.Resend(ctx, name, picks)
	if err != nil {
		return 0, nil, err
	}
	answer := ResendAnswer{Resent: len(sent), Events: sent[:min(len(sent), maxListed)]}
	return http.StatusOK, answer, nil
}

// picks are what a request names.
func (s *Server) picks(ctx context.Context, name string, in ResendRequest) ([]delivery.Pick, error) {
	if in.Where == "" && len(in.MessageIDs) == 0 && len(in.Events) == 0 {
		return nil, invalid{errors.New("say which events: where, message_ids or events")}
	}
	var picks []delivery.Pick
	if in.Where != "" {
		ids, err := s.rejectedWhere(ctx, name, in.Where)
		if err != nil {
			return nil, err
		}
		in.MessageIDs = append(in.MessageIDs, ids...)
	}
	for _, id := range in.MessageIDs {
		picks = append(picks, delivery.Pick{MessageID: queue.MessageID(id)})
	}
	for i, e := range in.Events {
		body := e.Body
		if len(e.Event) > 0 {
			text := string(e.Event)
			body = &text
		}
		if e.MessageID == "" || body == nil || (e.Body != nil) == (len(e.Event) > 0) {
			return nil, invalid{fmt.Errorf("events[%d]: give message_id and one of event and body", i)}
		}
		picks = append(picks, delivery.Pick{MessageID: queue.MessageID(e.MessageID), Body: body})
	}
	return picks, nil
}

// rejectedWhere finds the message ids of a delivery's rejected events that were
// not sent again.
func (s *Server) rejectedWhere(ctx context.Context, name, where string) ([]string, error) {
	d, err := s.deliveries.Describe(ctx, name)
	if err != nil {
		return nil, err
	}
	sql := fmt.Sprintf("SELECT message_id FROM %s.%s WHERE delivery = '%s' AND resent_at IS NULL AND (%s\n)",
		quoted(d.Database), quoted(catalog.ErrorsName(d.Table)), strings.ReplaceAll(name, "'", "''"), where)
	var ids idSink
	end, err := s.athena.Query(ctx, athena.QueryInput{SQL: sql}, &ids)
	if err != nil {
		return nil, invalid{fmt.Errorf("where: %w", err)}
	}
	if end.State != api.QueryExecutionStateSucceeded {
		return nil, invalid{fmt.Errorf("where: %s", end.Reason)}
	}
	return ids, nil
}

// idSink keeps the one column of a result.
type idSink []string

func (s *idSink) Warn([]lint.Warning) {}

func (s *idSink) Begin(athena.QueryID, []analyzer.Column) error { return nil }

func (s *idSink) Row(values []any) error {
	id, ok := values[0].(string)
	if !ok {
		return fmt.Errorf("a message id is a %T", values[0])
	}
	*s = append(*s, id)
	return nil
}
