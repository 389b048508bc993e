package httpapi

import (
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"
)

func TestReadQuery(t *testing.T) {
	for _, c := range []struct{ contentType, body, sql, wrong string }{
		{"application/json", `{"sql": "SELECT 1"}`, "SELECT 1", ""},
		{"application/json; charset=utf-8", "{\"sql\": \"SELECT 1\"}\n", "SELECT 1", ""},
		{"text/plain", "SELECT 1", "SELECT 1", ""},
		{"application/json", `{"sql": "SELECT 1"} {"sql": "SELECT 2"}`, "", "more than one"},
		{"application/json", `{"sql": "SELECT 1"} x`, "", "more than one"},
		{"application/json", `{"sql": "SELECT 1", "limit": 5}`, "", "limit"},
		{"application/json", `{"sql": " "}`, "", "sql is missing"},
		{"", "SELECT 1", "", "send the query as"},
	} {
		var rc fasthttp.RequestCtx
		rc.Request.Header.SetContentType(c.contentType)
		rc.Request.SetBodyString(c.body)
		in, err := readQuery(&rc)
		if c.wrong != "" {
			require.ErrorContains(t, err, c.wrong, c.body)
			continue
		}
		require.NoError(t, err, c.body)
		require.Equal(t, c.sql, in.SQL)
	}
}

func TestTrailerTextFitsAHeader(t *testing.T) {
	require.Equal(t, "a  b 한 ", trailerText("a\r\nb\x00한\x7f"))
	long := trailerText(strings.Repeat("한", maxTrailer))
	require.LessOrEqual(t, len(long), maxTrailer+len("…"))
	require.NotContains(t, long, "\uFFFD")
}

// endless is a result that never ends.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }
func (endless) Close() error               { return nil }

func TestReaderThatStallsIsCut(t *testing.T) {
	released := make(chan struct{})
	server := &fasthttp.Server{Handler: func(rc *fasthttp.RequestCtx) {
		run := &queryRun{done: make(chan struct{})}
		close(run.done)
		rc.SetBodyStream(&answer{
			rows: endless{}, run: run, header: &rc.Response.Header, conn: rc.Conn(), stall: 100 * time.Millisecond,
			release: func() { close(released) },
		}, -1)
	}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	conn, err := net.Dial("tcp", l.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	_, err = conn.Write([]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
	require.NoError(t, err)
	select { // nothing is read
	case <-released:
	case <-time.After(10 * time.Second):
		t.Fatal("the answer goes on though nobody reads it")
	}
	require.NoError(t, server.Shutdown())
	require.NoError(t, <-served)
}
