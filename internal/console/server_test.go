package console

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/scopsdb/scops/internal/credentials"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/types"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"
)

var testPair = credentials.Pair{AccessKeyID: "id", SecretAccessKey: "secret"}

func testConsole() *Console {
	return New(Config{
		Credentials: testPair, Now: time.Now,
		Signed: func(*fasthttp.RequestCtx) error { return errors.New("no signature") },
	})
}

// ask sends a request to a console.
func ask(c *Console, method, uri string, change ...func(*fasthttp.Request)) *fasthttp.Response {
	var rc fasthttp.RequestCtx
	rc.Request.Header.SetMethod(method)
	rc.Request.SetRequestURI(uri)
	rc.Request.SetHost("127.0.0.1:4566")
	for _, f := range change {
		f(&rc.Request)
	}
	c.Handle(context.Background(), &rc)
	return &rc.Response
}

func withCookie(value string) func(*fasthttp.Request) {
	return func(r *fasthttp.Request) { r.Header.SetCookie(cookieName, value) }
}

func withOrigin(origin string) func(*fasthttp.Request) {
	return func(r *fasthttp.Request) { r.Header.Set("Origin", origin) }
}

func withForm(form string) func(*fasthttp.Request) {
	return func(r *fasthttp.Request) {
		r.Header.SetContentType("application/x-www-form-urlencoded")
		r.SetBodyString(form)
	}
}

func TestStrangersReadNothing(t *testing.T) {
	c := testConsole()
	for p, r := range routes {
		if r.open {
			continue
		}
		for _, change := range []func(*fasthttp.Request){
			withCookie(""), withCookie("guess"), func(r *fasthttp.Request) { r.Header.Set("Authorization", "Bearer x") },
		} {
			answer := ask(c, r.method, p, change)
			if p == "/_scops/" {
				require.Equal(t, http.StatusFound, answer.StatusCode())
				require.Equal(t, "/_scops/login", string(answer.Header.Peek("Location")))
				require.Empty(t, answer.Body())
				continue
			}
			require.Equal(t, http.StatusForbidden, answer.StatusCode(), p)
			require.Contains(t, string(answer.Body()), `"code":"AccessDenied"`)
		}
	}
}

func TestLoginAndLogout(t *testing.T) {
	c := testConsole()
	wrong := ask(c, "POST", "/_scops/login", withForm("access_key_id=id&secret_access_key=other"))
	require.Equal(t, "/_scops/login?wrong", string(wrong.Header.Peek("Location")))
	require.Empty(t, wrong.Header.Peek("Set-Cookie"))

	right := ask(c, "POST", "/_scops/login", withForm("access_key_id=id&secret_access_key=secret"))
	require.Equal(t, http.StatusOK, right.StatusCode())
	var cookie fasthttp.Cookie
	require.NoError(t, cookie.ParseBytes(right.Header.PeekCookie(cookieName)))
	require.True(t, cookie.HTTPOnly())
	require.Equal(t, fasthttp.CookieSameSiteStrictMode, cookie.SameSite())
	session := withCookie(string(cookie.Value()))
	require.Contains(t, string(ask(c, "GET", "/_scops/", session).Body()), `id="breakdowns"`)
	require.Equal(t, http.StatusForbidden, ask(c, "POST", "/_scops/logout", session, withOrigin("http://evil.example")).StatusCode())

	out := ask(c, "POST", "/_scops/logout", session, withOrigin("http://127.0.0.1:4566"))
	require.NoError(t, cookie.ParseBytes(out.Header.PeekCookie(cookieName)))
	require.True(t, cookie.Expire().Before(time.Now()))
	require.Equal(t, "/_scops/", string(cookie.Path()), "a browser removes what it keeps for the same path")
	require.Equal(t, http.StatusFound, ask(c, "GET", "/_scops/", session).StatusCode())
}

func TestOneTimePath(t *testing.T) {
	c := testConsole()
	p := c.OneTimePath()
	require.NotEmpty(t, ask(c, "GET", p).Header.PeekCookie(cookieName))
	again := ask(c, "GET", p)
	require.Empty(t, again.Header.PeekCookie(cookieName))
	require.Equal(t, "/_scops/login?expired", string(again.Header.Peek("Location")))
}

func TestPathsAndMethods(t *testing.T) {
	c := testConsole()
	for _, a := range []struct {
		method, uri string
		want        int
	}{
		{"GET", "/_scops", http.StatusFound},
		{"GET", "/_scops/nothing", http.StatusNotFound},
		{"GET", "/_scops/v1/query", http.StatusMethodNotAllowed},
		{"GET", "/_scops/assets/nothing.js", http.StatusNotFound},
		{"GET", "/_scops/assets/", http.StatusNotFound},
		{"GET", "/_scops/assets/..%2f..%2fserver.go", http.StatusNotFound},
	} {
		require.Equal(t, a.want, ask(c, a.method, a.uri).StatusCode(), a.uri)
	}
}

// TestAssets: each has a type that a browser takes under nosniff, and names
// nothing outside.
func TestAssets(t *testing.T) {
	c := testConsole()
	entries, err := fs.ReadDir(assets, "assets")
	require.NoError(t, err)
	for _, e := range entries {
		answer := ask(c, "GET", assetPrefix+e.Name())
		require.Equal(t, http.StatusOK, answer.StatusCode())
		require.NotEmpty(t, answer.Header.ContentType(), e.Name())
		require.Contains(t, string(answer.Header.Peek("Content-Security-Policy")), "default-src 'self'")
		if strings.HasSuffix(e.Name(), ".html") {
			require.NotContains(t, string(answer.Body()), "//", "an address of another host")
		}
	}
}

func TestRowCollectorCountsWhatItDoesNotKeep(t *testing.T) {
	var r rowCollector
	require.NoError(t, r.Begin("", []analyzer.Column{{Name: "label", Type: types.VarcharType(types.UnboundedLength)}}))
	for range maxRows + 7 {
		require.NoError(t, r.Row([]any{nil, int64(2)}))
	}
	require.Len(t, r.rows, maxRows)
	require.Nil(t, r.rows[0].Label)
	require.Equal(t, int64(maxRows+7), r.values)
	require.Equal(t, int64(2*(maxRows+7)), r.total)
}
