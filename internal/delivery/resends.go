package delivery

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/queue"
)

// resend is a rejected event on its way back into the queue, as the journal has
// it.
type resend struct {
	Resent
	delivery        string
	queue           queue.Name
	database, table string
	body            string
	sentAt          time.Time
}

// beginResends writes down what shall be sent again, and returns what was not
// begun before.
func (j *journal) beginResends(ctx context.Context, all []resend) (fresh []resend, err error) {
	err = j.change(ctx, func(tx *sql.Tx) error {
		fresh = fresh[:0]
		for _, r := range all {
			res, err := tx.ExecContext(ctx, "INSERT INTO delivery_resends (delivery, message_id, new_message_id, queue, database, table_name, body, sent_at, marked) VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0) ON CONFLICT DO NOTHING",
				r.delivery, string(r.MessageID), string(r.NewMessageID), string(r.queue), r.database, r.table, []byte(r.body))
			if err != nil {
				return err
			}
			n, err := res.RowsAffected()
			if err != nil {
				return err
			}
			if n > 0 {
				fresh = append(fresh, r)
			}
		}
		return nil
	})
	return fresh, err
}

// openResends returns those that are not sent or not marked, by queue.
func (j *journal) openResends(ctx context.Context) (all []resend, err error) {
	rows, err := j.db.Read.QueryContext(ctx, "SELECT delivery, message_id, new_message_id, queue, database, table_name, body, sent_at FROM delivery_resends WHERE marked = 0 ORDER BY queue, delivery, message_id")
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var r resend
		var body []byte
		var sent int64
		if err := rows.Scan(&r.delivery, &r.MessageID, &r.NewMessageID, &r.queue, &r.database, &r.table, &body, &sent); err != nil {
			return nil, fmt.Errorf("journal: %w", err)
		}
		r.body = string(body)
		if sent != 0 {
			r.sentAt = time.UnixMilli(sent)
		}
		all = append(all, r)
	}
	return all, rows.Err()
}

func (j *journal) resendsSent(ctx context.Context, all []resend, at time.Time) error {
	return j.change(ctx, func(tx *sql.Tx) error {
		for _, r := range all {
			_, err := tx.ExecContext(ctx, "UPDATE delivery_resends SET sent_at = ?, body = x'' WHERE delivery = ? AND message_id = ?", at.UnixMilli(), r.delivery, string(r.MessageID))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (j *journal) resendsMarked(ctx context.Context, all []resend) error {
	return j.change(ctx, func(tx *sql.Tx) error {
		for _, r := range all {
			_, err := tx.ExecContext(ctx, "UPDATE delivery_resends SET marked = 1 WHERE delivery = ? AND message_id = ?", r.delivery, string(r.MessageID))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// markTable writes the objects of a table's error records anew that have one of
// the marks, by delivery/message id. A table that is gone has none.
func (m *Manager) markTable(ctx context.Context, database, table string, marks map[string]resend) error {
	files, err := m.catalog.ErrorFiles(ctx, database, table)
	if errors.Is(err, catalog.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, f := range files {
		records, err := m.readErrors(ctx, f.Bucket, f.Key)
		if err != nil {
			return err
		}
		changed := false
		for i := range records {
			e := &records[i]
			r, ok := marks[e.Delivery+"/"+e.MessageID]
			if ok && e.ResentAt == "" {
				e.ResentAt, e.ResentMessageID = r.sentAt.UTC().Format(time.RFC3339Nano), string(r.NewMessageID)
				changed = true
			}
		}
		if !changed {
			continue
		}
		next, err := m.putErrors(ctx, f.Bucket, nextVersion(f.Key), records)
		if err != nil {
			return err
		}
		next.CommittedAt = f.CommittedAt
		if err := m.catalog.ReplaceErrorFile(ctx, database, table, catalog.FileName{Bucket: f.Bucket, Key: f.Key}, next); err != nil {
			return err
		}
	}
	return nil
}

const errorEnding = ".jsonl.gz"

// nextVersion is the key of an object that takes another's place:
// x.jsonl.gz, x.1.jsonl.gz, x.2.jsonl.gz.
func nextVersion(key string) string {
	stem := strings.TrimSuffix(key, errorEnding)
	at := strings.LastIndexByte(stem, '.')
	if at > strings.LastIndexByte(stem, '/') {
		if n, err := strconv.Atoi(stem[at+1:]); err == nil {
			return stem[:at+1] + strconv.Itoa(n+1) + errorEnding
		}
	}
	return stem + ".1" + errorEnding
}

func decodeErrors(r io.Reader) (records []errorRecord, err error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, err
	}
	lines := json.NewDecoder(z)
	for {
		var e errorRecord
		if err := lines.Decode(&e); err != nil {
			return records, err
		}
		records = append(records, e)
	}
}
