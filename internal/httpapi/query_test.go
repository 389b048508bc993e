package httpapi

import (
	"strings"
	"testing"

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
