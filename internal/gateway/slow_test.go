package gateway_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/scopsdb/scops/internal/credentials"
	"github.com/scopsdb/scops/internal/gateway"
	"github.com/stretchr/testify/require"
)

// TestSlowHeadersAreCut: connections that never finish a request's headers must
// not add up.
func TestSlowHeadersAreCut(t *testing.T) {
	g, err := gateway.New(gateway.Config{
		Region: "ap-northeast-2", AccountID: "000000000000", Log: slog.New(slog.DiscardHandler),
		Keys: credentials.NewKeyring(root, "000000000000", time.Now), HeaderTimeout: 300 * time.Millisecond,
	}, nil, nil, nil)
	require.NoError(t, err)
	l := listen(t)
	served := make(chan error, 1)
	go func() { served <- g.Serve(l) }()
	defer func() {
		require.NoError(t, g.Shutdown(context.Background()))
		require.NoError(t, <-served)
	}()
	for _, begun := range []string{"", "GET /_scops/health HTTP/1.1\r\nHost: x\r\n", "POST /_scops/health HTTP/1.1\r\nHost: x\r\nContent-Length: 20000\r\n\r\n" + strings.Repeat("x", 10_000)} {
		conn, err := net.Dial("tcp", l.Addr().String())
		require.NoError(t, err)
		_, err = io.WriteString(conn, begun)
		require.NoError(t, err)
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(20*time.Second)))
		answer, err := io.ReadAll(conn)
		require.NotErrorIs(t, err, os.ErrDeadlineExceeded, "still open after %q", begun)
		if begun == "" {
			require.Empty(t, string(answer)) // it would answer a request to come
		}
		require.NoError(t, conn.Close())
	}
}

// TestBodyIsNeverTheNextRequest: a body that nobody wants is read all the same.
func TestBodyIsNeverTheNextRequest(t *testing.T) {
	s := start(t)
	smuggled := strings.Repeat("GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n", 2000)
	for _, path := range []string{"/_scops/health", "/_scops/nothing", "/bucket/key"} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		require.NoError(t, err)
		require.NoError(t, conn.SetDeadline(time.Now().Add(20*time.Second)))
		_, err = fmt.Fprintf(conn, "PUT %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%sGET /_scops/health HTTP/1.1\r\nHost: x\r\n\r\n", path, len(smuggled), smuggled)
		require.NoError(t, err)
		in := bufio.NewReader(conn)
		first, err := http.ReadResponse(in, nil)
		require.NoError(t, err)
		_, err = io.Copy(io.Discard, first.Body)
		require.NoError(t, err)
		if !first.Close {
			second, err := http.ReadResponse(in, nil)
			require.NoError(t, err, path)
			text, err := io.ReadAll(second.Body)
			require.NoError(t, err)
			require.Equal(t, "ok\n", string(text), path)
		}
		require.NoError(t, conn.Close())
	}
}
