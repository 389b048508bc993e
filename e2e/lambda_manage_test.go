package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"
)

// requireAPIError requires an error of the service with a code, a status and a
// part of its message.
func requireAPIError(t *testing.T, err error, code string, status int, message string) {
	t.Helper()
	var api smithy.APIError
	require.ErrorAs(t, err, &api)
	require.Equal(t, code, api.ErrorCode(), api.ErrorMessage())
	require.Contains(t, api.ErrorMessage(), message)
	var response *awshttp.ResponseError
	require.True(t, errors.As(err, &response))
	require.Equal(t, status, response.HTTPStatusCode())
}

func TestLambdaLifecycle(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	c := s.lambda()
	code, err := functionZip()
	require.NoError(t, err)
	name := unique("life-")
	in := &lambda.CreateFunctionInput{
		FunctionName: &name, Role: aws.String(functionRole), Runtime: types.RuntimeProvidedal2023, Handler: aws.String("bootstrap"),
		Code: &types.FunctionCode{ZipFile: code}, Tags: map[string]string{"team": "fulfillment"}, Description: aws.String("a test"),
	}
	made, err := c.CreateFunction(ctx, in)
	require.NoError(t, err)
	require.Equal(t, types.StatePending, made.State)
	require.Equal(t, types.StateReasonCodeCreating, made.StateReasonCode)
	require.Equal(t, "arn:aws:lambda:"+region+":000000000000:function:"+name, *made.FunctionArn)
	require.EqualValues(t, len(code), made.CodeSize)
	require.EqualValues(t, 3, *made.Timeout)
	require.EqualValues(t, 128, *made.MemorySize)
	require.Len(t, *made.CodeSha256, 44)
	require.Regexp(t, `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$`, *made.LastModified)
	_, err = c.CreateFunction(ctx, in)
	requireAPIError(t, err, "ResourceConflictException", http.StatusConflict, "Function already exist: "+name)

	require.NoError(t, lambda.NewFunctionExistsWaiter(c).Wait(ctx, &lambda.GetFunctionInput{FunctionName: &name}, time.Minute))
	require.NoError(t, lambda.NewFunctionActiveWaiter(c).Wait(ctx, &lambda.GetFunctionConfigurationInput{FunctionName: &name}, time.Minute))
	for _, reference := range []string{name, *made.FunctionArn, "000000000000:function:" + name, *made.FunctionArn + ":$LATEST"} {
		got, err := c.GetFunction(ctx, &lambda.GetFunctionInput{FunctionName: &reference})
		require.NoError(t, err, reference)
		require.Equal(t, types.StateActive, got.Configuration.State)
		require.Equal(t, map[string]string{"team": "fulfillment"}, got.Tags)
	}

	updated, err := c.UpdateFunctionConfiguration(ctx, &lambda.UpdateFunctionConfigurationInput{
		FunctionName: &name, Timeout: aws.Int32(9), RevisionId: made.RevisionId, Environment: &types.Environment{Variables: map[string]string{"AA": "1"}},
	})
	require.NoError(t, err)
	require.Equal(t, types.LastUpdateStatusInProgress, updated.LastUpdateStatus)
	require.EqualValues(t, 9, *updated.Timeout)
	require.Equal(t, "a test", *updated.Description, "what is not named stays")
	require.NotEqual(t, *made.RevisionId, *updated.RevisionId)
	require.NoError(t, lambda.NewFunctionUpdatedV2Waiter(c).Wait(ctx, &lambda.GetFunctionInput{FunctionName: &name}, time.Minute))
	_, err = c.UpdateFunctionConfiguration(ctx, &lambda.UpdateFunctionConfigurationInput{FunctionName: &name, Timeout: aws.Int32(8), RevisionId: made.RevisionId})
	requireAPIError(t, err, "PreconditionFailedException", http.StatusPreconditionFailed, "Revision Id")

	other, err := zipOf(entry{"bootstrap", 0o755, []byte("#!/bin/sh\nexit 9\n")})
	require.NoError(t, err)
	dry, err := c.UpdateFunctionCode(ctx, &lambda.UpdateFunctionCodeInput{FunctionName: &name, ZipFile: other, DryRun: true})
	require.NoError(t, err)
	require.NotEqual(t, *made.CodeSha256, *dry.CodeSha256)
	require.Nil(t, s.invoke(name, event{}).FunctionError, "a dry run changes nothing")
	_, err = c.UpdateFunctionCode(ctx, &lambda.UpdateFunctionCodeInput{FunctionName: &name, ZipFile: other})
	require.NoError(t, err)
	require.Contains(t, string(s.invoke(name, event{}).Payload), "exit status 9", "the warm process of the old code is not used")

	_, err = c.DeleteFunction(ctx, &lambda.DeleteFunctionInput{FunctionName: &name})
	require.NoError(t, err)
	_, err = c.GetFunction(ctx, &lambda.GetFunctionInput{FunctionName: &name})
	requireAPIError(t, err, "ResourceNotFoundException", http.StatusNotFound, "Function not found: "+*made.FunctionArn)
	_, err = c.Invoke(ctx, &lambda.InvokeInput{FunctionName: &name})
	requireAPIError(t, err, "ResourceNotFoundException", http.StatusNotFound, "Function not found")
}

