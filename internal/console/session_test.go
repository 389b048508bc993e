package console

import (
	"testing"
	"time"

	"github.com/scopsdb/scops/internal/credentials"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"
)

func TestSessions(t *testing.T) {
	now := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	s := newSessions(credentials.Pair{AccessKeyID: "id", SecretAccessKey: "secret"}, func() time.Time { return now })

	link := s.newLink()
	require.True(t, s.redeem(link))
	require.False(t, s.redeem(link), "a link works once")
	require.False(t, s.redeem("guess"))
	old := s.newLink()
	now = now.Add(linkLifetime)
	require.False(t, s.redeem(old), "a link ends")

	cookie := s.newSession()
	require.True(t, s.valid(cookie))
	require.False(t, s.valid(""))
	s.close(cookie)
	require.False(t, s.valid(cookie))
	cookie = s.newSession()
	now = now.Add(sessionLifetime)
	require.False(t, s.valid(cookie), "a session ends")

	require.True(t, s.passwordMatches("id", "secret"))
	require.False(t, s.passwordMatches("id", "secre"))
	require.False(t, s.passwordMatches("", ""))
}

func TestSameOrigin(t *testing.T) {
	for origin, want := range map[string]bool{
		"": true, "http://127.0.0.1:4566": true, "http://evil.example": false, "null": false, "%": false,
	} {
		var rc fasthttp.RequestCtx
		rc.Request.SetHost("127.0.0.1:4566")
		if origin != "" {
			rc.Request.Header.Set("Origin", origin)
		}
		require.Equal(t, want, sameOrigin(&rc), origin)
	}
}
