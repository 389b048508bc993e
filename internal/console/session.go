package console

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/scopsdb/scops/internal/credentials"
	"github.com/valyala/fasthttp"
)

const (
	cookieName      = "scops_session"
	sessionLifetime = 12 * time.Hour
	linkLifetime    = 24 * time.Hour
)

// sessions are the logged-in browsers and the one-time links, in memory: a
// restart logs everybody out.
type sessions struct {
	root credentials.Pair
	now  func() time.Time

	mu    sync.Mutex
	open  map[[sha256.Size]byte]time.Time // hash of the cookie → end
	links map[[sha256.Size]byte]time.Time // hash of the token → end
}

func newSessions(root credentials.Pair, now func() time.Time) *sessions {
	return &sessions{root: root, now: now, open: map[[sha256.Size]byte]time.Time{}, links: map[[sha256.Size]byte]time.Time{}}
}

func (s *sessions) newLink() string { return s.add(s.links, linkLifetime) }

func (s *sessions) newSession() string { return s.add(s.open, sessionLifetime) }

// add makes a secret that lives in a set for a time. Only its hash is kept, so
// that looking it up takes the same time for every guess.
func (s *sessions) add(set map[[sha256.Size]byte]time.Time, lifetime time.Duration) string {
	secret := rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	for k, end := range set {
		if now.After(end) {
			delete(set, k)
		}
	}
	set[sha256.Sum256([]byte(secret))] = now.Add(lifetime)
	return secret
}

func (s *sessions) valid(cookie string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	end, ok := s.open[sha256.Sum256([]byte(cookie))]
	return ok && s.now().Before(end)
}

// redeem uses a one-time link up.
func (s *sessions) redeem(token string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := sha256.Sum256([]byte(token))
	end, ok := s.links[key]
	delete(s.links, key)
	return ok && s.now().Before(end)
}

func (s *sessions) close(cookie string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, sha256.Sum256([]byte(cookie)))
}

func (s *sessions) passwordMatches(id, secret string) bool {
	sameID := subtle.ConstantTimeCompare([]byte(id), []byte(s.root.AccessKeyID))
	sameSecret := subtle.ConstantTimeCompare([]byte(secret), []byte(s.root.SecretAccessKey))
	return sameID&sameSecret == 1
}

// login shows the form, takes the credentials or redeems a one-time link.
func (c *Console) login(_ context.Context, rc *fasthttp.RequestCtx) {
	switch {
	case rc.IsPost() && sameOrigin(rc):
		if c.sessions.passwordMatches(string(rc.FormValue("access_key_id")), string(rc.FormValue("secret_access_key"))) {
			c.enter(rc)
			return
		}
		redirect(rc, "/_scops/login?wrong", http.StatusSeeOther)
	case rc.QueryArgs().Has("token"):
		if c.sessions.redeem(string(rc.QueryArgs().Peek("token"))) {
			c.enter(rc)
			return
		}
		redirect(rc, "/_scops/login?expired", http.StatusSeeOther)
	default:
		c.asset(rc, "login.html")
	}
}

func (c *Console) enter(rc *fasthttp.RequestCtx) {
	setCookie(rc, c.sessions.newSession(), sessionLifetime)
	// Not a redirect: after one from another site the browser would withhold
	// the SameSite=Strict cookie.
	rc.SetContentType("text/html; charset=utf-8")
	rc.SetBodyString(`<!doctype html><link rel="icon" href="data:,"><meta http-equiv="refresh" content="0;url=/_scops/"><a href="/_scops/">scops</a>`)
}

func (c *Console) logout(_ context.Context, rc *fasthttp.RequestCtx) {
	c.sessions.close(string(rc.Request.Header.Cookie(cookieName)))
	setCookie(rc, "", -time.Second)
	redirect(rc, "/_scops/login", http.StatusSeeOther)
}

// setCookie gives the browser its session for a lifetime; a negative one takes
// it back.
func setCookie(rc *fasthttp.RequestCtx, value string, lifetime time.Duration) {
	var cookie fasthttp.Cookie
	cookie.SetKey(cookieName)
	cookie.SetValue(value)
	cookie.SetPath("/_scops/")
	cookie.SetHTTPOnly(true)
	cookie.SetSecure(rc.IsTLS())
	cookie.SetSameSite(fasthttp.CookieSameSiteStrictMode)
	if lifetime < 0 {
		cookie.SetExpire(fasthttp.CookieExpireDelete)
	} else {
		cookie.SetMaxAge(int(lifetime.Seconds()))
	}
	rc.Response.Header.SetCookie(&cookie)
}

// sameOrigin refuses what another site's page sends. Browsers put Origin on
// every POST; a request without one comes from no page.
func sameOrigin(rc *fasthttp.RequestCtx) bool {
	origin := string(rc.Request.Header.Peek("Origin"))
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host == string(rc.Host())
}
