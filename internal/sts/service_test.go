package sts_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssts "github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/credentials"
	"github.com/scopsdb/scops/internal/sts"
	"github.com/stretchr/testify/require"
)

func TestSessions(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	keys := credentials.NewKeyring(credentials.Pair{AccessKeyID: "AKIAROOT", SecretAccessKey: "s"}, "000000000000", func() time.Time { return now })
	s := sts.New(keys)
	ctx := awsapi.WithRequest(t.Context(), awsapi.Request{AccountID: "000000000000", AccessKeyID: "AKIAROOT"})

	role, err := s.AssumeRole(ctx, &awssts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::123456789012:role/path/reader"), RoleSessionName: aws.String("n1")})
	require.NoError(t, err)
	require.Equal(t, now.Add(time.Hour), *role.Credentials.Expiration)
	require.Equal(t, "arn:aws:sts::123456789012:assumed-role/reader/n1", *role.AssumedRoleUser.Arn)
	id, err := keys.Lookup(*role.Credentials.AccessKeyId, *role.Credentials.SessionToken)
	require.NoError(t, err)
	require.Equal(t, *role.AssumedRoleUser.Arn, id.ARN)

	asRole := awsapi.WithRequest(t.Context(), awsapi.Request{AccountID: "000000000000", AccessKeyID: *role.Credentials.AccessKeyId})
	who, err := s.GetCallerIdentity(asRole, nil)
	require.NoError(t, err)
	require.Equal(t, *role.AssumedRoleUser.AssumedRoleId, *who.UserId)
	_, err = s.GetSessionToken(asRole, &awssts.GetSessionTokenInput{})
	require.ErrorContains(t, err, "AccessDenied")

	token, err := s.GetSessionToken(ctx, &awssts.GetSessionTokenInput{})
	require.NoError(t, err)
	require.Equal(t, now.Add(12*time.Hour), *token.Credentials.Expiration)
}

func TestRefusals(t *testing.T) {
	s := sts.New(credentials.NewKeyring(credentials.Pair{}, "000000000000", time.Now))
	good := awssts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::000000000000:role/r"), RoleSessionName: aws.String("name")}
	for name, change := range map[string]func(*awssts.AssumeRoleInput){
		"at 'roleArn'":         func(in *awssts.AssumeRoleInput) { in.RoleArn = aws.String("r") },
		"at 'roleSessionName'": func(in *awssts.AssumeRoleInput) { in.RoleSessionName = nil },
		"from 900 to 43200":    func(in *awssts.AssumeRoleInput) { in.DurationSeconds = aws.Int32(899) },
		"Session policies":     func(in *awssts.AssumeRoleInput) { in.PolicyArns = []types.PolicyDescriptorType{{}} },
	} {
		in := good
		change(&in)
		_, err := s.AssumeRole(t.Context(), &in)
		require.ErrorContains(t, err, name)
	}
}
