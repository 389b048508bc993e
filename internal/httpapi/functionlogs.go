package httpapi

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/gateway"
	"github.com/scopsdb/scops/internal/lambda/functionlog"
	"github.com/valyala/fasthttp"
)

// FunctionsPath comes before NAME/logs.
const FunctionsPath = "/_scops/v1/functions/"

const (
	defaultLogLines = 100
	maxLogLines     = 10_000
)

// FunctionLogs is where lines come from: the Lambda service. It fails with an
// *awsapi.Error for a function that does not exist.
type FunctionLogs interface {
	// FollowLogs returns the newest lines, at most n, and a channel of those that
	// come after, until stop. It is closed early for a reader that is too slow.
	FollowLogs(ctx context.Context, function string, n int) (lines []functionlog.Line, more <-chan []functionlog.Line, stop func(), err error)
}

// LogServer answers GET /_scops/v1/functions/NAME/logs: what a function printed,
// a line of JSON each.
type LogServer struct {
	Logs FunctionLogs
	Log  *slog.Logger
}

// FunctionLogsPath is the path of a function's log.
func FunctionLogsPath(function string) string {
	return FunctionsPath + url.PathEscape(function) + "/logs"
}

// Handle answers one request.
func (s *LogServer) Handle(ctx context.Context, rc *fasthttp.RequestCtx) {
	name, ok := strings.CutSuffix(strings.TrimPrefix(string(rc.Path()), FunctionsPath), "/logs")
	if !ok || name == "" || strings.Contains(name, "/") {
		writeError(rc, http.StatusNotFound, "NotFound", "there is nothing at "+string(rc.Path()))
		return
	}
	limit, err := logLimit(rc.QueryArgs())
	if err != nil {
		writeError(rc, http.StatusBadRequest, "InvalidRequest", err.Error())
		return
	}
	lines, more, stop, err := s.Logs.FollowLogs(ctx, name, limit)
	if err != nil {
		e := awsapi.AsError(err)
		if e.HTTPStatus() >= http.StatusInternalServerError {
			s.Log.Error("read the log of a function", "function", name, "error", err)
		}
		writeError(rc, e.HTTPStatus(), e.Code, e.Message)
		return
	}
	rc.SetContentType("application/x-ndjson")
	rc.Response.Header.Set("Cache-Control", "no-store")
	if rc.QueryArgs().GetBool("follow") {
		follow(ctx, rc, lines, more, stop)
		return
	}
	stop()
	w := rc.Response.BodyWriter()
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for _, l := range lines {
		_ = e.Encode(l) // into memory
	}
}

func logLimit(args *fasthttp.Args) (int, error) {
	if !args.Has("limit") {
		return defaultLogLines, nil
	}
	n, err := strconv.Atoi(string(args.Peek("limit")))
	if err != nil || n < 0 || n > maxLogLines {
		return 0, errLogLimit
	}
	return n, nil
}

var errLogLimit = fmt.Errorf("limit is not a number from 0 to %d", maxLogLines)

// follow streams lines until the client goes away or scops stops.
func follow(ctx context.Context, rc *fasthttp.RequestCtx, lines []functionlog.Line, more <-chan []functionlog.Line, stop func()) {
	release := gateway.Streaming(rc)
	ctx, cancel := awsapi.Waiting(ctx)
	rc.SetBodyStreamWriter(func(w *bufio.Writer) {
		defer release()
		defer cancel()
		defer stop()
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		for ok := true; ok; {
			for _, l := range lines {
				if e.Encode(l) != nil {
					return
				}
			}
			if w.Flush() != nil {
				return
			}
			select {
			case <-ctx.Done():
				return
			case lines, ok = <-more:
			}
		}
	})
}
