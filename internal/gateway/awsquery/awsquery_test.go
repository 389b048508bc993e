package awsquery_test

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/gateway/awsquery"
	"github.com/stretchr/testify/require"
)

func TestDecode(t *testing.T) {
	form, err := awsquery.Parse("Action=AssumeRole&RoleArn=a&RoleSessionName=s+1&DurationSeconds=900&Tags.member.1.Key=k&Tags.member.1.Value=%ED%95%9C&Tags.member.2.Key=l&PolicyArns.member.1.arn=x&Other=1")
	require.NoError(t, err)
	var in sts.AssumeRoleInput
	require.NoError(t, awsquery.Decode(form, awsquery.Names{}, &in))
	require.Equal(t, "s 1", *in.RoleSessionName)
	require.EqualValues(t, 900, *in.DurationSeconds)
	require.Equal(t, []types.Tag{{Key: aws.String("k"), Value: aws.String("한")}, {Key: aws.String("l")}}, in.Tags)
	require.Nil(t, in.ExternalId)

	form.Set("DurationSeconds", "x")
	var formErr *awsquery.FormError
	require.ErrorAs(t, awsquery.Decode(form, awsquery.Names{}, &in), &formErr)
	require.Equal(t, "DurationSeconds must be an integer", formErr.Message)
}

func TestBounds(t *testing.T) {
	form, err := awsquery.Parse(strings.Repeat("a=b&", 10_000))
	require.NoError(t, err)
	require.Equal(t, "b", form.Get("a"))
	_, err = awsquery.Parse(strings.Repeat("a=b&", 6_000), strings.Repeat("a=b&", 6_000))
	require.EqualError(t, err, "The request has more than 10000 parameters")
	_, err = awsquery.Parse("a=%")
	require.EqualError(t, err, "The query string contains a syntax error.")
	_, err = awsquery.Parse(strings.Repeat("a.", 1<<20) + "=b")
	require.NoError(t, err)
}

// flat is a shape with all that is flattened.
type flat struct {
	Names   []string
	Entries []struct {
		Id    string
		Bytes []byte
		Tags  map[string]string
	}
	Attributes map[string]struct{ StringValue string }
	Failed     []struct{ SenderFault bool }
	Number     *int32
}

var flatNames = awsquery.Names{Operation: "Do", Flat: &awsapi.FlatNames{
	Members: map[string]string{"Entries": "*RequestEntry"}, Keys: map[string]string{"Tag": "Key"},
}}

const flatForm = "Name.10=c&Name.2=b&Name.1=a&DoRequestEntry.1.Id=x&DoRequestEntry.1.Bytes=AP8%3D&DoRequestEntry.1.Tag.1.Key=k&DoRequestEntry.1.Tag.1.Value=%26" +
	"&Attribute.1.Name=n&Attribute.1.Value.StringValue=%3C&Attribute.2.Name=empty&Failed.1.SenderFault=false&Number=0"

func TestFlattened(t *testing.T) {
	form, err := awsquery.Parse(flatForm)
	require.NoError(t, err)
	var in flat
	require.NoError(t, awsquery.Decode(form, flatNames, &in))
	require.Equal(t, []string{"a", "b", "c"}, in.Names)
	require.Equal(t, []byte{0, 255}, in.Entries[0].Bytes)
	require.Equal(t, map[string]string{"k": "&"}, in.Entries[0].Tags)
	require.Len(t, in.Attributes, 2)
	got, err := awsquery.Response(flatNames, "n", "id", &in)
	require.NoError(t, err)
	require.Equal(t, `<?xml version="1.0"?><DoResponse xmlns="n"><DoResult><Name>a</Name><Name>b</Name><Name>c</Name>`+
		`<DoRequestEntry><Id>x</Id><Bytes>AP8=</Bytes><Tag><Key>k</Key><Value>&amp;</Value></Tag></DoRequestEntry>`+
		`<Attribute><Name>empty</Name><Value></Value></Attribute><Attribute><Name>n</Name><Value><StringValue>&lt;</StringValue></Value></Attribute>`+
		`<Failed><SenderFault>false</SenderFault></Failed><Number>0</Number></DoResult><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></DoResponse>`, string(got))
	require.Equal(t, `<?xml version="1.0"?><ErrorResponse xmlns="n"><Error><Type>Sender</Type><Code>c</Code><Message>&quot;&#xD;\n&gt;</Message><Detail/></Error><RequestId>id</RequestId></ErrorResponse>`,
		string(awsquery.Error(flatNames, "n", "Sender", "c", "\"\r\\n>", "id")))
}

func TestEncode(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	names := awsquery.Names{Operation: "AssumeRole"}
	got, err := awsquery.Response(names, "https://ns/", "id", &sts.AssumeRoleOutput{
		Credentials: &types.Credentials{AccessKeyId: aws.String("A&<"), Expiration: &at}, PackedPolicySize: aws.Int32(6)})
	require.NoError(t, err)
	require.Equal(t, `<AssumeRoleResponse xmlns="https://ns/"><AssumeRoleResult><Credentials><AccessKeyId>A&amp;&lt;</AccessKeyId><Expiration>2026-01-02T03:04:05Z</Expiration></Credentials><PackedPolicySize>6</PackedPolicySize></AssumeRoleResult><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></AssumeRoleResponse>`, string(got))
	require.Equal(t, `<ErrorResponse xmlns="n"><Error><Type>Sender</Type><Code>c</Code><Message>m&amp;</Message></Error><RequestId>id</RequestId></ErrorResponse>`,
		string(awsquery.Error(names, "n", "Sender", "c", "m&", "id")))
}

// FuzzDecode reads forms into a shape of each kind, and checks that what it
// accepts can be written as XML that reads.
func FuzzDecode(f *testing.F) {
	f.Add("RoleArn=a&Tags.member.1.Key=k&Tags.member.1=x&DurationSeconds=3")
	f.Add(flatForm)
	f.Add("Name=a&Attribute.Name=b&Attribute.Value.StringValue=%00%0D&DoRequestEntry=&Name.1=%FF&DoRequestEntry.07.Id=1")
	f.Fuzz(func(t *testing.T, body string) {
		form, err := awsquery.Parse(body)
		if err != nil {
			return
		}
		decodes(t, form, awsquery.Names{Operation: "X"}, new(sts.AssumeRoleInput))
		decodes(t, form, flatNames, new(flat))
	})
}

func decodes(t *testing.T, form *awsquery.Form, names awsquery.Names, in any) {
	t.Helper()
	if awsquery.Decode(form, names, in) != nil {
		return
	}
	out, err := awsquery.Response(names, "n", "r", in)
	require.NoError(t, err)
	d := xml.NewDecoder(strings.NewReader(string(out)))
	for err == nil {
		_, err = d.Token()
	}
	require.ErrorIs(t, err, io.EOF)
}
