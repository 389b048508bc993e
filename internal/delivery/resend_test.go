package delivery

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/queue"
)

// rejectedIDs returns the message ids of the committed error records, by body.
func (r *rig) rejectedIDs(name string) map[string]errorRecord {
	reg, err := r.m.registration(name)
	require.NoError(r.t, err)
	out := map[string]errorRecord{}
	require.NoError(r.t, r.m.eachErrorRecord(r.t.Context(), reg, func(e *errorRecord) error {
		_, twice := out[e.Body]
		require.False(r.t, twice, e.Body)
		out[e.Body] = *e
		return nil
	}))
	return out
}

func text(s string) *string { return &s }

// TestResendOnce sends rejected events again, corrected and as they were, with a
// crash between the send and its mark.
func TestResendOnce(t *testing.T) {
	for _, fifo := range []bool{false, true} {
		t.Run(fmt.Sprint(fifo), func(t *testing.T) {
			ctx := t.Context()
			r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, ordersConfig())
			if fifo {
				require.NoError(t, r.queue.DeleteQueue(ctx, "order-events"))
				a := queue.DefaultAttributes()
				a.FIFO = true
				require.NoError(t, r.queue.CreateQueue(ctx, "order-events", a))
			}
			send := func(body string) {
				m := queue.Message{Body: body}
				if fifo {
					m.Group = "g"
				}
				_, err := r.queue.Send(ctx, "order-events", []queue.Message{m})
				require.NoError(t, err)
			}
			var crash atomic.Bool
			r.hook = func(_, step string) error {
				if step == "resent" && crash.Load() {
					return errCrash
				}
				return nil
			}
			r.start()
			send(`{"id":"one"}`)
			send(`{"id":"two"}`)
			send("\xff\xfe")
			require.EqualValues(t, 3, r.waitDone().Rejected)
			bad := r.rejectedIDs("orders")
			one := queue.MessageID(bad[`{"id":"one"}`].MessageID)
			two := queue.MessageID(bad[`{"id":"two"}`].MessageID)

			crash.Store(true)
			_, err := r.m.Resend(ctx, "orders", []Pick{{MessageID: one, Body: text(`{"id":1}`)}})
			require.ErrorIs(t, err, errCrash)
			crash.Store(false)
			r.reopen()
			r.start() // finishes it
			s := r.waitDone()
			require.EqualValues(t, 4, s.Sent, "sent once")
			require.EqualValues(t, 1, s.InFiles)
			require.Equal(t, []int64{1}, ids(r.rows()))
			bad = r.rejectedIDs("orders")
			require.NotEmpty(t, bad[`{"id":"one"}`].ResentAt)
			require.NotEmpty(t, bad[`{"id":"one"}`].ResentMessageID)
			require.Empty(t, bad[`{"id":"two"}`].ResentAt)

			sent, err := r.m.Resend(ctx, "orders", []Pick{{MessageID: one}, {MessageID: two}, {MessageID: "none"}})
			require.NoError(t, err)
			require.Len(t, sent, 1, "neither twice nor what is not there")
			require.Equal(t, two, sent[0].MessageID)
			s = r.waitDone()
			require.EqualValues(t, 5, s.Sent)
			require.EqualValues(t, 4, s.Rejected, "as it was, it is rejected again")
			_, err = r.m.Resend(ctx, "no", nil)
			require.ErrorIs(t, err, ErrNotFound)
		})
	}
}

// TestResendGoesToOneDelivery sends what one of two deliveries rejected.
func TestResendGoesToOneDelivery(t *testing.T) {
	ctx := t.Context()
	r := newSharedRig(t, func(*Config) {})
	wide := copiesTable()
	wide.Columns[0].Type = "string" // takes what the other rejects
	require.NoError(t, r.catalog.DropTable(ctx, "shop", "copies", false))
	require.NoError(t, r.catalog.CreateTable(ctx, wide, false))
	r.start()
	r.send(`{"id":"one"}`)
	require.EqualValues(t, 1, r.waitFor("orders", 0).Rejected)
	require.EqualValues(t, 1, r.waitFor("copies", 1).InFiles)
	id := queue.MessageID(r.rejectedIDs("orders")[`{"id":"one"}`].MessageID)
	_, err := r.m.Resend(ctx, "orders", []Pick{{MessageID: id, Body: text(`{"id":1}`)}})
	require.NoError(t, err)
	require.Equal(t, []int64{1}, func() []int64 { r.waitFor("orders", 1); return r.idsOf("orders") }())
	require.Eventually(t, func() bool { return r.stored() == 0 }, 10*time.Second, time.Millisecond)
	s := r.waitFor("copies", 1)
	require.EqualValues(t, 1, s.InFiles, "not to the other")
	require.EqualValues(t, 2, s.Sent)
	require.EqualValues(t, 1, s.Elsewhere)
}

// TestResendIntoAQueueThatIsGone does not keep others from resending.
func TestResendIntoAQueueThatIsGone(t *testing.T) {
	ctx := t.Context()
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, ordersConfig())
	r.start()
	r.send(`{"id":"one"}`)
	require.EqualValues(t, 1, r.waitDone().Rejected)
	_, err := r.m.journal.beginResends(ctx, []resend{{
		Resent:   Resent{MessageID: "a", NewMessageID: "00000000-0000-4000-8000-000000000000"},
		delivery: "earlier", queue: "gone", database: "shop", table: "earlier", body: "{}",
	}})
	require.NoError(t, err)
	id := queue.MessageID(r.rejectedIDs("orders")[`{"id":"one"}`].MessageID)
	sent, err := r.m.Resend(ctx, "orders", []Pick{{MessageID: id, Body: text(`{"id":1}`)}})
	require.NoError(t, err)
	require.Len(t, sent, 1)
	require.EqualValues(t, 1, r.waitDone().InFiles)
	require.NotEmpty(t, r.rejectedIDs("orders")[`{"id":"one"}`].ResentAt)
	open, err := r.m.journal.openResends(ctx)
	require.NoError(t, err)
	require.Len(t, open, 1, "it waits for its queue")
	require.Equal(t, "earlier", open[0].delivery)
	require.Error(t, r.m.finishResends(ctx, "earlier"))
}

func TestVersionsOfErrorObjects(t *testing.T) {
	for key, want := range map[string]string{
		"a.b/x.jsonl.gz": "a.b/x.1.jsonl.gz", "x.1.jsonl.gz": "x.2.jsonl.gz", "x.y.jsonl.gz": "x.y.1.jsonl.gz", "1.2/x.jsonl.gz": "1.2/x.1.jsonl.gz",
	} {
		require.Equal(t, want, nextVersion(key))
	}
}
