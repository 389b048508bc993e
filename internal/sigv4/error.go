package sigv4

import "fmt"

// Kind says what is wrong with a request's signature.
type Kind int

// The kinds of errors.
const (
	Missing      Kind = iota + 1 // nothing is signed
	Incomplete                   // the parts cannot be read
	UnknownKey                   // no such access key id, or not with this token
	ExpiredToken                 // temporary credentials that ended
	Mismatch                     // another signature is right, for whatever reason
	Skewed                       // signed too long ago or in the future
)

// Error is why a request is not accepted. Message is AWS's own text.
type Error struct {
	Kind    Kind
	Message string
}

func (e *Error) Error() string { return e.Message }

func fail(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

var (
	errMissing      = fail(Missing, "Missing Authentication Token")
	errUnknownKey   = fail(UnknownKey, "The security token included in the request is invalid.")
	errExpiredToken = fail(ExpiredToken, "The security token included in the request is expired")
	errMismatch     = fail(Mismatch, "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.")
)
