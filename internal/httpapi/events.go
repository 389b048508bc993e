package httpapi

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/formats/event"
	"github.com/valyala/fasthttp"
)

// EventsPath is the path of Events, which the name of a queue follows.
const EventsPath = "/_scops/v1/events/"

// EventsAnswer is what became of the events of a request. Lists have the first
// maxListed of what they list.
type EventsAnswer struct {
	Accepted      int             `json:"accepted"` // on disk
	RejectedCount int             `json:"rejected_count"`
	Rejected      []RejectedEvent `json:"rejected"`
	MessageIDs    []string        `json:"message_ids"` // of the accepted events, in order
	LastLine      int             `json:"last_line"`   // up to which every event is accepted or rejected
	Error         *Error          `json:"error,omitempty"`
}

// RejectedEvent says why an event was not accepted. Line is its line; in a JSON
// array, which element it is. Both count from 1.
type RejectedEvent struct {
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}

const (
	maxListed     = 1000
	maxEventBytes = 1 << 20 // as SQS allows

	// A commit has at most so much, which with one event more is what a request
	// holds in memory beside its body.
	commitBytes  = 4 << 20
	commitEvents = 10_000
)

// Events answers POST /_scops/v1/events/QUEUE: the events of the body become
// messages of the queue. 200: all accepted; 207: some; 400: none, or the body
// cannot be read to its end (then error says why, and what was read before is
// accepted all the same).
func (s *Server) Events(ctx context.Context, rc *fasthttp.RequestCtx) {
	name := strings.TrimPrefix(string(rc.Path()), EventsPath)
	in := intake{server: s, ctx: ctx, queue: name, parser: event.NewParser(nil, event.Options{})}
	in.answer.Rejected, in.answer.MessageIDs = []RejectedEvent{}, []string{}
	if _, err := s.queues.EventQueue(ctx, name); err != nil {
		in.fail(err)
	} else if reader, aerr := bodyReader(rc); aerr != nil {
		in.fail(aerr)
	} else {
		in.run(reader)
	}
	writeJSON(rc, in.outcome(), in.answer)
}

// bodyReader undoes the content encoding and splits the body.
func bodyReader(rc *fasthttp.RequestCtx) (eventReader, *awsapi.Error) {
	body, aerr := decompress(string(rc.Request.Header.ContentEncoding()), bytes.NewReader(rc.PostBody()))
	if aerr != nil {
		return nil, aerr
	}
	contentType, _, _ := mime.ParseMediaType(string(rc.Request.Header.ContentType()))
	split, ok := splitters[contentType]
	if !ok {
		return nil, &awsapi.Error{
			Code: "UnsupportedMediaType", Status: http.StatusUnsupportedMediaType,
			Message: "send events as application/x-ndjson or application/json, not as " + contentType,
		}
	}
	return split(body), nil
}

// intake takes the events of one request.
type intake struct {
	server *Server
	ctx    context.Context
	queue  string
	parser *event.Parser
	answer EventsAnswer
	status int // of the error, if there is one

	bodies []string // of the next commit
	lines  []int    // of each body
	bytes  int
	last   int // line read last
}

func (in *intake) run(events eventReader) {
	for {
		text, line, err := events.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.Is(err, errTooLong) {
			in.flush()
			in.fail(&awsapi.Error{Code: "InvalidRequest", Message: err.Error()})
			return
		}
		in.last = line
		if in.take(text, line, err); in.answer.Error != nil {
			return
		}
	}
	in.flush()
	if in.answer.Error == nil && in.answer.Accepted+in.answer.RejectedCount == 0 {
		in.fail(awsapi.Errorf("InvalidRequest", "the body has no event"))
	}
}

// take puts an event into the next commit, or rejects it.
func (in *intake) take(text []byte, line int, err error) {
	body := string(text)
	if err == nil {
		_, err = in.parser.Parse(body)
	}
	if err != nil {
		in.reject(line, err)
		return
	}
	in.bodies, in.lines = append(in.bodies, body), append(in.lines, line)
	if in.bytes += len(body); in.bytes >= commitBytes || len(in.bodies) >= commitEvents {
		in.flush()
	}
}

func (in *intake) reject(line int, err error) {
	in.answer.RejectedCount++
	reason := err.Error()
	var e *awsapi.Error
	if errors.As(err, &e) {
		reason = e.Message
	}
	if len(in.answer.Rejected) < maxListed {
		in.answer.Rejected = append(in.answer.Rejected, RejectedEvent{Line: line, Reason: reason})
	}
}

// flush commits what was taken.
func (in *intake) flush() {
	if len(in.bodies) > 0 {
		ids, refused, err := in.server.queues.SendEvents(in.ctx, in.queue, in.bodies)
		if err != nil {
			in.fail(err)
			return
		}
		for i, err := range refused {
			if err != nil {
				in.reject(in.lines[i], err)
			}
		}
		in.answer.Accepted += len(ids)
		in.answer.MessageIDs = append(in.answer.MessageIDs, ids[:min(len(ids), maxListed-len(in.answer.MessageIDs))]...)
		in.bodies, in.lines, in.bytes = in.bodies[:0], in.lines[:0], 0
	}
	in.answer.LastLine = in.last
}

// fail notes why the request ends early. An earlier error stands.
func (in *intake) fail(err error) {
	if in.answer.Error != nil {
		return
	}
	e := awsapi.AsError(err)
	if e.Cause != nil {
		in.server.log.Error("take events", "queue", in.queue, "error", err)
	}
	in.status = e.HTTPStatus()
	if e.Code == "QueueDoesNotExist" {
		in.status = http.StatusNotFound
	}
	in.answer.Error = &Error{Code: e.Code, Message: e.Message}
}

// outcome is the HTTP status of the answer.
func (in *intake) outcome() int {
	switch {
	case in.answer.Error != nil:
		return in.status
	case in.answer.RejectedCount == 0:
		return http.StatusOK
	case in.answer.Accepted == 0:
		return http.StatusBadRequest
	}
	return http.StatusMultiStatus
}
