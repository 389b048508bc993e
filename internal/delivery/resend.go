package delivery

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/scopsdb/scops/internal/queue"
)

const (
	// addressee is the system attribute with the one delivery that a message is
	// for; messages without it are for all deliveries of their queue.
	addressee = "ScopsDelivery"
	// resendWindow is how long the queue knows an event that was sent again, so
	// that a crash in between does not send it twice: longer than anyone stays
	// away.
	resendWindow = 10 * 365 * 24 * time.Hour
	// resendGroup is the group of events that are sent again into a FIFO queue.
	resendGroup = "scops-resend"
	// resendChunk is how many are sent at once.
	resendChunk = 500
)

// Pick is a rejected event that shall be sent again.
type Pick struct {
	MessageID queue.MessageID
	Body      *string // nil: as it was
}

// Resent is a rejected event and the one that was sent in its place.
type Resent struct {
	MessageID    queue.MessageID `json:"message_id"`
	NewMessageID queue.MessageID `json:"resent_message_id"`
}

// Resend sends rejected events of a delivery again, into its queue and for it
// alone, each once whatever crashes: one that was sent again before is left out,
// and so is one that is not among the committed error records of its table. It
// returns those that are sent now.
func (m *Manager) Resend(ctx context.Context, name string, picks []Pick) ([]Resent, error) {
	m.resending.Lock()
	defer m.resending.Unlock()
	r, err := m.registration(name)
	if err != nil {
		return nil, err
	}
	wanted := map[queue.MessageID]Pick{}
	for _, p := range picks {
		wanted[p.MessageID] = p
	}
	var begun []resend
	err = m.eachErrorRecord(ctx, r, func(e *errorRecord) error {
		p, ok := wanted[queue.MessageID(e.MessageID)]
		if !ok || e.Delivery != name || e.ResentAt != "" {
			return nil
		}
		body, err := e.event()
		if err != nil {
			return err
		}
		if p.Body != nil {
			body = *p.Body
		}
		begun = append(begun, resend{
			Resent:   Resent{MessageID: p.MessageID, NewMessageID: queue.NewMessageID()},
			delivery: name, queue: r.Queue, database: r.Database, table: r.Table, body: body,
		})
		return nil
	})
	if err != nil {
		return nil, err
	}
	if begun, err = m.journal.beginResends(ctx, begun); err != nil {
		return nil, err
	}
	out := make([]Resent, len(begun))
	for i, b := range begun {
		out[i] = b.Resent
	}
	return out, m.finishResends(ctx, name)
}

func (m *Manager) registration(name string) (Registration, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	for _, r := range m.all {
		if r.Name == name {
			return r, nil
		}
	}
	return Registration{}, notFound(name)
}

// event is the event as it was sent.
func (e *errorRecord) event() (string, error) {
	if e.Encoding != "base64" {
		return e.Body, nil
	}
	raw, err := base64.StdEncoding.DecodeString(e.Body)
	return string(raw), err
}

// finishResends does what is left of the resends that are begun: it sends, then
// marks the error records. Each step may be repeated. What cannot be sent now,
// because its queue is gone, waits; that is an error for this delivery alone.
func (m *Manager) finishResends(ctx context.Context, delivery string) error {
	open, err := m.journal.openResends(ctx)
	if err != nil || len(open) == 0 {
		return err
	}
	var failed error
	for len(open) > 0 {
		n := 1
		for n < min(len(open), resendChunk) && open[n].queue == open[0].queue && open[n].delivery == open[0].delivery {
			n++
		}
		if err := m.sendAgain(ctx, open[:n]); err != nil && open[0].delivery == delivery {
			failed = errors.Join(failed, err)
		} else if err != nil {
			m.log.Warn("rejected events cannot be sent again now", "delivery", open[0].delivery, "queue", open[0].queue, "events", n, "error", err)
		}
		open = open[n:]
	}
	return errors.Join(failed, m.markResends(ctx))
}

// sendAgain sends events of one queue that are not sent yet.
func (m *Manager) sendAgain(ctx context.Context, all []resend) error {
	var messages []queue.Message
	var sent []resend
	for _, r := range all {
		if r.sentAt.IsZero() {
			messages, sent = append(messages, r.message()), append(sent, r)
		}
	}
	if len(sent) == 0 {
		return nil
	}
	info, err := m.queue.Queue(ctx, sent[0].queue)
	if err != nil {
		return err
	}
	if info.Attributes.FIFO {
		for i := range messages {
			messages[i].Group = resendGroup
			messages[i].SystemAttributes["MessageGroupId"] = resendGroup
			messages[i].SystemAttributes["MessageDeduplicationId"] = messages[i].Deduplication.ID
		}
	}
	if _, err := m.queue.Send(ctx, sent[0].queue, messages); err != nil {
		return err
	}
	if m.hook != nil {
		if err := m.hook(sent[0].delivery, "resent"); err != nil {
			return err
		}
	}
	return m.journal.resendsSent(ctx, sent, m.now())
}

func (r *resend) message() queue.Message {
	return queue.Message{
		ID: r.NewMessageID, Body: r.body, SystemAttributes: map[string]string{addressee: r.delivery},
		Deduplication: &queue.Deduplication{ID: addressee + "/" + r.delivery + "/" + string(r.MessageID), Window: resendWindow},
	}
}

// markResends writes into the error records that they were sent again.
func (m *Manager) markResends(ctx context.Context) error {
	open, err := m.journal.openResends(ctx)
	if err != nil {
		return err
	}
	open = slices.DeleteFunc(open, func(r resend) bool { return r.sentAt.IsZero() })
	type target struct{ database, table string }
	byTable := map[target]map[string]resend{}
	for _, r := range open {
		at := target{r.database, r.table}
		if byTable[at] == nil {
			byTable[at] = map[string]resend{}
		}
		byTable[at][r.delivery+"/"+string(r.MessageID)] = r
	}
	for at, marks := range byTable {
		if err := m.markTable(ctx, at.database, at.table, marks); err != nil {
			return err
		}
	}
	return m.journal.resendsMarked(ctx, open)
}

// eachErrorRecord reads the committed error records of a delivery's table.
func (m *Manager) eachErrorRecord(ctx context.Context, r Registration, f func(*errorRecord) error) error {
	files, err := m.catalog.ErrorFiles(ctx, r.Database, r.Table)
	if err != nil {
		return &refusal{fmt.Errorf("delivery %q: %w", r.Name, err)}
	}
	for _, file := range files {
		records, err := m.readErrors(ctx, file.Bucket, file.Key)
		if err != nil {
			return err
		}
		for i := range records {
			if err := f(&records[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// readErrors reads an object of error records.
func (m *Manager) readErrors(ctx context.Context, bucket, key string) (records []errorRecord, err error) {
	body, _, err := m.objects.Get(ctx, bucket, key, 0, -1)
	if err != nil {
		return nil, fmt.Errorf("error records s3://%s/%s: %w", bucket, key, err)
	}
	defer func() { err = errors.Join(err, body.Close()) }()
	if records, err = decodeErrors(body); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("error records s3://%s/%s: %w", bucket, key, err)
	}
	return records, nil
}
