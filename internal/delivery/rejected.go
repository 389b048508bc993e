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

	"github.com/scopsdb/scops/internal/objects"
)

// errorRecord is a line in the error location.
type errorRecord struct {
	Reason    string `json:"reason"`
	MessageID string `json:"message_id"`
	SentAt    string `json:"sent_at"` // UTC
	Delivery  string `json:"delivery"`
	BatchID   string `json:"batch_id"`
	// Body is the event as it was sent; in base64 where it is not UTF-8.
	Body     string `json:"body"`
	Encoding string `json:"body_encoding,omitempty"` // "base64"
}

// writeRejected writes the rejected messages of a batch, if there are any, as
// one object of gzipped JSON lines.
func (d *delivery) writeRejected(ctx context.Context, l *layout, b *batch) error {
	if len(b.Plan.rejected) == 0 && !b.repeated {
		return nil
	}
	if len(b.Plan.rejected) == 0 {
		return d.m.objects.Delete(ctx, l.errorBucket, b.Plan.ErrorKey)
	}
	if err := d.step("errors"); err != nil {
		return err
	}
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	lines := json.NewEncoder(z)
	lines.SetEscapeHTML(false)
	for _, r := range b.Plan.rejected {
		m := b.messages[r.index]
		rec := errorRecord{
			Reason: r.reason, MessageID: string(m.id), SentAt: m.sentAt.UTC().Format(time.RFC3339Nano),
			Delivery: l.Delivery, BatchID: b.ID, Body: m.body,
		}
		if !utf8.ValidString(m.body) {
			rec.Body, rec.Encoding = base64.StdEncoding.EncodeToString([]byte(m.body)), "base64"
		}
		if err := lines.Encode(rec); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	_, err := d.m.objects.Put(ctx, l.errorBucket, b.Plan.ErrorKey, bytes.NewReader(out.Bytes()), int64(out.Len()), objects.PutOptions{ContentType: "application/gzip"})
	if err != nil {
		return fmt.Errorf("error records: %w", err)
	}
	return nil
}
