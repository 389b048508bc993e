package rig

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"net/url"
	"strconv"
	"time"
)

// Lean signs requests with bodies that are not known before: the key is derived
// and the header laid out once, so that a request costs three short hashes of
// the cores that it shares with the server. It is not safe for concurrent use.
type Lean struct {
	head      []byte // up to the signature
	canonical []byte // up to the hash of the body
	toSign    []byte // up to the hash of the canonical request
	mac       hash.Hash
	scratch   []byte
}

// Lean lays out a POST to the root of a URL. The target is X-Amz-Target, or "".
func (s Signer) Lean(endpoint, service, contentType, target string) (*Lean, error) {
	u, err := url.Parse(endpoint)
	if err != nil {
		return nil, err
	}
	at := time.Now().UTC().Format("20060102T150405Z")
	scope := at[:8] + "/" + s.Region + "/" + service + "/aws4_request"
	headers := "host:" + u.Host + "\nx-amz-date:" + at + "\n"
	signed, wire := "host;x-amz-date", ""
	if target != "" {
		headers += "x-amz-target:" + target + "\n"
		signed, wire = signed+";x-amz-target", "X-Amz-Target: "+target+"\r\n"
	}
	key := []byte("AWS4" + s.Keys.SecretAccessKey)
	for _, part := range []string{at[:8], s.Region, service, "aws4_request"} {
		key = sum(hmac.New(sha256.New, key), part)
	}
	return &Lean{
		head: fmt.Appendf(nil, "POST / HTTP/1.1\r\nHost: %s\r\nX-Amz-Date: %s\r\n%sContent-Type: %s\r\nAuthorization: AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=",
			u.Host, at, wire, contentType, s.Keys.AccessKeyID, scope, signed),
		canonical: []byte("POST\n/\n\n" + headers + "\n" + signed + "\n"),
		toSign:    []byte("AWS4-HMAC-SHA256\n" + at + "\n" + scope + "\n"),
		mac:       hmac.New(sha256.New, key),
	}, nil
}

// Request lays out the request with a body. It is valid until the next call.
func (l *Lean) Request(dst, body []byte) []byte {
	hash := sha256.Sum256(body)
	l.scratch = hex.AppendEncode(append(l.scratch[:0], l.canonical...), hash[:])
	hash = sha256.Sum256(l.scratch)
	l.scratch = hex.AppendEncode(append(l.scratch[:0], l.toSign...), hash[:])
	l.mac.Reset()
	l.mac.Write(l.scratch)
	l.scratch = l.mac.Sum(l.scratch[:0])
	dst = hex.AppendEncode(append(dst[:0], l.head...), l.scratch)
	dst = append(dst, "\r\nContent-Length: "...)
	dst = strconv.AppendInt(dst, int64(len(body)), 10)
	return append(append(dst, "\r\n\r\n"...), body...)
}

func sum(h hash.Hash, text string) []byte {
	h.Write([]byte(text))
	return h.Sum(nil)
}
