package sigv4

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/scopsdb/scops/internal/credentials"
	"github.com/valyala/fasthttp"
)

const timeFormat = "20060102T150405Z"

// maxExpires is how long a presigned URL may be good for.
const maxExpires = 7 * 24 * time.Hour

// Verifier checks signatures. It is safe for concurrent use.
type Verifier struct {
	Keys    *credentials.Keyring
	Now     func() time.Time
	MaxSkew time.Duration

	cache keyCache
}

// Verify checks that the request is signed for one of the services (in any
// region) by a known key, now, with this body. Every error is an *Error.
func (v *Verifier) Verify(req *fasthttp.Request, body []byte, services ...string) (credentials.Identity, Scope, error) {
	a, err := ParseRequest(req)
	if err != nil {
		return credentials.Identity{}, Scope{}, err
	}
	id, err := v.identity(req, &a)
	if err != nil {
		return credentials.Identity{}, Scope{}, err
	}
	if err := v.check(req, body, &a, id, services); err != nil {
		return credentials.Identity{}, Scope{}, err
	}
	return id, a.Scope, nil
}

func (v *Verifier) identity(req *fasthttp.Request, a *Authorization) (credentials.Identity, error) {
	token := a.Token
	if !a.Query {
		token = string(req.Header.Peek("X-Amz-Security-Token"))
	}
	id, err := v.Keys.Lookup(a.AccessKeyID, token)
	switch {
	case errors.Is(err, credentials.ErrExpired):
		return id, errExpiredToken
	case err != nil:
		return id, errUnknownKey
	}
	return id, nil
}

func (v *Verifier) check(req *fasthttp.Request, body []byte, a *Authorization, id credentials.Identity, services []string) error {
	date, err := v.date(req, a)
	if err != nil {
		return err
	}
	if !slices.Contains(services, a.Scope.Service) {
		return fail(Mismatch, "Credential should be scoped to correct service: '%s'. ", strings.Join(services, "' or '"))
	}
	if err := signsEnough(req, a); err != nil {
		return err
	}
	payload, err := payloadHash(req, body)
	if err != nil {
		return err
	}
	want := v.signature(req, a, id.SecretAccessKey, date, payload)
	if subtle.ConstantTimeCompare(want[:], []byte(a.Signature)) != 1 {
		return errMismatch
	}
	return nil
}

// date returns the time of signing, which must be near to now.
func (v *Verifier) date(req *fasthttp.Request, a *Authorization) (string, error) {
	text := a.Date
	if !a.Query {
		text = string(req.Header.Peek("X-Amz-Date"))
	}
	if text == "" {
		if d, err := fasthttp.ParseHTTPDate(req.Header.Peek("Date")); err == nil {
			text = d.UTC().Format(timeFormat)
		}
	}
	if text == "" {
		return "", fail(Incomplete, "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=%s", algorithm)
	}
	at, err := time.Parse(timeFormat, text)
	if err != nil {
		return "", fail(Incomplete, "Date must be in ISO-8601 'basic format'. Got '%s'. See http://en.wikipedia.org/wiki/ISO_8601", text)
	}
	if text[:8] != a.Scope.Date {
		return "", fail(Mismatch, "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '%s' != '%s', from '%s'.", a.Scope.Date, text[:8], text)
	}
	valid := v.MaxSkew
	if a.Query {
		if valid, err = expiry(a.Expires); err != nil {
			return "", err
		}
	}
	return text, v.fresh(text, at, valid)
}

func expiry(seconds string) (time.Duration, error) {
	n, err := strconv.Atoi(seconds)
	d := time.Duration(n) * time.Second
	if err != nil || n < 1 || d > maxExpires {
		return 0, fail(Incomplete, "X-Amz-Expires must be a number of seconds from 1 to %d.", int(maxExpires.Seconds()))
	}
	return d, nil
}

func (v *Verifier) fresh(text string, at time.Time, valid time.Duration) error {
	now := v.Now().UTC()
	if oldest := now.Add(-valid); at.Before(oldest.Truncate(time.Second)) {
		return fail(Skewed, "Signature expired: %s is now earlier than %s (%s - %s.)", text, oldest.Format(timeFormat), now.Format(timeFormat), minutes(valid))
	}
	if newest := now.Add(v.MaxSkew); at.After(newest) {
		return fail(Skewed, "Signature not yet current: %s is still later than %s (%s + %s.)", text, newest.Format(timeFormat), now.Format(timeFormat), minutes(v.MaxSkew))
	}
	return nil
}

func minutes(d time.Duration) string {
	if d%time.Minute != 0 {
		return strconv.Itoa(int(d/time.Second)) + " sec"
	}
	return strconv.Itoa(int(d/time.Minute)) + " min"
}

// signsEnough tells whether the headers that decide what a request means are
// signed.
func signsEnough(req *fasthttp.Request, a *Authorization) error {
	for _, name := range []string{"host", "x-amz-date", "x-amz-target"} {
		if name != "host" && len(req.Header.Peek(name)) == 0 {
			continue
		}
		if !hasHeader(a.SignedHeaders, name) {
			return fail(Mismatch, "'%s' must be a 'SignedHeader' in the AWS Authorization.", name)
		}
	}
	return nil
}

func hasHeader(list, name string) bool {
	for h := range strings.SplitSeq(list, ";") {
		if h == name {
			return true
		}
	}
	return false
}

const unsignedPayload = "UNSIGNED-PAYLOAD"

// payloadHash returns the last line of the canonical request. A client that
// states the hash of its body must state the right one.
func payloadHash(req *fasthttp.Request, body []byte) (string, error) {
	stated := string(req.Header.Peek("X-Amz-Content-Sha256"))
	if stated == unsignedPayload {
		return stated, nil
	}
	sum := sha256.Sum256(body)
	actual := hex.EncodeToString(sum[:])
	if stated != "" && stated != actual {
		return "", errMismatch
	}
	return actual, nil
}

var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 1024); return &b }}

// signature returns the right signature in hexadecimal digits.
func (v *Verifier) signature(req *fasthttp.Request, a *Authorization, secret, date, payload string) [64]byte {
	buf := buffers.Get().(*[]byte)
	defer buffers.Put(buf)
	b := appendCanonical((*buf)[:0], req, a, payload)
	canonical := sha256.Sum256(b)
	b = append(b[:0], algorithm+"\n"...)
	b = append(b, date...)
	b = append(b, '\n')
	b = append(b, a.Scope.Date...)
	b = append(b, '/')
	b = append(b, a.Scope.Region...)
	b = append(b, '/')
	b = append(b, a.Scope.Service...)
	b = append(b, "/aws4_request\n"...)
	b = hex.AppendEncode(b, canonical[:])
	*buf = b

	h, release := v.cache.hasher(a.AccessKeyID, secret, a.Scope)
	defer release()
	h.Write(b)
	var sum [32]byte
	var out [64]byte
	hex.Encode(out[:], h.Sum(sum[:0]))
	return out
}
