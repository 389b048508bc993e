package sts

import (
	"context"
	"regexp"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/credentials"
)

// Service answers STS requests.
type Service struct{ keys *credentials.Keyring }

// New returns a service that issues sessions of the keyring.
func New(keys *credentials.Keyring) *Service { return &Service{keys: keys} }

// API describes the service to the gateway.
func (s *Service) API() awsapi.Service {
	return awsapi.Service{
		SigningName:  "sts",
		Protocol:     awsapi.Query,
		XMLNamespace: "https://sts.amazonaws.com/doc/2011-06-15/",
		Version:      "2011-06-15",
		Operations: []awsapi.Operation{
			awsapi.Op("GetCallerIdentity", s.GetCallerIdentity),
			awsapi.Op("AssumeRole", s.AssumeRole),
			awsapi.Op("GetSessionToken", s.GetSessionToken),
		},
		NotImplemented: []string{
			"AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "AssumeRoot", "DecodeAuthorizationMessage",
			"GetAccessKeyInfo", "GetDelegatedAccessToken", "GetFederationToken", "GetWebIdentityToken",
		},
	}
}

// GetCallerIdentity tells who signed the request.
func (s *Service) GetCallerIdentity(ctx context.Context, _ *sts.GetCallerIdentityInput) (*sts.GetCallerIdentityOutput, error) {
	r := awsapi.RequestFrom(ctx)
	id := s.keys.Identity(r.AccessKeyID)
	return &sts.GetCallerIdentityOutput{Account: &r.AccountID, Arn: &id.ARN, UserId: &id.UserID}, nil
}

// Limits of session lifetimes in seconds.
const (
	minSeconds        = 900
	maxRoleSeconds    = 12 * 3600
	maxSessionSeconds = 36 * 3600
	roleDefault       = 3600
	sessionDefault    = 12 * 3600
)

var (
	rolePattern    = regexp.MustCompile(`^arn:aws[a-z-]*:iam::([0-9]{12}):role/(?:.*/)?([A-Za-z0-9+=,.@_-]{1,64})$`)
	sessionPattern = regexp.MustCompile(`^[A-Za-z0-9_+=,.@-]{2,64}$`)
)

// AssumeRole issues temporary credentials.
func (s *Service) AssumeRole(_ context.Context, in *sts.AssumeRoleInput) (*sts.AssumeRoleOutput, error) {
	role := rolePattern.FindStringSubmatch(value(in.RoleArn))
	if role == nil {
		return nil, invalid(value(in.RoleArn), "roleArn", "must be the ARN of a role, as arn:aws:iam::000000000000:role/name")
	}
	name := value(in.RoleSessionName)
	if !sessionPattern.MatchString(name) {
		return nil, invalid(name, "roleSessionName", `must have 2 to 64 characters of [\w+=,.@-]`)
	}
	if in.Policy != nil || len(in.PolicyArns) > 0 {
		return nil, awsapi.Errorf("ValidationError", "Session policies are not supported: the credentials of a role may do what the root keys may.")
	}
	lifetime, err := lifetime(in.DurationSeconds, roleDefault, maxRoleSeconds)
	if err != nil {
		return nil, err
	}
	arn := "arn:aws:sts::" + role[1] + ":assumed-role/" + role[2] + "/" + name
	id := credentials.NewUniqueID("AROA") + ":" + name
	c := s.issue(arn, id, lifetime)
	return &sts.AssumeRoleOutput{
		AssumedRoleUser: &types.AssumedRoleUser{Arn: &arn, AssumedRoleId: &id},
		Credentials:     c,
		SourceIdentity:  in.SourceIdentity,
	}, nil
}

// GetSessionToken issues temporary credentials for the caller.
func (s *Service) GetSessionToken(ctx context.Context, in *sts.GetSessionTokenInput) (*sts.GetSessionTokenOutput, error) {
	caller := s.keys.Identity(awsapi.RequestFrom(ctx).AccessKeyID)
	if !caller.Root {
		return nil, &awsapi.Error{Code: "AccessDenied", Message: "Cannot call GetSessionToken with session credentials", Status: 403}
	}
	lifetime, err := lifetime(in.DurationSeconds, sessionDefault, maxSessionSeconds)
	if err != nil {
		return nil, err
	}
	return &sts.GetSessionTokenOutput{Credentials: s.issue(caller.ARN, caller.UserID, lifetime)}, nil
}

func (s *Service) issue(arn, userID string, lifetime time.Duration) *types.Credentials {
	session := s.keys.Issue(arn, userID, lifetime)
	return &types.Credentials{
		AccessKeyId:     &session.AccessKeyID,
		SecretAccessKey: &session.SecretAccessKey,
		SessionToken:    &session.SessionToken,
		Expiration:      &session.Expires,
	}
}

func lifetime(seconds *int32, fallback, most int32) (time.Duration, error) {
	n := fallback
	if seconds != nil {
		n = *seconds
	}
	if n < minSeconds || n > most {
		return 0, awsapi.Errorf("ValidationError", "The requested DurationSeconds must be from %d to %d.", minSeconds, most)
	}
	return time.Duration(n) * time.Second, nil
}

func invalid(got, name, rule string) error {
	return awsapi.Errorf("ValidationError", "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member %s", got, name, rule)
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
