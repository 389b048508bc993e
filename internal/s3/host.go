package s3

import (
	"context"
	"net"
	"net/url"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/gofiber/fiber/v3"
	"github.com/versity/versitygw/s3api/utils"
)

// awsHost are the endpoints of AWS, with the bucket in front or not.
var awsHost = regexp.MustCompile(`^(?:(.+)\.)?s3(?:[.-][a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?$`)

// virtualHost finds the bucket in the Host header, where clients put it unless
// the endpoint is an address, and moves it to the path.
func (s *Server) virtualHost(c fiber.Ctx) error {
	host := string(c.Request().Host())
	bucket := s.virtualBucket(host)
	if bucket == "" && c.Method() == fiber.MethodPut && string(c.Request().URI().PathOriginal()) == "/" {
		bucket = newBucket(host) // PUT / makes sense only for a bucket in the host: it creates it
	}
	if bucket == "" {
		return c.Next()
	}
	// What versitygw's own middleware does later, where the domain is fixed: the
	// signature is over the path as it came.
	path := string(c.Request().URI().PathOriginal())
	plain, err := url.PathUnescape(path)
	if err != nil {
		return c.Next() // versitygw refuses it
	}
	c.Locals(originalPath, plain)
	if path == "/" {
		path = ""
	}
	c.Path("/" + bucket + path)
	return c.Next()
}

// originalPath is versitygw's name for the path that was signed
// (internal/httpctx.ContextKeyOriginalURIPath).
const originalPath = "original-uri-path"

// virtualBucket returns the bucket that a host names, or "".
func (s *Server) virtualBucket(host string) string {
	name := hostName(host)
	if m := awsHost.FindStringSubmatch(name); m != nil {
		return m[1]
	}
	label := newBucket(host)
	if label == "" || name != label+".localhost" && !s.exists(label) {
		return ""
	}
	return label
}

// newBucket returns the first label of a host if it could be a bucket's name.
func newBucket(host string) string {
	name := hostName(host)
	if net.ParseIP(strings.Trim(name, "[]")) != nil || awsHost.MatchString(name) {
		return ""
	}
	label, _, ok := strings.Cut(name, ".")
	if !ok || !utils.IsValidBucketName(label) {
		return ""
	}
	return label
}

func hostName(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return strings.ToLower(host)
}

func (s *Server) exists(bucket string) bool {
	_, err := s.backend.HeadBucket(context.Background(), &s3.HeadBucketInput{Bucket: &bucket})
	return err == nil
}