// TestLambdaCodeFromS3 uses a package that lies in a bucket.
func TestLambdaCodeFromS3(t *testing.T) {
	t.Parallel()
	s := shared(t)
	code, err := functionZip()
	require.NoError(t, err)
	bucket := s.bucket()
	s.put(bucket, "builds/function.zip", code)
	name := s.function(func(in *lambda.CreateFunctionInput) {
		in.Code = &types.FunctionCode{S3Bucket: &bucket, S3Key: aws.String("builds/function.zip")}
	})
	require.Nil(t, s.invoke(name, event{}).FunctionError)
	_, err = s.lambda().UpdateFunctionCode(context.Background(), &lambda.UpdateFunctionCodeInput{FunctionName: &name, S3Bucket: &bucket, S3Key: aws.String("nothing")})
	requireAPIError(t, err, "InvalidParameterValueException", http.StatusBadRequest, "S3 Error Code: NoSuchKey")
}

func TestLambdaRefusals(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	code, err := zipOf(entry{"bootstrap", 0o755, []byte("#!/bin/sh\n")})
	require.NoError(t, err)
	outside, err := zipOf(entry{"../../outside", 0o644, []byte("x")})
	require.NoError(t, err)
	const bad, validation = "InvalidParameterValueException", "ValidationException"
	for _, c := range []struct {
		change  func(*lambda.CreateFunctionInput)
		code    string
		message string
	}{
		{func(in *lambda.CreateFunctionInput) { in.FunctionName = aws.String("no spaces") }, validation, "at 'functionName'"},
		{func(in *lambda.CreateFunctionInput) { in.FunctionName = aws.String(strings.Repeat("x", 65)) }, validation, "less than or equal to 64"},
		{func(in *lambda.CreateFunctionInput) { in.MemorySize = aws.Int32(127) }, validation, "greater than or equal to 128"},
		{func(in *lambda.CreateFunctionInput) { in.MemorySize = aws.Int32(10241) }, validation, "less than or equal to 10240"},
		{func(in *lambda.CreateFunctionInput) { in.Timeout = aws.Int32(0) }, validation, "greater than or equal to 1"},
		{func(in *lambda.CreateFunctionInput) { in.Timeout = aws.Int32(901) }, validation, "less than or equal to 900"},
		{func(in *lambda.CreateFunctionInput) { in.Role = aws.String("me") }, validation, "at 'role'"},
		{func(in *lambda.CreateFunctionInput) { in.Runtime = "cobol" }, bad, "Member must satisfy enum value set"},
		{func(in *lambda.CreateFunctionInput) { in.Runtime = types.RuntimeJava21 }, bad, "the runtime java21"},
		{func(in *lambda.CreateFunctionInput) { in.Runtime = "" }, bad, "Runtime is mandatory"},
		{func(in *lambda.CreateFunctionInput) { in.Handler = nil }, bad, "Handler is mandatory"},
		{func(in *lambda.CreateFunctionInput) { in.Code.ZipFile = []byte("no zip") }, bad, "Could not unzip uploaded file"},
		{func(in *lambda.CreateFunctionInput) { in.Code.ZipFile = outside }, bad, "is outside of the archive"},
		{func(in *lambda.CreateFunctionInput) { in.Code = &types.FunctionCode{} }, bad, "Please provide a source for function code."},
		{func(in *lambda.CreateFunctionInput) {
			in.Environment = &types.Environment{Variables: map[string]string{"AWS_REGION": "x"}}
		}, bad, "Reserved keys used in this request: AWS_REGION"},
		{func(in *lambda.CreateFunctionInput) {
			in.Environment = &types.Environment{Variables: map[string]string{"AA": strings.Repeat("x", 4096)}}
		}, bad, "exceeded the 4KB limit"},
		{func(in *lambda.CreateFunctionInput) { in.Layers = []string{"arn:aws:lambda:x:000000000000:layer:l:1"} }, bad, "scops does not support layers"},
		{func(in *lambda.CreateFunctionInput) { in.VpcConfig = &types.VpcConfig{SubnetIds: []string{"s"}} }, bad, "VPCs"},
		{func(in *lambda.CreateFunctionInput) { in.PackageType = types.PackageTypeImage }, bad, "container images"},
		{func(in *lambda.CreateFunctionInput) {
			in.SnapStart = &types.SnapStart{ApplyOn: types.SnapStartApplyOnPublishedVersions}
		}, bad, "SnapStart"},
		{func(in *lambda.CreateFunctionInput) {
			in.TracingConfig = &types.TracingConfig{Mode: types.TracingModeActive}
		}, bad, "X-Ray"},
		{func(in *lambda.CreateFunctionInput) {
			in.DeadLetterConfig = &types.DeadLetterConfig{TargetArn: aws.String("arn:aws:sns:ap-northeast-2:000000000000:t")}
		}, bad, "it must be the ARN of an SQS queue"},
	} {
		in := &lambda.CreateFunctionInput{
			FunctionName: aws.String(unique("refused-")), Role: aws.String(functionRole), Runtime: types.RuntimeProvidedal2023, Handler: aws.String("bootstrap"),
			Code: &types.FunctionCode{ZipFile: code},
		}
		c.change(in)
		_, err := s.lambda().CreateFunction(ctx, in)
		requireAPIError(t, err, c.code, http.StatusBadRequest, c.message)
	}
	_, err = s.lambda().CreateFunctionUrlConfig(ctx, &lambda.CreateFunctionUrlConfigInput{FunctionName: aws.String("f"), AuthType: types.FunctionUrlAuthTypeNone})
	requireAPIError(t, err, "NotImplemented", http.StatusBadRequest, "CreateFunctionUrlConfig")
	_, err = s.lambda().GetFunction(ctx, &lambda.GetFunctionInput{FunctionName: aws.String("arn:aws:lambda:eu-west-1:000000000000:function:f")})
	requireAPIError(t, err, "ResourceNotFoundException", http.StatusNotFound, "Functions from 'eu-west-1' are not reachable in this region")
	// The CLI may be given a name that is none of the pattern.
	_, err = s.lambda().Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String("a:b:c:d:e")})
	requireAPIError(t, err, validation, http.StatusBadRequest, "at 'functionName'")
}

