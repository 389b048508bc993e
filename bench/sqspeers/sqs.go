package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"github.com/scopsdb/scops/bench/rig"
)

var (
	queueURLs = regexp.MustCompile(`(?:"QueueUrl"\s*:\s*"|<QueueUrl>)([^"<]+)`)
	sequence  atomic.Int64
)

func newName() string { return fmt.Sprintf("bench-%d-%d", time.Now().Unix(), sequence.Add(1)) }

// sqsQueue is a queue of an SQS server.
type sqsQueue struct {
	target
	signer rig.Signer
	url    string // of the queue
}

func newSQS(ctx context.Context, s rig.Signer, t target) (*sqsQueue, error) {
	q := &sqsQueue{target: t, signer: s}
	answer, err := q.once(ctx, "CreateQueue", map[string]any{"QueueName": newName()})
	if err != nil {
		return nil, err
	}
	found := queueURLs.FindSubmatch(answer)
	if found == nil {
		return nil, fmt.Errorf("CreateQueue answered no queue URL: %.200s", answer)
	}
	q.url = strings.ReplaceAll(string(found[1]), `\/`, "/")
	return q, nil
}

func (q *sqsQueue) remove(ctx context.Context) error {
	_, err := q.once(ctx, "DeleteQueue", map[string]any{"QueueUrl": q.url})
	return err
}

// once does one operation on a connection of its own.
func (q *sqsQueue) once(ctx context.Context, operation string, params map[string]any) ([]byte, error) {
	request, err := q.layOut(ctx, operation, params)
	if err != nil {
		return nil, err
	}
	c, err := rig.NewClient(q.target.url)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	answer, err := c.Do(request)
	if err != nil {
		err = fmt.Errorf("%s: %w", operation, err)
	}
	return answer, err
}

// layOut writes a signed operation.
func (q *sqsQueue) layOut(ctx context.Context, operation string, params map[string]any) ([]byte, error) {
	body, err := q.encode(operation, params)
	if err != nil {
		return nil, err
	}
	header := map[string]string{"Content-Type": q.contentType()}
	if target := q.header(operation); target != "" {
		header["X-Amz-Target"] = target
	}
	return q.signer.Request(ctx, q.target.url+"/", "sqs", header, body)
}

func (q *sqsQueue) contentType() string {
	if q.protocol == "json" {
		return "application/x-amz-json-1.0"
	}
	return "application/x-www-form-urlencoded"
}

func (q *sqsQueue) header(operation string) string {
	if q.protocol == "json" {
		return "AmazonSQS." + operation
	}
	return ""
}

// encode writes the parameters in the target's protocol. Values are strings,
// numbers, or a list of maps of strings (batch entries).
func (q *sqsQueue) encode(operation string, params map[string]any) ([]byte, error) {
	if q.protocol == "json" {
		return json.Marshal(params)
	}
	form := url.Values{"Action": {operation}, "Version": {"2012-11-05"}}
	for name, v := range params {
		switch v := v.(type) {
		case []map[string]string:
			for i, entry := range v {
				for field, value := range entry {
					form.Set(fmt.Sprintf("%sRequestEntry.%d.%s", operation, i+1, field), value)
				}
			}
		default:
			form.Set(name, fmt.Sprint(v))
		}
	}
	return []byte(form.Encode()), nil
}

// sqsWorker is a client of an SQS server.
type sqsWorker struct {
	q               *sqsQueue
	client          *rig.Client
	cell            cell
	sends, receives []byte // laid out
	deletes         *rig.Lean
	handles         [][]byte
	request, body   []byte
}

func (q *sqsQueue) worker(ctx context.Context, c cell) (worker, error) {
	w := &sqsWorker{q: q, cell: c}
	var err error
	if w.sends, err = q.sendRequest(ctx, c); err != nil {
		return nil, err
	}
	if w.receives, err = q.layOut(ctx, "ReceiveMessage", map[string]any{"QueueUrl": q.url, "MaxNumberOfMessages": c.batch}); err != nil {
		return nil, err
	}
	if w.deletes, err = q.signer.Lean(q.target.url, "sqs", q.contentType(), q.header(w.deletion())); err != nil {
		return nil, err
	}
	w.client, err = rig.NewClient(q.target.url)
	return w, err
}

