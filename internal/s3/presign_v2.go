package s3

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/scopsdb/scops/internal/credentials"
	"github.com/scopsdb/scops/internal/sigv4"
	"github.com/valyala/fasthttp"
	"github.com/versity/versitygw/s3err"
)

// upgradeV2 turns a URL that is presigned with version 2, which boto3 and the
// AWS CLI still make for us-east-1, into one presigned with version 4, which
// is all that versitygw reads. Its signature is verified first. Other requests
// stay as they are.
func (s *Server) upgradeV2(req *fasthttp.Request) error {
	args := req.URI().QueryArgs()
	if !args.Has("AWSAccessKeyId") || !args.Has("Signature") || !args.Has("Expires") {
		return nil
	}
	id, err := s.verifyV2(req)
	if err != nil {
		return err
	}
	token := string(args.Peek("x-amz-security-token"))
	for _, name := range []string{"AWSAccessKeyId", "Signature", "Expires", "x-amz-security-token"} {
		args.Del(name)
	}
	return s.presignV4(req, id, token)
}

func (s *Server) verifyV2(req *fasthttp.Request) (credentials.Identity, error) {
	args := req.URI().QueryArgs()
	access, token := string(args.Peek("AWSAccessKeyId")), string(args.Peek("x-amz-security-token"))
	id, err := s.keys.Lookup(access, token)
	switch {
	case errors.Is(err, credentials.ErrUnknownKey):
		return id, s3err.GetInvalidAccessKeyIdErr(access)
	case errors.Is(err, credentials.ErrExpired):
		return id, errExpiredToken
	case err != nil:
		return id, s3err.GetAPIError(s3err.ErrInvalidToken)
	}
	expires, err := strconv.ParseInt(string(args.Peek("Expires")), 10, 64)
	if err != nil || !s.now().Before(time.Unix(expires, 0)) {
		return id, s3err.APIError{Code: "AccessDenied", Description: "Request has expired", HTTPStatusCode: http.StatusForbidden}
	}
	mac := hmac.New(sha1.New, []byte(id.SecretAccessKey))
	mac.Write([]byte(s.stringToSignV2(req)))
	want := base64.StdEncoding.EncodeToString(mac.Sum(nil))
	if subtle.ConstantTimeCompare([]byte(want), args.Peek("Signature")) != 1 {
		return id, s3err.APIError{Code: "SignatureDoesNotMatch", Description: "The request signature we calculated does not match the signature you provided. Check your key and signing method.", HTTPStatusCode: http.StatusForbidden}
	}
	return id, nil
}

// subresources are the parameters that version 2 signs.
var subresources = []string{
	"acl", "cors", "delete", "lifecycle", "location", "logging", "notification", "partNumber", "policy", "requestPayment",
	"response-cache-control", "response-content-disposition", "response-content-encoding", "response-content-language",
	"response-content-type", "response-expires", "restore", "tagging", "torrent", "uploadId", "uploads", "versionId",
	"versioning", "versions", "website",
}

func (s *Server) stringToSignV2(req *fasthttp.Request) string {
	h, args := &req.Header, req.URI().QueryArgs()
	var amz []string
	for k, v := range h.All() {
		if name := strings.ToLower(string(k)); strings.HasPrefix(name, "x-amz-") {
			amz = append(amz, name+":"+strings.TrimSpace(string(v))+"\n")
		}
	}
	if token := args.Peek("x-amz-security-token"); len(token) > 0 {
		amz = append(amz, "x-amz-security-token:"+string(token)+"\n")
	}
	slices.Sort(amz)
	var sub []string
	for _, name := range subresources {
		if !args.Has(name) {
			continue
		}
		if v := args.Peek(name); len(v) > 0 {
			name += "=" + string(v)
		}
		sub = append(sub, name)
	}
	rawPath, _, _ := strings.Cut(string(h.RequestURI()), "?")
	if bucket := s.virtualBucket(string(h.Host())); bucket != "" {
		rawPath = "/" + bucket + rawPath
	}
	resource := rawPath
	if len(sub) > 0 {
		resource += "?" + strings.Join(sub, "&")
	}
	return strings.Join([]string{string(h.Method()), string(h.Peek("Content-MD5")), string(h.ContentType()), string(args.Peek("Expires")),
		strings.Join(amz, "") + resource}, "\n")
}

// presignV4 signs the request's URL anew, for a minute.
func (s *Server) presignV4(req *fasthttp.Request, id credentials.Identity, token string) error {
	uri, err := url.Parse(string(req.Header.RequestURI()))
	if err != nil {
		return s3err.GetAPIError(s3err.ErrInvalidURI)
	}
	query, err := url.ParseQuery(string(req.URI().QueryArgs().QueryString()))
	if err != nil {
		return s3err.GetAPIError(s3err.ErrInvalidURI)
	}
	at := s.now().UTC()
	date := at.Format("20060102")
	scope := date + "/" + s.region + "/s3/aws4_request"
	query.Set("X-Amz-Algorithm", "AWS4-HMAC-SHA256")
	query.Set("X-Amz-Credential", id.AccessKeyID+"/"+scope)
	query.Set("X-Amz-Date", at.Format("20060102T150405Z"))
	query.Set("X-Amz-Expires", "60")
	query.Set("X-Amz-SignedHeaders", "host")
	if token != "" {
		query.Set("X-Amz-Security-Token", token)
	}
	encoded := strings.ReplaceAll(query.Encode(), "+", "%20")
	canonical := strings.Join([]string{string(req.Header.Method()), uri.EscapedPath(), encoded, "host:" + string(req.Header.Host()) + "\n", "host", "UNSIGNED-PAYLOAD"}, "\n")
	sum := sha256.Sum256([]byte(canonical))
	toSign := strings.Join([]string{"AWS4-HMAC-SHA256", query.Get("X-Amz-Date"), scope, hex.EncodeToString(sum[:])}, "\n")
	mac := hmac.New(sha256.New, sigv4.SigningKey(id.SecretAccessKey, date, s.region, "s3"))
	mac.Write([]byte(toSign))
	req.SetRequestURI(uri.EscapedPath() + "?" + encoded + "&X-Amz-Signature=" + hex.EncodeToString(mac.Sum(nil)))
	return nil
}

// writeError answers with an error of S3.
func writeError(rc *fasthttp.RequestCtx, err error) {
	var e s3err.S3Error
	if !errors.As(err, &e) {
		e = s3err.GetAPIError(s3err.ErrInternalError)
	}
	id := uuid.NewString()
	rc.SetStatusCode(e.StatusCode())
	rc.SetContentType("application/xml")
	rc.Response.Header.Set("X-Amz-Request-Id", id)
	rc.SetBody(e.XMLBody(id, id))
	rc.SetConnectionClose() // the body was not read
}
