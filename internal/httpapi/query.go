package httpapi

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"strings"
	"time"

	api "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/scopsdb/scops/internal/athena"
	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/gateway"
	"github.com/scopsdb/scops/internal/lint"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sqlite"
	"github.com/valyala/fasthttp"
)

// QueryRequest is the body of POST /_scops/v1/query.
type QueryRequest struct {
	SQL        string   `json:"sql"`
	Database   string   `json:"database,omitempty"`
	Catalog    string   `json:"catalog,omitempty"`
	WorkGroup  string   `json:"workgroup,omitempty"`
	Parameters []string `json:"parameters,omitempty"`
	// WaitFor is the id of a message whose event the query must see, or "now"
	// for all events that were acknowledged before.
	WaitFor string `json:"wait_for,omitempty"`
	// Reuse lets the result of an earlier query answer, where this one would give
	// the same rows.
	Reuse bool `json:"reuse,omitempty"`
}

// HeaderWarning is a header for each thing to know about the result, as
// "CODE: message" (see package lint).
const HeaderWarning = "X-Scops-Warning"

// Trailers of an answer. Statistics is the JSON of Statistics; Error, of a
// query that failed after its first row, is "NAME: message".
const (
	HeaderQueryExecutionID = "X-Scops-Query-Execution-Id"
	TrailerStatistics      = "X-Scops-Statistics"
	TrailerError           = "X-Scops-Error"
)

// Query answers POST /_scops/v1/query. The query runs while its rows go out;
// a client that goes away cancels it.
//
// A query that fails before its first row is answered with HTTP 400 and
// {"error": {"code", "message"}}. One that fails later ends with an error line
// (NDJSON) or with the trailer X-Scops-Error and a cut connection (CSV, Arrow),
// so that no part of a result passes for the whole.
func (s *Server) Query(ctx context.Context, rc *fasthttp.RequestCtx) {
	in, err := readQuery(rc)
	if err != nil {
		writeError(rc, http.StatusBadRequest, "InvalidRequest", err.Error())
		return
	}
	newEncoder, ok := encoderFor(string(rc.Request.Header.Peek("Accept")))
	if !ok {
		writeError(rc, http.StatusNotAcceptable, "NotAcceptable",
			"Accept one of "+strings.Join(contentTypes(), ", "))
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	run := &queryRun{began: make(chan struct{}), out: make(chan *bufio.Writer), done: make(chan struct{})}
	run.start(ctx, s.athena, in, newEncoder)
	select {
	case <-run.done:
		defer cancel()
		s.answerWithoutRows(rc, run)
	case <-run.began:
		s.stream(rc, run, cancel)
	}
}

func readQuery(rc *fasthttp.RequestCtx) (athena.QueryInput, error) {
	var q QueryRequest
	contentType, _, _ := mime.ParseMediaType(string(rc.Request.Header.ContentType()))
	switch contentType {
	case "application/json":
		d := json.NewDecoder(strings.NewReader(string(rc.PostBody())))
		d.DisallowUnknownFields()
		if err := d.Decode(&q); err != nil {
			return athena.QueryInput{}, errors.New("the body is not a query request: " + err.Error())
		}
		if _, err := d.Token(); !errors.Is(err, io.EOF) {
			return athena.QueryInput{}, errors.New("the body is more than one query request")
		}
	case "text/plain", "application/sql":
		q.SQL = string(rc.PostBody())
		q.Database = string(rc.QueryArgs().Peek("database"))
		q.WaitFor = string(rc.QueryArgs().Peek("wait_for"))
		q.Reuse = rc.QueryArgs().GetBool("reuse")
	default:
		return athena.QueryInput{}, errors.New("send the query as application/json or text/plain, not as " + contentType)
	}
	if strings.TrimSpace(q.SQL) == "" {
		return athena.QueryInput{}, errors.New("sql is missing")
	}
	return athena.QueryInput{
		SQL: q.SQL, Database: q.Database, Catalog: q.Catalog, WorkGroup: q.WorkGroup, Parameters: q.Parameters, WaitFor: q.WaitFor,
		Reuse: q.Reuse,
	}, nil
}

// queryRun is a query between two goroutines: the one that runs it, and
// fasthttp's, which hands over the connection once the first row is due.
type queryRun struct {
	began   chan struct{}      // closed when the columns are known
	out     chan *bufio.Writer // the connection
	done    chan struct{}      // closed when the query has ended
	encoder encoder

	// Set before began.
	warnings []lint.Warning
	id       athena.QueryID
	columns  []analyzer.Column
	// Set before done.
	summary athena.QuerySummary
	err     error // never taken, or the client went away
}

func (r *queryRun) start(ctx context.Context, service *athena.Service, in athena.QueryInput, newEncoder func() encoder) {
	r.encoder = newEncoder()
	go func() {
		defer close(r.done)
		sink := &streamSink{ctx: ctx, run: r}
		r.summary, r.err = service.Query(ctx, in, sink)
		if r.err == nil && sink.writer != nil {
			r.err = r.finish(sink)
		}
	}()
}

func (r *queryRun) finish(sink *streamSink) error {
	if r.summary.State == api.QueryExecutionStateSucceeded {
		if err := r.encoder.end(sink.writer, StatisticsOf(r.summary)); err != nil {
			return err
		}
		return sink.writer.Flush()
	}
	if err := r.encoder.fail(sink.writer, splitReason(r.summary.Reason)); err != nil {
		return err
	}
	return sink.writer.Flush()
}

// stream sends the answer.
func (s *Server) stream(rc *fasthttp.RequestCtx, run *queryRun, cancel func()) {
	h := &rc.Response.Header
	h.SetContentType(run.encoder.contentType())
	h.Set(HeaderQueryExecutionID, string(run.id))
	h.Set("Cache-Control", "no-store")
	addWarnings(h, run.warnings)
	if err := h.SetTrailer(TrailerStatistics + ", " + TrailerError); err != nil {
		s.log.Error("set trailers", "error", err)
	}
	release := gateway.Streaming(rc)
	rows := fasthttp.NewStreamReader(func(w *bufio.Writer) {
		select {
		case run.out <- w:
		case <-run.done: // cancelled before the first row
		}
		<-run.done
	})
	rc.SetBodyStream(&answer{
		rows: rows, run: run, header: h, conn: rc.Conn(), stall: stallTimeout, release: func() { cancel(); release() },
	}, -1)
}

// addWarnings writes a header for each warning: CODE: message.
func addWarnings(h *fasthttp.ResponseHeader, warnings []lint.Warning) {
	for _, w := range warnings {
		h.Add(HeaderWarning, w.Code+": "+trailerText(w.Message))
	}
}

// stallTimeout is how long a client may take nothing of an answer. Longer, and
// it is cut: its query holds one of the places for running queries.
const stallTimeout = time.Minute

// answer is the body of a streamed answer. The HTTP server reads it to its end
// or closes it early, always before the header belongs to another request.
type answer struct {
	rows    io.ReadCloser
	run     *queryRun
	header  *fasthttp.ResponseHeader
	conn    net.Conn
	stall   time.Duration
	release func()
}

// Read ends with the trailers set. An answer that cannot tell its error ends
// with one instead of io.EOF, for which the server cuts the connection.
func (a *answer) Read(p []byte) (int, error) {
	n, err := a.rows.Read(p)
	if err := a.conn.SetWriteDeadline(time.Now().Add(a.stall)); err != nil { // of what is written next
		return 0, err
	}
	if n > 0 || !errors.Is(err, io.EOF) {
		return n, err
	}
	<-a.run.done
	if statistics, err := json.Marshal(StatisticsOf(a.run.summary)); err == nil {
		a.header.Set(TrailerStatistics, string(statistics))
	}
	if a.run.err != nil {
		return 0, a.run.err
	}
	if a.run.summary.State == api.QueryExecutionStateSucceeded {
		return 0, io.EOF
	}
	a.header.Set(TrailerError, trailerText(a.run.summary.Reason))
	if a.run.encoder.tellsErrors() {
		return 0, io.EOF
	}
	return 0, errors.New(a.run.summary.Reason)
}

// Close ends the query of a client that has gone, and waits for its end.
func (a *answer) Close() error {
	a.release()
	err := errors.Join(a.rows.Close(), a.conn.SetWriteDeadline(time.Time{}))
	<-a.run.done
	return err
}

// answerWithoutRows answers a query that ended before it had columns: it
// failed, or its statement has no result.
func (s *Server) answerWithoutRows(rc *fasthttp.RequestCtx, run *queryRun) {
	if run.err != nil {
		s.answerRefused(rc, run.err)
		return
	}
	rc.Response.Header.Set(HeaderQueryExecutionID, string(run.summary.ID))
	if run.summary.State != api.QueryExecutionStateSucceeded {
		e := splitReason(run.summary.Reason)
		writeError(rc, http.StatusBadRequest, e.Code, e.Message)
		return
	}
	rc.SetContentType(run.encoder.contentType())
	statistics := StatisticsOf(run.summary)
	if text, err := json.Marshal(statistics); err == nil {
		rc.Response.Header.Set(TrailerStatistics, string(text))
	}
	w := bufio.NewWriter(rc.Response.BodyWriter())
	err := run.encoder.begin(w, nil)
	if err == nil {
		err = run.encoder.end(w, statistics)
	}
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		s.log.Error("answer a statement", "error", err)
	}
}

