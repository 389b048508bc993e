package awsjson_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	athenatypes "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/scopsdb/scops/internal/gateway/awsjson"
	"github.com/stretchr/testify/require"
)

func encode(t testing.TB, v any) string {
	t.Helper()
	b, err := awsjson.Append(nil, v)
	require.NoError(t, err)
	return string(b)
}

func TestAppend(t *testing.T) {
	at := time.UnixMilli(1700000000120)
	for _, c := range []struct {
		in   any
		want string
	}{
		{&sqs.SendMessageOutput{MessageId: aws.String("m")}, `{"MessageId":"m"}`},
		{&sqs.ReceiveMessageOutput{}, `{}`},
		{&sqs.ListDeadLetterSourceQueuesOutput{QueueUrls: []string{}}, `{"queueUrls":[]}`},
		{&sqs.CreateQueueInput{Tags: map[string]string{"a": "b"}}, `{"tags":{"a":"b"}}`},
		{&sqs.SendMessageBatchOutput{Failed: []types.BatchResultErrorEntry{{Code: aws.String("c"), Id: aws.String("i")}}, Successful: []types.SendMessageBatchResultEntry{}},
			`{"Failed":[{"Code":"c","Id":"i","SenderFault":false}],"Successful":[]}`},
		{&sqs.GetQueueAttributesOutput{Attributes: map[string]string{"b": "2", "a": "서울 \"\\\n\x01"}}, `{"Attributes":{"a":"서울 \"\\\n\u0001","b":"2"}}`},
		{&sqs.ReceiveMessageOutput{Messages: []types.Message{{Body: aws.String("x\xffy"), MessageAttributes: map[string]types.MessageAttributeValue{
			"k": {DataType: aws.String("Binary"), BinaryValue: []byte{0, 255}}}}}},
			`{"Messages":[{"Body":"x` + "\uFFFD" + `y","MessageAttributes":{"k":{"BinaryValue":"AP8=","DataType":"Binary"}}}]}`},
		{&athena.GetQueryExecutionOutput{QueryExecution: &athenatypes.QueryExecution{
			StatementType: athenatypes.StatementTypeDml,
			Status:        &athenatypes.QueryExecutionStatus{SubmissionDateTime: &at, State: athenatypes.QueryExecutionStateRunning}}},
			`{"QueryExecution":{"StatementType":"DML","Status":{"State":"RUNNING","SubmissionDateTime":1700000000.12}}}`},
		{&glue.GetColumnStatisticsForTableOutput{ColumnStatisticsList: []gluetypes.ColumnStatistics{{StatisticsData: &gluetypes.ColumnStatisticsData{
			DoubleColumnStatisticsData: &gluetypes.DoubleColumnStatisticsData{MaximumValue: math.Inf(1), MinimumValue: 0.1}}}}},
			`{"ColumnStatisticsList":[{"StatisticsData":{"DoubleColumnStatisticsData":{"NumberOfDistinctValues":0,"NumberOfNulls":0,"MaximumValue":"Infinity","MinimumValue":0.1}}}]}`},
	} {
		got := encode(t, c.in)
		require.JSONEq(t, c.want, got)
		require.True(t, json.Valid([]byte(got)))
	}
	_, err := awsjson.Append(nil, sqs.SendMessageOutput{})
	require.Error(t, err)
}

func TestTimes(t *testing.T) {
	for ms, want := range map[int64]string{0: "0", 1000: "1", 1: "0.001", 1700000000500: "1700000000.5", -1500: "-1.5"} {
		at := time.UnixMilli(ms)
		got := encode(t, &athenatypes.QueryExecutionStatus{CompletionDateTime: &at})
		require.Equal(t, `{"CompletionDateTime":`+want+`}`, got)
		var back athenatypes.QueryExecutionStatus
		require.NoError(t, awsjson.Decode([]byte(got), &back))
		require.True(t, at.Equal(*back.CompletionDateTime))
	}
}

