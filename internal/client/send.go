package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/scopsdb/scops/internal/httpapi"
)

// Sent is what became of the events of SendEvents.
type Sent struct {
	Accepted int // on disk
	Rejected int
}

// sendBytes is the most that one request carries.
const sendBytes = 4 << 20

// SendEvents sends NDJSON to a queue, in requests of whole lines: as many as can
// be read at once, so that what comes through a pipe does not wait for more.
// rejected is told of each event that the server refuses, by its line, from 1.
//
// Where a request is not answered, it is not known whether the events of its
// lines were accepted; the error names them.
func (c *Client) SendEvents(ctx context.Context, queue string, in io.Reader, rejected func(line int, reason string)) (Sent, error) {
	s := sender{client: c, ctx: ctx, queue: queue, rejected: rejected, text: make([]byte, 0, sendBytes)}
	for {
		n, err := in.Read(s.text[len(s.text):cap(s.text)])
		s.text = s.text[:len(s.text)+n]
		if err != nil && !errors.Is(err, io.EOF) {
			return s.sent, err
		}
		if failed := s.sendLines(err != nil); failed != nil || err != nil {
			return s.sent, failed
		}
	}
}

// sender sends the lines of text.
type sender struct {
	client   *Client
	ctx      context.Context
	queue    string
	rejected func(line int, reason string)
	text     []byte // read, not sent
	lines    int    // sent before
	skip     bool   // the rest of a line that no request can hold
	sent     Sent
}

// sendLines sends the whole lines of what was read, and what is left at the end.
func (s *sender) sendLines(end bool) error {
	if s.skip {
		i := bytes.IndexByte(s.text, '\n')
		if i < 0 {
			s.text = s.text[:0]
			return nil
		}
		s.text, s.skip = append(s.text[:0], s.text[i+1:]...), false
	}
	n := bytes.LastIndexByte(s.text, '\n') + 1
	if end {
		n = len(s.text)
	}
	if n == 0 && len(s.text) == cap(s.text) {
		s.skip, s.text = true, s.text[:0]
		s.lines++
		s.reject(s.lines, fmt.Sprintf("the event is larger than %d bytes", sendBytes))
		return nil
	}
	if n == 0 {
		return nil
	}
	err := s.send(s.text[:n])
	s.text = append(s.text[:0], s.text[n:]...)
	return err
}

func (s *sender) reject(line int, reason string) {
	s.sent.Rejected++
	s.rejected(line, reason)
}

func (s *sender) send(body []byte) error {
	if len(bytes.TrimSpace(body)) == 0 {
		s.lines += bytes.Count(body, []byte{'\n'})
		return nil
	}
	last := s.lines + bytes.Count(body, []byte{'\n'})
	if body[len(body)-1] != '\n' {
		last++
	}
	answer, err := s.post(body)
	if err != nil {
		return fmt.Errorf("lines %d to %d: %w", s.lines+1, last, err)
	}
	s.sent.Accepted += answer.Accepted
	for _, r := range answer.Rejected {
		s.rejected(s.lines+r.Line, r.Reason)
	}
	s.sent.Rejected += answer.RejectedCount
	if answer.Error != nil {
		return fmt.Errorf("after line %d: %w", s.lines+answer.LastLine, &Error{Code: answer.Error.Code, Message: answer.Error.Message})
	}
	s.lines = last
	return nil
}

// post sends one request. Any status may come with an answer; without one it is
// an error.
func (s *sender) post(body []byte) (httpapi.EventsAnswer, error) {
	var answer httpapi.EventsAnswer
	resp, err := s.client.request(s.ctx, http.MethodPost, httpapi.EventsPath+url.PathEscape(s.queue), "application/x-ndjson", body)
	if err != nil {
		return answer, fmt.Errorf("it is not known whether they were accepted: %w", err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return answer, fmt.Errorf("it is not known whether they were accepted: %w", err)
	}
	if err := json.Unmarshal(text, &answer); err != nil || answer.MessageIDs == nil {
		resp.Body = io.NopCloser(bytes.NewReader(text))
		return answer, readError(resp)
	}
	return answer, nil
}