func TestLambdaVersionsAndAliases(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	c := s.lambda()
	name := s.function(func(in *lambda.CreateFunctionInput) { in.Publish = true })
	again, err := c.PublishVersion(ctx, &lambda.PublishVersionInput{FunctionName: &name})
	require.NoError(t, err)
	require.Equal(t, "1", *again.Version, "nothing changed")
	_, err = c.UpdateFunctionConfiguration(ctx, &lambda.UpdateFunctionConfigurationInput{FunctionName: &name, Description: aws.String("second")})
	require.NoError(t, err)
	second, err := c.PublishVersion(ctx, &lambda.PublishVersionInput{FunctionName: &name})
	require.NoError(t, err)
	require.Equal(t, "2", *second.Version)
	require.True(t, strings.HasSuffix(*second.FunctionArn, name+":2"))
	_, err = c.PublishVersion(ctx, &lambda.PublishVersionInput{FunctionName: &name, CodeSha256: aws.String("other")})
	requireAPIError(t, err, "InvalidParameterValueException", http.StatusBadRequest, "is different from current CodeSHA256")
	listed, err := c.ListVersionsByFunction(ctx, &lambda.ListVersionsByFunctionInput{FunctionName: &name})
	require.NoError(t, err)
	var versions []string
	for _, v := range listed.Versions {
		versions = append(versions, *v.Version)
	}
	require.Equal(t, []string{"$LATEST", "1", "2"}, versions)

	live, err := c.CreateAlias(ctx, &lambda.CreateAliasInput{FunctionName: &name, Name: aws.String("live"), FunctionVersion: aws.String("1")})
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(*live.AliasArn, name+":live"))
	out := s.invoke(name, event{}, func(in *lambda.InvokeInput) { in.Qualifier = aws.String("live") })
	require.Equal(t, "1", *out.ExecutedVersion)
	out = s.invoke(*live.AliasArn, event{})
	require.Equal(t, "1", *out.ExecutedVersion)
	_, err = c.UpdateAlias(ctx, &lambda.UpdateAliasInput{FunctionName: &name, Name: aws.String("live"), RoutingConfig: &types.AliasRoutingConfiguration{AdditionalVersionWeights: map[string]float64{"2": 1}}})
	require.NoError(t, err)
	out = s.invoke(name, event{}, func(in *lambda.InvokeInput) { in.Qualifier = aws.String("live") })
	require.Equal(t, "2", *out.ExecutedVersion, "all of the weight is the other version's")
	_, err = c.UpdateAlias(ctx, &lambda.UpdateAliasInput{FunctionName: &name, Name: aws.String("live"), FunctionVersion: aws.String("2"), RoutingConfig: &types.AliasRoutingConfiguration{}})
	require.NoError(t, err)
	aliases, err := c.ListAliases(ctx, &lambda.ListAliasesInput{FunctionName: &name, FunctionVersion: aws.String("2")})
	require.NoError(t, err)
	require.Len(t, aliases.Aliases, 1)

	_, err = c.DeleteFunction(ctx, &lambda.DeleteFunctionInput{FunctionName: &name, Qualifier: aws.String("2")})
	requireAPIError(t, err, "ResourceConflictException", http.StatusConflict, "[live]")
	_, err = c.DeleteFunction(ctx, &lambda.DeleteFunctionInput{FunctionName: &name, Qualifier: aws.String("1")})
	require.NoError(t, err)
	for _, bad := range []struct {
		in      *lambda.CreateAliasInput
		code    string
		status  int
		message string
	}{
		{&lambda.CreateAliasInput{Name: aws.String("live"), FunctionVersion: aws.String("2")}, "ResourceConflictException", 409, "Alias already exists"},
		{&lambda.CreateAliasInput{Name: aws.String("7"), FunctionVersion: aws.String("2")}, "ValidationException", 400, "at 'name'"},
		{&lambda.CreateAliasInput{Name: aws.String("x"), FunctionVersion: aws.String("1")}, "ResourceNotFoundException", 404, "Function not found"},
		{&lambda.CreateAliasInput{Name: aws.String("x"), FunctionVersion: aws.String("$LATEST"), RoutingConfig: &types.AliasRoutingConfiguration{AdditionalVersionWeights: map[string]float64{"2": 0.5}}},
			"InvalidParameterValueException", 400, "$LATEST is not supported"},
	} {
		bad.in.FunctionName = &name
		_, err := c.CreateAlias(ctx, bad.in)
		requireAPIError(t, err, bad.code, bad.status, bad.message)
	}
	_, err = c.DeleteAlias(ctx, &lambda.DeleteAliasInput{FunctionName: &name, Name: aws.String("live")})
	require.NoError(t, err)
	_, err = c.GetAlias(ctx, &lambda.GetAliasInput{FunctionName: &name, Name: aws.String("live")})
	requireAPIError(t, err, "ResourceNotFoundException", http.StatusNotFound, "Cannot find alias arn")
	_, err = c.Invoke(ctx, &lambda.InvokeInput{FunctionName: &name, Qualifier: aws.String("live")})
	requireAPIError(t, err, "ResourceNotFoundException", http.StatusNotFound, ":live")

	_, err = c.DeleteFunction(ctx, &lambda.DeleteFunctionInput{FunctionName: &name})
	require.NoError(t, err)
	s.function(func(in *lambda.CreateFunctionInput) { in.FunctionName = &name })
	third, err := c.PublishVersion(ctx, &lambda.PublishVersionInput{FunctionName: &name})
	require.NoError(t, err)
	require.Equal(t, "3", *third.Version, "numbers are not given again")
}

