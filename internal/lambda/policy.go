package lambda

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/google/uuid"
)

// policy is the resource policy of a function, a version or an alias. It is kept
// and answered; nobody but the owner of the keys calls functions here.
type policy struct {
	RevisionID string
	Statements []statement
}

type statement struct {
	Sid       string         `json:"Sid"`
	Effect    string         `json:"Effect"`
	Principal any            `json:"Principal"`
	Action    string         `json:"Action"`
	Resource  string         `json:"Resource"`
	Condition map[string]any `json:"Condition,omitempty"`
}

var (
	statementPattern = regexp.MustCompile(`^[a-zA-Z0-9-_]{1,100}$`)
	actionPattern    = regexp.MustCompile(`^(lambda:[*]|lambda:[a-zA-Z]+|[*])$`)
	accountPattern   = regexp.MustCompile(`^\d{12}$`)
)

// policyOf reads the policy of what a function and a qualifier name; a new one
// where there is none.
func (s *Service) policyOf(ctx context.Context, function, qualifier *string) (reference, *policy, error) {
	r, err := s.refer(function, qualifier)
	if err != nil {
		return r, nil, err
	}
	if r.qualifier == latest {
		return r, nil, invalid("We currently do not support adding policies for $LATEST.")
	}
	if _, err := s.find(ctx, r); err != nil {
		return r, nil, err
	}
	p, err := get[policy](ctx, s.store.db.Read, policiesTable, r.name, r.qualifier)
	if errors.Is(err, errNoRecord) {
		return r, &policy{}, nil
	}
	return r, p, err
}

// AddPermission adds a statement to a policy.
// https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
func (s *Service) AddPermission(ctx context.Context, in *lambda.AddPermissionInput) (*lambda.AddPermissionOutput, error) {
	switch {
	case !statementPattern.MatchString(value(in.StatementId)):
		return nil, constraint(value(in.StatementId), "statementId", "Member must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)")
	case !actionPattern.MatchString(value(in.Action)):
		return nil, constraint(value(in.Action), "action", "Member must satisfy regular expression pattern: (lambda:[*]|lambda:[a-zA-Z]+|[*])")
	case value(in.Principal) == "":
		return nil, constraint("null", "principal", "Member must not be null")
	case in.FunctionUrlAuthType != "" || in.InvokedViaFunctionUrl != nil:
		return nil, unsupported("function URLs (FunctionUrlAuthType, InvokedViaFunctionUrl)")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r, p, err := s.policyOf(ctx, in.FunctionName, in.Qualifier)
	if err != nil {
		return nil, err
	}
	if in.RevisionId != nil && *in.RevisionId != p.RevisionID {
		return nil, staleRevision()
	}
	if slices.ContainsFunc(p.Statements, func(st statement) bool { return st.Sid == *in.StatementId }) {
		return nil, conflict("The statement id (%s) provided already exists. Please provide a new statement id, or remove the existing statement.", *in.StatementId)
	}
	st := statement{Sid: *in.StatementId, Effect: "Allow", Principal: principal(*in.Principal), Action: *in.Action, Resource: s.arn(r.name, r.qualifier), Condition: conditions(in)}
	p.Statements = append(p.Statements, st)
	p.RevisionID = uuid.NewString()
	if err := put(ctx, s.store.db.Write, policiesTable, r.name, r.qualifier, p); err != nil {
		return nil, err
	}
	text, err := json.Marshal(st)
	return &lambda.AddPermissionOutput{Statement: ptr(string(text))}, err
}

func principal(text string) any {
	switch {
	case text == "*":
		return text
	case accountPattern.MatchString(text):
		return map[string]string{"AWS": "arn:aws:iam::" + text + ":root"}
	case strings.HasPrefix(text, "arn:"):
		return map[string]string{"AWS": text}
	}
	return map[string]string{"Service": text}
}

func conditions(in *lambda.AddPermissionInput) map[string]any {
	equals, out := map[string]string{}, map[string]any{}
	for key, v := range map[string]*string{"AWS:SourceAccount": in.SourceAccount, "aws:PrincipalOrgID": in.PrincipalOrgID, "lambda:EventSourceToken": in.EventSourceToken} {
		if v != nil {
			equals[key] = *v
		}
	}
	if len(equals) > 0 {
		out["StringEquals"] = equals
	}
	if in.SourceArn != nil {
		out["ArnLike"] = map[string]string{"AWS:SourceArn": *in.SourceArn}
	}
	return out
}

// GetPolicy answers a policy.
// https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html
func (s *Service) GetPolicy(ctx context.Context, in *lambda.GetPolicyInput) (*lambda.GetPolicyOutput, error) {
	_, p, err := s.policyOf(ctx, in.FunctionName, in.Qualifier)
	switch {
	case err != nil:
		return nil, err
	case len(p.Statements) == 0:
		return nil, notFound("The resource you requested does not exist.")
	}
	text, err := json.Marshal(struct {
		Version   string      `json:"Version"`
		ID        string      `json:"Id"`
		Statement []statement `json:"Statement"`
	}{"2012-10-17", "default", p.Statements})
	return &lambda.GetPolicyOutput{Policy: ptr(string(text)), RevisionId: &p.RevisionID}, err
}

// RemovePermission removes a statement of a policy.
// https://docs.aws.amazon.com/lambda/latest/api/API_RemovePermission.html
func (s *Service) RemovePermission(ctx context.Context, in *lambda.RemovePermissionInput) (*lambda.RemovePermissionOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, p, err := s.policyOf(ctx, in.FunctionName, in.Qualifier)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(p.Statements, func(st statement) bool { return st.Sid == value(in.StatementId) })
	switch {
	case len(p.Statements) == 0:
		return nil, notFound("No policy is associated with the given resource.")
	case at < 0:
		return nil, notFound("Statement %s is not found in resource policy.", value(in.StatementId))
	case in.RevisionId != nil && *in.RevisionId != p.RevisionID:
		return nil, staleRevision()
	}
	p.Statements = slices.Delete(p.Statements, at, at+1)
	p.RevisionID = uuid.NewString()
	return &lambda.RemovePermissionOutput{}, put(ctx, s.store.db.Write, policiesTable, r.name, r.qualifier, p)
}
