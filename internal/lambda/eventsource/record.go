package eventsource

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sqs "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/scopsdb/scops/internal/lambda/eventfilter"
)

// maxPayload is the largest event of an invocation, in bytes.
const maxPayload = 6 << 20

// record is a received message as the function gets it.
type record struct {
	id       string
	receipt  string
	text     []byte    // JSON
	received time.Time // about when its visibility timeout began
}

// recordJSON has the members of the event, in AWS's order:
// https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
type recordJSON struct {
	MessageID              string                   `json:"messageId"`
	ReceiptHandle          string                   `json:"receiptHandle"`
	Body                   string                   `json:"body"`
	Attributes             map[string]string        `json:"attributes"`
	MessageAttributes      map[string]attributeJSON `json:"messageAttributes"`
	MD5OfMessageAttributes string                   `json:"md5OfMessageAttributes,omitempty"`
	MD5OfBody              string                   `json:"md5OfBody"`
	EventSource            string                   `json:"eventSource"`
	EventSourceARN         string                   `json:"eventSourceARN"`
	AWSRegion              string                   `json:"awsRegion"`
}

type attributeJSON struct {
	StringValue      *string  `json:"stringValue,omitempty"`
	BinaryValue      []byte   `json:"binaryValue,omitempty"`
	StringListValues []string `json:"stringListValues"`
	BinaryListValues [][]byte `json:"binaryListValues"`
	DataType         string   `json:"dataType"`
}

func newRecord(m *sqs.Message, source, region string, received time.Time) (record, error) {
	v := recordJSON{
		MessageID: aws.ToString(m.MessageId), ReceiptHandle: aws.ToString(m.ReceiptHandle), Body: aws.ToString(m.Body),
		Attributes: m.Attributes, MessageAttributes: make(map[string]attributeJSON, len(m.MessageAttributes)),
		MD5OfMessageAttributes: aws.ToString(m.MD5OfMessageAttributes), MD5OfBody: aws.ToString(m.MD5OfBody),
		EventSource: "aws:sqs", EventSourceARN: source, AWSRegion: region,
	}
	for name, a := range m.MessageAttributes {
		v.MessageAttributes[name] = attributeJSON{
			StringValue: a.StringValue, BinaryValue: a.BinaryValue, DataType: aws.ToString(a.DataType),
			StringListValues: []string{}, BinaryListValues: [][]byte{},
		}
	}
	text, err := compact(v)
	return record{id: v.MessageID, receipt: v.ReceiptHandle, text: text, received: received}, err
}

// compact marshals without escaping <, > and &, which would only make bodies
// longer.
func compact(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// filterable is the record as filter patterns see it.
func filterable(m *sqs.Message, source, region string) map[string]any {
	system := make(map[string]any, len(m.Attributes))
	for name, v := range m.Attributes {
		system[name] = v
	}
	attributes := make(map[string]any, len(m.MessageAttributes))
	for name, a := range m.MessageAttributes {
		v := map[string]any{"dataType": aws.ToString(a.DataType)}
		if a.StringValue != nil {
			v["stringValue"] = *a.StringValue
		}
		attributes[name] = v
	}
	return map[string]any{
		"messageId": aws.ToString(m.MessageId), "receiptHandle": aws.ToString(m.ReceiptHandle),
		"body": eventfilter.NewBody(aws.ToString(m.Body)), "attributes": system, "messageAttributes": attributes,
		"md5OfBody": aws.ToString(m.MD5OfBody), "eventSource": "aws:sqs", "eventSourceARN": source, "awsRegion": region,
	}
}

const (
	payloadHead = `{"Records":[`
	payloadTail = `]}`
)

// payload is the event of an invocation.
func payload(records []record) []byte {
	size := len(payloadHead) + len(payloadTail)
	for i := range records {
		size += len(records[i].text) + 1
	}
	out := append(make([]byte, 0, size), payloadHead...)
	for i := range records {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, records[i].text...)
	}
	return append(out, payloadTail...)
}

// split cuts records into batches whose payloads are at most maxPayload.
func split(records []record) [][]record {
	var out [][]record
	begin, size := 0, len(payloadHead)+len(payloadTail)
	for i := range records {
		n := len(records[i].text) + 1
		if i > begin && size+n > maxPayload {
			out = append(out, records[begin:i])
			begin, size = i, len(payloadHead)+len(payloadTail)
		}
		size += n
	}
	return append(out, records[begin:])
}
