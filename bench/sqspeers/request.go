package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/scopsdb/scops/bench/rig"
)

// request lays out a signed operation in the target's protocol.
func request(ctx context.Context, s rig.Signer, t target, operation string, params map[string]any) ([]byte, error) {
	body, header, err := t.encode(operation, params)
	if err != nil {
		return nil, err
	}
	return s.Request(ctx, t.url+"/", "sqs", header, body)
}

// encode writes the parameters in the target's protocol. Values are strings, or
// a list of maps of strings (batch entries).
func (t target) encode(operation string, params map[string]any) (body []byte, header map[string]string, err error) {
	if t.protocol == "json" {
		body, err = json.Marshal(params)
		return body, map[string]string{"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AmazonSQS." + operation}, err
	}
	form := url.Values{"Action": {operation}, "Version": {"2012-11-05"}}
	for name, v := range params {
		switch v := v.(type) {
		case string:
			form.Set(name, v)
		case []map[string]string:
			for i, entry := range v {
				for field, value := range entry {
					form.Set(fmt.Sprintf("%sRequestEntry.%d.%s", operation, i+1, field), value)
				}
			}
		default:
			return nil, nil, fmt.Errorf("parameter %s has type %T", name, v)
		}
	}
	return []byte(form.Encode()), map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, nil
}

// sendRequest lays out a SendMessage or SendMessageBatch request.
func sendRequest(ctx context.Context, s rig.Signer, t target, queueURL string, batch, size int) ([]byte, error) {
	text := strings.Repeat("a", size)
	if batch == 1 {
		return request(ctx, s, t, "SendMessage", map[string]any{"QueueUrl": queueURL, "MessageBody": text})
	}
	entries := make([]map[string]string, batch)
	for i := range entries {
		entries[i] = map[string]string{"Id": fmt.Sprint("m", i), "MessageBody": text}
	}
	return request(ctx, s, t, "SendMessageBatch", map[string]any{"QueueUrl": queueURL, "Entries": entries})
}
