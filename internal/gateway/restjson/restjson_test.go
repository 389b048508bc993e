package restjson_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/gateway/restjson"
	"github.com/stretchr/testify/require"
)

var routes = map[string]awsapi.Route{
	"List":   {Method: "GET", Path: "/2015-03-31/functions", Query: map[string]string{"MaxItems": "MaxItems", "Marker": "Marker"}},
	"Create": {Method: "POST", Path: "/2015-03-31/functions", Status: 201},
	"Get":    {Method: "GET", Path: "/2015-03-31/functions/{FunctionName}"},
	"Alias":  {Method: "GET", Path: "/2015-03-31/functions/{FunctionName}/aliases/{Name}"},
	"Untag":  {Method: "DELETE", Path: "/2017-03-31/tags/{Resource}", Status: 204, Query: map[string]string{"TagKeys": "tagKeys"}},
	"Invoke": {
		Method: "POST", Path: "/2015-03-31/functions/{FunctionName}/invocations", Payload: "Payload", OutPayload: "Payload", OutStatus: "StatusCode",
		Headers:    map[string]string{"InvocationType": "X-Amz-Invocation-Type", "ClientContext": "X-Amz-Client-Context"},
		OutHeaders: map[string]string{"FunctionError": "X-Amz-Function-Error", "ExecutedVersion": "X-Amz-Executed-Version"},
	},
}

func table(t *testing.T) *restjson.Table {
	t.Helper()
	table, err := restjson.NewTable(routes)
	require.NoError(t, err)
	return table
}

func TestFind(t *testing.T) {
	for _, c := range []struct {
		method, path, operation string
		params                  map[string]string
	}{
		{"GET", "/2015-03-31/functions", "List", nil},
		{"GET", "/2015-03-31/functions/", "List", nil},
		{"POST", "/2015-03-31/functions/", "Create", nil},
		{"GET", "/2015-03-31/functions/f", "Get", map[string]string{"FunctionName": "f"}},
		{"GET", "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A000000000000%3Afunction%3Af%3A%24LATEST", "Get",
			map[string]string{"FunctionName": "arn:aws:lambda:eu-west-1:000000000000:function:f:$LATEST"}},
		{"GET", "/2015-03-31/functions/f:1/", "Get", map[string]string{"FunctionName": "f:1"}},
		{"GET", "/2015-03-31/functions/a%2Fb", "Get", map[string]string{"FunctionName": "a/b"}},
		{"GET", "/2015-03-31/functions/f/aliases/live", "Alias", map[string]string{"FunctionName": "f", "Name": "live"}},
		{"GET", "/2015-03-31/functions//aliases/live", "Alias", map[string]string{"FunctionName": "", "Name": "live"}},
		{"POST", "/2015-03-31/functions/f/invocations", "Invoke", map[string]string{"FunctionName": "f"}},
		{"PUT", "/2015-03-31/functions", "", nil},
		{"GET", "/2015-03-31/functions/f/nothing", "", nil},
		{"GET", "/2015-03-31/functions/%zz", "", nil},
		{"GET", "/", "", nil},
		{"GET", "", "", nil},
	} {
		m, ok := table(t).Find(c.method, c.path)
		require.Equal(t, c.operation != "", ok, c.path)
		require.Equal(t, c.operation, m.Operation, c.path)
		require.Equal(t, c.params, m.Params, c.path)
	}
}

func TestAmbiguousRoutesAreRefused(t *testing.T) {
	_, err := restjson.NewTable(map[string]awsapi.Route{
		"A": {Method: "GET", Path: "/v/{X}/a"}, "B": {Method: "GET", Path: "/v/b/{Y}"},
	})
	require.ErrorContains(t, err, "are the same")
}

func values(v map[string][]string) restjson.Values {
	return func(name string) []string { return v[name] }
}

func TestDecode(t *testing.T) {
	m, _ := table(t).Find("POST", "/2015-03-31/functions/f/invocations")
	var in lambda.InvokeInput
	body := []byte(`{"FunctionName":"not this"}`)
	require.NoError(t, restjson.Decode(m, values(nil), values(map[string][]string{"X-Amz-Invocation-Type": {"Event"}}), body, &in))
	require.Equal(t, lambda.InvokeInput{FunctionName: aws.String("f"), InvocationType: types.InvocationTypeEvent, Payload: body}, in)

	m, _ = table(t).Find("GET", "/2015-03-31/functions")
	var list lambda.ListFunctionsInput
	require.NoError(t, restjson.Decode(m, values(map[string][]string{"MaxItems": {"7"}}), values(nil), nil, &list))
	require.Equal(t, lambda.ListFunctionsInput{MaxItems: aws.Int32(7)}, list)
	require.ErrorContains(t, restjson.Decode(m, values(map[string][]string{"MaxItems": {"many"}}), values(nil), nil, &list), `"many" is no value of MaxItems`)

	m, _ = table(t).Find("DELETE", "/2017-03-31/tags/arn")
	var untag lambda.UntagResourceInput
	require.NoError(t, restjson.Decode(m, values(map[string][]string{"tagKeys": {"a", "b"}}), values(nil), nil, &untag))
	require.Equal(t, []string{"a", "b"}, untag.TagKeys)

	m, _ = table(t).Find("POST", "/2015-03-31/functions")
	var create lambda.CreateFunctionInput
	require.NoError(t, restjson.Decode(m, values(nil), values(nil), []byte(`{"FunctionName":"f","Code":{"ZipFile":"AP8="}}`), &create))
	require.Equal(t, []byte{0, 255}, create.Code.ZipFile)
	require.Error(t, restjson.Decode(m, values(nil), values(nil), []byte(`{`), &create))
}

func TestEncode(t *testing.T) {
	r, err := restjson.Encode(nil, routes["Invoke"], &lambda.InvokeOutput{StatusCode: 200, Payload: []byte(`1`), FunctionError: aws.String("Unhandled"), ExecutedVersion: aws.String("3")})
	require.NoError(t, err)
	require.Equal(t, restjson.Response{Status: 200, Body: []byte(`1`), Headers: [][2]string{{"X-Amz-Executed-Version", "3"}, {"X-Amz-Function-Error", "Unhandled"}}}, r)
	r, err = restjson.Encode(nil, routes["Untag"], &lambda.UntagResourceOutput{})
	require.NoError(t, err)
	require.Equal(t, restjson.Response{Status: http.StatusNoContent}, r)
	r, err = restjson.Encode(nil, routes["Create"], &types.FunctionConfiguration{FunctionName: aws.String("f")})
	require.NoError(t, err)
	require.Equal(t, 201, r.Status)
	require.JSONEq(t, `{"FunctionName":"f","CodeSize":0}`, string(r.Body))
}

func TestError(t *testing.T) {
	require.JSONEq(t, `{"Type":"User","message":"no"}`, string(restjson.Error(awsapi.Errorf("X", "no"))))
	e := &awsapi.Error{Message: "no", Receiver: true, Fields: map[string]any{"Message": "no", "Reason": "r"}}
	require.JSONEq(t, `{"Type":"Service","Message":"no","Reason":"r"}`, string(restjson.Error(e)))
	e.Fields["bad"] = make(chan int)
	require.True(t, json.Valid(restjson.Error(e)))
}