func TestDecode(t *testing.T) {
	var in sqs.SendMessageInput
	require.NoError(t, awsjson.Decode([]byte(` {
		"QueueUrl" : "http:\/\/h\/q", "Unknown": [1, {"a": [null, true]}, -0.5e+3, "x\"y"], "DelaySeconds": 10.0, "MessageGroupId": null,
		"MessageBody": "\ud55c\uad6d \uD83D\uDE00 \b\f\n\r\t\"\\",
		"MessageAttributes": {"n": {"DataType": "Binary", "BinaryValue": "AP8="}, "null": null}
	} `), &in))
	require.Equal(t, "http://h/q", *in.QueueUrl)
	require.Equal(t, "한국 😀 \b\f\n\r\t\"\\", *in.MessageBody)
	require.EqualValues(t, 10, in.DelaySeconds)
	require.Nil(t, in.MessageGroupId)
	require.Equal(t, map[string]types.MessageAttributeValue{"n": {DataType: aws.String("Binary"), BinaryValue: []byte{0, 255}}}, in.MessageAttributes)

	var batch sqs.SendMessageBatchInput
	require.NoError(t, awsjson.Decode([]byte(`{"Entries":[{"Id":"1"},{"Id":"2"},{"Id":"3"},{"Id":"4"},{"Id":"5","DelaySeconds":7}]}`), &batch))
	require.Len(t, batch.Entries, 5)
	require.Equal(t, "1", *batch.Entries[0].Id)
	require.EqualValues(t, 7, batch.Entries[4].DelaySeconds)

	var empty sqs.ListQueuesInput
	require.NoError(t, awsjson.Decode(nil, &empty))

	var recursive gluetypes.Column
	require.NoError(t, awsjson.Decode([]byte(`{"Name":"a","Parameters":{}}`), &recursive))
	require.NotNil(t, recursive.Parameters)
}

func TestDecodeErrors(t *testing.T) {
	for body, want := range map[string]string{
		`{"DelaySeconds":"5"}`:             "STRING_VALUE can not be converted to an Integer",
		`{"DelaySeconds":1.5}`:             "NUMBER_VALUE 1.5 can not be converted to an Integer",
		`{"DelaySeconds":2147483648}`:      "NUMBER_VALUE 2147483648 can not be converted to an Integer",
		`{"MessageBody":5}`:                "NUMBER_VALUE can not be converted to a String",
		`{"MessageBody":true}`:             "TRUE_VALUE can not be converted to a String",
		`{"MessageBody":{}}`:               "Start of structure or map found where not expected.",
		`{"MessageBody":[]}`:               "Start of list found where not expected",
		`{"MessageAttributes":"x"}`:        "STRING_VALUE can not be converted to a Structure",
		`{"MessageAttributes":{"a":[]}}`:   "Start of list found where not expected",
		`[]`:                               "Start of list found where not expected",
		`{`:                                "Malformed JSON at byte 1",
		`{"a":1,}`:                         "a name is wanted",
		`{"a" 1}`:                          "a colon is wanted",
		`{"a":1 "b":2}`:                    "a comma or } is wanted",
		`{"a":[1,]}`:                       "a value is wanted",
		`{"a":[1 2]}`:                      "a comma or ] is wanted",
		`{"a":01}`:                         "no number",
		`{"a":1.}`:                         "no number",
		`{"a":tru}`:                        "a value is wanted",
		`{"MessageBody":"x`:                "a string does not end",
		`{"MessageBody":"\x"}`:             "an unknown escape",
		`{"MessageBody":"\ud800"}`:         "half of a surrogate pair",
		`{"MessageBody":"\ud800\u0041"}`:   "half of a surrogate pair",
		`{"MessageBody":"\u12"}`:           "four hexadecimal digits",
		"{\"MessageBody\":\"a\nb\"}":       "a control character",
		"{\"MessageBody\":\"\xff\"}":       "not valid UTF-8",
		`{} x`:                             "something follows",
		`{"a":` + strings.Repeat("[", 300): "nested too deep",
		`{"MessageAttributes":{"a":{"BinaryValue":"*"}}}`: "not base64",
	} {
		var in sqs.SendMessageInput
		err := awsjson.Decode([]byte(body), &in)
		var syntax *awsjson.SyntaxError
		require.ErrorAs(t, err, &syntax, body)
		require.Contains(t, syntax.Message, want, body)
	}
}

