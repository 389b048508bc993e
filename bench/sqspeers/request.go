package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

type signer struct {
	keys   aws.Credentials
	region string
}

// request lays out one signed HTTP request as it goes over the wire.
func (s signer) request(ctx context.Context, t target, operation string, params map[string]any) ([]byte, error) {
	body, contentType, err := t.encode(operation, params)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, t.url+"/", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", contentType)
	if t.protocol == "json" {
		r.Header.Set("X-Amz-Target", "AmazonSQS."+operation)
	}
	sum := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(ctx, s.keys, r, hex.EncodeToString(sum[:]), "sqs", s.region, time.Now()); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "POST / HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n", r.URL.Host, len(body))
	if err := r.Header.Write(&b); err != nil {
		return nil, err
	}
	b.WriteString("\r\n")
	b.Write(body)
	return b.Bytes(), nil
}

// encode writes the parameters in the target's protocol. Values are strings, or
// a list of maps of strings (batch entries).
func (t target) encode(operation string, params map[string]any) (body []byte, contentType string, err error) {
	if t.protocol == "json" {
		body, err = json.Marshal(params)
		return body, "application/x-amz-json-1.0", err
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
			return nil, "", fmt.Errorf("parameter %s has type %T", name, v)
		}
	}
	return []byte(form.Encode()), "application/x-www-form-urlencoded", nil
}

// send lays out a SendMessage or SendMessageBatch request.
func (s signer) send(ctx context.Context, t target, queueURL string, batch, size int) ([]byte, error) {
	text := strings.Repeat("a", size)
	if batch == 1 {
		return s.request(ctx, t, "SendMessage", map[string]any{"QueueUrl": queueURL, "MessageBody": text})
	}
	entries := make([]map[string]string, batch)
	for i := range entries {
		entries[i] = map[string]string{"Id": fmt.Sprint("m", i), "MessageBody": text}
	}
	return s.request(ctx, t, "SendMessageBatch", map[string]any{"QueueUrl": queueURL, "Entries": entries})
}
