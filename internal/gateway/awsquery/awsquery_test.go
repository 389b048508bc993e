package awsquery_test

import (
	"encoding/xml"
	"io"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/scopsdb/scops/internal/gateway/awsquery"
	"github.com/stretchr/testify/require"
)

func TestDecode(t *testing.T) {
	form, err := url.ParseQuery("Action=AssumeRole&RoleArn=a&RoleSessionName=s+1&DurationSeconds=900&Tags.member.1.Key=k&Tags.member.1.Value=%ED%95%9C&Tags.member.2.Key=l&PolicyArns.member.1.arn=x&Other=1")
	require.NoError(t, err)
	var in sts.AssumeRoleInput
	require.NoError(t, awsquery.Decode(form, &in))
	require.Equal(t, "s 1", *in.RoleSessionName)
	require.EqualValues(t, 900, *in.DurationSeconds)
	require.Equal(t, []types.Tag{{Key: aws.String("k"), Value: aws.String("한")}, {Key: aws.String("l")}}, in.Tags)
	require.Nil(t, in.ExternalId)

	form.Set("DurationSeconds", "x")
	var formErr *awsquery.FormError
	require.ErrorAs(t, awsquery.Decode(form, &in), &formErr)
	require.Equal(t, "DurationSeconds must be an integer", formErr.Message)
}

func TestEncode(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	got, err := awsquery.Response("AssumeRole", "https://ns/", "id", &sts.AssumeRoleOutput{
		Credentials: &types.Credentials{AccessKeyId: aws.String("A&<"), Expiration: &at}, PackedPolicySize: aws.Int32(6)})
	require.NoError(t, err)
	require.Equal(t, `<AssumeRoleResponse xmlns="https://ns/"><AssumeRoleResult><Credentials><AccessKeyId>A&amp;&lt;</AccessKeyId><Expiration>2026-01-02T03:04:05Z</Expiration></Credentials><PackedPolicySize>6</PackedPolicySize></AssumeRoleResult><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></AssumeRoleResponse>`, string(got))
	require.Equal(t, `<ErrorResponse xmlns="n"><Error><Type>Sender</Type><Code>c</Code><Message>m&amp;</Message></Error><RequestId>id</RequestId></ErrorResponse>`,
		string(awsquery.Error("n", "Sender", "c", "m&", "id")))
}

func FuzzDecode(f *testing.F) {
	f.Add("RoleArn=a&Tags.member.1.Key=k&Tags.member.1=x&DurationSeconds=3")
	f.Fuzz(func(t *testing.T, body string) {
		form, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		var in sts.AssumeRoleInput
		if awsquery.Decode(form, &in) != nil {
			return
		}
		out, err := awsquery.Response("X", "n", "r", &in)
		require.NoError(t, err)
		d := xml.NewDecoder(strings.NewReader(string(out)))
		for err == nil {
			_, err = d.Token()
		}
		require.ErrorIs(t, err, io.EOF)
	})
}