func TestLambdaListIsPaged(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, ""), context.Background()
	var want []string
	code, err := zipOf(entry{"bootstrap", 0o755, []byte("#!/bin/sh\n")})
	require.NoError(t, err)
	for i := range 5 {
		name := fmt.Sprintf("f%d", i)
		s.function(func(in *lambda.CreateFunctionInput) { in.FunctionName, in.Code.ZipFile = &name, code })
		want = append(want, name)
	}
	var got []string
	pages := lambda.NewListFunctionsPaginator(s.lambda(), &lambda.ListFunctionsInput{MaxItems: aws.Int32(2)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		require.NoError(t, err)
		require.LessOrEqual(t, len(page.Functions), 2)
		for _, f := range page.Functions {
			got = append(got, *f.FunctionName)
		}
	}
	require.Equal(t, want, got)
	settings, err := s.lambda().GetAccountSettings(ctx, &lambda.GetAccountSettingsInput{})
	require.NoError(t, err)
	require.EqualValues(t, 5, settings.AccountUsage.FunctionCount)
	require.EqualValues(t, 5*len(code), settings.AccountUsage.TotalCodeSize)
}

func TestLambdaTagsAndPolicy(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	c, name := s.lambda(), s.function()
	arn := aws.String("arn:aws:lambda:" + region + ":000000000000:function:" + name)
	_, err := c.TagResource(ctx, &lambda.TagResourceInput{Resource: arn, Tags: map[string]string{"a": "1", "b": "2"}})
	require.NoError(t, err)
	_, err = c.UntagResource(ctx, &lambda.UntagResourceInput{Resource: arn, TagKeys: []string{"a", "c"}})
	require.NoError(t, err)
	tags, err := c.ListTags(ctx, &lambda.ListTagsInput{Resource: arn})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"b": "2"}, tags.Tags)

	_, err = c.GetPolicy(ctx, &lambda.GetPolicyInput{FunctionName: &name})
	requireAPIError(t, err, "ResourceNotFoundException", http.StatusNotFound, "The resource you requested does not exist.")
	permission := &lambda.AddPermissionInput{
		FunctionName: &name, StatementId: aws.String("s3"), Action: aws.String("lambda:InvokeFunction"), Principal: aws.String("s3.amazonaws.com"),
		SourceArn: aws.String("arn:aws:s3:::b"), SourceAccount: aws.String("000000000000"),
	}
	added, err := c.AddPermission(ctx, permission)
	require.NoError(t, err)
	want := `{"Sid":"s3","Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"` + *arn + `",
		"Condition":{"StringEquals":{"AWS:SourceAccount":"000000000000"},"ArnLike":{"AWS:SourceArn":"arn:aws:s3:::b"}}}`
	require.JSONEq(t, want, *added.Statement)
	_, err = c.AddPermission(ctx, permission)
	requireAPIError(t, err, "ResourceConflictException", http.StatusConflict, "The statement id (s3) provided already exists")
	policy, err := c.GetPolicy(ctx, &lambda.GetPolicyInput{FunctionName: &name})
	require.NoError(t, err)
	require.JSONEq(t, `{"Version":"2012-10-17","Id":"default","Statement":[`+want+`]}`, *policy.Policy)
	_, err = c.RemovePermission(ctx, &lambda.RemovePermissionInput{FunctionName: &name, StatementId: aws.String("s3")})
	require.NoError(t, err)
	_, err = c.RemovePermission(ctx, &lambda.RemovePermissionInput{FunctionName: &name, StatementId: aws.String("s3")})
	requireAPIError(t, err, "ResourceNotFoundException", http.StatusNotFound, "No policy is associated")
}
