package delivery

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/klauspost/compress/gzip"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/objects"
)

// errorRecord is a line in the error location.
type errorRecord struct {
	Reason     string `json:"reason"`
	Position   *int   `json:"position,omitempty"` // byte offset in the body
	MessageID  string `json:"message_id"`
	SentAt     string `json:"sent_at"`               // UTC
	RejectedAt string `json:"rejected_at,omitempty"` // UTC
	Delivery   string `json:"delivery"`
	BatchID    string `json:"batch_id"`
	// Body is the event as it was sent; in base64 where it is not UTF-8.
	Body     string `json:"body"`
	Encoding string `json:"body_encoding,omitempty"` // "base64"
	// Of the event that was sent in its place.
	ResentAt        string `json:"resent_at,omitempty"` // UTC
	ResentMessageID string `json:"resent_message_id,omitempty"`
}

// writeRejected writes the rejected messages of a batch, if there are any, as
// one object of gzipped JSON lines, and returns what to commit.
func (d *delivery) writeRejected(ctx context.Context, l *layout, b *batch) ([]catalog.DataFile, error) {
	if len(b.Plan.rejected) == 0 && !b.repeated {
		return nil, nil
	}
	if len(b.Plan.rejected) == 0 {
		return nil, d.m.objects.Delete(ctx, l.errorBucket, b.Plan.ErrorKey)
	}
	if err := d.step("errors"); err != nil {
		return nil, err
	}
	records := make([]errorRecord, len(b.Plan.rejected))
	for i, r := range b.Plan.rejected {
		records[i] = b.record(l, r)
	}
	f, err := d.m.putErrors(ctx, l.errorBucket, b.Plan.ErrorKey, records)
	return []catalog.DataFile{f}, err
}

func (b *batch) record(l *layout, r rejection) errorRecord {
	m := b.messages[r.index]
	rec := errorRecord{
		Reason: r.reason, MessageID: string(m.id), SentAt: m.sentAt.UTC().Format(time.RFC3339Nano),
		RejectedAt: b.FixedAt.UTC().Format(time.RFC3339Nano),
		Delivery:   l.Delivery, BatchID: b.ID, Body: m.body,
	}
	if r.position >= 0 {
		rec.Position = &r.position
	}
	if !utf8.ValidString(m.body) {
		rec.Body, rec.Encoding = base64.StdEncoding.EncodeToString([]byte(m.body)), "base64"
	}
	return rec
}

// putErrors writes an object of error records.
func (m *Manager) putErrors(ctx context.Context, bucket, key string, records []errorRecord) (catalog.DataFile, error) {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	lines := json.NewEncoder(z)
	lines.SetEscapeHTML(false)
	for _, r := range records {
		if err := lines.Encode(r); err != nil {
			return catalog.DataFile{}, err
		}
	}
	if err := z.Close(); err != nil {
		return catalog.DataFile{}, err
	}
	f := catalog.DataFile{Bucket: bucket, Key: key, Size: int64(out.Len()), Rows: int64(len(records))}
	_, err := m.objects.Put(ctx, bucket, key, bytes.NewReader(out.Bytes()), f.Size, objects.PutOptions{ContentType: "application/gzip"})
	if err != nil {
		return f, fmt.Errorf("error records: %w", err)
	}
	return f, nil
}