// answerRefused answers a query that was never taken.
func (s *Server) answerRefused(rc *fasthttp.RequestCtx, err error) {
	if sqlite.IsFull(err) {
		err = awsapi.DiskFull(err)
	}
	e := awsapi.AsError(err)
	if e.HTTPStatus() >= http.StatusInternalServerError {
		s.log.Error("query refused", "error", err)
	}
	code := e.Code
	if athenaCode, ok := e.Fields["AthenaErrorCode"].(string); ok {
		code = athenaCode
	}
	message := e.Message
	if code == "MALFORMED_QUERY" {
		code, message = parseFailure(message)
	}
	writeError(rc, e.HTTPStatus(), code, message)
}

// parseFailure gives a statement that the parser refused its Trino error name:
// "line 1:1: …" is a SYNTAX_ERROR, other names stand before the place.
func parseFailure(message string) (code, text string) {
	if strings.HasPrefix(message, "line ") {
		return "SYNTAX_ERROR", message
	}
	e := splitReason(message)
	return e.Code, e.Message
}

// streamSink writes rows to the connection that run.out brings.
type streamSink struct {
	ctx    context.Context
	run    *queryRun
	writer *bufio.Writer
	pacer  pacer
}

func (s *streamSink) Warn(warnings []lint.Warning) { s.run.warnings = warnings }

func (s *streamSink) Begin(id athena.QueryID, columns []analyzer.Column) error {
	s.run.id, s.run.columns = id, columns
	if len(columns) == 0 {
		return nil // a statement without a result: answered at its end
	}
	close(s.run.began)
	select {
	case s.writer = <-s.run.out:
	case <-s.ctx.Done():
		return context.Cause(s.ctx)
	}
	return s.run.encoder.begin(s.writer, columns)
}

func (s *streamSink) Row(values []any) error {
	if err := s.run.encoder.row(s.writer, values); err != nil {
		return err
	}
	if !s.pacer.due() {
		return nil
	}
	return s.writer.Flush() // fails when the client has gone
}