// FuzzDecode: what we accept, the standard library accepts, with the same
// text; and writing it and reading it again changes nothing.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"QueueUrl":"u","Entries":[{"Id":"a","MessageBody":"\u00e9","DelaySeconds":1,"MessageAttributes":{"k":{"DataType":"String","StringValue":"v"}}}]}`))
	f.Add([]byte(`{"x":[{},[],"",-1e5,null,true]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var in sqs.SendMessageBatchInput
		if awsjson.Decode(data, &in) != nil || len(data) == 0 {
			return
		}
		if len(strings.TrimSpace(string(data))) == 0 {
			return
		}
		require.True(t, json.Valid(data))
		first := encode(t, &in)
		require.True(t, json.Valid([]byte(first)))
		var again sqs.SendMessageBatchInput
		require.NoError(t, awsjson.Decode([]byte(first), &again))
		require.Equal(t, first, encode(t, &again))
	})
}

// FuzzString: every text comes back, wherever its special characters lie.
func FuzzString(f *testing.F) {
	for _, s := range []string{"", "plain text of some length", "1234567\"", "12345678\"", "\\", "\x00\x1f !\"#[\\]", "한국 서울 강남구", "\x80", "a\xed\xa0\x80b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text := encode(t, &sqs.SendMessageInput{MessageBody: &s})
		var want string
		plain, err := json.Marshal(s)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(plain, &want))
		if !utf8.ValidString(s) {
			want = strings.ToValidUTF8(s, "\uFFFD")
		}
		var back sqs.SendMessageInput
		require.NoError(t, awsjson.Decode([]byte(text), &back))
		require.Equal(t, want, *back.MessageBody)
	})
}

func batchBody() []byte {
	var in sqs.SendMessageBatchInput
	in.QueueUrl = aws.String("http://127.0.0.1:4566/000000000000/orders")
	for _, id := range "0123456789" {
		in.Entries = append(in.Entries, types.SendMessageBatchRequestEntry{Id: aws.String(string(id)), MessageBody: aws.String(`{"district":"강남구","product":"` + strings.Repeat("x", 150) + `"}`)})
	}
	b, _ := awsjson.Append(nil, &in)
	return b
}

func BenchmarkDecodeBatch(b *testing.B) {
	body := batchBody()
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		var in sqs.SendMessageBatchInput
		if err := awsjson.Decode(body, &in); err != nil {
			b.Fatal(err)
		}
	}
}

// The standard library on the same structs, for comparison.
func BenchmarkDecodeBatchStandardLibrary(b *testing.B) {
	body := batchBody()
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		var in sqs.SendMessageBatchInput
		if err := json.Unmarshal(body, &in); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendReceive(b *testing.B) {
	out := sqs.ReceiveMessageOutput{}
	for range 10 {
		out.Messages = append(out.Messages, types.Message{MessageId: aws.String("c8e1a4c0-0000-4000-8000-000000000000"), MD5OfBody: aws.String(strings.Repeat("0", 32)),
			ReceiptHandle: aws.String(strings.Repeat("r", 80)), Body: aws.String(strings.Repeat("b", 200))})
	}
	buf := encode(b, &out)
	b.SetBytes(int64(len(buf)))
	b.ReportAllocs()
	dst := []byte(buf)
	for b.Loop() {
		var err error
		if dst, err = awsjson.Append(dst[:0], &out); err != nil {
			b.Fatal(err)
		}
	}
}
