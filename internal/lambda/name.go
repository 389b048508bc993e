package lambda

import (
	"regexp"

	"github.com/scopsdb/scops/internal/awsapi"
)

const latest = "$LATEST"

// namePattern is that of the member FunctionName of the service model.
const namePattern = `(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso(b?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?`

var (
	nameParts        = regexp.MustCompile(`^(?:arn:aws[a-zA-Z-]*:lambda:)?(?:([a-z]{2}(?:-gov|-isob?)?-[a-z]+-\d):)?(?:(\d{12}):)?(?:function:)?([a-zA-Z0-9-_]+)(?::(\$LATEST|[a-zA-Z0-9-_]+))?$`)
	qualifierPattern = regexp.MustCompile(`^(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+)$`)
	numberPattern    = regexp.MustCompile(`^[0-9]+$`)
)

const (
	maxNameText = 140 // characters of a name in any of its forms
	maxName     = 64
)

// reference is how a caller names a function.
type reference struct {
	name      string
	qualifier string // "" is none: the latest
}

// arn is the function's ARN, with a qualifier where one is given.
func (s *Service) arn(name, qualifier string) string {
	arn := "arn:aws:lambda:" + s.cfg.Region + ":" + s.cfg.AccountID + ":function:" + name
	if qualifier != "" {
		arn += ":" + qualifier
	}
	return arn
}

// refer reads a name, a partial ARN or an ARN, and the parameter Qualifier.
func (s *Service) refer(text, qualifier *string) (reference, error) {
	name := value(text)
	m := nameParts.FindStringSubmatch(name)
	if m == nil || len(name) > maxNameText {
		return reference{}, badName(name)
	}
	if len(m[3]) > maxName {
		return reference{}, constraint(m[3], "functionName", "Member must have length less than or equal to 64")
	}
	if m[1] != "" && m[1] != s.cfg.Region {
		return reference{}, notFound("Functions from '%s' are not reachable in this region ('%s')", m[1], s.cfg.Region)
	}
	if m[2] != "" && m[2] != s.cfg.AccountID {
		return reference{}, notFound("Function not found: %s", name)
	}
	r := reference{name: m[3], qualifier: m[4]}
	if qualifier == nil {
		return r, nil
	}
	switch {
	case !qualifierPattern.MatchString(*qualifier) || len(*qualifier) > 128:
		return r, constraint(*qualifier, "qualifier", `Member must satisfy regular expression pattern: \$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9-_$]+`)
	case r.qualifier != "" && r.qualifier != *qualifier:
		return r, invalid("The derived qualifier from the function name does not match the specified qualifier.")
	}
	r.qualifier = *qualifier
	return r, nil
}

func badName(name string) *awsapi.Error {
	if len(name) > maxNameText {
		return constraint(name, "functionName", "Member must have length less than or equal to 140")
	}
	return constraint(name, "functionName", "Member must satisfy regular expression pattern: "+namePattern)
}

// whole is refer for operations on a function as a whole.
func (s *Service) whole(text *string) (string, error) {
	r, err := s.refer(text, nil)
	if err != nil {
		return "", err
	}
	if r.qualifier != "" && r.qualifier != latest {
		return "", invalid("This operation does not permit a qualified function name: %s", *text)
	}
	return r.name, nil
}

func value[T any](p *T) T {
	var zero T
	if p == nil {
		return zero
	}
	return *p
}

// missing is the error for a function, or a version of one, that is not there.
func (s *Service) missing(r reference) error {
	return notFound("Function not found: %s", s.arn(r.name, r.qualifier))
}