func (q *sqsQueue) sendRequest(ctx context.Context, c cell) ([]byte, error) {
	text := strings.Repeat("a", c.size)
	if c.batch == 1 {
		return q.layOut(ctx, "SendMessage", map[string]any{"QueueUrl": q.url, "MessageBody": text})
	}
	entries := make([]map[string]string, c.batch)
	for i := range entries {
		entries[i] = map[string]string{"Id": fmt.Sprint("m", i), "MessageBody": text}
	}
	return q.layOut(ctx, "SendMessageBatch", map[string]any{"QueueUrl": q.url, "Entries": entries})
}

func (w *sqsWorker) close() { w.client.Close() }

func (w *sqsWorker) send() error {
	answer, err := w.client.Do(w.sends)
	if err == nil && bytes.Count(answer, []byte("MD5OfMessageBody")) < w.cell.batch {
		err = fmt.Errorf("not every message was accepted: %.300s", answer)
	}
	return err
}

func (w *sqsWorker) receive() (int, error) {
	answer, err := w.client.Do(w.receives)
	if err != nil {
		return 0, err
	}
	w.handles = w.handles[:0]
	name := w.q.handleName()
	for {
		_, rest, ok := bytes.Cut(answer, name)
		if !ok {
			return len(w.handles), nil
		}
		rest = bytes.TrimLeft(rest, `: "`)
		end := bytes.IndexAny(rest, `"<`)
		if end < 0 {
			return 0, fmt.Errorf("a receipt handle does not end: %.300s", answer)
		}
		w.handles, answer = append(w.handles, rest[:end]), rest[end:]
	}
}

func (w *sqsWorker) deletion() string {
	if w.cell.batch == 1 {
		return "DeleteMessage"
	}
	return "DeleteMessageBatch"
}

// handleName is what stands before a receipt handle.
func (q *sqsQueue) handleName() []byte {
	if q.protocol == "json" {
		return []byte(`"ReceiptHandle"`)
	}
	return []byte("<ReceiptHandle>")
}

// appendDeletion writes a deletion without maps and reflection, which would cost
// the client as much as the server. Handles are as they came in the same protocol.
func (q *sqsQueue) appendDeletion(b []byte, operation string, handles [][]byte, batch bool) []byte {
	switch {
	case q.protocol != "json" && !batch:
		b = fmt.Appendf(b, "Action=%s&Version=2012-11-05&QueueUrl=%s&ReceiptHandle=", operation, url.QueryEscape(q.url))
		return append(b, url.QueryEscape(string(handles[0]))...)
	case q.protocol != "json":
		b = fmt.Appendf(b, "Action=%s&Version=2012-11-05&QueueUrl=%s", operation, url.QueryEscape(q.url))
		for i, h := range handles {
			b = fmt.Appendf(b, "&%sRequestEntry.%d.Id=m%d&%sRequestEntry.%d.ReceiptHandle=%s", operation, i+1, i, operation, i+1, url.QueryEscape(string(h)))
		}
		return b
	case !batch:
		return fmt.Appendf(b, `{"QueueUrl":"%s","ReceiptHandle":"%s"}`, q.url, handles[0])
	}
	b = fmt.Appendf(b, `{"QueueUrl":"%s","Entries":[`, q.url)
	for i, h := range handles {
		if i > 0 {
			b = append(b, ',')
		}
		b = fmt.Appendf(b, `{"Id":"m%d","ReceiptHandle":"%s"}`, i, h)
	}
	return append(b, "]}"...)
}

func (w *sqsWorker) delete() error {
	w.body = w.q.appendDeletion(w.body[:0], w.deletion(), w.handles, w.cell.batch > 1)
	w.request = w.deletes.Request(w.request, w.body)
	answer, err := w.client.Do(w.request)
	if err == nil && bytes.Contains(answer, []byte("SenderFault")) {
		err = fmt.Errorf("not every message was deleted: %.300s", answer)
	}
	return err
}
